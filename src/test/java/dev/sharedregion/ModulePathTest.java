package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.consumer.Consumer;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library as a module, from the outside. */
class ModulePathTest {
    @Test
    void programOnTheModulePathUsesTheLibrary() {
        String modules = Stream.of(SharedRegion.class, Native.class, WinNT.class)
                .map(ModulePathTest::origin)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=com.sun.jna");
        }
        command.addAll(List.of("--module-path", modules, "--add-modules", "dev.sharedregion"));
        command.addAll(List.of("-cp", origin(Consumer.class), Consumer.class.getName(), TestNames.unique()));
        try (Peer consumer = Peer.start(command)) {
            consumer.expect("42");
            consumer.expect("dev.sharedregion");
            assertEquals(0, consumer.exitStatus(), consumer.errors());
            assertEquals("", consumer.errors());
        }
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
