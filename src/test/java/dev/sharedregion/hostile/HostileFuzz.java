package dev.sharedregion.hostile;

import static dev.sharedregion.internal.pair.PairBlockLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.pair.PairBlockLayout.READING_PLACE;
import static dev.sharedregion.internal.pair.PairBlockLayout.STATE;
import static dev.sharedregion.internal.pair.PairBlockLayout.STATE_BITS;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_COUNT;
import static dev.sharedregion.internal.pair.PairBlockLayout.VERSION_VALUE;
import static dev.sharedregion.internal.pair.PairBlockLayout.WRITING_PLACE;

import com.sun.jna.Platform;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.internal.linux.FutexEventLayout;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.pair.PairBlockLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Pairs and, on Linux, events whose users make all calls while their memory is overwritten: at random moments and all
 * the time, with random content, with valid content, and with earlier content. Arguments: the part, a name, a seed,
 * the number of calls.
 */
final class HostileFuzz {
    private static final int GROUPS = 4;
    private static final int USED = 512;
    private static final int[] SIZES = {1, 64, 4095, 4096, 4096, 4097, 8192, 1 << 20};

    /** No process, ids that others have, and ids that nobody has. */
    private static final int[] PIDS = {0, 1, 2, 4, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x3ffffff, OwnerSlot.pid()
    };

    private final HostileCalls calls;
    private final String name;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();

    private HostileFuzz(String name, long seed, long calls) {
        this.calls = new HostileCalls(seed, calls);
        this.name = name;
        this.seed = seed;
    }

    public static void main(String[] arguments) throws InterruptedException {
        HostileFuzz fuzz =
                new HostileFuzz(arguments[1], Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
        for (int i = 0; i < GROUPS; i++) {
            if (arguments[0].equals("pairs")) {
                fuzz.new PairGroup(fuzz.name + i).start();
            } else {
                fuzz.new EventGroup(fuzz.name + i, i % 2 == 0).start();
            }
        }
        for (Thread thread : fuzz.threads) {
            thread.join();
        }
        System.out.println(fuzz.calls.outcomes());
        System.out.println("done");
    }

    /** A bit of a thread's work. */
    private interface Work {
        void step(Random random) throws Exception;
    }

    private void start(String what, Work work, Work end) {
        Random random = new Random(seed + threads.size());
        Thread thread = new Thread(() -> {
            try {
                while (calls.areLeft()) {
                    work.step(random);
                    Thread.interrupted();
                }
                end.step(random);
            } catch (Exception | Error e) {
                calls.fail(what, e);
            }
        }, what);
        threads.add(thread);
        thread.start();
    }

    private static Duration time(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> Duration.ofMillis(random.nextInt(20));
            case 1, 2 -> Duration.ofNanos(random.nextInt(1_000_000));
            default -> Duration.ZERO;
        };
    }

    private static void pause(Random random) {
        if (random.nextInt(3) != 0) {
            LockSupport.parkNanos(random.nextInt(1_000_000));
        }
    }

    /** Writes to the 64 bytes of an event, if it is there. */
    private static void overwriteEvent(String name, Random random) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FutexEventLayout.SIZE).order(ByteOrder.nativeOrder());
        try (FileChannel file = FileChannel.open(
                Path.of("/dev/shm", name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int i = random.nextInt(30); i >= 0; i--) {
                random.nextBytes(bytes.array());
                int kind = random.nextInt(8);
                int at = kind == 0 ? random.nextInt(FutexEventLayout.SIZE) : FutexEventLayout.STATE + 4 * (kind % 2);
                if (kind > 4) {
                    bytes.putInt(at, random.nextInt(9) - 4);
                }
                file.write(bytes.limit(kind == 0 ? FutexEventLayout.SIZE : at + 4).position(at), at);
                bytes.clear();
                pause(random);
            }
            if (random.nextInt(4) != 0) {
                bytes.put(FutexEventLayout.MAGIC_VALUE).putInt(FutexEventLayout.VERSION_VALUE);
                file.write(bytes.limit(FutexEventLayout.FLAGS).position(0), 0);
            }
        } catch (java.nio.file.NoSuchFileException e) {
            pause(random);
        }
    }

    /** A pair: its two sides, a thread that disturbs them, and one that writes over it. */
    private final class PairGroup {
        private final String name;
        private volatile EventPair server;
        private volatile EventPair client;
        private Thread[] users;
        private SharedRegion region;
        private final byte[][] before = new byte[16][USED];

        PairGroup(String name) {
            this.name = name;
        }

        void start() {
            start("server", this::serve, random -> close(server));
            start("client", this::receive, random -> close(client));
            users = threads.subList(threads.size() - 2, threads.size()).toArray(Thread[]::new);
            start("disturber", random -> disturb(random, users[random.nextInt(2)]), random -> { });
            start("overwriter", this::overwrite, random -> closeRegion());
        }

        private void start(String what, Work work, Work end) {
            HostileFuzz.this.start(what + " of " + name, work, end);
        }

        private void close(EventPair pair) {
            if (pair != null) {
                calls.call("close", HostileCalls.NONE, () -> {
                    pair.close();
                    return null;
                });
            }
        }

        private PairOptions options(Random random) {
            PairOptions options = PairOptions.defaults();
            return random.nextBoolean() ? options : options.spin(Duration.ofNanos(random.nextInt(100_000)));
        }

        private void serve(Random random) {
            EventPair pair = server;
            if (pair == null) {
                PairOptions options = options(random);
                server = (EventPair) calls.call(
                        "create",
                        HostileCalls.CREATE,
                        () -> EventPair.create(name, random.nextBoolean() ? options : options.existingEvents()));
                pauseUnless(server, random);
            } else if (!use(random, pair, pair::signalWritten, pair::awaitRead, pair::write)) {
                close(pair);
                server = null;
            }
        }

        private void receive(Random random) {
            EventPair pair = client;
            if (pair == null) {
                client = (EventPair) calls.call(
                        "open", HostileCalls.OPEN, () -> EventPair.open(name, time(random), options(random)));
                pauseUnless(client, random);
            } else if (!use(random, pair, pair::signalRead, pair::awaitWritten, pair::read)) {
                close(pair);
                client = null;
            }
        }

        /** If the pair cannot be opened, the next round tries again. */
        private void pauseUnless(EventPair in, Random random) {
            if (in == null) {
                pause(random);
            }
        }

        private interface Await {
            boolean await(Duration time) throws InterruptedException;
        }

        private interface Act {
            boolean act(EventPair.Action<RuntimeException> action, Duration time) throws InterruptedException;
        }

        /** One call of a side; false instead of one if it is to be closed. */
        private boolean use(Random random, EventPair pair, Runnable signal, Await await, Act act) {
            int which = random.nextInt(60);
            if (which == 0) {
                return false;
            }
            Duration time = time(random);
            if (which < 4) {
                calls.call("awaitPeer", HostileCalls.SIGNAL, () -> pair.awaitPeer(time));
            } else if (which < 16) {
                calls.call("act", HostileCalls.AWAIT, () -> act.act(() -> { }, time));
            } else if (which < 20) {
                calls.call("toString", HostileCalls.NONE, () -> pair.toString() + pair.name());
            } else if (which % 4 == 0 || which % 4 < 3 && !Boolean.TRUE.equals(hasTurn(pair))) {
                calls.call("await", HostileCalls.AWAIT, () -> await.await(time));
            } else {
                calls.call("signal", HostileCalls.SIGNAL, () -> {
                    signal.run();
                    return null;
                });
            }
            return true;
        }

        private Object hasTurn(EventPair pair) {
            return calls.call("hasTurn", HostileCalls.SIGNAL, pair::hasTurn);
        }

        /**
         * A call of the wrong side, one out of turn, a close or an interrupt, while the side's own thread does
         * something.
         */
        private void disturb(Random random, Thread victim) {
            LockSupport.parkNanos(random.nextInt(2_000_000));
            EventPair pair = random.nextBoolean() ? server : client;
            if (pair == null) {
                return;
            }
            switch (random.nextInt(20)) {
                case 0 -> close(pair);
                case 1, 2 -> victim.interrupt();
                case 3, 4, 5 -> hasTurn(pair);
                case 6, 7, 8 -> calls.call("awaitPeer", HostileCalls.SIGNAL, () -> pair.awaitPeer(time(random)));
                case 9, 10, 11 -> calls.call("await", HostileCalls.AWAIT, () -> pair.awaitWritten(time(random)));
                case 12, 13, 14 -> calls.call("await", HostileCalls.AWAIT, () -> pair.awaitRead(time(random)));
                default -> calls.call("act", HostileCalls.AWAIT, () -> pair.read(() -> { }, time(random)));
            }
        }

        private void closeRegion() {
            if (region != null) {
                region.close();
                region = null;
            }
        }

        private void overwrite(Random random) throws IOException {
            if (!Platform.isWindows() && random.nextInt(4) == 0) {
                overwriteEvent(name + (random.nextBoolean() ? ".written" : ".read"), random);
                return;
            }
            if (region == null || random.nextInt(200) == 0) {
                closeRegion();
                try {
                    region = SharedRegion.openOrCreate(name + ".pair", SIZES[random.nextInt(SIZES.length)]);
                } catch (SharedMemoryException e) {
                    pause(random);
                    return;
                }
                if (region.created() && random.nextBoolean()) {
                    byte[] content = new byte[(int) region.size()];
                    random.nextBytes(content);
                    region.buffer().put(content);
                }
            }
            if (region.size() < PairBlockLayout.SIZE) {
                pause(random);
                closeRegion();
                return;
            }
            ByteBuffer memory = region.buffer();
            byte[] snapshot = before[random.nextInt(before.length)];
            memory.get(0, snapshot);
            int kind = random.nextInt(11);
            boolean pauses = random.nextBoolean();
            boolean lasts = random.nextInt(4) == 0;
            Object[] before = {calls.callOf(users[0]), calls.callOf(users[1])};
            for (int i = random.nextInt(pauses ? 20 : 20_000);
                    (i >= 0 || lasts && isOneLeft(before)) && calls.areLeft();
                    i--) {
                write(kind == 10 ? random.nextInt(10) : kind, memory, random);
                if (pauses) {
                    pause(random);
                }
            }
            if (random.nextInt(4) != 0) {
                memory.put(0, MAGIC_VALUE).putShort(PairBlockLayout.VERSION, VERSION_VALUE);
            }
            // What came to stand there stays for a while, or until it has been got over.
            pause(random);
            before = new Object[] {calls.callOf(users[0]), calls.callOf(users[1])};
            boolean rests = random.nextInt(4) == 0;
            while (rests && isOneLeft(before) && calls.areLeft()) {
                pause(random);
            }
        }

        /** Whether a side is still in the call that it was in. */
        private boolean isOneLeft(Object[] before) {
            return before[0] != null && calls.callOf(users[0]) == before[0]
                    || before[1] != null && calls.callOf(users[1]) == before[1];
        }

        private void write(int kind, ByteBuffer memory, Random random) {
            int place = random.nextBoolean() ? WRITING_PLACE : READING_PLACE;
            switch (kind) {
                case 0 -> memory.put(random.nextInt(USED), (byte) random.nextInt());
                case 1 -> memory.putInt(
                        place + STATE, memory.getInt(place + STATE) & ~STATE_BITS | random.nextInt(STATE_BITS + 1));
                case 2 -> memory.putLong(TURN, memory.getLong(TURN) & -TURN_COUNT | random.nextInt(TURN_COUNT));
                case 3 -> memory.putLong(TURN, memory.getLong(TURN) + TURN_COUNT);
                case 4 -> memory.putInt(place + STATE, memory.getInt(place + STATE) + PairBlockLayout.GENERATION);
                case 5 -> memory.putLong(
                        place, OwnerSlot.word(PIDS[random.nextInt(PIDS.length)], (int) memory.getLong(place)));
                case 6 -> memory.put(0, before[random.nextInt(before.length)]);
                case 7 -> {
                    int at = List.of(TURN, WRITING_PLACE, WRITING_PLACE + STATE, READING_PLACE, READING_PLACE + STATE)
                            .get(random.nextInt(5));
                    memory.putInt(at, memory.getInt(at) ^ 1 << random.nextInt(Integer.SIZE));
                }
                case 8 -> {
                    memory.putInt(WRITING_PLACE + STATE, random.nextInt());
                    memory.putInt(READING_PLACE + STATE, random.nextInt());
                    memory.putLong(TURN, random.nextLong());
                }
                default -> memory.put(0, new byte[USED]);
            }
        }
    }

    /** An event: two threads that use it, and one that writes over it. */
    private final class EventGroup {
        private final String name;
        private final EventOptions options;

        EventGroup(String name, boolean autoReset) {
            this.name = name;
            this.options = autoReset ? EventOptions.autoReset() : EventOptions.manualReset();
        }

        void start() {
            for (int i = 0; i < 2; i++) {
                NamedEvent[] event = new NamedEvent[1];
                HostileFuzz.this.start("user of " + name, random -> use(event, random), random -> close(event));
            }
            HostileFuzz.this.start(
                    "overwriter of " + name, random -> overwriteEvent(name, random), random -> { });
        }

        private void close(NamedEvent[] event) {
            if (event[0] != null) {
                calls.call("close", HostileCalls.NONE, () -> {
                    event[0].close();
                    return null;
                });
                event[0] = null;
            }
        }

        private void use(NamedEvent[] event, Random random) {
            NamedEvent mine = event[0];
            int which = random.nextInt(40);
            if (mine == null) {
                event[0] = (NamedEvent) calls.call("open", HostileCalls.OPEN, () -> NamedEvent.open(name));
                if (event[0] == null) {
                    event[0] = (NamedEvent)
                            calls.call("create", HostileCalls.CREATE, () -> NamedEvent.create(name, options));
                }
            } else if (which == 0) {
                close(event);
            } else if (which < 10) {
                calls.call("reset", HostileCalls.NONE, () -> {
                    mine.reset();
                    return null;
                });
            } else if (which < 25) {
                calls.call("set", HostileCalls.NONE, () -> {
                    mine.set();
                    return null;
                });
            } else {
                calls.call("await", HostileCalls.NONE, () -> mine.await(time(random)));
            }
        }
    }
}
