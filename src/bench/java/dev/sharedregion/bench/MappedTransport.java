package dev.sharedregion.bench;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * What people write by hand, without a library: a mapped file with a turn word, on which both sides spin.
 *
 * @param tuned as C's: looks less often, and stores with a fence
 */
record MappedTransport(boolean tuned) implements Transport {
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int ASKER = 0;
    private static final int ANSWERER = 1;
    private static final int TURN = 0;

    private static final int PAYLOAD = Payload.PAGE;

    @Override
    public Asking ask(String name, Payload payload) throws IOException {
        Path file = Transport.file(name);
        ByteBuffer buffer = map(file, payload);
        return new Asking() {
            @Override
            public String address() {
                return name;
            }

            @Override
            public void roundTrip(long number) {
                payload.write(buffer, PAYLOAD, number);
                handOver(buffer, ANSWERER);
                await(buffer, ASKER);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Answering answer(String address, Payload payload) throws IOException {
        ByteBuffer buffer = map(Transport.file(address), payload);
        return new Answering() {
            @Override
            public long answer() {
                await(buffer, ANSWERER);
                long number = payload.read(buffer, PAYLOAD);
                handOver(buffer, ASKER);
                return number;
            }

            @Override
            public void close() {}
        };
    }

    private void handOver(ByteBuffer buffer, int to) {
        if (tuned) {
            INTS.setVolatile(buffer, TURN, to);
        } else {
            INTS.setRelease(buffer, TURN, to);
        }
    }

    private void await(ByteBuffer buffer, int me) {
        while ((int) INTS.getAcquire(buffer, TURN) != me) {
            Thread.onSpinWait();
            if (tuned) {
                Thread.onSpinWait();
                Thread.onSpinWait();
            }
        }
    }

    private static ByteBuffer map(Path file, Payload payload) throws IOException {
        return Transport.map(file, PAYLOAD + payload.bytes);
    }
}
