package dev.sharedregion;

import com.sun.jna.Structure;
import java.nio.ByteBuffer;

/** The memory of a structure that holds a value. */
final class StructureBytes {
    private StructureBytes() {}

    /** Returns the structure's memory, which is valid while the structure is reachable. Checks its size. */
    static ByteBuffer of(Structure structure, String what, int size) {
        int given = structure.size();
        if (given != size) {
            throw new IllegalArgumentException("The structure " + structure.getClass().getName() + " has " + given
                    + " bytes, but a value of the " + what + " has " + size + ".");
        }
        return structure.getPointer().getByteBuffer(0, size);
    }
}
