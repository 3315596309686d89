package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Platform;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many turns. Each is complete and arrives in order, also if waits are interrupted or time out. */
class EventPairTurnsTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int NUMBERS = 8;

    private final String name = TestNames.unique();
    private final ExecutorService pool = Executors.newFixedThreadPool(3);

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    /** One side's way to wait for its turn and to hand it over. */
    private interface Turns {
        boolean await(Duration timeout) throws InterruptedException;

        void signal();
    }

    private static Turns server(EventPair pair) {
        return new Turns() {
            @Override
            public boolean await(Duration timeout) throws InterruptedException {
                return pair.awaitRead(timeout);
            }

            @Override
            public void signal() {
                pair.signalWritten();
            }
        };
    }

    private static Turns client(EventPair pair) {
        return new Turns() {
            @Override
            public boolean await(Duration timeout) throws InterruptedException {
                return pair.awaitWritten(timeout);
            }

            @Override
            public void signal() {
                pair.signalRead();
            }
        };
    }

    private static Turns plain(NamedEvent mine, NamedEvent peers) {
        return new Turns() {
            @Override
            public boolean await(Duration timeout) throws InterruptedException {
                return mine.await(timeout);
            }

            @Override
            public void signal() {
                peers.set();
            }
        };
    }

    private static PairOptions spin(long nanos) {
        return PairOptions.defaults().spin(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "50000, 50000", "0, 50000", "50000, 0", "2000, 2000"})
    void interruptsAndTimeOutsLoseNoTurn(long serversSpin, long clientsSpin) throws Exception {
        try (SharedRegion region = SharedRegion.create(name, NUMBERS * Long.BYTES);
                EventPair server = EventPair.create(name, spin(serversSpin));
                EventPair client = EventPair.open(name, spin(clientsSpin))) {
            takeDisturbedTurns(region.buffer(), server(server), client(client));
        }
    }

    @Test
    void interruptsAndTimeOutsLoseNoTurnOfAPlainServer() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, NUMBERS * Long.BYTES);
                NamedEvent written = NamedEvent.create(name + ".written");
                NamedEvent read = NamedEvent.create(name + ".read");
                EventPair client = EventPair.open(name)) {
            takeDisturbedTurns(region.buffer(), plain(read, written), client(client));
        }
    }

    @Test
    void interruptsAndTimeOutsLoseNoTurnOfAPlainClient() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, NUMBERS * Long.BYTES);
                EventPair server = EventPair.create(name);
                NamedEvent written = NamedEvent.open(name + ".written");
                NamedEvent read = NamedEvent.open(name + ".read")) {
            takeDisturbedTurns(region.buffer(), server(server), plain(written, read));
        }
    }

    private void takeDisturbedTurns(ByteBuffer memory, Turns server, Turns client) throws Exception {
        int turns = Platform.isWindows()
                ? Sizes.of("sharedregion.turns", 500, 3_000)
                : Sizes.of("sharedregion.turns", 4_000, 20_000);
        AtomicBoolean done = new AtomicBoolean();
        Thread[] sides = new Thread[2];
        Future<?> serving = pool.submit(() -> {
            sides[0] = Thread.currentThread();
            for (long turn = 1; turn <= turns; turn++) {
                for (int i = 0; i < NUMBERS; i++) {
                    memory.putLong(i * Long.BYTES, turn);
                }
                server.signal();
                awaitDisturbed(server);
            }
        });
        Future<?> receiving = pool.submit(() -> {
            sides[1] = Thread.currentThread();
            for (long turn = 1; turn <= turns; turn++) {
                awaitDisturbed(client);
                for (int i = 0; i < NUMBERS; i++) {
                    assertEquals(turn, memory.getLong(i * Long.BYTES));
                }
                client.signal();
            }
        });
        Future<?> interrupting = pool.submit(() -> {
            while (!done.get()) {
                Thread side = sides[ThreadLocalRandom.current().nextInt(2)];
                if (side != null) {
                    side.interrupt();
                }
                for (long until = System.nanoTime() + ThreadLocalRandom.current().nextInt(50_000);
                        System.nanoTime() - until < 0; ) {
                    Thread.onSpinWait();
                }
            }
        });
        serving.get();
        receiving.get();
        done.set(true);
        interrupting.get();
    }

    /** Waits for the turn, in waits that end before it comes more often than not. */
    private static void awaitDisturbed(Turns turns) {
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() - giveUp < 0) {
            try {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                if (turns.await(random.nextInt(8) == 0 ? LONG : Duration.ofNanos(random.nextInt(100_000)))) {
                    return;
                }
            } catch (InterruptedException e) {
                // Again.
            }
        }
        throw new AssertionError("no turn in time");
    }
}
