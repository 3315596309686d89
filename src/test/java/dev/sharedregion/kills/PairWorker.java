package dev.sharedregion.kills;

import dev.sharedregion.EventPair;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A side of a pair for tests that kill it: {@code src/test/c/pair_peer.c} in Java, with its arguments, its notices and
 * its layout of the region.
 */
final class PairWorker {
    static final int REGION_SIZE = 4096;

    /** The number of the turn that was received last; by the client, before it signals. */
    static final int SEEN = 384;

    private static final int NUMBERS = 8;

    /** The number of the turn that was written last; by the server, before it signals. */
    private static final int WRITTEN = 192;

    /** How often a client received a turn that another had not acknowledged. */
    private static final int AGAIN = 392;

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final VarHandle NUMBER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final EventPair pair;
    private final ByteBuffer memory;
    private final long longestPauseNanos;
    private final boolean server;

    private PairWorker(EventPair pair, ByteBuffer memory, long longestPauseNanos, boolean server) {
        this.pair = pair;
        this.memory = memory;
        this.longestPauseNanos = longestPauseNanos;
        this.server = server;
    }

    /** {@code server|client NAME TURNS SPIN [PAUSE]}. */
    public static void main(String[] arguments) throws InterruptedException {
        boolean server = arguments[0].equals("server");
        String name = arguments[1];
        long turns = Long.parseLong(arguments[2]);
        long spin = Long.parseLong(arguments[3]);
        long pause = arguments.length > 4 ? Long.parseLong(arguments[4]) * 1000 : 0;
        PairOptions options =
                spin < 0 ? PairOptions.defaults() : PairOptions.defaults().spin(Duration.ofNanos(spin));
        try (SharedRegion region = SharedRegion.openOrCreate(name, REGION_SIZE);
                EventPair pair = server ? EventPair.create(name, options) : EventPair.open(name, LONG, options)) {
            System.out.println("ready");
            PairWorker worker = new PairWorker(pair, region.buffer(), pause, server);
            if (server) {
                worker.serve(turns);
            } else {
                worker.receive(turns);
            }
            System.out.println("done");
        } catch (IllegalStateException | SharedMemoryException e) {
            System.out.println("WRONG: " + e);
            System.exit(1);
        }
    }

    static long number(ByteBuffer memory, int offset) {
        return (long) NUMBER.getVolatile(memory, offset);
    }

    private void set(int offset, long number) {
        NUMBER.setVolatile(memory, offset, number);
    }

    private void serve(long turns) throws InterruptedException {
        boolean succeeds = true;
        for (long i = 0; turns == 0 || i < turns; i++) {
            boolean awaits = !pair.hasTurn();
            if (awaits) {
                awaitTurn();
            }
            // Acknowledged is what was received; only a predecessor may have died before it signalled what it had
            // written.
            long seen = number(memory, SEEN);
            long written = number(memory, WRITTEN);
            if (seen != written && (awaits || !succeeds || seen != written - 1)) {
                throw wrong("the server's turn");
            }
            succeeds = false;
            for (int j = 0; j < NUMBERS; j++) {
                memory.putLong(j * Long.BYTES, seen + 1);
            }
            set(WRITTEN, seen + 1);
            RandomPause.upTo(longestPauseNanos);
            pair.signalWritten();
        }
        if (turns != 0) {
            awaitTurn();
        }
    }

    private void receive(long turns) throws InterruptedException {
        boolean succeeds = true;
        for (long i = 0; turns == 0 || i < turns; i++) {
            awaitTurn();
            long number = memory.getLong(0);
            for (int j = 1; j < NUMBERS; j++) {
                if (memory.getLong(j * Long.BYTES) != number) {
                    throw wrong("a torn turn, " + number);
                }
            }
            long seen = number(memory, SEEN);
            boolean again = number == seen && succeeds;
            if (number != number(memory, WRITTEN) || number != seen + 1 && !again) {
                throw wrong("the client's turn, " + number);
            }
            if (again) {
                set(AGAIN, number(memory, AGAIN) + 1);
            }
            succeeds = false;
            set(SEEN, number);
            RandomPause.upTo(longestPauseNanos);
            pair.signalRead();
        }
    }

    /** A peer that is gone is reported once, and waited for until a successor has come. */
    private void awaitTurn() throws InterruptedException {
        boolean told = false;
        // awaitPeer, too, can bring the turn: a client that has read and is gone again is noticed by its turn alone.
        while (!pair.hasTurn()) {
            try {
                if (!(server ? pair.awaitRead(LONG) : pair.awaitWritten(LONG))) {
                    throw wrong("no turn in time");
                }
            } catch (SharedMemoryException e) {
                if (!e.isPeerGone()) {
                    throw e;
                }
                if (!told) {
                    System.out.println(e.reason() + " " + System.nanoTime() / 1_000_000);
                }
                told = true;
                pair.awaitPeer(LONG);
            }
        }
        if (told) {
            System.out.println("resumed");
        }
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException(
                what + ": written " + number(memory, WRITTEN) + ", seen " + number(memory, SEEN) + " on " + pair);
    }
}
