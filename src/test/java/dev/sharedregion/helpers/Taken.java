package dev.sharedregion.helpers;

import dev.sharedregion.MessageReceiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The numbers of the messages that a test has received. Each message is checked to be {@link Numbered}. */
public final class Taken {
    private static final int BATCH = 10;

    public final List<Integer> numbers = new ArrayList<>();

    /** Checks a message, and notes its number. */
    public void take(int type, ByteBuffer message) {
        Numbered.check(message, type, message.remaining());
        numbers.add(type);
    }

    /** Forgets the numbers, receives what there is, and returns its numbers. */
    public List<Integer> all(MessageReceiver receiver) {
        numbers.clear();
        while (receiver.poll(this::take, BATCH) > 0) {
            // More.
        }
        return List.copyOf(numbers);
    }

    /** The numbers from the first one on, without the last one. */
    public static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
