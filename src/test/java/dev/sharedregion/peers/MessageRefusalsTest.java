package dev.sharedregion.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.MessageLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Java and C refuse, in the same words, and that their calls end when another program overwrites the channel. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MessageRefusalsTest extends MessageSides {
    private static final int SPOILS = Sizes.of("sharedregion.messagePeersSpoils", 60, 2_000);

    MessageRefusalsTest() {
        super(TestNames.unique());
    }

    // What is refused.

    @EachLanguage
    void whatHasNoRoomIsRefusedInTheSameWords(Language holder) throws Exception {
        try (Side receiver = receiver(holder);
                Side sender = sender(holder)) {
            assertRefused("IN_USE", "send", CAPACITY, 1, 0);
            assertRefused("IN_USE", "receive", CAPACITY, 1, 0);
            end(sender, receiver);
        }
        try (Side first = ready(start(holder, "send", CAPACITY, 2, 0));
                Side second = ready(start(other(holder), "send", CAPACITY, 2, 0))) {
            assertRefused("IN_USE", "send", CAPACITY, 2, 0);
            end(first);
            try (Side third = ready(start(other(holder), "send", CAPACITY, 2, 0))) {
                assertRefused("IN_USE", "send", CAPACITY, 2, 0);
                end(second, third);
            }
        }
    }

    @EachLanguage
    void aChannelOfAnotherShapeIsRefusedInTheSameWords(Language holder) throws Exception {
        for (int senders : new int[] {1, 3}) {
            try (Side sender = ready(start(holder, "send", CAPACITY, senders, -7))) {
                for (String role : List.of("send", "receive")) {
                    assertRefused("WRONG_KIND", role, CAPACITY + 64, senders, -7);
                    assertRefused("WRONG_KIND", role, CAPACITY, senders + 1, -7);
                    assertRefused("WRONG_KIND", role, CAPACITY, 4 - senders, 0);
                    assertRefused("WRONG_KIND", role, CAPACITY, senders, 8);
                }
                try (Side receiver = ready(start(other(holder), "receive", CAPACITY, senders, 0))) {
                    end(receiver, sender);
                }
            }
        }
    }

    @Test
    void anOverwrittenChannelIsRefusedInTheSameWords() throws Exception {
        try (Side sender = sender(Language.JAVA);
                Side receiver = receiver(Language.C);
                SharedRegion memory = memory()) {
            end(sender, receiver);
            for (int field : new int[] {MessageLayout.CAPACITY, MessageLayout.SENDERS}) {
                long before = memory.pointer().getLong(field);
                for (long value : new long[] {0, 1_000, -64, 1L << 31, 1L << 62}) {
                    memory.pointer().setLong(field, value);
                    assertRefused("CORRUPT", "send", CAPACITY, 1, 0);
                    assertRefused("CORRUPT", "receive", CAPACITY, 1, 0);
                }
                memory.pointer().setLong(field, before);
            }
            for (long value : new long[] {0, 65, -1, 1L << 32, 1L << 33 | 1}) {
                memory.pointer().setLong(MessageLayout.RECEIVERS, value);
                assertRefused("CORRUPT", "send", CAPACITY, 1, 0);
                assertRefused("CORRUPT", "receive", CAPACITY, 1, 0);
            }
            memory.pointer().setLong(MessageLayout.RECEIVERS, 1);
            for (int position : new int[] {LANE + MessageLayout.LANE_TAIL, LANE + MessageLayout.LANE_HEAD}) {
                for (long value : new long[] {4, 1L << 62}) {
                    memory.pointer().setLong(position, value);
                    assertRefused("CORRUPT", "send", CAPACITY, 1, 0);
                    assertRefused("CORRUPT", "receive", CAPACITY, 1, 0);
                }
                memory.pointer().setLong(position, 0);
            }
        }
    }

    @Test
    void aChannelForBroadcastIsRefusedInC() throws Exception {
        MessageOptions plain = MessageOptions.defaults();
        for (MessageOptions options : List.of(plain.receivers(2), plain.lossy())) {
            try (MessageSender sender = MessageSender.create(name, CAPACITY, options)) {
                for (String role : List.of("send", "receive")) {
                    assertStarts(
                            "UNSUPPORTED: Cannot open channel \"" + sender.name() + "\": it is for broadcast",
                            refusal(Language.C, role));
                }
            }
        }
    }

    /** As of all the library's blocks, Java also names the region. */
    @EachLanguage
    void anotherProgramsRegionIsRefused(Language language) throws Exception {
        try (SharedRegion memory = SharedRegion.create(name + ".messages", 1 << 13)) {
            memory.pointer().write(0, MessageLayout.MAGIC_VALUE, 0, MessageLayout.MAGIC_VALUE.length);
            memory.pointer().setShort(MessageLayout.VERSION, (short) 99);
            for (String role : List.of("send", "receive")) {
                assertStarts("UNSUPPORTED: Cannot open channel \"" + name + "\": ", refusal(language, role));
            }
            memory.pointer().setByte(MessageLayout.MAGIC, (byte) 'x');
            for (String role : List.of("send", "receive")) {
                assertStarts("WRONG_KIND: Cannot open channel \"" + name + "\": ", refusal(language, role));
            }
        }
    }

    private static void assertStarts(String start, String line) {
        assertTrue(line.startsWith(start), line);
    }

    private String refusal(Language language, String role) throws Exception {
        return refusal(language, role, CAPACITY, 1, 0);
    }

    /** By both languages. Only what the program can use instead has another name, and Java knows its own process. */
    private void assertRefused(String reason, String role, int capacity, int senders, long schema) throws Exception {
        String inJava = refusal(Language.JAVA, role, capacity, senders, schema);
        String inC = refusal(Language.C, role, capacity, senders, schema);
        assertStarts(reason + ": Cannot ", inC);
        String expected = inJava.replace(" by MessageOptions.senders", "").replace("a MessageSender", "a sender");
        assertEquals(expected.replace(" (this one)", ""), inC);
    }

    private String refusal(Language language, String role, int capacity, int senders, long schema) throws Exception {
        try (Side side = start(language, role, capacity, senders, schema)) {
            return side.nextLine();
        }
    }

    // A program that writes anything to the channel.

    @EachLanguage
    void aReceiverFindsThatTheChannelIsOverwritten(Language language) throws Exception {
        try (Side receiver = receiver(language);
                Side sender = sender(other(language));
                SharedRegion memory = memory()) {
            int tail = LANE + MessageLayout.LANE_TAIL;
            for (long word : new long[] {-8, 4, CAPACITY + 8, 1L << 62, Long.MIN_VALUE}) {
                memory.pointer().setLong(tail, word);
                ask(receiver, "receive 1 0", "CORRUPT 0");
                ask(receiver, "parts 1 20", "CORRUPT 0");
            }
            memory.pointer().setLong(tail, 0);
            ask(sender, "send 1 8 0", "OK");
            int record = MessageLayout.RINGS_ALIGNMENT;
            int before = memory.pointer().getInt(record);
            for (int kind = 0; kind < 8; kind++) {
                for (int length : new int[] {9, CAPACITY, (1 << MessageLayout.KIND_SHIFT) - 1}) {
                    if (kind != MessageLayout.PADDING || length == 9) {
                        memory.pointer().setInt(record, kind << MessageLayout.KIND_SHIFT | length);
                        ask(receiver, "receive 1 0", "CORRUPT 0");
                        ask(receiver, "parts 1 20", "CORRUPT 0");
                    }
                }
            }
            memory.pointer().setInt(record, before);
            ask(receiver, "receive 1 0", "OK 1 1/8");
            end(sender, receiver);
        }
    }

    @EachLanguage
    void aSenderFindsThatTheChannelIsOverwritten(Language language) throws Exception {
        try (Side receiver = receiver(other(language));
                Side sender = sender(language);
                SharedRegion memory = memory()) {
            ask(sender, "offer 1 504", "OK");
            ask(sender, "offer 2 504", "OK");
            for (long word : new long[] {-8, 4, CAPACITY / 2 + 4, CAPACITY + 8, 1L << 62, Long.MIN_VALUE}) {
                memory.pointer().setLong(LANE + MessageLayout.LANE_HEAD, word);
                ask(sender, "offer 3 8", "CORRUPT");
                ask(sender, "send 3 8 20", "CORRUPT");
                ask(sender, "claim 3 8 20", "CORRUPT");
            }
            memory.pointer().setLong(LANE + MessageLayout.LANE_HEAD, 0);
            ask(sender, "offer 3 8", "TIMED_OUT");
            ask(receiver, "receive 9 0", "OK 2 1/504 2/504");
            end(sender, receiver);
        }
    }

    @EachLanguage
    void callsEndWhateverTheChannelHas(Language language) throws Exception {
        List<String> receives = List.of("receive 5 1", "parts 5 1", "backlog", "aborted", "full");
        List<String> sends = List.of(
                "offer 1 8", "send 1 600 1", "claim 1 8 1", "commit", "begin 1", "abort", "backlog", "aborted", "full");
        try (Side receiver = receiver(language);
                Side sender = sender(language);
                SharedRegion memory = memory()) {
            Random random = new Random(42);
            for (int spoil = 0; spoil < SPOILS; spoil++) {
                long word = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(2 * CAPACITY) - 8L;
                memory.pointer().setLong(spoiled(random), word);
                assertAnswers(sender, sends.get(random.nextInt(sends.size())));
                assertAnswers(receiver, receives.get(random.nextInt(receives.size())));
            }
            end(sender, receiver);
        }
    }

    /** Not the owner slots. */
    private static int spoiled(Random random) {
        int[] words = {
            MessageLayout.RECEIVER_ASLEEP,
            MessageLayout.USED,
            LANE + MessageLayout.LANE_UNFINISHED,
            LANE + MessageLayout.LANE_FULL,
            LANE + MessageLayout.LANE_TAIL,
            LANE + MessageLayout.LANE_HEAD,
            LANE + MessageLayout.LANE_ASLEEP
        };
        return random.nextBoolean()
                ? words[random.nextInt(words.length)]
                : MessageLayout.RINGS_ALIGNMENT + 8 * random.nextInt(CAPACITY / 8);
    }

    private static void assertAnswers(Side side, String command) {
        side.send(command);
        String answer = side.nextLine();
        assertTrue(answer.matches("(OK|TIMED_OUT|CORRUPT|NO_SPACE|OUT_OF_TURN|-?\\d+)( .*)?"), answer);
    }
}
