package dev.sharedregion.bench;

import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.SparseRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue, one in each direction: the persistent queue that is also used between processes. It keeps every
 * message; here in a file system in memory.
 *
 * <p>Its fastest way without the enterprise edition, by its documentation: raw bytes instead of a wire's fields, here
 * in place, and a tailer in a tight loop. (What touches the pages in advance is of that edition.)
 * <a href="https://github.com/OpenHFT/Chronicle-Queue/blob/ea/docs/FAQ.adoc">FAQ</a>
 */
record ChronicleTransport() implements Transport {
    /** <a href="https://github.com/OpenHFT/OpenHFT/blob/ea/docs/Java-Version-Support.adoc">Java Version Support</a>. */
    static final List<String> JVM_FLAGS = List.of(
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
            "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
            "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            // Nobody is told of a benchmark, and no thread looks at the disk.
            "-Dchronicle.analytics.disable=true",
            "-Dchronicle.disk.monitor.disable=true",
            "-Dchronicle.announcer.disable=true",
            // Each appender and tailer has one thread, and need not look whether that is so.
            "-Ddisable.single.threaded.check=true",
            "-Djvm.resource.tracing=false");

    /** What is mapped at a time: so much that few round trips meet a new mapping. */
    private static final long BLOCK = 64L << 20;

    private static final String THERE = ".there";
    private static final String BACK = ".back";

    /** Nothing is ever given back: in memory, and in each phase, more would be too much. */
    static final long MOST_BYTES = 1L << 30;

    @Override
    public long mostBytes() {
        return MOST_BYTES;
    }

    @Override
    public Asking ask(String name, Payload payload) {
        ChronicleQueue there = queue(name + THERE);
        ChronicleQueue back = queue(name + BACK);
        ExcerptAppender appender = there.createAppender();
        ExcerptTailer tailer = back.createTailer();
        return new Asking() {
            @Override
            public String address() {
                return name;
            }

            @Override
            public void roundTrip(long number) {
                try (DocumentContext message = appender.writingDocument()) {
                    write(message.wire().bytes(), number);
                }
                long answer = await(tailer, false);
                Transport.checkAnswer(number, answer);
            }

            @Override
            public void close() {
                there.close();
                back.close();
            }
        };
    }

    @Override
    public Answering answer(String address, Payload payload) {
        ChronicleQueue there = queue(address + THERE);
        ChronicleQueue back = queue(address + BACK);
        ExcerptAppender appender = back.createAppender();
        ExcerptTailer tailer = there.createTailer();
        return new Answering() {
            @Override
            public long answer() {
                long number = await(tailer, true);
                try (DocumentContext message = appender.writingDocument()) {
                    message.wire().bytes().writeLong(number);
                }
                return number;
            }

            @Override
            public void close() {
                there.close();
                back.close();
            }
        };
    }

    private static void write(Bytes<?> bytes, long number) {
        long at = bytes.writePosition();
        bytes.ensureCapacity(at + Payload.SIZE);
        bytes.writeSkip(Payload.SIZE);
        long address = bytes.addressForWrite(at);
        for (int word = 0; word < Payload.SIZE; word += Long.BYTES) {
            UnsafeMemory.unsafePutLong(address + word, number + word / Long.BYTES);
        }
    }

    private static long read(Bytes<?> bytes) {
        long address = bytes.addressForRead(bytes.readPosition());
        long number = UnsafeMemory.unsafeGetLong(address);
        long wrong = 0;
        for (int word = 0; word < Payload.SIZE; word += Long.BYTES) {
            wrong |= UnsafeMemory.unsafeGetLong(address + word) ^ (number + word / Long.BYTES);
        }
        Numbers.check(wrong, number);
        return number;
    }

    private static long await(ExcerptTailer tailer, boolean payload) {
        while (true) {
            try (DocumentContext message = tailer.readingDocument()) {
                if (message.isPresent()) {
                    return payload ? read(message.wire().bytes()) : message.wire().bytes().readLong();
                }
            }
            Thread.onSpinWait();
        }
    }

    static ChronicleQueue queue(String name) {
        return SingleChronicleQueueBuilder.binary(Transport.file(name))
                .blockSize(BLOCK)
                // One file for the whole run, and the sparsest of indexes, which nobody reads here.
                .rollCycle(SparseRollCycles.HUGE_DAILY_XSPARSE)
                .build();
    }
}
