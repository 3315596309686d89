package dev.sharedregion.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Examples;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.ToolRun;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** {@code sharedregion watch}, into a pipe. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WatchTest {
    private static final int SIZE = 4096;

    private final String name = TestNames.unique();

    /** Counts in the region until the run has ended. */
    private ToolRun endOf(ToolRun.Begun watch, SharedRegion region) throws Exception {
        for (int i = 1; !watch.isDone(); i++) {
            region.pointer().setInt(8, i);
            Thread.sleep(10);
        }
        return watch.get().succeeded();
    }

    @Test
    void eachChangeIsALine() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, SIZE)) {
            List<String> lines = endOf(ToolRun.begin("watch", name, "--count", "4"), region).lines();
            assertEquals(4, lines.size(), lines::toString);
            assertTrue(lines.get(0).matches("[0-9:.]{12}  4096 bytes"), lines::toString);
            String change = "[0-9:.]{12}  [0-9]+ changed: 00000008 [0-9a-f ]+ -> [0-9a-f ]+(, 0000000.*)?";
            lines.subList(1, 4).forEach(line -> assertTrue(line.matches(change), line));

            ToolRun json = endOf(ToolRun.begin("watch", name, "--count", "3", "--json"), region);
            assertEquals(SIZE, json.json(0).get("size").asInt());
            assertEquals(0, json.json(0).get("changes").size());
            for (int i = 1; i < 3; i++) {
                JsonNode place = json.json(i).get("changes").get(0);
                assertEquals(8, place.get("offset").asInt());
                assertNotEquals(place.get("before").asString(), place.get("after").asString());
            }
        }
    }

    @Test
    void valuesMove() throws Exception {
        try (SharedRegion region = SharedRegion.create(name, SIZE)) {
            ToolRun run = endOf(ToolRun.begin("watch", name, "--type", "u16@8,u16", "--count", "3"), region);
            run.lines().forEach(
                    line -> assertTrue(line.matches("[0-9:.]{12}  00000008 u16 [0-9]+, 0000000a u16 0"), line));
            ToolRun json = endOf(ToolRun.begin("watch", name, "--type=i32@8", "--count=3", "--json"), region);
            int first = json.json(0).get("values").get(0).get("value").asInt();
            int last = json.json(2).get("values").get(0).get("value").asInt();
            assertTrue(first < last, first + " " + last);
        }
    }

    @Test
    void regionComesAndGoes() throws Exception {
        ToolRun.Begun watch = ToolRun.begin("watch", name);
        watch.awaitPrinted("ABSENT");
        SharedRegion.create(name, SIZE).close();
        awaitGone();
        try (SharedRegion region = SharedRegion.create(name, SIZE)) {
            for (int count = 1; !watch.printed().contains("changed: 00000008"); count++) {
                assertFalse(watch.isDone(), watch::printed);
                region.pointer().setInt(8, count);
                Thread.sleep(1);
            }
            List<String> lines = watch.stop().succeeded().lines();
            assertTrue(lines.get(0).endsWith("\"" + name + "\": ABSENT"), lines::toString);
        }
        Examples.assertGone(name);
    }

    /** On Windows a look is a use, for a moment. */
    private void awaitGone() throws InterruptedException {
        long giveUp = System.nanoTime() + 60_000_000_000L;
        while (Platform.isWindows() && exists() && System.nanoTime() - giveUp < 0) {
            Thread.sleep(1);
        }
        Examples.assertGone(name);
    }

    private boolean exists() {
        try (SharedRegion region = SharedRegion.open(name)) {
            return true;
        } catch (SharedMemoryException e) {
            return false;
        }
    }

    /** A watched region goes with its last user. */
    @Test
    void nobodyNoticesAWatch() throws Exception {
        SharedRegion region = SharedRegion.create(name, SIZE);
        ToolRun.Begun watch = ToolRun.begin("watch", name, "--json");
        watch.awaitPrinted("FRESH");
        region.close();
        awaitGone();
        watch.awaitPrinted("ABSENT");
        ToolRun run = watch.stop().succeeded();
        assertEquals("FRESH", run.json(0).get("state").asString());
        assertEquals("ABSENT", run.json(1).get("state").asString());
    }

    @Test
    void eventIsNoRegion() {
        try (NamedEvent event = NamedEvent.create(name)) {
            ToolRun run = ToolRun.of("watch", name, "--seconds", "1").ended(Tool.FAILED);
            assertTrue(run.err().contains("belongs to"), run::err);
        }
        ToolRun.of("watch").ended(Tool.WRONG_ARGUMENTS);
        ToolRun.of("watch", name, "--lines", "0").ended(Tool.WRONG_ARGUMENTS);
    }
}
