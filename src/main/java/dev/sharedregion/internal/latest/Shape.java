package dev.sharedregion.internal.latest;

/**
 * How many values a table has, and of which size.
 *
 * @param size of a value, in bytes
 * @param slots how many of each value there are
 * @param schema a number of the user's, or 0
 */
public record Shape(int count, int size, int slots, long schema) {
    /** Whether a table of this shape is possible. */
    public static boolean isPossible(long count, long size, long slots) {
        return count >= 1
                && count <= TableLayout.MOST_VALUES
                && size >= 1
                && size <= TableLayout.LARGEST_SIZE
                && slots >= TableLayout.FEWEST_SLOTS
                && slots <= TableLayout.MOST_SLOTS
                && count <= (Long.MAX_VALUE - TableLayout.FIRST_VALUE) / valueLength(size, slots);
    }

    /** The size of the table's region in bytes. */
    public long regionSize() {
        return TableLayout.FIRST_VALUE + count * valueLength();
    }

    /** From one slot to the next. */
    long slotLength() {
        return slotLength(size);
    }

    /** From one value to the next. */
    long valueLength() {
        return valueLength(size, slots);
    }

    private static long slotLength(long size) {
        return TableLayout.BYTES + (size + TableLayout.LINE - 1) / TableLayout.LINE * TableLayout.LINE;
    }

    private static long valueLength(long size, long slots) {
        return TableLayout.FIRST_SLOT + slots * slotLength(size);
    }

    /** The values, for messages. */
    @Override
    public String toString() {
        return (count == 1 ? "1 value" : count + " values") + " of " + (size == 1 ? "1 byte" : size + " bytes");
    }
}
