package bridge;

import dev.sharedregion.LatestReader;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.SharedMemoryException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The sending end of a bridge: carries the messages of a channel, or the values of a table, or both, to the {@link
 * BridgeReceiver} on another machine.
 */
public final class BridgeSender {
    private static final String USAGE =
            "BridgeSender [messages=channel] [values=table] [to=host:port] [listen=host:port] [mtu=bytes]";

    private static final Duration FOR_EVER = Duration.ofDays(10_000);

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
            link.closeAtEnd();
            Threads.start("bridge", link::run);
            if (channel != null) {
                Threads.start("wait for the channel", () -> {
                    MessageReceiver receiver = MessageReceiver.open(channel, FOR_EVER);
                    link.add(() -> new MessageSource(link, receiver)::work);
                });
            }
            if (table != null) {
                Threads.start("wait for the table", () -> {
                    LatestReader reader = LatestReader.open(table, FOR_EVER);
                    link.add(() -> new TableSource(link, reader)::work);
                });
            }
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
