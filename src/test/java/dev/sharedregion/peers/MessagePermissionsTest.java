package dev.sharedregion.peers;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.Permissions;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestOptions;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.helpers.Wakes;
import dev.sharedregion.helpers.Whole;
import dev.sharedregion.internal.message.MessageLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions of channels and request servers on Linux, tested with a second user of the machine. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class MessagePermissionsTest extends MessageSides {
    private static final String DENIED = "ACCESS_DENIED";
    private static final int MARK_OF_EVENTS = 0100;
    private static final int WAKES = 10;

    /** Of the messages: two of their records are a quarter of the ring. */
    private static final int LENGTH = CAPACITY / 8 - 8;

    @TempDir
    Path folder;

    MessagePermissionsTest() {
        super(TestNames.unique());
    }

    private static Permissions permissions(String permissions) {
        return switch (permissions) {
            case "ownerOnly" -> Permissions.ownerOnly();
            case "ownerAndReaders" -> Permissions.ownerAndReaders();
            default -> Permissions.everyone();
        };
    }

    private static MessageOptions messages(String permissions) {
        return MessageOptions.defaults().permissions(permissions(permissions));
    }

    private static RequestOptions requests(String permissions) {
        return RequestOptions.defaults().permissions(permissions(permissions));
    }

    /** A sender or a receiver of a channel that exists. */
    private ProcessSide ofAnotherUser(Language language, String role) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path own = Files.createTempDirectory(folder, "other");
        String[] arguments = arguments(role, 0, 0, 0);
        return new ProcessSide(
                language == Language.JAVA
                        ? OtherUser.java(own, MessagesPeer.class, arguments)
                        : OtherUser.program(own, Tools.cPeer("messages"), ofC(arguments)));
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        assertEquals(answer, peer.nextLine(), command);
    }

    /** A message in parts, so that a reply has a lane, and each lane an event. */
    @ParameterizedTest
    @CsvSource({"ownerOnly, 1600", "ownerAndReaders, 1666", "everyone, 1666"})
    void everyObjectHasThePermissions(String granted, String mode) throws Exception {
        int expected = Integer.parseInt(mode, 8);
        String requests = name + ".server";
        try (MessageSender sender = MessageSender.create(name, CAPACITY, messages(granted));
                RequestServer server = RequestServer.create(requests, CAPACITY, requests(granted))) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> repeat(server));
            try (RequestClient client = RequestClient.open(requests, requests(granted))) {
                ByteBuffer request = Whole.of(1, 64);
                assertEquals(request, client.call(request, LONG));
                List<String> objects = TestNames.leftovers(name);
                assertEquals(9, objects.size(), objects::toString);
                for (String each : objects) {
                    int its = (int) Files.getAttribute(
                            Path.of("/dev/shm", each), "unix:mode", LinkOption.NOFOLLOW_LINKS);
                    int events = each.endsWith(".messages") ? 0 : MARK_OF_EVENTS;
                    assertEquals(expected | events, its & 07777, () -> each + " of " + sender);
                }
            }
            server.close();
            serving.get(1, TimeUnit.MINUTES);
        }
    }

    private static void repeat(RequestServer server) {
        try {
            server.serve(request -> request.bytes());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @EachLanguage
    void anotherUserIsRefused(Language language) throws Exception {
        try (MessageSender sender = MessageSender.create(name, CAPACITY)) {
            for (String role : List.of("send", "receive")) {
                try (ProcessSide other = ofAnotherUser(language, role)) {
                    String answer = other.nextLine();
                    assertTrue(answer.startsWith(DENIED), () -> answer + sender);
                }
            }
        }
    }

    @EachLanguage
    void anotherUserReceivesAndWakes(Language language) throws Exception {
        for (String granted : List.of("ownerAndReaders", "everyone")) {
            try (MessageSender sender = MessageSender.create(name, CAPACITY, messages(granted));
                    ProcessSide receiver = ready(ofAnotherUser(language, "receive"))) {
                Wakes wakes = new Wakes();
                for (int number = 1; number <= WAKES; number++) {
                    receiver.send("receive 9" + LONG_MILLIS);
                    awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
                    long start = System.nanoTime();
                    assertTrue(sender.offer(0, Whole.part(number, 0, LENGTH)));
                    assertEquals("OK 1 " + number + "/" + LENGTH, receiver.nextLine());
                    wakes.add(start);
                }
                for (int number = 1; number <= WAKES; number++) {
                    while (sender.offer(0, Whole.part(1, 0, LENGTH))) {
                        assertTrue(sender.backlog() <= CAPACITY);
                    }
                    CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> sendInTime(sender));
                    awaitAsleep(LANE + MessageLayout.LANE_ASLEEP);
                    long start = System.nanoTime();
                    ask(receiver, "receive 2 0", String.format("OK 2 1/%1$d 1/%1$d", LENGTH));
                    assertTrue(sent.get(1, TimeUnit.MINUTES));
                    wakes.add(start);
                }
                wakes.assertByEvent();
                end(receiver);
            }
        }
    }

    private static boolean sendInTime(MessageSender sender) {
        try {
            return sender.send(0, Whole.part(1, 0, LENGTH), LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @EachLanguage
    void anotherUserSendsAndWakes(Language language) throws Exception {
        for (String granted : List.of("ownerAndReaders", "everyone")) {
            try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY, messages(granted));
                    ProcessSide sender = ready(ofAnotherUser(language, "send"))) {
                for (int number = 1; number <= WAKES; number++) {
                    CompletableFuture<ByteBuffer> received =
                            CompletableFuture.supplyAsync(() -> receiveInTime(receiver));
                    awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
                    ask(sender, "send " + number + " " + LENGTH + " 0", "OK");
                    assertEquals(Whole.part(number, 0, LENGTH), received.get(1, TimeUnit.MINUTES));
                }
                end(sender);
            }
        }
    }

    private static ByteBuffer receiveInTime(MessageReceiver receiver) {
        try {
            return receiver.receive(LONG);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What another user has made under the names of a channel could be read and written by that user. */
    @EachLanguage
    void anotherUsersObjectsAreRefused(Language language) throws Exception {
        try (Peer other = OtherUser.start(folder)) {
            for (String object : List.of(".messages", ".sent", ".freed.1")) {
                String create = object.equals(".messages") ? "create %s 8192 everyone" : "createEvent %s everyone";
                ask(other, String.format(create, name + object), "ok");
                for (String role : object.equals(".freed.1") ? List.of("send") : List.of("send", "receive")) {
                    try (Side side = start(language, role, CAPACITY, 1, 0)) {
                        String answer = side.nextLine();
                        assertTrue(answer.startsWith("ALREADY_EXISTS"), () -> object + ", " + role + ": " + answer);
                    }
                }
                if (language == Language.JAVA) {
                    assertReason(Reason.ALREADY_EXISTS, () -> MessageSender.create(name, CAPACITY));
                }
                ask(other, "close", "ok");
            }
        }
    }

    // Requests.

    @Test
    void anotherUserAsksAndAnswers() throws Exception {
        try (Peer other = OtherUser.start(folder)) {
            try (RequestServer server = RequestServer.create(name, CAPACITY, requests("ownerOnly"))) {
                ask(other, "openClient " + name, DENIED);
                assertTrue(!server.isClosed());
            }
            for (String granted : List.of("ownerAndReaders", "everyone")) {
                try (RequestServer server = RequestServer.create(name, CAPACITY, requests(granted))) {
                    CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> repeat(server));
                    ask(other, "openClient " + name, "ok");
                    ask(other, "call 4711", "4711");
                    ask(other, "close", "ok");
                    server.close();
                    assertNull(serving.get(1, TimeUnit.MINUTES));
                }
                // The server of another user needs the permission of the client, which is root's here.
                ask(other, "createServer " + name + " " + granted, "ok");
                try (RequestClient client = RequestClient.open(name, requests(granted))) {
                    ByteBuffer request = Whole.of(1212, 64);
                    assertEquals(request, client.call(request, LONG));
                }
                ask(other, "close", "ok");
            }
        }
    }

    @Test
    void anotherUsersObjectsOfAServerAreRefused() throws Exception {
        try (Peer other = OtherUser.start(folder)) {
            for (String object : List.of(".messages", ".sent")) {
                String create = object.equals(".messages") ? "create %s 8192 everyone" : "createEvent %s everyone";
                ask(other, String.format(create, name + ".requests" + object), "ok");
                assertReason(Reason.ALREADY_EXISTS, () -> RequestServer.create(name, CAPACITY));
                assertReason(Reason.ALREADY_EXISTS, () -> RequestServer.openOrCreate(name, CAPACITY));
                ask(other, "close", "ok");
            }
        }
    }
}
