package dev.sharedregion.kills;

import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedRegion;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A user of a lock for tests that kill it: {@code src/test/c/lock_peer.c} in Java, with its arguments, its notices and
 * its layout of the region.
 */
final class LockWorker {
    static final int REGION_SIZE = 4096;

    /** The process that is in the section, or 0. */
    static final int HOLDER = 0;

    static final int FIRST = 8;
    static final int SECOND = 16;
    static final int REPAIRS = 24;

    private static final int TURNS = 128;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final VarHandle NUMBER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final SharedLock lock;
    private final ByteBuffer memory;
    private final int index;
    private final long longestPauseNanos;
    private final long self = ProcessHandle.current().pid();

    private LockWorker(SharedLock lock, ByteBuffer memory, int index, long longestPauseNanos) {
        this.lock = lock;
        this.memory = memory;
        this.index = index;
        this.longestPauseNanos = longestPauseNanos;
    }

    /** {@code work NAME INDEX [PAUSE]}. */
    public static void main(String[] arguments) throws InterruptedException {
        long pause = arguments.length > 3 ? Long.parseLong(arguments[3]) * 1000 : 0;
        try (SharedRegion region = SharedRegion.open(arguments[1]);
                SharedLock lock = SharedLock.openOrCreate(arguments[1])) {
            System.out.println("ready");
            LockWorker worker = new LockWorker(lock, region.buffer(), Integer.parseInt(arguments[2]), pause);
            while (true) {
                worker.turn();
            }
        } catch (RuntimeException e) {
            System.out.println("WRONG: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Where a worker counts its turns. */
    static int turns(int index) {
        return TURNS + index * TURNS;
    }

    static long number(ByteBuffer memory, int offset) {
        return (long) NUMBER.getVolatile(memory, offset);
    }

    private void set(int offset, long number) {
        NUMBER.setVolatile(memory, offset, number);
    }

    private void add(int offset) {
        set(offset, number(memory, offset) + 1);
    }

    private void turn() throws InterruptedException {
        try (SharedLock.Guard guard = lock.tryLock(LONG)) {
            if (guard == null) {
                throw wrong("no lock in time");
            }
            if (guard.abandoned()) {
                System.out.println("abandoned " + System.nanoTime() / 1_000_000);
                set(HOLDER, self);
                set(SECOND, number(memory, FIRST));
                add(REPAIRS);
                guard.markConsistent();
            } else if (number(memory, HOLDER) != 0 || number(memory, FIRST) != number(memory, SECOND)) {
                throw wrong("another is in the section, or a dead one was not told");
            }
            set(HOLDER, self);
            add(FIRST);
            RandomPause.upTo(longestPauseNanos);
            add(SECOND);
            add(turns(index));
            if (number(memory, HOLDER) != self || number(memory, FIRST) != number(memory, SECOND)) {
                throw wrong("another came into the section");
            }
            set(HOLDER, 0);
        }
        RandomPause.upTo(longestPauseNanos);
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException(what + ": holder " + number(memory, HOLDER) + ", first "
                + number(memory, FIRST) + ", second " + number(memory, SECOND) + " under " + lock);
    }
}
