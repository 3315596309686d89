package dev.sharedregion;

/** What a process may do with a {@link NamedEvent} that it opens. */
public enum EventAccess {
    /** Wait, set and reset. Windows: {@code SYNCHRONIZE | EVENT_MODIFY_STATE}. */
    FULL,

    /**
     * Wait only: {@link NamedEvent#set()} and {@link NamedEvent#reset()} throw {@link UnsupportedOperationException}.
     * Windows asks the system for {@code SYNCHRONIZE} alone and so opens events that grant no more. Linux asks for write
     * permission, because a wait that ends takes the signal out of an auto-reset event, and takes read permission if that is
     * all there is and the event is a manual-reset one; then an interrupt or a close ends a wait within 50 milliseconds.
     */
    WAIT_ONLY
}
