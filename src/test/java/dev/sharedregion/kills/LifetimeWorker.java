package dev.sharedregion.kills;

import com.sun.jna.Platform;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * One of many processes that use objects of the same few names at once and are killed at any moment. It is {@code
 * lifetime_posix.c} in Java, with the same arguments, names and notices. An object that it opens must be complete, and
 * must remain the only object of its name as long as this process holds it.
 */
final class LifetimeWorker {
    static final List<String> REGIONS = List.of(".r0", ".r1");
    static final List<String> EVENTS = List.of(".e0", ".e1");
    static final List<String> PAIRS = List.of(".p0", ".p1");

    private static final int SIZE = 4096;

    /** The process that created the region. */
    private static final int CREATOR = 0;

    /** The first user of the region. All bytes after this stay zero. */
    private static final int TOKEN = 8;

    /** ENOENT and ERROR_FILE_NOT_FOUND alike. Without a code, something was found that was not whole. */
    private static final int NO_SUCH_FILE = 2;

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static volatile boolean ending;

    private final String prefix;
    private final Random random;
    private final long me = ProcessHandle.current().pid();
    private int created;
    private int opened;
    private int refused;

    private LifetimeWorker(String prefix, long seed) {
        this.prefix = prefix;
        this.random = new Random(seed);
    }

    /** {@code NAME SEED}. */
    public static void main(String[] arguments) throws Exception {
        LifetimeWorker worker = new LifetimeWorker(arguments[0], Long.parseLong(arguments[1]));
        Thread input = new Thread(LifetimeWorker::awaitEnd);
        input.setDaemon(true);
        input.start();
        System.out.println("ready");
        try {
            boolean busy = false;
            while (!ending) {
                worker.useSomething();
                if (!busy && worker.created > 0 && worker.opened > 0 && worker.refused > 0) {
                    busy = true;
                    System.out.println("busy");
                }
            }
        } catch (IllegalStateException e) {
            System.out.println("WRONG: " + e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause()));
            // Without an orderly exit, so that the objects remain and can be examined.
            Runtime.getRuntime().halt(1);
        }
        System.out.println("done " + worker.created + " " + worker.opened + " " + worker.refused);
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        } catch (IOException e) {
            // That is an end, too.
        }
        ending = true;
    }

    private void useSomething() throws Exception {
        switch (random.nextInt(3)) {
            case 0 -> useRegion(oneOf(REGIONS));
            case 1 -> useEvent(oneOf(EVENTS));
            default -> usePair(oneOf(PAIRS));
        }
    }

    private String oneOf(List<String> suffixes) {
        return prefix + suffixes.get(random.nextInt(suffixes.size()));
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private void linger() {
        if (chance(2)) {
            return;
        }
        long nanos = random.nextInt(chance(8) ? 2_000_000 : 50_000);
        if (chance(2)) {
            LockSupport.parkNanos(nanos);
            return;
        }
        for (long until = System.nanoTime() + nanos; System.nanoTime() - until < 0; ) {
            Thread.onSpinWait();
        }
    }

    private void count(boolean creates) {
        if (creates) {
            created++;
        } else {
            opened++;
        }
    }

    private static void require(boolean good, String what, String name) {
        if (!good) {
            throw new IllegalStateException(what + " of " + name);
        }
    }

    /** The object, or null if it was refused for one of these reasons. */
    private <T> T get(String name, Set<Reason> allowed, Callable<T> call) throws Exception {
        try {
            return call.call();
        } catch (SharedMemoryException e) {
            if (!allowed.contains(e.reason())) {
                throw new IllegalStateException("unexpected reason " + e.reason() + " of " + name, e);
            }
            if (e.reason() == Reason.NOT_FOUND && e.errorCode() != NO_SUCH_FILE) {
                throw new IllegalStateException("unexpected code of " + name, e);
            }
            refused++;
            return null;
        }
    }

    /** An object that this process holds must exist. */
    private static <T> T again(String name, Callable<T> call) throws Exception {
        try {
            return call.call();
        } catch (SharedMemoryException e) {
            throw new IllegalStateException("held, and not opened: " + name, e);
        }
    }

    private static void mustBeRefused(String name, Reason reason, Callable<? extends AutoCloseable> call)
            throws Exception {
        try {
            call.call();
            throw new IllegalStateException("held, and had again: " + name);
        } catch (SharedMemoryException e) {
            if (e.reason() != reason) {
                throw new IllegalStateException("held, and refused for another reason: " + name, e);
            }
        }
    }

    /** Linux: the names must lead to what is held here, and nothing else must be. Both tell by the inodes. */
    private static void checkNames(String... names) throws IOException {
        if (!Platform.isLinux()) {
            return;
        }
        Set<String> there = new TreeSet<>();
        for (String name : names) {
            try {
                there.add(Files.getAttribute(Path.of("/dev/shm", name), "unix:ino").toString());
            } catch (NoSuchFileException e) {
                throw new IllegalStateException("held, and the name is gone: " + name, e);
            }
        }
        Set<String> held = new TreeSet<>();
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            mappings.filter(each -> each.contains("/dev/shm/")).forEach(each -> held.add(each.split(" +")[4]));
        }
        require(held.equals(there), "held are " + held + ", there are " + there, String.join(", ", names));
    }

    private static ByteBuffer checkedMemory(SharedRegion region) {
        ByteBuffer memory = region.buffer();
        require(region.size() == SIZE, "size " + region.size(), region.name());
        for (int at = TOKEN + Long.BYTES; at < SIZE; at += Long.BYTES) {
            require(memory.getLong(at) == 0, "a word that is not zero", region.name());
        }
        return memory;
    }

    private void useRegion(String name) throws Exception {
        SharedRegion held = switch (random.nextInt(3)) {
            case 0 -> get(name, EnumSet.of(Reason.ALREADY_EXISTS), () -> SharedRegion.create(name, SIZE));
            case 1 -> get(name, EnumSet.of(Reason.NOT_FOUND), () -> SharedRegion.open(name));
            default -> get(name, EnumSet.noneOf(Reason.class), () -> SharedRegion.openOrCreate(name, SIZE));
        };
        if (held == null) {
            return;
        }
        try (SharedRegion region = held) {
            ByteBuffer memory = checkedMemory(region);
            count(region.created());
            if (region.created()) {
                require(WORD.compareAndSet(memory, CREATOR, 0L, me), "created, and not new", name);
            }
            WORD.compareAndSet(memory, TOKEN, 0L, me);
            long token = (long) WORD.getVolatile(memory, TOKEN);
            while (chance(2)) {
                linger();
                getRegionAgain(name, token);
            }
            linger();
            checkNames(name);
            require((long) WORD.getVolatile(memory, TOKEN) == token, "another token in the same region", name);
        }
    }

    private void getRegionAgain(String name, long token) throws Exception {
        if (chance(4)) {
            mustBeRefused(name, Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, SIZE));
            return;
        }
        boolean opens = chance(2);
        try (SharedRegion region = again(name, () -> opens
                ? SharedRegion.open(name, RegionOptions.readOnly())
                : SharedRegion.openOrCreate(name, SIZE))) {
            require(!region.created(), "held, and created", name);
            require((long) WORD.getVolatile(checkedMemory(region), TOKEN) == token, "held, and another opened", name);
            checkNames(name);
        }
    }

    private void useEvent(String name) throws Exception {
        EventOptions options = chance(2) ? EventOptions.autoReset() : EventOptions.manualReset();
        boolean creates = chance(2);
        NamedEvent held = creates
                ? get(name, EnumSet.of(Reason.ALREADY_EXISTS), () -> NamedEvent.create(name, options))
                : get(name, EnumSet.of(Reason.NOT_FOUND), () -> NamedEvent.open(name));
        if (held == null) {
            return;
        }
        count(creates);
        try (NamedEvent event = held) {
            while (chance(2)) {
                linger();
                openEventAgain(name);
                checkNames(name);
                mustBeRefused(name, Reason.ALREADY_EXISTS, () -> NamedEvent.create(name));
                event.await(Duration.ofNanos(random.nextInt(1_000)));
            }
            linger();
            checkNames(name);
        }
    }

    private static void openEventAgain(String name) throws Exception {
        try (NamedEvent event = again(name, () -> NamedEvent.open(name))) {
            if (Platform.isLinux()) {
                byte[] content = Files.readAllBytes(Path.of("/dev/shm", name));
                require(content.length == 64, "size " + content.length, name);
                String magic = new String(content, 0, 8, StandardCharsets.US_ASCII);
                require(magic.equals("SREvent\n"), "magic " + magic, name);
            }
            event.set();
        }
    }

    private void usePair(String name) throws Exception {
        boolean server = chance(2);
        EventPair held = server
                ? get(name, EnumSet.of(Reason.ALREADY_EXISTS), () -> EventPair.create(name))
                : get(name, EnumSet.of(Reason.NOT_FOUND, Reason.IN_USE), () -> EventPair.open(name));
        if (held == null) {
            return;
        }
        count(server);
        try (EventPair pair = held) {
            while (chance(2)) {
                takeTurns(pair, server);
                linger();
                openEventAgain(name + ".written");
                openEventAgain(name + ".read");
                again(name, () -> SharedRegion.open(name + ".pair")).close();
                if (server) {
                    mustBeRefused(name, Reason.ALREADY_EXISTS, () -> EventPair.create(name));
                } else {
                    mustBeRefused(name, Reason.IN_USE, () -> EventPair.open(name));
                }
            }
            checkNames(name + ".written", name + ".read", name + ".pair");
        }
    }

    private void takeTurns(EventPair pair, boolean server) throws InterruptedException {
        Duration timeout = Duration.ofNanos(random.nextInt(200_000));
        try {
            if (!pair.hasTurn()) {
                boolean inTime = server ? pair.awaitRead(timeout) : pair.awaitWritten(timeout);
                require(inTime == pair.hasTurn(), "the turn", pair.name());
            } else if (server) {
                pair.signalWritten();
            } else {
                pair.signalRead();
            }
        } catch (SharedMemoryException e) {
            require(e.isPeerGone(), e.toString(), pair.name());
        }
    }
}
