package dev.sharedregion.internal.telemetry;

import dev.sharedregion.NamedMutex;
import dev.sharedregion.SharedRegion;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A second process that publishes as fast as it can, by the rules of one kind of program. All ints of an update are the
 * number of the update. Says "ready", and at a line of input stops and says in which updates the system stopped it.
 */
final class TearingProducer {
    static final int SIZE = 16_384;
    static final int PAYLOAD = 256;
    static final int PAYLOAD_INTS = 800;
    static final int BUFFERS = 3;
    static final int FIRST_ENTRY = 48;
    static final int STRIDE = 16;
    private static final int PAYLOAD_BYTES = PAYLOAD_INTS * Integer.BYTES;

    /** Longer than it takes to write a cache line, and shorter than the time between a reader's two copies. */
    private static final long SLOW_NANOS = 2_000;

    private static final int CACHE_LINE = 64;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final List<Integer> slow = new ArrayList<>();

    /** Another program's, or null. */
    private NamedMutex mutex;

    private TearingProducer(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Arguments: the name, the kind, and for some kinds the name of a mutex. */
    public static void main(String[] arguments) throws Exception {
        try (SharedRegion region = SharedRegion.create(arguments[0], SIZE)) {
            TearingProducer producer = new TearingProducer(region.buffer());
            if (arguments.length > 2) {
                producer.mutex = NamedMutex.open(arguments[2]);
            }
            producer.publish(arguments[1], 1);
            System.out.println("ready");
            for (int number = 2; System.in.available() == 0; number++) {
                // A system call for each update would leave too long pauses.
                for (int last = number + 500; number < last; number++) {
                    producer.publish(arguments[1], number);
                    pause(number % 8 * 400L);
                }
            }
            System.out.println(
                    producer.slow.stream().map(String::valueOf).collect(Collectors.joining(",", "slow ", "")));
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    private void publish(String kind, int number) throws InterruptedException {
        switch (kind) {
            case "versions" -> {
                set(0, number);
                fill(PAYLOAD, number);
                set(4, number);
            }
            case "sequence" -> {
                set(0, 2 * number - 1);
                fill(PAYLOAD, number);
                set(0, 2 * number);
            }
            case "counter first" -> {
                set(0, number);
                fill(PAYLOAD, number);
            }
            case "counter last" -> {
                fill(PAYLOAD, number);
                set(0, number);
            }
            case "busy" -> {
                set(4, 1);
                fill(PAYLOAD, number);
                set(4, 0);
            }
            case "nothing" -> fill(PAYLOAD, number);
            case "mutex" -> {
                try (NamedMutex.Guard guard = mutex.acquire()) {
                    fill(PAYLOAD, number);
                }
            }
            case "rotating" -> rotate(number);
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private void rotate(int number) {
        int entry = FIRST_ENTRY + number % BUFFERS * STRIDE;
        int buffer = PAYLOAD + number % BUFFERS * PAYLOAD_BYTES;
        set(36, PAYLOAD_BYTES);
        set(entry + 4, buffer);
        fill(buffer, number);
        set(entry, number);
        set(32, BUFFERS);
    }

    /** What came before is written before, and what comes next after. */
    private void set(int offset, int value) {
        VarHandle.fullFence();
        INT.setOpaque(memory, offset, value);
        VarHandle.fullFence();
    }

    private void fill(int offset, int number) {
        boolean stopped = false;
        long before = System.nanoTime();
        for (int i = 0; i < PAYLOAD_BYTES; i += Integer.BYTES) {
            memory.putInt(offset + i, number);
            if (i % CACHE_LINE == 0) {
                long now = System.nanoTime();
                stopped |= now - before > SLOW_NANOS;
                before = now;
            }
        }
        VarHandle.fullFence();
        if (stopped || System.nanoTime() - before > SLOW_NANOS) {
            slow.add(number);
        }
    }
}
