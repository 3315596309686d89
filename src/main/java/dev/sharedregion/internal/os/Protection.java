package dev.sharedregion.internal.os;

/** What a process may do with the memory of a view. */
public enum Protection {
    READ_WRITE,
    READ_ONLY,
    COPY_ON_WRITE
}
