package dev.sharedregion.bench;

import dev.sharedregion.EventPair;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedRegion;
import java.nio.ByteBuffer;
import java.time.Duration;

/** This library: the payload in a region, the turn by an event pair. */
record EventPairTransport(PairOptions options) implements Transport {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public Asking ask(String name, Payload payload) {
        SharedRegion region = SharedRegion.create(name, payload.bytes);
        EventPair pair = EventPair.create(name, options);
        ByteBuffer buffer = region.buffer();
        return new Asking() {
            @Override
            public String address() {
                return name;
            }

            @Override
            public void roundTrip(long number) throws InterruptedException {
                payload.write(buffer, 0, number);
                pair.signalWritten();
                pair.awaitRead();
            }

            @Override
            public void close() {
                pair.close();
                region.close();
            }
        };
    }

    @Override
    public Answering answer(String address, Payload payload) throws InterruptedException {
        SharedRegion region = SharedRegion.open(address, PATIENCE);
        EventPair pair = EventPair.open(address, PATIENCE, options);
        ByteBuffer buffer = region.buffer();
        return new Answering() {
            @Override
            public long answer() throws InterruptedException {
                pair.awaitWritten();
                long number = payload.read(buffer, 0);
                pair.signalRead();
                return number;
            }

            @Override
            public void close() {
                pair.close();
                region.close();
            }
        };
    }
}
