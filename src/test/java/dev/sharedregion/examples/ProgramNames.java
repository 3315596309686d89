package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.TestNames;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The names of the programs of {@code examples/telemetry}, which a test class with this extension has for itself:
 * another one, and another run of the tests on this machine, has to wait.
 */
final class ProgramNames implements BeforeAllCallback, AfterAllCallback {
    private FileChannel only;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        only = reserved();
    }

    /** Waits for the names, for a test in a class without this extension. Close it to give them back. */
    static FileChannel reserved() throws IOException {
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "sharedregion-test-telemetry.lock");
        FileChannel only = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        only.lock();
        return only;
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        only.close();
    }

    /** Skips a test of HWiNFO where it needs an administrator. */
    static void assumeUsable(PublishedFacts facts) {
        if (facts != PublishedFacts.HWINFO || !Platform.isWindows()) {
            return;
        }
        try {
            SharedRegion.create("Global\\" + TestNames.unique(), 1).close();
        } catch (SharedMemoryException e) {
            assumeFalse(e.reason() == Reason.ACCESS_DENIED, "a region in Global\\ needs an administrator");
            throw e;
        }
    }

    /** Removes what the producers have left in /dev/shm, and returns its names. */
    static List<String> removed(PublishedFacts facts) {
        return facts.objects.stream()
                .filter(object -> Platform.isLinux() && new File("/dev/shm", object).delete())
                .toList();
    }
}
