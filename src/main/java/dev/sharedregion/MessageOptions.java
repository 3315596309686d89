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

    /** Of these, only the capacity is the caller's. */
    private final ChannelShape shape;

    private final int longestAssembled;
    private final Permissions permissions;

    private MessageOptions(ChannelShape shape, int longestAssembled, Permissions permissions) {
        this.shape = shape;
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
        return new MessageOptions(new ChannelShape(0, 1, 0), DEFAULT_ASSEMBLED, Permissions.ownerOnly());
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
        return with(number, shape.receivers(), shape.lossy(), shape.schema());
    }

    /**
     * Sets how many receivers a new channel has room for at a time. With 2 or more it is a <b>broadcast channel</b>:
     * each receiver gets every message that is sent while the receiver is open, and a sender waits for the slowest of
     * them. Messages are not kept for a receiver that is opened later, and without any receiver no sender waits. If the
     * channel exists, it must have as many. Programs in C cannot use a broadcast channel.
     *
     * @param number the number of receivers, 1 to 64
     * @return a copy with this number
     * @throws IllegalArgumentException if the number is outside of this range
     */
    public MessageOptions receivers(int number) {
        if (number < 1 || number > MessageLayout.MOST_RECEIVERS) {
            throw new IllegalArgumentException("A channel cannot have " + number + " receivers: give 1 to "
                    + MessageLayout.MOST_RECEIVERS + ".");
        }
        return with(shape.senders(), number, shape.lossy(), shape.schema());
    }

    /**
     * Makes a new channel lossy: a sender never waits, and overwrites its oldest messages. A receiver that is too slow
     * loses these messages, and {@link MessageReceiver#lost()} counts them. The messages that it receives are whole and
     * in order. A lossy channel is a broadcast channel, as {@link #receivers(int)} says, even with one receiver. If the
     * channel exists, it must be lossy, too.
     *
     * @return a copy with this option
     */
    public MessageOptions lossy() {
        return with(shape.senders(), shape.receivers(), true, shape.schema());
    }

    private MessageOptions with(int senders, int receivers, boolean lossy, long schema) {
        return new MessageOptions(
                new ChannelShape(shape.capacity(), senders, receivers, lossy, schema), longestAssembled, permissions);
    }

    /**
     * Sets a number that identifies the content of the messages. The program chooses it. A new channel gets the number.
     * A call that opens a channel with another number fails with {@link SharedMemoryException.Reason#WRONG_KIND}.
     *
     * @param number the number; 0, the default, opens a channel with any number
     * @return a copy with this schema
     */
    public MessageOptions schema(long number) {
        return with(shape.senders(), shape.receivers(), shape.lossy(), number);
    }

    /**
     * Sets the length of the longest message in parts that a receiver assembles. The receiver may need this much memory
     * of the Java heap for each sender. A longer message is dropped, and the call that would have received it fails
     * with {@link SharedMemoryException.Reason#NO_SPACE}. The option has no effect on {@link
     * MessageReceiver#receiveParts} and on a sender.
     *
     * @param bytes the length in bytes, 0 or more
     * @return a copy with this limit
     * @throws IllegalArgumentException if the length is negative
     */
    public MessageOptions longestAssembled(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("A message cannot have " + bytes + " bytes: give 0 or more.");
        }
        return new MessageOptions(shape, bytes, permissions);
    }

    /**
     * Sets who may use the objects of the channel that this process creates. Without this option,
     * {@link Permissions#ownerOnly()} applies. Senders and the receiver write to all of them, so
     * {@link Permissions#ownerAndReaders()} lets other users send and receive. A sender creates an object of its own,
     * so a receiver of another user needs the sender's permission: without it, the sender finds room up to 100
     * milliseconds late.
     *
     * @param newPermissions the permissions
     * @return a copy with these permissions
     */
    public MessageOptions permissions(Permissions newPermissions) {
        Objects.requireNonNull(newPermissions, "permissions");
        return new MessageOptions(shape, longestAssembled, newPermissions);
    }

    int longestAssembled() {
        return longestAssembled;
    }

    MessageRequest request(String name) {
        return new MessageRequest(ObjectName.of(name), shape.schema(), permissions.rights, ChannelWords.MESSAGES);
    }

    /** Returns the shape of a new channel. */
    ChannelShape shape(int capacity) {
        if (!ChannelShape.isPossible(capacity, shape.senders())) {
            throw new IllegalArgumentException("A channel cannot have a capacity of " + capacity + " bytes: give a "
                    + "multiple of " + MessageLayout.LINE + " from " + MessageLayout.LEAST_CAPACITY + " to "
                    + MessageLayout.MOST_CAPACITY + ".");
        }
        return new ChannelShape(capacity, shape.senders(), shape.receivers(), shape.lossy(), shape.schema());
    }
}
