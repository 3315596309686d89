package dev.sharedregion.internal.request;

import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.message.ChannelOpener;
import dev.sharedregion.internal.message.ChannelOpener.Mode;
import dev.sharedregion.internal.message.ChannelReader;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.message.ChannelWriter;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import java.security.SecureRandom;

/** Opens the channels of a client or a server. */
public final class RequestOpener {
    private RequestOpener() {}

    /**
     * Becomes the server.
     *
     * @param shape of a channel that is made
     * @param longest the longest request that is taken
     */
    public static ServerSide server(
            OperatingSystem os, RequestNames names, Mode mode, ChannelShape shape, int longest) {
        try (ScopeGuard<ChannelReader> guard = new ScopeGuard<>(ChannelReader::close)) {
            int longestMessage = Math.min(longest, Integer.MAX_VALUE - RequestFormat.REQUEST) + RequestFormat.REQUEST;
            ChannelReader requests =
                    guard.hold(ChannelOpener.receiver(os, names.requests(), mode, shape, longestMessage));
            return guard.dismiss(new ServerSide(names.what(), requests, session -> ChannelOpener.sender(
                    os, names.replies(session), Mode.OPEN, null)));
        }
    }

    /**
     * Becomes a client.
     *
     * @param longest the longest reply that is taken
     */
    public static ClientSide client(OperatingSystem os, RequestNames names, int longest) {
        try (ScopeGuard<ChannelWriter> first = new ScopeGuard<>(ChannelWriter::close);
                ScopeGuard<ChannelReader> second = new ScopeGuard<>(ChannelReader::close)) {
            ChannelWriter requests = first.hold(ChannelOpener.sender(os, names.requests(), Mode.OPEN, null));
            if (requests.channel().shape().isBroadcast()) {
                throw new Operation("open", names.what())
                        .failure(
                                Reason.WRONG_KIND,
                                "the channel of its requests is one for broadcast, which no server has made. Choose "
                                        + "another name, or close that channel in all processes.");
            }
            long session = new SecureRandom().nextLong();
            ChannelShape shape = new ChannelShape(requests.channel().shape().capacity(), 1, 0);
            ChannelReader replies = second.hold(
                    ChannelOpener.receiver(os, names.replies(session), Mode.CREATE, shape, longest));
            ClientSide client = new ClientSide(names.what(), new RequestWriter(requests, session), replies);
            return first.dismiss(second.dismiss(client));
        }
    }
}
