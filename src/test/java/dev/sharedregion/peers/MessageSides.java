package dev.sharedregion.peers;

import static dev.sharedregion.helpers.Reasons.assertReason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageReceiver;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.message.MessageLayout;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Channels whose senders and receivers are in Java and in C, for the tests of this package. {@code messages_peer.c} is the
 * program in C, and {@link MessagesPeer} does the same in Java: in a thread of this process, or in a JVM that is killed.
 */
abstract class MessageSides {
    static final Duration LONG = Duration.ofMinutes(1);
    static final String LONG_MILLIS = " 60000";
    static final int CAPACITY = 1024;
    static final int LONGEST = 1 << 16;
    static final int LANE = MessageLayout.LANE_SIZE;

    enum Language {
        JAVA,
        C
    }

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @CsvSource({"C, JAVA", "JAVA, C", "C, C", "JAVA, JAVA"})
    @interface EachPair {}

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @EnumSource
    @interface EachLanguage {}

    /** A sender or receiver that does one command a line. */
    interface Side extends AutoCloseable {
        void send(String command);

        String nextLine();

        /** Closes its end of the channel. */
        void end();

        @Override
        void close();
    }

    /** In another process. */
    record ProcessSide(Peer peer) implements Side {
        @Override
        public void send(String command) {
            peer.send(command);
        }

        @Override
        public String nextLine() {
            return peer.nextLine();
        }

        @Override
        public void end() {
            peer.closeInput();
            assertEquals(0, peer.exitStatus(), peer::errors);
        }

        /** As {@code kill -9} does. */
        void kill() {
            peer.kill();
        }

        /** What it has complained of. */
        @Override
        public String toString() {
            return peer.errors();
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    /** In a thread of this process. */
    static final class ThreadSide implements Side, MessagesPeer.Lines {
        private static final String END = new String("end");

        private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final Thread thread;

        ThreadSide(String... arguments) {
            thread = new Thread(() -> {
                try {
                    new MessagesPeer(this).run(arguments);
                } catch (IOException | InterruptedException e) {
                    answers.add("ended: " + e);
                } catch (RuntimeException | Error e) {
                    answers.add("failed: " + e);
                }
            });
            thread.start();
        }

        @Override
        public String read() throws InterruptedException {
            String command = commands.take();
            return command == END ? null : command;
        }

        @Override
        public void write(String line) {
            answers.add(line);
        }

        @Override
        public void send(String command) {
            commands.add(command);
        }

        @Override
        public String nextLine() {
            try {
                String line = answers.poll(2 * LONG.toSeconds(), TimeUnit.SECONDS);
                assertTrue(line != null, "no answer");
                return line;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void end() {
            send(END);
            join();
        }

        private void join() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
            join();
        }
    }

    final String name;

    MessageSides(String name) {
        this.name = name;
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertReason(Reason.NOT_FOUND, () -> MessageReceiver.open(name));
        assertReason(Reason.NOT_FOUND, () -> SharedRegion.open(name + ".messages"));
        for (String event : List.of(".sent", ".freed.1", ".freed.2")) {
            assertReason(Reason.NOT_FOUND, () -> NamedEvent.open(name + event));
        }
        TestNames.removeLeftovers(name);
    }

    // The sides.

    static Peer c(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.cPeer("messages").toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return Peer.start(command);
    }

    String[] arguments(String role, int capacity, int senders, long schema) {
        Stream<Object> all = Stream.of(role, name, capacity, senders, schema, LONGEST);
        return all.limit(role.equals("send") ? 5 : 6).map(Object::toString).toArray(String[]::new);
    }

    Side start(Language language, String role, int capacity, int senders, long schema) throws Exception {
        return language == Language.JAVA
                ? new ThreadSide(arguments(role, capacity, senders, schema))
                : inAProcess(language, role, capacity, senders, schema);
    }

    ProcessSide inAProcess(Language language, String role, int capacity, int senders, long schema)
            throws Exception {
        String[] arguments = arguments(role, capacity, senders, schema);
        if (language == Language.JAVA) {
            return new ProcessSide(Peer.java(MessagesPeer.class, arguments));
        }
        return new ProcessSide(c((Object[]) ofC(arguments)));
    }

    static String[] ofC(String[] arguments) {
        return Stream.concat(Stream.of("ask"), Stream.of(arguments)).toArray(String[]::new);
    }

    static <T extends Side> T ready(T side) {
        assertEquals("ready", side.nextLine(), side::toString);
        return side;
    }

    Side sender(Language language, int capacity) throws Exception {
        return ready(start(language, "send", capacity, 1, 0));
    }

    Side sender(Language language) throws Exception {
        return sender(language, CAPACITY);
    }

    Side receiver(Language language, int capacity) throws Exception {
        return ready(start(language, "receive", capacity, 1, 0));
    }

    Side receiver(Language language) throws Exception {
        return receiver(language, CAPACITY);
    }

    ProcessSide senderToKill(Language language) throws Exception {
        return ready(inAProcess(language, "send", CAPACITY, 1, 0));
    }

    ProcessSide receiverToKill(Language language) throws Exception {
        return ready(inAProcess(language, "receive", CAPACITY, 1, 0));
    }

    static Language other(Language language) {
        return language == Language.C ? Language.JAVA : Language.C;
    }

    static void ask(Side side, String command, String answer) {
        side.send(command);
        assertEquals(answer, side.nextLine(), command);
    }

    /** What both sides find in the whole channel. */
    static void askBoth(Side first, Side second, String command, String answer) {
        ask(first, command, answer);
        ask(second, command, answer);
    }

    static void end(Side... sides) {
        Stream.of(sides).forEach(Side::end);
    }

    /** The channel's memory, as another program has it. */
    SharedRegion memory() {
        return SharedRegion.open(name + ".messages");
    }

    static void sendParts(Side sender, int number, int... lengths) {
        ask(sender, "begin " + number, "OK");
        for (int length : lengths) {
            ask(sender, "write " + length + " 0", "OK");
        }
        ask(sender, "finish 0", "OK");
    }

    void awaitAsleep(int place) throws Exception {
        try (SharedRegion memory = memory()) {
            long giveUp = System.nanoTime() + LONG.toNanos();
            while (memory.pointer().getInt(place) != 1) {
                assertTrue(System.nanoTime() - giveUp < 0, "nobody sleeps");
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }
}
