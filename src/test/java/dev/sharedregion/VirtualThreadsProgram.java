package dev.sharedregion;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Faults;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.VirtualThread;
import dev.sharedregion.helpers.WaiterThreadCount;
import dev.sharedregion.internal.linux.FutexEventLayout;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The process of {@link VirtualThreadsTest}: does what its first argument says, and writes {@code done}. The second one
 * is a name. With the library of {@code faults.h} as the third the kernel has no vectors of futexes.
 */
final class VirtualThreadsProgram {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final PairOptions PARKING = PairOptions.defaults().spin(Duration.ZERO);
    private static final int MANY = 1_000;

    private static final int ENOSYS = 38;

    private final String name;

    /** How many waits a waiter thread has, at least, before the next one is started. */
    private final int waitsPerThread;

    private VirtualThreadsProgram(String name, boolean vectors) {
        this.name = name;
        this.waitsPerThread = !vectors ? 1 : Platform.isWindows() ? 63 : 100;
    }

    public static void main(String[] arguments) throws Exception {
        boolean vectors = arguments.length < 3 || arguments[0].equals("setByC");
        if (!vectors) {
            new Faults(Path.of(arguments[2])).armEverywhere("futex_waitv", ENOSYS, 1);
        }
        VirtualThreadsProgram program = new VirtualThreadsProgram(arguments[1], vectors);
        switch (arguments[0]) {
            case "turns" -> program.turns(PARKING);
            case "turnsWithSpinning" -> program.turns(PairOptions.defaults().spin(Duration.ofSeconds(10)));
            case "release" -> program.release();
            case "probe" -> program.probe();
            case "interrupt" -> program.interrupt();
            case "timeout" -> program.timeout();
            case "close" -> program.close();
            case "any" -> program.any();
            case "death" -> program.death();
            case "setByC" -> program.setByC(arguments[2]);
            case "overwritten" -> program.overwritten();
            case "vanished" -> program.vanished();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("done");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void checkFewWaiterThreads(int waits) {
        long threads = WaiterThreadCount.now();
        check(threads <= 1 + waits / waitsPerThread, threads + " waiter threads for " + waits + " waits");
    }

    /** Four threads on two carriers. A spin that is as long as the option says would hold a carrier for that long. */
    private void turns(PairOptions options) throws Exception {
        int turns = Sizes.of("sharedregion.virtualTurns", 2_000, 100_000);
        List<VirtualThread<Void>> sides = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            EventPair server = EventPair.create(name + "-" + i, options);
            EventPair client = EventPair.open(name + "-" + i, options);
            sides.add(VirtualThread.start(() -> {
                for (int turn = 0; turn < turns; turn++) {
                    server.write(() -> {});
                }
                server.awaitRead();
                server.close();
                return null;
            }));
            sides.add(VirtualThread.start(() -> {
                for (int turn = 0; turn < turns; turn++) {
                    client.read(() -> {});
                }
                client.close();
                return null;
            }));
        }
        for (VirtualThread<Void> side : sides) {
            side.get();
        }
        checkFewWaiterThreads(sides.size());
    }

    private List<NamedEvent> createMany(int count) {
        List<NamedEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(NamedEvent.create(name + "-" + i));
        }
        return events;
    }

    private static List<VirtualThread<Boolean>> awaitEach(List<NamedEvent> events) throws InterruptedException {
        List<VirtualThread<Boolean>> waits = new ArrayList<>();
        for (NamedEvent event : events) {
            waits.add(VirtualThread.start(() -> event.await(LONG)));
        }
        for (VirtualThread<Boolean> wait : waits) {
            wait.parked();
        }
        return waits;
    }

    private void release() throws Exception {
        List<NamedEvent> events = createMany(MANY);
        List<VirtualThread<Boolean>> waits = awaitEach(events);
        check(WaiterThreadCount.now() > MANY / 4 / waitsPerThread, "there are too few waiter threads for that kernel");
        checkFewWaiterThreads(MANY);
        VirtualThread.start(() -> {
            events.forEach(NamedEvent::set);
            return null;
        }).get();
        for (VirtualThread<Boolean> wait : waits) {
            check(wait.get(), "a wait was not released");
        }
        checkFewWaiterThreads(MANY);
        events.forEach(NamedEvent::close);
    }

    /** Beside many waits, a virtual thread runs at once. */
    private void probe() throws Exception {
        List<NamedEvent> events = createMany(64);
        List<VirtualThread<Boolean>> waits = awaitEach(events);
        long[] delays = new long[20];
        for (int i = 0; i < delays.length; i++) {
            long start = System.nanoTime();
            delays[i] = VirtualThread.start(() -> System.nanoTime() - start).get();
            Thread.sleep(5);
        }
        Arrays.sort(delays);
        System.out.println("measured: a virtual thread beside 64 waits starts after " + delays[10] / 1_000
                + " us (median of 20), at most " + delays[19] / 1_000 + " us");
        events.forEach(NamedEvent::set);
        for (VirtualThread<Boolean> wait : waits) {
            check(wait.get(), "a wait was not released");
        }
        events.forEach(NamedEvent::close);
    }

    private static Throwable failure(VirtualThread<?> wait) throws Exception {
        try {
            throw new AssertionError("no failure but " + wait.get());
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private void interrupt() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            VirtualThread<Boolean> other = VirtualThread.start(() -> event.await(LONG));
            for (int round = 0; round < 1_000; round++) {
                VirtualThread<Boolean> wait = VirtualThread.start(() -> event.await(LONG));
                if (round % 2 == 0) {
                    wait.parked();
                }
                wait.interrupt();
                check(failure(wait) instanceof InterruptedException, "no InterruptedException");
            }
            check(!other.isDone(), "an interrupt is for one thread");
            event.set();
            check(other.get(), "the signal was lost");
            check(!event.await(Duration.ZERO), "the signal came twice");
        }
    }

    private void timeout() throws Exception {
        try (NamedEvent event = NamedEvent.create(name)) {
            for (long nanos : new long[] {1, 1_000_000, 60_000_001}) {
                VirtualThread.start(() -> {
                    long start = System.nanoTime();
                    check(!event.await(Duration.ofNanos(nanos)), "it was not set");
                    check(System.nanoTime() - start >= nanos, "it gave up before its time");
                    return null;
                }).get();
            }
            // Sets that fall at the end of a wait: each is taken, or still there.
            for (int round = 0; round < 500; round++) {
                VirtualThread<Boolean> wait = VirtualThread.start(() -> event.await(Duration.ofMillis(1)));
                Thread.sleep(1);
                event.set();
                check(wait.get() != event.await(Duration.ZERO), "the signal was lost or came twice");
            }
        }
    }

    private void close() throws Exception {
        for (int round = 0; round < 200; round++) {
            NamedEvent event = NamedEvent.create(name);
            VirtualThread<Boolean> wait = VirtualThread.start(() -> event.await(LONG));
            VirtualThread<Integer> any = VirtualThread.start(() -> NamedEvent.awaitAny(LONG, event));
            if (round % 2 == 0) {
                wait.parked();
                any.parked();
            }
            VirtualThread.start(() -> {
                event.close();
                return null;
            }).get();
            check(failure(wait) instanceof IllegalStateException, "no IllegalStateException");
            check(failure(any) instanceof IllegalStateException, "no IllegalStateException");
        }
    }

    private void any() throws Exception {
        List<NamedEvent> events = createMany(MANY);
        NamedEvent[] all = events.toArray(NamedEvent[]::new);
        List<VirtualThread<Integer>> waits = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waits.add(VirtualThread.start(() -> NamedEvent.awaitAny(LONG, all)).parked());
        }
        checkFewWaiterThreads(3 * MANY);
        for (int i : new int[] {1, 500, 999}) {
            all[i].set();
        }
        int sum = 0;
        for (VirtualThread<Integer> wait : waits) {
            sum += wait.get();
        }
        check(sum == 1_500, "the events were not returned once each");
        check(NamedEvent.awaitAny(Duration.ZERO, all) == -1, "a signal came twice");
        events.forEach(NamedEvent::close);
    }

    private void death() throws Exception {
        try (EventPair server = EventPair.create(name, PARKING);
                Peer client = Peer.java(PeerProgram.class)) {
            client.send("openPair " + name);
            client.expect("ok");
            check(server.awaitPeer(LONG), "no client came");
            server.signalWritten();
            VirtualThread<Boolean> wait = VirtualThread.start(() -> server.awaitRead(LONG));
            Thread.sleep(500);
            check(!wait.isDone(), "the wait ended before the peer");
            client.kill();
            check(failure(wait) instanceof SharedMemoryException e && e.reason() == Reason.PEER_DIED, "not PEER_DIED");
        }
    }

    private void setByC(String program) throws Exception {
        List<NamedEvent> events = createMany(200);
        try (Peer setter = Peer.start(List.of(program))) {
            List<VirtualThread<Boolean>> waits = awaitEach(events);
            for (int i = 0; i < waits.size(); i++) {
                setter.send(events.get(i).name());
                setter.expect("set");
                check(waits.get(i).get(), "a wait was not released");
            }
        }
        events.forEach(NamedEvent::close);
    }

    /** Any program that may open an event may write to it. */
    private void overwritten() throws Exception {
        NamedEvent event = NamedEvent.create(name);
        AtomicBoolean over = new AtomicBoolean();
        try (FileChannel file = FileChannel.open(
                Path.of("/dev/shm", name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = file.map(FileChannel.MapMode.READ_WRITE, 0, FutexEventLayout.SIZE);
            Thread writer = new Thread(() -> overwrite(memory, over));
            writer.start();
            for (int round = 0; round < 1_000; round++) {
                VirtualThread<Boolean> one = VirtualThread.start(() -> event.await(Duration.ofMillis(1)));
                VirtualThread<Integer> any =
                        VirtualThread.start(() -> NamedEvent.awaitAny(Duration.ofMillis(1), event));
                one.get();
                any.get();
            }
            over.set(true);
            writer.join();
        }
        event.close();
        try (NamedEvent next = NamedEvent.create(name)) {
            VirtualThread<Boolean> wait = VirtualThread.start(() -> next.await(LONG)).parked();
            next.set();
            check(wait.get(), "the waiter threads do not work any more");
        }
    }

    private static void overwrite(ByteBuffer memory, AtomicBoolean over) {
        Random random = new Random(1);
        while (!over.get()) {
            int place = random.nextBoolean() ? FutexEventLayout.STATE : FutexEventLayout.RELEASES;
            memory.putInt(place, random.nextBoolean() ? random.nextInt() : random.nextInt(4));
        }
    }

    private void vanished() throws Exception {
        NamedEvent healthy = NamedEvent.create(name + "-healthy");
        VirtualThread<Boolean> other = VirtualThread.start(() -> healthy.await(LONG)).parked();
        // Each takes the 2 seconds after which a waiter thread looks by itself.
        for (int round = 0; round < (Sizes.EXHAUSTIVE ? 20 : 1); round++) {
            vanishes(NamedEvent.create(name + "-" + round), round % 2 == 0);
            check(!other.isDone(), "another wait has ended");
        }
        healthy.set();
        check(other.get(), "another wait was lost");
        healthy.close();
    }

    private static void vanishes(NamedEvent event, boolean duringWaits) throws Exception {
        NamedEvent quiet = NamedEvent.create(event.name() + "-quiet");
        VirtualThread<Boolean> wait = VirtualThread.start(() -> event.await(LONG));
        VirtualThread<Integer> any = VirtualThread.start(() -> NamedEvent.awaitAny(LONG, event, quiet));
        if (duringWaits) {
            wait.parked();
            any.parked();
        }
        try (FileChannel file = FileChannel.open(Path.of("/dev/shm", event.name()), StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
        check(failure(wait) instanceof InternalError, "no InternalError");
        check(failure(any) instanceof InternalError, "no InternalError");
        event.close();
        quiet.close();
    }
}
