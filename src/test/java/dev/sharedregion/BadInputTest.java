package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import com.sun.jna.Structure;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong calls and their answers, the same on every system except for mutexes: the exception, the reason, and that the
 * message names the thing and the values. {@code src/docs/bad-input.md} shows the answers, as {@link AnswerTable}
 * writes and checks it. More of bad names is in {@link ObjectNameTest}.
 */
class BadInputTest {
    private static final String NAME = TestNames.unique();
    private static final String FREE = TestNames.unique();
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final RegionOptions DEFAULTS = RegionOptions.defaults();
    private static final TelemetryOptions TELEMETRY = TelemetryOptions.defaults();

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path folder;

    private static SharedRegion region;
    private static NamedEvent event;
    private static EventPair server;
    private static EventPair client;
    private static SharedRegion closedRegion;
    private static NamedEvent closedEvent;
    private static EventPair closedPair;
    private static SharedRegion reader;
    private static SharedRegion anonymous;
    private static NamedEvent waiter;
    private static SharedRegion eventsName;
    private static SharedRegion locksName;
    private static SharedLock lock;
    private static SharedLock closedLock;
    private static SharedLock.Guard closedGuard;
    private static TelemetryReader telemetry;
    private static TelemetryReader closedTelemetry;
    private static SharedRegion tablesName;
    private static LatestWriter table;
    private static LatestWriter closedTable;
    private static LatestReader values;
    private static LatestReader closedValues;
    private static SharedRegion channelsName;
    private static MessageSender sender;
    private static MessageSender closedSender;
    private static MessageSender.Claim closedSendersClaim;
    private static MessageSender.Claim endedClaim;
    private static MessageSender.OutgoingMessage endedMessage;
    private static MessageReceiver receiver;
    private static MessageReceiver closedReceiver;
    private static SharedRegion requestsName;
    private static RequestServer answering;
    private static RequestServer closedServer;
    private static RequestClient asking;
    private static RequestClient closedClient;

    @BeforeAll
    static void create() throws Exception {
        region = SharedRegion.create(NAME, 4096);
        event = NamedEvent.create(NAME + "-event");
        server = EventPair.create(NAME + "-pair");
        closedPair = EventPair.open(NAME + "-pair");
        closedPair.close();
        client = EventPair.open(NAME + "-pair");
        closedRegion = SharedRegion.open(NAME);
        closedRegion.close();
        closedEvent = NamedEvent.open(NAME + "-event");
        closedEvent.close();
        reader = SharedRegion.open(NAME, RegionOptions.readOnly());
        anonymous = SharedRegion.anonymous(4096);
        eventsName = SharedRegion.create(NAME + "-odd.written", 4096);
        locksName = SharedRegion.create(NAME + "-odd.lock", 40_000);
        locksName.pointer().setInt(0, 1);
        lock = SharedLock.openOrCreate(NAME + "-lock");
        closedLock = SharedLock.openOrCreate(NAME + "-lock");
        closedGuard = closedLock.tryLock();
        closedGuard.close();
        closedLock.close();
        telemetry = TelemetryReader.open(NAME, Sync.twice());
        closedTelemetry = TelemetryReader.open(NAME, Sync.twice());
        closedTelemetry.close();
        tablesName = SharedRegion.create(NAME + "-odd.latest", 40_000);
        tablesName.pointer().setInt(0, 1);
        closedTable = LatestWriter.create(NAME + "-table", 3, 64, LatestOptions.defaults().schema(7));
        closedValues = LatestReader.open(NAME + "-table");
        closedTable.close();
        table = LatestWriter.open(NAME + "-table");
        values = LatestReader.open(NAME + "-table");
        closedValues.close();
        createChannels();
        createRequests();
        waiter = NamedEvent.open(NAME + "-event", EventAccess.WAIT_ONLY);
        Files.createFile(folder.resolve("empty"));
        Files.write(folder.resolve("five"), new byte[5]);
    }

    private static void createChannels() throws IOException, InterruptedException {
        channelsName = SharedRegion.create(NAME + "-odd.messages", 40_000);
        channelsName.pointer().setInt(0, 1);
        String name = NAME + "-channel";
        closedSender = MessageSender.create(name, 256, MessageOptions.defaults().schema(7));
        closedReceiver = MessageReceiver.open(name);
        closedSendersClaim = closedSender.tryClaim(8);
        closedSender.close();
        sender = MessageSender.open(name);
        closedReceiver.close();
        receiver = MessageReceiver.open(name);
        endedClaim = sender.tryClaim(8);
        endedClaim.close();
        endedMessage = sender.openMessage();
        endedMessage.close();
    }

    private static void createRequests() throws Exception {
        requestsName = SharedRegion.create(NAME + "-odd.requests.messages", 40_000);
        requestsName.pointer().setInt(0, 1);
        String name = NAME + "-requests";
        RequestOptions options = RequestOptions.defaults().clients(1).longest(64);
        closedServer = RequestServer.create(name, 256, options);
        closedClient = RequestClient.open(name);
        closedClient.close();
        asking = RequestClient.open(name);
        closedServer.close();
        answering = RequestServer.openOrCreate(name, 256, options);
        Thread serving = new Thread(() -> assertDoesNotThrow(() -> answering.serve(BadInputTest::refuse)));
        serving.setDaemon(true);
        serving.start();
        // It serves when it has answered.
        asking.call(ByteBuffer.allocate(0), Duration.ofMinutes(1));
    }

    private static ByteBuffer refuse(Request request) throws IOException {
        if (request.bytes().hasRemaining()) {
            throw new IOException("no such file");
        }
        return null;
    }

    @AfterAll
    static void close() throws IOException {
        AnswerTable.save();
        reader.close();
        anonymous.close();
        waiter.close();
        eventsName.close();
        locksName.close();
        lock.close();
        telemetry.close();
        tablesName.close();
        table.close();
        values.close();
        channelsName.close();
        sender.close();
        receiver.close();
        requestsName.close();
        asking.close();
        answering.close();
        region.close();
        event.close();
        server.close();
        client.close();
    }

    /** A wrong call. */
    record Row(
            String what, Class<? extends Throwable> exception, Reason reason, List<String> inMessage, Executable call) {
        @Override
        public String toString() {
            return what + ": " + exception.getSimpleName() + (reason == null ? "" : " " + reason);
        }
    }

    private static Row wrong(
            String what, Class<? extends Throwable> exception, Executable call, String... inMessage) {
        return new Row(what, exception, null, List.of(inMessage), call);
    }

    private static Row refused(String what, Reason reason, Executable call, String... inMessage) {
        return new Row(what, SharedMemoryException.class, reason, List.of(inMessage), call);
    }

    static Stream<Row> rows() {
        Class<IllegalArgumentException> argument = IllegalArgumentException.class;
        Class<IndexOutOfBoundsException> bounds = IndexOutOfBoundsException.class;
        Class<IllegalStateException> state = IllegalStateException.class;
        Class<NullPointerException> isNull = NullPointerException.class;
        Duration negative = Duration.ofMillis(-5);
        long top = Long.MAX_VALUE;
        Class<UnsupportedOperationException> unsupported = UnsupportedOperationException.class;
        Permissions readers = Permissions.ownerAndReaders();
        String ticket = anonymous.ticket();
        String empty = folder.resolve("empty").toString();
        Path five = folder.resolve("five");
        return Stream.of(
                wrong("create, size 0", argument, () -> SharedRegion.create(FREE, 0), FREE, "0"),
                wrong("create, size -1", argument, () -> SharedRegion.create(FREE, -1), FREE, "-1"),
                wrong("openOrCreate, size 0", argument, () -> SharedRegion.openOrCreate(FREE, 0), FREE, "0"),
                wrong(
                        "openOrCreate, least long",
                        argument,
                        () -> SharedRegion.openOrCreate(FREE, Long.MIN_VALUE),
                        FREE),
                refused(
                        "create, larger than the machine",
                        Reason.NO_SPACE,
                        () -> SharedRegion.create(FREE, 1L << 46),
                        FREE),
                refused("create, largest long", Reason.NO_SPACE, () -> SharedRegion.create(FREE, top), FREE),
                refused(
                        "create, name in use",
                        Reason.ALREADY_EXISTS,
                        () -> SharedRegion.create(NAME, 10),
                        NAME,
                        "4096"),
                refused(
                        "create, name of an event",
                        Reason.WRONG_KIND,
                        () -> SharedRegion.create(NAME + "-event", 10),
                        NAME),
                refused("open, no such region", Reason.NOT_FOUND, () -> SharedRegion.open(FREE), FREE, "Start"),
                refused("open, name of an event", Reason.WRONG_KIND, () -> SharedRegion.open(NAME + "-event"), NAME),
                refused(
                        "open, smaller than needed",
                        Reason.TOO_SMALL,
                        () -> SharedRegion.open(NAME, DEFAULTS.minimumSize(1 << 20)),
                        NAME,
                        "4096",
                        "1048576"),
                refused(
                        "openOrCreate, smaller",
                        Reason.TOO_SMALL,
                        () -> SharedRegion.openOrCreate(NAME, 1 << 20),
                        "4096"),
                wrong("open, offset at the end", bounds, () -> SharedRegion.open(NAME, DEFAULTS.offset(4096)), "4096"),
                wrong(
                        "open, offset near the largest long",
                        bounds,
                        () -> SharedRegion.open(NAME, DEFAULTS.offset(top)),
                        "4096"),
                wrong(
                        "open, length beyond",
                        bounds,
                        () -> SharedRegion.open(NAME, DEFAULTS.length(4097)),
                        "4097",
                        "4096"),
                wrong(
                        "open, offset and length that overflow",
                        bounds,
                        () -> SharedRegion.open(NAME, DEFAULTS.offset(4095).length(top)),
                        Long.toString(top),
                        "4096"),
                wrong("open, negative timeout", argument, () -> SharedRegion.open(NAME, negative), "PT-0.005S"),
                wrong("open, null timeout", isNull, () -> SharedRegion.open(NAME, (Duration) null), "timeout"),
                wrong("open, null options", isNull, () -> SharedRegion.open(NAME, (RegionOptions) null), "options"),
                wrong("create, null options", isNull, () -> SharedRegion.create(FREE, 1, null), "options"),
                wrong("openOrCreate, null options", isNull, () -> SharedRegion.openOrCreate(FREE, 1, null), "options"),
                wrong("map, null options", isNull, () -> SharedRegion.map(five, 0, null), "options"),
                wrong("map, null file", isNull, () -> SharedRegion.map(null, 0), "file"),
                wrong("offset -1", argument, () -> DEFAULTS.offset(-1), "-1"),
                wrong("length 0", argument, () -> DEFAULTS.length(0), "0"),
                wrong("minimum size -3", argument, () -> DEFAULTS.minimumSize(-3), "-3"),
                wrong("map, size -1", argument, () -> SharedRegion.map(five, -1), "-1", "five"),
                refused(
                        "map, no such file",
                        Reason.NOT_FOUND,
                        () -> SharedRegion.map(folder.resolve("none"), 1),
                        "none"),
                refused("map, a directory", Reason.WRONG_KIND, () -> SharedRegion.map(folder, 1), "directory"),
                refused("map, an empty file", Reason.EMPTY_FILE, () -> SharedRegion.map(Path.of(empty), 0), empty),
                refused(
                        "map, growing read-only",
                        Reason.TOO_SMALL,
                        () -> SharedRegion.map(five, 6, RegionOptions.readOnly()),
                        "5",
                        "6"),
                wrong("map, offset beyond", bounds, () -> SharedRegion.map(five, 0, DEFAULTS.offset(5)), "5"),
                refused(
                        "map, a name in use",
                        Reason.ALREADY_EXISTS,
                        () -> SharedRegion.map(five, 0, DEFAULTS.name(NAME)),
                        NAME),
                refused(
                        "map, name of an event",
                        Reason.WRONG_KIND,
                        () -> SharedRegion.map(five, 0, DEFAULTS.name(NAME + "-event")),
                        NAME),
                refused("map, largest long", Reason.NO_SPACE, () -> SharedRegion.map(five, top), "five"),
                wrong("pointer, offset -1", bounds, () -> region.pointer().getInt(-1), "-1", "4", "4096"),
                wrong("pointer, across the end", bounds, () -> region.pointer().getLong(4090), "4090", "8", "4096"),
                wrong("pointer, near the largest long", bounds, () -> region.pointer().getInt(top - 1), "4096"),
                wrong("buffer, offset -1", bounds, () -> region.buffer(-1, 1), "-1", "4096"),
                wrong("buffer, length -1", bounds, () -> region.buffer(0, -1), "-1", "4096"),
                wrong("buffer, beyond", bounds, () -> region.buffer(4000, 97), "4000", "97", "4096"),
                wrong("closed region, pointer", state, () -> closedRegion.pointer(), NAME),
                wrong("closed region, buffer", state, () -> closedRegion.buffer(), NAME),
                wrong("closed region, part of a buffer", state, () -> closedRegion.buffer(0, 1), NAME),
                wrong("closed region, isCurrent", state, () -> closedRegion.isCurrent(), NAME),
                wrong("closed region, flush", state, () -> closedRegion.flush(), NAME),
                refused(
                        "event, create, name in use",
                        Reason.ALREADY_EXISTS,
                        () -> NamedEvent.create(NAME + "-event"),
                        NAME),
                refused("event, create, name of a region", Reason.WRONG_KIND, () -> NamedEvent.create(NAME), NAME),
                refused("event, open, none", Reason.NOT_FOUND, () -> NamedEvent.open(FREE), FREE),
                refused("event, open, a region", Reason.WRONG_KIND, () -> NamedEvent.open(NAME), NAME),
                refused("event, openOrCreate, a region", Reason.WRONG_KIND, () -> NamedEvent.openOrCreate(NAME), NAME),
                wrong("event, negative timeout", argument, () -> event.await(negative), "PT-0.005S"),
                wrong("event, null timeout", isNull, () -> event.await((Duration) null), "timeout"),
                wrong("event, awaitAny of none", argument, () -> NamedEvent.awaitAny(LONG), "at least one"),
                wrong("event, awaitAny of null", isNull, () -> NamedEvent.awaitAny(LONG, event, null), "events[1]"),
                wrong("event, awaitAny of a null array", isNull,
                        () -> NamedEvent.awaitAny(LONG, (NamedEvent[]) null), "events"),
                wrong("event, awaitAny of one twice", argument,
                        () -> NamedEvent.awaitAny(LONG, event, waiter, event), NAME, "events[0]", "events[2]"),
                wrong("event, awaitAny, negative timeout", argument,
                        () -> NamedEvent.awaitAny(negative, event), "PT-0.005S"),
                wrong("event, awaitAny, null timeout", isNull, () -> NamedEvent.awaitAny(null, event), "timeout"),
                wrong("event, awaitAny of a closed one", state,
                        () -> NamedEvent.awaitAny(LONG, event, closedEvent), NAME),
                wrong("closed event, awaitAsync", state, () -> closedEvent.awaitAsync(), NAME),
                wrong("closed event, set", state, () -> closedEvent.set(), NAME),
                wrong("closed event, reset", state, () -> closedEvent.reset(), NAME),
                wrong("closed event, await", state, () -> closedEvent.await(), NAME),
                wrong("closed event, poll", state, () -> closedEvent.await(Duration.ZERO), NAME),
                refused("pair, second server", Reason.ALREADY_EXISTS, () -> EventPair.create(NAME + "-pair"), NAME,
                        "process " + ProcessHandle.current().pid() + " (this one)"),
                refused("pair, second client", Reason.IN_USE, () -> EventPair.open(NAME + "-pair"), NAME,
                        "process " + ProcessHandle.current().pid() + " (this one)"),
                wrong(
                        "pair, negative time to spin",
                        argument,
                        () -> PairOptions.defaults().spin(negative),
                        "PT-0.005S"),
                wrong(
                        "pair, one event twice",
                        argument,
                        () -> PairOptions.defaults().eventNames(FREE, "Global\\" + FREE),
                        "same event"),
                wrong("pair, null event", isNull, () -> PairOptions.defaults().eventNames(FREE, null), "name"),
                wrong(
                        "pair, an event's name with a slash",
                        argument,
                        () -> PairOptions.defaults().eventNames("a/b", FREE),
                        "'/'"),
                wrong(
                        "pair, client with existingEvents",
                        argument,
                        () -> EventPair.open(
                                NAME + "-pair", PairOptions.defaults().existingEvents()),
                        "existingEvents"),
                refused(
                        "pair, open, none",
                        Reason.NOT_FOUND,
                        () -> EventPair.open(FREE),
                        "pair \"" + FREE + "\"",
                        "server"),
                refused(
                        "pair, open in time, none",
                        Reason.NOT_FOUND,
                        () -> EventPair.open(FREE, Duration.ZERO),
                        "pair \"" + FREE + "\"",
                        "server"),
                refused(
                        "pair, open, a region has an event's name",
                        Reason.WRONG_KIND,
                        () -> EventPair.open(NAME + "-odd"),
                        "pair \"" + NAME + "-odd\"",
                        NAME + "-odd.written"),
                refused(
                        "pair, create, a region has an event's name",
                        Reason.WRONG_KIND,
                        () -> EventPair.create(NAME + "-odd"),
                        "pair \"" + NAME + "-odd\"",
                        NAME + "-odd.written"),
                wrong("pair, negative timeout", argument, () -> client.awaitWritten(negative), "PT-0.005S"),
                wrong("pair, read before written", state, () -> client.signalRead(), NAME, "turn"),
                wrong("pair, await before writing", state, () -> server.awaitRead(), NAME, "turn"),
                wrong("pair, the other side's call", state, () -> server.signalRead(), NAME, "reading side",
                        "process " + ProcessHandle.current().pid() + " (this one)"),
                wrong("pair, awaitWrittenAsync by the server", state,
                        () -> server.awaitWrittenAsync(), NAME, "reading"),
                wrong("pair, awaitReadAsync by the client", state, () -> client.awaitReadAsync(), NAME, "writing"),
                wrong("closed pair, awaitWrittenAsync", state, () -> closedPair.awaitWrittenAsync(), NAME),
                wrong("closed pair, await", state, () -> closedPair.awaitWritten(), NAME),
                wrong("closed pair, poll", state, () -> closedPair.awaitWritten(Duration.ZERO), NAME),
                wrong("mutex, a slash", argument, () -> NamedMutex.open("a/b"), "'/'"),
                wrong("mutex, null name", isNull, () -> NamedMutex.open(null), "name"),
                wrong("mutex, open, negative timeout", argument, () -> NamedMutex.open(FREE, negative), "PT-0.005S"),
                wrong("mutex, open, null timeout", isNull, () -> NamedMutex.open(FREE, null), "timeout"),
                refused("mutex, open, none", onWindows(Reason.NOT_FOUND), () -> NamedMutex.open(FREE), FREE),
                refused(
                        "mutex, open in time, none",
                        onWindows(Reason.NOT_FOUND),
                        () -> NamedMutex.open(FREE, Duration.ZERO),
                        FREE),
                refused("mutex, open, a region", onWindows(Reason.WRONG_KIND), () -> NamedMutex.open(NAME), NAME),
                refused(
                        "mutex, open, an event",
                        onWindows(Reason.WRONG_KIND),
                        () -> NamedMutex.open(NAME + "-event"),
                        NAME),
                wrong("name, empty", argument, () -> SharedRegion.create("", 1), "empty"),
                wrong("name, a prefix alone", argument, () -> SharedRegion.create("Global\\", 1), "empty"),
                wrong("name, null", isNull, () -> SharedRegion.create(null, 1), "name"),
                wrong("name, a dot", argument, () -> SharedRegion.create(".", 1), "directory"),
                wrong("name, two dots", argument, () -> NamedEvent.create(".."), "directory"),
                wrong("name, a slash", argument, () -> SharedRegion.open("/" + FREE), FREE, "'/'", "map(Path"),
                wrong("name, a backslash", argument, () -> EventPair.create("local\\" + FREE), FREE, "Local\\"),
                wrong("name, a NUL", argument, () -> NamedEvent.open("a\0b"), "index 1"),
                wrong("name, half a surrogate pair", argument, () -> SharedRegion.open("a\ud800"), "surrogate"),
                wrong("name, 260 characters", argument, () -> SharedRegion.open("n".repeat(260)), "260", "259"),
                wrong("name, 258 bytes of UTF-8", argument, () -> SharedRegion.open("\u4f60".repeat(86)), "258", "255"),
                wrong(
                        "pair, a name that the suffix makes too long",
                        argument,
                        () -> EventPair.create("n".repeat(254)),
                        "255"),
                wrong(
                        "create, read-only",
                        argument,
                        () -> SharedRegion.create(FREE, 1, RegionOptions.readOnly()),
                        "READ_ONLY"),
                wrong(
                        "openOrCreate, copy on write",
                        argument,
                        () -> SharedRegion.openOrCreate(FREE, 1, RegionOptions.copyOnWrite()),
                        "COPY_ON_WRITE"),
                wrong(
                        "create, a minimum size",
                        argument,
                        () -> SharedRegion.create(FREE, 1, DEFAULTS.minimumSize(1)),
                        "minimum size"),
                wrong(
                        "create, exclusive",
                        argument,
                        () -> SharedRegion.create(FREE, 1, DEFAULTS.exclusive()),
                        "exclusive"),
                wrong(
                        "create, a second name",
                        argument,
                        () -> SharedRegion.create(FREE, 1, DEFAULTS.name(FREE)),
                        "name"),
                wrong("create, a part beyond", bounds, () -> SharedRegion.create(FREE, 10, DEFAULTS.offset(10)), "10"),
                wrong("open, lazy", argument, () -> SharedRegion.open(NAME, DEFAULTS.lazy()), "lazy"),
                wrong(
                        "open, permissions",
                        argument,
                        () -> SharedRegion.open(NAME, DEFAULTS.permissions(readers)),
                        "permissions"),
                wrong("open, exclusive", argument, () -> SharedRegion.open(NAME, DEFAULTS.exclusive()), "exclusive"),
                wrong("open, persistent", argument, () -> SharedRegion.open(NAME, DEFAULTS.persistent()), "persistent"),
                wrong(
                        "map, persistent",
                        argument,
                        () -> SharedRegion.map(five, 0, DEFAULTS.persistent()),
                        "persistent"),
                wrong(
                        "anonymous, persistent",
                        argument,
                        () -> SharedRegion.anonymous(1, DEFAULTS.persistent()),
                        "persistent"),
                wrong(
                        "attach, persistent",
                        argument,
                        () -> SharedRegion.attach(ticket, DEFAULTS.persistent()),
                        "persistent"),
                wrong("remove, null name", isNull, () -> SharedRegion.remove(null), "name"),
                wrong("remove, a slash", argument, () -> SharedRegion.remove("a/b"), "map(Path"),
                wrong(
                        "map, a minimum size",
                        argument,
                        () -> SharedRegion.map(five, 0, DEFAULTS.minimumSize(1)),
                        "minimum"),
                wrong(
                        "map, permissions without a name",
                        argument,
                        () -> SharedRegion.map(five, 0, DEFAULTS.permissions(readers)),
                        "permissions"),
                wrong("options, null access", isNull, () -> DEFAULTS.access(null), "access"),
                wrong("options, null permissions", isNull, () -> DEFAULTS.permissions(null), "permissions"),
                wrong("permissions, mode 0644 with an x", argument, () -> readers.mode(0645), "0645"),
                wrong("permissions, mode without the owner", argument, () -> readers.mode(0066), "066", "0600"),
                wrong("permissions, null descriptor", isNull, () -> readers.sddl(null), "descriptor"),
                wrong("anonymous, size 0", argument, () -> SharedRegion.anonymous(0), "0"),
                refused("anonymous, larger than the machine", Reason.NO_SPACE, () -> SharedRegion.anonymous(1L << 46)),
                refused("anonymous, largest long", Reason.NO_SPACE, () -> SharedRegion.anonymous(top)),
                wrong("anonymous, permissions", argument,
                        () -> SharedRegion.anonymous(1, DEFAULTS.permissions(readers)), "permissions"),
                wrong("attach, null", isNull, () -> SharedRegion.attach(null), "ticket"),
                wrong("attach, no ticket", argument, () -> SharedRegion.attach(FREE), FREE, "ticket"),
                wrong("attach, lazy", argument, () -> SharedRegion.attach(ticket, DEFAULTS.lazy()), "lazy"),
                wrong(
                        "attach, length beyond",
                        bounds,
                        () -> SharedRegion.attach(ticket, DEFAULTS.length(4097)),
                        "4097"),
                refused(
                        "attach, smaller than needed",
                        Reason.TOO_SMALL,
                        () -> SharedRegion.attach(ticket, DEFAULTS.minimumSize(4097)),
                        "4096",
                        "4097"),
                refused(
                        "attach, a handle that is none",
                        Reason.NOT_FOUND,
                        () -> SharedRegion.attach(ticket.replaceFirst("-[0-9]+-4096", "-77777776-4096")),
                        "ticket"),
                refused(
                        "attach, no such process",
                        Reason.NOT_FOUND,
                        () -> SharedRegion.attach(ticket.replaceFirst("-[0-9]+-", "-4000000000-")),
                        "4000000000"),
                wrong("named region, ticket", unsupported, () -> region.ticket(), NAME),
                wrong("closed region, ticket", state, () -> closedRegion.ticket(), NAME),
                wrong(
                        "pointer, write to a read-only region",
                        unsupported,
                        () -> reader.pointer().setInt(0, 1),
                        "READ_ONLY"),
                wrong(
                        "pointer, clear a read-only region",
                        unsupported,
                        () -> reader.pointer().setMemory(0, 1, (byte) 0),
                        NAME),
                wrong(
                        "pointer, bulk read beyond",
                        bounds,
                        () -> region.pointer().read(4090, new byte[7], 0, 7),
                        "4090",
                        "7"),
                wrong(
                        "pointer, bulk write beyond the array",
                        bounds,
                        () -> region.pointer().write(0, new int[2], 1, 2),
                        "2"),
                wrong("pointer, share beyond", bounds, () -> region.pointer().share(4000, 97), "4000", "97"),
                wrong("pointer, share, offset -1", bounds, () -> region.pointer().share(-1), "-1"),
                wrong("pointer, fill beyond", bounds, () -> region.pointer().setMemory(4095, 2, (byte) 1), "4095"),
                wrong("pointer, buffer beyond", bounds, () -> region.pointer().getByteBuffer(1, 4096), "4096"),
                wrong("pointer, string too long", bounds, () -> region.pointer().setString(4092, "long"), "4092"),
                wrong("pointer, null array", isNull, () -> region.pointer().read(0, (byte[]) null, 0, 1)),
                wrong("event, null options", isNull, () -> NamedEvent.create(FREE, null), "options"),
                wrong(
                        "event, openOrCreate, null options",
                        isNull,
                        () -> NamedEvent.openOrCreate(FREE, null),
                        "options"),
                wrong("event, null access", isNull, () -> NamedEvent.open(NAME, (EventAccess) null), "access"),
                wrong("event, set what waits only", unsupported, () -> waiter.set(), "WAIT_ONLY"),
                wrong("event, reset what waits only", unsupported, () -> waiter.reset(), "WAIT_ONLY"),
                wrong("pair, null options", isNull, () -> EventPair.create(FREE, null), "options"),
                wrong("pair, null time to spin", isNull, () -> PairOptions.defaults().spin(null), "longest"),
                wrong("pair, null permissions", isNull, () -> PairOptions.defaults().permissions(null), "permissions"),
                wrong("pair, null action", isNull, () -> server.write(null), "action"),
                wrong("pair, null action with a result", isNull, () -> client.tryRead(null, Duration.ZERO), "action"),
                wrong(
                        "pair, tryRead, negative timeout",
                        argument,
                        () -> client.tryRead(() -> 1, negative),
                        "PT-0.005S"),
                wrong("closed pair, tryRead", state, () -> closedPair.tryRead(() -> 1, Duration.ZERO), NAME),
                wrong("pair, write as the reading side", state, () -> client.write(() -> { }), NAME, "writing side"),
                wrong("lock, null name", isNull, () -> SharedLock.openOrCreate(null), "name"),
                wrong("lock, a slash", argument, () -> SharedLock.openOrCreate("a/b"), "'/'"),
                wrong(
                        "lock, a name that the suffix makes too long",
                        argument,
                        () -> SharedLock.openOrCreate("n".repeat(250)),
                        "259",
                        "255"),
                wrong("lock, null permissions", isNull, () -> SharedLock.openOrCreate(FREE, null), "permissions"),
                refused(
                        "lock, another program's region",
                        Reason.WRONG_KIND,
                        () -> SharedLock.openOrCreate(NAME + "-odd"),
                        "lock \"" + NAME + "-odd\"",
                        NAME + "-odd.lock"),
                wrong("lock, negative timeout", argument, () -> lock.tryLock(negative), "PT-0.005S"),
                wrong("lock, null timeout", isNull, () -> lock.tryLock(null), "timeout"),
                wrong("lock, twice by one thread", state, () -> lockTwice(), NAME, "thread"),
                wrong("closed lock, lock", state, () -> closedLock.lock(), NAME),
                wrong("closed lock, tryLock", state, () -> closedLock.tryLock(), NAME),
                wrong("telemetry reader, null name", isNull, () -> TelemetryReader.open(null, Sync.twice()), "name"),
                wrong("telemetry reader, a slash", argument, () -> TelemetryReader.open("/acpmf", Sync.twice()), "'/'"),
                wrong("telemetry reader, null sync", isNull, () -> TelemetryReader.open(FREE, null), "sync"),
                wrong("telemetry reader, null options", isNull, () -> TelemetryReader.open(FREE, Sync.twice(), null), "options"),
                wrong("telemetry reader, null buffer", isNull, () -> telemetry.read(null), "copy"),
                wrong(
                        "telemetry reader, a read-only buffer",
                        argument,
                        () -> telemetry.read(ByteBuffer.allocate(8).asReadOnlyBuffer()),
                        "read-only"),
                wrong("telemetry reader, a buffer without room", argument,
                        () -> telemetry.read(ByteBuffer.allocate(8).position(8)), "8", "clear()"),
                wrong("telemetry reader, negative timeout", argument, () -> telemetry.await(negative), "PT-0.005S"),
                wrong("telemetry reader, null timeout", isNull, () -> telemetry.await(null), "timeout"),
                wrong("closed telemetry reader, read", state, () -> closedTelemetry.read(ByteBuffer.allocate(8)), NAME),
                wrong("closed telemetry reader, await", state, () -> closedTelemetry.await(Duration.ZERO), NAME),
                wrong("closed telemetry reader, problem", state, () -> closedTelemetry.problem(), NAME),
                wrong("closed telemetry reader, length", state, () -> closedTelemetry.length(), NAME),
                wrong("sync, sequence at -4", argument, () -> Sync.sequence(-4), "sequence word", "-4"),
                wrong("sync, counter at 2", argument, () -> Sync.counter(2), "counter", "2"),
                wrong("sync, counter64 at 6", argument, () -> Sync.counter64(6), "counter", "6"),
                wrong("sync, busyFlag at the least long", argument, () -> Sync.busyFlag(Long.MIN_VALUE), "busy flag"),
                wrong("sync, versions at one offset", argument, () -> Sync.versions(4, 4), "4", "Sync.sequence"),
                wrong("sync, versions at 1", argument, () -> Sync.versions(0, 1), "end word", "1"),
                wrong("sync, rotating with a stride of 4", argument, () -> Sync.rotating(32, 36, 48, 4), "stride", "4"),
                wrong("sync, rotating with a table at 50", argument, () -> Sync.rotating(32, 36, 50, 16), "50"),
                wrong("sync, mutex with a backslash", argument, () -> Sync.mutex("a\\b", Sync.twice()), "Local"),
                wrong("sync, mutex without another", isNull, () -> Sync.mutex(FREE, null), "otherwise"),
                wrong("telemetry options, size 0", argument, () -> TELEMETRY.size(0), "0"),
                wrong("telemetry options, stale after 0", argument, () -> TELEMETRY.staleAfter(Duration.ZERO), "PT0S"),
                wrong("telemetry options, poll every -5 ms", argument, () -> TELEMETRY.pollEvery(negative), "-0.005"),
                wrong("telemetry options, null time", isNull, () -> TELEMETRY.staleAfter(null), "time"),
                wrong("telemetry options, null test", isNull, () -> TELEMETRY.aliveWhile(null), "test"),
                wrong("telemetry options, null test of a pause", isNull, () -> TELEMETRY.pausedWhile(null), "test"),
                wrong("telemetry options, null event", isNull, () -> TELEMETRY.event(null), "name"),
                wrong("telemetry options, an event with a slash", argument, () -> TELEMETRY.event("a/b"), "'/'"),
                wrong("closed guard, markConsistent", state, () -> closedGuard.markConsistent(), NAME));
    }

    static Stream<Row> tableRows() {
        Class<? extends Throwable> argument = IllegalArgumentException.class;
        Class<? extends Throwable> bounds = IndexOutOfBoundsException.class;
        Class<? extends Throwable> state = IllegalStateException.class;
        Class<? extends Throwable> isNull = NullPointerException.class;
        ByteBuffer value = ByteBuffer.allocate(64);
        Duration negative = Duration.ofMillis(-5);
        LatestOptions options = LatestOptions.defaults();
        LatestOptions otherSchema = options.schema(8);
        return Stream.of(
                wrong("table, null name", isNull, () -> LatestWriter.create(null, 64), "name"),
                wrong("table, a slash", argument, () -> LatestWriter.create("a/b", 64), "'/'"),
                wrong(
                        "table, a name that the suffix makes too long",
                        argument,
                        () -> LatestReader.open("n".repeat(250)),
                        "259"),
                wrong("table, null options", isNull, () -> LatestWriter.create(FREE, 64, null), "options"),
                wrong("table, null permissions", isNull, () -> options.permissions(null), "permissions"),
                wrong("table, no values", argument, () -> LatestWriter.create(FREE, 0, 64), "0"),
                wrong("table, negative size", argument, () -> LatestWriter.create(FREE, -64), "-64"),
                wrong("table, a size of 1 GiB", argument, () -> LatestWriter.create(FREE, 1 << 30), "1073741824"),
                wrong("table, one slot", argument, () -> options.slots(1), "1"),
                wrong("table, too many slots", argument, () -> options.slots(256), "256"),
                wrong(
                        "table, too large",
                        argument,
                        () -> LatestWriter.create(FREE, Integer.MAX_VALUE, 1 << 29, options.slots(255)),
                        "2147483647",
                        "536870912",
                        "255"),
                refused("table, create again", Reason.ALREADY_EXISTS, () -> LatestWriter.create(NAME + "-table", 64),
                        NAME + "-table"),
                refused("table, a second writer", Reason.IN_USE, () -> LatestWriter.open(NAME + "-table"), "rocess"),
                refused(
                        "table, another schema",
                        Reason.WRONG_KIND,
                        () -> LatestReader.open(NAME + "-table", otherSchema),
                        "7",
                        "8"),
                refused("table, no such table", Reason.NOT_FOUND, () -> LatestReader.open(FREE), FREE),
                refused("table, no such table to write to", Reason.NOT_FOUND, () -> LatestWriter.open(FREE), FREE),
                refused(
                        "table, another program's region",
                        Reason.WRONG_KIND,
                        () -> LatestWriter.openOrCreate(NAME + "-odd", 64),
                        "table \"" + NAME + "-odd\"",
                        NAME + "-odd.latest"),
                wrong("table, value too short", argument, () -> table.set(ByteBuffer.allocate(63)), "63", "64"),
                wrong("table, value too long", argument, () -> table.set(1, ByteBuffer.allocate(65)), "65", "64"),
                wrong("table, structure of another size", argument, () -> table.set(new Pair()), "8", "64"),
                wrong("table, index -1", bounds, () -> table.set(-1, value), "-1", "3"),
                wrong("table, index behind the last", bounds, () -> table.update(3, bytes -> { }), "3"),
                wrong("table, version of no value", bounds, () -> values.version(3), "3"),
                wrong("table, null value", isNull, () -> table.set((ByteBuffer) null)),
                wrong("table, null action", isNull, () -> table.update(null), "action"),
                wrong("table, write within an update", state, () -> table.update(b -> table.set(value)), NAME),
                wrong("table, copy too short", argument, () -> values.read(ByteBuffer.allocate(63)), "63", "64"),
                wrong("table, copy read-only", argument, () -> values.read(value.asReadOnlyBuffer()), "read-only"),
                wrong("table, read of no value", bounds, () -> values.read(3, value), "3"),
                wrong("table, structure to read of another size", argument, () -> values.read(new Pair()), "8"),
                wrong("table, null copy", isNull, () -> values.read((ByteBuffer) null)),
                wrong("table, wait for no value", bounds, () -> values.awaitNewer(3, 0, Duration.ZERO), "3"),
                wrong("table, negative version", argument, () -> values.awaitNewer(-1, Duration.ZERO), "-1"),
                wrong("table, negative timeout", argument, () -> values.awaitNewer(0, negative), "PT-0.005S"),
                wrong("table, null timeout", isNull, () -> values.awaitNewer(0, null), "timeout"),
                wrong("closed writer, set", state, () -> closedTable.set(value), NAME),
                wrong("closed reader, read", state, () -> closedValues.read(value), NAME),
                wrong("closed reader, awaitNewer", state, () -> closedValues.awaitNewer(0, Duration.ZERO), NAME));
    }

    static Stream<Row> channelRows() {
        Class<? extends Throwable> argument = IllegalArgumentException.class;
        Class<? extends Throwable> state = IllegalStateException.class;
        Class<? extends Throwable> isNull = NullPointerException.class;
        String channel = NAME + "-channel";
        ByteBuffer message = ByteBuffer.allocate(8);
        ByteBuffer tooLong = ByteBuffer.allocate(121);
        Duration negative = Duration.ofMillis(-5);
        Duration zero = Duration.ZERO;
        MessageOptions options = MessageOptions.defaults();
        MessageHandler handler = (type, bytes) -> { };
        MessagePartHandler parts = (number, type, part, last) -> { };
        return Stream.of(
                wrong("channel, null name", isNull, () -> MessageSender.create(null, 256), "name"),
                wrong("channel, a slash", argument, () -> MessageReceiver.create("a/b", 256), "'/'"),
                wrong(
                        "channel, a name that the suffix makes too long",
                        argument,
                        () -> MessageSender.open("n".repeat(249)),
                        "259"),
                wrong("channel, create to send, null options", isNull, () -> MessageSender.create(FREE, 256, null),
                        "options"),
                wrong("channel, create to receive, null options", isNull, () -> MessageReceiver.create(FREE, 256, null),
                        "options"),
                wrong(
                        "channel, open to send, null options",
                        isNull,
                        () -> MessageSender.open(FREE, (MessageOptions) null),
                        "options"),
                wrong(
                        "channel, open to receive in time, null options",
                        isNull,
                        () -> MessageReceiver.open(FREE, zero, null),
                        "options"),
                wrong("channel, openOrCreate to send, null options", isNull,
                        () -> MessageSender.openOrCreate(FREE, 256, null), "options"),
                wrong("channel, openOrCreate to receive, null options", isNull,
                        () -> MessageReceiver.openOrCreate(FREE, 256, null), "options"),
                wrong("channel, open in time, null timeout", isNull,
                        () -> MessageSender.open(FREE, (Duration) null), "timeout"),
                wrong("channel, open in time, negative timeout", argument,
                        () -> MessageReceiver.open(FREE, negative), "PT-0.005S"),
                wrong("channel, null permissions", isNull, () -> options.permissions(null), "permissions"),
                wrong("channel, no senders", argument, () -> options.senders(0), "0", "255"),
                wrong("channel, 256 senders", argument, () -> options.senders(256), "256", "255"),
                wrong("channel, no receivers", argument, () -> options.receivers(0), "0", "64"),
                wrong("channel, 65 receivers", argument, () -> options.receivers(65), "65", "64"),
                wrong("channel, to assemble -1 bytes", argument, () -> options.longestAssembled(-1), "-1"),
                wrong("channel, a capacity of 64", argument, () -> MessageSender.create(FREE, 64), "64", "128"),
                wrong("channel, a capacity of 1000", argument, () -> MessageReceiver.openOrCreate(FREE, 1000), "1000"),
                wrong("channel, a negative capacity", argument, () -> MessageSender.openOrCreate(FREE, -64), "-64"),
                wrong("channel, a capacity of 2 GiB less 64", argument,
                        () -> MessageReceiver.create(FREE, 0x7fffffc0), "2147483584", "1073741824"),
                refused("channel, create again", Reason.ALREADY_EXISTS, () -> MessageSender.create(channel, 256),
                        channel),
                refused("channel, more senders than it has room for", Reason.IN_USE,
                        () -> MessageSender.open(channel), "rocess", "MessageOptions.senders"),
                refused("channel, a second receiver", Reason.IN_USE, () -> MessageReceiver.open(channel), "rocess"),
                refused("channel, another schema", Reason.WRONG_KIND,
                        () -> MessageReceiver.open(channel, options.schema(8)), "7", "8"),
                refused("channel, another capacity", Reason.WRONG_KIND,
                        () -> MessageReceiver.openOrCreate(channel, 512), "256", "512"),
                refused("channel, another number of senders", Reason.WRONG_KIND,
                        () -> MessageReceiver.openOrCreate(channel, 256, options.senders(2)), "1", "2"),
                refused("channel, another number of receivers", Reason.WRONG_KIND,
                        () -> MessageReceiver.openOrCreate(channel, 256, options.receivers(2)), "2 receivers"),
                refused("channel, lossy although it is not", Reason.WRONG_KIND,
                        () -> MessageSender.openOrCreate(channel, 256, options.lossy()), "lossy"),
                refused("channel, no such channel to send to", Reason.NOT_FOUND, () -> MessageSender.open(FREE), FREE),
                refused("channel, no such channel to receive from", Reason.NOT_FOUND,
                        () -> MessageReceiver.open(FREE), FREE),
                refused("channel, open in time, none", Reason.NOT_FOUND, () -> MessageSender.open(FREE, zero), FREE),
                refused(
                        "channel, another program's region",
                        Reason.WRONG_KIND,
                        () -> MessageSender.openOrCreate(NAME + "-odd", 256),
                        "channel \"" + NAME + "-odd\"",
                        NAME + "-odd.messages"),
                wrong("channel, send null", isNull, () -> sender.send(null), "message"),
                wrong("channel, send null in time", isNull, () -> sender.send(1, null, zero), "message"),
                wrong("channel, send, null timeout", isNull, () -> sender.send(1, message, null), "timeout"),
                wrong("channel, send, negative timeout", argument, () -> sender.send(1, message, negative),
                        "PT-0.005S"),
                wrong("channel, offer null", isNull, () -> sender.offer(null), "message"),
                wrong("channel, offer too much", argument, () -> sender.offer(tooLong), "121", "120"),
                wrong("channel, claim -1 bytes", argument, () -> sender.tryClaim(-1), "-1", "120"),
                wrong("channel, claim too much", argument, () -> sender.claim(1, 121, zero), "121", "120"),
                wrong("channel, claim, null timeout", isNull, () -> sender.claim(1, 8, null), "timeout"),
                wrong("channel, claim, negative timeout", argument, () -> sender.claim(1, 8, negative), "PT-0.005S"),
                wrong("channel, send within a claim", state, () -> withinClaim(() -> sender.send(message)), channel),
                wrong("channel, claim within a claim", state, () -> withinClaim(() -> sender.tryClaim(8)), channel),
                wrong("channel, a message in parts within a claim", state,
                        () -> withinClaim(() -> sender.openMessage()), channel),
                wrong("channel, offer within a message in parts", state, () -> offerWithinParts(message), channel),
                wrong("channel, commit a claim that was closed", state, () -> endedClaim.commit(), channel),
                wrong("channel, write to a message that was closed", state, () -> endedMessage.write(message), channel),
                wrong("channel, commit a message that was closed", state, () -> endedMessage.commit(), channel),
                wrong("channel, write null to a message", isNull, () -> endedMessage.write(null), "bytes"),
                wrong("channel, poll, null handler", isNull, () -> receiver.poll(null, 1), "handler"),
                wrong("channel, poll for none", argument, () -> receiver.poll(handler, 0), "0"),
                wrong("channel, receive, null handler", isNull, () -> receiver.receive(null, 1, zero), "handler"),
                wrong("channel, receive none", argument, () -> receiver.receive(handler, -1, zero), "-1"),
                wrong("channel, receive, null timeout", isNull, () -> receiver.receive(handler, 1, null), "timeout"),
                wrong("channel, receive, negative timeout", argument, () -> receiver.receive(negative), "PT-0.005S"),
                wrong("channel, receive parts, null handler", isNull, () -> receiver.receiveParts(null, 1, zero),
                        "handler"),
                wrong("channel, receive no parts", argument, () -> receiver.receiveParts(parts, 0, zero), "0"),
                wrong("channel, receive parts, negative timeout", argument,
                        () -> receiver.receiveParts(parts, 1, negative), "PT-0.005S"),
                wrong("channel, await, null timeout", isNull, () -> receiver.await(null), "timeout"),
                wrong("channel, await, negative timeout", argument, () -> receiver.await(negative), "PT-0.005S"),
                wrong("channel, receive within a handler", state, () -> receiveWithinHandler(message), channel),
                wrong("closed sender, send", state, () -> closedSender.send(message), channel),
                wrong("closed sender, send in parts", state, () -> closedSender.send(tooLong), channel),
                wrong("closed sender, offer", state, () -> closedSender.offer(message), channel),
                wrong("closed sender, tryClaim", state, () -> closedSender.tryClaim(8), channel),
                wrong("closed sender, buffer of a claim", state, () -> closedSendersClaim.buffer(), channel),
                wrong("closed sender, pointer of a claim", state, () -> closedSendersClaim.pointer(), channel),
                wrong("closed sender, commit of a claim", state, () -> closedSendersClaim.commit(), channel),
                wrong("closed sender, openMessage", state, () -> closedSender.openMessage(), channel),
                wrong("closed sender, backlog", state, () -> closedSender.backlog(), channel),
                wrong("closed sender, aborted", state, () -> closedSender.aborted(), channel),
                wrong("closed sender, fullCount", state, () -> closedSender.fullCount(), channel),
                wrong("closed sender, receivers", state, () -> closedSender.receivers(), channel),
                wrong("closed receiver, poll", state, () -> closedReceiver.poll(handler, 1), channel),
                wrong("closed receiver, receive", state, () -> closedReceiver.receive(), channel),
                wrong("closed receiver, receiveParts", state, () -> closedReceiver.receiveParts(parts, 1, zero),
                        channel),
                wrong("closed receiver, await", state, () -> closedReceiver.await(zero), channel),
                wrong("closed receiver, awaitAsync", state, () -> closedReceiver.awaitAsync(), channel),
                wrong("closed receiver, backlog", state, () -> closedReceiver.backlog(), channel),
                wrong("closed receiver, aborted", state, () -> closedReceiver.aborted(), channel),
                wrong("closed receiver, fullCount", state, () -> closedReceiver.fullCount(), channel),
                wrong("closed receiver, lost", state, () -> closedReceiver.lost(), channel));
    }

    static Stream<Row> requestRows() {
        Class<? extends Throwable> argument = IllegalArgumentException.class;
        Class<? extends Throwable> state = IllegalStateException.class;
        Class<? extends Throwable> isNull = NullPointerException.class;
        String requests = NAME + "-requests";
        ByteBuffer bytes = ByteBuffer.allocate(8);
        ByteBuffer tooLong = ByteBuffer.allocate(300);
        Duration negative = Duration.ofMillis(-5);
        Duration zero = Duration.ZERO;
        Duration minute = Duration.ofMinutes(1);
        RequestOptions options = RequestOptions.defaults();
        RequestHandler handler = request -> request.bytes();
        return Stream.of(
                wrong("requests, create, null name", isNull, () -> RequestServer.create(null, 256), "name"),
                wrong("requests, openOrCreate, null name", isNull, () -> RequestServer.openOrCreate(null, 256), "name"),
                wrong("requests, open, null name", isNull, () -> RequestClient.open(null), "name"),
                wrong("requests, open in time, null name", isNull, () -> RequestClient.open(null, zero), "name"),
                wrong("requests, create, a slash", argument, () -> RequestServer.create("a/b", 256), "'/'"),
                wrong("requests, open, a slash", argument, () -> RequestClient.open("a/b"), "'/'"),
                wrong(
                        "requests, create, a name that the suffix makes too long",
                        argument,
                        () -> RequestServer.create("n".repeat(249), 256),
                        "272"),
                wrong(
                        "requests, open, a name that the suffix makes too long",
                        argument,
                        () -> RequestClient.open("n".repeat(249)),
                        "272"),
                wrong("requests, create, null options", isNull, () -> RequestServer.create(FREE, 256, null), "options"),
                wrong("requests, openOrCreate, null options", isNull,
                        () -> RequestServer.openOrCreate(FREE, 256, null), "options"),
                wrong(
                        "requests, open, null options",
                        isNull,
                        () -> RequestClient.open(FREE, (RequestOptions) null),
                        "options"),
                wrong("requests, open in time, null options", isNull, () -> RequestClient.open(FREE, zero, null),
                        "options"),
                wrong("requests, open in time, null timeout", isNull,
                        () -> RequestClient.open(FREE, (Duration) null), "timeout"),
                wrong("requests, open in time, negative timeout", argument, () -> RequestClient.open(FREE, negative),
                        "PT-0.005S"),
                wrong("requests, null permissions", isNull, () -> options.permissions(null), "permissions"),
                wrong("requests, no clients", argument, () -> options.clients(0), "0", "255"),
                wrong("requests, 256 clients", argument, () -> options.clients(256), "256", "255"),
                wrong("requests, a longest of 63 bytes", argument, () -> options.longest(63), "63", "64"),
                wrong("requests, a longest of -1 bytes", argument, () -> options.longest(-1), "-1", "64"),
                wrong("requests, a capacity of 64", argument, () -> RequestServer.create(FREE, 64), "64", "128"),
                wrong("requests, a capacity of 1000", argument, () -> RequestServer.openOrCreate(FREE, 1000), "1000"),
                wrong("requests, a negative capacity", argument, () -> RequestServer.openOrCreate(FREE, -64), "-64"),
                wrong("requests, a capacity of 2 GiB less 64", argument,
                        () -> RequestServer.create(FREE, 0x7fffffc0), "2147483584", "1073741824"),
                refused("requests, create again", Reason.ALREADY_EXISTS, () -> RequestServer.create(requests, 256),
                        requests),
                refused("requests, more clients than there is room for", Reason.IN_USE,
                        () -> RequestClient.open(requests), "rocess", "RequestOptions.clients"),
                refused(
                        "requests, a second server",
                        Reason.IN_USE,
                        () -> RequestServer.openOrCreate(requests, 256, options.clients(1)),
                        "rocess",
                        "RequestClient"),
                refused("requests, another capacity", Reason.WRONG_KIND,
                        () -> RequestServer.openOrCreate(requests, 512, options.clients(1)), "256", "512"),
                refused("requests, another number of clients", Reason.WRONG_KIND,
                        () -> RequestServer.openOrCreate(requests, 256, options.clients(2)), "1", "2"),
                refused("requests, no such server", Reason.NOT_FOUND, () -> RequestClient.open(FREE), FREE),
                refused("requests, open in time, none", Reason.NOT_FOUND, () -> RequestClient.open(FREE, zero), FREE),
                refused("requests, another program's region", Reason.WRONG_KIND,
                        () -> RequestServer.openOrCreate(NAME + "-odd", 256), NAME + "-odd.requests.messages"),
                refused("requests, open another program's region", Reason.WRONG_KIND,
                        () -> RequestClient.open(NAME + "-odd"), NAME + "-odd.requests.messages"),
                wrong("requests, call with null", isNull, () -> asking.call(null, zero), "request"),
                wrong("requests, call, null timeout", isNull, () -> asking.call(bytes, null), "timeout"),
                wrong("requests, call, negative timeout", argument, () -> asking.call(bytes, negative), "PT-0.005S"),
                refused("requests, call with more than the server takes", Reason.NO_SPACE,
                        () -> asking.call(tooLong, minute), "300", "64", "RequestOptions.longest"),
                refused("requests, call what the handler refuses", Reason.HANDLER_FAILED,
                        () -> asking.call(bytes, minute), "IOException", "no such file"),
                wrong("requests, request with null", isNull, () -> asking.request(null, zero), "request"),
                wrong("requests, request, null timeout", isNull, () -> asking.request(bytes, null), "timeout"),
                wrong("requests, request, negative timeout", argument, () -> asking.request(bytes, negative),
                        "PT-0.005S"),
                wrong("requests, serve, null handler", isNull, () -> answering.serve(null), "handler"),
                wrong("requests, serve with an executor, null handler", isNull,
                        () -> answering.serve(null, Runnable::run), "handler"),
                wrong("requests, serve, null executor", isNull, () -> answering.serve(handler, null), "executor"),
                wrong("requests, serve in a second thread", state, () -> answering.serve(handler), requests),
                wrong("closed client, call", state, () -> closedClient.call(bytes, zero), requests),
                wrong("closed client, request", state, () -> closedClient.request(bytes, zero), requests),
                wrong("closed server, serve", state, () -> closedServer.serve(handler), requests),
                wrong("closed server, serve with an executor", state,
                        () -> closedServer.serve(handler, Runnable::run), requests));
    }

    private static void withinClaim(Executable call) throws Throwable {
        try (MessageSender.Claim claim = sender.tryClaim(8)) {
            call.execute();
        }
    }

    private static void offerWithinParts(ByteBuffer message) throws Exception {
        try (MessageSender.OutgoingMessage parts = sender.openMessage()) {
            sender.offer(message);
        }
    }

    private static void receiveWithinHandler(ByteBuffer message) throws InterruptedException {
        sender.send(message);
        receiver.poll((type, bytes) -> receiver.poll((innerType, innerBytes) -> { }, 1), 1);
    }

    /** A structure of 8 bytes. */
    @Structure.FieldOrder({"first", "second"})
    public static final class Pair extends Structure {
        public int first;
        public int second;
    }

    private static void lockTwice() throws InterruptedException {
        try (SharedLock.Guard guard = lock.lock()) {
            lock.lock();
        }
    }

    /** The reason on Windows. Linux has no mutexes. */
    private static Reason onWindows(Reason reason) {
        return Platform.isWindows() ? reason : Reason.UNSUPPORTED;
    }

    /** The exception as text that is the same in every run. */
    private static String answer(Throwable thrown) {
        String kind = thrown instanceof SharedMemoryException e ? e.reason().name() : thrown.getClass().getSimpleName();
        String message = thrown.getMessage()
                .replace(NAME, "name")
                .replace(FREE, "free")
                .replace(folder.toString(), "folder")
                .replace("folder\\", "folder/")
                .replaceAll("rocess " + ProcessHandle.current().pid() + "\\b", "rocess 4711")
                .replace("thread \"" + Thread.currentThread().getName() + "\"", "thread \"main\"")
                .replaceAll("the machine has [0-9]+ left", "the machine has 8000000000 left");
        return "`" + kind + "` " + message;
    }

    @ParameterizedTest
    @MethodSource({"rows", "tableRows", "channelRows", "requestRows"})
    void wrongCallFailsWithTheDocumentedAnswer(Row row) throws IOException {
        Throwable thrown = assertThrows(Throwable.class, row.call());
        assertEquals(row.exception(), thrown.getClass(), () -> "" + thrown);
        if (thrown instanceof SharedMemoryException e) {
            assertEquals(row.reason(), e.reason(), e.getMessage());
        }
        AnswerTable.check(row.what(), answer(thrown));
        for (String part : row.inMessage()) {
            assertTrue(thrown.getMessage().contains(part), () -> part + " is not in: " + thrown.getMessage());
        }
        assertEquals(5, Files.size(folder.resolve("five")));
        assertEquals(0, Files.size(folder.resolve("empty")));
        Reasons.assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(FREE));
    }
}
