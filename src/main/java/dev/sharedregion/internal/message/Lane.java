package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.LANE_ASLEEP;
import static dev.sharedregion.internal.message.MessageLayout.LANE_FULL;
import static dev.sharedregion.internal.message.MessageLayout.LANE_HEAD;
import static dev.sharedregion.internal.message.MessageLayout.LANE_TAIL;
import static dev.sharedregion.internal.message.MessageLayout.LANE_UNFINISHED;

import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The memory of one lane: its words, and its ring. {@code src/docs/messages.md} has the protocol. */
public final class Lane {
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** The description of the channel in messages. */
    final String what;

    final int number;

    /** The part of the channel before the rings. */
    final ByteBuffer control;

    final ByteBuffer ring;
    final int capacity;

    private final int tailPlace;
    private final int headPlace;
    private final int unfinishedPlace;

    /**
     * A lane in any direct memory.
     *
     * @param control the part before the rings, in native order, at an address that 8 divides
     * @param ring of this lane, in native order, at an address that 8 divides
     */
    public Lane(String what, int number, ByteBuffer control, ByteBuffer ring) {
        this(what, number, control, ring, ChannelShape.laneOffset(number) + LANE_HEAD);
    }

    /**
     * A lane as one of several receivers sees it.
     *
     * @param headPlace where in the control part its head is
     */
    Lane(String what, int number, ByteBuffer control, ByteBuffer ring, int headPlace) {
        this.what = what;
        this.number = number;
        this.control = control;
        this.ring = ring;
        capacity = ring.capacity();
        int start = ChannelShape.laneOffset(number);
        tailPlace = start + LANE_TAIL;
        this.headPlace = headPlace;
        unfinishedPlace = start + LANE_UNFINISHED;
    }

    long tail() {
        return (long) LONG.getAcquire(control, tailPlace);
    }

    void setTail(long tail) {
        LONG.setRelease(control, tailPlace, tail);
    }

    long head() {
        return (long) LONG.getAcquire(control, headPlace);
    }

    void setHead(long head) {
        LONG.setRelease(control, headPlace, head);
    }

    void setHeadToTail() {
        setHead(tail());
    }

    long unfinished() {
        return (long) LONG.getAcquire(control, unfinishedPlace);
    }

    /** Before all stores that follow. */
    void setUnfinished(long word) {
        LONG.setOpaque(control, unfinishedPlace, word);
        VarHandle.storeStoreFence();
    }

    /** Where in the control part the word is that says that the sender sleeps. */
    int asleepPlace() {
        return ChannelShape.laneOffset(number) + LANE_ASLEEP;
    }

    /** How often a send found no room. */
    long full() {
        return (long) LONG.getOpaque(control, ChannelShape.laneOffset(number) + LANE_FULL);
    }

    /** By the sender. */
    void countFull() {
        LONG.setOpaque(control, ChannelShape.laneOffset(number) + LANE_FULL, full() + 1);
    }

    /** How many bytes of the ring are not released, or a nonsensical number if another program has overwritten it. */
    long backlog() {
        // The head first: it never passes the tail.
        long head = head();
        return tail() - head;
    }

    /** Whether there can be records between these positions. */
    boolean canHave(long head, long tail) {
        return Record.isPosition(head) && Record.isPosition(tail) && tail - head >= 0 && tail - head <= capacity;
    }

    /** Fails if there cannot be records between these positions. */
    void check(long head, long tail) {
        if (!canHave(head, tail)) {
            throw corrupt();
        }
    }

    int place(long position) {
        return (int) Long.remainderUnsigned(position, capacity);
    }

    Failure corrupt() {
        // The content may be wrong because the memory has vanished. That error must not come later.
        PendingErrors.rethrow();
        return new Operation("use", what).failure(
                Reason.CORRUPT,
                "another program has overwritten its lane " + number + ". Close it in all processes.");
    }
}
