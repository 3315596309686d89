package dev.sharedregion.bench.locks;

import dev.sharedregion.SharedLock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Locking and unlocking without contention, around one write. */
@State(Scope.Thread)
public class LockAndUnlock {
    private final ReentrantLock reentrant = new ReentrantLock();
    private final AtomicLong word = new AtomicLong();
    private SharedLock lock;
    private long count;

    /** Opens the lock. */
    @Setup
    public void open() {
        lock = SharedLock.openOrCreate("bench-lock-" + ProcessHandle.current().pid());
    }

    /** Closes it. */
    @TearDown
    public void close() {
        lock.close();
    }

    /** A {@code SharedLock}. */
    @Benchmark
    public long sharedLock() throws InterruptedException {
        try (SharedLock.Guard guard = lock.lock()) {
            return guard.abandoned() ? 0 : ++count;
        }
    }

    /** The least of a lock that is the process's and is shared: a lock of the JDK, and a compare-and-swap. */
    @Benchmark
    public long reentrantLockAndSwap() {
        reentrant.lock();
        try {
            word.compareAndSet(count, count + 1);
            return ++count;
        } finally {
            reentrant.unlock();
        }
    }
}
