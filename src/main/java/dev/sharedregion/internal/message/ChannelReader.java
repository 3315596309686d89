package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.FIRST;
import static dev.sharedregion.internal.message.MessageLayout.LAST;
import static dev.sharedregion.internal.message.MessageLayout.WHOLE;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * The receiver of a channel in this process: its threads share it and take turns, and one of them may close it while
 * others use it. The callers have required stack, so that whoever takes the turn also gives it back.
 */
public final class ChannelReader {
    /** What takes assembled messages. */
    @FunctionalInterface
    public interface Messages {
        void accept(int sender, int type, ByteBuffer message);

        /**
         * Takes note of a message that was dropped, because it is too long to be assembled.
         *
         * @param beginning what has come of it within the limit
         */
        default void drop(int sender, int type, ByteBuffer beginning, TooLong why) {
            throw why.failure();
        }
    }

    /** What takes messages part by part. */
    public interface Parts {
        void accept(int sender, int type, ByteBuffer part, boolean last);

        /** The rest of the sender's message does not come. */
        void abort(int sender);
    }

    /** How often to look whether the sender of an unfinished message has died. */
    private static final long DEATH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ChannelObjects objects;
    private final Channel channel;
    private final Sleeper sleeper;
    private final BooleanSupplier anyThere = this::isThereAny;
    private final int longestAssembled;
    private final IntFunction<EventHandle> freedOpener;

    /** The turn of the calls that hand messages over. */
    private final ReentrantLock turn = new ReentrantLock();

    /** The threads that wait for messages. The first of them sleeps. */
    private final ReentrantLock queue = new ReentrantLock();

    private volatile boolean closed;
    private final BooleanSupplier stopped = this::isClosed;

    /** How many messages were overwritten before this receiver got them. */
    private final AtomicLong lost = new AtomicLong();

    /** Whether a message in parts has begun. Written by the thread that has the turn. */
    private volatile boolean partsOpen;

    /** When to look whether its sender has died. Written by the thread that has the turn. */
    private volatile long nextDeathLook = System.nanoTime();

    // Guarded by the turn.

    /** By number; null until the lane is used. */
    private final IncomingLane[] lanes;

    /** The lane at which the next call begins. */
    private int first = 1;

    private boolean givenBack;

    /**
     * Takes the objects over, if it succeeds.
     *
     * @param longestAssembled the longest message in parts that is assembled
     * @param freedOpener opens the event that wakes the sender of a lane
     */
    ChannelReader(ChannelObjects objects, int longestAssembled, IntFunction<EventHandle> freedOpener) {
        this.objects = objects;
        this.channel = objects.channel;
        this.longestAssembled = longestAssembled;
        this.freedOpener = freedOpener;
        this.sleeper = new Sleeper(
                objects.view.buffer(0, channel.shape.controlSize()),
                channel.shape.receiverOffset(objects.receiver) + BroadcastLayout.RECEIVER_ASLEEP,
                objects.sent);
        this.lanes = new IncomingLane[channel.shape.senders() + 1];
        sleeper.begin();
        if (channel.receivers != null) {
            channel.receivers.join(objects.receiver, this::takePositions);
        }
        // Fails now if they are overwritten.
        openLanes(channel.receivers != null ? channel.shape.senders() : channel.used());
    }

    /** In all lanes, as a sender may come to any of them. */
    private void takePositions() {
        for (int number = 1; number <= channel.shape.senders(); number++) {
            if (channel.shape.lossy()) {
                lane(number);
            } else {
                channel.lane(number).setHeadToTail();
            }
        }
    }

    private void openLanes(int last) {
        for (int number = 1; number <= last; number++) {
            lane(number);
        }
    }

    public String what() {
        return channel.what;
    }

    public Channel channel() {
        return channel;
    }

    /** The channel, to look at it. Fails if this is closed. */
    public Channel openChannel() {
        checkOpen();
        return channel;
    }

    private IncomingLane lane(int number) {
        IncomingLane lane = lanes[number];
        if (lane == null) {
            lane = channel.shape.lossy()
                    ? new LossyLaneReader(channel.lane(number), channel.marks(number), longestAssembled, lost)
                    : new LaneReader(channel.lane(number), longestAssembled, () -> freedOpener.apply(number));
            lanes[number] = lane;
        }
        return lane;
    }

    /** How many messages this receiver has lost. Fails if this is closed. */
    public long lost() {
        checkOpen();
        return lost.get();
    }

    /** A sink for messages that are to be assembled. */
    public static LaneReader.Sink assembling(Messages messages) {
        return (lane, kind, type, bytes) -> {
            Assembly assembly = lane.assembly;
            int sender = lane.lane.number;
            lane.partsWanted = false;
            if (kind == WHOLE) {
                assembly.drop();
                messages.accept(sender, type, bytes);
                return true;
            }
            if (kind == FIRST) {
                assembly.begin();
            } else if (!assembly.isOpen()) {
                // The parts before went to an earlier receiver, or to a call that takes parts.
                return false;
            }
            assembly.add(bytes);
            if (kind == LAST) {
                TooLong tooLong = assembly.tooLong();
                ByteBuffer whole = assembly.finish();
                if (tooLong == null) {
                    messages.accept(sender, type, whole);
                } else {
                    messages.drop(sender, type, whole, tooLong);
                }
            }
            return kind == LAST;
        };
    }

    /** A sink for messages that are handed over part by part. */
    public static LaneReader.Sink inParts(Parts parts) {
        return new LaneReader.Sink() {
            @Override
            public void prepare(IncomingLane lane, int kind) {
                if (begins(kind) || !lane.partsWanted) {
                    abort(lane, parts);
                }
            }

            @Override
            public boolean accept(IncomingLane lane, int kind, int type, ByteBuffer bytes) {
                lane.assembly.drop();
                if (!begins(kind) && !lane.partsWanted) {
                    // The parts before went to an earlier receiver, or to a call that assembles.
                    return false;
                }
                boolean last = kind == WHOLE || kind == LAST;
                lane.partsOpen = !last;
                lane.partsWanted = !last;
                parts.accept(lane.lane.number, type, bytes, last);
                return true;
            }
        };
    }

    private static boolean begins(int kind) {
        return kind == WHOLE || kind == FIRST;
    }

    private static void abort(IncomingLane lane, Parts parts) {
        boolean open = lane.partsOpen;
        lane.partsOpen = false;
        if (open && parts != null) {
            parts.abort(lane.lane.number);
        }
    }

    /**
     * Hands over up to so many messages, without waiting for any.
     *
     * @param parts what is told of messages that are aborted, or null
     * @return how many; 0 also if another thread is handed messages
     */
    public int poll(LaneReader.Sink sink, Parts parts, int limit) {
        checkReceivable();
        return turn.tryLock() ? pollInTurn(sink, parts, limit) : 0;
    }

    private void checkReceivable() {
        checkOpen();
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("The receiver of the " + channel.what + " is handing a message to this "
                    + "thread. Receive the next one when that has returned.");
        }
    }

    /** With the turn, which it gives back. */
    private int pollInTurn(LaneReader.Sink sink, Parts parts, int limit) {
        try {
            checkOpen();
            int count = pollLanes(sink, limit);
            if (count == 0) {
                dropDead(parts);
            }
            return count;
        } finally {
            try {
                // As in AtomicWords: the interpreter's late error comes here, and not in the call that ends the turn.
                byte[] made = new byte[1];
            } finally {
                endTurn();
            }
        }
    }

    private void endTurn() {
        try {
            giveBackIfClosed();
        } finally {
            turn.unlock();
        }
    }

    private int pollLanes(LaneReader.Sink sink, int limit) {
        int used = channel.used();
        int begin = first <= used ? first : 1;
        int count = 0;
        for (int i = 0; i < used && count < limit && !closed; i++) {
            int number = begin + i <= used ? begin + i : begin + i - used;
            first = number + 1;
            IncomingLane lane = lane(number);
            count += lane.poll(sink, limit - count, stopped);
            if (!partsOpen && lane.isOpen()) {
                nextDeathLook = System.nanoTime();
                partsOpen = true;
            }
        }
        return count;
    }

    /** Drops messages in parts whose senders have died, as nobody sends the rest. */
    private void dropDead(Parts parts) {
        if (!isDeathLookDue()) {
            return;
        }
        nextDeathLook = System.nanoTime() + DEATH_NANOS;
        boolean open = false;
        for (int number = 1, used = channel.used(); number <= used; number++) {
            IncomingLane lane = lane(number);
            if (lane.isOpen() && lane.isEmpty() && !channel.isHeld(number) && lane.isEmpty()) {
                lane.assembly.drop();
                abort(lane, parts);
            }
            open |= lane.isOpen();
        }
        partsOpen = open;
    }

    private boolean isDeathLookDue() {
        return partsOpen && System.nanoTime() - nextDeathLook >= 0;
    }

    /**
     * As {@link #poll}, but waits some microseconds for a first message, if that pays. Takes less time than {@link
     * #receive}, because it looks at no clock.
     */
    public int receiveSoon(LaneReader.Sink sink, Parts parts, int limit) throws InterruptedException {
        Deadline.checkInterrupt();
        return sleeper.glances(anyThere) ? poll(sink, parts, limit) : 0;
    }

    /** As {@link #poll}, but waits for a first message. Returns 0 if the deadline passed before. */
    public int receive(LaneReader.Sink sink, Parts parts, int limit, long deadline) throws InterruptedException {
        Deadline.checkInterrupt();
        int count = poll(sink, parts, limit);
        if (count > 0 || !queue.tryLock(Deadline.remainingNanos(deadline), TimeUnit.NANOSECONDS)) {
            return count;
        }
        try {
            // Each time, as overwritten positions may say for ever that there is something.
            while (count == 0
                    && !Deadline.hasPassed(deadline)
                    && sleeper.await(() -> isThereAny() || isDeathLookDue(), deadline)
                    && turn.tryLock(Deadline.remainingNanos(deadline), TimeUnit.NANOSECONDS)) {
                count = pollInTurn(sink, parts, limit);
            }
            if (count == 0) {
                // Here, and not when this leaves the queue.
                PendingErrors.rethrowIfMemory();
                checkOpen();
            }
            return count;
        } finally {
            queue.unlock();
        }
    }

    /** Waits until there is a record, or the deadline has passed, and takes nothing. */
    public boolean await(long deadline) throws InterruptedException {
        Deadline.checkInterrupt();
        checkOpen();
        if (!queue.tryLock(Deadline.remainingNanos(deadline), TimeUnit.NANOSECONDS)) {
            return isThereAny();
        }
        try {
            boolean there = sleeper.await(this::isThereAny, deadline);
            PendingErrors.rethrowIfMemory();
            checkOpen();
            return there;
        } finally {
            queue.unlock();
        }
    }

    /** Whether there is a record that was not released. For any thread. */
    private boolean isThereAny() {
        for (int number = 1, used = channel.used(); number <= used; number++) {
            if (channel.lane(number).backlog() != 0) {
                return true;
            }
        }
        return false;
    }

    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The receiver of the " + channel.what + " is closed.");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Ends the waits under way, waits until no message is being handed over, and gives everything back. While this
     * thread is handed a message, leaves that to the end of that call. May be called again.
     */
    public void close() {
        closed = true;
        sleeper.cancel();
        if (turn.isHeldByCurrentThread()) {
            return;
        }
        turn.lock();
        endTurn();
    }

    private void giveBackIfClosed() {
        if (closed && !givenBack) {
            givenBack = true;
            try (objects) {
                leave();
                PendingErrors.rethrowIfMemory();
            } catch (Failure e) {
                // Everything has been tried by then. A successor finds the place given up, or this process ended.
            }
        }
    }

    private void leave() {
        try {
            closeLanes(1);
        } finally {
            if (channel.receivers != null) {
                channel.receivers.leave(objects.receiver);
            }
        }
    }

    /** Closes all of them, even if one fails because its memory has vanished. */
    private void closeLanes(int from) {
        int number = from;
        try {
            for (; number < lanes.length; number++) {
                if (lanes[number] != null) {
                    lanes[number].close();
                }
            }
        } finally {
            if (number < lanes.length) {
                closeLanes(number + 1);
            }
        }
    }

    @Override
    public String toString() {
        return channel.describe("receiver", closed);
    }
}
