package dev.sharedregion.internal.linux;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.platform.linux.Fcntl;
import dev.sharedregion.EventPair;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Faults;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.jvm.Backoff;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A waiting side learns that its peer's place is free, though the peer has not closed the pair. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class LinuxDeathWatchTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int MANY = 1_000;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    private final String name = TestNames.unique();

    private Peer letGo(String how) throws IOException, InterruptedException {
        Peer peer = Peer.start(List.of(Tools.cPeer("letgo").toString(), how, name));
        peer.expect("ready");
        return peer;
    }

    private static int open(Path file) {
        int fd = LibC.open((file + "\0").getBytes(), Fcntl.O_RDWR | Fcntl.O_CLOEXEC, 0);
        assertTrue(fd >= 0, () -> "cannot open " + file);
        return fd;
    }

    private Path file(int number) throws IOException {
        return Files.write(folder.resolve("file" + number), new byte[1]);
    }

    private static void awaitTold(CountDownLatch told) throws InterruptedException {
        assertTrue(told.await(LONG.toSeconds(), TimeUnit.SECONDS), "not told");
    }

    @Test
    void execOfThePeerIsReported() throws Exception {
        try (Peer server = letGo("exec")) {
            int block = open(Path.of("/dev/shm", name + ".pair"));
            CountDownLatch told = new CountDownLatch(1);
            InotifyWatch watch = InotifyWatch.of(block, told::countDown);
            try (EventPair client = EventPair.open(name)) {
                server.send("");
                awaitTold(told);
                assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
                assertTrue(server.isAlive());
            } finally {
                watch.close();
                LibC.close(block);
            }
        }
    }

    /** What this thread and the one that watches have used, so that other tests do not count. */
    private static long processorNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long watching = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(each -> each != null && each.getThreadName().equals("sharedregion-watch"))
                .mapToLong(each -> threads.getThreadCpuTime(each.getThreadId()))
                .sum();
        return threads.getCurrentThreadCpuTime() + watching;
    }

    /** The kernel drops the lock with the last process that has the place's open file. */
    @Test
    void zombieThatHoldsItsPlaceCostsNoProcessorTime() throws Exception {
        try (Peer server = letGo("zombie");
                EventPair client = EventPair.open(name)) {
            server.send("");
            server.expect("ok");
            long used = processorNanos();
            long start = System.nanoTime();
            assertFalse(client.awaitWritten(Duration.ofSeconds(2)), "the place is held");
            long share = 100 * (processorNanos() - used) / (System.nanoTime() - start);
            assertTrue(share < 50, () -> share + " % of a processor");
            server.send("");
            server.expect("ok");
            assertReason(Reason.PEER_DIED, () -> client.awaitWritten(LONG));
        }
    }

    @Test
    void onlyTheWatchOfTheClosedFileIsNotified() throws Exception {
        List<InotifyWatch> watches = new ArrayList<>();
        List<Integer> files = new ArrayList<>();
        List<CountDownLatch> told = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            CountDownLatch mine = new CountDownLatch(1);
            told.add(mine);
            files.add(open(file(i)));
            watches.add(InotifyWatch.of(files.get(i), mine::countDown));
        }
        LibC.close(open(folder.resolve("file" + MANY / 2)));
        awaitTold(told.get(MANY / 2));
        assertEquals(MANY - 1, told.stream().mapToLong(CountDownLatch::getCount).sum());
        for (int i = 0; i < MANY; i++) {
            assertTrue(watches.get(i).isWorking());
            watches.get(i).close();
            assertFalse(watches.get(i).isWorking());
            LibC.close(files.get(i));
        }
        assertEquals(MANY - 1, told.stream().mapToLong(CountDownLatch::getCount).sum(), "told after close");
    }

    @Test
    void failingCallbackDoesNotAffectOtherWatches() throws Exception {
        int first = open(file(1));
        int second = open(file(2));
        AtomicInteger failed = new AtomicInteger();
        CountDownLatch told = new CountDownLatch(1);
        List<InotifyWatch> watches = new ArrayList<>();
        for (Error error :
                List.of(new InternalError("memory has vanished"), new OutOfMemoryError("the heap is full"))) {
            watches.add(InotifyWatch.of(first, () -> {
                failed.incrementAndGet();
                throw error;
            }));
        }
        watches.add(InotifyWatch.of(first, failed::incrementAndGet));
        watches.add(InotifyWatch.of(second, told::countDown));
        LibC.close(open(folder.resolve("file1")));
        LibC.close(open(folder.resolve("file2")));
        awaitTold(told);
        assertEquals(3, failed.get());
        watches.forEach(watch -> assertTrue(watch.isWorking()));
        watches.forEach(InotifyWatch::close);
        LibC.close(first);
        LibC.close(second);
    }

    /** The waits are in a process of their own, as a fault in its memory may end it. */
    @Test
    void truncatedEventDoesNotAffectOtherPairs() throws Exception {
        String second = TestNames.unique();
        try (Peer vanishing = server(name);
                Peer other = server(second);
                Peer waits = Peer.java(TwoWaits.class, name, second)) {
            waits.expect("both are watched");
            for (String suffix : List.of(".written", ".read")) {
                Files.write(Path.of("/dev/shm", name + suffix), new byte[0]);
            }
            vanishing.kill();
            waits.expect("the first wait has ended");
            waits.expect("the thread is there: true");
            other.kill();
            waits.expect("PEER_DIED");
            assertEquals(0, waits.exitStatus(), waits.errors());
        }
    }

    private static Peer server(String name) {
        Peer server = Peer.java(PeerProgram.class);
        server.send("createPair " + name);
        server.expect("ok");
        return server;
    }

    /** Its arguments: two pairs, for whose servers it waits. */
    static final class TwoWaits {
        private static long watches() throws IOException {
            long count = 0;
            try (var open = Files.list(Path.of("/proc/self/fdinfo"))) {
                for (Path each : open.toList()) {
                    try {
                        count += Files.readString(each).lines().filter(line -> line.startsWith("inotify wd:")).count();
                    } catch (IOException e) {
                        // It is closed by now, as the one of the list.
                    }
                }
            }
            return count;
        }

        public static void main(String[] arguments) throws Exception {
            Thread[] waits = new Thread[2];
            String[] ends = new String[2];
            for (int i = 0; i < 2; i++) {
                int number = i;
                EventPair pair = EventPair.open(arguments[i]);
                waits[i] = new Thread(() -> {
                    try {
                        pair.awaitWritten();
                    } catch (SharedMemoryException e) {
                        ends[number] = e.reason().toString();
                    } catch (Throwable e) {
                        ends[number] = e.toString();
                    }
                });
                waits[i].setDaemon(true);
                waits[i].start();
            }
            while (watches() < 2) {
                Backoff.park(TimeUnit.MICROSECONDS.toNanos(50));
            }
            System.out.println("both are watched");
            waits[0].join();
            System.out.println("the first wait has ended");
            System.out.println("the thread is there: " + Failing.isThere());
            waits[1].join();
            System.out.println(ends[1]);
            System.exit(0);
        }
    }

    /** In a process of its own, as it makes the system's calls fail. */
    @Test
    void watchThreadThatFailsIsReplaced() throws Exception {
        try (Peer process = Peer.java(Failing.class, Tools.cLibrary("libfaults").toString(), file(0).toString())) {
            process.expect("the thread has ended");
            process.expect("another one tells");
            process.expect("it has ended, and nothing is open");
            assertEquals(0, process.exitStatus(), process.errors());
            assertEquals("", process.errors());
        }
    }

    /** Its arguments: the library of {@code faults.h}, and a file. */
    static final class Failing {
        private static final int EINVAL = 22;

        private static boolean isThere() {
            return Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("sharedregion-watch"));
        }

        private static boolean isOpen() throws IOException {
            try (var open = Files.list(Path.of("/proc/self/fd"))) {
                return open.anyMatch(each -> {
                    try {
                        return Files.readSymbolicLink(each).toString().contains("inotify");
                    } catch (IOException e) {
                        return false;
                    }
                });
            }
        }

        public static void main(String[] arguments) throws Exception {
            Faults faults = new Faults(Path.of(arguments[0]));
            Path file = Path.of(arguments[1]);
            int fd = open(file);
            AtomicInteger told = new AtomicInteger();
            InotifyWatch watch = InotifyWatch.of(fd, told::incrementAndGet);
            assertNotNull(watch);
            faults.armEverywhere("read", EINVAL, 1);
            // The thread reports this close if it is in a read already. The read after that fails, or its first one.
            LibC.close(open(file));
            while (watch.isWorking() || told.get() == 0 || isThere()) {
                Backoff.park(50_000);
            }
            int toldBefore = told.get();
            System.out.println("the thread has ended");
            CountDownLatch toldAgain = new CountDownLatch(1);
            InotifyWatch next = InotifyWatch.of(fd, toldAgain::countDown);
            LibC.close(open(file));
            toldAgain.await();
            assertEquals(toldBefore, told.get());
            System.out.println("another one tells");
            watch.close();
            next.close();
            while (isThere() || isOpen()) {
                Backoff.park(50_000);
            }
            System.out.println("it has ended, and nothing is open");
        }
    }

    /** The other user has reached its limit of threads. Root has no limit. */
    @Test
    void waitPollsThePeerIfNoThreadCanBeStarted() throws Exception {
        try (EventPair server = EventPair.create(name, PairOptions.defaults().permissions(Permissions.everyone()));
                Peer client = OtherUser.start(folder)) {
            client.send("openPair " + name);
            client.expect("ok");
            List<String> limit = List.of(
                    Tools.find("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups",
                    Tools.find("prlimit"), "--pid", "" + client.pid(), "--nproc=1:1");
            assertEquals(0, new ProcessBuilder(limit).start().waitFor());
            for (int wait = 0; wait < 2; wait++) {
                client.send("awaitWritten PT0.5S");
                assertEquals("false", lineOf(client));
            }
            assertFalse(
                    new String(new ProcessBuilder("ls", "-l", "/proc/" + client.pid() + "/fd")
                                    .start()
                                    .getInputStream()
                                    .readAllBytes())
                            .contains("anon_inode:inotify"),
                    "a descriptor has leaked");
            server.signalWritten();
            client.send("awaitWritten PT2M");
            assertEquals("true", lineOf(client));
            client.send("signalRead");
            assertEquals("ok", lineOf(client));
            assertTrue(server.awaitRead(LONG));
        }
    }

    /** The program's output, without the JVM's warnings about threads that it cannot start. */
    private static String lineOf(Peer peer) {
        String line = peer.nextLine();
        while (line != null && line.startsWith("[")) {
            line = peer.nextLine();
        }
        return line;
    }
}
