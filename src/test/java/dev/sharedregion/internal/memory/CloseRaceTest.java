package dev.sharedregion.internal.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Runs in a JVM of its own, because a fault would end the JVM. */
class CloseRaceTest {
    /** How long the closing thread waits first, in turns of a loop; and how much longer each time. */
    private static final int LONGEST = 1_500;

    private static final int STEP = Sizes.EXHAUSTIVE ? 1 : Platform.isWindows() ? 10 : 3;

    @Test
    void accessDuringCloseReturnsAValueOrThrows() {
        try (Peer racer = Peer.java(Racer.class, TestNames.unique(), "" + STEP)) {
            racer.expect("all rounds done");
            assertEquals(0, racer.exitStatus(), racer.errors());
        }
    }

    static final class Racer {
        public static void main(String[] arguments) throws InterruptedException {
            int step = Integer.parseInt(arguments[1]);
            for (int wait = 0; wait < LONGEST; wait += step) {
                SharedRegion region = SharedRegion.create(arguments[0], 64 << 10);
                Pointer pointer = region.pointer();
                ByteBuffer buffer = region.buffer();
                Thread byPointer = new Thread(() -> untilClosed(pointer));
                Thread byBuffer = new Thread(() -> writeAll(buffer));
                byPointer.start();
                byBuffer.start();
                for (int spin = 0; spin < wait; spin++) {
                    Thread.onSpinWait();
                }
                region.close();
                byPointer.join();
                byBuffer.join();
                if (wait % 100 == 0) {
                    System.gc();
                }
            }
            System.out.println("all rounds done");
        }

        private static void untilClosed(Pointer pointer) {
            byte[] bytes = new byte[10_000];
            try {
                for (long at = 0; ; at = (at + 4096) % (50 << 10)) {
                    pointer.setLong(at, at);
                    pointer.getInt(at + 2);
                    pointer.write(at, bytes, 0, bytes.length);
                    pointer.read(at, bytes, 0, bytes.length);
                }
            } catch (IllegalStateException e) {
                // Closed, as it should be.
            }
        }

        private static void writeAll(ByteBuffer buffer) {
            for (int pass = 0; pass < 20; pass++) {
                for (int at = 0; at < buffer.capacity(); at += 64) {
                    buffer.putInt(at, buffer.getInt(at) + 1);
                }
            }
        }
    }
}
