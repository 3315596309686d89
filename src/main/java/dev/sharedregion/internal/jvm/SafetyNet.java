package dev.sharedregion.internal.jvm;

import java.lang.ref.Cleaner;

/** Frees the objects that a program did not close before they became unreachable. */
public final class SafetyNet {
    /** One thread for the whole library. */
    public static final Cleaner CLEANER = Cleaner.create();

    private SafetyNet() {}
}
