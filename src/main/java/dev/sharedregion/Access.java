package dev.sharedregion;

/** What a process may do with the memory of a {@link SharedRegion} that it opens. */
public enum Access {
    /**
     * Read and write. Other processes see what is written. Windows: {@code FILE_MAP_READ | FILE_MAP_WRITE}. Linux:
     * {@code O_RDWR}, {@code MAP_SHARED}.
     */
    READ_WRITE,

    /**
     * Read only. The library asks the system for read access only, so it can open a region whose permissions grant
     * only reading. A write throws {@link UnsupportedOperationException}. Windows: {@code FILE_MAP_READ}. Linux:
     * {@code O_RDONLY}, {@code MAP_SHARED}.
     */
    READ_ONLY,

    /**
     * Read and write, but what is written stays in this view: other processes do not see it. The library asks the
     * system for read access only. This view sees the changes of other processes to a page until it writes to that
     * page itself. Windows: {@code FILE_MAP_COPY}. Linux: {@code O_RDONLY}, {@code MAP_PRIVATE}.
     */
    COPY_ON_WRITE
}
