package dev.sharedregion.bench.views;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The heap array of a bulk copy. */
@State(Scope.Thread)
public class Bytes {
    /** How many bytes one copy moves. */
    @Param({"64", "1024", "65536", "1048576"})
    public int bytes;

    /** From or into which they are copied. */
    public byte[] array;

    /** Makes the array. */
    @Setup
    public void allocate() {
        array = new byte[bytes];
    }
}
