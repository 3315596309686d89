package dev.sharedregion.bench;

import java.io.Closeable;

/**
 * A contender that is written in Java: how its two sides hand 64 bytes over. Each side lives in a process of its own, and is
 * used by one thread.
 */
interface Transport {
    /** The number that ends a run. */
    long END = -1;

    /**
     * Opens the asking side, which comes first.
     *
     * @param name what no other run uses; for whatever needs a name
     */
    Asking ask(String name) throws Exception;

    /** Opens the answering side. */
    Answering answer(String address) throws Exception;

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
    }
}
