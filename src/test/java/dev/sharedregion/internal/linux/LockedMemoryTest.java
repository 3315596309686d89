package dev.sharedregion.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A process that locks all of its memory ({@code mlockall}), as processes do that must not wait for a page fault. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class LockedMemoryTest {
    private static final String DENIED = "mlockall is denied";

    private interface Locking extends Library {
        int MCL_FUTURE = 2;

        int mlockall(int flags);
    }

    /** Closes a region while its pointer is in use, and prints how much memory is then in the region's place. */
    static final class Program {
        public static void main(String[] arguments) throws IOException {
            if (Native.load("c", Locking.class).mlockall(Locking.MCL_FUTURE) != 0) {
                System.out.println(DENIED);
                return;
            }
            SharedRegion region = SharedRegion.create(arguments[0], 64 << 20);
            Pointer pointer = region.pointer();
            pointer.setInt(0, 1);
            long address = Pointer.nativeValue(pointer);
            System.out.println(kibibytesAt(address) >> 10);
            region.close();
            System.out.println(kibibytesAt(address) >> 10);
        }

        /** The resident memory of the mapping at an address. */
        private static long kibibytesAt(long address) throws IOException {
            boolean there = false;
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    String[] range = line.split("[- ]");
                    there = Long.parseUnsignedLong(range[0], 16) <= address
                            && address < Long.parseUnsignedLong(range[1], 16);
                } else if (there && line.startsWith("Rss:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
            return -1;
        }
    }

    @Test
    void closingALockedRegionTakesNoMemory() {
        try (Peer peer =
                Peer.java(List.of("-XX:+UseSerialGC", "-Xmx32m"), Program.class.getName(), TestNames.unique())) {
            String first = peer.nextLine();
            Tools.require(!first.equals(DENIED), "right to lock memory");
            assertEquals("64", first, peer::errors);
            peer.expect("0");
            assertEquals(0, peer.exitStatus(), peer.errors());
        }
    }
}
