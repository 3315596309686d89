package dev.sharedregion;

import dev.sharedregion.internal.lock.LockBlock;
import dev.sharedregion.internal.lock.LockHandle;
import dev.sharedregion.internal.lock.LockLayout;
import dev.sharedregion.internal.lock.LockObjects;
import dev.sharedregion.internal.lock.LockRequest;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.pair.MemorySlot;
import java.nio.ByteBuffer;

/** A lock object in plain memory, with the library's own block and steps. */
final class MemoryLock {
    /** The word and the first place. */
    private static final int SIZE = LockLayout.FIRST_PLACE + LockLayout.PLACE_SIZE;

    /** More than a thread has done when it gets the bias. */
    private static final int TURNS_TO_BIAS = 300;

    private final ByteBuffer memory = MemoryPair.memory(SIZE);

    final LockHandle handle;
    private volatile boolean givenBack;
    private volatile boolean robbed;

    MemoryLock() {
        LockObjects objects = new LockObjects();
        objects.block = new LockBlock(memory, offset -> new MemorySlot(memory, offset), () -> givenBack = true);
        objects.event = new MemoryEvent();
        objects.place = 1;
        LockRequest request = new LockRequest(ObjectName.of("jcstress"), Rights.OWNER_ONLY);
        handle = new LockHandle(request, objects, ThisSystem.get().processFence());
    }

    /** Has the lock give this thread the bias. */
    void giveBias() {
        for (int turn = 0; turn < TURNS_TO_BIAS; turn++) {
            release(handle.tryAcquire(Thread.currentThread()));
        }
    }

    /** Notes if another has released the lock meanwhile. */
    void release(long acquired) {
        try {
            handle.afterRelease(handle.release(acquired, false));
        } catch (Failure e) {
            robbed = true;
        }
    }

    /** Whether the lock is free, and each holder had it until its release. After the threads are done. */
    boolean isAtRest() {
        return !robbed && (memory.getLong(LockLayout.WORD) & LockLayout.WORD_OWNER) == 0;
    }

    boolean isGivenBack() {
        return givenBack;
    }
}
