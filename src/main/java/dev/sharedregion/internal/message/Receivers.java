package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.BroadcastLayout.ABSENT;
import static dev.sharedregion.internal.message.BroadcastLayout.JOINED;
import static dev.sharedregion.internal.message.BroadcastLayout.JOINING;
import static dev.sharedregion.internal.message.BroadcastLayout.LISTENING_STATE;
import static dev.sharedregion.internal.message.BroadcastLayout.RECEIVER_LISTENING;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.StackSpace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * The receivers of a broadcast channel: which of them take part, and how far they are. {@code src/docs/messages.md},
 * "Broadcast", has the protocol. Safe for use by several threads.
 */
final class Receivers {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** How often a sender without room looks whether a receiver has died. */
    private static final long DEATH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ChannelShape shape;
    private final ByteBuffer control;
    private final IntPredicate isHeld;

    private volatile long nextDeathLook = System.nanoTime();

    /**
     * @param control the part before the rings
     * @param isHeld whether a process that may be alive has the place of this number
     */
    Receivers(ChannelShape shape, ByteBuffer control, IntPredicate isHeld) {
        this.shape = shape;
        this.control = control;
        this.isHeld = isHeld;
    }

    private int listeningPlace(int receiver) {
        return shape.receiverOffset(receiver) + RECEIVER_LISTENING;
    }

    private long listening(int receiver) {
        return (long) LONG.getVolatile(control, listeningPlace(receiver));
    }

    private static int state(long word) {
        return (int) word & LISTENING_STATE;
    }

    /** Returns false if the word is not that any more. */
    private boolean change(int receiver, long word, int state) {
        long next = (word | LISTENING_STATE) + 1 + state;
        return AtomicWords.compareAndSet(control, listeningPlace(receiver), word, next);
    }

    /** By the process that has the place. */
    private void set(int receiver, int state) {
        // A sender that evicts a dead predecessor changes the word at most once.
        while (!change(receiver, listening(receiver), state)) {
            Thread.onSpinWait();
        }
    }

    /**
     * Join: this receiver gets what is sent from now on.
     *
     * @param takePositions makes the tails of all lanes this receiver's heads
     */
    void join(int receiver, Runnable takePositions) {
        takePositions.run();
        set(receiver, JOINING);
        VarHandle.fullFence();
        // From a sender that has not seen the change, this sees all that it had published when it looked.
        takePositions.run();
        set(receiver, JOINED);
    }

    /** Leave: no sender waits for this receiver any more. */
    void leave(int receiver) {
        set(receiver, ABSENT);
    }

    /** How many receivers get all messages that are sent from now on. Takes a system call for each. */
    int count() {
        int count = 0;
        for (int receiver = 1; receiver <= shape.receivers(); receiver++) {
            count += state(listening(receiver)) == JOINED && isHeld.test(receiver) ? 1 : 0;
        }
        return count;
    }

    /** The lowest head in a lane, as {@link Gate#head} says. */
    long head(int lane, long tail, long needed) {
        VarHandle.fullFence();
        long head = lowest(lane, tail);
        if (head < needed && System.nanoTime() - nextDeathLook >= 0) {
            StackSpace.require();
            nextDeathLook = System.nanoTime() + DEATH_NANOS;
            evictDead();
            head = lowest(lane, tail);
        }
        // The first head of one that is joining may be older than all that is in the ring.
        return Math.max(head, tail - shape.capacity());
    }

    /** The lowest head of those that take part, or this position if there are none below it. */
    long lowest(int lane, long position) {
        long lowest = position;
        for (int receiver = 1; receiver <= shape.receivers(); receiver++) {
            if (state(listening(receiver)) != ABSENT) {
                lowest = Math.min(lowest, (long) LONG.getAcquire(control, shape.headOffset(receiver, lane)));
            }
        }
        return lowest;
    }

    /** How much of a lane is not released by the slowest. */
    long backlog(Lane lane) {
        // The heads first: they never pass the tail.
        long lowest = lowest(lane.number, Long.MAX_VALUE);
        return lowest == Long.MAX_VALUE ? 0 : lane.tail() - lowest;
    }

    private void evictDead() {
        for (int receiver = 1; receiver <= shape.receivers(); receiver++) {
            long word = listening(receiver);
            // If another receiver takes the place after that, it changes the word.
            if (state(word) != ABSENT && !isHeld.test(receiver)) {
                change(receiver, word, ABSENT);
            }
        }
    }
}
