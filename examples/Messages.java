import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedMemoryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import terminal.Utf8Console;

/** Sends the lines that are typed, or prints the lines of all senders: {@code send [name]|receive [name [number]]}. */
public final class Messages {
    private static final int CAPACITY = 1 << 16;
    private static final MessageOptions OPTIONS = MessageOptions.defaults().senders(8);

    private static final int BATCH = 100;
    private static final Duration A_WHILE = Duration.ofDays(1);

    /** How many lines are left to be printed. */
    private long left;

    private Messages(long lines) {
        left = lines;
    }

    public static void main(String[] args) throws InterruptedException {
        try {
            String role = args.length > 0 ? args[0] : "";
            String name = args.length > 1 ? args[1] : "messages";
            long number = args.length > 2 ? Long.parseLong(args[2]) : Long.MAX_VALUE;
            switch (role) {
                case "send" -> send(name);
                case "receive" -> new Messages(number).receive(name);
                default -> throw new IllegalArgumentException("Usage: Messages send [name]|receive [name [number]]");
            }
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            Utf8Console.say(e.getMessage());
            System.exit(1);
        }
    }

    private static void send(String name) throws IOException, InterruptedException {
        try (MessageSender sender = MessageSender.openOrCreate(name, CAPACITY, OPTIONS)) {
            Utf8Console.say(
                    "Sending to the channel \"" + name + "\". Type lines; end with " + Utf8Console.END_KEY + ".");
            InputStream input = Utf8Console.input();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = input.read(); next >= 0; next = input.read()) {
                if (next == '\n') {
                    send(sender, line);
                } else {
                    line.write(next);
                }
            }
            if (line.size() > 0) {
                send(sender, line);
            }
            // The channel ends with its last process, and what is in it, too.
            while (sender.backlog() > 0) {
                Thread.sleep(10);
            }
        }
    }

    /** Sends a line, however long it is, and begins the next one. The end of a line on Windows is no part of it. */
    private static void send(MessageSender sender, ByteArrayOutputStream line) throws InterruptedException {
        byte[] text = line.toByteArray();
        int length = text.length > 0 && text[text.length - 1] == '\r' ? text.length - 1 : text.length;
        sender.send(ByteBuffer.wrap(text, 0, length));
        line.reset();
    }

    private void receive(String name) throws IOException, InterruptedException {
        // Goes on with the channel of a receiver that has ended, or was killed, while senders have it open.
        try (MessageReceiver receiver = MessageReceiver.openOrCreate(name, CAPACITY, OPTIONS)) {
            Utf8Console.say("Receiving from the channel \"" + name + "\".");
            PrintStream output = new PrintStream(Utf8Console.output());
            while (left > 0) {
                int limit = (int) Math.min(BATCH, left);
                receiver.receive((type, message) -> print(message, output), limit, A_WHILE);
                if (output.checkError()) {
                    throw new IOException("Cannot print.");
                }
            }
        }
    }

    /** Prints it before the receiver releases it: what is not printed when this process is killed comes again. */
    private void print(ByteBuffer message, PrintStream output) {
        byte[] text = new byte[message.remaining()];
        message.get(text);
        output.write(text, 0, text.length);
        output.write('\n');
        output.flush();
        left--;
    }
}
