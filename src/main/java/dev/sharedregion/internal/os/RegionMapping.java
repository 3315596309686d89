package dev.sharedregion.internal.os;

/**
 * A section, or a part of one, that is mapped into this process, together with the system's object for it. The two are
 * freed at different times: the object when the region is closed, the memory when nothing can access it any more.
 */
public abstract class RegionMapping {
    /** The address of the view's first byte. */
    public final long address;

    /** The number of bytes in the view. */
    public final long size;

    /** Whether this call created the region. */
    public final boolean created;

    private boolean objectOpen = true;
    private boolean mapped = true;
    private int users;

    protected RegionMapping(long address, long size, boolean created) {
        this.address = address;
        this.size = size;
        this.created = created;
    }

    /** Writes changes to the file of the region, if there is one, and waits until they are on disk. */
    public abstract void flush();

    /** Whether the name or the path still leads to this region. While it is open. */
    public abstract boolean isCurrent();

    /** Counts an object through which the memory can be accessed. */
    public final synchronized void addUser() {
        users++;
    }

    /** Frees the mapping if this was the last object through which the memory can be accessed. */
    public final synchronized void removeUser() {
        if (--users <= 0) {
            free();
        }
    }

    /** Closes the system's object while the memory can still be accessed. Further calls do nothing. */
    public final synchronized void close() {
        if (objectOpen) {
            objectOpen = false;
            Backlog.added(size);
            closeObject(true);
        }
    }

    /** Frees what is not freed yet. Only for use when no access to the memory is possible any more. */
    public final synchronized void free() {
        if (!mapped) {
            return;
        }
        mapped = false;
        try {
            if (objectOpen) {
                objectOpen = false;
                closeObject(false);
            } else {
                Backlog.removed(size);
            }
        } finally {
            unmap();
        }
    }

    /**
     * Closes the system's object. Called once.
     *
     * @param reachable whether the memory can still be accessed. If so, the addresses stay valid, but their content
     *     may change
     */
    protected abstract void closeObject(boolean reachable);

    /** Unmaps the memory. Called once, when no access to it is possible any more. */
    protected abstract void unmap();
}
