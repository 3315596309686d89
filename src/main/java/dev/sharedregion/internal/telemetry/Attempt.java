package dev.sharedregion.internal.telemetry;

/** What one attempt to copy has come to. */
enum Attempt {
    /** The copy is whole, and not the one that was seen last. */
    NEW,
    /** Nothing is newer than what was seen last. */
    SAME,
    /** The producer was writing, or has left something half written. */
    TORN
}
