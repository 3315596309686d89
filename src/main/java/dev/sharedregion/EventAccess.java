package dev.sharedregion;

/** What a process may do with a {@link NamedEvent} that it opens. */
public enum EventAccess {
    /** Wait, set and reset. Windows: {@code SYNCHRONIZE | EVENT_MODIFY_STATE}. */
    FULL,

    /**
     * Wait only: {@link NamedEvent#set()} and {@link NamedEvent#reset()} throw {@link UnsupportedOperationException}.
     * Windows asks the system for {@code SYNCHRONIZE} alone and so opens events that grant no more. Linux needs write
     * permission on the object even so, because a wait that ends takes the signal out of it.
     */
    WAIT_ONLY
}
