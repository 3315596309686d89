package dev.sharedregion.bench;

import dev.sharedregion.PairOptions;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.function.Supplier;

/** What is measured, in the order in which the forks take turns. */
enum Contender {
    C_SPIN("c-spin", "C, spinning", Contender.BATCH, null),
    C_TUNED("c-tuned", "C, spinning, tuned", Contender.BATCH, null),
    PAIR_SPIN("pair-spin", "EventPair, spinning", Contender.BATCH, () -> pair(Duration.ofSeconds(1))),
    PAIR_DEFAULT("pair-default", "EventPair, as it comes", Contender.BATCH, () ->
            new EventPairTransport(PairOptions.defaults())),
    PAIR_PARKED("pair-parked", "EventPair, parked every turn", 1, () -> pair(Duration.ZERO)),
    C_PARKED("c-parked", "C, parked every turn", 1, null),
    UNIX_SOCKET("unix-socket", "Unix-domain socket, Java", 1, () -> new SocketTransport(StandardProtocolFamily.UNIX)),
    TCP("tcp", "TCP loopback, Java", 1, () -> new SocketTransport(StandardProtocolFamily.INET));

    /** Round trips under one reading of the clock, which takes tens of nanoseconds itself. */
    private static final int BATCH = 1000;

    /** What it is called on command lines and in the JSON. */
    final String id;

    final String title;

    /** So many round trips are timed together. */
    final int batch;

    private final Supplier<Transport> transport;

    Contender(String id, String title, int batch, Supplier<Transport> transport) {
        this.id = id;
        this.title = title;
        this.batch = batch;
        this.transport = transport;
    }

    static Contender of(String id) {
        for (Contender each : values()) {
            if (each.id.equals(id)) {
                return each;
            }
        }
        throw new IllegalArgumentException("There is no contender \"" + id + "\".");
    }

    /** Whether it is the program in {@code src/bench/c}. */
    boolean isC() {
        return transport == null;
    }

    /** Of a contender in Java. */
    Transport transport() {
        return transport.get();
    }

    private static Transport pair(Duration spin) {
        return new EventPairTransport(PairOptions.defaults().spin(spin));
    }
}
