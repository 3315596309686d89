package dev.sharedregion.internal.telemetry;

/** What a read has come to. The constants are those of the public enum, which documents them. */
public enum Outcome {
    FRESH,
    UNCHANGED,
    TORN,
    STALE,
    ABSENT
}
