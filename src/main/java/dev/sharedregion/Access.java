package dev.sharedregion;

/** What a process may do with the memory of a {@link SharedRegion} that it opens. */
public enum Access {
    /**
     * Read and write; others see what is written. Windows: {@code FILE_MAP_READ | FILE_MAP_WRITE}; Linux:
     * {@code O_RDWR}, {@code MAP_SHARED}.
     */
    READ_WRITE,

    /**
     * Read only. The system is asked for no more than that, so a region whose owner grants reading alone can be opened.
     * A write is refused with an {@link UnsupportedOperationException}. Windows: {@code FILE_MAP_READ}; Linux:
     * {@code O_RDONLY}, {@code MAP_SHARED}.
     */
    READ_ONLY,

    /**
     * Read and write, but what is written stays in this view and nobody else sees it; the system is asked for the right
     * to read alone. What others write to a page is seen until this view has written to that page. Windows:
     * {@code FILE_MAP_COPY}; Linux: {@code O_RDONLY}, {@code MAP_PRIVATE}.
     */
    COPY_ON_WRITE
}
