package dev.sharedregion;

import java.lang.ref.Cleaner;

/** Frees what a program dropped without closing it. */
final class SafetyNet {
    /** One thread for the whole library. */
    static final Cleaner CLEANER = Cleaner.create();

    private SafetyNet() {}
}
