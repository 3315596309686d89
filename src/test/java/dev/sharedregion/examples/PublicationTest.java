package dev.sharedregion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToIntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import telemetry.Layout;
import telemetry.ProgramRegion;

/**
 * What memory says in the middle of a write by the publication of a layout. The write is cut off there, because the
 * copy is longer than the memory.
 */
class PublicationTest {
    private enum Case {
        RFACTOR2("rfactor2", -1, memory -> memory.getInt(0) == memory.getInt(4) ? memory.getInt(4) : -1),
        PROJECT_CARS_2("pcars2", -1, memory -> memory.getInt(7320) % 2 == 0 ? memory.getInt(7320) : -1),
        GPUZ("gpuz", -1, memory -> memory.getInt(4) == 0 ? memory.getInt(8) : -1),
        RACEROOM("raceroom", 2, memory -> memory.getInt(44)),
        TRUCKS("trucks", 2, memory -> memory.getInt(0)),
        /** The older buffer is complete. */
        IRACING("iracing", 7, memory -> Math.max(memory.getInt(48), memory.getInt(64)));

        final ProgramRegion region;

        /** The number of the update that the memory has as a whole; -1 if it says that it is being written. */
        final ToIntFunction<ByteBuffer> update;

        /** What it has after update 2 and a part of update 8. */
        final int inTheMiddle;

        Case(String layout, int inTheMiddle, ToIntFunction<ByteBuffer> update) {
            this.region = Layout.named(layout).regions().get(0);
            this.inTheMiddle = inTheMiddle;
            this.update = update;
        }

        ByteBuffer buffer(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** A copy of an update with an even number, of so many bytes. */
        ByteBuffer copy(int number, int size) {
            ByteBuffer copy = buffer(size);
            switch (this) {
                case RFACTOR2 -> copy.putInt(0, number).putInt(4, number);
                case PROJECT_CARS_2 -> copy.putInt(7320, number);
                case GPUZ -> copy.putInt(8, number);
                case RACEROOM -> copy.putInt(44, number);
                case TRUCKS -> copy.putInt(0, number);
                case IRACING -> copy
                        // Two buffers of 64 bytes. The newer one is at the end.
                        .putInt(32, 2).putInt(36, 64)
                        .putInt(48, number - 1).putInt(52, 4096)
                        .putInt(64, number).putInt(68, size - 64);
            }
            return copy;
        }
    }

    @ParameterizedTest
    @EnumSource
    void halfAWriteIsNoUpdate(Case layout) {
        int size = layout.region.size();
        ByteBuffer memory = layout.buffer(size);
        layout.region.publication().write(layout.copy(2, size), memory);
        assertEquals(2, layout.update.applyAsInt(memory));
        ByteBuffer longer = layout.copy(8, size + 64);
        assertThrows(
                IndexOutOfBoundsException.class, () -> layout.region.publication().write(longer, memory));
        assertEquals(layout.inTheMiddle, layout.update.applyAsInt(memory));
        layout.region.publication().write(layout.copy(10, size), memory);
        assertEquals(10, layout.update.applyAsInt(memory));
    }
}
