package dev.sharedregion.internal.request;

import dev.sharedregion.internal.message.ChannelWords;
import dev.sharedregion.internal.message.MessageRequest;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.Rights;

/**
 * The channels of a request server.
 *
 * @param name of the server
 * @param rights who may use what is created
 */
public record RequestNames(ObjectName name, Rights rights) {
    private static final String REQUESTS = ".requests";
    private static final String REPLY = ".reply.%016x";
    private static final ChannelWords WORDS = new ChannelWords(
            "client", "server", "create the server with more by RequestOptions.clients", "RequestClient");

    /** Checks the names of all objects, too. */
    public RequestNames {
        // The longest.
        replies(name, 0, rights);
    }

    /** The description of the server in messages. */
    public String what() {
        return "request server \"" + name + "\"";
    }

    /** The channel of all requests. */
    MessageRequest requests() {
        return new MessageRequest(name.part(REQUESTS), 0, rights, WORDS);
    }

    /** The channel of the replies to a client. */
    MessageRequest replies(long session) {
        return replies(name, session, rights);
    }

    private static MessageRequest replies(ObjectName name, long session, Rights rights) {
        return new MessageRequest(name.part(String.format(REPLY, session)), 0, rights, ChannelWords.MESSAGES);
    }
}
