package dev.sharedregion.internal.message;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.UseCount;
import dev.sharedregion.internal.os.OwnerSlot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** All of a channel, as any of its processes can look at it. Safe for use by several threads. */
public final class Channel implements AutoCloseable {
    /**
     * The process that took the receiver's place last.
     *
     * @param word of its owner slot; 0 if there was none, or it has given the place up
     * @param alive whether it has the place
     */
    public record Receiver(long word, boolean alive) {}

    /** The holder of a place that nobody has. */
    private static final String NOBODY = "none";

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    final String what;
    final ChannelShape shape;
    private final ByteBuffer control;
    private final IntFunction<Lane> laneAt;
    private final IntFunction<OwnerSlot> slotAt;
    private final Lane[] lanes;
    private final UseCount uses = new UseCount();

    /**
     * @param control the part before the rings
     * @param laneAt makes a lane of this number
     * @param slotAt makes the owner slot at an offset
     */
    Channel(
            String what,
            ChannelShape shape,
            ByteBuffer control,
            IntFunction<Lane> laneAt,
            IntFunction<OwnerSlot> slotAt) {
        this.what = what;
        this.shape = shape;
        this.control = control;
        this.laneAt = laneAt;
        this.slotAt = slotAt;
        this.lanes = new Lane[shape.senders() + 1];
    }

    public ChannelShape shape() {
        return shape;
    }

    /** The highest number of a lane that has been used; at most as many as there are, whatever the memory says. */
    int used() {
        long used = (long) LONG.getAcquire(control, MessageLayout.USED);
        return Long.compareUnsigned(used, shape.senders()) < 0 ? (int) used : shape.senders();
    }

    /** Raises the number of used lanes, if it is lower. */
    void use(int lane) {
        for (int used = used(); used < lane; used = used()) {
            AtomicWords.compareAndSet(control, MessageLayout.USED, (long) used, (long) lane);
        }
    }

    Lane lane(int number) {
        Lane lane = lanes[number];
        if (lane == null) {
            lane = laneAt.apply(number);
            lanes[number] = lane;
        }
        return lane;
    }

    OwnerSlot slot(int lane) {
        return slotAt.apply(ChannelShape.laneOffset(lane) + MessageLayout.LANE_OWNER);
    }

    /** Whether a living process has the lane. */
    boolean isHeld(int lane) {
        try (OwnerSlot slot = slot(lane)) {
            return isHeld(slot);
        }
    }

    private static boolean isHeld(OwnerSlot slot) {
        return slot.isOfThisProcess() || slot.isHeld();
    }

    /** Looks who is the receiver. Takes a system call. Fails if this is closed. */
    public Receiver receiver() {
        enter();
        try (OwnerSlot slot = slotAt.apply(MessageLayout.RECEIVER)) {
            long word = slot.word();
            return new Receiver(word, word != 0 && isHeld(slot));
        } finally {
            uses.leave();
        }
    }

    private void enter() {
        if (!uses.enter()) {
            throw new IllegalStateException("The " + what + " is closed.");
        }
    }

    /** How many bytes were sent, with their headers, and not released by the receiver. */
    public long backlog() {
        long backlog = 0;
        for (int number = 1, used = used(); number <= used; number++) {
            // An overwritten lane has at most what fits into it.
            backlog += Math.max(0, Math.min(lane(number).backlog(), shape.capacity()));
        }
        return backlog;
    }

    /** How often a send found no room. */
    public long full() {
        long full = 0;
        for (int number = 1, used = used(); number <= used; number++) {
            full += lane(number).full();
        }
        return full;
    }

    /** How many messages were begun and never finished. Fails if this is closed. */
    public long aborted() {
        enter();
        try {
            long aborted = 0;
            for (int number = 1, used = used(); number <= used; number++) {
                aborted += aborted(number);
            }
            return aborted;
        } finally {
            uses.leave();
        }
    }

    private long aborted(int number) {
        Lane lane = lane(number);
        long word = lane.unfinished();
        if (Unfinished.is(word, lane.tail()) && !isHeld(number)) {
            // A sender that has come meanwhile has counted it.
            long now = lane.unfinished();
            return Unfinished.aborted(now) + (now == word ? 1 : 0);
        }
        return Unfinished.aborted(word);
    }

    /** The channel, for messages. */
    String describe(String side, boolean closed) {
        if (closed || !uses.enter()) {
            return what + " (" + side + ", " + shape + ", closed)";
        }
        try {
            return what + " (" + side + ", " + shape + ", backlog " + backlog() + ", receiver: "
                    + holder(MessageLayout.RECEIVER) + ", senders: " + senders() + ")";
        } finally {
            uses.leave();
        }
    }

    private String senders() {
        List<String> senders = new ArrayList<>();
        for (int number = 1, used = used(); number <= used; number++) {
            String holder = holder(ChannelShape.laneOffset(number) + MessageLayout.LANE_OWNER);
            Lane lane = lane(number);
            boolean writing = Unfinished.is(lane.unfinished(), lane.tail());
            if (writing || !holder.equals(NOBODY)) {
                senders.add(holder + (writing ? " in the middle of a message" : ""));
            }
        }
        return senders.isEmpty() ? NOBODY : String.join(", ", senders);
    }

    private String holder(int offset) {
        try (OwnerSlot slot = slotAt.apply(offset)) {
            return slot.isEmpty() ? NOBODY : slot.holder() + (isHeld(slot) ? "" : ", which has died");
        }
    }

    /** Waits for the calls under way, which are short. */
    @Override
    public void close() {
        uses.close();
        Backoff backoff = Backoff.endless();
        while (!uses.isOver()) {
            backoff.pause();
        }
    }
}
