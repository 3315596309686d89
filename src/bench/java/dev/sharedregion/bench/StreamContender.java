package dev.sharedregion.bench;

import java.util.List;
import java.util.function.Supplier;

/** What sends messages, in the order in which the forks take turns. */
enum StreamContender {
    MESSAGES("messages", "MessageSender", MessageStream::sent),
    MESSAGES_IN_PLACE("messages-in-place", "MessageSender, in place", MessageStream::placed),
    MESSAGES_BROADCAST("messages-broadcast", "MessageSender, broadcast", MessageStream::broadcast),
    /** By the header in C. */
    C_MESSAGES("c-messages", "sr_sender, in C", null),
    TICKETS("tickets", "a region by ticket for each", TicketStream::new),
    /** Copies through a ring of four slots. */
    C_FRAMES("c-frames", "C, spinning", null),
    AGRONA_RING("agrona-ring", "Agrona OneToOneRingBuffer", () -> new AgronaStream(false)),
    AGRONA_MANY("agrona-many", "Agrona ManyToOneRingBuffer", () -> new AgronaStream(true)),
    AERON_IPC("aeron-ipc", "Aeron IPC", AeronStream::new),
    CHRONICLE_QUEUE("chronicle-queue", "Chronicle Queue", ChronicleStream::new),
    UNIX_SOCKET("unix-socket", "Unix-domain socket", SocketStream::new);

    /** What it is called on command lines. */
    final String id;

    final String title;
    private final Supplier<StreamTransport> transport;

    StreamContender(String id, String title, Supplier<StreamTransport> transport) {
        this.id = id;
        this.title = title;
        this.transport = transport;
    }

    static StreamContender of(String id) {
        for (StreamContender each : values()) {
            if (each.id.equals(id)) {
                return each;
            }
        }
        throw new IllegalArgumentException("There is no contender \"" + id + "\".");
    }

    /** Whether it is a program in {@code src/bench/c}. */
    boolean isC() {
        return transport == null;
    }

    /** The name of that program. */
    String cProgram() {
        return this == C_MESSAGES ? "messages" : "frames";
    }

    /** That program's first arguments. */
    List<String> cArguments(StreamCase of) {
        return this == C_MESSAGES ? List.of("" + of.size(), "" + of.senders(), "" + of.capacity()) : List.of();
    }

    /** Of a contender in Java. */
    StreamTransport transport() {
        return transport.get();
    }

    /** Whether it is what somebody would take instead of this library. */
    boolean isPeer() {
        return ordinal() >= AGRONA_RING.ordinal();
    }

    /** What the documentation of the contender asks of the command line. */
    List<String> jvmFlags() {
        return switch (this) {
            case AGRONA_RING, AGRONA_MANY -> AgronaTransport.JVM_FLAGS;
            case AERON_IPC -> AeronTransport.JVM_FLAGS;
            case CHRONICLE_QUEUE -> ChronicleTransport.JVM_FLAGS;
            default -> List.of();
        };
    }

    /** Why it cannot run there; null if it can. */
    String reasonAgainst(boolean windows, boolean wine) {
        return switch (this) {
            case C_MESSAGES, C_FRAMES -> windows ? "it is a program for Linux" : null;
            case UNIX_SOCKET -> wine ? "Wine has no Unix-domain sockets" : null;
            default -> null;
        };
    }
}
