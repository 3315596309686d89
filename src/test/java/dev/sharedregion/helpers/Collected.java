package dev.sharedregion.helpers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import java.util.concurrent.TimeUnit;

/** What the garbage collector closes. */
public final class Collected {
    private static final long PATIENCE_SECONDS = 60;

    private Collected() {}

    /** Runs the collector until a region is gone. */
    public static void awaitGone(String region) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (isThere(region)) {
            assertTrue(System.nanoTime() - giveUp < 0, "the collector does not close it");
            System.gc();
            Thread.sleep(10);
        }
    }

    private static boolean isThere(String region) {
        try {
            SharedRegion.open(region).close();
            return true;
        } catch (SharedMemoryException e) {
            assertEquals(Reason.NOT_FOUND, e.reason());
            return false;
        }
    }
}
