package bridge;

import dev.sharedregion.SharedMemoryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The receiving end of a bridge: puts what {@link BridgeSender} sends into a channel and a table of this machine. */
public final class BridgeReceiver {
    private static final String USAGE = "BridgeReceiver [messages=channel] [values=table] [to=host:port]"
            + " [listen=host:port] [mtu=bytes] [state=file]";

    private BridgeReceiver() {}

    public static void main(String[] args) {
        try {
            Arguments arguments =
                    new Arguments(args, USAGE, List.of("messages", "values", "to", "listen", "mtu", "state"));
            String channel = arguments.get("messages");
            String table = arguments.get("values");
            arguments.require(channel != null || table != null);
            Progress progress = channel == null ? null : Progress.open(state(arguments, channel));
            Link link = new Link(
                    arguments.get("to", Link.SENDER),
                    arguments.get("listen", Link.RECEIVER),
                    arguments.get("mtu", Link.MTU));
            link.closeAtEnd();
            if (channel != null) {
                link.add(() -> new MessageTarget(link, channel, progress)::work);
            }
            if (table != null) {
                link.add(() -> new TableTarget(link, table)::work);
            }
            Threads.start("bridge", link::run);
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static Path state(Arguments arguments, String channel) {
        String file = "sharedregion-bridge-" + channel.replace('\\', '-') + ".state";
        return Path.of(arguments.get("state", Path.of(System.getProperty("java.io.tmpdir"), file).toString()));
    }
}
