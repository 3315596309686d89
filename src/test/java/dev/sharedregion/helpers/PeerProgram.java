package dev.sharedregion.helpers;

import dev.sharedregion.EventAccess;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestOptions;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.Request;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestOptions;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedRegion;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.Collectors;

/**
 * The other process of a test. It executes one command per line, on the object that it opened last, and answers with a
 * line. At the end of its input it closes the object. With the library of {@code faults.h} as its argument, system
 * calls can be made to pause and to fail.
 */
public final class PeerProgram {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Faults faults;
    private SharedLock.Guard guard;

    private PeerProgram(Faults faults) {
        this.faults = faults;
    }

    public static void main(String[] arguments) throws Exception {
        PeerProgram program = new PeerProgram(arguments.length > 0 ? new Faults(Path.of(arguments[0])) : null);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line; (line = input.readLine()) != null; ) {
            String answer;
            try {
                answer = String.valueOf(program.run(line.split(" ")));
            } catch (SharedMemoryException e) {
                answer = e.reason().toString();
            }
            output.println(answer);
        }
        for (AutoCloseable each : program.open) {
            each.close();
        }
    }

    private Object run(String[] command) throws Exception {
        switch (command[0]) {
            case "create" -> open.push(SharedRegion.create(
                    command[1],
                    Long.parseLong(command[2]),
                    RegionOptions.defaults().permissions(permissions(command, 3))));
            case "openOrCreate" -> open.push(SharedRegion.openOrCreate(
                    command[1],
                    Long.parseLong(command[2]),
                    RegionOptions.defaults().permissions(permissions(command, 3))));
            case "link" -> Files.createLink(Path.of("/dev/shm", command[2]), Path.of("/dev/shm", command[1]));
            case "open" -> open.push(SharedRegion.open(command[1]));
            case "openReadOnly" -> open.push(SharedRegion.open(command[1], RegionOptions.readOnly()));
            case "anonymous" -> open.push(SharedRegion.anonymous(Long.parseLong(command[1])));
            case "attach" -> open.push(SharedRegion.attach(command[1]));
            case "attachReadOnly" -> open.push(SharedRegion.attach(command[1], RegionOptions.readOnly()));
            case "ticket" -> {
                return region().ticket();
            }
            case "map" -> open.push(SharedRegion.map(Path.of(command[1]), Long.parseLong(command[2])));
            case "mapLazy" -> open.push(SharedRegion.map(
                    Path.of(command[1]),
                    Long.parseLong(command[2]),
                    RegionOptions.defaults().lazy()));
            case "mapNamed" -> open.push(SharedRegion.map(
                    Path.of(command[2]),
                    0,
                    RegionOptions.defaults().name(command[1]).permissions(permissions(command, 3))));
            case "put" -> region().pointer().setInt(Long.parseLong(command[1]), Integer.parseInt(command[2]));
            case "get" -> {
                return region().pointer().getInt(Long.parseLong(command[1]));
            }
            case "size" -> {
                return region().size();
            }
            case "createEvent" -> open.push(
                    NamedEvent.create(command[1], EventOptions.autoReset().permissions(permissions(command, 2))));
            case "openEvent" -> open.push(NamedEvent.open(command[1]));
            case "openEventToWait" -> open.push(NamedEvent.open(command[1], EventAccess.WAIT_ONLY));
            case "set" -> ((NamedEvent) open.peek()).set();
            case "await" -> {
                return ((NamedEvent) open.peek()).await(Duration.parse(command[1]));
            }
            case "createPair" -> open.push(
                    EventPair.create(command[1], PairOptions.defaults().permissions(permissions(command, 2))));
            case "openPair" -> open.push(EventPair.open(command[1], Duration.ofMinutes(1)));
            case "signalWritten" -> pair().signalWritten();
            case "awaitRead" -> {
                return pair().awaitRead(Duration.parse(command[1]));
            }
            case "signalRead" -> pair().signalRead();
            case "awaitWritten" -> {
                return pair().awaitWritten(Duration.parse(command[1]));
            }
            case "openLock" -> open.push(SharedLock.openOrCreate(command[1], permissions(command, 2)));
            case "acquire" -> {
                guard = ((SharedLock) open.peek()).tryLock(Duration.ofMillis(Long.parseLong(command[1])));
                return guard == null ? "TIMED_OUT" : "OK";
            }
            case "release" -> {
                guard.close();
                return "OK";
            }
            case "mark" -> guard.markConsistent();
            case "abandoned" -> {
                return guard.abandoned();
            }
            case "createTable" -> open.push(LatestWriter.create(
                    command[1],
                    Integer.parseInt(command[2]),
                    Integer.parseInt(command[3]),
                    LatestOptions.defaults().permissions(permissions(command, 4))));
            case "openTable" -> open.push(LatestWriter.open(command[1]));
            case "openReader" -> open.push(LatestReader.open(command[1], Duration.ofMinutes(1)));
            case "setValue" -> {
                LatestWriter writer = (LatestWriter) open.peek();
                writer.set(
                        Integer.parseInt(command[1]), Whole.of(Long.parseLong(command[2]), writer.size()));
            }
            case "readValue" -> {
                return read((LatestReader) open.peek(), Integer.parseInt(command[1]));
            }
            case "awaitNewer" -> {
                return ((LatestReader) open.peek())
                        .awaitNewer(
                                Integer.parseInt(command[1]),
                                Long.parseLong(command[2]),
                                Duration.parse(command[3]));
            }
            case "createSender" -> open.push(MessageSender.create(
                    command[1],
                    Integer.parseInt(command[2]),
                    MessageOptions.defaults().senders(Integer.parseInt(command[3]))));
            case "openSender" -> open.push(MessageSender.open(command[1], Duration.ofMinutes(1)));
            case "openMessages" -> open.push(MessageReceiver.open(command[1], Duration.ofMinutes(1)));
            case "sendMessage" -> sender().send(Integer.parseInt(command[1]), message(command));
            case "sendEndlessly" -> {
                for (int number = 0; ; number++) {
                    sender().send(number, Numbered.of(number, number * 7919 % Integer.parseInt(command[1])));
                }
            }
            case "claimMessage" -> open.push(sender().tryClaim(Integer.parseInt(command[1])));
            case "beginMessage" -> {
                MessageSender.OutgoingMessage message = sender().openMessage(Integer.parseInt(command[1]));
                message.write(message(command));
                open.push(message);
            }
            case "commitMessage" -> ((MessageSender.OutgoingMessage) open.pop()).commit();
            case "receiveMessage" -> {
                return receive((MessageReceiver) open.peek(), Duration.parse(command[1]));
            }
            case "createServer" -> {
                RequestServer server = RequestServer.create(command[1], 4096, requests(command));
                Thread serving = new Thread(() -> repeat(server));
                serving.setDaemon(true);
                serving.start();
                open.push(server);
            }
            case "openClient" -> open.push(RequestClient.open(command[1], Duration.ofMinutes(1), requests(command)));
            case "call" -> {
                ByteBuffer request = Whole.of(Long.parseLong(command[1]), 64);
                return Whole.number(((RequestClient) open.peek()).call(request, Duration.ofMinutes(1)));
            }
            case "list" -> {
                return SharedObject.list().stream()
                        .filter(object -> object.name().equals(command[1]))
                        .map(SharedObject::toString)
                        .collect(Collectors.joining("; "));
            }
            case "details" -> {
                return SharedObject.list().stream()
                        .filter(object -> object.name().equals(command[1]))
                        .map(object -> object.details().toString())
                        .collect(Collectors.joining("; "));
            }
            case "dieWriting" -> pair().write(() -> Runtime.getRuntime().halt(1));
            case "close" -> open.pop().close();
            case "closeServer" -> {
                AutoCloseable client = open.pop();
                open.pop().close();
                open.push(client);
            }
            case "serve" -> serve(Integer.parseInt(command[1]));
            case "pauseAt" -> faults.pause(command[1], command[2]);
            case "failAt" -> faults.armEverywhere(
                    command[1], Integer.parseInt(command[2]), Integer.parseInt(command[3]));
            case "tool" -> {
                ToolRun run = ToolRun.of(Arrays.copyOfRange(command, 1, command.length));
                return run.code() + " " + (run.out() + run.err()).lines().findFirst().orElse("");
            }
            case "exit" -> System.exit(Integer.parseInt(command[1]));
            default -> throw new IllegalArgumentException(String.join(" ", command));
        }
        return "ok";
    }

    /** Each reply is the request. */
    private static void repeat(RequestServer server) {
        try {
            server.serve(Request::bytes);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RequestOptions requests(String[] command) {
        return RequestOptions.defaults().permissions(permissions(command, 2));
    }

    private static Permissions permissions(String[] command, int at) {
        return switch (command.length > at ? command[at] : "ownerOnly") {
            case "ownerOnly" -> Permissions.ownerOnly();
            case "ownerAndReaders" -> Permissions.ownerAndReaders();
            case "everyone" -> Permissions.everyone();
            default -> Permissions.ownerOnly().mode(Integer.parseInt(command[at], 8));
        };
    }

    /** A value's version and number. */
    private static String read(LatestReader reader, int index) {
        ByteBuffer copy = ByteBuffer.allocateDirect(reader.size()).order(ByteOrder.nativeOrder());
        long version = reader.read(index, copy);
        return version + " " + Whole.number(copy);
    }

    private MessageSender sender() {
        return (MessageSender) open.peek();
    }

    private static ByteBuffer message(String[] command) {
        return Numbered.of(Integer.parseInt(command[1]), Integer.parseInt(command[2]));
    }

    /** A message's number and length, if one comes. */
    private static String receive(MessageReceiver receiver, Duration timeout) throws InterruptedException {
        StringBuilder answer = new StringBuilder();
        receiver.receive(
                (type, message) -> {
                    Numbered.check(message, type, message.remaining());
                    answer.append(type).append(' ').append(message.remaining());
                },
                1,
                timeout);
        return answer.isEmpty() ? "none" : answer.toString();
    }

    private EventPair pair() {
        return (EventPair) open.peek();
    }

    private SharedRegion region() {
        return (SharedRegion) open.peek();
    }

    /** Writes this many turns, each its own number into every int, to a region under a pair. */
    private void serve(int turns) throws InterruptedException {
        EventPair pair = (EventPair) open.pop();
        SharedRegion region = region();
        open.push(pair);
        for (int turn = 1; turn <= turns; turn++) {
            int number = turn;
            pair.write(() -> {
                for (int at = 0; at < 64; at += 4) {
                    region.pointer().setInt(at, number);
                }
            });
        }
        pair.awaitRead();
    }
}
