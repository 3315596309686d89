package dev.sharedregion.internal.jvm;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * Calls {@link #wakeup} when the thread is interrupted between {@link #enter} and {@link #leave}, or in {@link #enter}
 * if it was interrupted before. The interrupting thread makes the call. This class is a selector only because
 * {@link AbstractSelector#begin} is the one public way to do this: Java has no other way to end a wait in a system
 * call. The interrupt status is set before the call. The call may come late, after {@link #leave}: newer JDKs make it
 * after the interrupting thread has released its lock. It must therefore not touch anything that may have been freed
 * by then.
 */
public abstract class InterruptHook extends AbstractSelector {
    public InterruptHook() {
        super(null);
    }

    public final void enter() {
        begin();
    }

    public final void leave() {
        end();
    }

    @Override
    public abstract Selector wakeup();

    @Override
    protected final void implCloseSelector() {}

    @Override
    protected final SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int select(long timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final int select() {
        throw new UnsupportedOperationException();
    }
}
