package bridge;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** The receiving end's part in what {@link Frames} says: takes part in a conversation, and answers. For one thread. */
final class Answering {
    /** What takes the frames, and knows what to answer. */
    interface Target {
        /** A new conversation begins. */
        void open(DirectBuffer open, int offset);

        /** Takes a frame of the conversation. Returns false if something before it is missing. */
        boolean take(DirectBuffer frame, int offset, int length);

        /** Writes the fields of a STATUS, and its entries. Returns how long it is. */
        int answer(MutableDirectBuffer status);
    }

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** While frames come all the time, an answer is for those of such a time. */
    private static final long ANSWER_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private static final int FRAMES_AT_ONCE = 16;
    private static final int LONGEST = Frames.HEADER + 255 * Frames.ENTRY;

    private final Target target;
    private final ExclusivePublication out;
    private final Subscription in;
    private final UnsafeBuffer status =
            new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.nativeOrder()));
    private long conversation;
    private int session;

    /** The session that was lost last, in the upper half, so that it is never 0. */
    private volatile long lost;

    private boolean unanswered;
    private long nextAnswer = System.nanoTime();

    Answering(Link link, int stream, int answerStream, Target target) {
        this.target = target;
        out = link.answers(answerStream);
        in = link.subscription(stream, lostSession -> lost = (long) lostSession << Integer.SIZE | 1);
        status.putInt(Frames.KIND, Frames.STATUS);
    }

    /** Receives and answers, without an end. */
    void run() {
        FragmentHandler handler = new FragmentAssembler(this::take);
        IdleStrategy idle = Link.idle();
        while (true) {
            if (lost == ((long) session << Integer.SIZE | 1)) {
                lost = 0;
                conversation = 0;
            }
            int count = in.poll(handler, FRAMES_AT_ONCE);
            if (count > 0 && !unanswered) {
                unanswered = true;
                nextAnswer = System.nanoTime() + ANSWER_NANOS;
            }
            if (unanswered && count == 0 || System.nanoTime() - nextAnswer >= 0) {
                answer();
            }
            idle.idle(count);
        }
    }

    private void take(DirectBuffer frame, int offset, int length, Header header) {
        long theirs = frame.getLong(offset + Frames.CONVERSATION);
        if (frame.getInt(offset + Frames.KIND) == Frames.OPEN) {
            if (theirs != conversation) {
                target.open(frame, offset);
                conversation = theirs;
                session = header.sessionId();
                lost = 0;
            }
        } else if (theirs == conversation && !target.take(frame, offset, length)) {
            conversation = 0;
        }
    }

    /** Answers. Called by the target, too, while it waits. */
    void answer() {
        unanswered = false;
        nextAnswer = System.nanoTime() + REPEAT_NANOS;
        status.putLong(Frames.CONVERSATION, conversation);
        Conversation.sent(out.offer(status, 0, target.answer(status)));
    }
}
