package dev.sharedregion.peers;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Python's multiprocessing.shared_memory is a peer that knows nothing of the library. */
@EnabledOnOs(OS.LINUX)
class PythonTest {
    private final String name = TestNames.unique();

    private Peer python(String program) {
        return Peer.start(List.of(Tools.find("python3"), "-u", "-c", program, name));
    }

    /** The Python code of {@code src/docs/linux-objects.md}. */
    private static String openRegion() throws IOException {
        Matcher block = Pattern.compile("^```python\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("src/docs/linux-objects.md")));
        assertTrue(block.find());
        return block.group(1);
    }

    @Test
    void pythonUsesARegionOfJava() throws IOException {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            region.pointer().setString(0, "from Java 你好", "UTF-8");
            try (Peer python = python(openRegion() + """
                    memory = open_region(sys.argv[1])
                    text = bytes(memory.buf).split(b"\\0")[0]
                    sys.stdout.buffer.write(text + b"\\n")
                    memory.buf[100:111] = b"from Python"
                    print(memory.size)
                    memory.close()
                    """)) {
                python.expect("from Java 你好");
                python.expect("4096");
                assertEquals(0, python.exitStatus(), python.errors());
            }
            assertEquals("from Python", region.pointer().getString(100));
            SharedRegion.open(name).close(); // Python's exit did not remove the name
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }

    @Test
    void javaUsesARegionOfPythonAndDoesNotRemoveIt() {
        try (Peer python = python("""
                import sys
                from multiprocessing import shared_memory
                memory = shared_memory.SharedMemory(sys.argv[1], create=True, size=4096)
                memory.buf[0:11] = b"from Python"
                print("ready")
                sys.stdin.readline()
                print(bytes(memory.buf[100:109]).decode())
                memory.close()
                memory.unlink()
                """)) {
            python.expect("ready");
            try (SharedRegion region = SharedRegion.open(name)) {
                assertEquals("from Python", region.pointer().getString(0));
                region.pointer().setString(100, "from Java");
                assertReason(Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 10));
            }
            try (SharedRegion again = SharedRegion.open(name, RegionOptions.readOnly())) {
                assertTrue(again.size() >= 4096, "closing did not remove Python's object");
            }
            python.send("go on");
            python.expect("from Java");
            assertEquals(0, python.exitStatus(), python.errors());
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }
}
