package dev.sharedregion.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import dev.sharedregion.TelemetryReader.Result;
import dev.sharedregion.helpers.FileAccess;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A reader of files in {@code /dev/shm} that other programs make, change and remove. */
@EnabledOnOs(OS.LINUX)
class ForeignProducerTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int SIZE = 20_000;

    private final String name = TestNames.unique();
    private final Path file = Path.of("/dev/shm", name);
    private final ByteBuffer copy = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    private static byte[] content(int size, int number) {
        ByteBuffer content = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        while (content.remaining() >= Integer.BYTES) {
            content.putInt(number);
        }
        return content.array();
    }

    /** The other program writes in place, into the same file. */
    private void publish(int size, int number) throws IOException {
        Files.write(file, content(size, number), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void truncate(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void awaitResult(TelemetryReader reader, Result expected) throws InterruptedException {
        long start = System.nanoTime();
        Result result;
        while ((result = reader.read(copy)) != expected) {
            assertTrue(System.nanoTime() - start < LONG.toNanos(), "always " + result);
            Thread.sleep(1);
        }
    }

    private void awaitNumber(TelemetryReader reader, int number) throws InterruptedException {
        do {
            awaitResult(reader, Result.FRESH);
        } while (copy.getInt(0) != number);
    }

    private void awaitProblem(TelemetryReader reader, Reason reason) throws InterruptedException {
        do {
            awaitResult(reader, Result.ABSENT);
        } while (reader.problem().orElseThrow().reason() != reason);
    }

    @Test
    void fileThatIsRemovedAndMadeAnewIsFollowed() throws Exception {
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0))) {
            for (int number = 1; number < 5; number++) {
                publish(SIZE, number);
                assertTrue(reader.await(LONG));
                awaitNumber(reader, number);
                Files.delete(file);
                if (number % 2 == 0) {
                    awaitProblem(reader, Reason.NOT_FOUND);
                }
            }
        }
    }

    @Test
    void fileOfAnotherSizeIsFollowed() throws Exception {
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.twice())) {
            int number = 1;
            for (int size : new int[] {8, 8000, 4096, SIZE, 12}) {
                publish(size, number);
                truncate(size);
                do {
                    awaitNumber(reader, number);
                    publish(size, ++number);
                } while (reader.length() != size);
            }
        }
    }

    @Test
    void emptyFileIsNotThereYet() throws Exception {
        Files.createFile(file);
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.twice())) {
            awaitProblem(reader, Reason.NOT_FOUND);
            publish(SIZE, 1);
            assertTrue(reader.await(LONG));
            awaitNumber(reader, 1);
        }
    }

    /** The file becomes shorter while it is read, at any moment. */
    @Test
    void memoryThatVanishesIsAbsentAndComesBack() throws Exception {
        SplittableRandom random = new SplittableRandom(4711);
        for (Sync sync : new Sync[] {Sync.twice(), Sync.counter(0), Sync.sequence(8), Sync.busyFlag(16_000)}) {
            Files.deleteIfExists(file);
            try (TelemetryReader reader = TelemetryReader.open(name, sync)) {
                for (int round = 1; round < 15; round++) {
                    int number = 2 * round;
                    byte[] content = content(SIZE, number);
                    ByteBuffer.wrap(content).putInt(16_000, 0);
                    Files.write(file, content, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    awaitNumber(reader, number);
                    Thread truncating = new Thread(() -> {
                        try {
                            Thread.sleep(0, random.nextInt(200_000));
                            truncate(random.nextInt(3) * 4096L);
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    truncating.start();
                    while (truncating.isAlive()) {
                        assertWhole(reader, number);
                    }
                    truncating.join();
                    for (int i = 0; i < 1_000; i++) {
                        assertWhole(reader, number);
                    }
                }
            }
        }
    }

    private void assertWhole(TelemetryReader reader, int number) {
        if (reader.read(copy) == Result.FRESH) {
            // What is left of a page is zero.
            for (int i = 0; i < reader.length() - 3; i += Integer.BYTES) {
                int found = copy.getInt(i);
                assertTrue(found == number || found == 0, "at " + i + " of " + reader.length() + ": " + found);
            }
        }
    }

    @Test
    void fileOfAnotherUserIsDenied() throws Exception {
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0))) {
            publish(SIZE, 1);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            FileAccess.asOrdinaryUser(() -> {
                reader.read(copy);
                assertEquals(Reason.ACCESS_DENIED, reader.problem().orElseThrow().reason());
            });
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
            assertTrue(reader.await(LONG));
            awaitNumber(reader, 1);
        }
    }

    @Test
    void whatIsNoRegularFileIsOfTheWrongKind() throws Exception {
        Files.createDirectory(file);
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0))) {
            awaitProblem(reader, Reason.WRONG_KIND);
        }
    }

    /** The data stops, and nothing else tells that its producer is dead. */
    @Test
    void leftoverOfAnotherProgramIsStale() throws Exception {
        TelemetryOptions soon = TelemetryOptions.defaults().staleAfter(Duration.ofMillis(100));
        publish(SIZE, 1);
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0), soon)) {
            awaitNumber(reader, 1);
            awaitResult(reader, Result.STALE);
            // Opened anew meanwhile, with the same content.
            for (int i = 0; i < 120; i++) {
                assertEquals(Result.STALE, reader.read(copy));
                Thread.sleep(10);
            }
            publish(SIZE, 2);
            awaitNumber(reader, 2);
            assertTrue(Files.exists(file));
        }
        assertTrue(Files.exists(file));
    }

    /** A kill leaves the name, which the reader takes away, as everybody does who finds it. */
    @Test
    void leftoverOfThisLibraryIsAbsent() throws Exception {
        try (TelemetryReader reader = TelemetryReader.open(name, Sync.counter(0));
                Peer producer = Peer.java(dev.sharedregion.helpers.PeerProgram.class)) {
            producer.send("create " + name + " " + SIZE);
            producer.expect("ok");
            awaitResult(reader, Result.FRESH);
            producer.kill();
            awaitProblem(reader, Reason.NOT_FOUND);
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void readerIsNoUser() throws Exception {
        try (SharedRegion producer = SharedRegion.create(name, SIZE);
                NamedEvent event = NamedEvent.create(name + "-event");
                TelemetryReader reader = TelemetryReader.open(name, Sync.twice())) {
            awaitResult(reader, Result.FRESH);
            producer.close();
            assertFalse(Files.exists(file));
            event.close();
            try (SharedRegion next = SharedRegion.create(name, SIZE, RegionOptions.defaults())) {
                next.pointer().setInt(0, 1);
                awaitNumber(reader, 1);
            }
        }
    }

    @Test
    void readersDoNotTakeALivingRegionForALeftover() throws Exception {
        Set<Result> fine = Set.of(Result.FRESH, Result.UNCHANGED);
        TelemetryOptions late = TelemetryOptions.defaults().staleAfter(LONG);
        try (SharedRegion producer = SharedRegion.create(name, SIZE);
                TelemetryReader first = TelemetryReader.open(name, Sync.counter(0), late);
                TelemetryReader second = TelemetryReader.open(name, Sync.counter(0), late);
                SharedRegion user = SharedRegion.open(name)) {
            producer.close();
            for (int i = 0; i < 60; i++) {
                assertTrue(fine.contains(first.read(copy)));
                assertTrue(fine.contains(second.read(copy)));
                Thread.sleep(5);
            }
            user.close();
            awaitProblem(first, Reason.NOT_FOUND);
            awaitProblem(second, Reason.NOT_FOUND);
        }
    }
}
