package dev.sharedregion.internal.jvm;

import java.util.function.Consumer;

/**
 * Releases a resource at the end of a try block, unless the block has handed over the resource. The guard is created
 * before the resource, so that no memory is needed after the resource exists. For one thread.
 *
 * @param <T> the resource
 */
public final class ScopeGuard<T> implements AutoCloseable {
    private final Consumer<? super T> release;
    private T resource;

    /** A guard that holds nothing yet. */
    public ScopeGuard(Consumer<? super T> release) {
        this.release = release;
    }

    /** Holds this resource, which may be null, and returns it. */
    public T hold(T newResource) {
        resource = newResource;
        return newResource;
    }

    /** Releases nothing, because the result owns the resource now. Returns the result. */
    public <R> R dismiss(R result) {
        resource = null;
        return result;
    }

    @Override
    public void close() {
        if (resource != null) {
            release.accept(resource);
        }
    }
}
