package dev.sharedregion.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A JVM in a process whose main thread has ended, as {@code pthread_exit} in {@code main} ends it. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class EmbeddedJvmTest {
    private static Peer start() throws IOException, InterruptedException {
        return Peer.start(List.of(
                Tools.cEmbedder("embedded").toString(),
                Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so").toString(),
                Peer.classPath(),
                PeerProgram.class.getName().replace('.', '/')));
    }

    private static void does(Peer peer, String command) {
        peer.send(command);
        assertEquals("ok", peer.nextLine(), () -> command + ": " + peer.errors());
    }

    @Test
    void embeddedJvmCreatesAndOpensByName() throws Exception {
        String name = TestNames.unique();
        try (Peer peer = start()) {
            does(peer, "create " + name + " 4096");
            does(peer, "put 8 42");
            try (SharedRegion region = SharedRegion.open(name)) {
                assertEquals(42, region.pointer().getInt(8));
            }
            does(peer, "createEvent " + name + "-event");
            does(peer, "set");
            does(peer, "createPair " + name + "-pair");
            does(peer, "openPair " + name + "-pair");
        } finally {
            TestNames.removeLeftovers(name);
        }
    }

    @Test
    void embeddedJvmMakesAndAttachesTickets() throws Exception {
        try (Peer peer = start();
                SharedRegion mine = SharedRegion.anonymous(4096)) {
            does(peer, "attach " + mine.ticket());
            does(peer, "put 0 7");
            assertEquals(7, mine.pointer().getInt(0));
            does(peer, "anonymous 4096");
            does(peer, "put 0 8");
            peer.send("ticket");
            try (SharedRegion region = SharedRegion.attach(peer.nextLine())) {
                assertEquals(8, region.pointer().getInt(0));
            }
        }
    }
}
