package dev.sharedregion;

import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.request.Asker;
import dev.sharedregion.internal.request.ClientSide;
import dev.sharedregion.internal.request.Pending;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The reply to a request as a future. Whoever completes it, the request is then forgotten. */
final class ReplyFuture extends CompletableFuture<ByteBuffer> implements Asker {
    /** Not closed by the garbage collector before this is completed. Then it is null. */
    private volatile RequestClient client;

    ReplyFuture(RequestClient client) {
        this.client = client;
    }

    /** Has the request forgotten when this is completed, which may be so already. */
    void forgetBy(ClientSide side, Pending asked) {
        whenComplete((reply, failure) -> {
            side.forget(asked);
            client = null;
        });
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        StackSpace.require();
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public void onReply(ByteBuffer reply) {
        complete(reply);
    }

    @Override
    public void onFailure(Throwable why) {
        completeExceptionally(why instanceof Failure failure ? SharedMemoryException.of(failure) : why);
    }
}
