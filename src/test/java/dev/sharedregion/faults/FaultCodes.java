package dev.sharedregion.faults;

import com.sun.jna.Platform;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The codes with which each call may fail, and the failures that are not reported, with the reasons. */
final class FaultCodes {
    private static final int EIO = 5;
    private static final int ENOMEM = 12;
    private static final int EACCES = 13;
    private static final int EMFILE = 24;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    private static final int ENOLCK = 37;

    static final int ERROR_ACCESS_DENIED = 5;
    private static final int ERROR_NOT_ENOUGH_MEMORY = 8;
    private static final int ERROR_SHARING_VIOLATION = 32;
    static final int ERROR_DISK_FULL = 112;
    private static final int ERROR_IO_DEVICE = 1117;
    private static final int ERROR_NO_SYSTEM_RESOURCES = 1450;
    private static final int ERROR_COMMITMENT_LIMIT = 1455;

    private static final Map<String, int[]> LINUX = Map.ofEntries(
            // Not EACCES, which says that there is an object of another user.
            Map.entry("open", new int[] {EMFILE, ENOMEM}),
            Map.entry("fallocate", new int[] {ENOSPC}),
            Map.entry("ftruncate", new int[] {EFBIG}),
            Map.entry("linkat", new int[] {ENOSPC}),
            Map.entry("unlink", new int[] {EIO, EACCES}),
            Map.entry("statx", new int[] {EIO, ENOMEM}),
            Map.entry("mmap", new int[] {ENOMEM, EACCES}),
            Map.entry("mremap", new int[] {ENOMEM}),
            Map.entry("flock(LOCK_SH)", new int[] {ENOLCK}),
            Map.entry("flock(LOCK_EX)", new int[] {ENOLCK}),
            Map.entry("fcntl", new int[] {ENOLCK}),
            Map.entry("inotify_init1", new int[] {EMFILE}),
            Map.entry("inotify_add_watch", new int[] {ENOSPC}));

    private static final Map<String, int[]> WINDOWS = Map.ofEntries(
            Map.entry("CreateFileMappingW",
                    new int[] {ERROR_COMMITMENT_LIMIT, ERROR_ACCESS_DENIED, ERROR_DISK_FULL, ERROR_NOT_ENOUGH_MEMORY}),
            Map.entry("OpenFileMappingW", new int[] {ERROR_NOT_ENOUGH_MEMORY}),
            Map.entry("MapViewOfFile", new int[] {ERROR_NOT_ENOUGH_MEMORY, ERROR_ACCESS_DENIED}),
            Map.entry("CreateFileW", new int[] {ERROR_SHARING_VIOLATION, ERROR_ACCESS_DENIED}),
            Map.entry("FlushViewOfFile", new int[] {ERROR_IO_DEVICE}),
            Map.entry("FlushFileBuffers", new int[] {ERROR_IO_DEVICE}),
            Map.entry("CreateEventW", new int[] {ERROR_NO_SYSTEM_RESOURCES, ERROR_ACCESS_DENIED}));

    /** Calls whose failure an operation may keep to itself. */
    private record Harmless(String steps, String calls, String why) {}

    private static final List<Harmless> HARMLESS = List.of(
            new Harmless(
                    ".*",
                    "close|munmap|flock.LOCK_UN.|CloseHandle|UnmapViewOfFile",
                    "given back all the same, and no later"),
            new Harmless("close.*", "flock.LOCK_EX.|statx|unlink", "the name is left, and removed by the next user"),
            new Harmless("open|open named", "flock.LOCK_SH.", "the alias counts, if the file cannot be locked"),
            new Harmless("map|map again", "flock.LOCK_SH.|fcntl", "there are file systems without locks"),
            new Harmless("map.*", "flock.LOCK_EX.|ftruncate|statx|lseek|pread", "the growth stays"),
            new Harmless(".*", "futex.FUTEX_WAIT.", "whoever wakes looks again"),
            new Harmless(".*", "futex.FUTEX_WAKE.", "nobody sleeps, or is woken by the next one"),
            new Harmless("close.*", "mmap|munlock|mprotect|mremap", "the memory stays until it is collected"),
            new Harmless(
                    ".* (pair|table|channel).*",
                    "mmap|munlock|mprotect|mremap",
                    "the memory of one that is closed stays until it is collected"),
            new Harmless(
                    ".* again|create region|create event",
                    "Create(FileMapping|Event)W",
                    "the name is taken, which it tells"),
            new Harmless(
                    ".* again", "MapViewOfFile|VirtualQuery", "the name is taken, which it tells without the size"),
            new Harmless("map exclusively", "CreateFileW", "a virus scanner may have had the file open for a moment"),
            new Harmless("open", "unlink", "a dead object that stays is none"),
            new Harmless(
                    ".* (again|region|event|larger|pair)|open", "flock.LOCK_EX.", "another has it, whose part it is"),
            new Harmless(
                    "close.*",
                    "fcntl|SetEvent|Wait.*|OpenProcess|GetProcessTimes",
                    "the peer finds the place given up"),
            new Harmless("tryAcquire", "SetEvent", "the thread wakes by itself, later"),
            new Harmless("set", ".*", "the value is published, and a reader that is not woken looks by itself"),
            new Harmless("send", ".*", "the message is sent, and a receiver that is not woken looks by itself"),
            new Harmless("count receivers", ".*", "a receiver counts while it cannot be told that it has ended"),
            new Harmless("receive", ".*", "the messages are received, and a sender that is not woken looks by itself"),
            new Harmless("wait for a value", "mmap|MapViewOfFile", "a reader that may not write looks by itself"),
            new Harmless(".*", "membarrier", "it is asked for again, and no processor keeps a store back for so long"),
            new Harmless("close.*", "inotify_rm_watch", "the block's end ends the watch"),
            new Harmless("create region", "OpenFileMappingW", "it was to tell why the creation failed"),
            new Harmless(
                    "await.*|write|read|wait.*", "inotify_.*|OpenProcess", "a peer that is not watched is looked at"),
            new Harmless("later read", "statx|flock.LOCK_EX.|OpenFileMappingW", "the object is opened anew"),
            new Harmless(
                    "read of none",
                    "statx|flock.LOCK_EX.|OpenFileMappingW",
                    "what cannot be looked for is opened anew"),
            new Harmless("await new data", ".*", "without the event or the memory the reader looks again"),
            new Harmless("awaitAny", "CreateEventW", "events for which no thread can sleep are looked at"));

    private FaultCodes() {}

    /** Whether a step may complete although a call of it has failed. */
    static boolean isHarmless(String step, String call) {
        return HARMLESS.stream().anyMatch(each -> step.matches(each.steps) && call.matches(each.calls));
    }

    /** Whether the library calls the collector and tries again, if there is memory for that to free. */
    static boolean isTriedAgain(String call, int code) {
        return call.equals("mmap") && code == ENOMEM
                || call.matches("CreateFileMappingW|MapViewOfFile")
                        && (code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_COMMITMENT_LIMIT);
    }

    /** Whether a call is made to fail with this code. */
    static boolean isOf(String call, int code) {
        return IntStream.of(of(call)).anyMatch(each -> each == code);
    }

    static int[] of(String call) {
        return Platform.isWindows()
                ? WINDOWS.getOrDefault(call, new int[] {ERROR_NO_SYSTEM_RESOURCES})
                : LINUX.getOrDefault(call, new int[] {EIO});
    }
}
