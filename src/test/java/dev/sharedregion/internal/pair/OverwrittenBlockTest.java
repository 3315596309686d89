package dev.sharedregion.internal.pair;

import static dev.sharedregion.helpers.Reasons.assertFailure;
import static dev.sharedregion.internal.pair.PairBlockLayout.ACTIVE;
import static dev.sharedregion.internal.pair.PairBlockLayout.CLOSED;
import static dev.sharedregion.internal.pair.PairBlockLayout.GENERATION;
import static dev.sharedregion.internal.pair.PairBlockLayout.PARKED;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_COUNT;
import static dev.sharedregion.internal.pair.PairBlockLayout.TURN_TOKEN;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventWait;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.ProcessEnd;
import dev.sharedregion.internal.os.Rights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A side whose block is overwritten again and again, so that each step has to start over. The block is overwritten in
 * the calls of the events, which a step makes between a look and a change, or all the time by another thread.
 */
class OverwrittenBlockTest {
    private static final ObjectName NAME = ObjectName.of("overwritten");
    private static final PairRequest REQUEST =
            new PairRequest(NAME, PairRequest.Events.of(NAME), 50_000, false, Rights.OWNER_ONLY);

    /** A step that ends takes microseconds; one that does not is told from it by this. */
    private static final long PATIENCE_SECONDS = Long.getLong("sharedregion.patience", 60);

    /** How long a side is attacked from another thread at most; a step that had no bound did not last a tenth of it. */
    private static final long ATTACK_NANOS = TimeUnit.MILLISECONDS.toNanos(Sizes.EXHAUSTIVE ? 1_000 : 300);

    private static final Set<Reason> ENDS = Set.of(Reason.CORRUPT, Reason.CLOSED, Reason.PEER_DIED);

    private static final long CLIENTS_WITH_TOKEN = Side.READING.ordinal() | TURN_TOKEN;

    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean released = new AtomicBoolean();
    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(PairBlockLayout.SIZE).alignedSlice(Long.BYTES).order(ByteOrder.nativeOrder());
    private final PairBlock block =
            new PairBlock(memory, offset -> new MemorySlot(memory, offset), () -> released.set(true));
    private final Event written = new Event();
    private final Event read = new Event();

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    /** An event that is never set, or always, and in whose calls the block may be written over. */
    private static final class Event extends EventHandle {
        private volatile Runnable onCall = () -> { };
        private volatile boolean tokens;
        private volatile boolean freed;

        Event() {
            super(true);
        }

        @Override
        public void set() {
            onCall.run();
        }

        @Override
        public void reset() {}

        @Override
        public boolean await(long deadline, ProcessEnd process) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Backoff.park(50_000);
            return false;
        }

        @Override
        protected EventWait newWait(ProcessEnd process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean poll() {
            onCall.run();
            return tokens;
        }

        @Override
        public void clear() {}

        @Override
        public void cancelWaits() {}

        @Override
        public void free() {
            freed = true;
        }
    }

    private PairSide side(Side side) {
        return new PairSide(REQUEST, objects(side), null);
    }

    /** Fails if it does not return. */
    private <T> T returns(Callable<T> call) throws Exception {
        Future<T> result = pool.submit(call);
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Changes the count of the turn, so that a compare-and-swap with the earlier value fails. */
    private void countUp() {
        block.setTurn(block.turnVolatile() + TURN_COUNT);
    }

    private PairSide serverWhoseTurnIsTaken() {
        PairSide server = side(Side.WRITING);
        block.setState(Side.READING, ACTIVE);
        server.signal(PairSide.MINE);
        block.setTurn(CLIENTS_WITH_TOKEN);
        written.onCall = this::countUp;
        return server;
    }

    @Test
    void registrationWithAnOverwrittenBlockFails() {
        block.setState(Side.WRITING, ACTIVE);
        block.setTurn(CLIENTS_WITH_TOKEN);
        written.onCall = this::countUp;
        Failure e =
                assertFailure(Reason.CORRUPT, () -> returns(() -> side(Side.WRITING)));
        assertTrue(e.getMessage().contains("pair \"overwritten\""), e.getMessage());
    }

    @Test
    void waitWithAnOverwrittenBlockEndsInTime() throws Exception {
        PairSide server = serverWhoseTurnIsTaken();
        assertFalse(returns(() -> server.await(Deadline.after(Duration.ZERO))));
        assertFalse(returns(() -> server.await(Deadline.after(Duration.ofMillis(20)))));
    }

    @Test
    void closeEndsAWaitWithAnOverwrittenBlock() throws Exception {
        PairSide server = serverWhoseTurnIsTaken();
        Future<?> waiting =
                pool.submit(() -> assertThrows(IllegalStateException.class, () -> server.await(Deadline.never())));
        awaitOverwriting();
        close(server);
        waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void interruptEndsAWaitWithAnOverwrittenBlock() throws Exception {
        PairSide server = serverWhoseTurnIsTaken();
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Future<?> waiting = pool.submit(() -> {
            waiter.set(Thread.currentThread());
            assertThrows(InterruptedException.class, () -> server.await(Deadline.never()));
        });
        awaitOverwriting();
        waiter.get().interrupt();
        waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void awaitOverwriting() throws InterruptedException {
        long before = block.turnVolatile();
        while (block.turnVolatile() == before) {
            Thread.sleep(1);
        }
    }

    @Test
    void closeReturnsAndFreesEverything() throws Exception {
        PairSide server = side(Side.WRITING);
        server.signal(PairSide.MINE);
        written.onCall = () -> block.setTurn(Side.READING.ordinal());
        block.setTurn(Side.READING.ordinal());
        close(server);
        assertTrue(written.freed && read.freed && released.get());
    }

    private void close(PairSide side) throws Exception {
        returns(() -> {
            side.close();
            return null;
        });
    }

    @Test
    void sideIsUsableAfterASignalOfAnActionFailed() throws Exception {
        PairSide server = side(Side.WRITING);
        written.onCall = () -> {
            block.setTurn(Side.WRITING.ordinal());
            throw new Failure(Reason.CORRUPT, "as if the block had been overwritten");
        };
        assertFailure(Reason.CORRUPT, () -> server.act(() -> true, Deadline.never()));
        written.onCall = () -> { };
        assertTrue(server.act(() -> true, Deadline.never()));
        assertFalse(server.hasTurn());
    }

    // From another thread.

    private TurnTaking turnTaking(Side side) {
        return new TurnTaking("pair \"overwritten\"", objects(side), REQUEST.spinNanos());
    }

    private PairObjects objects(Side side) {
        PairObjects objects = new PairObjects(side);
        objects.block = block;
        objects.taken = true;
        objects.mine = side == Side.WRITING ? read : written;
        objects.peers = side == Side.WRITING ? written : read;
        return objects;
    }

    /** Does the step again and again while another thread writes as fast as it can; it may fail, but has to end. */
    private void attack(Runnable overwrite, Callable<?> step) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Future<?> attacker = pool.submit(() -> {
            while (!done.get()) {
                overwrite.run();
            }
        });
        try {
            long end = System.nanoTime() + ATTACK_NANOS;
            returns(() -> {
                while (System.nanoTime() - end < 0) {
                    try {
                        step.call();
                    } catch (Failure e) {
                        assertTrue(ENDS.contains(e.reason()), e.toString());
                    }
                }
                return null;
            });
        } finally {
            done.set(true);
        }
        attacker.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void signalEndsWhileTheTurnIsOverwritten() throws Exception {
        TurnTaking server = turnTaking(Side.WRITING);
        server.succession.register();
        attack(this::countUp, () -> {
            server.signal();
            return null;
        });
    }

    @Test
    void signalEndsWhileThePeersStateIsOverwritten() throws Exception {
        TurnTaking server = turnTaking(Side.WRITING);
        server.succession.register();
        attack(
                () -> block.setState(Side.READING, StateWord.with(block.state(Side.READING) + GENERATION, PARKED)),
                () -> {
                    server.signal();
                    return null;
                });
    }

    @Test
    void waitEndsInTimeWhileTheTurnIsOverwritten() throws Exception {
        TurnTaking client = turnTaking(Side.READING);
        client.succession.register();
        block.setState(Side.WRITING, ACTIVE);
        attack(
                () -> block.setTurn(block.turnVolatile() + TURN_COUNT & ~Side.READING.ordinal()),
                () -> client.await(Deadline.after(Duration.ZERO)));
    }

    @Test
    void registrationEndsWhileItsStateIsOverwritten() throws Exception {
        attack(
                () -> block.setState(Side.READING, block.state(Side.READING) + GENERATION),
                () -> {
                    turnTaking(Side.READING).succession.register();
                    return null;
                });
    }

    @Test
    void acceptEndsWhileTheTurnIsOverwritten() throws Exception {
        TurnTaking client = turnTaking(Side.READING);
        client.succession.register();
        written.tokens = true;
        attack(
                () -> {
                    block.setState(Side.WRITING, CLOSED);
                    block.setTurn((block.turnVolatile() + TURN_COUNT | TURN_TOKEN) & ~Side.READING.ordinal());
                },
                () -> client.await(Deadline.after(Duration.ZERO)));
    }

    @Test
    void leaveEndsWhileTheTurnIsOverwritten() throws Exception {
        TurnTaking client = turnTaking(Side.READING);
        attack(
                () -> block.setTurn(block.turnVolatile() + TURN_COUNT | CLIENTS_WITH_TOKEN),
                () -> {
                    client.succession.register();
                    client.succession.leave();
                    return null;
                });
    }
}
