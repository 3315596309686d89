package dev.sharedregion.bench.views;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A string, all ASCII, that goes to the memory as UTF-8, and its place there: the shorter is the end of the longest.
 */
@State(Scope.Thread)
public class Text {
    /** What is in the memory before a benchmark reads. */
    static final String LONGEST = "x".repeat(64);

    /** Where that begins. */
    static final int START = 256;

    /** How long it is. */
    @Param({"8", "64"})
    public int chars;

    /** What is written. */
    public String string;

    /** Where it is read and written, in bytes. */
    public int at;

    /** Makes the string. */
    @Setup
    public void fill() {
        string = LONGEST.substring(LONGEST.length() - chars);
        at = START + LONGEST.length() - chars;
    }
}
