package dev.sharedregion.fuzz;

import dev.sharedregion.Access;

/**
 * What the fuzzer knows of an object of the library without keeping it from the collector: pointers, buffers and
 * structures that outlive it refer to this.
 */
final class State {
    /** Of a region; null and 0 for the others. */
    final Access access;

    final long size;

    /** Set before close is called: from now on an IllegalStateException may come. */
    volatile boolean closing;

    /** Set after close has returned: from now on it must come. */
    volatile boolean closed;

    State(Access access, long size) {
        this.access = access;
        this.size = size;
    }
}
