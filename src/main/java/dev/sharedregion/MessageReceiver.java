package dev.sharedregion;

import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.message.ChannelOpener;
import dev.sharedregion.internal.message.ChannelOpener.Mode;
import dev.sharedregion.internal.message.ChannelReader;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.message.LaneReader;
import dev.sharedregion.internal.message.MessageRequest;
import dev.sharedregion.internal.os.Failure;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Receives the messages of a channel, which {@linkplain MessageSender senders} in this and other processes send.
 *
 * <pre>{@code
 * try (MessageReceiver log = MessageReceiver.openOrCreate("log", 1 << 20)) {
 *     while (true) {
 *         log.receive((type, message) -> System.out.println(UTF_8.decode(message)), 100, Duration.ofSeconds(1));
 *     }
 * }
 * }</pre>
 *
 * <p><b>Objects, senders, lifetime</b>: as {@link MessageSender} says.
 *
 * <p><b>One receiver.</b> A channel has one receiver at a time. Another one can be opened when the receiver has closed
 * the channel or its process has ended, even by {@code kill -9}. It continues after the last message that was
 * <i>released</i>. A receiver releases the messages of a call at the end of the call. In a long call it also releases
 * them each time that a quarter of a sender's ring was handed over. So the successor of a receiver that was killed may
 * get the messages of the last call again: of each sender, at most a quarter of the ring and one message. A message in
 * parts is lost if the receiver that died had received some of its parts.
 *
 * <p><b>Broadcast.</b> A channel that was created with {@link MessageOptions#receivers} or {@link MessageOptions#lossy}
 * has as many receivers at a time as the option says. Each receiver gets the messages that are sent while it is open.
 * It gets no part of a message that was begun before, and its successor gets no message again. In a lossy channel, a
 * handler gets a copy, and {@link #lost()} counts the messages that were overwritten before they were received.
 *
 * <p><b>Order.</b> The messages of one sender arrive in their order. If several senders have sent messages, the
 * receiver takes from the senders in turn.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. Only one thread at a time receives. If
 * several threads receive, the order of their messages is not defined. A handler must not call a method of its receiver
 * that receives messages. {@link #close()} ends the waits of other threads with {@link IllegalStateException}, and
 * waits for a handler that is running in another thread. After it, every method except {@link #close()}, {@link
 * #name()}, {@link #capacity()}, {@link #isClosed()} and {@code toString()} throws {@link IllegalStateException}. If a
 * receiver becomes unreachable without being closed, the garbage collector closes it.
 *
 * <p><b>When another program overwrites the channel.</b> A process that may write to {@code x.messages} can write
 * anything to it, also to a message that a handler is reading. The receiver may then get bytes that no sender has sent.
 * But every call returns, a wait at its timeout at the latest, and no access leaves the channel. A call that finds the
 * content wrong fails with a {@link SharedMemoryException} whose reason is {@code CORRUPT}.
 */
public final class MessageReceiver implements AutoCloseable {
    private final String name;
    private final ChannelReader reader;
    private final Closer closer;

    private MessageReceiver(String name, ChannelReader reader) {
        this.name = name;
        this.reader = reader;
        this.closer = new Closer(this, reader::close);
    }

    /**
     * Creates a channel with {@linkplain MessageOptions#defaults() default options}, and becomes its receiver.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @return the receiver
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException as {@link #create(String, int, MessageOptions)}
     */
    public static MessageReceiver create(String name, int capacity) {
        StackSpace.require();
        return create(name, capacity, MessageOptions.defaults());
    }

    /**
     * Creates a channel, and becomes its receiver. The channel takes {@code senders} × {@code capacity} bytes of memory
     * and a little more. A message of up to half of the capacity, less 8 bytes, goes as a whole, without a copy
     * between.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @param options the options
     * @return the receiver
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if the channel exists; otherwise as {@link
     *     SharedRegion#create(String, long)} and {@link NamedEvent#openOrCreate(String, EventOptions)}
     */
    public static MessageReceiver create(String name, int capacity, MessageOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return open(name, Mode.CREATE, options, options.shape(capacity));
    }

    /**
     * Opens a channel with {@linkplain MessageOptions#defaults() default options}, and becomes its receiver.
     *
     * @param name the name of the channel
     * @return the receiver
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, MessageOptions)}
     */
    public static MessageReceiver open(String name) {
        StackSpace.require();
        return open(name, MessageOptions.defaults());
    }

    /**
     * Opens a channel, and becomes its receiver.
     *
     * @param name the name of the channel
     * @param options the options
     * @return the receiver
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is no such channel, or its creator has not finished it;
     *     otherwise as {@link #openOrCreate(String, int, MessageOptions)}
     */
    public static MessageReceiver open(String name, MessageOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return open(name, Mode.OPEN, options, null);
    }

    /**
     * Opens a channel with {@linkplain MessageOptions#defaults() default options}, and becomes its receiver. If the
     * channel does not exist yet, waits until another process creates it.
     *
     * @param name the name of the channel
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once. While it waits, the method looks for
     *     the name every few milliseconds, with at most 20 milliseconds between two looks
     * @return the receiver
     * @throws InterruptedException if the thread is interrupted before the channel is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, MessageOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static MessageReceiver open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, MessageOptions.defaults());
    }

    /**
     * Opens a channel, and becomes its receiver. If the channel does not exist yet, waits until another process creates
     * it.
     *
     * @param name the name of the channel
     * @param timeout the longest time to wait, as in {@link #open(String, Duration)}
     * @param options the options
     * @return the receiver
     * @throws InterruptedException if the thread is interrupted before the channel is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, MessageOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static MessageReceiver open(String name, Duration timeout, MessageOptions options)
            throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, options));
    }

    /**
     * Opens a channel, or creates it, with {@linkplain MessageOptions#defaults() default options}, and becomes its
     * receiver.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @return the receiver
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, int, MessageOptions)}
     */
    public static MessageReceiver openOrCreate(String name, int capacity) {
        StackSpace.require();
        return openOrCreate(name, capacity, MessageOptions.defaults());
    }

    /**
     * Opens a channel, or creates it, and becomes its receiver. A channel that exists keeps its messages.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @param options the options
     * @return the receiver
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException {@code IN_USE} if the channel has as many receivers as it has room for (the message
     *     names a process); {@code WRONG_KIND} if the channel has another capacity, schema, or number of senders or
     *     receivers, if only one of the channel and the options is lossy, or if the region {@code x.messages} is
     *     another program's; {@code UNSUPPORTED} if the channel is of another version; {@code CORRUPT} if another
     *     program has overwritten it; otherwise as {@link SharedRegion#openOrCreate(String, long, RegionOptions)} and
     *     {@link NamedEvent#openOrCreate(String, EventOptions)}
     */
    public static MessageReceiver openOrCreate(String name, int capacity, MessageOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return open(name, Mode.OPEN_OR_CREATE, options, options.shape(capacity));
    }

    private static MessageReceiver open(String name, Mode mode, MessageOptions options, ChannelShape shape) {
        MessageRequest request = options.request(name);
        return Opening.of(
                () -> ChannelOpener.receiver(ThisSystem.get(), request, mode, shape, options.longestAssembled()),
                ChannelReader::close,
                reader -> new MessageReceiver(name, reader));
    }

    /**
     * Waits for a message, and returns a copy of it.
     *
     * @return the bytes of the message, in the machine's byte order
     * @throws InterruptedException as {@link #receive(MessageHandler, int, Duration)}
     * @throws IllegalStateException as {@link #receive(MessageHandler, int, Duration)}
     * @throws SharedMemoryException as {@link #receive(MessageHandler, int, Duration)}
     */
    public ByteBuffer receive() throws InterruptedException {
        StackSpace.require();
        return receiveCopy(Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * Waits for a message at most for this time, and returns a copy of it.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting; a longer time than 146
     *     years means 146 years
     * @return the bytes of the message, in the machine's byte order, or null if the timeout passed first
     * @throws InterruptedException as {@link #receive(MessageHandler, int, Duration)}
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #receive(MessageHandler, int, Duration)}
     * @throws SharedMemoryException as {@link #receive(MessageHandler, int, Duration)}
     */
    public ByteBuffer receive(Duration timeout) throws InterruptedException {
        StackSpace.require();
        return receiveCopy(timeout);
    }

    private ByteBuffer receiveCopy(Duration timeout) throws InterruptedException {
        ByteBuffer[] copy = new ByteBuffer[1];
        receive(
                ChannelReader.assembling((sender, type, message) -> copy[0] = copyOf(message)), null, 1, timeout);
        return copy[0];
    }

    private static ByteBuffer copyOf(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).order(ByteOrder.nativeOrder()).put(message).flip();
    }

    /**
     * Hands over messages without waiting.
     *
     * @param handler gets them, in this thread
     * @param limit the most messages to hand over, 1 or more
     * @return how many were handed over; 0 if there are none, or another thread is getting them
     * @throws IllegalArgumentException if the limit is less than 1
     * @throws IllegalStateException if this receiver is closed, or if this thread is in a handler of it
     * @throws SharedMemoryException as {@link #receive(MessageHandler, int, Duration)}
     */
    public int poll(MessageHandler handler, int limit) {
        StackSpace.require();
        LaneReader.Sink sink = sink(handler);
        checkLimit(limit);
        try {
            return reader.poll(sink, null, limit);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not close a receiver while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits for messages, and hands over as many as there are. If the handler throws, the remaining messages stay in
     * the channel.
     *
     * @param handler gets them, in this thread
     * @param limit the most messages to hand over, 1 or more
     * @param timeout the longest time to wait for the first; {@link Duration#ZERO} looks without waiting; a longer time
     *     than 146 years means 146 years
     * @return how many were handed over; 0 if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the limit is less than 1, or the timeout is negative
     * @throws IllegalStateException if this receiver is closed before or during the wait, or if this thread is in a
     *     handler of it
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel; {@code NO_SPACE} if
     *     a message was dropped because it is longer than {@link MessageOptions#longestAssembled}
     */
    public int receive(MessageHandler handler, int limit, Duration timeout) throws InterruptedException {
        StackSpace.require();
        LaneReader.Sink sink = sink(handler);
        checkLimit(limit);
        return receive(sink, null, limit, timeout);
    }

    private static LaneReader.Sink sink(MessageHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return ChannelReader.assembling((sender, type, message) -> handler.onMessage(type, message));
    }

    /**
     * Waits for messages, and hands over the parts that have arrived. So a message may be longer than the memory. Do
     * not mix this method with the methods that assemble messages: a message of which both have received parts is
     * aborted for both.
     *
     * @param handler gets the parts, in this thread
     * @param limit the most parts to hand over, 1 or more
     * @param timeout the longest time to wait for the first; {@link Duration#ZERO} looks without waiting; a longer time
     *     than 146 years means 146 years
     * @return how many parts were handed over; 0 if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the limit is less than 1, or the timeout is negative
     * @throws IllegalStateException as {@link #receive(MessageHandler, int, Duration)}
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
     */
    public int receiveParts(MessagePartHandler handler, int limit, Duration timeout) throws InterruptedException {
        StackSpace.require();
        Objects.requireNonNull(handler, "handler");
        checkLimit(limit);
        ChannelReader.Parts parts = new ChannelReader.Parts() {
            @Override
            public void accept(int sender, int type, ByteBuffer part, boolean last) {
                handler.onPart(sender, type, part, last);
            }

            @Override
            public void abort(int sender) {
                handler.onAborted(sender);
            }
        };
        return receive(ChannelReader.inParts(parts), parts, limit, timeout);
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("A call cannot hand over " + limit + " messages: give 1 or more.");
        }
    }

    private int receive(LaneReader.Sink sink, ChannelReader.Parts parts, int limit, Duration timeout)
            throws InterruptedException {
        Deadline.check(timeout);
        Deadline.checkInterrupt();
        try {
            // At first without a look at the clock, which may take longer than the rest.
            int count = reader.poll(sink, parts, limit);
            if (count == 0 && !timeout.isZero()) {
                count = reader.receiveSoon(sink, parts, limit);
            }
            return count > 0 || timeout.isZero() ? count : reader.receive(sink, parts, limit, Deadline.after(timeout));
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until there is a message or a part of one, and leaves it in the channel.
     *
     * @param timeout the longest time to wait; {@link Duration#ZERO} looks without waiting; a longer time than 146
     *     years means 146 years
     * @return true if there is one; false if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during the wait
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException if this receiver is closed before or during the wait
     */
    public boolean await(Duration timeout) throws InterruptedException {
        StackSpace.require();
        return await(Deadline.after(timeout));
    }

    private boolean await(long deadline) throws InterruptedException {
        try {
            return reader.await(deadline);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits until there is a message or a part of one, in a thread of its own: a virtual thread on JDK 21 and newer, a
     * daemon thread on older JDKs. So one thread can wait for several receivers, by {@link CompletableFuture#anyOf}.
     * The future completes exceptionally with {@link IllegalStateException} if this receiver is closed. {@link
     * CompletableFuture#cancel cancel} ends the wait. The message stays in the channel in any case.
     *
     * @return the future
     * @throws IllegalStateException if this receiver is closed
     */
    public CompletableFuture<Void> awaitAsync() {
        StackSpace.require();
        reader.checkOpen();
        return AwaitFuture.start(new AwaitFuture.Wait() {
            @Override
            public void await() throws InterruptedException {
                MessageReceiver.this.await(Deadline.never());
            }

            /** The message is in the channel. */
            @Override
            public void giveBack() {}
        });
    }

    /**
     * Returns how many bytes were sent and are not yet released by the receiver. Each message counts with a header of 8
     * bytes, and its length is rounded up to a multiple of 8. Messages that the receiver is handling are released at
     * the end of its call. 0 means that everything was received.
     *
     * @return the number of bytes
     * @throws IllegalStateException if this receiver is closed
     */
    public long backlog() {
        return reader.openChannel().ownBacklog();
    }

    /**
     * Returns how many messages this receiver has lost since it was opened, because it was too slow for a {@linkplain
     * MessageOptions#lossy() lossy} channel. A loss is counted by the call that would have received the message. A
     * message in parts counts once, also if some of its parts were received.
     *
     * @return the number of messages; 0 in a channel that is not lossy
     * @throws IllegalStateException if this receiver is closed
     */
    public long lost() {
        return reader.lost();
    }

    /**
     * Returns how many messages were begun and never finished, since the channel was created: their senders died in the
     * middle of them, or gave up messages of which a part was sent. It counts modulo 16,777,216 for each sender. Takes
     * a system call if a message is unfinished.
     *
     * @return the number of messages
     * @throws IllegalStateException if this receiver is closed
     */
    public long aborted() {
        StackSpace.require();
        try {
            return reader.openChannel().aborted();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns how often a sender found no room, since the channel was created. If that is often, the receiver is too
     * slow, or the channel too small.
     *
     * @return the number of times
     * @throws IllegalStateException if this receiver is closed
     */
    public long fullCount() {
        return reader.openChannel().full();
    }

    /**
     * Returns the name, exactly as it was given.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns the size of each sender's ring.
     *
     * @return the size in bytes
     */
    public int capacity() {
        return reader.channel().shape().capacity();
    }

    /**
     * Returns true if this receiver is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return reader.isClosed();
    }

    /**
     * Closes this receiver, ends the waits of other threads, and waits for a handler that runs in another thread.
     * Within a handler, the rest of its batch stays in the channel. Further calls do nothing.
     */
    @Override
    public void close() {
        closer.close();
    }

    /** Returns the name, the capacity, the backlog, the senders and the receiver of the channel, for messages. */
    @Override
    public String toString() {
        StackSpace.require();
        try {
            return reader.toString();
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
