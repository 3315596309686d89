package dev.sharedregion;

import static dev.sharedregion.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.SharedMemoryException.Reason;
import java.util.List;
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

    @Test
    void pythonReadsAndWritesWhatJavaCreated() {
        try (SharedRegion region = SharedRegion.create(name, 4096)) {
            region.pointer().setString(0, "from Java 你好", "UTF-8");
            try (Peer python = python("""
                    import sys
                    from multiprocessing import shared_memory, resource_tracker
                    memory = shared_memory.SharedMemory(sys.argv[1])
                    # Python's tracker would remove the name of what Python only opened (before Python 3.13).
                    resource_tracker.unregister(memory._name, "shared_memory")
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
        }
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name));
    }

    @Test
    void javaReadsAndWritesWhatPythonCreatedAndLeavesItToPython() {
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
