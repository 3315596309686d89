package dev.sharedregion.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sharedregion.LatestOptions;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.Permissions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Whole;
import dev.sharedregion.internal.latest.NewerLayout;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tables that another user of the machine reads, on Linux. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class LatestPermissionsTest {
    private static final int SIZE = 64;

    private final String name = TestNames.unique();

    @TempDir
    Path folder;

    @AfterEach
    void removeLeftovers() throws IOException {
        TestNames.removeLeftovers(name);
    }

    private LatestWriter create(Permissions permissions) {
        return LatestWriter.create(name, SIZE, LatestOptions.defaults().permissions(permissions));
    }

    private static void ask(Peer peer, String command, String answer) {
        peer.send(command);
        peer.expect(answer);
    }

    private boolean isWaitedFor() {
        try (SharedRegion newer = SharedRegion.open(name + ".newer")) {
            return newer.pointer().getLong(NewerLayout.WAITING) != 0;
        }
    }

    @Test
    void anOwnersTableIsClosedToOthers() {
        try (LatestWriter writer = create(Permissions.ownerOnly());
                Peer peer = OtherUser.start(folder)) {
            writer.set(Whole.of(1, SIZE));
            ask(peer, "openReader " + name, "ACCESS_DENIED");
            ask(peer, "openTable " + name, "ACCESS_DENIED");
        }
    }

    @Test
    void readersReadAndAreWokenButDoNotWrite() throws Exception {
        try (LatestWriter writer = create(Permissions.ownerAndReaders());
                Peer peer = OtherUser.start(folder)) {
            writer.set(Whole.of(7, SIZE));
            ask(peer, "openTable " + name, "ACCESS_DENIED");
            ask(peer, "openReader " + name, "ok");
            ask(peer, "readValue 0", "1 7");
            for (int round = 1; round <= 3; round++) {
                peer.send("awaitNewer 0 " + round + " PT60S");
                while (!isWaitedFor()) {
                    Thread.sleep(1);
                }
                writer.set(Whole.of(8, SIZE));
                peer.expect("true");
            }
        }
    }

    /** The mode that was given is that of all objects, so that others can only look. */
    @Test
    void readersWithoutAPlaceLookAtTimes() throws Exception {
        try (LatestWriter writer = create(Permissions.ownerOnly().mode(0644));
                Peer peer = OtherUser.start(folder)) {
            ask(peer, "openReader " + name, "ok");
            for (int round = 0; round < 3; round++) {
                peer.send("awaitNewer 0 " + round + " PT60S");
                Thread.sleep(20);
                assertFalse(isWaitedFor());
                writer.set(Whole.of(8, SIZE));
                peer.expect("true");
            }
            ask(peer, "readValue 0", "3 8");
            assertEquals(3, writer.version());
        }
    }
}
