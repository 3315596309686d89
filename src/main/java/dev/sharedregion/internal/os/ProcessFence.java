package dev.sharedregion.internal.os;

/**
 * A memory fence that one thread of this process executes for all of them, so that the others need none of their own.
 */
@FunctionalInterface
public interface ProcessFence {
    /**
     * Returns after each other thread of this process has executed a full memory fence between two of its
     * instructions: what such a thread wrote before is visible now, and it reads afterwards what was written here
     * before the call.
     *
     * @return false if the system refuses
     */
    boolean run();
}
