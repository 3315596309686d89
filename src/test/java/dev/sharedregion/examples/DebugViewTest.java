package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Tools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The example {@code DebugView} receives what a real program sends by Windows' own means. */
class DebugViewTest {
    @Test
    @Timeout(300)
    @EnabledOnOs(value = OS.WINDOWS, disabledReason = "only Windows has OutputDebugString")
    void debugOutputIsPrintedWithItsProcessId() throws Exception {
        try (Peer view = Peer.start(
                new ProcessBuilder(Peer.javaCommand(List.of(), "DebugView")).redirectErrorStream(true))) {
            view.expect("Waiting for messages.");
            List<String> expected = new ArrayList<>();
            List<String> received = new ArrayList<>();
            for (int program = 0; program < 2; program++) {
                try (Peer sender = Peer.start(List.of(
                        Tools.cPeer("debug").toString(),
                        "first " + program,
                        "with a newline\n",
                        "x".repeat(4000),
                        ""))) {
                    String id = sender.nextLine() + " ";
                    expected.addAll(List.of(id + "first " + program, id + "with a newline", id + "x".repeat(4000), id));
                    assertEquals(0, sender.exitStatus(), sender.errors());
                }
            }
            while (received.size() < expected.size()) {
                received.add(view.nextLine());
            }
            assertEquals(expected, received);
        }
    }
}
