package telemetry;

import com.sun.jna.Structure;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Copies data to shared memory so that its version or tick appears last. A JNA structure over shared memory cannot do
 * that: {@link Structure#write()} writes the fields from the first to the last. So a version in front appears before the
 * data that it announces, and another process that looks at that moment reads a valid version with the rest still empty.
 * It also takes longer than a copy, and a reader without synchronization may look in the meantime.
 */
final class Publisher {
    private Publisher() {}

    /**
     * Publishes a structure, which lies in memory of its own.
     *
     * @param structure the structure
     * @param memory the shared memory, little-endian
     * @param words the offsets of the int32 fields that other processes look at first, in the order in which to write
     *     them
     */
    static void publish(Structure structure, ByteBuffer memory, int... words) {
        structure.write();
        publish(structure.getPointer().getByteBuffer(0, structure.size()), memory, words);
    }

    /** Publishes the content of a buffer in the same way. */
    static void publish(ByteBuffer content, ByteBuffer memory, int... words) {
        copy(content, memory, content.capacity(), words);
        putInOrder(content, memory, words);
    }

    /** Copies all up to an offset but these words. */
    static void copy(ByteBuffer content, ByteBuffer memory, int end, int... words) {
        int from = 0;
        for (int word : Arrays.stream(words).sorted().toArray()) {
            memory.put(from, content, from, word - from);
            from = word + Integer.BYTES;
        }
        memory.put(from, content, from, end - from);
    }

    /** Copies these words, each after all that was written before. */
    static void putInOrder(ByteBuffer content, ByteBuffer memory, int... words) {
        for (int word : words) {
            VarHandle.releaseFence();
            memory.putInt(word, content.order(ByteOrder.LITTLE_ENDIAN).getInt(word));
        }
    }
}
