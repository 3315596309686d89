package dev.sharedregion;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.helpers.OtherUser;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.linux.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions without a name, and the tickets by which processes pass them on. */
@Timeout(300)
class TicketTest {
    /** A process as a user would write it: takes the ticket as its argument. */
    static final class Child {
        public static void main(String[] arguments) {
            try (SharedRegion region = SharedRegion.attach(arguments[0])) {
                region.pointer().setInt(4, region.pointer().getInt(0) + 1);
                System.out.println(region.size());
            }
        }
    }

    private static String part(String ticket, int which, String other) {
        String[] parts = ticket.split("-");
        parts[which] = other;
        return String.join("-", parts);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4096, 5000, 65536, 3 << 20})
    void childAttachesTheRegionWithTheTicket(long size) {
        try (SharedRegion region = SharedRegion.anonymous(Math.max(size, 8))) {
            region.pointer().setInt(0, 41);
            try (Peer child = Peer.java(Child.class, region.ticket())) {
                child.expect(Long.toString(region.size()));
                assertEquals(0, child.exitStatus(), child.errors());
            }
            assertEquals(42, region.pointer().getInt(4));
        }
    }

    @Test
    void newRegionIsZeroAndHasNoNameAndItsOwnSize() {
        try (SharedRegion region = SharedRegion.anonymous(70_000);
                SharedRegion other = SharedRegion.anonymous(70_000)) {
            assertEquals(70_000, region.size());
            assertTrue(region.created());
            assertEquals("", region.name());
            assertEquals("anonymous region (70000 bytes, READ_WRITE)", region.toString());
            ByteBuffer buffer = region.buffer();
            while (buffer.hasRemaining()) {
                assertEquals(0, buffer.get());
            }
            region.pointer().setInt(0, 5);
            assertEquals(0, other.pointer().getInt(0));
            assertNotEquals(region.ticket(), other.ticket());
            assertTrue(region.ticket().matches("[A-Za-z0-9-]{20,80}"), region.ticket());
            region.flush();
        }
    }

    @Test
    void attachedRegionStaysOpenAndHasATicket() {
        SharedRegion region = SharedRegion.anonymous(4096);
        try (Peer second = Peer.java(PeerProgram.class);
                Peer third = Peer.java(PeerProgram.class)) {
            region.pointer().setInt(0, 7);
            second.send("attach " + region.ticket());
            second.expect("ok");
            region.close();
            second.send("ticket");
            String ticket = second.nextLine();
            third.send("attach " + ticket);
            third.expect("ok");
            second.kill();
            third.send("get 0");
            third.expect("7");
        }
    }

    @Test
    void partCanBeAttachedReadOnly() {
        try (SharedRegion region = SharedRegion.anonymous(200_000);
                SharedRegion part = SharedRegion.attach(
                        region.ticket(), RegionOptions.readOnly().offset(100_001).length(10).minimumSize(200_000));
                SharedRegion copy = SharedRegion.attach(region.ticket(), RegionOptions.copyOnWrite())) {
            region.pointer().setByte(100_001, (byte) 9);
            assertFalse(part.created());
            assertEquals(10, part.size());
            assertEquals(9, part.pointer().getByte(0));
            assertThrows(UnsupportedOperationException.class, () -> part.pointer().setByte(0, (byte) 1));
            copy.pointer().setByte(100_001, (byte) 3);
            assertEquals(9, region.pointer().getByte(100_001));
            var refused = assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.attach(part.ticket()));
            assertTrue(refused.getMessage().contains("READ_ONLY"), refused.getMessage());
            SharedRegion.attach(part.ticket(), RegionOptions.readOnly()).close();
            assertReason(
                    Reason.TOO_SMALL,
                    () -> SharedRegion.attach(region.ticket(), RegionOptions.defaults().minimumSize(200_001)));
        }
    }

    @Test
    void staleTicketIsRefusedAfterItsNumberIsReused() {
        SharedRegion first = SharedRegion.anonymous(4096);
        String stale = first.ticket();
        first.close();
        assertThrows(IllegalStateException.class, first::ticket);
        List<SharedRegion> others = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                others.add(SharedRegion.anonymous(4096));
            }
            // Linux gives the lowest numbers first, so one of these has the first one's. Windows gives any that are
            // free.
            assertTrue(Platform.isWindows()
                    || others.stream().anyMatch(other -> other.ticket().split("-")[2].equals(stale.split("-")[2])));
            var refused = assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(stale));
            assertTrue(refused.getMessage().contains("process " + ProcessHandle.current().pid()), refused.getMessage());
            // As if its number had been the first one's.
            String number = others.get(0).ticket().split("-")[2];
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(part(stale, 2, number)));
        } finally {
            others.forEach(SharedRegion::close);
        }
    }

    @Test
    void ticketOfADeadProcessIsRefused() {
        String ticket;
        long pid;
        try (Peer peer = Peer.java(PeerProgram.class)) {
            pid = peer.pid();
            peer.send("anonymous 4096");
            peer.expect("ok");
            peer.send("ticket");
            ticket = peer.nextLine();
            SharedRegion.attach(ticket).close();
            peer.kill();
        }
        var refused = assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(ticket));
        assertTrue(
                refused.getMessage().contains("the process does not exist")
                        && refused.getMessage().contains("" + pid),
                refused.getMessage());
    }

    /** Every part of a ticket that leads somewhere else, to all there is, leads nowhere. */
    @Test
    void forgedTicketOpensNothing() {
        try (SharedRegion region = SharedRegion.anonymous(4096);
                SharedRegion named = SharedRegion.create(TestNames.unique(), 8192);
                NamedEvent event = NamedEvent.create(TestNames.unique())) {
            String ticket = region.ticket();
            // Windows ignores the lowest two bits of a handle.
            for (int handle = 0; handle < 2_000; handle += Platform.isWindows() ? 4 : 1) {
                String forged = part(ticket, 2, Integer.toString(handle));
                if (!forged.equals(ticket)) {
                    assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(forged));
                }
            }
            for (String size : List.of("1", "4095", "4097", "8192", "1000000000000", "" + Long.MAX_VALUE)) {
                assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(part(ticket, 3, size)));
            }
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(part(ticket, 4, "0123456789abcdef")));
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(part(ticket, 4, "0000000000000000")));
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(part(ticket, 1, "4000000000")));
            SharedRegion.attach(ticket).close();
            assertTrue(named.created() && event.name() != null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "srt1x-1-1-1-0123456789abcdef",
                "srt2l-1-1-1-0123456789abcdef",
                "srt1l-1-1-0123456789abcdef",
                "srt1l--1-1-1-0123456789abcdef",
                "srt1l-1-99999999999999999999-1-0123456789abcdef",
                "../../proc/self/fd/1",
                "srt1l-1-9223372036854775808-1-0123456789abcdef",
                "srt1l-01-1-1-0123456789abcdef",
                "srt1l-1-1-1-0123456789ABCDEF",
                "srt1l-1-1-1-0123456789abcdef\n",
                "srt1l-1-1-1-0123456789abcdef-rw",
                "srt1l-0-1-1-0123456789abcdef"
            })
    void messageSaysThatATextIsNoTicket(String text) {
        String own = text.replace("srt1l", Platform.isWindows() ? "srt1w" : "srt1l");
        String message = assertThrows(IllegalArgumentException.class, () -> SharedRegion.attach(own)).getMessage();
        assertTrue(message.contains("is not a ticket") && message.contains(own), message);
    }

    @Test
    void messageSaysThatATicketIsOfTheOtherSystem() {
        String other = (Platform.isWindows() ? "srt1l" : "srt1w") + "-1-1-1-0123456789abcdef";
        String message = assertThrows(IllegalArgumentException.class, () -> SharedRegion.attach(other)).getMessage();
        assertTrue(message.contains("other system"), message);
    }

    @Test
    void regionWithANameHasNoTicket(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[10]);
        try (SharedRegion named = SharedRegion.create(TestNames.unique(), 10);
                SharedRegion mapped = SharedRegion.map(file, 0)) {
            assertThrows(UnsupportedOperationException.class, named::ticket);
            assertThrows(UnsupportedOperationException.class, mapped::ticket);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryCannotBeTruncated() throws IOException {
        try (SharedRegion region = SharedRegion.anonymous(8192)) {
            Path descriptor = Path.of("/proc/self/fd", region.ticket().split("-")[2]);
            try (FileChannel channel = FileChannel.open(descriptor, StandardOpenOption.WRITE)) {
                assertThrows(IOException.class, () -> channel.truncate(0));
            }
            assertEquals(8192, Files.size(descriptor));
            region.pointer().setInt(8188, 1);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void memoryThatCouldBeTruncatedIsNotAttached() {
        String key = "0123456789abcdef";
        int fd =
                LibC.memfd_create(("sharedregion-" + key + "\0").getBytes(), LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING);
        try {
            assertEquals(0, LibC.ftruncate(fd, 4096));
            String ticket = "srt1l-" + ProcessHandle.current().pid() + "-" + fd + "-4096-" + key;
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.attach(ticket));
            assertEquals(0, LibC.fcntl(fd, LibC.F_ADD_SEALS, LibC.F_SEAL_SHRINK));
            SharedRegion.attach(ticket).close();
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void tooLargeRegionIsRefusedBeforeMemoryIsTaken() {
        assertReason(Reason.NO_SPACE, () -> SharedRegion.anonymous(1L << 46));
        try (SharedRegion sparse = SharedRegion.anonymous(1L << 40, RegionOptions.defaults().lazy())) {
            sparse.pointer().setInt((1L << 40) - 4, 3);
        }
    }

    /** Root may open it, but another user's process can have been given the number of the one that was meant. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void rootCannotAttachAnotherUsersMemory(@TempDir Path folder) {
        try (Peer other = OtherUser.start(folder)) {
            other.send("anonymous 4096");
            other.expect("ok");
            other.send("ticket");
            String ticket = other.nextLine();
            var refused = assertReason(Reason.ACCESS_DENIED, () -> SharedRegion.attach(ticket));
            assertTrue(refused.getMessage().contains("user 65534") && refused.getMessage().contains("user 0"),
                    refused.getMessage());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherUserCannotAttachTheRegion(@TempDir Path folder) {
        try (SharedRegion region = SharedRegion.anonymous(4096);
                Peer other = OtherUser.start(folder)) {
            other.send("attach " + region.ticket());
            other.expect("ACCESS_DENIED");
        }
    }
}
