package dev.sharedregion.helpers;

import java.util.List;

/**
 * How often a test repeats something: seldom by default, so that all tests together take minutes, and often with
 * -Pexhaustive.
 */
public final class Sizes {
    public static final boolean EXHAUSTIVE = Boolean.getBoolean("sharedregion.exhaustive");

    private static volatile boolean asked;

    private Sizes() {}

    /**
     * What the property says, if it is set.
     *
     * @param usual without the profile
     * @param exhaustive with it
     */
    public static int of(String property, int usual, int exhaustive) {
        asked |= System.getProperty(property) != null;
        return Integer.getInteger(property, EXHAUSTIVE ? exhaustive : usual);
    }

    /** All of them with -Pexhaustive, and otherwise the first so many. */
    public static <T> List<T> first(int usual, List<T> all) {
        return EXHAUSTIVE ? all : all.subList(0, usual);
    }

    /**
     * Prints what a test has measured, with -Pexhaustive or a property that says how much. Otherwise there is too little
     * of it to mean anything.
     */
    public static void report(String line) {
        if (EXHAUSTIVE || asked) {
            System.out.println(line);
        }
    }
}
