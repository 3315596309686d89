package telemetry;

import dev.sharedregion.Sync;
import dev.sharedregion.TelemetryOptions;
import dev.sharedregion.TelemetryReader;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A region of a program as a whole: how to copy all of it, and how to publish such a copy again.
 *
 * @param name the name of the region
 * @param size the bytes that matter, or a number that is larger than all known versions of the region
 * @param sync how to copy the region
 * @param publication how to write a copy
 */
public record ProgramRegion(String name, int size, Sync sync, Publication publication) {
    /** Returns the same region under another name. */
    public ProgramRegion named(String newName) {
        return new ProgramRegion(newName, size, sync, publication);
    }

    /** Opens a reader of a region that has this layout, and mostly this name. */
    Part open(String name, TelemetryOptions options) {
        return new Part(TelemetryReader.open(name, sync, options), size);
    }

    /** Writes a copy of a region so that a reader of the program never takes a half of it for a whole. */
    @FunctionalInterface
    public interface Publication {
        /**
         * Writes what a whole copy has.
         *
         * @param copy the copy, little-endian, from 0 to its capacity
         * @param memory the shared memory, little-endian
         */
        void write(ByteBuffer copy, ByteBuffer memory);

        /** Writes these words last, in this order. For a program that has no other synchronization. */
        static Publication last(int... words) {
            return (copy, memory) -> Publisher.publish(copy, memory, words);
        }

        /** Writes one word first, and another one last. */
        static Publication between(int first, int last) {
            return (copy, memory) -> {
                memory.putInt(first, copy.getInt(first));
                VarHandle.fullFence();
                Publisher.publish(copy, memory, first, last);
            };
        }

        /** Gives a word a value that says that the program is writing, and writes it last. */
        static Publication marked(int word, int writing) {
            return (copy, memory) -> {
                memory.putInt(word, writing);
                VarHandle.fullFence();
                Publisher.publish(copy, memory, word);
            };
        }
    }
}
