package dev.sharedregion.internal.jvm;

import java.lang.ref.Cleaner;

/** Frees what a program dropped without closing it. */
public final class SafetyNet {
    /** One thread for the whole library. */
    public static final Cleaner CLEANER = Cleaner.create();

    private SafetyNet() {}
}
