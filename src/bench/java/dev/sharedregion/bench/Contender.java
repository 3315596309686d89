package dev.sharedregion.bench;

import dev.sharedregion.PairOptions;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What is measured, in the order in which the forks take turns. */
enum Contender {
    C_SPIN("c-spin", "C, spinning", true, null),
    C_TUNED("c-tuned", "C, spinning, tuned", true, null),
    /**
     * As C_SPIN, but that glibc's memcpy copies by vectors in any size, as HotSpot does, and never by rep movsb: that
     * one overwrites whole lines without reading them first, which counts where the other processor has them.
     */
    C_VECTORS("c-vectors", "C, spinning, copying by vectors", true, null),
    PAIR_SPIN("pair-spin", "EventPair, spinning", true, () -> pair(Duration.ofSeconds(1))),
    PAIR_DEFAULT(
            "pair-default", "EventPair, default options", true, () -> new EventPairTransport(PairOptions.defaults())),
    PAIR_PARKED("pair-parked", "EventPair, parked every turn", false, () -> pair(Duration.ZERO)),
    PAIR_VIRTUAL("pair-virtual", "EventPair, parked every turn, in virtual threads", false, () -> pair(Duration.ZERO)),
    REQUESTS("requests", "RequestClient, calling", true, RequestTransport::new),
    C_PARKED("c-parked", "C, parked every turn", false, null),
    MAPPED_TUNED("mapped-tuned", "Mapped file by hand, tuned", true, () -> new MappedTransport(true)),
    MAPPED_SPIN("mapped-spin", "Mapped file by hand, spinning", true, () -> new MappedTransport(false)),
    AGRONA_RING("agrona-ring", "Agrona OneToOneRingBuffer", true, AgronaTransport::new),
    AERON_IPC("aeron-ipc", "Aeron IPC", true, AeronTransport::new),
    CHRONICLE_QUEUE("chronicle-queue", "Chronicle Queue", true, ChronicleTransport::new),
    UNIX_SOCKET("unix-socket", "Unix-domain socket", false, () -> socket(StandardProtocolFamily.UNIX, false)),
    UNIX_POLLING("unix-polling", "Unix-domain socket, polled", false, () -> socket(StandardProtocolFamily.UNIX, true)),
    TCP("tcp", "TCP loopback", false, () -> socket(StandardProtocolFamily.INET, false)),
    TCP_POLLING("tcp-polling", "TCP loopback, polled", false, () -> socket(StandardProtocolFamily.INET, true)),
    FIFO("fifo", "FIFO", false, FifoTransport::new),
    NAMED_PIPE("named-pipe", "Named pipe", false, NamedPipeTransport::new);

    private static final int FIRST_JDK_WITH_VIRTUAL_THREADS = 21;

    /** So many bytes are handed over under one reading of the clock, which takes tens of nanoseconds itself. */
    private static final int BATCH_BYTES = 64_000;

    /** What it is called on command lines and in the JSON. */
    final String id;

    final String title;

    /** Whether a round trip of few bytes is so short that many are timed together. */
    private final boolean batched;

    private final Supplier<Transport> transport;

    Contender(String id, String title, boolean batched, Supplier<Transport> transport) {
        this.id = id;
        this.title = title;
        this.batched = batched;
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

    /** So many round trips are timed together. */
    int batch(int size) {
        return batched ? Math.max(1, BATCH_BYTES / size) : 1;
    }

    /** Whether it is the program in {@code src/bench/c}. */
    boolean isC() {
        return transport == null;
    }

    /** What the program in C calls it. */
    String cMode() {
        return this == C_VECTORS ? C_SPIN.id : id;
    }

    /** What its processes find in their environment besides. */
    Map<String, String> environment() {
        // https://www.gnu.org/software/libc/manual/html_node/Hardware-Capability-Tunables.html
        return this == C_VECTORS
                ? Map.of("GLIBC_TUNABLES", "glibc.cpu.x86_rep_movsb_threshold=" + Integer.MAX_VALUE)
                : Map.of();
    }

    /** Whether its two sides are virtual threads. */
    boolean isVirtual() {
        return this == PAIR_VIRTUAL;
    }

    /** Whether it is what somebody would take instead of this library. */
    boolean isPeer() {
        return ordinal() >= MAPPED_SPIN.ordinal();
    }

    /** Of a contender in Java. */
    Transport transport() {
        return transport.get();
    }

    /** What the documentation of the contender asks of the command line. */
    List<String> jvmFlags() {
        return switch (this) {
            // As few as two processors have.
            case PAIR_VIRTUAL -> List.of(
                    "-Djdk.virtualThreadScheduler.parallelism=2", "-Djdk.virtualThreadScheduler.maxPoolSize=2");
            case AGRONA_RING -> AgronaTransport.JVM_FLAGS;
            case AERON_IPC -> AeronTransport.JVM_FLAGS;
            case CHRONICLE_QUEUE -> ChronicleTransport.JVM_FLAGS;
            default -> List.of();
        };
    }

    /** Whether it is measured with that: all but one with the round trips, some with the bulk data. */
    boolean carries(Load load) {
        return switch (this) {
            case C_VECTORS -> load == Load.COPIES;
            case C_SPIN, PAIR_SPIN, PAIR_DEFAULT, MAPPED_SPIN, UNIX_SOCKET, TCP, FIFO, NAMED_PIPE -> true;
            default -> load == Load.NUMBERS;
        };
    }

    /** Why it cannot run there; null if it can. */
    String reasonAgainst(boolean windows, boolean wine) {
        return switch (this) {
            case C_VECTORS -> windows || !System.getProperty("os.arch").equals("amd64")
                    ? "it is about glibc's memcpy on x86-64"
                    : null;
            case PAIR_VIRTUAL -> wine || Runtime.version().feature() < FIRST_JDK_WITH_VIRTUAL_THREADS
                    ? "the JDK has no virtual threads"
                    : null;
            case UNIX_SOCKET, UNIX_POLLING -> wine ? "Wine has no Unix-domain sockets" : null;
            case FIFO -> windows ? "Windows has named pipes instead" : null;
            case NAMED_PIPE -> windows ? null : "Linux has FIFOs instead";
            default -> null;
        };
    }

    private static Transport pair(Duration spin) {
        return new EventPairTransport(PairOptions.defaults().spin(spin));
    }

    private static Transport socket(StandardProtocolFamily family, boolean polling) {
        return new SocketTransport(family, polling);
    }
}
