package dev.sharedregion.internal.os;

/**
 * A section, or a part of one, that is mapped into this process, together with the system's object behind it. The two
 * are given back apart: the object when the region is closed, the memory once nothing can touch it any more.
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

    protected RegionMapping(long address, long size, boolean created) {
        this.address = address;
        this.size = size;
        this.created = created;
    }

    /** Writes what was changed to the file behind the region, if there is one, and waits until it is on disk. */
    public abstract void flush();

    /** Closes the system's object, as {@link #closeObject}, unless it is closed already; then false. */
    public final synchronized boolean close(boolean reachable) {
        boolean was = objectOpen;
        objectOpen = false;
        if (was) {
            closeObject(reachable);
        }
        return was;
    }

    /** Gives back what is not given back yet. Only when no access to the memory is possible any more. */
    public final synchronized void free() {
        try {
            close(false);
        } finally {
            boolean was = mapped;
            mapped = false;
            if (was) {
                unmap();
            }
        }
    }

    /**
     * Closes the system's object. Called once.
     *
     * @param reachable whether accesses to the memory are still possible: then the addresses stay valid, though what is
     *     found there may change
     */
    protected abstract void closeObject(boolean reachable);

    /** Takes the memory out of this process. Called once, when no access to it is possible any more. */
    protected abstract void unmap();
}
