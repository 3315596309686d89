package dev.sharedregion.fuzz;

import dev.sharedregion.Access;

/**
 * The state of an object of the library, as the fuzzer knows it. It does not refer to the object, so that the garbage
 * collector can free the object. Pointers, buffers and structures that outlive the object refer to this state.
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
