package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.FIRST;
import static dev.sharedregion.internal.message.MessageLayout.HEADER_SIZE;
import static dev.sharedregion.internal.message.MessageLayout.LAST;
import static dev.sharedregion.internal.message.MessageLayout.MIDDLE;
import static dev.sharedregion.internal.message.MessageLayout.WHOLE;

import com.sun.jna.Pointer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.PendingErrors;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Bias;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ProcessFence;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The sender of a channel in this process: its threads share it and take turns, and one of them may close it while
 * others use it. The callers have required stack, except those of {@link #offer} and {@link #sendWhenRoom}: the first
 * writes a message without that, as long as no other thread is in the way.
 */
public final class ChannelWriter {
    /** Writes a message, once there is room for it. */
    @FunctionalInterface
    public interface Content {
        /** Writes all bytes of the message to this place in the ring, which is in native order. Sends nothing. */
        void write(ByteBuffer ring, int at);
    }

    /** What is written in place, or in parts: the thread that has begun it ends it before another message is sent. */
    public final class Outgoing {
        private final Thread thread = Thread.currentThread();
        private final int type;

        /** Where the record begins that is written in place. */
        private int at;

        /** The length of that. */
        private final int length;

        /** What other threads wait for that want to send. */
        private final CountDownLatch ended = new CountDownLatch(1);

        /** Whether a part was published. */
        private boolean begun;

        private Outgoing(int type, int length) {
            this.type = type;
            this.length = length;
        }

        private long offset() {
            return objects.shape.ringOffset(lane.number) + at + HEADER_SIZE;
        }

        /** The bytes to write in place, in native order. */
        public ByteBuffer bytes() {
            return objects.view.buffer(offset(), length);
        }

        /** A pointer to the bytes to write in place. */
        public Pointer pointer() {
            return objects.pointer.share(offset(), length);
        }
    }

    private final ChannelObjects objects;
    private final Lane lane;
    private final LaneWriter writer;
    private final ByteBuffer ring;
    private final ByteBuffer control;
    private final EventHandle sent;

    /** Null if there can be one receiver. */
    private final OtherReceivers others;

    private final Sleeper sleeper;
    private final SenderTurn turn;
    private final int largestRecord;

    /** The bytes of each part of a message that is sent in parts. Several parts are under way at the same time. */
    private final int partLength;

    /** The threads that wait for room. The first of them sleeps. Fair, so that a long message has its turn. */
    private final ReentrantLock queue = new ReentrantLock(true);

    /** How many there are. Until they have sent, nobody else does. */
    private final AtomicInteger waiting = new AtomicInteger();

    private volatile boolean closed;

    /** What is being written in place, or in parts; null if nothing is. Written by the thread that has the turn. */
    private volatile Outgoing outgoing;

    /** Guarded by the turn. */
    private boolean givenBack;

    /**
     * Takes the objects over, if it succeeds.
     *
     * @param fence of this process, or null if the system has none
     */
    ChannelWriter(ChannelObjects objects, Lane lane, ProcessFence fence) {
        this.objects = objects;
        this.lane = lane;
        this.writer = writer(objects.channel);
        this.ring = lane.ring;
        this.control = lane.control;
        this.sent = objects.sent;
        this.others = objects.others;
        this.sleeper = new Sleeper(control, lane.asleepPlace(), objects.freed);
        this.turn = new SenderTurn(fence);
        this.largestRecord = objects.shape.largestRecord();
        this.partLength = objects.shape.capacity() / 4 - HEADER_SIZE;
        sleeper.begin();
    }

    private LaneWriter writer(Channel channel) {
        if (channel.shape.lossy()) {
            return new LaneWriter(lane, (tail, needed) -> tail, channel.marks(lane.number));
        }
        Receivers receivers = channel.receivers;
        return receivers == null
                ? new LaneWriter(lane)
                : new LaneWriter(lane, (tail, needed) -> receivers.head(lane.number, tail, needed), null);
    }

    public String what() {
        return lane.what;
    }

    public Channel channel() {
        return objects.channel;
    }

    /** The channel, to look at it. Fails if this is closed. */
    public Channel openChannel() {
        checkOpen();
        return objects.channel;
    }

    public int largestRecord() {
        return largestRecord;
    }

    // Whole messages.

    /** Sends the remaining bytes of a buffer, of which a record takes all, if there is room at once. */
    public boolean offer(int type, ByteBuffer message) {
        Bias own = turn.enter();
        try {
            boolean done = waiting.get() == 0 ? tryWrite(type, message) : giveWay();
            VarHandle.releaseFence();
            return done;
        } finally {
            if (own != null) {
                own.inside = false;
            } else {
                turn.lock.unlock();
            }
        }
    }

    /** Sends a message of this length, which a record takes, if there is room at once. */
    public boolean offer(int type, int length, Content content) {
        return inTurn(() -> waiting.get() == 0 ? tryWrite(type, length, content) : giveWay());
    }

    private boolean tryWrite(int type, int length, Content content) {
        int at = isFree() ? writer.claim(length, false) : LaneWriter.NO_ROOM;
        if (at == LaneWriter.NO_ROOM) {
            return false;
        }
        boolean written = false;
        try {
            content.write(ring, at + HEADER_SIZE);
            written = true;
        } finally {
            if (!written) {
                writer.withdraw();
            }
        }
        publish(at, WHOLE, length, type);
        return true;
    }

    private boolean tryWrite(int type, ByteBuffer message) {
        int length = message.remaining();
        if (length > largestRecord) {
            throw new IllegalArgumentException("Another thread has made the message longer while it was sent to the "
                    + lane.what + ". Change a buffer only when the call that sends it has returned.");
        }
        int at = isFree() ? writer.claim(length, false) : LaneWriter.NO_ROOM;
        if (at == LaneWriter.NO_ROOM) {
            return false;
        }
        ring.put(at + HEADER_SIZE, message, message.position(), length);
        publish(at, WHOLE, length, type);
        return true;
    }

    /** Leaves the room to the threads that wait; fails if this thread could not have it anyway. */
    private boolean giveWay() {
        isFree();
        return false;
    }

    private void publish(int at, int kind, int length, int type) {
        writer.publish(at, kind, length, type);
        try {
            if (Sleeper.isAsleep(control, MessageLayout.RECEIVER_ASLEEP)) {
                StackSpace.require();
                Sleeper.wake(control, MessageLayout.RECEIVER_ASLEEP, sent);
            }
            if (others != null) {
                others.wake();
            }
        } catch (StackOverflowError | OutOfMemoryError e) {
            // The message is sent, so that the call must not fail. The receiver looks by itself after 100 ms.
        }
    }

    /** Whether nothing is being written; fails if this thread is writing something. */
    private boolean isFree() {
        checkOpen();
        if (outgoing != null && outgoing.thread == Thread.currentThread()) {
            // If the memory has vanished, that error may have kept the claim from the thread.
            writer.checkMemory();
            throw new IllegalStateException("This thread is writing a message to the " + lane.what + " in place or in "
                    + "parts. Commit or close that first, or open another sender.");
        }
        return outgoing == null;
    }

    /** Sends the remaining bytes of a buffer. Returns false if the deadline passed before. */
    public boolean sendWhenRoom(int type, ByteBuffer message, long deadline) throws InterruptedException {
        StackSpace.require();
        int length = message.remaining();
        if (length > largestRecord) {
            return sendParts(type, message, deadline);
        }
        return whenRoom(length, deadline, () -> tryWrite(type, message));
    }

    /** As {@link #offer(int, int, Content)}, but waits for room. Returns false if the deadline passed before. */
    public boolean sendWhenRoom(int type, int length, Content content, long deadline) throws InterruptedException {
        return whenRoom(length, deadline, () -> tryWrite(type, length, content));
    }

    /** Takes the turn for a step. */
    private boolean inTurn(BooleanSupplier step) {
        Bias own = turn.enter();
        try {
            boolean done = step.getAsBoolean();
            VarHandle.releaseFence();
            return done;
        } finally {
            if (own != null) {
                own.inside = false;
            } else {
                turn.lock.unlock();
            }
        }
    }

    /** Takes the turn for a step while a record may have room, until it succeeds; false if the deadline passed before. */
    private boolean whenRoom(int length, long deadline, BooleanSupplier step) throws InterruptedException {
        return whenReady(() -> writer.mayHaveRoom(length), deadline, step);
    }

    /** Takes the turn for a step while it may succeed, until it does. Returns false if the deadline passed before. */
    private boolean whenReady(BooleanSupplier ready, long deadline, BooleanSupplier step) throws InterruptedException {
        Deadline.checkInterrupt();
        waiting.incrementAndGet();
        try {
            return queue.tryLock(Deadline.remainingNanos(deadline), TimeUnit.NANOSECONDS)
                    && inFront(ready, deadline, step);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private boolean inFront(BooleanSupplier ready, long deadline, BooleanSupplier step) throws InterruptedException {
        try {
            while (!(ready.getAsBoolean() && inTurn(step))) {
                Outgoing other = outgoingInTurn();
                boolean passed = other == null
                        ? await(ready, deadline)
                        : other.ended.await(Deadline.remainingNanos(deadline), TimeUnit.NANOSECONDS);
                if (!passed) {
                    checkOpen();
                    return false;
                }
            }
            return true;
        } finally {
            queue.unlock();
        }
    }

    /** In the turn, so that who begins a message later has seen that this thread waits. */
    private Outgoing outgoingInTurn() {
        Outgoing[] found = new Outgoing[1];
        inTurn(() -> {
            found[0] = outgoing;
            return true;
        });
        return found[0];
    }

    /** By the thread in front while nothing is being written, and otherwise by the one that writes. */
    private boolean await(BooleanSupplier ready, long deadline) throws InterruptedException {
        // Each time, as overwritten positions may say for ever that there is room.
        Deadline.checkInterrupt();
        return !Deadline.hasPassed(deadline) && sleeper.await(ready, deadline);
    }

    // In place.

    /** Claims a record to write in place, if there is room at once; null if not. */
    public Outgoing tryClaim(int type, int length) {
        Outgoing made = new Outgoing(type, length);
        return inTurn(() -> waiting.get() == 0 ? tryClaim(made) : giveWay()) ? made : null;
    }

    /** Claims a record to write in place. Returns null if the deadline passed before. */
    public Outgoing claim(int type, int length, long deadline) throws InterruptedException {
        Outgoing claimed = tryClaim(type, length);
        if (claimed != null) {
            return claimed;
        }
        Outgoing made = new Outgoing(type, length);
        return whenRoom(length, deadline, () -> tryClaim(made)) ? made : null;
    }

    private boolean tryClaim(Outgoing made) {
        made.at = isFree() ? writer.claim(made.length, false) : LaneWriter.NO_ROOM;
        if (made.at == LaneWriter.NO_ROOM) {
            return false;
        }
        outgoing = made;
        return true;
    }

    /** Publishes what was written in place. */
    public void commit(Outgoing claim) {
        inTurn(() -> {
            checkUnderWay(claim);
            publish(claim.at, WHOLE, claim.length, claim.type);
            end();
            return true;
        });
    }

    private void checkUnderWay(Outgoing which) {
        checkOpen();
        if (outgoing != which) {
            throw new IllegalStateException("This message to the " + lane.what + " was committed or closed before.");
        }
    }

    private void end() {
        Outgoing ended = outgoing;
        outgoing = null;
        ended.ended.countDown();
    }

    /** Gives up what is being written in place, or in parts; does nothing if it was committed or given up before. */
    public void abort(Outgoing which) {
        inTurn(() -> {
            if (outgoing == which && !givenBack) {
                abortOutgoing();
            }
            return true;
        });
    }

    private void abortOutgoing() {
        try {
            if (outgoing.begun) {
                writer.abort();
            } else {
                writer.withdraw();
            }
        } finally {
            // Also if the memory has vanished, as others wait for this.
            end();
        }
    }

    // In parts.

    /** Begins a message in parts. Waits while another thread is writing one. */
    public Outgoing begin(int type, long deadline) throws InterruptedException {
        Outgoing made = new Outgoing(type, 0);
        return inTurn(() -> waiting.get() == 0 ? tryBegin(made) : giveWay())
                || whenReady(() -> true, deadline, () -> tryBegin(made)) ? made : null;
    }

    private boolean tryBegin(Outgoing made) {
        boolean free = isFree();
        if (free) {
            outgoing = made;
        }
        return free;
    }

    /** Writes the remaining bytes of a buffer, and moves its position. Returns false if the deadline passed before. */
    public boolean write(Outgoing message, ByteBuffer bytes, long deadline) throws InterruptedException {
        inTurn(() -> {
            checkUnderWay(message);
            return true;
        });
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), partLength);
            if (!writePart(message, bytes, length, message.begun ? MIDDLE : FIRST, deadline)) {
                return false;
            }
        }
        return true;
    }

    /** Writes the next bytes of a buffer as one part, and moves its position. */
    private boolean writePart(Outgoing message, ByteBuffer bytes, int length, int kind, long deadline)
            throws InterruptedException {
        BooleanSupplier step = () -> inTurn(() -> {
            checkUnderWay(message);
            int at = writer.claim(length, kind == FIRST || kind == MIDDLE);
            if (at == LaneWriter.NO_ROOM) {
                return false;
            }
            ring.put(at + HEADER_SIZE, bytes, bytes.position(), length);
            // Whatever comes of the wake-up.
            message.begun = true;
            publish(at, kind, length, message.type);
            if (kind == LAST || kind == WHOLE) {
                end();
            }
            return true;
        });
        while (!step.getAsBoolean()) {
            if (!await(() -> writer.mayHaveRoom(length), deadline)) {
                checkOpen();
                return false;
            }
        }
        bytes.position(bytes.position() + length);
        return true;
    }

    /** Ends a message in parts with these bytes. Returns false if the deadline passed before. */
    public boolean finish(Outgoing message, ByteBuffer bytes, long deadline) throws InterruptedException {
        return writePart(message, bytes, bytes.remaining(), message.begun ? LAST : WHOLE, deadline);
    }

    private boolean sendParts(int type, ByteBuffer message, long deadline) throws InterruptedException {
        Outgoing parts = begin(type, deadline);
        if (parts == null) {
            return false;
        }
        try {
            ByteBuffer left = message.duplicate();
            ByteBuffer first = left.slice(left.position(), left.remaining() - partLength);
            left.position(left.limit() - partLength);
            return write(parts, first, deadline) && finish(parts, left, deadline);
        } finally {
            abort(parts);
        }
    }

    // Close.

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The sender of the " + lane.what + " is closed.");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** Ends the waits under way, gives up what is being written, and gives everything back. May be called again. */
    public void close() {
        closed = true;
        sleeper.cancel();
        inTurn(() -> {
            if (!givenBack) {
                giveBack();
            }
            return true;
        });
    }

    private void giveBack() {
        givenBack = true;
        try (objects) {
            if (outgoing != null) {
                abortOutgoing();
            } else {
                // After a call that has failed in the middle.
                writer.withdraw();
            }
            PendingErrors.rethrowIfMemory();
        } catch (Failure e) {
            // Everything has been tried by then. A successor finds the place given up, or this process ended.
        }
    }

    @Override
    public String toString() {
        return objects.channel.describe("sender in lane " + lane.number, closed);
    }
}
