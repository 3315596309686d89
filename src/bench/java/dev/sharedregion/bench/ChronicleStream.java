package dev.sharedregion.bench;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue, set up as {@link ChronicleTransport} says. It has no limit by which a sender may be ahead. Without
 * one its messages would leave the processor's caches before they are read, so the receiver tells in a mapped file how
 * many it has read, and the sender waits for that, sixteen times in a round of the others' rings.
 */
record ChronicleStream() implements StreamTransport {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Messages. */
    private static final int AHEAD = CAPACITY / Payload.SIZE;

    private static final int STEP = Math.max(1, AHEAD / 16);

    @Override
    public long mostBytes() {
        return ChronicleTransport.MOST_BYTES;
    }

    @Override
    public Receiving receive(String name, Arrivals arrivals) throws IOException {
        ByteBuffer progress = progress(name);
        ChronicleQueue queue = ChronicleTransport.queue(name);
        ExcerptTailer tailer = queue.createTailer();
        return new Receiving() {
            private long told;

            @Override
            public void poll() {
                for (int i = 0; i < BATCH && take(); i++) {
                    if (arrivals.count() - told >= STEP) {
                        told = arrivals.count();
                        LONG.setRelease(progress, 0, told);
                    }
                }
            }

            private boolean take() {
                try (DocumentContext message = tailer.readingDocument()) {
                    if (message.isPresent()) {
                        add(message.wire().bytes(), arrivals);
                        return true;
                    }
                }
                Thread.onSpinWait();
                return false;
            }

            @Override
            public void close() {
                queue.close();
            }
        };
    }

    private static void add(Bytes<?> bytes, Arrivals arrivals) {
        long address = bytes.addressForRead(bytes.readPosition());
        long sum = 0;
        for (int line = Arrivals.LINE; line < Arrivals.END; line += Arrivals.LINE) {
            sum += UnsafeMemory.unsafeGetLong(address + line);
        }
        arrivals.add(UnsafeMemory.unsafeGetLong(address), sum);
    }

    @Override
    public Sending send(String name, ByteBuffer message) throws IOException {
        ByteBuffer progress = progress(name);
        ChronicleQueue queue = ChronicleTransport.queue(name);
        ExcerptAppender appender = queue.createAppender();
        long from = Jvm.address(message);
        return new Sending() {
            private long sent;
            private long most = AHEAD;

            @Override
            public void send() {
                while (sent == most) {
                    Thread.onSpinWait();
                    most = (long) LONG.getAcquire(progress, 0) + AHEAD;
                }
                sent++;
                try (DocumentContext document = appender.writingDocument()) {
                    Bytes<?> bytes = document.wire().bytes();
                    long at = bytes.writePosition();
                    bytes.ensureCapacity(at + Payload.SIZE);
                    bytes.writeSkip(Payload.SIZE);
                    UnsafeMemory.INSTANCE.copyMemory(from, bytes.addressForWrite(at), Payload.SIZE);
                }
            }

            @Override
            public void close() {
                queue.close();
            }
        };
    }

    private static ByteBuffer progress(String name) throws IOException {
        return Transport.map(Transport.file(name + ".progress"), Long.BYTES);
    }
}
