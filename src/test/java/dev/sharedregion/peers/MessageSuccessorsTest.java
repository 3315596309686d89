package dev.sharedregion.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.NamedEvent;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.message.MessageLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Senders and receivers that are killed, and their successors in the same and in the other language. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MessageSuccessorsTest extends MessageSides {
    /** Milliseconds: longer than a test waits for an answer. */
    private static final String ENDLESS = " 600000";

    private static final String FIRST_TWO = "OK 2 1/120 2/120";

    MessageSuccessorsTest() {
        super(TestNames.unique());
    }

    // Senders that are killed.

    /** What it was in the middle of is counted once: while the lane is free, and after a successor has come. */
    @EachPair
    void aSenderSucceedsAKilledOne(Language killed, Language next) throws Exception {
        int aborted = 0;
        try (Side receiver = receiver(killed)) {
            List<List<String>> lives = List.of(
                    List.of("claim 9 100 0"),
                    List.of("begin 9", "write 100 0", "write 100 0"),
                    List.of("begin 9"),
                    List.of("begin 9", "write 100 0", "finish 0", "claim 9 100 0", "abort"));
            // A JVM takes its time to start.
            for (List<String> life : killed == Language.C || Sizes.EXHAUSTIVE ? lives : lives.subList(0, 2)) {
                try (ProcessSide sender = senderToKill(killed)) {
                    ask(sender, "send 1 20 0", "OK");
                    life.forEach(command -> ask(sender, command, "OK"));
                    askBoth(sender, receiver, "aborted", "" + aborted);
                    sender.kill();
                }
                aborted += lives.indexOf(life) < 2 ? 1 : 0;
                ask(receiver, "aborted", "" + aborted);
                try (Side sender = sender(next)) {
                    askBoth(sender, receiver, "aborted", "" + aborted);
                    ask(sender, "send 2 20 0", "OK");
                    String finished = life.contains("finish 0") ? "OK 3 1/20 9/100 2/20" : "OK 2 1/20 2/20";
                    ask(receiver, "receive 9 0", finished);
                    end(sender);
                }
                ask(receiver, "aborted", "" + aborted);
            }
            end(receiver);
        }
    }

    @EachLanguage
    void theReceiverIsToldThatTheSenderOfPartsHasDied(Language to) throws Exception {
        try (Side receiver = receiver(to);
                ProcessSide sender = senderToKill(Language.C)) {
            ask(sender, "begin 1", "OK");
            ask(sender, "write 100 0", "OK");
            ask(receiver, "parts 9 0", "OK 1 100");
            ask(receiver, "parts 9 200", "TIMED_OUT 0");
            ask(sender, "write 50 0", "OK");
            sender.kill();
            ask(receiver, "parts 9 0", "OK 1 50");
            ask(receiver, "parts 9 200", "TIMED_OUT 0 !");
            ask(receiver, "parts 9 200", "TIMED_OUT 0");
            try (Side next = sender(other(to))) {
                sendParts(next, 2, 8);
                ask(receiver, "parts 9 0", "OK 2 8 .0");
                end(next, receiver);
            }
        }
    }

    @EachLanguage
    void aSenderSucceedsOneThatWasKilledAsleep(Language next) throws Exception {
        int word = LANE + MessageLayout.LANE_ASLEEP;
        try (Side receiver = receiver(Language.C);
                SharedRegion memory = memory()) {
            try (ProcessSide sender = senderToKill(Language.C)) {
                ask(sender, "offer 1 504", "OK");
                ask(sender, "offer 2 504", "OK");
                sender.send("send 3 8" + LONG_MILLIS);
                awaitAsleep(word);
                sender.kill();
            }
            assertEquals(1, memory.pointer().getInt(word));
            try (Side sender = sender(next)) {
                assertEquals(0, memory.pointer().getInt(word));
                sender.send("send 4 8" + LONG_MILLIS);
                ask(receiver, "receive 9 0", "OK 2 1/504 2/504");
                assertEquals("OK", sender.nextLine());
                ask(receiver, "receive 9 0", "OK 1 4/8");
                askBoth(sender, receiver, "aborted", "0");
                end(sender, receiver);
            }
        }
    }

    // What a side has left that has died while it woke another one.

    /** With and without the change of the word, but without the event: the sleeping side looks by itself. */
    @EachPair
    void aWakeUpThatNeverComesLosesNothing(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from);
                SharedRegion memory = memory()) {
            for (int left : new int[] {0, 1}) {
                receiver.send("receive 9" + ENDLESS);
                unheard(memory, MessageLayout.RECEIVER_ASLEEP, left, () -> ask(sender, "send 1 120 0", "OK"));
                assertEquals("OK 1 1/120", receiver.nextLine());

                fill(sender);
                sender.send("send 9 120" + ENDLESS);
                unheard(memory, LANE + MessageLayout.LANE_ASLEEP, left, () -> ask(receiver, "receive 2 0", FIRST_TWO));
                assertEquals("OK", sender.nextLine());
                ask(receiver, "receive 9 0", "OK 7 3/120 4/120 5/120 6/120 7/120 8/120 9/120");
            }
            end(sender, receiver);
        }
    }

    private static void fill(Side sender) {
        for (int number = 1; number <= 8; number++) {
            ask(sender, "offer " + number + " 120", "OK");
        }
    }

    /** While this runs, the side that sleeps on this word seems to be awake. */
    private void unheard(SharedRegion memory, int word, int left, Runnable change) throws Exception {
        awaitAsleep(word);
        memory.pointer().setInt(word, 0);
        change.run();
        memory.pointer().setInt(word, left);
    }

    /** Events that are set, and words that say that a side sleeps, of which nobody knows any more. */
    @EachPair
    void aWakeUpThatNobodyWaitsForIsHarmless(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from);
                SharedRegion memory = memory();
                NamedEvent sent = NamedEvent.open(name + ".sent");
                NamedEvent freed = NamedEvent.open(name + ".freed.1")) {
            for (int round = 0; round < 3; round++) {
                freed.set();
                fill(sender);
                sender.send("send 9 120" + LONG_MILLIS);
                awaitAsleep(LANE + MessageLayout.LANE_ASLEEP);
                ask(receiver, "receive 2 0", FIRST_TWO);
                assertEquals("OK", sender.nextLine());
                memory.pointer().setInt(LANE + MessageLayout.LANE_ASLEEP, 1);
                ask(receiver, "receive 9 0", "OK 7 3/120 4/120 5/120 6/120 7/120 8/120 9/120");
                sent.set();
                receiver.send("receive 9" + LONG_MILLIS);
                awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
                ask(sender, "send 10 120 0", "OK");
                assertEquals("OK 1 10/120", receiver.nextLine());
                memory.pointer().setInt(MessageLayout.RECEIVER_ASLEEP, 1);
            }
            end(sender, receiver);
        }
    }

    /** The position in the unfinished word is modulo 2^38 * 8, and the count modulo 2^24. */
    @EachLanguage
    void theUnfinishedWordWraps(Language next) throws Exception {
        long end = (1L << 41) - 128;
        try (SharedRegion memory = prepared(end, 0xfffffeL << MessageLayout.UNFINISHED_ABORTED_SHIFT);
                Side receiver = receiver(other(next))) {
            for (String aborted : List.of("16777215", "0", "1")) {
                try (ProcessSide sender = senderToKill(Language.C)) {
                    ask(sender, "send 1 20 0", "OK");
                    ask(sender, "claim 2 40 0", "OK");
                    sender.kill();
                }
                // It is one more than the word's count until a successor has counted it.
                String counted = aborted.equals("0") ? "16777216" : aborted;
                ask(receiver, "aborted", counted);
                try (Side sender = sender(next)) {
                    askBoth(sender, receiver, "aborted", aborted);
                    ask(sender, "send 3 40 0", "OK");
                    ask(receiver, "receive 9 0", "OK 2 1/20 3/40");
                    end(sender);
                }
            }
            assertTrue(memory.pointer().getLong(LANE + MessageLayout.LANE_TAIL) > 1L << 41);
            end(receiver);
        }
    }

    /** A channel that looks as if so many bytes were sent, and nothing is in it. */
    private SharedRegion prepared(long position, long unfinished) throws Exception {
        try (Side sender = sender(Language.C)) {
            SharedRegion memory = memory();
            end(sender);
            memory.pointer().setLong(LANE + MessageLayout.LANE_HEAD, position);
            memory.pointer().setLong(LANE + MessageLayout.LANE_TAIL, position);
            memory.pointer().setLong(LANE + MessageLayout.LANE_UNFINISHED, unfinished);
            return memory;
        }
    }

    // Receivers that are killed.

    /** Twice comes only what was handed over and not released: less than a quarter of the ring. */
    @EachPair
    void aReceiverSucceedsAKilledOne(Language killed, Language next) throws Exception {
        try (Side sender = sender(other(killed))) {
            for (int number = 1; number <= 12; number++) {
                ask(sender, "send " + number + " 56 0", "OK");
            }
            try (ProcessSide receiver = receiverToKill(killed)) {
                ask(receiver, "receive 2 0", "OK 2 1/56 2/56");
                askBoth(sender, receiver, "backlog", "" + 10 * 64);
                receiver.send("hold 100 0 6");
                assertEquals("holding", receiver.nextLine());
                ask(sender, "backlog", "" + 6 * 64);
                receiver.kill();
            }
            try (Side receiver = receiver(next)) {
                askBoth(sender, receiver, "backlog", "" + 6 * 64);
                ask(receiver, "receive 9 0", "OK 6 7/56 8/56 9/56 10/56 11/56 12/56");
                ask(sender, "send 13 56 0", "OK");
                ask(receiver, "receive 9 0", "OK 1 13/56");
                end(sender, receiver);
            }
        }
    }

    /** Of a message in parts the successor drops the rest. */
    @EachLanguage
    void aReceiverSucceedsOneThatWasKilledWithAMessageInParts(Language next) throws Exception {
        try (Side sender = sender(other(next))) {
            ask(sender, "begin 1", "OK");
            ask(sender, "write 100 0", "OK");
            try (ProcessSide receiver = receiverToKill(Language.C)) {
                ask(receiver, "receive 9 0", "TIMED_OUT 0");
                receiver.kill();
            }
            ask(sender, "write 100 0", "OK");
            for (String call : List.of("receive 9 0", "parts 9 0")) {
                try (Side receiver = receiver(next)) {
                    ask(receiver, call, "TIMED_OUT 0");
                    ask(sender, "write 10 0", "OK");
                    ask(receiver, call, "TIMED_OUT 0");
                    end(receiver);
                }
            }
            ask(sender, "finish 0", "OK");
            ask(sender, "send 2 8 0", "OK");
            try (Side receiver = receiver(next)) {
                ask(receiver, "receive 9 0", "OK 1 2/8");
                askBoth(sender, receiver, "aborted", "0");
                end(sender, receiver);
            }
        }
    }

    @EachLanguage
    void aReceiverSucceedsOneThatWasKilledAsleep(Language next) throws Exception {
        try (Side sender = sender(Language.C);
                SharedRegion memory = memory()) {
            try (ProcessSide receiver = receiverToKill(Language.C)) {
                receiver.send("receive 1" + LONG_MILLIS);
                awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
                receiver.kill();
            }
            ask(sender, "send 1 8 0", "OK"); // wakes nobody
            memory.pointer().setInt(MessageLayout.RECEIVER_ASLEEP, 1);
            try (Side receiver = receiver(next)) {
                assertEquals(0, memory.pointer().getInt(MessageLayout.RECEIVER_ASLEEP));
                ask(receiver, "receive 9 0", "OK 1 1/8");
                receiver.send("receive 9" + LONG_MILLIS);
                awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
                ask(sender, "send 2 8 0", "OK");
                assertEquals("OK 1 2/8", receiver.nextLine());
                end(sender, receiver);
            }
        }
    }
}
