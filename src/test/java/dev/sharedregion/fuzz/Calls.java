package dev.sharedregion.fuzz;

import static dev.sharedregion.SharedMemoryException.Reason.*;

import com.sun.jna.Memory;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestOptions;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageHandler;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessagePartHandler;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.NamedMutex;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.Request;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestHandler;
import dev.sharedregion.RequestOptions;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.helpers.TestNames;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every public method of the library, called with random arguments on objects of the pool. A method is driven once its
 * documented exceptions stand below; a parameter of a new type takes a line in {@link #argument}.
 */
final class Calls {
    /** The classes whose objects are in the pool. */
    static final List<Class<?>> OBJECTS = List.of(
            SharedRegion.class,
            NamedEvent.class,
            EventPair.class,
            SharedLock.class,
            SharedLock.Guard.class,
            LatestWriter.class,
            LatestReader.class,
            MessageSender.class,
            MessageSender.Claim.class,
            MessageSender.OutgoingMessage.class,
            MessageReceiver.class,
            RequestClient.class,
            RequestServer.class,
            NamedMutex.class,
            NamedMutex.Guard.class,
            TelemetryReader.class);

    /** Those whose sizes and buffers are those of a channel. */
    private static final List<Class<?>> CHANNELS = List.of(
            MessageSender.class,
            MessageSender.OutgoingMessage.class,
            MessageReceiver.class,
            RequestClient.class,
            RequestServer.class);

    /** All classes that are driven: those too whose objects are arguments, made by their own static methods. */
    static final List<Class<?>> DRIVEN = List.of(
            SharedRegion.class,
            NamedEvent.class,
            EventPair.class,
            SharedLock.class,
            SharedLock.Guard.class,
            LatestWriter.class,
            LatestReader.class,
            MessageSender.class,
            MessageSender.Claim.class,
            MessageSender.OutgoingMessage.class,
            MessageReceiver.class,
            RequestClient.class,
            RequestServer.class,
            Request.class,
            SharedObject.class,
            NamedMutex.class,
            NamedMutex.Guard.class,
            TelemetryReader.class,
            RegionOptions.class,
            EventOptions.class,
            PairOptions.class,
            LatestOptions.class,
            MessageOptions.class,
            RequestOptions.class,
            Permissions.class,
            Sync.class,
            TelemetryOptions.class);

    /** The exceptions that the actions of turns throw. */
    private static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The exceptions of all methods of a name; of SharedMemoryException, the reasons. */
    private record Documented(int weight, Set<Class<? extends Throwable>> exceptions, Set<Reason> reasons) {}

    private record Call(Method method, Documented documented) {}

    private static final Class<? extends Throwable> ARGUMENT = IllegalArgumentException.class;
    private static final Class<? extends Throwable> BOUNDS = IndexOutOfBoundsException.class;
    private static final Class<? extends Throwable> UNSUPPORTED_OPERATION = UnsupportedOperationException.class;
    private static final Class<? extends Throwable> TURN = IllegalStateException.class;
    private static final Class<? extends Throwable> INTERRUPT = InterruptedException.class;
    private static final Class<? extends Throwable> INTERRUPT_OF_A_CHANNEL = InterruptedIOException.class;

    /** The results that are counted in addition to exceptions. */
    static final String RETURNED = "returned";

    /** The calls that are allowed after close. */
    private static final Set<String> HARMLESS = Set.of(
            "close", "name", "size", "offset", "access", "created", "toString", "abandoned", "count", "isClosed",
            "capacity", "largestRecord", "isOpen", "MessageSender.Claim.buffer", "MessageSender.Claim.pointer");

    /** By class and name. */
    private static final Map<String, Documented> DOCUMENTED = new HashMap<>();

    /** Methods that are not driven, by class and name, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "Request.bytes", "handlers call it",
            "Request.isCancelled", "handlers call it",
            "Request.client", "handlers call it",
            "Request.toString", "handlers call it");

    static {
        Class<?> region = SharedRegion.class;
        on(region, 8, "create", Set.of(ARGUMENT, BOUNDS), ALREADY_EXISTS, WRONG_KIND, NO_SPACE, ACCESS_DENIED);
        on(region, 8, "open", Set.of(ARGUMENT, BOUNDS, INTERRUPT),
                NOT_FOUND, ACCESS_DENIED, WRONG_KIND, TOO_SMALL, NO_SPACE);
        on(region, 8, "openOrCreate", Set.of(ARGUMENT, BOUNDS),
                TOO_SMALL, ALREADY_EXISTS, WRONG_KIND, NO_SPACE, ACCESS_DENIED, NOT_FOUND);
        on(region, 4, "map", Set.of(ARGUMENT, BOUNDS),
                NOT_FOUND, WRONG_KIND, EMPTY_FILE, ACCESS_DENIED, IN_USE, NO_SPACE, TOO_SMALL, ALREADY_EXISTS);
        on(region, 8, "anonymous", Set.of(ARGUMENT, BOUNDS), NO_SPACE);
        on(region, 6, "attach", Set.of(ARGUMENT, BOUNDS), NOT_FOUND, ACCESS_DENIED, TOO_SMALL, NO_SPACE);
        on(region, 10, "ticket", Set.of(UNSUPPORTED_OPERATION));
        on(region, 60, "pointer", Set.of());
        on(region, 60, "buffer", Set.of(BOUNDS, UNSUPPORTED_OPERATION));
        on(region, 8, "remove", Set.of(ARGUMENT), IN_USE, WRONG_KIND, ACCESS_DENIED);
        on(region, 10, "isCurrent", Set.of(), ACCESS_DENIED);
        on(region, 6, "flush", Set.of());
        on(region, 6, "close", Set.of());
        for (String each : List.of("name", "size", "offset", "access", "created", "toString")) {
            on(region, 2, each, Set.of());
        }

        Class<?> event = NamedEvent.class;
        on(event, 6, "create", Set.of(ARGUMENT), ALREADY_EXISTS, WRONG_KIND, ACCESS_DENIED);
        on(event, 4, "open", Set.of(ARGUMENT, INTERRUPT), NOT_FOUND, WRONG_KIND, ACCESS_DENIED);
        on(event, 4, "openOrCreate", Set.of(ARGUMENT), ALREADY_EXISTS, WRONG_KIND, ACCESS_DENIED, NOT_FOUND);
        on(event, 2, "created", Set.of());
        on(event, 40, "set", Set.of(UNSUPPORTED_OPERATION));
        on(event, 40, "reset", Set.of(UNSUPPORTED_OPERATION));
        on(event, 20, "await", Set.of(ARGUMENT, INTERRUPT));
        on(event, 10, "awaitAny", Set.of(ARGUMENT, TURN, INTERRUPT));
        on(event, 4, "awaitAsync", Set.of());
        on(event, 4, "close", Set.of());
        on(event, 2, "name", Set.of());
        on(event, 2, "toString", Set.of());

        Class<?> pair = EventPair.class;
        on(pair, 8, "create", Set.of(ARGUMENT),
                ALREADY_EXISTS, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, IN_USE,
                CORRUPT);
        on(pair, 8, "open", Set.of(ARGUMENT, INTERRUPT),
                NOT_FOUND, IN_USE, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, CORRUPT);
        on(pair, 10, "awaitPeer", Set.of(ARGUMENT, TURN, INTERRUPT), CORRUPT);
        on(pair, 20, "hasTurn", Set.of());
        for (String each : List.of("signalWritten", "signalRead")) {
            on(pair, 30, each, Set.of(TURN), CORRUPT);
        }
        for (String each : List.of("awaitRead", "awaitWritten", "write", "read", "tryRead")) {
            on(pair, 10, each, Set.of(ARGUMENT, TURN, INTERRUPT, Thrown.class), PEER_DIED, CLOSED, CORRUPT);
        }
        for (String each : List.of("awaitReadAsync", "awaitWrittenAsync")) {
            on(pair, 3, each, Set.of(TURN));
        }
        on(pair, 3, "close", Set.of());
        on(pair, 2, "name", Set.of());
        on(pair, 2, "toString", Set.of());

        Class<?> lock = SharedLock.class;
        on(lock, 8, "openOrCreate", Set.of(ARGUMENT),
                ALREADY_EXISTS, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, CORRUPT);
        on(lock, 20, "lock", Set.of(TURN, INTERRUPT), CORRUPT);
        on(lock, 20, "tryLock", Set.of(ARGUMENT, TURN, INTERRUPT), CORRUPT);
        on(lock, 3, "close", Set.of());
        on(lock, 2, "name", Set.of());
        on(lock, 2, "toString", Set.of());
        Class<?> guard = SharedLock.Guard.class;
        on(guard, 10, "abandoned", Set.of());
        on(guard, 10, "markConsistent", Set.of(TURN));
        on(guard, 40, "close", Set.of(), CORRUPT);
        on(guard, 2, "toString", Set.of());
        Class<?> writer = LatestWriter.class;
        on(writer, 3, "create", Set.of(ARGUMENT),
                ALREADY_EXISTS, IN_USE, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, CORRUPT);
        on(writer, 3, "open", Set.of(ARGUMENT),
                ALREADY_EXISTS, IN_USE, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, CORRUPT);
        on(writer, 3, "openOrCreate", Set.of(ARGUMENT),
                ALREADY_EXISTS, IN_USE, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, CORRUPT);
        on(writer, 10, "set", Set.of(ARGUMENT, BOUNDS));
        on(writer, 10, "update", Set.of(BOUNDS, Thrown.class), CORRUPT);
        Class<?> reader = LatestReader.class;
        on(reader, 6, "open", Set.of(ARGUMENT, INTERRUPT),
                NOT_FOUND, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, CORRUPT);
        on(reader, 15, "read", Set.of(ARGUMENT, BOUNDS), CORRUPT);
        on(reader, 10, "awaitNewer", Set.of(ARGUMENT, BOUNDS, INTERRUPT),
                WRONG_KIND, UNSUPPORTED, TOO_SMALL, NO_SPACE);
        on(reader, 5, "age", Set.of(BOUNDS), CORRUPT);
        on(reader, 5, "writerState", Set.of());
        for (Class<?> each : List.of(writer, reader)) {
            on(each, 5, "version", Set.of(BOUNDS));
            on(each, 3, "close", Set.of());
            for (String plain : List.of("name", "count", "size", "isClosed", "toString")) {
                on(each, 2, plain, Set.of());
            }
        }
        driveChannels();
        driveRequests();
        on(SharedObject.class, 2, "list", Set.of());
        on(SharedObject.class, 10, "details", Set.of(),
                NOT_FOUND, WRONG_KIND, UNSUPPORTED, ACCESS_DENIED, TOO_SMALL, NO_SPACE, CORRUPT);
        on(SharedObject.class, 2, "removeDead", Set.of(), ACCESS_DENIED);
        for (String each : List.of("name", "kind", "size", "owner", "permissions", "state", "users", "parts",
                "toString")) {
            on(SharedObject.class, 2, each, Set.of());
        }
        Class<?> mutex = NamedMutex.class;
        on(mutex, 8, "open", Set.of(ARGUMENT, INTERRUPT), NOT_FOUND, WRONG_KIND, ACCESS_DENIED, UNSUPPORTED);
        on(mutex, 20, "acquire", Set.of(TURN, INTERRUPT));
        on(mutex, 20, "tryAcquire", Set.of(ARGUMENT, TURN, INTERRUPT));
        on(mutex, 3, "close", Set.of());
        on(mutex, 2, "name", Set.of());
        on(mutex, 2, "toString", Set.of());
        Class<?> hold = NamedMutex.Guard.class;
        on(hold, 10, "abandoned", Set.of());
        on(hold, 40, "close", Set.of());
        on(hold, 2, "toString", Set.of());

        Class<?> telemetry = TelemetryReader.class;
        on(telemetry, 8, "open", Set.of(ARGUMENT));
        on(telemetry, 40, "read", Set.of(ARGUMENT));
        on(telemetry, 10, "await", Set.of(ARGUMENT, INTERRUPT));
        on(telemetry, 6, "problem", Set.of());
        for (String each : List.of("length", "isClosed", "toString")) {
            on(telemetry, 2, each, Set.of());
        }
        on(telemetry, 3, "close", Set.of());
        for (String each : List.of("versions", "sequence", "counter", "counter64", "rotating", "twice", "busyFlag",
                "mutex", "toString")) {
            on(Sync.class, 8, each, Set.of(ARGUMENT));
        }
        for (String each : List.of("defaults", "size", "staleAfter", "aliveWhile", "pausedWhile", "event",
                "pollEvery")) {
            on(TelemetryOptions.class, 2, each, Set.of(ARGUMENT));
        }

        for (String each : List.of("defaults", "readOnly", "copyOnWrite", "access", "offset", "length", "minimumSize",
                "lazy", "exclusive", "persistent", "name", "permissions")) {
            on(RegionOptions.class, 2, each, Set.of(ARGUMENT));
        }
        for (String each : List.of("autoReset", "manualReset", "initiallySet", "permissions")) {
            on(EventOptions.class, 2, each, Set.of());
        }
        for (String each : List.of("defaults", "spin", "existingEvents", "permissions", "eventNames")) {
            on(PairOptions.class, 2, each, Set.of(ARGUMENT));
        }
        for (String each : List.of("defaults", "slots", "schema", "permissions")) {
            on(LatestOptions.class, 2, each, Set.of(ARGUMENT));
        }
        for (String each : List.of("defaults", "senders", "receivers", "lossy", "schema", "longestAssembled",
                "permissions")) {
            on(MessageOptions.class, 2, each, Set.of(ARGUMENT));
        }
        for (String each : List.of("defaults", "clients", "longest", "permissions")) {
            on(RequestOptions.class, 2, each, Set.of(ARGUMENT));
        }
        for (String each : List.of("ownerOnly", "ownerAndReaders", "everyone", "sddl", "mode", "equals", "hashCode",
                "toString")) {
            on(Permissions.class, 2, each, Set.of(ARGUMENT));
        }
    }

    private static void driveChannels() {
        Class<?> sender = MessageSender.class;
        for (String each : List.of("send", "claim")) {
            on(sender, 10, each, Set.of(ARGUMENT, TURN, INTERRUPT), CORRUPT);
        }
        for (String each : List.of("offer", "tryClaim")) {
            on(sender, 10, each, Set.of(ARGUMENT, TURN), CORRUPT);
        }
        on(sender, 10, "openMessage", Set.of(TURN, INTERRUPT));
        on(sender, 2, "largestRecord", Set.of());
        on(sender, 2, "receivers", Set.of());
        Class<?> claim = MessageSender.Claim.class;
        on(claim, 5, "buffer", Set.of(TURN));
        on(claim, 5, "pointer", Set.of(TURN));
        on(claim, 20, "commit", Set.of(TURN));
        on(claim, 20, "close", Set.of());
        Class<?> message = MessageSender.OutgoingMessage.class;
        on(message, 30, "write", Set.of(TURN, INTERRUPT_OF_A_CHANNEL), CORRUPT);
        on(message, 20, "commit", Set.of(TURN, INTERRUPT_OF_A_CHANNEL), CORRUPT);
        on(message, 20, "close", Set.of());
        on(message, 2, "isOpen", Set.of());
        Class<?> receiver = MessageReceiver.class;
        on(receiver, 20, "poll", Set.of(ARGUMENT, Thrown.class), CORRUPT, NO_SPACE);
        on(receiver, 10, "receive", Set.of(ARGUMENT, INTERRUPT, Thrown.class), CORRUPT, NO_SPACE);
        on(receiver, 20, "receiveParts", Set.of(ARGUMENT, INTERRUPT, Thrown.class), CORRUPT);
        on(receiver, 5, "await", Set.of(ARGUMENT, INTERRUPT));
        on(receiver, 2, "awaitAsync", Set.of());
        on(receiver, 2, "lost", Set.of());
        for (Class<?> each : List.of(sender, receiver)) {
            for (String opening : List.of("create", "open", "openOrCreate")) {
                on(each, 4, opening, Set.of(ARGUMENT, INTERRUPT), ALREADY_EXISTS, IN_USE, WRONG_KIND, UNSUPPORTED,
                        ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, CORRUPT);
            }
            on(each, 3, "close", Set.of());
            for (String plain :
                    List.of("name", "capacity", "isClosed", "toString", "backlog", "aborted", "fullCount")) {
                on(each, 2, plain, Set.of());
            }
        }
    }

    private static void driveRequests() {
        Class<?> client = RequestClient.class;
        on(client, 30, "call", Set.of(ARGUMENT, INTERRUPT, TimeoutException.class),
                HANDLER_FAILED, PEER_DIED, CLOSED, NO_SPACE, CORRUPT);
        on(client, 10, "request", Set.of(ARGUMENT, INTERRUPT));
        Class<?> server = RequestServer.class;
        on(server, 60, "serve", Set.of(TURN, INTERRUPT), CORRUPT);
        on(server, 2, "capacity", Set.of());
        for (Class<?> each : List.of(client, server)) {
            for (String opening : List.of("create", "open", "openOrCreate")) {
                on(each, 10, opening, Set.of(ARGUMENT, INTERRUPT), ALREADY_EXISTS, IN_USE, WRONG_KIND, UNSUPPORTED,
                        ACCESS_DENIED, TOO_SMALL, NO_SPACE, NOT_FOUND, CORRUPT);
            }
            on(each, 3, "close", Set.of());
            for (String plain : List.of("name", "isClosed", "toString")) {
                on(each, 2, plain, Set.of());
            }
        }
    }

    private final List<Call> lots = new ArrayList<>();

    /** The last ticket that this thread was given, of a region that may be closed by now. */
    private String ticket = "";

    /** How often each method came to what. */
    private final Map<Method, Map<String, Integer>> outcomes = new HashMap<>();

    /** Arguments that static methods without arguments make, by their class. */
    private final Map<Class<?>, List<Object>> plain = new HashMap<>();

    /** Arguments that have been made of them. */
    private final Map<Class<?>, List<Object>> made = new HashMap<>();

    Calls() throws ReflectiveOperationException {
        for (Class<?> type : DRIVEN) {
            for (Method method : publicMethods(type)) {
                Documented documented = DOCUMENTED.get(key(method));
                for (int i = 0; documented != null && i < documented.weight; i++) {
                    lots.add(new Call(method, documented));
                }
                if (Modifier.isStatic(method.getModifiers())
                        && method.getParameterCount() == 0
                        && method.getReturnType() == type) {
                    plain.computeIfAbsent(type, any -> new ArrayList<>()).add(method.invoke(null));
                }
            }
        }
        plain.put(SharedObject.class, List.of(anObject()));
        plain.forEach((type, each) -> made.put(type, new ArrayList<>(each)));
    }

    /** One that is gone. */
    private static SharedObject anObject() {
        try (SharedRegion region = SharedRegion.create(TestNames.unique(), 1)) {
            return ofThisProcess(SharedObject.list()).get(0);
        }
    }

    /** Those that this process has made: others are not to be touched. */
    private static List<SharedObject> ofThisProcess(List<?> objects) {
        return objects.stream()
                .map(SharedObject.class::cast)
                .filter(each -> each.name().contains(TestNames.PROCESS))
                .toList();
    }

    /** Methods that are neither driven nor left out for a reason. */
    static Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : DRIVEN) {
            publicMethods(type).forEach(method -> missing.add(key(method)));
        }
        missing.removeAll(DOCUMENTED.keySet());
        missing.removeAll(LEFT_OUT.keySet());
        return missing;
    }

    /**
     * Returns false if this system always refuses the call, or if it is chance whether another thread answers it, which
     * must be serving that very moment.
     */
    static boolean mayReturn(String call) {
        return !call.startsWith("RequestClient.call(") && (Platform.isWindows() || !call.startsWith("NamedMutex."));
    }

    void call(Worker w) throws Throwable {
        Call call = w.draw.of(lots);
        Method method = call.method;
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        Held held = !isStatic && w.pool.holds(method.getDeclaringClass())
                ? w.pool.any(method.getDeclaringClass(), w.random)
                : null;
        if (!isStatic && w.pool.holds(method.getDeclaringClass()) && held == null) {
            return;
        }
        if (method.getName().equals("close")) {
            w.calls(held.object(), "close");
            held.close();
            count(method, RETURNED);
            return;
        }
        Object target = held != null ? held.object()
                : isStatic ? null : argument(method.getDeclaringClass(), method, null, w);
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(method.getParameterTypes()[i], method, held, w);
        }
        w.calls(name(method.getDeclaringClass()), method.getName(), target, arguments);
        w.waits = Stream.of(INTERRUPT, INTERRUPT_OF_A_CHANNEL)
                .anyMatch(Arrays.asList(method.getExceptionTypes())::contains);
        boolean closed = held != null && held.state().closed;
        w.serves = method.getName().equals("serve") ? held : null;
        try {
            Object result = method.invoke(target, arguments);
            w.check(
                    !closed || HARMLESS.contains(method.getName()) || HARMLESS.contains(key(method)),
                    () -> "works after close");
            count(method, RETURNED);
            keep(method, result, held, w);
        } catch (InvocationTargetException e) {
            judge(e.getCause(), call.documented, held, arguments, w);
            count(method, e.getCause() instanceof SharedMemoryException failure
                    ? failure.reason().toString()
                    : e.getCause().getClass().getSimpleName());
        }
    }

    private void count(Method method, String outcome) {
        outcomes.computeIfAbsent(method, any -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
    }

    /** Adds what came of the calls to a sum. */
    void addTo(Map<String, Map<String, Integer>> sum) {
        for (Call call : lots) {
            sum.computeIfAbsent(text(call.method), any -> new TreeMap<>());
        }
        outcomes.forEach((method, each) ->
                each.forEach((outcome, times) -> sum.get(text(method)).merge(outcome, times, Integer::sum)));
    }

    private static String text(Method method) {
        return key(method) + Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static void judge(Throwable e, Documented documented, Held held, Object[] arguments, Worker w)
            throws Throwable {
        if (e instanceof SharedMemoryException failure) {
            w.check(!failure.getMessage().isEmpty() && failure.errorName() != null, () -> "no message");
            if (documented.reasons.contains(failure.reason())) {
                return;
            }
        }
        if (e instanceof NullPointerException && Arrays.asList(arguments).contains(null)) {
            return;
        }
        w.expect(e, held == null ? null : held.state(), documented.exceptions);
    }

    private void keep(Method method, Object result, Held held, Worker w) throws Exception {
        if (result == null) {
            return;
        } else if (w.pool.holds(result.getClass())) {
            w.share(Held.of((AutoCloseable) result));
        } else if (result instanceof CompletableFuture<?> future) {
            end(future, w);
        } else if (method.getName().equals("ticket")) {
            ticket = (String) result;
        } else if (result instanceof Memory pointer && held.object() instanceof SharedRegion) {
            w.keep(w.pointers, new Pointers.Kept(pointer, held.state()));
        } else if (result instanceof ByteBuffer buffer && buffer.isDirect()) {
            w.keep(buffer, held.state());
        } else if (method.getName().equals("list")) {
            List<SharedObject> objects = ofThisProcess((List<?>) result);
            if (!objects.isEmpty()) {
                made.get(SharedObject.class).set(0, w.draw.of(objects));
            }
        } else if (DRIVEN.contains(result.getClass())) {
            List<Object> ofItsClass = made.get(result.getClass());
            ofItsClass.set(w.random.nextInt(ofItsClass.size()), result);
        }
    }

    /** A wait that is left keeps its object from the collector. */
    private static void end(CompletableFuture<?> future, Worker w) {
        switch (w.random.nextInt(3)) {
            case 0 -> future.cancel(true);
            case 1 -> future.completeExceptionally(new Thrown());
            default -> future.orTimeout(1, TimeUnit.MILLISECONDS);
        }
    }

    /** Some of the pool, perhaps one of them twice, or none. */
    private static NamedEvent[] events(Worker w) {
        List<NamedEvent> events = new ArrayList<>();
        for (int i = w.random.nextInt(4); i > 0; i--) {
            Held held = w.pool.any(NamedEvent.class, w.random);
            if (held != null) {
                events.add((NamedEvent) held.object());
            }
        }
        return events.toArray(NamedEvent[]::new);
    }

    /** An argument for a method, or what the method is to be called on if it is no object of the pool. */
    private Object argument(Class<?> type, Method method, Held held, Worker w) throws Throwable {
        Draw draw = w.draw;
        if (!type.isPrimitive() && method.getDeclaringClass() != type && draw.oneIn(200)) {
            return null;
        } else if (type == String.class) {
            if (method.getName().equals("mutex")
                    || method.getDeclaringClass() == NamedMutex.class && !draw.oneIn(4)) {
                return draw.mutex();
            }
            if (Set.of(RequestClient.class, RequestServer.class).contains(method.getDeclaringClass())
                    && !draw.oneIn(4)) {
                return draw.pair();
            }
            return switch (method.getName()) {
                case "attach" -> draw.oneIn(4) ? draw.spoilt(ticket) : ticket;
                case "sddl" -> draw.oneIn(4) ? draw.name() : "D:P(A;;GA;;;WD)";
                default -> draw.name();
            };
        } else if (type == long.class && method.getDeclaringClass() == Sync.class) {
            return draw.word();
        } else if (type == long.class) {
            return held != null ? draw.offset(held.state().size)
                    : OBJECTS.contains(method.getDeclaringClass()) ? draw.size() : draw.optionBytes();
        } else if (type == int.class && method.getName().equals("slots")) {
            return draw.slots();
        } else if (type == int.class && Set.of("senders", "receivers", "clients").contains(method.getName())) {
            return draw.senders();
        } else if (type == int.class && isOfChannels(method) && Modifier.isStatic(method.getModifiers())) {
            // Mostly one size, so that a server can be the successor of another one.
            return method.getDeclaringClass() == RequestServer.class && !draw.oneIn(4) ? 256 : draw.capacity();
        } else if (type == MessageHandler.class) {
            return (MessageHandler) (kind, message) -> take(message, w);
        } else if (type == MessagePartHandler.class) {
            return (MessagePartHandler) (sender, kind, part, last) -> take(part, w);
        } else if (type == RequestHandler.class) {
            return (RequestHandler) request -> answer(request, w);
        } else if (type == Executor.class) {
            return (Executor) handling -> execute(handling, w);
        } else if (isOfTable(held) && type == int.class) {
            return draw.index(3);
        } else if (isOfTable(held) && type == ByteBuffer.class) {
            return ByteBuffer.allocate(valueSize(held, draw));
        } else if (type == Structure.class) {
            return new Bytes(Math.max(valueSize(held, draw), 1));
        } else if (type == Consumer.class) {
            // It does not nest, because two threads could wait for each other.
            return (Consumer<ByteBuffer>) bytes -> {
                if (draw.oneIn(3)) {
                    throw new Thrown();
                }
                bytes.put((byte) 1);
            };
        } else if (type == int.class) {
            return held == null ? draw.mode() : draw.count(1, 0, held.state().size);
        } else if (type == Duration.class) {
            return draw.duration();
        } else if (type == ByteBuffer.class) {
            return isOfChannels(method) && !draw.oneIn(4) ? ByteBuffer.allocate(w.random.nextInt(100)) : buffer(w);
        } else if (type == Predicate.class) {
            long offset = draw.optionBytes();
            return (Predicate<Pointer>) memory -> memory.getByte(offset) >= 0;
        } else if (type == NamedEvent[].class) {
            return events(w);
        } else if (type == Path.class) {
            return draw.file();
        } else if (type == EventPair.Action.class) {
            return (EventPair.Action<RuntimeException>) () -> act(w);
        } else if (type == EventPair.ResultAction.class) {
            return (EventPair.ResultAction<String, RuntimeException>) () -> {
                act(w);
                return "result";
            };
        } else if (type == Object.class) {
            return draw.oneIn(2) ? draw.name() : draw.of(plain.get(method.getDeclaringClass()));
        } else if (type.isEnum()) {
            return draw.of(List.of(type.getEnumConstants()));
        } else if (DRIVEN.contains(type)) {
            // Mostly the plain ones: too many options together are always refused.
            return draw.of((draw.oneIn(3) ? made : plain).get(type));
        }
        throw new AssertionError("no " + type + " can be drawn, which " + method + " takes: say how in Calls.argument");
    }

    /** A copy's place, which is sometimes none. */
    private static ByteBuffer buffer(Worker w) {
        int size = w.random.nextInt(10_000);
        ByteBuffer buffer = w.draw.oneIn(2) ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        buffer.position(w.random.nextInt(size + 1));
        return w.draw.oneIn(20) ? buffer.asReadOnlyBuffer() : buffer;
    }

    /** A structure of so many bytes. */
    @Structure.FieldOrder("bytes")
    public static final class Bytes extends Structure {
        public byte[] bytes;

        Bytes(int size) {
            bytes = new byte[size];
        }
    }

    private static boolean isOfTable(Held held) {
        return held != null && (held.object() instanceof LatestWriter || held.object() instanceof LatestReader);
    }

    /** The size of the table's values as a rule. */
    private static int valueSize(Held held, Draw draw) {
        int size = held.object() instanceof LatestWriter writer ? writer.size() : ((LatestReader) held.object()).size();
        return draw.oneIn(8) || size > Draw.LARGE ? draw.random.nextInt(600) : size;
    }

    private static boolean isOfChannels(Method method) {
        return CHANNELS.contains(method.getDeclaringClass());
    }

    /** It does not nest, because two threads could wait for each other's handler to return. */
    private static ByteBuffer answer(Request request, Worker w) {
        w.check(request.client() > 0 && !request.toString().isEmpty(), () -> "no client");
        request.isCancelled();
        if (w.draw.oneIn(8)) {
            throw new Thrown();
        }
        return w.draw.oneIn(4) ? null : request.bytes();
    }

    private static void execute(Runnable handling, Worker w) {
        if (w.draw.oneIn(8)) {
            throw new RejectedExecutionException();
        }
        handling.run();
    }

    /** It does not nest, because two threads could wait for each other's handler to return. */
    private static void take(ByteBuffer message, Worker w) {
        if (w.draw.oneIn(8)) {
            throw new Thrown();
        }
        message.get(new byte[message.remaining()]);
    }

    private static void act(Worker w) {
        switch (w.random.nextInt(3)) {
            case 0 -> throw new Thrown();
            case 1 -> w.nest();
            default -> { }
        }
    }

    private static List<Method> publicMethods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .sorted(java.util.Comparator.comparing(Method::toString))
                .toList();
    }

    /** The name of a class, after that of the class around it. */
    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return (outer == null ? "" : outer.getSimpleName() + ".") + type.getSimpleName();
    }

    private static String key(Method method) {
        return name(method.getDeclaringClass()) + "." + method.getName();
    }

    private static void on(
            Class<?> type, int weight, String name, Set<Class<? extends Throwable>> exceptions, Reason... reasons) {
        Set<Reason> all = EnumSet.noneOf(Reason.class);
        all.addAll(List.of(reasons));
        DOCUMENTED.put(name(type) + "." + name, new Documented(weight, exceptions, all));
    }
}
