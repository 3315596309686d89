/**
 * Named shared memory for processes on one machine, and events by which they take turns on it.
 *
 * <p>{@link dev.sharedregion.SharedRegion} is the memory, {@link dev.sharedregion.NamedEvent} a flag that processes wait
 * for, {@link dev.sharedregion.EventPair} a handshake of two of them. The same names mean the same objects to C, C++, C#
 * and Python programs. Win32's meaning is the definition; Linux follows it.
 *
 * <p>Everywhere: methods may be called from any thread; {@code close} may be called twice; a null argument is a
 * {@link java.lang.NullPointerException}; a wrong one an {@link java.lang.IllegalArgumentException} or an
 * {@link java.lang.IndexOutOfBoundsException} that carries the values; use after close an
 * {@link java.lang.IllegalStateException}; and what the system refuses a
 * {@link dev.sharedregion.SharedMemoryException} that says what to do.
 */
package dev.sharedregion;

