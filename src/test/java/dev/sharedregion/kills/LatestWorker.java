package dev.sharedregion.kills;

import dev.sharedregion.LatestOptions;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.helpers.Whole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/** A writer of a table for tests that kill it, or a reader. Each value that it writes is made of its version. */
final class LatestWorker {
    private LatestWorker() {}

    /** {@code write NAME COUNT SIZE SLOTS PAUSE} or {@code read NAME}. */
    public static void main(String[] arguments) {
        try {
            if (arguments[0].equals("write")) {
                write(arguments);
            } else {
                read(arguments[1]);
            }
        } catch (RuntimeException e) {
            System.out.println("WRONG: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void write(String[] arguments) {
        int count = Integer.parseInt(arguments[2]);
        int size = Integer.parseInt(arguments[3]);
        long pause = Long.parseLong(arguments[5]) * 1000;
        LatestOptions options = LatestOptions.defaults().slots(Integer.parseInt(arguments[4]));
        try (LatestWriter writer = LatestWriter.openOrCreate(arguments[1], count, size, options)) {
            System.out.println("ready");
            ByteBuffer value = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            while (true) {
                int index = ThreadLocalRandom.current().nextInt(count);
                long number = writer.version() + 1;
                if (number % 4 == 0) {
                    writer.update(index, bytes -> Whole.fill(bytes, number));
                } else {
                    writer.set(index, Whole.fill(value, number));
                }
                RandomPause.upTo(pause);
            }
        }
    }

    private static void read(String name) {
        try (LatestReader reader = LatestReader.open(name)) {
            System.out.println("ready");
            LatestChecks checks = new LatestChecks(reader);
            while (true) {
                checks.readAll();
            }
        }
    }
}
