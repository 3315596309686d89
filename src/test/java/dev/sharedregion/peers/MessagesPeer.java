package dev.sharedregion.peers;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessagePartHandler;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.helpers.Whole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A sender or the receiver of a channel that does one command a line and answers with a line: {@code messages_peer.c},
 * which has the commands, in Java. As a program, or in a thread of the test.
 */
final class MessagesPeer {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** Where the commands come from, and the answers go. */
    interface Lines {
        /** Null at the end. */
        String read() throws IOException, InterruptedException;

        void write(String line);
    }

    private final Lines lines;

    // Of a sender.

    private int type;
    private MessageSender.Claim claim;
    private MessageSender.OutgoingMessage message;

    /** Of the message in parts. */
    private long number;

    private int written;

    // Of a receiver, what a call has handed over.

    private StringBuilder told;
    private int count;
    private int holdAfter;

    MessagesPeer(Lines lines) {
        this.lines = lines;
    }

    /** {@code send NAME CAPACITY SENDERS SCHEMA} or {@code receive NAME CAPACITY SENDERS SCHEMA LONGEST}. */
    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        new MessagesPeer(new Lines() {
                    @Override
                    public String read() throws IOException {
                        return input.readLine();
                    }

                    @Override
                    public void write(String line) {
                        output.println(line);
                    }
                })
                .run(arguments);
    }

    /** Until the end of the commands. */
    void run(String... arguments) throws IOException, InterruptedException {
        String name = arguments[1];
        int capacity = Integer.parseInt(arguments[2]);
        MessageOptions options = MessageOptions.defaults()
                .senders(Math.max(1, Integer.parseInt(arguments[3])))
                .schema(Long.parseLong(arguments[4]));
        try {
            if (arguments[0].equals("send")) {
                send(name, capacity, options);
            } else {
                receive(name, capacity, options.longestAssembled(Integer.parseInt(arguments[5])));
            }
        } catch (SharedMemoryException e) {
            lines.write(e.reason() + ": " + e.getMessage());
        }
    }

    // Content.

    /** The number of a message. If it has less than 8 bytes, the number fits into them. */
    static long number(ByteBuffer message) {
        ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        first.put(0, message, 0, Math.min(Long.BYTES, message.remaining()));
        return first.getLong(0);
    }

    // The sender.

    private void send(String name, int capacity, MessageOptions options) throws IOException, InterruptedException {
        try (MessageSender sender = capacity == 0
                ? MessageSender.open(name, LONG, options)
                : MessageSender.openOrCreate(name, capacity, options)) {
            lines.write("ready");
            for (String line; (line = lines.read()) != null; ) {
                lines.write(answer(sender, line.split(" ")));
            }
        }
    }

    private String answer(MessageSender sender, String[] command) throws IOException, InterruptedException {
        try {
            return switch (command[0]) {
                case "backlog" -> "" + sender.backlog();
                case "aborted" -> "" + sender.aborted();
                case "full" -> "" + sender.fullCount();
                default -> run(sender, command) ? "OK" : "TIMED_OUT";
            };
        } catch (SharedMemoryException e) {
            return e.reason().toString();
        } catch (IllegalStateException e) {
            return "OUT_OF_TURN";
        } catch (IllegalArgumentException e) {
            return "BAD_ARGUMENT";
        }
    }

    /** False if the time was up. */
    private boolean run(MessageSender sender, String[] command) throws IOException, InterruptedException {
        switch (command[0]) {
            case "type" -> type = Integer.parseInt(command[1]);
            case "send" -> {
                return sender.send(type, content(command), millis(command[3]));
            }
            case "offer" -> {
                return sender.offer(type, content(command));
            }
            case "claim" -> {
                MessageSender.Claim made = sender.claim(type, Integer.parseInt(command[2]), millis(command[3]));
                if (made == null) {
                    return false;
                }
                made.buffer().put(content(command));
                claim = made;
            }
            case "commit" -> claim.commit();
            case "begin" -> {
                message = sender.openMessage(type);
                number = Long.parseLong(command[1]);
                written = 0;
            }
            case "write" -> written += message.write(Whole.part(number, written, Integer.parseInt(command[1])));
            case "finish" -> message.commit();
            case "abort" -> abort();
            default -> throw new IllegalArgumentException(String.join(" ", command));
        }
        return true;
    }

    private void abort() {
        if (claim != null) {
            claim.close();
        }
        if (message != null) {
            message.close();
        }
    }

    private static ByteBuffer content(String[] command) {
        return Whole.part(Long.parseLong(command[1]), 0, Integer.parseInt(command[2]));
    }

    private static Duration millis(String text) {
        return Duration.ofMillis(Long.parseLong(text));
    }

    // The receiver.

    private void receive(String name, int capacity, MessageOptions options) throws IOException, InterruptedException {
        try (MessageReceiver receiver = capacity == 0
                ? MessageReceiver.open(name, LONG, options)
                : MessageReceiver.openOrCreate(name, capacity, options)) {
            lines.write("ready");
            for (String line; (line = lines.read()) != null; ) {
                lines.write(answer(receiver, line.split(" ")));
            }
        }
    }

    private String answer(MessageReceiver receiver, String[] command) throws InterruptedException {
        return switch (command[0]) {
            case "backlog" -> "" + receiver.backlog();
            case "aborted" -> "" + receiver.aborted();
            case "full" -> "" + receiver.fullCount();
            default -> run(receiver, command);
        };
    }

    private String run(MessageReceiver receiver, String[] command) throws InterruptedException {
        told = new StringBuilder();
        count = 0;
        holdAfter = command.length > 3 ? Integer.parseInt(command[3]) : 0;
        int limit = Integer.parseInt(command[1]);
        Duration timeout = millis(command[2]);
        String reason;
        try {
            int got = command[0].equals("parts")
                    ? receiver.receiveParts(new Parts(), limit, timeout)
                    : receiver.receive(this::tellMessage, limit, timeout);
            reason = got == 0 ? "TIMED_OUT" : "OK";
        } catch (SharedMemoryException e) {
            reason = e.reason().toString();
        }
        return reason + " " + count + told;
    }

    private void tellMessage(int itsType, ByteBuffer bytes) {
        count++;
        long itsNumber = number(bytes);
        told.append(' ').append(itsNumber).append('/').append(bytes.remaining());
        tellType(itsType);
        if (!Whole.part(itsNumber, 0, bytes.remaining()).equals(bytes)) {
            told.append(" TORN");
        }
        if (count == holdAfter) {
            lines.write("holding");
            try {
                lines.read();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void tellType(int itsType) {
        if (itsType != 0) {
            told.append(':').append(itsType);
        }
    }

    private final class Parts implements MessagePartHandler {
        @Override
        public void onPart(int sender, int itsType, ByteBuffer part, boolean last) {
            count++;
            told.append(last ? " ." : " ").append(part.remaining());
            tellType(itsType);
        }

        @Override
        public void onAborted(int sender) {
            told.append(" !");
        }
    }
}
