package dev.sharedregion.helpers;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Starts the programs in {@code examples} as their users do, and checks what they leave. */
public final class Examples {
    private Examples() {}

    /** Returns the absolute path of a file of the project. */
    public static String absolute(String projectFile) {
        return Path.of(projectFile).toAbsolutePath().toString();
    }

    /** Returns a command that runs an example in a JVM like this one. */
    public static ProcessBuilder java(String example, String... arguments) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Peer.classPath(),
                example);
        return process(command, arguments);
    }

    /** Returns a command that runs in the locale C. */
    public static ProcessBuilder process(List<String> command, String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** The one name that is not unique: until this is closed, other tests and other runs on this machine have to wait. */
    public static Closeable lockDefaultName() throws IOException {
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "sharedregion-test-zzj.lock");
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock();
        return channel;
    }

    /** Checks that no object of the pair or region of this name exists. */
    public static void assertGone(String name) {
        if (Platform.isLinux()) {
            // To open a leftover is to remove it: look before. What this JVM's locale lacks of a name may be anything.
            Pattern objects = Pattern.compile(name.replaceAll("[^ -~]+", ".*") + "(\\..*)?");
            List<String> left = Stream.of(new File("/dev/shm").list()).filter(objects.asMatchPredicate()).toList();
            assertEquals(List.of(), left);
        }
        for (String object : List.of(name, name + ".written", name + ".read")) {
            assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(object));
        }
    }
}
