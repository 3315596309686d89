package dev.sharedregion;

import com.sun.jna.Pointer;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.internal.jvm.PendingErrors;
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
import dev.sharedregion.internal.os.ViewRequest;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A block of memory that processes on one machine share.
 *
 * <pre>{@code
 * try (SharedRegion region = SharedRegion.create("prices", 4096)) {
 *     region.pointer().setInt(0, 42);
 * }
 * }</pre>
 *
 * <p><b>Names.</b> A name is the same string on both systems. {@code Local\x} and {@code Global\x} are the Win32
 * namespaces of the session and of the machine. A plain {@code x} means {@code Local\x}. On Windows, a service and a
 * user's desktop, or two sessions of one user, therefore share only names in {@code Global\}. Linux has one namespace:
 * all three names mean the file {@code /dev/shm/x}, which C opens with {@code shm_open("/x")} and Python with
 * {@code SharedMemory("x")}. (Before Python 3.13, a Python program that has opened a region removes the region's name
 * when it exits, unless it unregisters the region from its resource tracker. Since 3.13, pass {@code track=False}.)
 *
 * <p>These names are refused with {@link IllegalArgumentException} on both systems:
 * <ul>
 * <li>an empty name, {@code .} and {@code ..};
 * <li>the names of Windows' own directories, in upper or lower case: {@code Global}, {@code Local}, {@code Session}
 * and {@code Restricted};
 * <li>a name that contains a NUL, {@code /}, any other {@code \}, or half a surrogate pair;
 * <li>a name of more than 259 characters (Windows' limit) or, without the prefix, of more than 255 bytes of UTF-8
 * (Linux's limit).
 * </ul>
 * Any other Unicode text is accepted, in every locale.
 *
 * <p><b>Lifetime.</b> A region exists until its last user closes it or ends, even by {@code kill -9}. Then its name is
 * free again. Windows does this itself. On Linux the library does it for the regions that the library created. It
 * never removes or replaces a region that another program created, or one that is {@linkplain
 * RegionOptions#persistent() persistent}.
 *
 * <p><b>Permissions.</b> By default, other users cannot open what this process creates.
 * {@link RegionOptions#permissions} changes that. A region without a name is opened with its
 * {@linkplain #ticket() ticket}.
 *
 * <p><b>Memory.</b> New memory reads as zero. It is reserved when the region is created, unless the options are
 * {@linkplain RegionOptions#lazy() lazy}. A region does not order the reads and writes of different processes. Use an
 * {@link EventPair} to hand the region over, a {@link SharedLock} to exclude other processes, or a {@link
 * java.lang.invoke.MethodHandles#byteBufferViewVarHandle VarHandle over the buffer}.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. After {@link #close()}, every method throws
 * {@link IllegalStateException}, except for {@link #close()}, {@link #name()}, {@link #size()}, {@link #offset()},
 * {@link #access()}, {@link #created()} and {@code toString()}. Every use of a pointer that the region returned
 * earlier throws it, too. A buffer that the region returned earlier can still be used without harm: it keeps its
 * memory until the garbage collector frees it.
 *
 * <p><b>Memory that vanishes.</b> On Linux any process that may write to a file can truncate it. This includes the
 * files in {@code /dev/shm}. Also, memory that was not reserved may be unavailable when it is first used. An access to
 * such memory throws an {@link InternalError}, as with {@link java.nio.MappedByteBuffer}. The error may come some time
 * after the access: treat data that was read before the error as invalid. This holds for the pointer and for a
 * buffer's own reads and writes. A compare-and-set through a VarHandle, a comparison of buffers, a checksum over a
 * buffer, and native code can end the JVM instead. Three things prevent this: memory that is reserved at creation (the
 * default); regions that only their owner can write to (the default) or that have no name; and, for a file,
 * permissions that let only its owner write.
 */
public final class SharedRegion implements AutoCloseable {
    private final String name;
    private final RegionMapping mapping;
    private final long offset;
    private final View view;
    private final RegionPointer pointer;

    /** Null if the region has a name. */
    private final Ticket ticket;

    private SharedRegion(String name, String what, RegionMapping mapping, Ticket ticket, RegionOptions options) {
        this.name = name;
        this.mapping = mapping;
        this.offset = options.view.offset();
        this.ticket = ticket;
        this.view = new View(what, mapping, options.view.protection());
        this.pointer = new RegionPointer(view, mapping.address, 0, mapping.size);
    }

    /**
     * Creates a region with {@linkplain RegionOptions#defaults() default options}.
     *
     * @param name the name of the region
     * @param size the size in bytes, 1 or more
     * @return the new region, filled with zeros
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if a region of this name exists (the message tells its
     *     size); {@code WRONG_KIND} if the name belongs to another kind of object; {@code NO_SPACE} if there is not
     *     enough memory; {@code ACCESS_DENIED} if the system refuses, for example {@code Global\} without the
     *     privilege
     */
    public static SharedRegion create(String name, long size) {
        StackSpace.require();
        return create(name, size, RegionOptions.defaults());
    }

    /**
     * Creates a region.
     *
     * @param name the name of the region
     * @param size the size in bytes, 1 or more
     * @param options the options; the access must be {@link Access#READ_WRITE}
     * @return the new region, filled with zeros
     * @throws IllegalArgumentException if the name, the size or an option is not valid
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #create(String, long)}
     */
    public static SharedRegion create(String name, long size, RegionOptions options) {
        StackSpace.require();
        ObjectName object = checkedName("create", name, size, options);
        return of(object, object.region(), options, () -> ThisSystem.get()
                .createRegion(object, options.region(size), options.view));
    }

    /**
     * Opens an existing region for reading and writing.
     *
     * @param name the name of the region
     * @return the region
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if no region has this name; {@code ACCESS_DENIED} if the
     *     region's permissions do not grant the access; {@code WRONG_KIND} if the name belongs to another kind of
     *     object; {@code NO_SPACE} if this process has no free range of addresses that is large enough
     */
    public static SharedRegion open(String name) {
        StackSpace.require();
        return open(name, RegionOptions.defaults());
    }

    /**
     * Opens an existing region.
     *
     * @param name the name of the region
     * @param options the options
     * @return the region
     * @throws IllegalArgumentException if the name or an option is not valid
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #open(String)}; {@code TOO_SMALL} if the region is smaller than the
     *     {@linkplain RegionOptions#minimumSize(long) minimum size}
     */
    public static SharedRegion open(String name, RegionOptions options) {
        StackSpace.require();
        ObjectName object = ObjectName.of(name);
        Objects.requireNonNull(options, "options");
        options.checkForOpen();
        return of(object, object.region(), options, () -> ThisSystem.get()
                .openRegion(object, options.view, Trust.ANYONE));
    }

    /**
     * Opens an existing region for reading and writing. If it does not exist yet, waits until another process creates
     * it.
     *
     * @param name the name of the region
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once. While it waits, the method looks for
     *     the name every few milliseconds, with at most 20 milliseconds between two looks
     * @return the region
     * @throws InterruptedException if the thread is interrupted before the region is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String)}; {@code NOT_FOUND} only after the timeout
     */
    public static SharedRegion open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, RegionOptions.defaults());
    }

    /**
     * Opens an existing region. If it does not exist yet, waits until another process creates it.
     *
     * @param name the name of the region
     * @param timeout the longest time to wait, as in {@link #open(String, Duration)}
     * @param options the options
     * @return the region
     * @throws InterruptedException if the thread is interrupted before the region is open
     * @throws IllegalArgumentException if the name or an option is not valid or the timeout is negative
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #open(String, RegionOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static SharedRegion open(String name, Duration timeout, RegionOptions options)
            throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, options));
    }

    /**
     * Opens the region of this name, or creates it if it does not exist. {@link #created()} tells which.
     *
     * @param name the name of the region
     * @param size the size of a new region in bytes, 1 or more; an existing region must have at least this size
     * @return the region; a new one is filled with zeros
     * @throws IllegalArgumentException if the name or the size is not valid
     * @throws SharedMemoryException {@code TOO_SMALL} if an existing region is smaller than {@code size};
     *     {@code ALREADY_EXISTS} if an existing region is not trusted, as described in
     *     {@link #openOrCreate(String, long, RegionOptions)}; {@code NOT_FOUND} if another program has created the
     *     region but has not given it a size yet; otherwise as {@link #create(String, long)} and {@link #open(String)}
     */
    public static SharedRegion openOrCreate(String name, long size) {
        StackSpace.require();
        return openOrCreate(name, size, RegionOptions.defaults());
    }

    /**
     * Opens the region of this name, or creates it if it does not exist. {@link #created()} tells which.
     *
     * <p>An existing region is opened only if it can be trusted. It must belong to this user or to the system, unless
     * the {@linkplain RegionOptions#permissions permissions} in the options let other users in. On Linux, in addition,
     * it must not let in more users than these permissions, and its file must not have a second name.
     *
     * @param name the name of the region
     * @param size the size of a new region in bytes, 1 or more; an existing region must have at least this size
     * @param options the options; the access must be {@link Access#READ_WRITE}
     * @return the region; a new one is filled with zeros
     * @throws IllegalArgumentException if the name, the size or an option is not valid
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #openOrCreate(String, long)}
     */
    public static SharedRegion openOrCreate(String name, long size, RegionOptions options) {
        StackSpace.require();
        ObjectName object = checkedName("openOrCreate", name, size, options);
        ViewRequest view = options.view.ofAtLeast(size);
        return of(object, object.region(), options, () -> ThisSystem.get()
                .openOrCreateRegion(object, options.region(size), view, new Trust(options.rights())));
    }

    /**
     * Maps a file for reading and writing.
     *
     * <p>No process may truncate the file while it is mapped. Windows enforces this; for Linux see
     * {@linkplain SharedRegion "Memory that vanishes"}. If the file grows, disk space is reserved for the new part,
     * but not for holes that the file already has. Windows reserves nothing for a compressed or sparse file: if the
     * disk is full when its pages are written to disk, an access fails as described there, or data is lost. The new
     * part of a file is zero on NTFS and ReFS. For other file systems, such as FAT, Win32 does not define its content.
     *
     * @param file the file, which must exist
     * @param size the number of bytes to map from the start of the file; 0 maps the whole file. A larger size than the
     *     file's grows the file, and the new part is zero
     * @return the region; {@link #created()} returns false
     * @throws IllegalArgumentException if the size is negative, or if the path does not belong to the default file
     *     system
     * @throws SharedMemoryException {@code NOT_FOUND} if the file does not exist; {@code WRONG_KIND} if it is a
     *     directory or another object that is not a regular file, such as {@code NUL} or {@code \\.\pipe\x} on Windows
     *     (to detect this, the library opens the object: the server of a pipe sees a client that connects and leaves
     *     at once); {@code EMPTY_FILE} if the file is empty and the size is 0; {@code ACCESS_DENIED} if the file
     *     cannot be opened with the access that was asked for; {@code IN_USE} if another process uses the file
     *     exclusively; {@code NO_SPACE} if the disk is too full to grow the file
     */
    public static SharedRegion map(Path file, long size) {
        StackSpace.require();
        return map(file, size, RegionOptions.defaults());
    }

    /**
     * Maps a file. The file is opened with the access that the mapping needs: for reading only with
     * {@link Access#READ_ONLY} and {@link Access#COPY_ON_WRITE}.
     *
     * @param file the file, which must exist
     * @param size the number of bytes to map from the start of the file; 0 maps the whole file. A larger size than the
     *     file's grows the file as in {@link #map(Path, long)}, which requires {@link Access#READ_WRITE}
     * @param options the options
     * @return the region; {@link #created()} returns true if the options gave it a
     *     {@linkplain RegionOptions#name name}
     * @throws IllegalArgumentException if the size is negative, if the path does not belong to the default file
     *     system, or if an option is not valid
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #map(Path, long)}; {@code TOO_SMALL} if the file is smaller than
     *     {@code size} and the access does not allow it to grow; {@code ALREADY_EXISTS} if the name is in use
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
                    Operation.file(file) + " does not belong to the default file system, so the system cannot map it.");
        }
        Objects.requireNonNull(options, "options");
        options.checkForMap();
        if (Files.isDirectory(file)) {
            throw new SharedMemoryException(
                    Reason.WRONG_KIND, "Cannot map " + Operation.file(file) + ": it is a directory. Give a file.");
        }
        Object name = options.name == null ? file : options.name;
        String what = options.name == null ? Operation.file(file) : options.name.region();
        return of(name, what, options, () -> ThisSystem.get().mapFile(options.file(file, size), options.view));
    }

    /**
     * Creates a region without a name, with {@linkplain RegionOptions#defaults() default options}.
     *
     * @param size the size in bytes, 1 or more
     * @return the new region, filled with zeros
     * @throws IllegalArgumentException if the size is not valid
     * @throws SharedMemoryException {@code NO_SPACE} if there is not enough memory
     */
    public static SharedRegion anonymous(long size) {
        StackSpace.require();
        return anonymous(size, RegionOptions.defaults());
    }

    /**
     * Creates a region without a name. Another process needs a {@linkplain #ticket() ticket} to open it. On Linux no
     * process can truncate it ({@code memfd_create(2)}, sealed).
     *
     * @param size the size in bytes, 1 or more
     * @param options the options; the access must be {@link Access#READ_WRITE}
     * @return the new region, filled with zeros
     * @throws IllegalArgumentException if the size or an option is not valid
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #anonymous(long)}
     */
    public static SharedRegion anonymous(long size, RegionOptions options) {
        StackSpace.require();
        checkNewSize("an " + Ticket.REGION, size);
        Objects.requireNonNull(options, "options");
        options.checkForAnonymous();
        options.view.lengthIn(size, Ticket.REGION);
        return withoutName(() -> ThisSystem.get().createAnonymous(options.region(size), options.view), options);
    }

    /**
     * Opens the region of a ticket for reading and writing.
     *
     * @param ticket the string that {@link #ticket()} returned in another process of the same user, or in this process
     * @return the region
     * @throws IllegalArgumentException if the string is not a ticket, or if it is a ticket of the other system
     * @throws SharedMemoryException {@code NOT_FOUND} if the process that made the ticket has ended or has closed the
     *     region, or if no process made it; {@code ACCESS_DENIED} if that process belongs to another user, has more
     *     privileges than this one, or may not write to the region itself; {@code NO_SPACE} if this process has no free
     *     range of addresses that is large enough
     */
    public static SharedRegion attach(String ticket) {
        StackSpace.require();
        return attach(ticket, RegionOptions.defaults());
    }

    /**
     * Opens the region of a ticket.
     *
     * @param ticket the string that {@link #ticket()} returned in another process of the same user, or in this process
     * @param options the options
     * @return the region
     * @throws IllegalArgumentException if the string is not a ticket, if it is a ticket of the other system, or if an
     *     option is not valid
     * @throws IndexOutOfBoundsException if the options ask for a part that is not inside the region
     * @throws SharedMemoryException as {@link #attach(String)}; {@code TOO_SMALL} if the region is smaller than the
     *     {@linkplain RegionOptions#minimumSize(long) minimum size}
     */
    public static SharedRegion attach(String ticket, RegionOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        options.checkForAttach();
        return withoutName(() -> ThisSystem.get().attach(ticket, options.view), options);
    }

    /**
     * Removes the name of a region that Linux keeps after its last user: a {@linkplain RegionOptions#persistent()
     * persistent} region, or one that another program created. As with {@code shm_unlink}, processes that have the
     * region open can still use it, and the name is free at once. The library removes the name of any other region with
     * its last user. This method removes the name of such a region only if killed processes have left it behind. May be
     * called from any thread.
     *
     * <p>Windows: does nothing and returns false, because no name outlives its section.
     *
     * @param name the region's name
     * @return true if a name was removed; false if there was none
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code IN_USE} if the region is neither persistent nor another program's, and has
     *     users; {@code WRONG_KIND} if the name belongs to another kind of object; {@code ACCESS_DENIED} if it is
     *     another user's
     */
    public static boolean remove(String name) {
        StackSpace.require();
        ObjectName object = ObjectName.of(name);
        return SharedMemoryException.translating(() -> ThisSystem.get().removeRegion(object));
    }

    private static SharedRegion withoutName(Supplier<TicketedRegion> open, RegionOptions options) {
        return Opening.of(
                open,
                region -> region.mapping().free(),
                region -> new SharedRegion("", Ticket.REGION, region.mapping(), region.ticket(), options));
    }

    private static SharedRegion of(Object name, String what, RegionOptions options, Supplier<RegionMapping> open) {
        return Opening.of(
                open, RegionMapping::free, mapping -> new SharedRegion(name.toString(), what, mapping, null, options));
    }

    /** Checks the arguments of a call that can create a region, and returns its name. */
    private static ObjectName checkedName(String call, String name, long size, RegionOptions options) {
        ObjectName object = ObjectName.of(name);
        String region = object.region();
        checkNewSize(region, size);
        Objects.requireNonNull(options, "options");
        options.checkForCreate(call);
        options.view.lengthIn(size, region);
        return object;
    }

    private static void checkNewSize(String what, long size) {
        if (size <= 0) {
            throw new IllegalArgumentException(
                    "The size of " + what + " is not positive: " + size + ". Give a number of bytes.");
        }
    }

    /**
     * Returns the memory as a JNA pointer. It can be passed to native functions, and a {@link com.sun.jna.Structure}
     * can be laid over it.
     *
     * <p>Every access through the pointer is checked:
     * <ul>
     * <li>An access out of bounds throws {@link IndexOutOfBoundsException}. If a whole structure does not fit, JNA
     * wraps it in an {@link IllegalArgumentException}.
     * <li>A write to a region that is open {@link Access#READ_ONLY} throws {@link UnsupportedOperationException}.
     * <li>Any access after {@link #close()} throws {@link IllegalStateException}.
     * </ul>
     * Native code that receives the pointer is not checked.
     *
     * <p>An address in the memory may come from another process. This concerns {@code getPointer} and the pointer
     * fields of structures. Such an address can be used only if it lies inside the memory that this pointer (or the
     * share) spans. Otherwise an access through it throws {@link UnsupportedOperationException}. If you know that the
     * address is valid, use {@code new Pointer(Pointer.nativeValue(p))}.
     *
     * @return the pointer to the first byte of the region, or of the part that the options asked for; every call
     *     returns the same pointer
     * @throws IllegalStateException if the region is closed
     */
    public Pointer pointer() {
        view.lend();
        return pointer;
    }

    /**
     * Returns the memory as a buffer with native byte order and position 0. The buffer is read-only if the access is
     * {@link Access#READ_ONLY}.
     *
     * <p>JDK 22 and newer: {@code MemorySegment.ofBuffer(region.buffer())} gives the memory to the foreign-memory API.
     * The segment has the bounds of the buffer, and is read-only if the buffer is. It keeps the buffer's memory, so it
     * can still be used without harm after {@link #close()}.
     *
     * @return a new buffer that spans all of the memory
     * @throws IllegalStateException if the region is closed
     * @throws UnsupportedOperationException if there are more than {@link Integer#MAX_VALUE} bytes, which is the limit
     *     of a buffer: use {@linkplain #buffer(long, int) parts}
     */
    public ByteBuffer buffer() {
        if (size() > Integer.MAX_VALUE) {
            view.checkOpen();
            throw new UnsupportedOperationException("The " + view.what + " has " + size()
                    + " bytes, more than one buffer can span. Use buffer(offset, length) for parts.");
        }
        return view.buffer(0, (int) size());
    }

    /**
     * Returns a part of the memory as a buffer with native byte order and position 0. The buffer is read-only if the
     * access is {@link Access#READ_ONLY}.
     *
     * @param offset the start of the part, in bytes from {@link #pointer()}
     * @param length the length of the part in bytes
     * @return a new buffer that spans the part
     * @throws IllegalStateException if the region is closed
     * @throws IndexOutOfBoundsException if the part is not inside the region
     */
    public ByteBuffer buffer(long offset, int length) {
        view.check(offset, length, size());
        return view.buffer(offset, length);
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name; the path of a file that has no name; the empty string for an {@linkplain #anonymous anonymous}
     *     region
     */
    public String name() {
        return name;
    }

    /**
     * Returns the number of bytes that {@link #pointer()} spans. This is the size of the region, or of the part that
     * the options asked for. For a region that this call created, it is the size that was asked for. For a region that
     * was opened, it is the size that the system reports: Windows rounds it up to whole pages.
     *
     * @return the size in bytes
     */
    public long size() {
        return view.size;
    }

    /**
     * Returns a ticket for this region, which has no name. Another process of the same user passes it to
     * {@link #attach(String) attach}. The ticket names this process and its handle of the region.
     *
     * <p>A ticket is valid while this process has the region open. A process that has attached the region keeps it
     * after that, and can make tickets of its own.
     *
     * <p>A ticket is not a secret and may be a command-line argument. The system honours it only for processes of the
     * same user with at least this process's privileges. Linux requires {@code PTRACE_MODE_READ} (see
     * {@code ptrace(2)}): a process with capabilities does not grant it to a process without them. Windows requires
     * {@code PROCESS_DUP_HANDLE}: an elevated process does not grant it to one that is not elevated. On Linux both
     * processes must be in the same namespace of process ids.
     *
     * @return at most 80 letters, digits and hyphens
     * @throws IllegalStateException if the region is closed
     * @throws UnsupportedOperationException if the region has a name or is a file: open it by its name or path
     */
    public String ticket() {
        StackSpace.require();
        view.checkOpen();
        if (ticket == null) {
            throw new UnsupportedOperationException(
                    "The " + view.what + " has no ticket: open it by its name or path.");
        }
        return ticket.toString();
    }

    /**
     * Returns the position of {@link #pointer()} in the whole region.
     *
     * @return the offset in bytes; 0 unless the options asked for another one
     */
    public long offset() {
        return offset;
    }

    /**
     * Returns what this process may do with the memory.
     *
     * @return the access
     */
    public Access access() {
        return Access.valueOf(view.protection.name());
    }

    /**
     * Returns true if this call created the region, false if it opened an existing one.
     *
     * @return true after {@code create}; false after {@code open}; true or false after {@code openOrCreate}
     */
    public boolean created() {
        return mapping.created;
    }

    /**
     * Returns true if the region's name, or its file's path, still leads to this region. False means that another
     * process has removed the name, and perhaps created a new region with it: close this one, and open the name again.
     *
     * <ul>
     *   <li>A region with a name. Linux: the file in {@code /dev/shm} is still this one; if the region is a mapped
     *   file that
     *       was given a name, that file's path leads to it, too. Windows: always true, because a name leads to its
     *       section while any process has the section open.
     *   <li>A mapped file without a name: the path still leads to this file. Another program can rename or delete the
     *   file.
     *   <li>An {@linkplain #anonymous anonymous} region: always true.
     * </ul>
     *
     * <p>It makes one to three system calls, and waits while another thread {@linkplain #flush() flushes} or closes
     * this region. The answer can be out of date when it is returned.
     *
     * @return true if the region would be found again
     * @throws IllegalStateException if the region is closed
     * @throws SharedMemoryException if the system refuses to look: {@code ACCESS_DENIED} if a folder of the path may
     *     not be searched
     */
    public boolean isCurrent() {
        StackSpace.require();
        try {
            return SharedMemoryException.translating(view::isCurrent);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Writes the changes of this process to the file of the region and waits until they are on disk. {@link #close()}
     * waits for a flush that is running. Other processes see changes without a flush. A virtual thread holds its
     * carrier while it flushes.
     *
     * <p>Does nothing if the region has no file, or if the access is {@link Access#READ_ONLY} or
     * {@link Access#COPY_ON_WRITE}. Windows: {@code FlushViewOfFile} and {@code FlushFileBuffers}. A process that
     * opened the region by its name has no handle of the file there: its changes are written, but may still be in the
     * disk's cache when the method returns. Linux: {@code msync} with {@code MS_SYNC}.
     *
     * @throws IllegalStateException if the region is closed
     * @throws SharedMemoryException if the system could not write; {@code TOO_SMALL}, on Linux, if another process has
     *     truncated the file, so that a part of the region is no longer in the file
     */
    public void flush() {
        StackSpace.require();
        try {
            view.flush();
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Closes the region. Its name is free again when its last user has closed it or has ended. Further calls do
     * nothing.
     *
     * <p>If neither {@link #pointer()} nor {@link #buffer()} was ever called, the memory is unmapped at once.
     * Otherwise it is unmapped when the garbage collector has found that no pointer and no buffer over it is in use.
     * Until then Linux has empty memory at these addresses, and Windows the memory of the region: on Windows a mapped
     * file cannot be truncated or deleted before that. When too many closed regions wait for the garbage collector,
     * this method calls it.
     *
     * <p>If a region becomes unreachable without being closed, the garbage collector closes it.
     */
    @Override
    public void close() {
        StackSpace.require();
        try {
            // Here, and not in the midst of the close.
            PendingErrors.rethrowIfMemory();
        } finally {
            view.close();
        }
    }

    /** Returns the name, size, access and state of the region, for messages. */
    @Override
    public String toString() {
        return view.what + " (" + size() + " bytes, " + access() + (view.isOpen() ? ")" : ", closed)");
    }
}
