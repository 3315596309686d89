package dev.sharedregion.bench;

/**
 * What one row of a table about messages is about.
 *
 * @param size bytes of each message
 * @param capacity bytes that may be under way, of all senders together
 */
record StreamCase(StreamContender contender, int senders, int size, int capacity) {
    /** Of its table. */
    String of() {
        return size + " bytes, " + (senders == 1 ? "one sender" : senders + " senders");
    }

    @Override
    public String toString() {
        return contender.title + ", " + of();
    }
}
