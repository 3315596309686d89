package dev.sharedregion;

import com.sun.jna.Pointer;
import dev.sharedregion.internal.jvm.Closer;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.StackSpace;
import dev.sharedregion.internal.memory.RegionPointer;
import dev.sharedregion.internal.message.ChannelOpener;
import dev.sharedregion.internal.message.ChannelOpener.Mode;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.message.ChannelWriter;
import dev.sharedregion.internal.message.MessageRequest;
import dev.sharedregion.internal.os.Failure;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Objects;

/**
 * Sends messages to the {@linkplain MessageReceiver receiver} of a channel, which may be another process. A message is
 * any number of bytes. No message is lost, and none arrives twice while the receiver lives. A broadcast channel, which
 * {@link MessageOptions#receivers} or {@link MessageOptions#lossy} makes, has other rules.
 *
 * <pre>{@code
 * try (MessageSender log = MessageSender.openOrCreate("log", 1 << 20)) {
 *     log.send(ByteBuffer.wrap("started".getBytes(UTF_8)));
 * }
 * }</pre>
 *
 * <p><b>Objects.</b> The channel {@code x} consists of the region {@code x.messages}, of the auto-reset event {@code
 * x.sent}, and of an auto-reset event {@code x.freed.N} for each sender. (In a broadcast channel, each receiver except
 * the first one has an event {@code x.sent.N}.) Their names, with these suffixes, follow the rules of {@link
 * SharedRegion}. Programs in C use the same channel with {@code sharedregion_messages.h}. Sending takes no system call,
 * unless the receiver sleeps or this sender has to wait for room.
 *
 * <p><b>Senders.</b> A channel has room for as many senders at a time as {@link MessageOptions#senders} says. Each has
 * a ring of the channel's capacity for itself, so that no sender waits for another one. The messages of one sender
 * arrive in their order. Those of two senders arrive in any order.
 *
 * <p><b>When a process ends.</b> Either side can be opened first, and can be opened again. A message that was sent
 * stays in the channel until it is received, even if its sender is closed or its process ends. If a sender is killed,
 * the message that it was writing is lost, and {@link #aborted()} counts it. This delays no other process. While the
 * channel has no receiver, senders can send until their rings are full. On Windows the system may not let this process
 * open the process of another user. That process then counts as alive while its process id is in use.
 *
 * <p><b>Lifetime.</b> The channel and its messages exist until the receiver and all senders have closed it or ended.
 *
 * <p><b>Threads and close.</b> All methods may be called from any thread. Threads that share a sender take turns. A
 * sender is fastest if only one thread uses it, so open one sender for each thread that sends many messages. {@link
 * #close()} ends the waits of other threads with {@link IllegalStateException}. After it, every method except {@link
 * #close()}, {@link #name()}, {@link #capacity()}, {@link #largestRecord()}, {@link #isClosed()} and {@code toString()}
 * throws {@link IllegalStateException}. If a sender becomes unreachable without being closed, the garbage collector
 * closes it.
 *
 * <p><b>When another program overwrites the channel.</b> A process that may write to {@code x.messages} can write
 * anything to it. The receiver may then get bytes that no sender has sent, but every call returns, a wait at its
 * timeout at the latest. A call that finds the content wrong fails with a {@link SharedMemoryException} whose reason is
 * {@code CORRUPT}.
 */
public final class MessageSender implements AutoCloseable {
    private final String name;
    private final ChannelWriter writer;
    private final Closer closer;

    private MessageSender(String name, ChannelWriter writer) {
        this.name = name;
        this.writer = writer;
        this.closer = new Closer(this, writer::close);
    }

    /**
     * Creates a channel with {@linkplain MessageOptions#defaults() default options}, and becomes a sender of it.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @return the sender
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException as {@link #create(String, int, MessageOptions)}
     */
    public static MessageSender create(String name, int capacity) {
        StackSpace.require();
        return create(name, capacity, MessageOptions.defaults());
    }

    /**
     * Creates a channel, and becomes a sender of it. The channel takes {@code senders} × {@code capacity} bytes of
     * memory and a little more. A message of up to half of the capacity, less 8 bytes, goes as a whole, without a copy
     * between.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @param options the options
     * @return the sender
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException {@code ALREADY_EXISTS} if the channel exists; otherwise as {@link
     *     SharedRegion#create(String, long)} and {@link NamedEvent#openOrCreate(String, EventOptions)}
     */
    public static MessageSender create(String name, int capacity, MessageOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return open(name, Mode.CREATE, options, options.shape(capacity));
    }

    /**
     * Opens a channel with {@linkplain MessageOptions#defaults() default options}, and becomes a sender of it.
     *
     * @param name the name of the channel
     * @return the sender
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException as {@link #open(String, MessageOptions)}
     */
    public static MessageSender open(String name) {
        StackSpace.require();
        return open(name, MessageOptions.defaults());
    }

    /**
     * Opens a channel, and becomes a sender of it.
     *
     * @param name the name of the channel
     * @param options the options
     * @return the sender
     * @throws IllegalArgumentException if the name is not valid
     * @throws SharedMemoryException {@code NOT_FOUND} if there is no such channel, or its creator has not finished it;
     *     otherwise as {@link #openOrCreate(String, int, MessageOptions)}
     */
    public static MessageSender open(String name, MessageOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return open(name, Mode.OPEN, options, null);
    }

    /**
     * Opens a channel with {@linkplain MessageOptions#defaults() default options}, and becomes a sender of it. If the
     * channel does not exist yet, waits until another process creates it.
     *
     * @param name the name of the channel
     * @param timeout the longest time to wait; {@link Duration#ZERO} tries once. While it waits, the method looks for
     *     the name every few milliseconds, with at most 20 milliseconds between two looks
     * @return the sender
     * @throws InterruptedException if the thread is interrupted before the channel is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, MessageOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static MessageSender open(String name, Duration timeout) throws InterruptedException {
        StackSpace.require();
        return open(name, timeout, MessageOptions.defaults());
    }

    /**
     * Opens a channel, and becomes a sender of it. If the channel does not exist yet, waits until another process
     * creates it.
     *
     * @param name the name of the channel
     * @param timeout the longest time to wait, as in {@link #open(String, Duration)}
     * @param options the options
     * @return the sender
     * @throws InterruptedException if the thread is interrupted before the channel is open
     * @throws IllegalArgumentException if the name is not valid or the timeout is negative
     * @throws SharedMemoryException as {@link #open(String, MessageOptions)}; {@code NOT_FOUND} only after the timeout
     */
    public static MessageSender open(String name, Duration timeout, MessageOptions options)
            throws InterruptedException {
        StackSpace.require();
        return Opening.whenFound(timeout, () -> open(name, options));
    }

    /**
     * Opens a channel, or creates it, with {@linkplain MessageOptions#defaults() default options}, and becomes a sender
     * of it.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @return the sender
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException as {@link #openOrCreate(String, int, MessageOptions)}
     */
    public static MessageSender openOrCreate(String name, int capacity) {
        StackSpace.require();
        return openOrCreate(name, capacity, MessageOptions.defaults());
    }

    /**
     * Opens a channel, or creates it, and becomes a sender of it. A channel that exists keeps its messages.
     *
     * @param name the name of the channel
     * @param capacity the size in bytes of each sender's ring: a multiple of 64 from 128 to 1,073,741,824
     * @param options the options
     * @return the sender
     * @throws IllegalArgumentException if the name or the capacity is not valid
     * @throws SharedMemoryException {@code IN_USE} if the channel has as many senders as it has room for (the message
     *     names a process); {@code WRONG_KIND} if the channel has another capacity, schema, or number of senders or
     *     receivers, if only one of the channel and the options is lossy, or if the region {@code x.messages} is
     *     another program's; {@code UNSUPPORTED} if the channel is of another version; {@code CORRUPT} if another
     *     program has overwritten it; otherwise as {@link SharedRegion#openOrCreate(String, long, RegionOptions)} and
     *     {@link NamedEvent#openOrCreate(String, EventOptions)}
     */
    public static MessageSender openOrCreate(String name, int capacity, MessageOptions options) {
        StackSpace.require();
        Objects.requireNonNull(options, "options");
        return open(name, Mode.OPEN_OR_CREATE, options, options.shape(capacity));
    }

    private static MessageSender open(String name, Mode mode, MessageOptions options, ChannelShape shape) {
        MessageRequest request = options.request(name);
        return Opening.of(
                () -> ChannelOpener.sender(ThisSystem.get(), request, mode, shape),
                ChannelWriter::close,
                writer -> new MessageSender(name, writer));
    }

    /**
     * Sends a message of type 0. As {@link #send(int, ByteBuffer)}.
     *
     * @param message its remaining bytes are the message; its position stays
     * @throws InterruptedException as {@link #send(int, ByteBuffer)}
     * @throws IllegalStateException as {@link #send(int, ByteBuffer)}
     * @throws SharedMemoryException as {@link #send(int, ByteBuffer)}
     */
    public void send(ByteBuffer message) throws InterruptedException {
        send(0, message);
    }

    /**
     * Sends a message, and waits while there is no room for it. When this method returns, the message is in the
     * channel, and the receiver gets it even if this process ends. A message of more than {@link #largestRecord()}
     * bytes is sent in parts, and can be longer than the channel.
     *
     * @param type a number of the program's choice
     * @param message its remaining bytes are the message; its position stays
     * @throws InterruptedException if the thread is interrupted before or during a wait; the message was not sent
     * @throws IllegalStateException if this sender is closed before or during the wait, or if this thread is writing a
     *     message in place or in parts
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
     */
    public void send(int type, ByteBuffer message) throws InterruptedException {
        if (!trySend(type, message)) {
            sendWhenRoom(type, message, Deadline.never());
        }
    }

    /**
     * Sends a message, and waits at most for this time while there is no room for it. As {@link #send(int,
     * ByteBuffer)}.
     *
     * @param type a number of the program's choice
     * @param message its remaining bytes are the message; its position stays
     * @param timeout the longest time to wait; a longer time than 146 years means 146 years
     * @return true if it was sent; false if the timeout passed first, and the receiver does not get the message
     * @throws InterruptedException as {@link #send(int, ByteBuffer)}
     * @throws IllegalArgumentException if the timeout is negative
     * @throws IllegalStateException as {@link #send(int, ByteBuffer)}
     * @throws SharedMemoryException as {@link #send(int, ByteBuffer)}
     */
    public boolean send(int type, ByteBuffer message, Duration timeout) throws InterruptedException {
        Deadline.check(timeout);
        return trySend(type, message) || sendWhenRoom(type, message, Deadline.after(timeout));
    }

    /** Without a look at the clock, which may take longer than the rest. */
    private boolean trySend(int type, ByteBuffer message) throws InterruptedException {
        Objects.requireNonNull(message, "message");
        Deadline.checkInterrupt();
        try {
            return message.remaining() <= writer.largestRecord() && writer.offer(type, message);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            // The cleaner must not close a sender while its last method runs.
            Reference.reachabilityFence(this);
        }
    }

    private boolean sendWhenRoom(int type, ByteBuffer message, long deadline) throws InterruptedException {
        try {
            return writer.sendWhenRoom(type, message, deadline);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Sends a message of type 0 if there is room for it. As {@link #offer(int, ByteBuffer)}.
     *
     * @param message its remaining bytes are the message; its position stays
     * @return true if it was sent; false if there is no room
     * @throws IllegalArgumentException as {@link #offer(int, ByteBuffer)}
     * @throws IllegalStateException as {@link #offer(int, ByteBuffer)}
     * @throws SharedMemoryException as {@link #offer(int, ByteBuffer)}
     */
    public boolean offer(ByteBuffer message) {
        return offer(0, message);
    }

    /**
     * Sends a message if there is room for it. Never waits for the receiver. While another thread waits to send by this
     * sender, or writes a message in place or in parts, there is no room.
     *
     * @param type a number of the program's choice
     * @param message its remaining bytes are the message, at most {@link #largestRecord()}; its position stays
     * @return true if it was sent; false if there is no room
     * @throws IllegalArgumentException if the message is longer
     * @throws IllegalStateException if this sender is closed, or if this thread is writing a message in place or in
     *     parts
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
     */
    public boolean offer(int type, ByteBuffer message) {
        Objects.requireNonNull(message, "message");
        checkLength(message.remaining());
        try {
            return writer.offer(type, message);
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void checkLength(int length) {
        if (length < 0 || length > largestRecord()) {
            throw new IllegalArgumentException("A record of the " + writer.what() + " cannot have " + length
                    + " bytes: give 0 to " + largestRecord() + ", half of its capacity. For a longer message use send "
                    + "or openMessage, which send it in parts.");
        }
    }

    /**
     * Claims room for a message of type 0, to write it in place. As {@link #tryClaim(int, int)}.
     *
     * @param length the length of the message in bytes, at most {@link #largestRecord()}
     * @return the claim, or null if there is no room
     * @throws IllegalArgumentException as {@link #tryClaim(int, int)}
     * @throws IllegalStateException as {@link #tryClaim(int, int)}
     * @throws SharedMemoryException as {@link #tryClaim(int, int)}
     */
    public Claim tryClaim(int length) {
        return tryClaim(0, length);
    }

    /**
     * Claims room for a message, to write it in place: {@link Claim#commit()} sends it, without a copy. Never waits for
     * the receiver.
     *
     * @param type a number of the program's choice
     * @param length the length of the message in bytes, at most {@link #largestRecord()}
     * @return the claim, or null if there is no room, as {@link #offer(int, ByteBuffer)} says
     * @throws IllegalArgumentException if the length is outside of this range
     * @throws IllegalStateException if this sender is closed, or if this thread is writing another message in place or
     *     in parts
     * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
     */
    public Claim tryClaim(int type, int length) {
        StackSpace.require();
        checkLength(length);
        try {
            // Made before its memory is claimed, as an error in between would leave a claim that nobody can close.
            Claim claim = new Claim(this, writer.tryClaim(type, length));
            return claim.claimed == null ? null : claim;
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Claims room for a message as {@link #tryClaim(int, int)}, and waits at most for this time while there is none.
     *
     * @param type a number of the program's choice
     * @param length the length of the message in bytes, at most {@link #largestRecord()}
     * @param timeout the longest time to wait; a longer time than 146 years means 146 years
     * @return the claim, or null if the timeout passed first
     * @throws InterruptedException if the thread is interrupted before or during a wait
     * @throws IllegalArgumentException if the length is outside of this range, or the timeout is negative
     * @throws IllegalStateException as {@link #tryClaim(int, int)}, also if this sender is closed during the wait
     * @throws SharedMemoryException as {@link #tryClaim(int, int)}
     */
    public Claim claim(int type, int length, Duration timeout) throws InterruptedException {
        StackSpace.require();
        checkLength(length);
        long deadline = Deadline.after(timeout);
        Deadline.checkInterrupt();
        try {
            // Made before its memory is claimed, as an error in between would leave a claim that nobody can close.
            Claim claim = new Claim(this, writer.claim(type, length, deadline));
            return claim.claimed == null ? null : claim;
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Begins a message of type 0 in parts. As {@link #openMessage(int)}.
     *
     * @return the message
     * @throws InterruptedException as {@link #openMessage(int)}
     * @throws IllegalStateException as {@link #openMessage(int)}
     */
    public OutgoingMessage openMessage() throws InterruptedException {
        return openMessage(0);
    }

    /**
     * Begins a message of any length, which is sent in parts as it is written. The receiver gets it as one message, or
     * part by part. Until it is {@linkplain OutgoingMessage#commit() committed} or closed, no other message is sent by
     * this sender: other threads wait.
     *
     * @param type a number of the program's choice
     * @return the message
     * @throws InterruptedException if the thread is interrupted before or while it waits for another thread's message
     * @throws IllegalStateException if this sender is closed before or during the wait, or if this thread is writing
     *     another message in place or in parts
     */
    public OutgoingMessage openMessage(int type) throws InterruptedException {
        StackSpace.require();
        Deadline.checkInterrupt();
        try {
            return new OutgoingMessage(this, writer.begin(type, Deadline.never()));
        } catch (Failure e) {
            throw SharedMemoryException.of(e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * A message that is written in place. One thread writes it, and commits or closes it.
     *
     * <pre>{@code
     * try (MessageSender.Claim frame = sender.claim(FRAME, 1920 * 1080 * 3, timeout)) {
     *     camera.readInto(frame.buffer());
     *     frame.commit();
     * }
     * }</pre>
     */
    public static final class Claim implements AutoCloseable {
        private final MessageSender sender;
        private final ChannelWriter.Outgoing claimed;

        /** For the thread that writes the message: then nothing is left to give up. */
        private boolean committed;

        private Claim(MessageSender sender, ChannelWriter.Outgoing claimed) {
            this.sender = sender;
            this.claimed = claimed;
        }

        /**
         * Returns the bytes of the message, in the machine's byte order. At first they have the content of an earlier
         * message. Do not change them after {@link #commit()}: the receiver may get the change.
         *
         * @return a new buffer over the message
         * @throws IllegalStateException if the sender is closed
         */
        public ByteBuffer buffer() {
            return claimed.bytes();
        }

        /**
         * Returns a pointer to the bytes of the message, for JNA structures and calls. As {@link #buffer()}.
         *
         * @return a pointer that checks its bounds
         * @throws IllegalStateException if the sender is closed
         */
        public Pointer pointer() {
            StackSpace.require();
            return claimed.pointer();
        }

        /**
         * Sends the message.
         *
         * @throws IllegalStateException if it was committed or closed before, or if the sender is closed
         */
        public void commit() {
            StackSpace.require();
            try {
                sender.writer.commit(claimed);
                committed = true;
            } finally {
                Reference.reachabilityFence(sender);
            }
        }

        /** Gives the message up, unless it was committed: the receiver gets nothing. Further calls do nothing. */
        @Override
        public void close() {
            if (committed) {
                return;
            }
            StackSpace.require();
            try {
                sender.writer.abort(claimed);
            } finally {
                Reference.reachabilityFence(sender);
            }
        }
    }

    /**
     * A message that is sent in parts, as it is written. Its methods are called by one thread at a time. {@link
     * #commit()} ends the message. {@link #close()} without a commit gives the message up, so that after an exception
     * no incomplete message is received.
     *
     * <pre>{@code
     * try (MessageSender.OutgoingMessage message = sender.openMessage(FILE)) {
     *     file.transferTo(0, file.size(), message);
     *     message.commit();
     * }
     * }</pre>
     */
    public static final class OutgoingMessage implements WritableByteChannel {
        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        private final MessageSender sender;
        private final ChannelWriter.Outgoing message;
        private volatile boolean ended;

        private OutgoingMessage(MessageSender sender, ChannelWriter.Outgoing message) {
            this.sender = sender;
            this.message = message;
        }

        /**
         * Sends all remaining bytes of a buffer as further parts of the message, and waits while there is no room.
         *
         * @param bytes the bytes; its position moves to its limit
         * @return how many bytes were written
         * @throws InterruptedIOException if the thread is interrupted before or during a wait; its interrupt status is
         *     set again. What was written so far stays a part of the message
         * @throws IllegalStateException if the message was committed or closed before, or if the sender is closed
         * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
         */
        @Override
        public int write(ByteBuffer bytes) throws InterruptedIOException {
            StackSpace.require();
            Objects.requireNonNull(bytes, "bytes");
            int length = bytes.remaining();
            write(deadline -> sender.writer.write(message, bytes, deadline));
            return length;
        }

        /**
         * Ends the message. Waits while there is no room for its end.
         *
         * @throws InterruptedIOException if the thread is interrupted before or during a wait; its interrupt status is
         *     set again, and the message is not ended
         * @throws IllegalStateException if the message was committed or closed before, or if the sender is closed
         * @throws SharedMemoryException {@code CORRUPT} if another program has overwritten the channel
         */
        public void commit() throws InterruptedIOException {
            StackSpace.require();
            write(deadline -> sender.writer.finish(message, NOTHING, deadline));
            ended = true;
        }

        private interface Writing {
            boolean until(long deadline) throws InterruptedException;
        }

        private void write(Writing writing) throws InterruptedIOException {
            try {
                Deadline.checkInterrupt();
                writing.until(Deadline.never());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while writing to the " + sender.writer.what() + ".");
            } catch (Failure e) {
                throw SharedMemoryException.of(e);
            } finally {
                Reference.reachabilityFence(sender);
            }
        }

        /**
         * Returns true if the message can be written to.
         *
         * @return false after {@link #commit()} or {@link #close()}
         */
        @Override
        public boolean isOpen() {
            return !ended && !sender.isClosed();
        }

        /**
         * Gives the message up, unless it was committed: the receiver drops the parts that have arrived. Further calls
         * do nothing.
         */
        @Override
        public void close() {
            StackSpace.require();
            ended = true;
            try {
                sender.writer.abort(message);
            } finally {
                Reference.reachabilityFence(sender);
            }
        }
    }

    /**
     * Returns the length of the longest message that goes as a whole, and so can be {@linkplain #offer offered} and
     * {@linkplain #tryClaim claimed}: half of the capacity, less 8 bytes.
     *
     * @return the length in bytes
     */
    public int largestRecord() {
        return writer.largestRecord();
    }

    /**
     * Returns how many receivers get the messages that are sent from now on. A sender of a broadcast channel can use
     * this to wait for the first receiver: without a receiver, a message is lost. Takes a system call for each
     * receiver. A receiver counts if the system does not report whether its process lives.
     *
     * @return the number of receivers; in a channel that is not for broadcast, 0 or 1
     * @throws IllegalStateException if this sender is closed
     */
    public int receivers() {
        StackSpace.require();
        try {
            return writer.openChannel().receivers();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns how many bytes were sent and are not yet released by the receiver, in a broadcast channel by the slowest
     * receiver. Each message counts with a header of 8 bytes, and its length is rounded up to a multiple of 8. Messages
     * that the receiver is handling are released at the end of its call. 0 means that everything was received.
     *
     * @return the number of bytes
     * @throws IllegalStateException if this sender is closed
     */
    public long backlog() {
        return writer.openChannel().backlog();
    }

    /**
     * Returns how many messages were begun and never finished, since the channel was created: their senders died in the
     * middle of them, or gave up messages of which a part was sent. It counts modulo 16,777,216 for each sender. Takes
     * a system call if a message is unfinished.
     *
     * @return the number of messages
     * @throws IllegalStateException if this sender is closed
     */
    public long aborted() {
        StackSpace.require();
        try {
            return writer.openChannel().aborted();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Returns how often a sender found no room, since the channel was created. If that is often, the receiver is too
     * slow, or the channel too small.
     *
     * @return the number of times
     * @throws IllegalStateException if this sender is closed
     */
    public long fullCount() {
        return writer.openChannel().full();
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
        return writer.channel().shape().capacity();
    }

    /**
     * Returns true if this sender is closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return writer.isClosed();
    }

    /**
     * Closes this sender, ends the waits of other threads, and gives up a message that is being written in place or in
     * parts. Messages that were sent stay in the channel. Further calls do nothing.
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
            return writer.toString();
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
