package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example {@code Messages}: lines arrive, whichever side is started first, killed, and started again. */
@Timeout(300)
class MessagesExampleTest {
    private static final String CHINESE = "你好，世界 😀";

    private final String name = TestNames.unique();

    @AfterEach
    void removeWhatKilledProcessesLeft() throws Exception {
        TestNames.removeLeftovers(name);
    }

    private Peer sender() {
        return Peer.start(Examples.java("Messages", "send", name));
    }

    /** Prints so many lines. */
    private Peer receiver(int lines) {
        return Peer.start(Examples.java("Messages", "receive", name, Integer.toString(lines)));
    }

    /** It has printed a line, so that it has the channel open. */
    private static void sendAndExpect(Peer sender, Peer receiver, String line) {
        sender.send(line);
        receiver.expect(line);
    }

    private static void assertEnded(Peer program) {
        assertEquals(0, program.exitStatus(), program::errors);
    }

    @Test
    void linesOfTwoSendersArriveInEachLanguageAndLength() {
        try (Peer receiver = receiver(5);
                Peer sender = sender();
                Peer other = sender()) {
            sendAndExpect(sender, receiver, CHINESE);
            sendAndExpect(other, receiver, "");
            sendAndExpect(sender, receiver, "价".repeat(100_000));
            sender.closeInput();
            assertEnded(sender);
            sendAndExpect(other, receiver, "and go on");
            other.closeInput();
            assertEnded(other);
            assertTrue(receiver.isAlive());
        }
    }

    @Test
    void aSenderThatIsFirstWaitsForItsReceiver() {
        try (Peer sender = sender()) {
            sender.sendBytes((CHINESE + "\r\nlast").getBytes(StandardCharsets.UTF_8));
            sender.closeInput();
            try (Peer receiver = receiver(2)) {
                receiver.expect(CHINESE);
                receiver.expect("last");
                assertEnded(receiver);
            }
        }
    }

    @Test
    void aKilledSenderIsFollowedByAnother() {
        try (Peer receiver = receiver(2)) {
            try (Peer sender = sender()) {
                sendAndExpect(sender, receiver, "first");
                sender.kill();
            }
            try (Peer sender = sender()) {
                sendAndExpect(sender, receiver, "second");
            }
            assertEnded(receiver);
        }
    }

    @Test
    void aKilledReceiverIsFollowedByAnother() {
        try (Peer sender = sender()) {
            try (Peer receiver = receiver(9)) {
                sendAndExpect(sender, receiver, "first");
                receiver.kill();
            }
            sender.send("second");
            try (Peer receiver = receiver(9)) {
                String line = receiver.nextLine();
                // It may have been killed after it had printed this, and before that was noted.
                assertEquals("second", line.equals("first") ? receiver.nextLine() : line);
                sendAndExpect(sender, receiver, "third");
            }
        }
    }

    @Test
    void aSecondReceiverIsRefused() {
        try (Peer receiver = receiver(9);
                Peer sender = sender()) {
            sendAndExpect(sender, receiver, "a line");
            try (Peer second = receiver(9)) {
                assertEquals(1, second.exitStatus());
                assertTrue(second.errors().contains("is its receiver"), second::errors);
            }
        }
    }
}
