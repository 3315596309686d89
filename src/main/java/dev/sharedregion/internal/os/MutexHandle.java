package dev.sharedregion.internal.os;

/**
 * An open mutex of the operating system. The system gives it to a thread, and takes it back only from that thread, so
 * one thread makes all calls except {@link #ring} and {@link #close}.
 */
public interface MutexHandle extends AutoCloseable {
    /** The result of an attempt to acquire the mutex. */
    enum Outcome {
        ACQUIRED,
        /** Acquired, and the last owner ended while it had the mutex. */
        ABANDONED,
        NOT_ACQUIRED
    }

    /** Acquires the mutex if it is free. */
    Outcome poll();

    /** Waits for the mutex until {@link #ring} is called, or for some seconds, so that a lost ring does no harm. */
    Outcome await();

    /** Releases the mutex, which this thread has. */
    void release();

    /** Ends the wait that is running, or the next one. For any thread. Never fails. */
    void ring();

    /** Frees the handle. No other call is running or comes later. */
    @Override
    void close();
}
