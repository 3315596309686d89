package dev.sharedregion.internal.pair;

/** The two sides of a pair. */
public enum Side {
    /** The server, which writes; {@code x.read} is set for it. */
    WRITING("writing", ".read"),
    /** The client, which reads; {@code x.written} is set for it. */
    READING("reading", ".written");

    /** How messages call it. */
    public final String label;

    /** The suffix of the event that it waits on, unless options give it another name. */
    public final String event;

    Side(String label, String event) {
        this.label = label;
        this.event = event;
    }

    public Side peer() {
        return this == WRITING ? READING : WRITING;
    }
}
