package dev.sharedregion.internal.os;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.PendingErrors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A word in shared memory that at most one process holds, and only while that process lives. The system reports the
 * end of the process, however it ends. Safe for use by several threads.
 */
public abstract class OwnerSlot implements AutoCloseable {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    protected final int offset;
    private final ByteBuffer memory;

    protected OwnerSlot(ByteBuffer memory, int offset) {
        this.memory = memory;
        this.offset = offset;
    }

    /** Takes the slot for this process. Returns false if a living process holds it, which may be this one. */
    public abstract boolean take();

    /** Whether a living process holds the slot. Not for a slot that this process has taken. */
    public abstract boolean isHeld();

    /**
     * The end of the process that holds the slot, for {@link EventHandle#await}; null if the system has no such object.
     */
    public abstract ProcessEnd holdersEnd();

    /**
     * Asks to be told when the process that holds the slot ends. Called before each long sleep.
     *
     * @param onEnd makes the wait look again. It may be called too often, and a moment before the slot is free. It is
     *     not called where {@link #holdersEnd} tells.
     * @return false if the end may not be told, so that the next sleep has to be short
     */
    public abstract boolean watch(Runnable onEnd);

    /** Gives up a slot that this process has taken. */
    public abstract void giveUp();

    /** Frees the resources that were needed to look at the slot. Further calls do nothing. */
    @Override
    public abstract void close();

    /** The value of the word while this process holds the slot. */
    public abstract long self();

    /** The description in messages of the process that holds the slot. */
    public final String holder() {
        long owner = word();
        return owner == 0 ? "another process" : process(owner) + (owner == self() ? " (this one)" : "");
    }

    /** The description in messages of the process of a word. */
    public static String process(long word) {
        return "process " + pid(word);
    }

    /** Whether no process has taken the slot, or the last one that did has given it up. */
    public final boolean isEmpty() {
        return word() == 0;
    }

    /** The process that has taken the slot, and may have died since; 0 if it has given it up. */
    public final long word() {
        return (long) LONG.getVolatile(memory, offset);
    }

    /** Gives up the word. If the memory has vanished, that error comes here, and not in a later step of a close. */
    protected final void clearWord() {
        setWord(0);
        PendingErrors.rethrowIfMemory();
    }

    protected final void setWord(long word) {
        LONG.setVolatile(memory, offset, word);
    }

    protected final boolean changeWord(long from, long to) {
        return AtomicWords.compareAndSet(memory, offset, from, to);
    }

    public static int pid() {
        return (int) ProcessHandle.current().pid();
    }

    /** The id of the process of a word. */
    public static int pid(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    /**
     * Returns the word of a process: its id, and a value that distinguishes it from another process of the same id.
     */
    public static long word(int pid, int which) {
        return (long) pid << Integer.SIZE | Integer.toUnsignedLong(which);
    }
}
