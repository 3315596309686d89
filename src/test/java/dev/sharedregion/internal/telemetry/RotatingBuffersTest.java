package dev.sharedregion.internal.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.TelemetryReader.Result;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.RegionMapping;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Headers that no producer writes. */
class RotatingBuffersTest {
    private static final int SIZE = 8192;
    private static final int HEADERS = Sizes.of("sharedregion.headers", 20_000, 500_000);

    /** Memory of this process in place of another's. */
    private static SourceMemory memory(Memory backing) {
        return new SourceMemory(new Operation("read", "memory"), new RegionMapping(
                Pointer.nativeValue(backing), backing.size(), false) {
            @Override
            public void flush() {}

            @Override
            public boolean isCurrent() {
                return true;
            }

            @Override
            protected void closeObject(boolean reachable) {}

            @Override
            protected void unmap() {}
        });
    }

    private static int value(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(-4, 10);
            case 2 -> Integer.MAX_VALUE - random.nextInt(4);
            case 3 -> Integer.MIN_VALUE + random.nextInt(4);
            case 4 -> SIZE - random.nextInt(-20, 20);
            default -> random.nextInt(SIZE);
        };
    }

    @Test
    void anyHeaderHasAnAnswer() {
        Map<Failure.Reason, Integer> failures = new EnumMap<>(Failure.Reason.class);
        Map<Attempt, Integer> attempts = new EnumMap<>(Attempt.class);
        SplittableRandom random = new SplittableRandom(4711);
        try (Memory backing = new Memory(SIZE)) {
            SourceMemory memory = memory(backing);
            for (int i = 0; i < HEADERS; i++) {
                backing.clear();
                for (int offset = 0; offset < 200; offset += Integer.BYTES) {
                    backing.setInt(offset, value(random));
                }
                if (random.nextInt(4) > 0) {
                    backing.setInt(32, random.nextInt(1, 9));
                }
                int stride = 8 + 4 * random.nextInt(10);
                CopyProtocol rule = new RotatingBuffers(
                        4L * random.nextInt(20), 36, 4L * random.nextInt(SIZE / 4 + 2), stride);
                Copies copies = new Copies();
                copies.begin(random.nextInt(1, SIZE + 10));
                try {
                    attempts.merge((random.nextBoolean() ? rule : new RotatingBuffers(32, 36, 48, 16))
                            .attempt(memory, copies), 1, Integer::sum);
                } catch (Failure e) {
                    failures.merge(e.reason(), 1, Integer::sum);
                }
            }
            memory.close();
        }
        assertTrue(failures.get(Failure.Reason.CORRUPT) > HEADERS / 100, failures::toString);
        assertTrue(failures.get(Failure.Reason.NOT_FOUND) > 0, failures::toString);
        assertTrue(attempts.get(Attempt.NEW) > HEADERS / 100, attempts::toString);
    }

    @Test
    void wrongHeaderIsCorruptAndARightOneFollowsIt() throws Exception {
        String name = TestNames.unique();
        ByteBuffer copy = ByteBuffer.allocate(SIZE);
        try (SharedRegion producer = SharedRegion.create(name, SIZE);
                TelemetryReader reader = TelemetryReader.open(name, Sync.rotating(32, 36, 48, 16))) {
            Pointer header = producer.pointer();
            int[][] wrong = {{-1, 16, 100}, {1025, 16, 100}, {3, -16, 100}, {3, 16, -4}, {3, 16, SIZE - 15},
                {3, SIZE, 4}, {3, Integer.MAX_VALUE, Integer.MAX_VALUE}};
            for (int[] each : wrong) {
                header.setInt(32, each[0]);
                header.setInt(36, each[1]);
                header.setInt(52, each[2]);
                do {
                    Thread.sleep(5);
                    assertEquals(Result.ABSENT, reader.read(copy));
                } while (reader.problem().orElseThrow().reason() != Reason.CORRUPT);
            }
            header.setInt(32, 3);
            header.setInt(36, 16);
            header.setInt(52, 100);
            assertTrue(reader.await(Duration.ofMinutes(1)));
            assertEquals(Result.FRESH, reader.read(copy));
        }
    }
}
