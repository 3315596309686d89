package dev.sharedregion.internal.message;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.Backoff;
import dev.sharedregion.internal.jvm.UseCount;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.OwnerSlot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

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

    /** Where the owner slot is that this sender or receiver has; -1 until it has one. */
    private volatile int own = -1;

    /** Null if this is no broadcast channel. */
    final Receivers receivers;

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
        this.receivers = shape.isBroadcast() ? new Receivers(shape, control, this::mayBeHeld) : null;
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

    /** In a lossy channel. */
    Marks marks(int lane) {
        return new Marks(lane(lane), shape.marksOffset(lane));
    }

    OwnerSlot slot(int lane) {
        return slotAt.apply(ownerOffset(lane));
    }

    /** Whether a living process has the lane. */
    boolean isHeld(int lane) {
        try (OwnerSlot slot = slot(lane)) {
            return isHeld(slot, ownerOffset(lane));
        }
    }

    static int ownerOffset(int lane) {
        return ChannelShape.laneOffset(lane) + MessageLayout.LANE_OWNER;
    }

    /** True also if the system does not tell: who asks looks again. */
    private boolean isHeld(OwnerSlot slot, int offset) {
        try {
            // The system does not tell a process of the lock by which it has a place itself.
            return offset == own || slot.isHeld();
        } catch (Failure e) {
            return true;
        }
    }

    /** Takes note of where the owner slot is that this sender or receiver has. */
    void setOwn(int offset) {
        own = offset;
    }

    /** Whether a process has the place of a receiver; true if that cannot be told. */
    private boolean mayBeHeld(int receiver) {
        return uses.during(
                () -> {
                    try (OwnerSlot slot = receiversSlot(receiver)) {
                        return isHeld(slot, receiversOffset(receiver));
                    }
                },
                () -> true);
    }

    OwnerSlot receiversSlot(int receiver) {
        return slotAt.apply(receiversOffset(receiver));
    }

    int receiversOffset(int receiver) {
        return shape.receiverOffset(receiver) + BroadcastLayout.RECEIVER_OWNER;
    }

    /** How many receivers get what is sent now. Fails if this is closed. */
    public int receivers() {
        if (receivers == null) {
            return receiver().alive() ? 1 : 0;
        }
        return look(receivers::count);
    }

    /** Looks who is the receiver. Takes a system call. Fails if this is closed. */
    public Receiver receiver() {
        return look(() -> {
            try (OwnerSlot slot = slotAt.apply(MessageLayout.RECEIVER)) {
                long word = slot.word();
                return new Receiver(word, word != 0 && isHeld(slot, MessageLayout.RECEIVER));
            }
        });
    }

    /** Looks at the memory, which a close meanwhile does not free. Fails if this is closed. */
    private <T> T look(Supplier<T> found) {
        return uses.during(found, () -> {
            throw new IllegalStateException("The " + what + " is closed.");
        });
    }

    /** How many bytes were sent, with their headers, and not released by the receiver, the slowest of several. */
    public long backlog() {
        return backlog(receivers == null ? Lane::backlog : receivers::backlog);
    }

    /** The same of the receiver that looks. */
    public long ownBacklog() {
        return backlog(Lane::backlog);
    }

    private long backlog(ToLongFunction<Lane> ofLane) {
        long backlog = 0;
        for (int number = 1, used = used(); number <= used; number++) {
            // An overwritten lane has at most what fits into it.
            backlog += Math.max(0, Math.min(ofLane.applyAsLong(lane(number)), shape.capacity()));
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
        return look(() -> {
            long aborted = 0;
            for (int number = 1, used = used(); number <= used; number++) {
                aborted += aborted(number);
            }
            return aborted;
        });
    }

    private long aborted(int number) {
        Lane lane = lane(number);
        long word = lane.unfinished();
        if (Unfinished.is(word, lane.tail()) && !isHeld(number)) {
            // A sender that has come meanwhile has counted it. One that has gone meanwhile may have finished it.
            long now = lane.unfinished();
            return Unfinished.aborted(now) + (now == word && Unfinished.is(now, lane.tail()) ? 1 : 0);
        }
        return Unfinished.aborted(word);
    }

    /** The channel, for messages. */
    String describe(String side, boolean closed) {
        Supplier<String> open = () -> "backlog " + backlog() + ", " + holders() + ", senders: " + senders();
        Supplier<String> ended = () -> "closed";
        return what + " (" + side + ", " + shape + ", " + (closed ? ended.get() : uses.during(open, ended)) + ")";
    }

    private String holders() {
        if (receivers == null) {
            return "receiver: " + holder(MessageLayout.RECEIVER);
        }
        List<String> holders = new ArrayList<>();
        for (int receiver = 1; receiver <= shape.receivers(); receiver++) {
            String holder = holder(receiversOffset(receiver));
            if (!holder.equals(NOBODY)) {
                holders.add(holder);
            }
        }
        return "receivers: " + (holders.isEmpty() ? NOBODY : String.join(", ", holders));
    }

    private String senders() {
        List<String> senders = new ArrayList<>();
        for (int number = 1, used = used(); number <= used; number++) {
            String holder = holder(ownerOffset(number));
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
            return slot.isEmpty() ? NOBODY : slot.holder() + (isHeld(slot, offset) ? "" : ", which has died");
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
