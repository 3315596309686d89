package bridge;

import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The sending end's part in what {@link Frames} says: begins a conversation, and again if it was lost. */
final class Conversation {
    /** What is done with the answers. */
    interface Answers {
        /** The other end takes part in this conversation: all is to be sent that its first answer does not name. */
        void begin(DirectBuffer status, int offset);

        /** A further answer. */
        void add(DirectBuffer status, int offset);
    }

    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int ANSWERS_AT_ONCE = 10;

    final ExclusivePublication out;
    private final Subscription in;
    private final FragmentHandler handler;
    private final UnsafeBuffer open =
            new UnsafeBuffer(ByteBuffer.allocateDirect(Frames.HEADER).order(ByteOrder.nativeOrder()));
    private long number;
    private boolean begun;
    private long nextOpen = System.nanoTime();

    Conversation(Link link, int stream, int answerStream, Answers answers) {
        out = link.publication(stream);
        in = link.subscription(answerStream, session -> {});
        handler = new FragmentAssembler((buffer, offset, length, header) -> answered(buffer, offset, answers));
        open.putInt(Frames.KIND, Frames.OPEN);
        renew();
    }

    /** What the other end needs to know: the fields of an OPEN. */
    void describe(long which, int count, long size) {
        open.putLong(Frames.BEFORE, which);
        open.putInt(Frames.INDEX, count);
        open.putLong(Frames.POSITION, size);
    }

    private void renew() {
        begun = false;
        number = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        open.putLong(Frames.CONVERSATION, number);
    }

    long number() {
        return number;
    }

    /** Whether the other end takes part. */
    boolean isBegun() {
        return begun;
    }

    /** Takes answers, and begins what is to be begun. Returns how much was done. */
    int work() {
        if (begun && !out.isConnected()) {
            renew();
        }
        int count = in.poll(handler, ANSWERS_AT_ONCE);
        if (!begun && System.nanoTime() - nextOpen >= 0) {
            nextOpen = System.nanoTime() + REPEAT_NANOS;
            sent(out.offer(open));
        }
        return count;
    }

    private void answered(DirectBuffer status, int offset, Answers answers) {
        if (status.getLong(offset + Frames.CONVERSATION) != number) {
            if (begun) {
                renew();
            }
        } else if (begun) {
            answers.add(status, offset);
        } else {
            begun = true;
            answers.begin(status, offset);
        }
    }

    /** Whether Aeron took a message; if not, it is to be tried again. */
    static boolean sent(long result) {
        if (result == ExclusivePublication.CLOSED || result == ExclusivePublication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("The publication has ended: " + result + ".");
        }
        return result > 0;
    }
}
