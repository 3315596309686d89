package dev.sharedregion;

/**
 * An open event of the operating system. {@link #close} is called once, when no other call is under way and none comes
 * after it.
 */
abstract class EventHandle {
    abstract void set();

    abstract void reset();

    /**
     * Waits until the event is set, and takes the signal out of it if it resets by itself.
     *
     * @return false if the deadline passed or the waits were {@linkplain #cancelWaits cancelled} before
     * @throws InterruptedException if the thread is interrupted meanwhile; no signal is taken then
     */
    abstract boolean await(Deadline deadline) throws InterruptedException;

    /** Ends every wait under way and to come. */
    abstract void cancelWaits();

    abstract void close();
}
