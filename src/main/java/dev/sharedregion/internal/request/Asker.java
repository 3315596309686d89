package dev.sharedregion.internal.request;

import java.nio.ByteBuffer;

/** What wants the reply to a request. It gets a reply or a failure, or it is told nothing because it has gone. */
public interface Asker {
    /** Takes the reply. */
    void onReply(ByteBuffer reply);

    /** Is told that there is no reply. */
    void onFailure(Throwable why);
}
