package dev.sharedregion.internal.lock;

import dev.sharedregion.internal.os.Bias;

/** The right of one thread to try a lock's word without another atomic change, and what it has acquired by it. */
final class LockBias extends Bias {
    /** The word, as the thread has acquired it by this right the last time. Only that thread writes it. */
    long acquired;
}
