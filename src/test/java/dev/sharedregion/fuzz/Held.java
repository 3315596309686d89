package dev.sharedregion.fuzz;

import dev.sharedregion.SharedRegion;

/** An open object of the library, or one that was open, with what is known of it. */
record Held(AutoCloseable object, State state) {
    static Held of(AutoCloseable object) {
        return new Held(
                object,
                object instanceof SharedRegion region
                        ? new State(region.access(), region.size())
                        : new State(null, 0));
    }

    void close() throws Exception {
        state.closing = true;
        object.close();
        state.closed = true;
    }
}
