package dev.sharedregion.internal.message;

/**
 * What error messages call the sides of a channel.
 *
 * @param sender one that sends
 * @param receiver the one that receives
 * @param makeRoom how to have room for more senders
 * @param senderType the public type that sends
 */
public record ChannelWords(String sender, String receiver, String makeRoom, String senderType) {
    /** Those of a channel of messages. */
    public static final ChannelWords MESSAGES = new ChannelWords(
            "sender", "receiver", "create the channel with more by MessageOptions.senders", "MessageSender");
}
