package bridge;

import dev.sharedregion.SharedMemoryException;
import java.io.IOException;
import java.util.List;

/**
 * The sending end of a bridge: carries the messages of a channel, or the values of a table, or both, to the {@link
 * BridgeReceiver} on another machine.
 */
public final class BridgeSender {
    private static final String USAGE =
            "BridgeSender [messages=channel] [values=table] [to=host:port] [listen=host:port] [mtu=bytes]";

    private BridgeSender() {}

    public static void main(String[] args) {
        try {
            Arguments arguments =
                    new Arguments(args, USAGE, List.of("messages", "values", "to", "listen", "mtu"));
            String channel = arguments.get("messages");
            String table = arguments.get("values");
            arguments.require(channel != null || table != null);
            Link link = new Link(
                    arguments.get("to", Link.RECEIVER),
                    arguments.get("listen", Link.SENDER),
                    arguments.get("mtu", Link.MTU));
            Threads.closeAtEnd(link);
            if (channel != null) {
                Threads.start("messages", () -> {
                    MessageSource messages = MessageSource.open(channel);
                    Threads.start("release messages", messages::release);
                    messages.send(link);
                });
            }
            if (table != null) {
                Threads.start("values", () -> TableSource.open(table).send(link));
            }
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
