package dev.sharedregion.faults;

import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.Access;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestReader.WriterState;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageHandler;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.NamedMutex;
import dev.sharedregion.PairOptions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.internal.os.Ticket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The scenarios of calls into the library in which system calls fail. */
final class FaultScenarios {
    private static final long SIZE = 300_000;
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final int ERROR_FILE_NOT_FOUND = 2;
    private static final int ERROR_INVALID_HANDLE = 6;
    private static final int ERROR_SHARING_VIOLATION = 32;
    private static final int ERROR_LOCK_VIOLATION = 33;
    private static final int ERROR_NOT_SUPPORTED = 50;
    private static final int ERROR_INVALID_PARAMETER = 87;
    private static final int ERROR_NOT_OWNER = 288;
    private static final int ERROR_INVALID_ADDRESS = 487;
    private static final int ERROR_NOT_ENOUGH_QUOTA = 1816;

    /** The system call in which a waiting thread sleeps. */
    private static final String SLEEP = Platform.isWindows() ? "WaitForMultipleObjects" : "syscall";

    /** What has the system tell of a process's end. */
    private static final String TOLD_OF_ENDS = Platform.isWindows() ? "OpenProcess" : "inotify_add_watch";

    /** The one that has the system tell of a process's end. */
    static final String WATCHING = "a pair's server sleeps long";

    private static final int CAPACITY = 256;

    /** More than go into a ring of this capacity at a time. */
    private static final int MANY_MESSAGES = 30;

    private static final MessageHandler TAKE = (type, message) -> {};

    private static final PairOptions PARKING = PairOptions.defaults().spin(Duration.ZERO);

    private FaultScenarios() {}

    static Map<String, FaultRun.Scenario> all() {
        Map<String, FaultRun.Scenario> all = new LinkedHashMap<>();
        all.put("a region is created", run -> createRegion(run, RegionOptions.defaults()));
        all.put("a lazy region is created", run -> createRegion(run, RegionOptions.defaults().lazy()));
        all.put("a view at an offset", run -> createRegion(run, RegionOptions.defaults().offset(70_001).length(5)));
        for (Access access : Access.values()) {
            all.put("a region is opened " + access, run -> openRegion(run, access));
        }
        all.put("a region is opened or created", FaultScenarios::openOrCreate);
        all.put("a region is closed with its pointer lent", FaultScenarios::lent);
        all.put("a region is refused", FaultScenarios::refuseRegion);
        all.put("a region without a name", run -> anonymous(run, RegionOptions.defaults()));
        all.put("a lazy region without a name", run -> anonymous(run, RegionOptions.defaults().lazy()));
        for (Access access : Access.values()) {
            all.put("a ticket is used for " + access, run -> attach(run, access));
        }
        all.put("a ticket is refused", FaultScenarios::refuseTicket);
        all.put("a file is mapped", run -> mapFile(run, "map", 0, RegionOptions.defaults()));
        all.put("a file is mapped READ_ONLY", run -> mapFile(run, "map", 0, RegionOptions.readOnly()));
        all.put(
                "a file is mapped exclusively",
                run -> mapFile(
                        run, "map exclusively", 0, RegionOptions.defaults().exclusive()));
        all.put("a file is mapped and grows", run -> mapFile(run, "map", SIZE, RegionOptions.defaults()));
        all.put(
                "a file is mapped and grows lazily",
                run -> mapFile(run, "map", SIZE, RegionOptions.defaults().lazy()));
        all.put(
                "a file is mapped under a name",
                run -> mapFile(run, "map", 0, RegionOptions.defaults().name(run.name)));
        all.put(
                "a file is mapped under a name and grows",
                run -> mapFile(
                        run,
                        "map exclusively",
                        SIZE,
                        RegionOptions.defaults().name(run.name).exclusive()));
        for (Access access : Access.values()) {
            all.put("a named file is opened " + access, run -> openNamedFile(run, access));
        }
        all.put("an event", FaultScenarios::event);
        all.put("an event is opened or created", FaultScenarios::openOrCreateEvent);
        all.put("an event that is waited for", FaultScenarios::awaitEvent);
        all.put("any of several events", FaultScenarios::awaitAny);
        all.put("an event by a future", FaultScenarios::awaitAsync);
        all.put("a pair by a future", FaultScenarios::awaitPairAsync);
        all.put("an event is refused", FaultScenarios::refuseEvent);
        all.put("a pair takes turns", FaultScenarios::pair);
        all.put("a pair's server sleeps and wakes", FaultScenarios::parkedServer);
        all.put("a pair's client sleeps and wakes", FaultScenarios::parkedClient);
        all.put(WATCHING, FaultScenarios::watchingServer);
        all.put("a pair's server is followed by another", FaultScenarios::successor);
        all.put("a pair is refused", FaultScenarios::refusePair);
        all.put("a lock", FaultScenarios::lock);
        all.put("a lock that is waited for", run -> awaitLock(run, SLEEP));
        all.put("a lock that is waited for long", run -> awaitLock(run, TOLD_OF_ENDS));
        all.put("a reader of another program's memory", FaultScenarios::telemetry);
        all.put("a reader that waits for an event", FaultScenarios::awaitTelemetry);
        all.put("a table", FaultScenarios::table);
        all.put("a table whose reader waits", FaultScenarios::awaitTable);
        all.put("a table whose reader is woken", FaultScenarios::wakeReader);
        all.put("a table is refused", FaultScenarios::refuseTable);
        all.put("a channel", FaultScenarios::channel);
        all.put("a channel whose receiver waits", FaultScenarios::awaitMessage);
        all.put("a channel whose receiver is woken", FaultScenarios::wakeReceiver);
        all.put("a channel whose sender waits", FaultScenarios::awaitRoom);
        all.put("a channel whose sender is woken", FaultScenarios::wakeSender);
        all.put("a channel of several receivers", run -> broadcast(run, MessageOptions.defaults().receivers(2)));
        all.put("a lossy channel", run -> broadcast(run, MessageOptions.defaults().receivers(2).lossy()));
        all.put("a channel is refused", FaultScenarios::refuseChannel);
        all.put("a mutex is refused", FaultScenarios::refuseMutex);
        if (Platform.isWindows()) {
            all.put("a mutex is held", FaultScenarios::holdMutex);
            all.put("a mutex is waited for", FaultScenarios::awaitMutex);
        }
        if (Platform.isLinux()) {
            all.put("a leftover is reclaimed", FaultScenarios::leftover);
            all.put("a persistent region is created and removed", FaultScenarios::persistent);
            all.put("a leftover is found by who opens", FaultScenarios::openLeftover);
        }
        return all;
    }

    /** The messages of failures that do not occur on every machine. Each is run once. */
    static Map<String, FaultRun.Scenario> told() {
        if (Platform.isWindows()) {
            return Map.of(
                    "a mutex fails", FaultScenarios::failingMutex,
                    "Global\\ without the privilege", FaultScenarios::global,
                    "a full disk", run -> fullDisk(run, "CreateFileMappingW", FaultCodes.ERROR_DISK_FULL),
                    "a ticket whose handle cannot be had", FaultScenarios::ticketWithoutHandle,
                    "a section for reading only", FaultScenarios::readOnlySection,
                    "a name is taken by what cannot be mapped", FaultScenarios::unmappable,
                    "a name is taken at the last moment", FaultScenarios::lostName,
                    "the system writes what is flushed", FaultScenarios::lockedPages,
                    "a virus scanner reads the file", FaultScenarios::scannedFile);
        }
        return Map.of("a full disk", run -> {
            fullDisk(run, "fallocate", FaultCodes.ENOSPC);
            fullDisk(run, "fallocate", FaultCodes.EFBIG);
        });
    }

    private static void global(FaultRun run) throws Exception {
        String name = "Global\\" + run.name;
        String hint = "SeCreateGlobalPrivilege";
        int denied = FaultCodes.ERROR_ACCESS_DENIED;
        run.told("CreateFileMappingW", denied, Reason.ACCESS_DENIED, hint, () -> SharedRegion.create(name, SIZE));
        run.told("CreateFileMappingW", denied, Reason.ACCESS_DENIED, hint, () -> SharedRegion.openOrCreate(name, SIZE));
        run.told("CreateFileMappingW", denied, Reason.ACCESS_DENIED, hint, () -> EventPair.create(name));
        // For events Windows asks for no privilege.
        for (FaultRun.Action action :
                List.<FaultRun.Action>of(() -> NamedEvent.create(name), () -> EventPair.create(name))) {
            SharedMemoryException e = run.toldOf("CreateEventW", denied, Reason.ACCESS_DENIED, action);
            run.check(e == null || !e.getMessage().contains(hint), e + " has " + hint);
        }
    }

    /** On Windows such a handle is an ERROR_ACCESS_DENIED if its process has ended, and anything if it has not. */
    private static void ticketWithoutHandle(FaultRun run) throws Exception {
        try (SharedRegion region = SharedRegion.anonymous(SIZE)) {
            for (int code : new int[] {FaultCodes.ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_NOT_SUPPORTED}) {
                run.told(
                        "DuplicateHandle",
                        code,
                        Reason.NOT_FOUND,
                        "no such region",
                        () -> SharedRegion.attach(region.ticket()));
            }
            run.told("DuplicateHandle", ERROR_NOT_ENOUGH_QUOTA, Reason.NO_SPACE, "limit",
                    () -> SharedRegion.attach(region.ticket()));
        }
        // The process object stays while the JVM has a handle of it.
        Process ended = new ProcessBuilder("cmd", "/c", "exit").start();
        ended.waitFor();
        String ticket = new Ticket(true, ended.pid(), 4, new Ticket.Region(SIZE, 1), true).toString();
        for (int code : new int[] {FaultCodes.ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_NOT_ENOUGH_QUOTA}) {
            run.told(
                    "DuplicateHandle",
                    code,
                    Reason.NOT_FOUND,
                    "the process does not exist",
                    () -> SharedRegion.attach(ticket));
        }
        ended.destroy();
    }

    /** Where Wine lets a view for writing through, Windows answers as for a wrong argument. */
    private static void readOnlySection(FaultRun run) throws Exception {
        Path file = file(run);
        String hint = "READ_ONLY";
        try (SharedRegion region =
                SharedRegion.map(file, 0, RegionOptions.readOnly().name(run.name))) {
            run.told(
                    "MapViewOfFile",
                    ERROR_INVALID_PARAMETER,
                    Reason.ACCESS_DENIED,
                    hint,
                    () -> SharedRegion.open(region.name()));
        }
        try (SharedRegion region = SharedRegion.create(run.name, SIZE)) {
            run.told("MapViewOfFile", ERROR_INVALID_PARAMETER, Reason.SYSTEM_ERROR, "argument",
                    () -> SharedRegion.open(region.name(), RegionOptions.readOnly()));
        }
    }

    private static void unmappable(FaultRun run) throws Exception {
        try (SharedRegion region = SharedRegion.create(run.name, SIZE)) {
            run.toldOf("MapViewOfFile", ERROR_INVALID_ADDRESS, Reason.ALREADY_EXISTS,
                    () -> SharedRegion.create(region.name(), SIZE));
        }
    }

    /** The look for the name before finds nothing. */
    private static void lostName(FaultRun run) throws Exception {
        Path file = file(run);
        RegionOptions named = RegionOptions.defaults().name(run.name);
        try (SharedRegion region = SharedRegion.create(run.name, SIZE)) {
            run.toldOf("OpenFileMappingW", ERROR_FILE_NOT_FOUND, Reason.ALREADY_EXISTS,
                    () -> SharedRegion.map(file, region.size(), named));
        }
        run.checkFileSize(file, 100_000);
    }

    private static void lockedPages(FaultRun run) throws Exception {
        Path file = file(run);
        try (SharedRegion region = SharedRegion.map(file, 0)) {
            run.overcome("FlushViewOfFile", ERROR_LOCK_VIOLATION, region::flush);
        }
    }

    private static void scannedFile(FaultRun run) throws Exception {
        Path file = file(run);
        run.overcome("CreateFileW", ERROR_SHARING_VIOLATION,
                () -> SharedRegion.map(file, 0, RegionOptions.defaults().exclusive()).close());
        run.told("CreateFileW", ERROR_SHARING_VIOLATION, Reason.IN_USE, "Close it", () -> SharedRegion.map(file, 0));
    }

    private static void fullDisk(FaultRun run, String function, int code) throws Exception {
        run.told(function, code, Reason.NO_SPACE, "Ask for less", () -> SharedRegion.create(run.name, SIZE));
        Path file = file(run);
        run.told(function, code, Reason.NO_SPACE, "Ask for less", () -> SharedRegion.map(file, SIZE));
        run.checkFileSize(file, 100_000);
    }

    private static void createRegion(FaultRun run, RegionOptions options) throws Exception {
        SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE, options));
        run.check(run.step("isCurrent", region::isCurrent), "the name leads elsewhere");
        run.step("flush", region::flush);
        run.step("close", region::close);
    }

    private static void openRegion(FaultRun run, Access access) throws Exception {
        SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE));
        RegionOptions options = RegionOptions.defaults().access(access).offset(70_000);
        SharedRegion other = run.open("open", () -> SharedRegion.open(run.name, options));
        run.step("close", other::close);
        run.step("close", region::close);
    }

    private static void openOrCreate(FaultRun run) throws Exception {
        SharedRegion region = run.open("openOrCreate", () -> SharedRegion.openOrCreate(run.name, SIZE));
        run.check(region.created(), "it was not created");
        SharedRegion other = run.open("openOrCreate", () -> SharedRegion.openOrCreate(run.name, SIZE));
        run.check(!other.created(), "it was created twice");
        run.step("close", other::close);
        run.step("close", region::close);
    }

    private static void lent(FaultRun run) throws Exception {
        run.lend();
        SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE));
        region.pointer().setInt(0, 1);
        region.buffer().put(4, (byte) 1);
        run.step("close lent", region::close);
    }

    private static void refuseRegion(FaultRun run) throws Exception {
        run.refused("open none", Reason.NOT_FOUND, () -> SharedRegion.open(run.name));
        SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE));
        run.refused("create again", Reason.ALREADY_EXISTS, () -> SharedRegion.create(run.name, SIZE));
        run.refused("open larger", Reason.TOO_SMALL, () -> SharedRegion.openOrCreate(run.name, 10 * SIZE));
        run.refused("create event", Reason.WRONG_KIND, () -> NamedEvent.create(run.name));
        run.refused("open event", Reason.WRONG_KIND, () -> NamedEvent.open(run.name));
        run.step("close", region::close);
    }

    private static void anonymous(FaultRun run, RegionOptions options) throws Exception {
        SharedRegion region = run.open("anonymous", () -> SharedRegion.anonymous(SIZE, options));
        run.step("close", region::close);
    }

    private static void attach(FaultRun run, Access access) throws Exception {
        SharedRegion region = run.open("anonymous", () -> SharedRegion.anonymous(SIZE));
        RegionOptions options = RegionOptions.defaults().access(access);
        SharedRegion other = run.open("attach", () -> SharedRegion.attach(region.ticket(), options));
        run.step("close", other::close);
        run.step("close", region::close);
    }

    private static void refuseTicket(FaultRun run) throws Exception {
        SharedRegion region = run.open("anonymous", () -> SharedRegion.anonymous(SIZE));
        String ticket = region.ticket();
        String forged = ticket.substring(0, ticket.length() - 1) + (ticket.endsWith("0") ? "1" : "0");
        run.refused("attach by a forged ticket", Reason.NOT_FOUND, () -> SharedRegion.attach(forged));
        run.step("close", region::close);
        run.refused("attach by a stale ticket", Reason.NOT_FOUND, () -> SharedRegion.attach(ticket));
    }

    private static Path file(FaultRun run) throws Exception {
        Path file = run.folder.resolve("file");
        Files.write(file, new byte[100_000]);
        return file;
    }

    private static void mapFile(FaultRun run, String step, long size, RegionOptions options) throws Exception {
        Path file = file(run);
        boolean mapped = false;
        SharedRegion region;
        try {
            region = run.open(step, () -> SharedRegion.map(file, size, options));
            mapped = true;
        } finally {
            run.checkFileSize(file, mapped && size > 0 ? size : 100_000);
        }
        run.check(run.step("isCurrent", region::isCurrent), "the path leads elsewhere");
        run.step("flush", region::flush);
        run.step("close", region::close);
    }

    private static void openNamedFile(FaultRun run, Access access) throws Exception {
        Path file = file(run);
        SharedRegion region = run.open("map", () -> SharedRegion.map(file, 0, RegionOptions.defaults().name(run.name)));
        RegionOptions options = RegionOptions.defaults().access(access).minimumSize(100_000);
        SharedRegion other = run.open("open", () -> SharedRegion.open(run.name, options));
        run.step("flush", other::flush);
        run.refused("map again", Reason.ALREADY_EXISTS,
                () -> SharedRegion.map(file, SIZE, RegionOptions.defaults().name(run.name)));
        run.checkFileSize(file, 100_000);
        run.step("close", other::close);
        run.step("close", region::close);
    }

    private static void event(FaultRun run) throws Exception {
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name));
        NamedEvent other = run.open("open", () -> NamedEvent.open(run.name));
        run.step("set", event::set);
        run.check(run.step("await", () -> other.await(LONG)), "the signal was lost");
        run.check(!run.step("poll", () -> other.await(Duration.ZERO)), "the signal came twice");
        run.step("set", event::set);
        run.step("reset", event::reset);
        run.check(!run.step("await", () -> other.await(Duration.ofMillis(1))), "the signal came back");
        run.step("close", other::close);
        run.step("close", event::close);
    }

    private static void openOrCreateEvent(FaultRun run) throws Exception {
        NamedEvent event = run.open("openOrCreate", () -> NamedEvent.openOrCreate(run.name));
        run.check(event.created(), "it was not created");
        NamedEvent other = run.open("openOrCreate", () -> NamedEvent.openOrCreate(run.name));
        run.check(!other.created(), "it was created twice");
        run.step("close", other::close);
        run.step("close", event::close);
    }

    private static void awaitEvent(FaultRun run) throws Exception {
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name, EventOptions.manualReset()));
        int sleeps = run.callsOf(SLEEP);
        run.beside(() -> {
            run.awaitCallOf(SLEEP, sleeps);
            event.set();
        });
        run.check(run.step("await", () -> event.await(LONG)), "the signal was lost");
        run.step("close", event::close);
    }

    private static void awaitAny(FaultRun run) throws Exception {
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name));
        NamedEvent other = run.open("open", () -> NamedEvent.open(run.name));
        run.step("set", event::set);
        run.check(run.step("awaitAny", () -> NamedEvent.awaitAny(LONG, event, other)) >= 0, "the signal was lost");
        Duration moment = Duration.ofMillis(20);
        run.check(run.step("awaitAny", () -> NamedEvent.awaitAny(moment, event, other)) < 0, "it came twice");
        run.step("close", other::close);
        run.step("close", event::close);
    }

    private static void awaitAsync(FaultRun run) throws Exception {
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name));
        CompletableFuture<Void> future = run.step("awaitAsync", event::awaitAsync);
        run.step("set", event::set);
        future.get(LONG.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<Void> cancelled = run.step("awaitAsync", event::awaitAsync);
        run.check(run.step("cancel", () -> cancelled.cancel(true)), "the signal came twice");
        run.step("close", event::close);
    }

    private static void awaitPairAsync(FaultRun run) throws Exception {
        run.lend();
        EventPair server = run.open("create pair", () -> EventPair.create(run.name));
        EventPair client = run.open("open pair", () -> EventPair.open(run.name));
        CompletableFuture<Void> written = run.step("awaitWrittenAsync", client::awaitWrittenAsync);
        run.step("signalWritten", server::signalWritten);
        written.get(LONG.toSeconds(), TimeUnit.SECONDS);
        run.step("signalRead", client::signalRead);
        CompletableFuture<Void> read = run.step("awaitReadAsync", server::awaitReadAsync);
        read.get(LONG.toSeconds(), TimeUnit.SECONDS);
        run.step("close", client::close);
        run.step("close", server::close);
    }

    private static void refuseEvent(FaultRun run) throws Exception {
        run.refused("open none", Reason.NOT_FOUND, () -> NamedEvent.open(run.name));
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name));
        run.refused("create again", Reason.ALREADY_EXISTS, () -> NamedEvent.create(run.name));
        run.refused("create region", Reason.WRONG_KIND, () -> SharedRegion.create(run.name, SIZE));
        run.refused("open region", Reason.WRONG_KIND, () -> SharedRegion.openOrCreate(run.name, SIZE));
        run.step("close", event::close);
    }

    private static void telemetry(FaultRun run) throws Exception {
        ByteBuffer copy = ByteBuffer.allocate(1000);
        SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE));
        TelemetryReader reader = run.open("open reader", () -> TelemetryReader.open(run.name, Sync.twice()));
        run.step("first read", () -> throwProblem(reader, reader.read(copy)));
        Thread.sleep(60);
        run.step("later read", () -> throwProblem(reader, reader.read(copy)));
        run.step("close", region::close);
        Thread.sleep(60);
        run.refused("read of none", Reason.NOT_FOUND, () -> throwProblem(reader, reader.read(copy)));
        run.step("close", reader::close);
    }

    /** A reader throws nothing, so this does. */
    private static void throwProblem(TelemetryReader reader, TelemetryReader.Result result) {
        if (result == TelemetryReader.Result.ABSENT) {
            throw reader.problem().orElseThrow();
        }
    }

    /** Without the event, too, the reader waits. */
    private static void awaitTelemetry(FaultRun run) throws Exception {
        TelemetryOptions options = TelemetryOptions.defaults().event(run.name).pollEvery(Duration.ofMillis(1));
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name, EventOptions.manualReset()));
        TelemetryReader reader =
                run.open("open reader", () -> TelemetryReader.open(run.name + "-none", Sync.twice(), options));
        run.check(!run.step("await new data", () -> reader.await(Duration.ofMillis(5))), "there is none");
        run.step("close", reader::close);
        run.step("close", event::close);
    }

    /** The mutex of another program, made without the library. */
    private static WinNT.HANDLE foreignMutex(FaultRun run, boolean owned) {
        return Kernel32.INSTANCE.CreateMutex(null, owned, run.name);
    }

    private static void refuseMutex(FaultRun run) throws Exception {
        boolean windows = Platform.isWindows();
        Reason none = windows ? Reason.NOT_FOUND : Reason.UNSUPPORTED;
        run.refused("open no mutex", none, () -> NamedMutex.open(run.name));
        NamedEvent event = run.open("create", () -> NamedEvent.create(run.name));
        run.refused(
                "open an event", windows ? Reason.WRONG_KIND : Reason.UNSUPPORTED, () -> NamedMutex.open(run.name));
        run.step("close", event::close);
    }

    private static void holdMutex(FaultRun run) throws Exception {
        WinNT.HANDLE foreign = foreignMutex(run, false);
        try {
            NamedMutex mutex = run.open("open mutex", () -> NamedMutex.open(run.name, LONG));
            NamedMutex.Guard hold = run.open("acquire", mutex::acquire);
            run.check(!hold.abandoned(), "nobody abandoned it");
            run.step("close", hold::close);
            NamedMutex.Guard again = run.open("tryAcquire", () -> mutex.tryAcquire(Duration.ZERO));
            run.step("close", mutex::close);
            run.step("close", again::close);
        } finally {
            Kernel32.INSTANCE.CloseHandle(foreign);
        }
    }

    /** This thread has the mutex, which the library's thread waits for. */
    private static void awaitMutex(FaultRun run) throws Exception {
        WinNT.HANDLE foreign = foreignMutex(run, true);
        try {
            NamedMutex mutex = run.open("open mutex", () -> NamedMutex.open(run.name));
            NamedMutex.Guard none = run.step("tryAcquire", () -> mutex.tryAcquire(Duration.ofMillis(1)));
            run.check(none == null, "two have it");
            run.step("close", mutex::close);
        } finally {
            Kernel32.INSTANCE.CloseHandle(foreign);
        }
    }

    private static void failingMutex(FaultRun run) throws Exception {
        WinNT.HANDLE foreign = foreignMutex(run, false);
        int denied = FaultCodes.ERROR_ACCESS_DENIED;
        try (NamedMutex mutex = NamedMutex.open(run.name)) {
            run.told("OpenMutexW", denied, Reason.ACCESS_DENIED, "elevated", () -> NamedMutex.open(run.name));
            run.told("WaitForMultipleObjects", ERROR_INVALID_PARAMETER, Reason.SYSTEM_ERROR, "wait for mutex",
                    mutex::acquire);
            try (NamedMutex.Guard hold = mutex.acquire()) {
                run.told("ReleaseMutex", ERROR_NOT_OWNER, Reason.SYSTEM_ERROR, "release mutex", hold::close);
                run.check(!hold.toString().contains("closed"), "the mutex was given up");
            }
            mutex.tryAcquire(Duration.ZERO).close();
        } finally {
            Kernel32.INSTANCE.CloseHandle(foreign);
        }
    }

    private static void pair(FaultRun run) throws Exception {
        run.lend();
        EventPair server = run.open("create pair", () -> EventPair.create(run.name));
        EventPair client = run.open("open pair", () -> EventPair.open(run.name));
        run.check(run.step("awaitPeer", () -> server.awaitPeer(LONG)), "the client was not seen");
        for (int turn = 0; turn < 2; turn++) {
            run.check(run.step("write", () -> server.write(() -> {}, LONG)), "write had to wait");
            run.check(run.step("read", () -> client.read(() -> {}, LONG)), "read had to wait");
        }
        run.check(run.step("awaitRead", () -> server.awaitRead(LONG)), "the turn was lost");
        run.check(!run.step("await none", () -> client.awaitWritten(Duration.ofMillis(1))), "a turn too many");
        run.step("close", client::close);
        run.check(!run.step("awaitPeer", () -> server.awaitPeer(Duration.ZERO)), "the client is still there");
        run.step("close", server::close);
    }

    private static void parkedServer(FaultRun run) throws Exception {
        run.lend();
        EventPair server = run.open("create pair", () -> EventPair.create(run.name, PARKING));
        run.beside(() -> {
            try (EventPair client = EventPair.open(run.name, PARKING)) {
                for (int turn = 0; turn < 2; turn++) {
                    int sleeps = run.callsOf(SLEEP);
                    client.read(() -> sleepUntilCallOf(run, SLEEP, sleeps), LONG);
                }
            }
        });
        run.check(run.step("awaitPeer", () -> server.awaitPeer(LONG)), "no client came");
        for (int turn = 0; turn < 2; turn++) {
            run.check(run.step("write", () -> server.write(() -> {}, LONG)), "the client did not read");
        }
        run.check(run.step("awaitRead", () -> server.awaitRead(LONG)), "the client did not read");
        run.step("close", server::close);
    }

    private static void sleepUntilCallOf(FaultRun run, String function, int before) {
        try {
            run.awaitCallOf(function, before);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void parkedClient(FaultRun run) throws Exception {
        run.lend();
        EventPair server = run.open("create pair", () -> EventPair.create(run.name, PARKING));
        Future<Void> writing = run.beside(() -> {
            for (int turn = 0; turn < 2; turn++) {
                int sleeps = run.callsOf(SLEEP);
                server.write(() -> sleepUntilCallOf(run, SLEEP, sleeps), LONG);
            }
            server.awaitRead(LONG);
        });
        EventPair client = run.open("open pair", () -> EventPair.open(run.name, PARKING));
        for (int turn = 0; turn < 2; turn++) {
            run.check(run.step("read", () -> client.read(() -> {}, LONG)), "the server did not write");
        }
        writing.get();
        run.step("close", client::close);
    }

    /** Long enough to have the system tell of the client's end. */
    private static void watchingServer(FaultRun run) throws Exception {
        run.lend();
        EventPair server = run.open("create pair", () -> EventPair.create(run.name, PARKING));
        int before = run.callsOf(TOLD_OF_ENDS);
        run.beside(() -> {
            try (EventPair client = EventPair.open(run.name, PARKING)) {
                client.read(() -> sleepUntilCallOf(run, TOLD_OF_ENDS, before), LONG);
            }
        });
        run.check(run.step("awaitPeer", () -> server.awaitPeer(LONG)), "no client came");
        run.check(run.step("write", () -> server.write(() -> {}, LONG)), "the turn was not the server's");
        run.check(run.step("awaitRead", () -> server.awaitRead(LONG)), "the client did not read");
        run.step("close", server::close);
    }

    private static void successor(FaultRun run) throws Exception {
        run.lend();
        EventPair server = run.open("create pair", () -> EventPair.create(run.name, PARKING));
        EventPair client = run.open("open pair", () -> EventPair.open(run.name, PARKING));
        run.step("write", () -> server.write(() -> {}));
        run.step("close", server::close);
        EventPair next = run.open("create pair again", () -> EventPair.create(run.name, PARKING));
        run.check(!next.hasTurn(), "the turn that nobody has read was lost");
        run.check(run.step("read", () -> client.read(() -> {}, LONG)), "the turn that nobody has read was lost");
        run.check(run.step("awaitRead", () -> next.awaitRead(LONG)), "it was not acknowledged");
        run.step("close", next::close);
        run.refused("read of none", Reason.CLOSED, () -> client.awaitWritten(LONG));
        run.step("close", client::close);
    }

    private static void refusePair(FaultRun run) throws Exception {
        run.lend();
        run.refused("open no pair", Reason.NOT_FOUND, () -> EventPair.open(run.name));
        EventPair server = run.open("create pair", () -> EventPair.create(run.name));
        run.refused("create pair again", Reason.ALREADY_EXISTS, () -> EventPair.create(run.name));
        EventPair client = run.open("open pair", () -> EventPair.open(run.name));
        run.refused("open pair again", Reason.IN_USE, () -> EventPair.open(run.name));
        run.step("close", client::close);
        run.step("close", server::close);
    }

    private static void lock(FaultRun run) throws Exception {
        run.lend();
        SharedLock lock = run.open("create lock", () -> SharedLock.openOrCreate(run.name));
        SharedLock other = run.open("open lock", () -> SharedLock.openOrCreate(run.name));
        SharedLock.Guard guard = run.open("lock", lock::lock);
        run.check(run.step("tryLock", () -> other.tryLock()) == null, "two have the lock");
        run.step("close guard", guard::close);
        SharedLock.Guard next = run.open("tryLock", () -> other.tryLock(LONG));
        run.check(!next.abandoned(), "nobody has died");
        run.step("close", next::close);
        run.step("close", other::close);
        run.step("close", lock::close);
    }

    /** Until this function was called. */
    private static void awaitLock(FaultRun run, String function) throws Exception {
        run.lend();
        SharedLock lock = run.open("create lock", () -> SharedLock.openOrCreate(run.name));
        CountDownLatch held = new CountDownLatch(1);
        int before = run.callsOf(function);
        run.beside(() -> {
            try (SharedLock same = SharedLock.openOrCreate(run.name);
                    SharedLock.Guard guard = same.lock()) {
                run.check(!guard.abandoned(), "nobody has died");
                held.countDown();
                run.awaitCallOf(function, before);
            } finally {
                held.countDown();
            }
        });
        held.await();
        SharedLock.Guard guard = run.open("wait for the lock", () -> lock.tryLock(LONG));
        run.step("close guard", guard::close);
        run.step("close", lock::close);
    }

    private static ByteBuffer value() {
        return ByteBuffer.allocate(64);
    }

    private static void table(FaultRun run) throws Exception {
        run.lend();
        LatestWriter writer = run.open("create table", () -> LatestWriter.create(run.name, 2, 64));
        LatestReader reader = run.open("open reader", () -> LatestReader.open(run.name));
        run.step("set", () -> writer.set(value()));
        run.step("update", () -> writer.update(1, bytes -> bytes.putInt(0, 5)));
        run.check(run.step("read", () -> reader.read(1, value())) == 2, "it is not the second write");
        run.check(run.step("is newer", () -> reader.awaitNewer(1, Duration.ZERO)), "it is newer");
        WriterState state = run.step("writer state", reader::writerState);
        run.check(state == WriterState.ALIVE, "the writer lives");
        run.step("close", writer::close);
        LatestWriter next = run.open("open table", () -> LatestWriter.openOrCreate(run.name, 2, 64));
        run.step("set", () -> next.set(value()));
        run.check(run.step("read", () -> reader.read(value())) == 3, "it is not the third write");
        run.step("close", reader::close);
        run.step("close", next::close);
    }

    /** The reader sleeps first without the event, which the writer then makes, and then on it. */
    private static void awaitTable(FaultRun run) throws Exception {
        run.lend();
        LatestWriter writer = run.open("create table", () -> LatestWriter.create(run.name, 64));
        LatestReader reader = run.open("open reader", () -> LatestReader.open(run.name));
        int before = run.callsOf(SLEEP);
        run.beside(() -> {
            for (int round = 0; round < 2; round++) {
                Thread.sleep(20);
                writer.set(value());
            }
            run.awaitCallOf(SLEEP, before);
            writer.set(value());
        });
        for (int version = 0; version < 3; version++) {
            int seen = version;
            run.check(run.step("wait for a value", () -> reader.awaitNewer(seen, LONG)), "it does not come");
        }
        run.step("close", reader::close);
        run.step("close", writer::close);
    }

    private static void wakeReader(FaultRun run) throws Exception {
        run.lend();
        LatestWriter writer = run.open("create table", () -> LatestWriter.create(run.name, 64));
        Future<Void> waiting = run.beside(() -> {
            try (LatestReader reader = LatestReader.open(run.name)) {
                for (long seen = 0; seen < 2; seen = reader.version()) {
                    run.check(reader.awaitNewer(seen, LONG), "it was not woken");
                }
            }
        });
        for (int round = 0; round < 2 || !waiting.isDone(); round++) {
            Thread.sleep(20);
            run.step("set", () -> writer.set(value()));
        }
        run.step("close", writer::close);
    }

    private static void refuseTable(FaultRun run) throws Exception {
        run.lend();
        run.refused("open no table", Reason.NOT_FOUND, () -> LatestReader.open(run.name));
        LatestWriter writer = run.open("create table", () -> LatestWriter.create(run.name, 64));
        run.refused("create table again", Reason.ALREADY_EXISTS, () -> LatestWriter.create(run.name, 64));
        run.refused("open table again", Reason.IN_USE, () -> LatestWriter.open(run.name));
        run.step("close", writer::close);
    }

    private static ByteBuffer message(int length) {
        return ByteBuffer.allocate(length);
    }

    private static void channel(FaultRun run) throws Exception {
        run.lend();
        MessageSender sender = run.open("create channel", () -> MessageSender.create(run.name, CAPACITY));
        MessageReceiver receiver = run.open("open channel", () -> MessageReceiver.open(run.name));
        // Of these, the second goes in parts.
        for (int length : new int[] {40, 150}) {
            run.step("send", () -> sender.send(message(length)));
            ByteBuffer received = run.step("receive", () -> receiver.receive(Duration.ZERO));
            run.check(received != null && received.remaining() == length, "it is not what was sent");
        }
        run.step("close", sender::close);
        MessageSender next = run.open("open channel", () -> MessageSender.openOrCreate(run.name, CAPACITY));
        run.step("send", () -> next.send(message(40)));
        run.step("close", receiver::close);
        MessageReceiver last = run.open("open channel", () -> MessageReceiver.openOrCreate(run.name, CAPACITY));
        run.check(run.step("receive", () -> last.poll(TAKE, 2)) == 1, "what was sent is lost");
        run.step("close", last::close);
        run.step("close", next::close);
    }

    private static void broadcast(FaultRun run, MessageOptions options) throws Exception {
        run.lend();
        MessageSender sender = run.open("create channel", () -> MessageSender.create(run.name, CAPACITY, options));
        MessageReceiver first = run.open("open channel", () -> MessageReceiver.open(run.name));
        MessageReceiver second = run.open("open channel", () -> MessageReceiver.open(run.name));
        run.check(run.step("count receivers", sender::receivers) == 2, "they are not two");
        // Of these, the second goes in parts.
        for (int length : new int[] {40, 150}) {
            run.step("send", () -> sender.send(message(length)));
            for (MessageReceiver receiver : List.of(first, second)) {
                ByteBuffer received = run.step("receive", () -> receiver.receive(Duration.ZERO));
                run.check(received != null && received.remaining() == length, "it is not what was sent");
            }
        }
        // Without room, it looks whether they live.
        for (int i = 0; i < MANY_MESSAGES; i++) {
            run.step("send", () -> sender.offer(message(40)));
        }
        run.step("close", second::close);
        run.step("close", first::close);
        run.check(run.step("count receivers", sender::receivers) == 0, "there are some");
        run.step("close", sender::close);
    }

    private static void awaitMessage(FaultRun run) throws Exception {
        run.lend();
        MessageReceiver receiver = run.open("create channel", () -> MessageReceiver.create(run.name, CAPACITY));
        MessageSender sender = run.open("open channel", () -> MessageSender.open(run.name));
        int before = run.callsOf(SLEEP);
        run.beside(() -> {
            run.awaitCallOf(SLEEP, before);
            sender.send(message(40));
        });
        run.check(run.step("wait for a message", () -> receiver.receive(LONG)) != null, "it does not come");
        run.step("close", receiver::close);
        run.step("close", sender::close);
    }

    private static void wakeReceiver(FaultRun run) throws Exception {
        run.lend();
        MessageSender sender = run.open("create channel", () -> MessageSender.create(run.name, CAPACITY));
        Future<Void> waiting = run.beside(() -> {
            try (MessageReceiver receiver = MessageReceiver.open(run.name)) {
                for (int received = 0; received < 2; received++) {
                    run.check(receiver.receive(LONG) != null, "it was not woken");
                }
            }
        });
        for (int round = 0; round < 2 || !waiting.isDone(); round++) {
            Thread.sleep(20);
            run.step("send", () -> sender.offer(message(40)));
        }
        run.step("close", sender::close);
    }

    private static void awaitRoom(FaultRun run) throws Exception {
        run.lend();
        MessageSender sender = run.open("create channel", () -> MessageSender.create(run.name, CAPACITY));
        while (sender.offer(message(40))) {
            // Until it is full.
        }
        int before = run.callsOf(SLEEP);
        run.beside(() -> {
            run.awaitCallOf(SLEEP, before);
            try (MessageReceiver receiver = MessageReceiver.open(run.name)) {
                run.check(receiver.poll(TAKE, MANY_MESSAGES) > 0, "what was sent is lost");
            }
        });
        run.check(run.step("wait for room", () -> sender.send(0, message(40), LONG)), "no room comes");
        run.step("close", sender::close);
    }

    private static void wakeSender(FaultRun run) throws Exception {
        run.lend();
        MessageReceiver receiver = run.open("create channel", () -> MessageReceiver.create(run.name, CAPACITY));
        Future<Void> sending = run.beside(() -> {
            try (MessageSender sender = MessageSender.open(run.name)) {
                for (int sent = 0; sent < MANY_MESSAGES; sent++) {
                    run.check(sender.send(0, message(40), LONG), "it was not woken");
                }
            }
        });
        while (!sending.isDone()) {
            Thread.sleep(20);
            run.step("receive", () -> receiver.poll(TAKE, MANY_MESSAGES));
        }
        run.step("close", receiver::close);
    }

    private static void refuseChannel(FaultRun run) throws Exception {
        run.lend();
        run.refused("open no channel", Reason.NOT_FOUND, () -> MessageReceiver.open(run.name));
        MessageSender sender = run.open("create channel", () -> MessageSender.create(run.name, CAPACITY));
        run.refused("create channel again", Reason.ALREADY_EXISTS, () -> MessageSender.create(run.name, CAPACITY));
        run.refused("open channel again", Reason.IN_USE, () -> MessageSender.open(run.name));
        MessageReceiver receiver = run.open("open channel", () -> MessageReceiver.open(run.name));
        run.refused("open channel again", Reason.IN_USE, () -> MessageReceiver.open(run.name));
        run.step("close", receiver::close);
        run.step("close", sender::close);
    }

    private static void leaveBehind(FaultRun run) throws Exception {
        Path file = Path.of("/dev/shm", run.name);
        Files.write(file, new byte[100]);
        run.leaveName();
        Files.setAttribute(file, "unix:mode", 01600);
    }

    private static void leftover(FaultRun run) throws Exception {
        leaveBehind(run);
        SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE));
        run.step("close", region::close);
    }

    private static void persistent(FaultRun run) throws Exception {
        RegionOptions persistent = RegionOptions.defaults().persistent();
        try {
            SharedRegion region = run.open("create", () -> SharedRegion.create(run.name, SIZE, persistent));
            run.leaveName();
            run.step("close", region::close);
            run.check(run.step("remove", () -> SharedRegion.remove(run.name)), "there was no name");
            run.check(!run.step("remove", () -> SharedRegion.remove(run.name)), "the name was left");
        } finally {
            if (run.mayLeaveName()) {
                Files.deleteIfExists(Path.of("/dev/shm", run.name));
            }
        }
    }

    private static void openLeftover(FaultRun run) throws Exception {
        leaveBehind(run);
        run.refused("open", Reason.NOT_FOUND, () -> SharedRegion.open(run.name));
        SharedRegion region = run.open("openOrCreate", () -> SharedRegion.openOrCreate(run.name, SIZE));
        run.step("close", region::close);
    }
}
