package dev.sharedregion.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongPredicate;

/**
 * A contender that is written in Java: how its two sides hand a payload over, and hand the turn back. Each side lives
 * in a process of its own, and is used by one thread. A contender that answers by a message
 * sends the number only.
 */
interface Transport {
    /** The number that ends a run. */
    long END = -1;

    /**
     * Opens the asking side, which comes first.
     *
     * @param name what no other run uses; for whatever needs a name
     */
    Asking ask(String name, Payload payload) throws Exception;

    /** Opens the answering side. */
    Answering answer(String address, Payload payload) throws Exception;

    /** So many bytes may be handed over in the warm-up, and again in the measuring. */
    default long mostBytes() {
        return Long.MAX_VALUE;
    }

    /** For those to whom the number of the round trip comes back. */
    static void checkAnswer(long number, long answer) {
        if (answer != number) {
            throw new IllegalStateException("Round trip " + number + " got the answer " + answer);
        }
    }

    /** A file of this fork: in memory where the system has such a place, and deleted by the harness. */
    static Path file(String name) {
        return Path.of(System.getProperty("bench.files"), name);
    }

    /** Maps a file, which may be there already. */
    static ByteBuffer map(Path file, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.nativeOrder());
        }
    }

    /** The side that makes a round trip and waits for its end. */
    interface Asking extends Closeable {
        /** Where the answering side finds this one, without blanks. */
        String address();

        /** Hands the payload of this number over, and waits until it is answered. */
        void roundTrip(long number) throws Exception;
    }

    /** The side that answers. */
    interface Answering extends Closeable {
        /**
         * Waits for one payload, checks it, and hands the turn back.
         *
         * @return the payload's number
         */
        long answer() throws Exception;

        /**
         * Answers payloads.
         *
         * @param goesOn is told each number, and returns false for the last one
         */
        default void answerAll(LongPredicate goesOn) throws Exception {
            while (answersMany(goesOn)) {
                // More.
            }
        }

        /** A method of its own, so that it is compiled as one, and not only replaced on the stack. */
        private boolean answersMany(LongPredicate goesOn) throws Exception {
            for (int i = 0; i < 1000; i++) {
                if (!goesOn.test(answer())) {
                    return false;
                }
            }
            return true;
        }
    }
}
