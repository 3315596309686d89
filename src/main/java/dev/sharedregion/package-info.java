/**
 * Named shared memory for processes on one machine, and events with which they take turns on it.
 *
 * <p>{@link dev.sharedregion.SharedRegion} is the memory. {@link dev.sharedregion.NamedEvent} is a flag that processes
 * wait for. {@link dev.sharedregion.EventPair} is a handshake between two processes. {@link
 * dev.sharedregion.SharedLock} is a lock that at most one thread of all processes holds at a time. {@link
 * dev.sharedregion.LatestWriter} publishes values, and {@link dev.sharedregion.LatestReader} reads the newest ones.
 * {@link dev.sharedregion.MessageSender} sends messages to a {@link dev.sharedregion.MessageReceiver}. {@link
 * dev.sharedregion.RequestClient} sends requests to a {@link dev.sharedregion.RequestServer}, and gets its replies. On
 * Windows, {@link dev.sharedregion.NamedMutex} takes turns with another program that uses a mutex. {@link
 * dev.sharedregion.TelemetryReader} reads memory that another program publishes by its own rules. {@link
 * dev.sharedregion.SharedObject} lists the objects that exist. Programs in C, C++, C# and Python open the same objects
 * by the same names. The objects behave as Win32 defines them, on Windows and on Linux.
 *
 * <p><b>Terms.</b>
 * <ul>
 * <li>The <i>owner</i> of an object is the user of the process that created it.
 * <li>The <i>server</i> of a pair is its writing side, the <i>client</i> is its reading side. The other side is also
 * called the <i>peer</i>.
 * <li>A <i>view</i> is the part of a region that a process has mapped.
 * </ul>
 *
 * <p><b>These rules apply to all types:</b>
 * <ul>
 * <li>Methods may be called from any thread.
 * <li>{@code close} may be called more than once.
 * <li>A null argument is reported with {@link java.lang.NullPointerException}.
 * <li>Any other wrong argument is reported with {@link java.lang.IllegalArgumentException} or
 * {@link java.lang.IndexOutOfBoundsException}. The message contains the values.
 * <li>Use after close is reported with {@link java.lang.IllegalStateException}.
 * <li>A refusal of the system is reported with {@link dev.sharedregion.SharedMemoryException}. Its message says what
 * to do.
 * </ul>
 */
package dev.sharedregion;

