package dev.sharedregion;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.latest.LatestObjects;
import dev.sharedregion.internal.latest.Newer;
import dev.sharedregion.internal.latest.NewerLayout;
import dev.sharedregion.internal.latest.Shape;
import dev.sharedregion.internal.latest.Table;
import dev.sharedregion.internal.latest.TableWriter;
import dev.sharedregion.internal.latest.Waiting;
import dev.sharedregion.internal.latest.Waking;
import dev.sharedregion.internal.pair.MemorySlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A table of one value in plain memory, with the library's own steps, its writer, and one reader. */
final class MemoryTable {
    /** Of a value: its first and last numbers are in lines that are far apart. */
    private static final int SIZE = 256;

    /** As few as there can be, so that a read is overtaken as early as possible. */
    private static final Shape SHAPE = new Shape(1, SIZE, 2, 0);

    private final Table table = new Table("table", SHAPE, MemoryPair.memory(lines(SHAPE.regionSize())));
    private final MemoryEvent event = new MemoryEvent();
    private final TableWriter writer;
    private final Waiting waiting;

    /** Of the writer's and the reader's thread. */
    private final ByteBuffer value = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());

    private final ByteBuffer copy = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());

    MemoryTable() {
        ByteBuffer places = MemoryPair.memory(NewerLayout.FIRST_PLACE + NewerLayout.PLACE_SIZE);
        Newer newer = new Newer(places, offset -> new MemorySlot(places, offset), () -> {});
        LatestObjects objects = new LatestObjects();
        objects.table = table;
        objects.waking = new Waking(newer, place -> event);
        writer = new TableWriter(objects);
        waiting = new Waiting(table, () -> newer, place -> event);
    }

    /** Whole pairs of lines, as the memory comes. */
    private static int lines(long size) {
        return (int) (size + 127) / 128 * 128;
    }

    /** Sets the value to so many times the number. */
    void set(long number) {
        for (int at = 0; at < SIZE; at += Long.BYTES) {
            value.putLong(at, number);
        }
        writer.set(0, value);
    }

    /** The writer writes no more. */
    void writerIsDone() {
        event.peerIsDone();
    }

    /** Reads the value: its number, if that is of its version, and otherwise -1. */
    long read() {
        long version = table.read(0, copy);
        long[] numbers = new long[SIZE / Long.BYTES];
        copy.asLongBuffer().get(numbers);
        return Arrays.stream(numbers).allMatch(number -> number == version) ? version : -1;
    }

    /** Waits for a first value. Returns how: 0 without a sleep, 2 asleep, 3 for ever. */
    int await() {
        event.beginWait();
        try {
            waiting.await(0, 0, Deadline.never());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return event.sleptForEver() ? 3 : event.slept() ? 2 : 0;
    }
}
