package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.Exhaustive;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The example of messages in C and Python, compiled as examples/README.md says: each receives what the others send. */
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "no Python for Windows is at hand")
class MessagesInOtherLanguagesTest {
    /** The third one goes in parts. */
    private static final List<String> LINES = List.of("from a program", "\u4f60\u597d", "x".repeat(100_000), "", "end");

    private final String name = TestNames.unique();

    @TempDir
    Path folder;

    private static void compile(List<String> options, Path built, String source) {
        List<String> command = new ArrayList<>(List.of(Tools.find("gcc", "cc"), "-O2", "-Wall", "-Wextra", "-Werror"));
        command.addAll(options);
        command.addAll(List.of("-o", built.toString(), Examples.absolute(source)));
        try (Peer compiler = Peer.start(command)) {
            assertEquals(0, compiler.exitStatus(), compiler::errors);
        }
    }

    private Peer start(boolean python, String... arguments) {
        Path program = folder.resolve(python ? "libmessages.so" : "messages");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        if (python) {
            compile(List.of("-shared", "-fPIC"), program, "examples/python/messages_library.c");
            command = List.of(Tools.find("python3", "python"), Examples.absolute("examples/python/messages.py"));
        } else {
            compile(List.of("-std=c11"), program, "examples/native/messages.c");
        }
        ProcessBuilder builder = Examples.process(command, arguments);
        builder.environment().put("MESSAGES_LIBRARY", program.toString());
        return Peer.start(builder);
    }

    private static void sendLines(Peer sender) {
        LINES.forEach(sender::send);
        sender.closeInput();
    }

    private static void expectEnd(Peer peer) {
        assertEquals(0, peer.exitStatus(), peer::errors);
    }

    private void receiveWhatIsSent(boolean python, boolean toPython) {
        try (Peer sender = start(python, "send", name);
                Peer receiver = start(toPython, "receive", name, "" + LINES.size())) {
            sendLines(sender);
            LINES.forEach(line -> receiver.expect("[1] " + line));
            expectEnd(receiver);
            expectEnd(sender);
        }
        Examples.assertGone(name);
    }

    @Test
    @Exhaustive
    void cReceivesFromC() {
        receiveWhatIsSent(false, false);
    }

    @Test
    void cReceivesFromPython() {
        receiveWhatIsSent(true, false);
    }

    @Test
    @Exhaustive
    void pythonReceivesFromC() {
        receiveWhatIsSent(false, true);
    }

    @Test
    void javaReceivesFromBoth() throws Exception {
        List<String> expected = new ArrayList<>(LINES);
        expected.addAll(LINES);
        List<String> received = new ArrayList<>();
        try (MessageReceiver receiver =
                MessageReceiver.openOrCreate(name, 1 << 16, MessageOptions.defaults().senders(8))) {
            for (boolean python : new boolean[] {false, true}) {
                try (Peer sender = start(python, "send", name)) {
                    sendLines(sender);
                    while (received.size() < LINES.size() * (python ? 2 : 1)) {
                        receiver.receive(
                                (type, message) ->
                                        received.add(StandardCharsets.UTF_8.decode(message).toString()),
                                LINES.size(),
                                Duration.ofMinutes(1));
                    }
                    expectEnd(sender);
                }
            }
        }
        assertEquals(expected, received);
        Examples.assertGone(name);
    }
}
