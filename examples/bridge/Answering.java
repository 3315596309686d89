package bridge;

import io.aeron.ControlledFragmentAssembler;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The receiving end's part in what {@link Frames} says: takes part in a conversation, and answers. */
final class Answering {
    /** What has become of a frame. */
    enum Taken {
        YES,
        /** Not all of it was taken, as there is no room. It is to be given again. */
        NOT_YET,
        /** Something before it is missing. */
        NEVER
    }

    /** What takes the frames, and knows what to answer. */
    interface Target {
        /** A new conversation begins. */
        void open(DirectBuffer open, int offset);

        /** Takes a frame of the conversation, without waiting. */
        Taken take(DirectBuffer frame, int offset, int length);

        /** Writes the fields of a STATUS, and its entries. Returns how long it is. */
        int answer(MutableDirectBuffer status);
    }

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** While frames come all the time, an answer is for those of such a time. An answer takes as long as a frame. */
    private static final long ANSWER_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    private static final int FRAMES_AT_ONCE = 16;
    private static final int LONGEST = Frames.HEADER + 255 * Frames.ENTRY;

    private final Target target;
    private final ExclusivePublication out;
    private final Subscription in;
    private final ControlledFragmentHandler handler = new ControlledFragmentAssembler(this::take);
    private final UnsafeBuffer status =
            new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.nativeOrder()));
    private long conversation;
    private int session;

    /** The session that was lost last, in the upper half, so that it is never 0. */
    private long lost;

    private boolean unanswered;
    private long answered = System.nanoTime() - REPEAT_NANOS;

    Answering(Link link, int stream, int answerStream, Target target) {
        this.target = target;
        out = link.answers(answerStream);
        in = link.subscription(stream, lostSession -> lost = (long) lostSession << Integer.SIZE | 1);
        status.putInt(Frames.KIND, Frames.STATUS);
    }

    /** Receives and answers. Returns how much was received. */
    int work() {
        if (lost == ((long) session << Integer.SIZE | 1)) {
            lost = 0;
            conversation = 0;
        }
        int count = in.controlledPoll(handler, FRAMES_AT_ONCE);
        unanswered |= count > 0;
        if (System.nanoTime() - answered >= (unanswered ? ANSWER_NANOS : REPEAT_NANOS)) {
            answer();
        }
        return count;
    }

    private Action take(DirectBuffer frame, int offset, int length, Header header) {
        long theirs = frame.getLong(offset + Frames.CONVERSATION);
        if (frame.getInt(offset + Frames.KIND) == Frames.OPEN) {
            if (theirs != conversation) {
                target.open(frame, offset);
                conversation = theirs;
                session = header.sessionId();
                lost = 0;
            }
        } else if (theirs == conversation) {
            switch (target.take(frame, offset, length)) {
                case NOT_YET -> {
                    return Action.ABORT;
                }
                case NEVER -> conversation = 0;
                case YES -> {}
            }
        }
        return Action.CONTINUE;
    }

    private void answer() {
        unanswered = false;
        answered = System.nanoTime();
        status.putLong(Frames.CONVERSATION, conversation);
        Conversation.sent(out.offer(status, 0, target.answer(status)));
    }
}
