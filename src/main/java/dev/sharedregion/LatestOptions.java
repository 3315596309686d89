package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.latest.LatestRequest;
import dev.sharedregion.internal.latest.Shape;
import dev.sharedregion.internal.latest.TableLayout;
import dev.sharedregion.internal.os.ObjectName;
import java.util.Objects;

/**
 * The options for creating or opening a {@link LatestWriter} or a {@link LatestReader}. Options are immutable and can be
 * shared between threads: each method returns a changed copy. A writer and its readers can use the same options.
 */
public final class LatestOptions {
    private static final int DEFAULT_SLOTS = 4;

    private final int slots;
    private final long schema;
    private final Permissions permissions;

    private LatestOptions(int slots, long schema, Permissions permissions) {
        this.slots = slots;
        this.schema = schema;
        this.permissions = permissions;
    }

    /**
     * Returns the options that apply if none are given: 4 slots for each value, no schema, and
     * {@link Permissions#ownerOnly()}.
     *
     * @return the options
     */
    public static LatestOptions defaults() {
        StackSpace.require();
        return new LatestOptions(DEFAULT_SLOTS, 0, Permissions.ownerOnly());
    }

    /**
     * Sets how many copies of each value a new table has. A write uses the next copy in turn. A read must start over
     * only if the writer has written to the same value {@code number} - 1 times during the read. More slots help if
     * large values are written without a pause, and cost memory. Has no effect on a table that exists.
     *
     * @param number the number of slots, 2 to 255
     * @return a copy with this number
     * @throws IllegalArgumentException if the number is outside of this range
     */
    public LatestOptions slots(int number) {
        if (number < TableLayout.FEWEST_SLOTS || number > TableLayout.MOST_SLOTS) {
            throw new IllegalArgumentException("A table cannot have " + number + " slots for each value: give "
                    + TableLayout.FEWEST_SLOTS + " to " + TableLayout.MOST_SLOTS + ".");
        }
        return new LatestOptions(number, schema, permissions);
    }

    /**
     * Sets a number that identifies the layout of the values. The program chooses it. A new table gets the number. A
     * call that opens a table with another number fails with {@link SharedMemoryException.Reason#WRONG_KIND}.
     *
     * @param number the number; 0, the default, opens a table with any number
     * @return a copy with this schema
     */
    public LatestOptions schema(long number) {
        return new LatestOptions(slots, number, permissions);
    }

    /**
     * Sets who may read a table that is created. Without this option, {@link Permissions#ownerOnly()} applies. A user
     * who may only read the table can read its values and wait for newer ones: this user may also write to the region
     * {@code x.newer}, in which readers wait. A reader creates nothing, so the option has no effect on a reader.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public LatestOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new LatestOptions(slots, schema, newPermissions);
    }

    LatestRequest request(String name) {
        return new LatestRequest(ObjectName.of(name), schema, permissions.rights);
    }

    /** Returns the shape of a new table. */
    Shape shape(int count, int size) {
        if (count < 1) {
            throw new IllegalArgumentException("A table cannot have " + count + " values: give 1 or more.");
        }
        if (size < 1 || size > TableLayout.LARGEST_SIZE) {
            throw new IllegalArgumentException("A value cannot have " + size + " bytes: give 1 to "
                    + TableLayout.LARGEST_SIZE + ".");
        }
        if (!Shape.isPossible(count, size, slots)) {
            throw new IllegalArgumentException("A table of " + count + " values of " + size + " bytes in " + slots
                    + " slots would have more than 2^63 bytes. Give less.");
        }
        return new Shape(count, size, slots, schema);
    }
}
