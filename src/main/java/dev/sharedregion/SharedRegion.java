package dev.sharedregion;

import com.sun.jna.Pointer;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.memory.RegionPointer;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.Ticket;
import dev.sharedregion.internal.os.TicketedRegion;
import dev.sharedregion.internal.os.Trust;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A named block of memory that processes on one machine share, as this process sees it.
 *
 * <pre>{@code
 * try (SharedRegion region = SharedRegion.create("prices", 4096)) {
 *     region.pointer().setInt(0, 42);
 * }
 * }</pre>
 *
 * <p><b>Names.</b> A name is the same string on both systems. {@code Local\x} and {@code Global\x} are the Win32
 * namespaces of the session and of the machine, a plain {@code x} means {@code Local\x}: a service and a user's desktop,
 * or two sessions of one user, meet in {@code Global\} only. Linux has one namespace, where all three are the file
 * {@code /dev/shm/x}, which C calls {@code shm_open("/x")} and Python {@code SharedMemory("x")}.
 * (Before Python 3.13 a Python program that has opened a region removes the region's name at its exit, unless it unregisters
 * the region from its resource tracker. Since 3.13, give {@code track=False}.)
 * Refused with {@link IllegalArgumentException}, on both systems: an empty name, {@code .} and {@code ..}, the names that
 * Windows keeps for its own directories ({@code Global}, {@code Local}, {@code Session} and {@code Restricted}, in upper or
 * lower case), a NUL, {@code /}, any other {@code \}, half a surrogate pair, more than 259 characters (Windows' limit) or,
 * without the prefix, 255 bytes of UTF-8 (Linux's). Any other Unicode works, whatever the locale.
 *
 * <p><b>Lifetime.</b> A region lives until its last user closes it or ends, even by {@code kill -9}; then its name is
 * free again. Windows does this by itself; on Linux the library does it for regions made by the library, and never
 * removes or replaces those that other programs made.
 *
 * <p><b>Who gets in.</b> What this process creates, other users cannot open, unless {@link RegionOptions#permissions} say
 * so. A region without a name is for those who are given its {@linkplain #ticket() ticket}.
 *
 * <p><b>Memory.</b> New memory reads as zero, and is reserved at creation unless {@linkplain RegionOptions#lazy() asked
 * otherwise}. Reads and writes are not ordered between processes by themselves: let an {@link EventPair} hand the region
 * over, or use a {@link java.lang.invoke.MethodHandles#byteBufferViewVarHandle VarHandle over the buffer}.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. After {@link #close()} every method but
 * {@link #close()}, {@link #name()}, {@link #size()}, {@link #offset()}, {@link #access()}, {@link #created()} and
 * {@code toString()} throws {@link IllegalStateException}, and so does every use of a pointer handed out before. A
 * buffer handed out before stays harmless: it keeps its memory until it is collected.
 *
 * <p><b>Memory that vanishes.</b> On Linux a file, in {@code /dev/shm} too, can be cut short by any process that may write to
 * it, and memory that was not reserved can turn out not to be there. An access is then an {@link InternalError} of the JVM, as
 * with {@link java.nio.MappedByteBuffer}: at once or some time later, and what was read until then is worth nothing. That
 * holds for the pointer and for a buffer's own reads and writes; a compare-and-set through a VarHandle, a comparison of
 * buffers, a checksum over one, and native code can end the JVM. Against it: memory reserved at creation, the default;
 * regions that only their owner can write to, the default, or without a name; and for a file, permissions of that kind.
 */
public final class SharedRegion implements AutoCloseable {
    private final String name;
    private final long offset;
    private final boolean created;
    private final View view;
    private final RegionPointer pointer;

    /** Null if it has a name. */
    private final Ticket ticket;

    private SharedRegion(String name, String what, RegionMapping mapping, Ticket ticket, RegionOptions options) {
        this.name = name;
        this.offset = options.view.offset();
        this.created = mapping.created;
        this.ticket = ticket;
        this.view = new View(what, mapping, options.view.protection());
        this.pointer = new RegionPointer(view, mapping.address, 0, mapping.size);
    }

    /**
     * Creates a region with {@linkplain RegionOptions#defaults() default options}.
     *
     * @param name its name
     * @param size its size in bytes, 1 or more
     * @return the new region, all zero
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if the name is in use, with the size of what uses it;
     *     {@code WRONG_KIND} if that is another kind of object; {@code NO_SPACE} if there is not as much memory;
     *     {@code ACCESS_DENIED} if the system forbids it, as for {@code Global\} without the privilege
     */
    public static SharedRegion create(String name, long size) {
        StackSpace.require();
        return create(name, size, RegionOptions.defaults());
    }

    /**
     * Creates a region.
     *
     * @param name its name
     * @param size its size in bytes, 1 or more
     * @param options how; the access is {@link Access#READ_WRITE}
     * @return the new region, all zero
     * @throws IllegalArgumentException if the name, the size or an option is not valid
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #create(String, long)}
     */
    public static SharedRegion create(String name, long size, RegionOptions options) {
        StackSpace.require();
        ObjectName object = ObjectName.of(name);
        String what = object.region();
        checkNewSize(what, size);
        Objects.requireNonNull(options, "options");
        options.checkForCreate("create");
        options.view.lengthIn(size, what);
        RegionMapping mapping = SharedMemoryException.translating(
                () -> ThisSystem.get().createRegion(object, options.region(size), options.view));
        return of(object, what, mapping, null, options);
    }

    /**
     * Opens an existing region for reading and writing.
     *
     * @param name its name
     * @return the region
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is none; {@code ACCESS_DENIED} if its owner does not
     *     grant the access; {@code WRONG_KIND} if the name belongs to another kind of object; {@code NO_SPACE} if this
     *     process has no room for it among its addresses
     */
    public static SharedRegion open(String name) {
        StackSpace.require();
        return open(name, RegionOptions.defaults());
    }

    /**
     * Opens an existing region.
     *
     * @param name its name
     * @param options how
     * @return the region
     * @throws IllegalArgumentException if the name or an option is not valid
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #open(String)}; {@code TOO_SMALL} if the region has less than
     *     {@linkplain RegionOptions#minimumSize(long) the least size}
     */
    public static SharedRegion open(String name, RegionOptions options) {
        StackSpace.require();
        ObjectName object = ObjectName.of(name);
        Objects.requireNonNull(options, "options");
        options.checkForOpen();
        String what = object.region();
        RegionMapping mapping = SharedMemoryException.translating(
                () -> ThisSystem.get().openRegion(object, options.view, Trust.ANYONE));
        return of(object, what, mapping, null, options);
    }

    /**
     * Opens an existing region for reading and writing, and waits for it to come into being if it is not there yet.
     *
     * @param name its name
     * @param timeout how long to wait; {@link Duration#ZERO} tries once. The name is looked for every few milliseconds,
     *     at most 20 apart
     * @return the region
     * @throws InterruptedException if the thread is interrupted before the region is open
     * @throws IllegalArgumentException if the name is not valid or the timeout negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only when the time has passed
     */
    public static SharedRegion open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, RegionOptions.defaults());
    }

    /**
     * Opens an existing region, and waits for it to come into being if it is not there yet.
     *
     * @param name its name
     * @param timeout how long to wait, as in {@link #open(String, Duration)}
     * @param options how
     * @return the region
     * @throws InterruptedException if the thread is interrupted before the region is open
     * @throws IllegalArgumentException if the name or an option is not valid or the timeout negative
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #open(String, RegionOptions)}; {@code NOT_FOUND} only when the time has
     *     passed
     */
    public static SharedRegion open(String name, Duration timeout, RegionOptions options)
            throws InterruptedException {
        StackSpace.require();
        return Waiting.untilFound(timeout, () -> open(name, options));
    }

    /**
     * Opens the region of this name, or creates it; {@link #created()} tells which.
     *
     * @param name its name
     * @param size the size in bytes, 1 or more: of the new region, or the least of the existing one
     * @return the region; all zero if it is new
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException {@code TOO_SMALL} if it exists and is smaller than that; {@code ALREADY_EXISTS} if it is
     *     another user's, not the system's either, and {@linkplain RegionOptions#permissions no permissions} that let other
     *     users in were asked for, or, on Linux, if it lets in more users than these permissions, or its file has a second
     *     name; otherwise as
     *     {@link #create(String, long)} and {@link #open(String)}, of which {@code NOT_FOUND} is for an object that another
     *     program has made but not given a size
     */
    public static SharedRegion openOrCreate(String name, long size) {
        StackSpace.require();
        return openOrCreate(name, size, RegionOptions.defaults());
    }

    /**
     * Opens the region of this name, or creates it; {@link #created()} tells which.
     *
     * @param name its name
     * @param size the size in bytes, 1 or more: of the new region, or the least of the existing one
     * @param options how; the access is {@link Access#READ_WRITE}
     * @return the region; all zero if it is new
     * @throws IllegalArgumentException if the name, the size or an option is not valid
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #openOrCreate(String, long)}
     */
    public static SharedRegion openOrCreate(String name, long size, RegionOptions options) {
        StackSpace.require();
        ObjectName object = ObjectName.of(name);
        String what = object.region();
        checkNewSize(what, size);
        Objects.requireNonNull(options, "options");
        options.checkForCreate("openOrCreate");
        options.view.lengthIn(size, what);
        RegionMapping mapping = SharedMemoryException.translating(() -> ThisSystem.get()
                .openOrCreateRegion(object, options.region(size), options.view, Trust.ownWith(options.rights())));
        return of(object, what, mapping, null, options);
    }

    /**
     * Maps a file for reading and writing. Nobody may cut the file short meanwhile: Windows sees to that; for Linux see
     * {@linkplain SharedRegion above}. What the file grows by is reserved on the disk; holes that it has are not. Windows
     * reserves nothing for a compressed or sparse file: if the disk is full when its pages are written out, an access fails
     * as for memory that vanishes, or data is lost. What a file grows by is zero on NTFS and ReFS; for other file systems,
     * such as FAT, Win32 does not define it.
     *
     * @param file the file, which must exist
     * @param size how many bytes of it, from its start; 0 for its own size; more than it has grows it, the new part zero
     * @return the region; {@link #created()} is false
     * @throws IllegalArgumentException if the size is negative, or the path is not of the default file system
     * @throws SharedMemoryException {@code NOT_FOUND} if the file is missing; {@code WRONG_KIND} if it is a directory or
     *     another thing that is no regular file, such as {@code NUL} or {@code \\.\pipe\x} on Windows, which must be opened
     *     to find that out: a pipe's server sees a client that leaves at once; {@code EMPTY_FILE} if it is empty and the size
     *     is 0;
     *     {@code ACCESS_DENIED} if it cannot be opened for what was asked; {@code IN_USE} if another process uses it
     *     exclusively; {@code NO_SPACE} if the disk is too full to grow it
     */
    public static SharedRegion map(Path file, long size) {
        StackSpace.require();
        return map(file, size, RegionOptions.defaults());
    }

    /**
     * Maps a file. It is opened with the access that the mapping needs: for reading alone with
     * {@link Access#READ_ONLY} and {@link Access#COPY_ON_WRITE}.
     *
     * @param file the file, which must exist
     * @param size how many bytes of it, from its start; 0 for its own size; more than it has grows it, which takes
     *     {@link Access#READ_WRITE}; the new part is zero, as in {@link #map(Path, long)}
     * @param options how
     * @return the region; {@link #created()} tells whether it has a new {@linkplain RegionOptions#name name}
     * @throws IllegalArgumentException if the size is negative, the path is not of the default file system, or an
     *     option is not valid
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #map(Path, long)}; {@code TOO_SMALL} if the file has less than was asked
     *     for and the access cannot grow it; {@code ALREADY_EXISTS} if the name is taken
     */
    public static SharedRegion map(Path file, long size, RegionOptions options) {
        StackSpace.require();
        Objects.requireNonNull(file, "file");
        if (size < 0) {
            throw new IllegalArgumentException("The size to map of " + Operation.file(file) + " is negative: " + size
                    + ". Give 0 for the file's own size.");
        }
        if (file.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(
                    Operation.file(file) + " is not on the default file system, and the system cannot map it.");
        }
        Objects.requireNonNull(options, "options");
        options.checkForMap();
        if (Files.isDirectory(file)) {
            throw new SharedMemoryException(
                    Reason.WRONG_KIND, "Cannot map " + Operation.file(file) + ": it is a directory. Give a file.");
        }
        Object name = options.name == null ? file : options.name;
        String what = options.name == null ? Operation.file(file) : options.name.region();
        RegionMapping mapping = SharedMemoryException.translating(
                () -> ThisSystem.get().mapFile(options.file(file, size), options.view));
        return of(name, what, mapping, null, options);
    }

    /**
     * Creates a region without a name, with {@linkplain RegionOptions#defaults() default options}.
     *
     * @param size its size in bytes, 1 or more
     * @return the new region, all zero
     * @throws IllegalArgumentException if the size is not valid
     * @throws SharedMemoryException {@code NO_SPACE} if there is not as much memory
     */
    public static SharedRegion anonymous(long size) {
        StackSpace.require();
        return anonymous(size, RegionOptions.defaults());
    }

    /**
     * Creates a region without a name, which no other process can open unless it is given a {@linkplain #ticket() ticket}.
     * Nothing on Linux can cut it shorter ({@code memfd_create(2)}, sealed).
     *
     * @param size its size in bytes, 1 or more
     * @param options how; the access is {@link Access#READ_WRITE}
     * @return the new region, all zero
     * @throws IllegalArgumentException if the size or an option is not valid
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #anonymous(long)}
     */
    public static SharedRegion anonymous(long size, RegionOptions options) {
        StackSpace.require();
        checkNewSize("an " + TicketedRegion.WHAT, size);
        Objects.requireNonNull(options, "options");
        options.checkForAnonymous();
        options.view.lengthIn(size, TicketedRegion.WHAT);
        return withoutName(() -> ThisSystem.get().createAnonymous(options.region(size), options.view), options);
    }

    /**
     * Opens the region that a ticket leads to, for reading and writing.
     *
     * @param ticket what {@link #ticket()} returned in another process of the same user, or in this one
     * @return the region
     * @throws IllegalArgumentException if it is no ticket, or one of the other system
     * @throws SharedMemoryException {@code NOT_FOUND} if the process that gave it has ended or has closed the region, or if
     *     no process ever gave it; {@code ACCESS_DENIED} if that process is another user's or has more rights, or may not write itself;
     *     {@code NO_SPACE} if this process has no room for it among its addresses
     */
    public static SharedRegion attach(String ticket) {
        StackSpace.require();
        return attach(ticket, RegionOptions.defaults());
    }

    /**
     * Opens the region that a ticket leads to.
     *
     * @param ticket what {@link #ticket()} returned in another process of the same user, or in this one
     * @param options how
     * @return the region
     * @throws IllegalArgumentException if it is no ticket, or one of the other system, or an option is not valid
     * @throws IndexOutOfBoundsException if the part asked for is not in the region
     * @throws SharedMemoryException as {@link #attach(String)}; {@code TOO_SMALL} if the region has less than
     *     {@linkplain RegionOptions#minimumSize(long) the least size}
     */
    public static SharedRegion attach(String ticket, RegionOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        options.checkForAttach();
        return withoutName(() -> ThisSystem.get().attach(ticket, options.view), options);
    }

    private static SharedRegion withoutName(Supplier<TicketedRegion> open, RegionOptions options) {
        TicketedRegion region = SharedMemoryException.translating(open);
        return of("", TicketedRegion.WHAT, region.mapping(), region.ticket(), options);
    }

    /** Takes the mapping over, also if it fails, as it does when there is no memory left for an object. */
    private static SharedRegion of(
            Object name, String what, RegionMapping mapping, Ticket ticket, RegionOptions options) {
        try {
            return new SharedRegion(name.toString(), what, mapping, ticket, options);
        } catch (RuntimeException | Error e) {
            mapping.free();
            throw e;
        }
    }

    private static void checkNewSize(String what, long size) {
        if (size <= 0) {
            throw new IllegalArgumentException(
                    "The size of " + what + " is not positive: " + size + ". Give a number of bytes.");
        }
    }

    /**
     * The memory, for JNA: it can be passed to native functions, and a {@link com.sun.jna.Structure} laid over it. An
     * access out of bounds is an {@link IndexOutOfBoundsException} (which JNA wraps in an {@link IllegalArgumentException}
     * where a whole structure does not fit), a write through {@link Access#READ_ONLY} an
     * {@link UnsupportedOperationException}, any access after {@link #close()} an {@link IllegalStateException}; native
     * code that is given the pointer is bound by none of this. An address that is read from the memory, with
     * {@code getPointer} or as a structure's field, is what another process wrote there, and no address of this one: unless
     * it leads into the memory that this pointer, or share, spans, an access through it is an
     * {@link UnsupportedOperationException}. If you know better, make a {@code new Pointer(Pointer.nativeValue(p))} of it.
     *
     * @return the pointer to the region's first byte, or to the first one of the part that was asked for; the same one
     *     at each call
     * @throws IllegalStateException if the region is closed
     */
    public Pointer pointer() {
        view.lend();
        return pointer;
    }

    /**
     * The memory as a buffer, in native order, at position 0; read-only if the access is {@link Access#READ_ONLY}.
     *
     * @return a new buffer over all of it
     * @throws IllegalStateException if the region is closed
     * @throws UnsupportedOperationException if there are more than {@link Integer#MAX_VALUE} bytes, which no buffer can
     *     span: take {@linkplain #buffer(long, int) parts}
     */
    public ByteBuffer buffer() {
        if (size() > Integer.MAX_VALUE) {
            view.checkOpen();
            throw new UnsupportedOperationException("The " + view.what + " has " + size()
                    + " bytes, more than one buffer can span. Take parts with buffer(offset, length).");
        }
        return view.buffer(0, (int) size());
    }

    /**
     * A part of the memory as a buffer, in native order, at position 0; read-only if the access is
     * {@link Access#READ_ONLY}.
     *
     * @param offset where it begins, in bytes from the start of {@link #pointer()}
     * @param length how many bytes it spans
     * @return a new buffer over that part
     * @throws IllegalStateException if the region is closed
     * @throws IndexOutOfBoundsException if the part is not in the region
     */
    public ByteBuffer buffer(long offset, int length) {
        view.checkOpen();
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw view.outOfBounds(offset, length, size());
        }
        return view.buffer(offset, length);
    }

    /**
     * The name, as it was given.
     *
     * @return the name; for a file without one, the file's path; for an {@linkplain #anonymous anonymous} region nothing, the
     *     empty string
     */
    public String name() {
        return name;
    }

    /**
     * The number of bytes that {@link #pointer()} spans: the region's size, or what is in view of it where options
     * asked for a part. A region that was created here has the size that was asked for; of one that was opened, it is
     * what the system reports: on Windows that is rounded up to whole pages.
     *
     * @return the size in bytes
     */
    public long size() {
        return view.size;
    }

    /**
     * What another process of the same user needs to {@linkplain #attach(String) attach} this region, which has no name: the
     * process and its handle. It is good as long as this process has the region open; who has attached the region keeps it
     * from then on, and can give tickets of its own. It may be passed as an argument: who else reads it is refused by the
     * system, which lets in whom it lets look into this process: those of the same user with no fewer rights (Linux:
     * {@code PTRACE_MODE_READ} in {@code ptrace(2)}, which a process with capabilities does not grant to one without;
     * Windows: {@code PROCESS_DUP_HANDLE}, which an elevated process does not grant to one that is not). On Linux both have to
     * be in one namespace of process ids.
     *
     * @return at most 80 letters, digits and hyphens
     * @throws IllegalStateException if the region is closed
     * @throws UnsupportedOperationException if the region has a name or is a file: open it by that
     */
    public String ticket() {
        StackSpace.require();
        view.checkOpen();
        if (ticket == null) {
            throw new UnsupportedOperationException("The " + view.what + " has no ticket: open it by its name or path.");
        }
        return ticket.toString();
    }

    /**
     * Where in the whole region the first byte of {@link #pointer()} lies.
     *
     * @return the offset in bytes, 0 unless options asked for another
     */
    public long offset() {
        return offset;
    }

    /**
     * What this process may do with the memory.
     *
     * @return the access
     */
    public Access access() {
        return Access.valueOf(view.protection.name());
    }

    /**
     * Whether this call made the region, and did not find it.
     *
     * @return true after {@code create}, false after {@code open}, and after {@code openOrCreate} what happened
     */
    public boolean created() {
        return created;
    }

    /**
     * Writes what this process changed to the file behind the region and returns when it is on disk. Windows:
     * {@code FlushViewOfFile} and {@code FlushFileBuffers}; Linux: {@code msync} with {@code MS_SYNC}. A process that opened
     * the region by its name has no handle of the file on Windows, where its changes are then written but may still be in
     * the disk's cache. Does nothing for a region without a file, and with {@link Access#READ_ONLY} and
     * {@link Access#COPY_ON_WRITE}. Other processes see changes without it. {@link #close()} waits for it.
     *
     * @throws IllegalStateException if the region is closed
     * @throws SharedMemoryException if the system could not write; {@code TOO_SMALL}, on Linux, if another process has cut
     *     the file short, so that it has no place for a part of the region
     */
    public void flush() {
        try {
            view.flush();
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        }
    }

    /**
     * Gives the region back: its name is free once its last user did. Harmless when called again. The addresses leave
     * this process at once if neither {@link #pointer()} nor {@link #buffer()} was ever called, otherwise when the
     * collector has found that nothing of them is in use any more; until then Linux has empty memory there, and Windows the
     * region's own, so that a file cannot be cut shorter or deleted there yet. When too many closed regions wait, this
     * calls the collector. A region that is dropped without close is closed by the collector too.
     */
    @Override
    public void close() {
        StackSpace.require();
        view.close();
    }

    /** What it is, how large, and how it may be used; for messages. */
    @Override
    public String toString() {
        return view.what + " (" + size() + " bytes, " + access() + (view.isOpen() ? ")" : ", closed)");
    }
}
