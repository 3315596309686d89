package dev.sharedregion.internal.message;

import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.Operation;

/**
 * A message in parts that was dropped, because it is too long to be assembled.
 *
 * @param what the channel
 * @param length of the message
 * @param limit the longest that is assembled
 */
public record TooLong(String what, long length, int limit) {
    /** The failure of a receiver of messages. */
    Failure failure() {
        return new Operation("receive from", what).failure(
                Reason.NO_SPACE,
                "a message of " + length + " bytes was dropped, because at most " + limit + " bytes are assembled. Set "
                        + "MessageOptions.longestAssembled, or receive the parts by receiveParts.");
    }
}
