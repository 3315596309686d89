package dev.sharedregion.internal.os;

/**
 * Which part of a region to map, and how.
 *
 * @param offset the start of the view in bytes from the start of the region
 * @param length the length of the view in bytes, or {@link #TO_THE_END}
 * @param minimumSize the minimum size of an existing region in bytes, or 0
 */
public record ViewRequest(Protection protection, long offset, long length, long minimumSize) {
    /** The length of a view that ends where the region ends. */
    public static final long TO_THE_END = 0;

    /** All of a region of at least this size, to read and write. */
    public static ViewRequest whole(long minimumSize) {
        return new ViewRequest(Protection.READ_WRITE, 0, TO_THE_END, minimumSize);
    }

    public ViewRequest withProtection(Protection newProtection) {
        return new ViewRequest(newProtection, offset, length, minimumSize);
    }

    /** The same view, from another offset. */
    public ViewRequest from(long newOffset) {
        return new ViewRequest(protection, newOffset, length, minimumSize);
    }

    public ViewRequest ofLength(long newLength) {
        return new ViewRequest(protection, offset, newLength, minimumSize);
    }

    /** The same view of a region of at least this size. */
    public ViewRequest ofAtLeast(long newMinimumSize) {
        return new ViewRequest(protection, offset, length, newMinimumSize);
    }

    /**
     * Returns the length of the view in a region of this size.
     *
     * @param what the description of the region in messages
     * @throws IndexOutOfBoundsException if the view does not fit
     */
    public long lengthIn(long size, String what) {
        long rest = size - offset;
        if (rest <= 0 || length > rest) {
            throw new IndexOutOfBoundsException("A view at offset " + offset
                    + (length == TO_THE_END ? "" : " of length " + length) + " does not fit into " + what + " of size "
                    + size + ".");
        }
        return length == TO_THE_END ? rest : length;
    }

    public boolean writes() {
        return protection == Protection.READ_WRITE;
    }
}
