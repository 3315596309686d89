package dev.sharedregion;

/** What a process may do with a {@link NamedEvent} that it opens. */
public enum EventAccess {
    /** Wait, set and reset. Windows: {@code SYNCHRONIZE | EVENT_MODIFY_STATE}. */
    FULL,

    /**
     * Wait only. {@link NamedEvent#set()} and {@link NamedEvent#reset()} throw {@link UnsupportedOperationException}.
     *
     * <p>Windows: {@code SYNCHRONIZE}. An event that grants only this right can be opened. Linux: the library asks for
     * write permission, because a wait that ends takes the signal out of an auto-reset event. If only read permission
     * is granted and the event is a manual-reset event, the library opens it for reading. An interrupt or a close then
     * ends a wait within 50 milliseconds.
     */
    WAIT_ONLY
}
