package dev.sharedregion.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Calls that run out of Java heap, at each object that they allocate. They leave nothing behind. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class FullHeapTest {
    @TempDir
    Path folder;

    @Test
    void callThatRunsOutOfMemoryLeavesNothingBehind() {
        List<String> options = List.of(
                "-XX:+UseSerialGC", "-Xms12m", "-Xmx12m", "-Dsharedregion.exhaustive=" + Sizes.EXHAUSTIVE);
        List<String> lines = new ArrayList<>();
        try (Peer peer = Peer.java(options, Program.class.getName(), TestNames.unique(), folder.toString())) {
            for (String line; (line = peer.nextLine()) != null; ) {
                lines.add(line);
            }
            assertEquals(0, peer.exitStatus(), peer.errors());
        }
        assertEquals(
                List.of(),
                lines.stream().filter(line -> line.startsWith("wrong")).toList());
        assertTrue(
                lines.stream()
                                .filter(line -> line.matches(".*: failed at [1-9][0-9]+ sizes"))
                                .count()
                        > 5,
                "" + lines);
    }

    /** Prints what is wrong, and at how many sizes of free memory each call failed. */
    static final class Program {
        /** The smallest object that keeps another: what is freed is a multiple of its size. */
        private static final int NODE = 24;

        private static final int MOST_NODES = 3_000;
        private static final int BALLAST = 1 << 16;

        /** The part by which each step increases the free memory. */
        private static final int PARTS = Sizes.EXHAUSTIVE ? 8 : 2;

        private final String name;
        private final Path folder;
        private final Map<String, Callable<AutoCloseable>> calls = new LinkedHashMap<>();
        private final List<byte[]> ballast = new ArrayList<>();
        private Object[] nodes;

        private Program(String name, Path folder) {
            this.name = name;
            this.folder = folder;
        }

        public static void main(String[] arguments) throws Exception {
            new Program(arguments[0], Path.of(arguments[1])).run();
        }

        private void run() throws Exception {
            Path file = Files.write(folder.resolve("file"), new byte[100_000]);
            RegionOptions named = RegionOptions.defaults().name(name + "-named");
            RegionOptions exclusive = RegionOptions.defaults().exclusive();
            try (SharedRegion region = SharedRegion.create(name, 5_000);
                    NamedEvent event = NamedEvent.create(name + "-event");
                    SharedRegion anonymous = SharedRegion.anonymous(5_000)) {
                String ticket = anonymous.ticket();
                calls.put("create", () -> SharedRegion.create(name + "-new", 5_000));
                calls.put("openOrCreate", () -> SharedRegion.openOrCreate(name + "-new", 5_000));
                calls.put("open", () -> SharedRegion.open(region.name()));
                calls.put("map", () -> SharedRegion.map(file, 100_000));
                calls.put("map exclusively", () -> SharedRegion.map(file, 100_000, exclusive));
                calls.put("map with a name", () -> SharedRegion.map(file, 100_000, named));
                calls.put("anonymous", () -> SharedRegion.anonymous(5_000));
                calls.put("attach", () -> SharedRegion.attach(ticket));
                calls.put("create an event", () -> NamedEvent.create(name + "-new"));
                calls.put("open an event", () -> NamedEvent.open(event.name()));
                for (Callable<AutoCloseable> call : calls.values()) {
                    for (int i = 0; i < 50; i++) {
                        call.call().close();
                    }
                }
                attempt(calls.get("create"), 0);
                leaveLittle();
                for (Map.Entry<String, Callable<AutoCloseable>> each : calls.entrySet()) {
                    tryAll(each.getKey(), each.getValue());
                }
            }
        }

        private void tryAll(String what, Callable<AutoCloseable> call) throws Exception {
            List<String> before = left();
            int failures = 0;
            int successes = 0;
            for (int free = 0; free < MOST_NODES && successes < 5; free += 1 + free / PARTS) {
                if (attempt(call, free)) {
                    successes++;
                    continue;
                }
                failures++;
                List<String> after = left();
                if (!after.equals(before)) {
                    System.out.println(
                            "wrong: " + what + " with " + free * NODE + " bytes left " + after + ", was " + before);
                    before = after;
                }
            }
            System.out.println(what + ": failed at " + failures + " sizes");
        }

        /** Makes the call with so much free; false if it runs out of memory. */
        private boolean attempt(Callable<AutoCloseable> call, int free) throws Exception {
            AutoCloseable opened;
            try {
                fill();
                for (int i = 0; i < free && nodes != null; i++) {
                    nodes = (Object[]) nodes[0];
                }
                opened = call.call();
            } catch (OutOfMemoryError e) {
                return false;
            } finally {
                nodes = null;
            }
            opened.close();
            return true;
        }

        private void fill() {
            try {
                while (true) {
                    nodes = new Object[] {nodes};
                }
            } catch (OutOfMemoryError e) {
                // As is meant.
            }
        }

        /** Takes most of the heap for good, so that the rest is filled quickly. */
        private void leaveLittle() {
            try {
                while (true) {
                    ballast.add(new byte[BALLAST]);
                }
            } catch (OutOfMemoryError e) {
                for (int i = 0; i < 12; i++) {
                    ballast.remove(ballast.size() - 1);
                }
            }
        }

        private List<String> left() throws IOException {
            List<String> left = new ArrayList<>();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                for (Path each : descriptors.toList()) {
                    try {
                        left.add("descriptor of " + Files.readSymbolicLink(each));
                    } catch (IOException e) {
                        // It was closed since it was listed.
                    }
                }
            }
            for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
                left.add("mapping of " + mapping.substring(mapping.lastIndexOf(' ') + 1));
            }
            try (Stream<Path> names = Files.list(Path.of("/dev/shm"))) {
                names.forEach(each -> left.add("name " + each));
            }
            return left.stream()
                    .filter(each -> each.contains(name) || each.contains("/memfd:") || each.contains(folder.toString())
                            || each.contains("/dev/shm/#"))
                    .sorted()
                    .toList();
        }
    }
}
