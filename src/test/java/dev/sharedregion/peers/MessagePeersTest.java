package dev.sharedregion.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Wakes;
import dev.sharedregion.internal.message.MessageLayout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Senders and receivers in Java and in C: each of them gets what the other one sends, waits for it, and wakes it. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MessagePeersTest extends MessageSides {
    private static final int LENGTH_STEP = Sizes.of("sharedregion.messagePeersLengthStep", 5, 1);
    private static final int BATCHES = Sizes.of("sharedregion.messagePeersBatches", 10, 200);
    private static final int WAKES = Sizes.of("sharedregion.messagePeersWakes", 30, 300);

    MessagePeersTest() {
        super(TestNames.unique());
    }

    // Messages.

    /** From none to more than twice the ring, so that all of the ring's places have a padding, and parts, too. */
    @EachPair
    void eachLengthArrives(Language from, Language to) throws Exception {
        for (int capacity : new int[] {MessageLayout.LEAST_CAPACITY, CAPACITY}) {
            try (Side receiver = receiver(to, capacity);
                    Side sender = sender(from, capacity)) {
                int step = capacity == CAPACITY ? LENGTH_STEP : 1;
                for (int length = 0; length <= 2 * capacity + 8; length += step) {
                    int number = length == 0 ? 0 : 1 + length % 255;
                    sender.send("send " + number + " " + length + LONG_MILLIS);
                    ask(receiver, "receive 1" + LONG_MILLIS, "OK 1 " + number + "/" + length);
                    assertEquals("OK", sender.nextLine());
                }
                askBoth(sender, receiver, "backlog", "0");
                end(sender, receiver);
            }
        }
    }

    @EachPair
    void aMessageLongerThanALargeRingArrives(Language from, Language to) throws Exception {
        int capacity = 1 << 14;
        try (Side receiver = receiver(to, capacity);
                Side sender = sender(from, capacity)) {
            for (int length : new int[] {
                capacity / 2 - 8, capacity / 2 - 7, capacity - 8, capacity, capacity + 1, LONGEST - 1, LONGEST
            }) {
                sender.send("send 7 " + length + LONG_MILLIS);
                ask(receiver, "receive 1" + LONG_MILLIS, "OK 1 7/" + length);
                assertEquals("OK", sender.nextLine());
            }
            end(sender, receiver);
        }
    }

    /** The ring is full, and then empty, again and again. */
    @EachPair
    void whatFitsIntoTheRingArrivesAtOnce(Language from, Language to) throws Exception {
        Random random = new Random(42);
        for (int capacity : new int[] {MessageLayout.LEAST_CAPACITY, 192, CAPACITY}) {
            try (Side receiver = receiver(to, capacity);
                    Side sender = sender(from, capacity)) {
                for (int batch = 0; batch < BATCHES; batch++) {
                    StringBuilder expected = new StringBuilder();
                    int count = fill(sender, random, capacity / 2 - 8, expected);
                    ask(receiver, "receive " + (count + 1) + " 0", "OK " + count + expected);
                    ask(receiver, "receive 1 0", "TIMED_OUT 0");
                }
                end(sender, receiver);
            }
        }
    }

    /** Offers messages of all lengths until one does not fit, and returns how many fitted. */
    private static int fill(Side sender, Random random, int longest, StringBuilder sent) {
        for (int count = 0; ; count++) {
            int length = random.nextInt(longest + 1);
            int number = length == 0 ? 0 : 1 + random.nextInt(255);
            sender.send("offer " + number + " " + length);
            String answer = sender.nextLine();
            if (answer.equals("TIMED_OUT")) {
                return count;
            }
            assertEquals("OK", answer);
            sent.append(' ').append(number).append('/').append(length);
        }
    }

    @EachPair
    void typesArrive(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            for (int type : new int[] {1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                ask(sender, "type " + type, "OK");
                ask(sender, "send 1 8 0", "OK");
                ask(sender, "offer 2 8", "OK");
                ask(sender, "claim 3 8 0", "OK");
                ask(sender, "commit", "OK");
                sendParts(sender, 4, 8, 8);
                ask(receiver, "receive 9 0", String.format("OK 4 1/8:%1$d 2/8:%1$d 3/8:%1$d 4/16:%1$d", type));
                sendParts(sender, 5, 8);
                ask(receiver, "parts 9 0", String.format("OK 2 8:%1$d .0:%1$d", type));
            }
            ask(sender, "type 0", "OK");
            ask(sender, "send 1 8 0", "OK");
            ask(receiver, "receive 9 0", "OK 1 1/8");
            end(sender, receiver);
        }
    }

    @EachPair
    void whatIsWrittenInPlaceArrivesWhenItIsCommitted(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            for (int length : new int[] {0, 1, 100, CAPACITY / 2 - 8}) {
                int number = length == 0 ? 0 : 9;
                ask(sender, "claim " + number + " " + length + " 0", "OK");
                ask(sender, "send 1 8 0", "OUT_OF_TURN");
                ask(receiver, "receive 1 0", "TIMED_OUT 0");
                ask(sender, "abort", "OK");
                ask(receiver, "receive 1 0", "TIMED_OUT 0");
                ask(sender, "claim " + number + " " + length + LONG_MILLIS, "OK");
                ask(sender, "commit", "OK");
                ask(receiver, "receive 2 0", "OK 1 " + number + "/" + length);
            }
            ask(sender, "claim 1 " + (CAPACITY / 2 - 7) + " 0", "BAD_ARGUMENT");
            askBoth(sender, receiver, "aborted", "0");
            end(sender, receiver);
        }
    }

    // Parts.

    @EachPair
    void partsArriveAsTheyAreSentOrAsOneMessage(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            ask(sender, "begin 1", "OK");
            ask(sender, "send 2 8 0", "OUT_OF_TURN");
            ask(receiver, "parts 9 0", "TIMED_OUT 0");
            ask(sender, "write 100 0", "OK");
            ask(receiver, "parts 9 0", "OK 1 100");
            ask(sender, "write 300 0", "OK");
            ask(receiver, "parts 1 0", "OK 1 248");
            ask(sender, "write 1 0", "OK");
            ask(sender, "finish 0", "OK");
            ask(sender, "send 2 8 0", "OK");
            ask(receiver, "parts 9 0", "OK 4 52 1 .0 .8");
            sendParts(sender, 3);
            sendParts(sender, 4, 1, 2, 3);
            ask(receiver, "receive 9 0", "OK 2 0/0 4/6");
            ask(sender, "begin 5", "OK");
            ask(sender, "write 7 0", "OK");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            ask(sender, "write 500 0", "OK");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            ask(sender, "finish 0", "OK");
            ask(receiver, "receive 9 0", "OK 1 5/507");
            end(sender, receiver);
        }
    }

    /** Both languages cut a long message in the same way. */
    @EachPair
    void aLongMessageIsCutIntoParts(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            sender.send("send 1 1500" + LONG_MILLIS);
            for (String part : List.of("248", "248", "248", "248", "248", "12", ".248")) {
                ask(receiver, "parts 1" + LONG_MILLIS, "OK 1 " + part);
            }
            assertEquals("OK", sender.nextLine());
            end(sender, receiver);
        }
    }

    @EachPair
    void whatIsGivenUpIsDropped(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            ask(sender, "begin 1", "OK");
            ask(sender, "abort", "OK"); // nothing was sent of it
            askBoth(sender, receiver, "aborted", "0");
            giveUp(sender, 100);
            askBoth(sender, receiver, "aborted", "1");
            ask(sender, "send 2 8 0", "OK");
            ask(receiver, "receive 9 0", "OK 1 2/8");
            giveUp(sender, 200);
            ask(receiver, "parts 9 0", "OK 1 200");
            giveUp(sender, 300);
            ask(receiver, "parts 9 0", "OK 2 ! 248 52");
            sendParts(sender, 3, 8);
            ask(receiver, "parts 9 0", "OK 2 ! 8 .0");
            askBoth(sender, receiver, "aborted", "3");
            // The receiver takes none, so that there is no room for the rest.
            ask(sender, "send 4 2000 20", "TIMED_OUT");
            askBoth(sender, receiver, "aborted", "4");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            ask(sender, "send 5 8 0", "OK");
            ask(receiver, "receive 9 0", "OK 1 5/8");
            end(sender, receiver);
        }
    }

    private static void giveUp(Side sender, int length) {
        ask(sender, "begin 77", "OK");
        ask(sender, "write " + length + " 0", "OK");
        ask(sender, "abort", "OK");
    }

    /** A message that one kind of call has begun is not continued by the other one, nor by another message. */
    @EachPair
    void partsOfTwoKindsOfCallsAreNotMixed(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            ask(sender, "begin 1", "OK");
            ask(sender, "write 10 0", "OK");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            ask(sender, "write 11 0", "OK");
            ask(receiver, "parts 9 0", "TIMED_OUT 0");
            ask(sender, "finish 0", "OK");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            giveUp(sender, 20);
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            ask(sender, "begin 2", "OK");
            ask(sender, "write 30 0", "OK");
            ask(receiver, "parts 9 0", "OK 1 30");
            ask(sender, "write 31 0", "OK");
            ask(sender, "finish 0", "OK");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            giveUp(sender, 40);
            ask(receiver, "parts 9 0", "OK 1 ! 40");
            ask(sender, "begin 3", "OK");
            ask(sender, "write 50 0", "OK");
            ask(receiver, "receive 9 0", "TIMED_OUT 0");
            ask(sender, "write 51 0", "OK");
            ask(receiver, "parts 9 0", "TIMED_OUT 0 !");
            ask(sender, "finish 0", "OK");
            ask(sender, "send 4 8 0", "OK");
            ask(receiver, "receive 9 0", "OK 1 4/8");
            end(sender, receiver);
        }
    }

    @EachPair
    void whatIsTooLongToAssembleIsDropped(Language from, Language to) throws Exception {
        int capacity = 1 << 12;
        try (Side receiver = receiver(to, capacity);
                Side sender = sender(from, capacity)) {
            sender.send("send 1 " + (LONGEST + 1) + LONG_MILLIS);
            ask(receiver, "receive 1" + LONG_MILLIS, "NO_SPACE 0");
            assertEquals("OK", sender.nextLine());
            ask(sender, "send 2 8 0", "OK");
            ask(receiver, "receive 9 0", "OK 1 2/8");
            askBoth(sender, receiver, "aborted", "0");
            end(sender, receiver);
        }
    }

    // Waiting.

    /** Each sleep ends by the event alone: without it, a wait would take 100 ms. */
    @EachPair
    void aSenderWakesTheReceiver(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            ask(receiver, "receive 1 5", "TIMED_OUT 0");
            Wakes wakes = new Wakes();
            for (int number = 1; number <= WAKES; number++) {
                String call = number % 2 == 0 ? "receive 9" : "parts 9";
                receiver.send(call + LONG_MILLIS);
                awaitAsleep(MessageLayout.RECEIVER_ASLEEP);
                long start = System.nanoTime();
                ask(sender, "send " + number + " 8 0", "OK");
                assertEquals(number % 2 == 0 ? "OK 1 " + number + "/8" : "OK 1 .8", receiver.nextLine());
                wakes.add(start);
            }
            wakes.assertByEvent();
            end(sender, receiver);
        }
    }

    @EachPair
    void theReceiverWakesASender(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            for (int number = 0; number < 2; number++) {
                ask(sender, "send 1 " + (CAPACITY / 2 - 8) + " 0", "OK");
            }
            askBoth(sender, receiver, "backlog", "" + CAPACITY);
            ask(sender, "offer 1 8", "TIMED_OUT");
            askBoth(sender, receiver, "full", "1");
            ask(sender, "send 1 8 5", "TIMED_OUT");
            ask(sender, "claim 1 8 5", "TIMED_OUT");
            askBoth(sender, receiver, "full", "3");
            Wakes wakes = new Wakes();
            for (int number = 1; number <= WAKES; number++) {
                sender.send("send 1 " + (CAPACITY / 2 - 8) + LONG_MILLIS);
                awaitAsleep(LANE + MessageLayout.LANE_ASLEEP);
                long start = System.nanoTime();
                ask(receiver, "receive 1 0", "OK 1 1/" + (CAPACITY / 2 - 8));
                assertEquals("OK", sender.nextLine());
                wakes.add(start);
            }
            wakes.assertByEvent();
            askBoth(sender, receiver, "full", "" + (3 + WAKES));
            end(sender, receiver);
        }
    }

    /** A batch of which the handler takes its time wakes the sender when a quarter of the ring is read. */
    @EachPair
    void aSenderIsWokenWithinABatch(Language from, Language to) throws Exception {
        try (Side receiver = receiver(to);
                Side sender = sender(from)) {
            for (int number = 1; number <= 16; number++) {
                ask(sender, "offer " + number + " 56", "OK");
            }
            sender.send("send 17 56" + LONG_MILLIS);
            awaitAsleep(LANE + MessageLayout.LANE_ASLEEP);
            receiver.send("hold 20 0 5");
            assertEquals("holding", receiver.nextLine());
            assertEquals("OK", sender.nextLine());
            receiver.send("go on");
            // A call takes at most as much as the ring has.
            assertTrue(receiver.nextLine().startsWith("OK 16 1/56 "));
            ask(receiver, "receive 9 0", "OK 1 17/56");
            end(sender, receiver);
        }
    }

    // Either side first.

    @EachPair
    void eitherSideMayComeFirst(Language from, Language to) throws Exception {
        try (Side sender = sender(from)) {
            ask(sender, "send 1 8 0", "OK");
            try (Side receiver = receiver(to)) {
                ask(receiver, "receive 9 0", "OK 1 1/8");
                ask(sender, "send 2 8 0", "OK");
                end(sender);
                ask(receiver, "receive 9 0", "OK 1 2/8");
                receiver.send("receive 9" + LONG_MILLIS);
                try (Side next = sender(from)) {
                    ask(next, "send 3 8 0", "OK");
                    assertEquals("OK 1 3/8", receiver.nextLine());
                    end(receiver, next);
                }
            }
        }
    }

    /** They know only the name. */
    @EachPair
    void eitherSideMayWaitForTheChannel(Language first, Language second) throws Exception {
        for (String role : List.of("send", "receive")) {
            boolean sends = role.equals("send");
            try (Side waiting = start(first, role, 0, 0, 0)) {
                TimeUnit.MILLISECONDS.sleep(20);
                try (Side maker = sends ? receiver(second, 256) : sender(second, 256)) {
                    ready(waiting);
                    ask(sends ? waiting : maker, "send 1 120 0", "OK");
                    ask(sends ? maker : waiting, "receive 1 0", "OK 1 1/120");
                    end(waiting, maker);
                }
            }
        }
    }
}
