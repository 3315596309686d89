package dev.sharedregion.internal.inspect;

/** What an object is for a user of the library. The constants are those of the public enum, which documents them. */
public enum Kind {
    REGION,
    EVENT,
    PAIR,
    LOCK,
    TABLE,
    CHANNEL,
    REQUESTS,
    MUTEX,
    SEMAPHORE
}
