package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.message.MessageLayout;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.request.RequestNames;
import java.util.Objects;

/**
 * The options for a {@link RequestServer} or a {@link RequestClient}. Options are immutable and can be shared between
 * threads: each method returns a changed copy. A server and its clients can use the same options.
 */
public final class RequestOptions {
    private static final int DEFAULT_CLIENTS = 16;
    private static final int DEFAULT_LONGEST = 64 << 20;

    private final int clients;
    private final int longest;
    private final Permissions permissions;

    private RequestOptions(int clients, int longest, Permissions permissions) {
        this.clients = clients;
        this.longest = longest;
        this.permissions = permissions;
    }

    /**
     * Returns the options that apply if none are given: 16 clients, requests and replies of up to 64 MiB, and
     * {@link Permissions#ownerOnly()}.
     *
     * @return the options
     */
    public static RequestOptions defaults() {
        StackSpace.require();
        return new RequestOptions(DEFAULT_CLIENTS, DEFAULT_LONGEST, Permissions.ownerOnly());
    }

    /**
     * Sets how many clients a new server has room for at a time. Each of them has a ring of the server's capacity for
     * its requests. If the server's region exists, it must have room for the same number. Has no effect on a client.
     *
     * @param number the number of clients, 1 to 255
     * @return a copy with this number
     * @throws IllegalArgumentException if the number is outside of this range
     */
    public RequestOptions clients(int number) {
        if (number < 1 || number > MessageLayout.MOST_SENDERS) {
            throw new IllegalArgumentException("A server cannot have room for " + number + " clients: give 1 to "
                    + MessageLayout.MOST_SENDERS + ".");
        }
        return new RequestOptions(number, longest, permissions);
    }

    /**
     * Sets the length of the longest request that the server takes, and of the longest reply that the client takes. The
     * process may need this much memory of the Java heap for each client. A longer request or reply is dropped, and the
     * request fails with {@link SharedMemoryException.Reason#NO_SPACE}. A request or reply of at most half of the
     * server's capacity is always taken.
     *
     * @param bytes the length in bytes, 64 or more
     * @return a copy with this limit
     * @throws IllegalArgumentException if the length is less than 64
     */
    public RequestOptions longest(int bytes) {
        if (bytes < MessageLayout.LINE) {
            throw new IllegalArgumentException("The longest request cannot have " + bytes + " bytes: give "
                    + MessageLayout.LINE + " or more.");
        }
        return new RequestOptions(clients, bytes, permissions);
    }

    /**
     * Sets who may use the objects that this process creates. Without this option, {@link Permissions#ownerOnly()}
     * applies. A server and a client write to all of them. The client creates the channel of its replies, so a server
     * of another user needs the client's permission: without it the client gets no replies.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public RequestOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new RequestOptions(clients, longest, newPermissions);
    }

    int longest() {
        return longest;
    }

    RequestNames names(String name) {
        return new RequestNames(ObjectName.of(name), permissions.rights);
    }

    /** Returns the shape of a new server's channel. */
    ChannelShape shape(int capacity) {
        if (!ChannelShape.isPossible(capacity, clients)) {
            throw new IllegalArgumentException("A server cannot have a capacity of " + capacity + " bytes: give a "
                    + "multiple of " + MessageLayout.LINE + " from " + MessageLayout.LEAST_CAPACITY + " to "
                    + MessageLayout.MOST_CAPACITY + ".");
        }
        return new ChannelShape(capacity, clients, 0);
    }
}
