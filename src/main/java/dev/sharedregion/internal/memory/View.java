package dev.sharedregion.internal.memory;

import com.sun.jna.Pointer;
import dev.sharedregion.internal.jvm.SafetyNet;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Backlog;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory of a mapping, which the JVM accesses only in bounds and never after it was unmapped.
 *
 * <p>Every access uses direct ByteBuffers that are created here (the roots) or slices of them, which keep their root
 * reachable. The memory is unmapped when the last root has become unreachable, and so after the last pointer and
 * buffer over it, whatever other threads do. If no pointer or buffer was ever returned, close unmaps it. A pointer
 * also calls {@link #checkOpen}, so that its use after close throws.
 */
public final class View implements AutoCloseable {
    /** Roots begin at multiples of 1 GiB and span up to 2 GiB, so that no access up to 1 GiB crosses an end. */
    private static final int WINDOW_SHIFT = 30;

    /** The most bytes that {@link #window} spans from any offset. */
    public static final int MAX_PIECE = 1 << WINDOW_SHIFT;

    private static final VarHandle WINDOW = MethodHandles.arrayElementVarHandle(ByteBuffer[].class);

    /** The description of the region in messages. */
    public final String what;

    public final long size;
    public final Protection protection;

    private final RegionMapping mapping;

    /**
     * The first root is created with the view, each other one when it is first used. A region therefore costs the same
     * in any size.
     */
    private final ByteBuffer[] windows;

    /**
     * Held by calls that need the memory and its object, such as a flush, which may take long. Only close waits for
     * it.
     */
    private final Object flushing = new Object();

    /** Frees the memory. Only until a pointer or buffer is returned: until then there is one root. */
    private Cleaner.Cleanable cleanable;

    /**
     * Whether a pointer or a buffer has been returned, so that only the garbage collector can tell when the memory is
     * unused.
     */
    private volatile boolean lent;

    private volatile boolean closed;

    /** Takes ownership of the mapping, if the constructor succeeds. */
    public View(String what, RegionMapping mapping, Protection protection) {
        this.what = what;
        this.mapping = mapping;
        this.size = mapping.size;
        this.protection = protection;
        windows = new ByteBuffer[(int) (((size - 1) >>> WINDOW_SHIFT) + 1)];
        newWindow(0);
    }

    /** The buffer in which an access of up to {@link #MAX_PIECE} bytes at this offset begins and ends. */
    public ByteBuffer window(long offset) {
        int index = windowIndex(offset);
        ByteBuffer window = (ByteBuffer) WINDOW.getAcquire(windows, index);
        return window != null ? window : newWindow(index);
    }

    private synchronized ByteBuffer newWindow(int index) {
        if (windows[index] == null) {
            long start = (long) index << WINDOW_SHIFT;
            WINDOW.setRelease(windows, index, root(start, Math.min(size - start, Integer.MAX_VALUE)));
        }
        return windows[index];
    }

    /** Which window, counted from the memory's start, the offset is in. */
    public static int windowIndex(long offset) {
        return (int) (offset >>> WINDOW_SHIFT);
    }

    /** The place of this offset in its {@link #window}. */
    public static int indexInWindow(long offset) {
        return (int) offset & (MAX_PIECE - 1);
    }

    /** A buffer over a part of the memory, in native order. */
    public ByteBuffer buffer(long offset, int length) {
        lend();
        int index = indexInWindow(offset);
        ByteBuffer part;
        if (length == 0) {
            part = ByteBuffer.allocateDirect(0);
        } else if (index + (long) length <= window(offset).capacity()) {
            part = window(offset).slice(index, length);
        } else {
            part = root(offset, length);
        }
        return (protection == Protection.READ_ONLY ? part.asReadOnlyBuffer() : part).order(ByteOrder.nativeOrder());
    }

    /** Notes that the memory will be reachable from outside. Takes no lock from the second call on. */
    public void lend() {
        if (!lent) {
            synchronized (this) {
                checkOpen();
                lent = true;
            }
        }
        checkOpen();
    }

    public boolean isOpen() {
        return !closed;
    }

    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The " + what + " is closed.");
        }
    }

    public void checkWritable() {
        checkOpen();
        if (protection == Protection.READ_ONLY) {
            throw new UnsupportedOperationException(
                    "The " + what + " is open READ_ONLY. Open it READ_WRITE or COPY_ON_WRITE to write to it.");
        }
    }

    /** Fails if the memory is closed, or if this range is outside of so many bytes of it. */
    public void check(long offset, long length, long bounds) {
        checkOpen();
        if (offset < 0 || length < 0 || offset > bounds - length) {
            throw outOfBounds(offset, length, bounds);
        }
    }

    IndexOutOfBoundsException outOfBounds(long offset, long length, long bounds) {
        return new IndexOutOfBoundsException(
                "Offset " + offset + ", length " + length + " is outside of " + bounds + " bytes of the " + what + ".");
    }

    public void flush() {
        synchronized (flushing) {
            checkOpen();
            mapping.flush();
        }
    }

    public boolean isCurrent() {
        synchronized (flushing) {
            checkOpen();
            return mapping.isCurrent();
        }
    }

    @Override
    public void close() {
        synchronized (flushing) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            if (lent) {
                mapping.close();
            } else {
                cleanable.clean();
            }
        }
        if (lent) {
            Backlog.await();
        }
    }

    private ByteBuffer root(long offset, long length) {
        StackSpace.require();
        ByteBuffer root = new Pointer(mapping.address + offset).getByteBuffer(0, length);
        // The mapping refers neither to the root nor to this view, so these can become unreachable.
        Cleaner.Cleanable registered = SafetyNet.CLEANER.register(root, mapping::removeUser);
        // Only now: a root that is counted but not registered, for lack of memory, would keep the mapping for ever.
        mapping.addUser();
        if (!lent) {
            cleanable = registered;
        }
        // The other roots must not become unreachable before this one is counted.
        Reference.reachabilityFence(this);
        return root;
    }
}
