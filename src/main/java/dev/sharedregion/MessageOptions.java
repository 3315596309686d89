package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.message.ChannelWords;
import dev.sharedregion.internal.message.MessageLayout;
import dev.sharedregion.internal.message.MessageRequest;
import dev.sharedregion.internal.os.ObjectName;
import java.util.Objects;

/**
 * The options for creating or opening a {@link MessageSender} or a {@link MessageReceiver}. Options are immutable and
 * can be shared between threads: each method returns a changed copy. Senders and their receiver can use the same
 * options.
 */
public final class MessageOptions {
    private static final int DEFAULT_ASSEMBLED = 64 << 20;

    private final int senders;
    private final long schema;
    private final int longestAssembled;
    private final Permissions permissions;

    private MessageOptions(int senders, long schema, int longestAssembled, Permissions permissions) {
        this.senders = senders;
        this.schema = schema;
        this.longestAssembled = longestAssembled;
        this.permissions = permissions;
    }

    /**
     * Returns the options that apply if none are given: one sender, no schema, messages in parts are assembled up to 64
     * MiB, and {@link Permissions#ownerOnly()}.
     *
     * @return the options
     */
    public static MessageOptions defaults() {
        StackSpace.require();
        return new MessageOptions(1, 0, DEFAULT_ASSEMBLED, Permissions.ownerOnly());
    }

    /**
     * Sets how many senders a new channel has room for at a time. Each of them has a ring of the channel's capacity, so
     * more senders take more memory. If the channel exists, it must have as many.
     *
     * @param number the number of senders, 1 to 255
     * @return a copy with this number
     * @throws IllegalArgumentException if the number is outside of this range
     */
    public MessageOptions senders(int number) {
        if (number < 1 || number > MessageLayout.MOST_SENDERS) {
            throw new IllegalArgumentException("A channel cannot have " + number + " senders: give 1 to "
                    + MessageLayout.MOST_SENDERS + ".");
        }
        return new MessageOptions(number, schema, longestAssembled, permissions);
    }

    /**
     * Sets a number for the content of the messages, of the program's choice. A new channel gets the number. A call
     * that opens a channel with another number fails with {@link SharedMemoryException.Reason#WRONG_KIND}.
     *
     * @param number the number; 0, the default, opens a channel with any number
     * @return a copy with this schema
     */
    public MessageOptions schema(long number) {
        return new MessageOptions(senders, number, longestAssembled, permissions);
    }

    /**
     * Sets up to which length a receiver assembles messages that come in parts. For each sender it may need so much
     * memory of the Java heap. A longer message is dropped, and the call that would have received it fails with {@link
     * SharedMemoryException.Reason#NO_SPACE}. The option has no effect on {@link MessageReceiver#receiveParts} and on a
     * sender.
     *
     * @param bytes the length in bytes, 0 or more
     * @return a copy with this limit
     * @throws IllegalArgumentException if the length is negative
     */
    public MessageOptions longestAssembled(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("A message cannot have " + bytes + " bytes: give 0 or more.");
        }
        return new MessageOptions(senders, schema, bytes, permissions);
    }

    /**
     * Sets who may use the objects of the channel that this process creates. Without this option,
     * {@link Permissions#ownerOnly()} applies. Senders and the receiver write to all of them, so
     * {@link Permissions#ownerAndReaders()} lets other users send and receive.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public MessageOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new MessageOptions(senders, schema, longestAssembled, newPermissions);
    }

    int longestAssembled() {
        return longestAssembled;
    }

    MessageRequest request(String name) {
        return new MessageRequest(ObjectName.of(name), schema, permissions.rights, ChannelWords.MESSAGES);
    }

    /** Returns the shape of a new channel. */
    ChannelShape shape(int capacity) {
        if (!ChannelShape.isPossible(capacity, senders)) {
            throw new IllegalArgumentException("A channel cannot have a capacity of " + capacity + " bytes: give a "
                    + "multiple of " + MessageLayout.LINE + " from " + MessageLayout.LEAST_CAPACITY + " to "
                    + MessageLayout.MOST_CAPACITY + ".");
        }
        return new ChannelShape(capacity, senders, schema);
    }
}
