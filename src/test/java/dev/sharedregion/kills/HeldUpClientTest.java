package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.EventPair;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A client that is stopped while it opens a pair, before each of its system calls in turn. */
@EnabledOnOs(OS.LINUX)
class HeldUpClientTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final String name = TestNames.unique();

    @Test
    @Timeout(300)
    void nextServerRegistersWhileAClientIsStopped() throws Exception {
        try (Peer client = Peer.java(HeldUpClientProgram.class, Tools.cLibrary("libfaults").toString())) {
            int nth = 1;
            while (opensWhileItsServerIsReplaced(client, nth)) {
                nth++;
            }
            assertTrue(nth > 20, "stopped before " + nth + " calls only");
        }
        assertTrue(Files.notExists(Path.of("/dev/shm", name + ".pair")), "a block is left");
    }

    /** False if the client made fewer calls. */
    private boolean opensWhileItsServerIsReplaced(Peer client, int nth) throws Exception {
        EventPair first = EventPair.create(name);
        client.send("open " + nth + " " + name);
        boolean stopped = isStopped(client);
        while (!stopped) {
            String line = client.lineIfThere();
            if (line != null) {
                client.send("close");
                client.expect("closed");
                first.close();
                return false;
            }
            Thread.sleep(1);
            stopped = isStopped(client);
        }
        first.close();
        try (EventPair successor = EventPair.create(name)) {
            resume(client);
            client.expect("opened");
            successor.signalWritten();
            client.send("read");
            client.expect("true");
            assertTrue(successor.awaitRead(LONG), "before call " + nth);
            client.send("close");
            client.expect("closed");
        } finally {
            resume(client);
        }
        return true;
    }

    /** See {@code proc(5)}: the state follows the name of the program, which stands in parentheses. */
    private static boolean isStopped(Peer peer) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(peer.pid()), "stat"));
        return stat.startsWith("T", stat.lastIndexOf(')') + 2);
    }

    private static void resume(Peer peer) throws IOException, InterruptedException {
        new ProcessBuilder(List.of("kill", "-CONT", Long.toString(peer.pid()))).start().waitFor();
    }
}
