package dev.sharedregion.kills;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Numbered;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Three senders and a receiver in other processes, in Java and in C, which are killed at random moments, and their
 * successors. Each message that a sender has sent arrives, whole and in order. {@code -Dsharedregion.messageKills} says
 * how many are killed.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class MessageKillTest {
    static final int SENDERS = 3;

    private static final int KILLS = Sizes.of("sharedregion.messageKills", 3, 300);
    private static final MessageOptions OPTIONS = MessageOptions.defaults().senders(SENDERS + 1);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOST_MICROS = 20_000;
    private static final int[] PAUSES = {0, 0, 10, 100};
    private static final int PROGRESS = 20;

    private final String name = TestNames.unique();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final Peer[] senders = new Peer[SENDERS];
    private Peer receiver;

    /** Those in Java. */
    private final Set<Peer> inJava = new HashSet<>();

    private SharedRegion region;
    private MessageLog log;

    /** The numbers of messages in the middle of which their sender may have been killed. */
    private final List<Set<Integer>> doubtful = sets();

    /** Those that a sender was in the middle of for sure: they are counted, and must not arrive. */
    private final List<Set<Integer>> unfinished = sets();

    private int javaKills;
    private int receiverKills;
    private int again;
    private long mostBytesAgain;
    private int lost;

    private static List<Set<Integer>> sets() {
        return IntStream.range(0, SENDERS).<Set<Integer>>mapToObj(i -> new HashSet<>()).toList();
    }

    @BeforeEach
    void createLog() {
        region = SharedRegion.create(name + "-log", MessageLog.SIZE);
        log = new MessageLog(region);
    }

    @AfterEach
    void end() throws Exception {
        Stream.concat(Stream.of(senders), Stream.ofNullable(receiver))
                .filter(each -> each != null)
                .forEach(Peer::close);
        region.close();
        TestNames.removeLeftovers(name);
    }

    /** Most are in C, because a JVM takes its time to start. */
    private boolean nextIsInJava() {
        return random.nextInt(8) == 0;
    }

    private void startSender(int index, boolean java) throws Exception {
        senders[index] = java
                ? startInJava("send", name, pause(), "" + index)
                : startInC("send", "" + index, "0", "" + MessageWorker.LONGEST, "any");
    }

    private void startReceiver(boolean java) throws Exception {
        receiver = java
                ? startInJava("receive", name, pause())
                : startInC("receive", "0", "" + MessageWorker.LONGEST, random.nextBoolean() ? "whole" : "parts");
    }

    private String pause() {
        return "" + PAUSES[random.nextInt(PAUSES.length)];
    }

    private Peer startInJava(String... arguments) {
        Peer worker = Peer.java(MessageWorker.class, arguments);
        inJava.add(worker);
        return ready(worker);
    }

    private Peer startInC(String role, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Tools.cPeer("messages").toString()));
        command.addAll(List.of(role, name, "" + MessageWorker.CAPACITY, "" + (SENDERS + 1)));
        command.addAll(List.of(arguments));
        command.add(pause());
        return ready(Peer.start(command));
    }

    private Peer ready(Peer worker) {
        String line = worker.nextLine();
        assertEquals("ready", line, () -> worker.errors() + ", seed " + seed);
        return worker;
    }

    @Test
    void whatWasSentArrives() throws Exception {
        try (MessageSender observer = MessageSender.create(name, MessageWorker.CAPACITY, OPTIONS)) {
            startReceiver(random.nextBoolean());
            for (int i = 0; i < SENDERS; i++) {
                startSender(i, i == 1);
            }
            for (int kill = 0; kill < KILLS; kill++) {
                awaitProgress();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(MOST_MICROS));
                kill(observer, victim());
            }
            awaitProgress();
            for (int i = 0; i < SENDERS; i++) {
                killSenderForGood(observer, i);
            }
            awaitAllReceived(observer);
            Sizes.report("MessageKillTest: " + KILLS + " kills, " + receiverKills + " of the receiver, " + javaKills
                    + " of Java; " + again + " messages came again, at most " + mostBytesAgain + " bytes at a time, "
                    + lost + " in parts were lost with the receiver; aborted " + observer.aborted());
        }
    }

    /** The number of a sender, or {@link #SENDERS} for the receiver. One in Java lives longer than one in C. */
    private int victim() {
        int victim = random.nextInt(SENDERS + 1);
        boolean isInJava = inJava.contains(victim < SENDERS ? senders[victim] : receiver);
        return isInJava && random.nextInt(3) > 0 ? victim() : victim;
    }

    private void kill(MessageSender observer, int victim) throws Exception {
        if (victim == SENDERS) {
            killReceiver();
            startReceiver(nextIsInJava());
            return;
        }
        long aborted = killSenderForGood(observer, victim);
        boolean both = random.nextInt(4) == 0;
        if (both) {
            killReceiver();
        }
        startSender(victim, nextIsInJava());
        assertEquals(aborted, observer.aborted(), () -> "the successor counts once, seed " + seed);
        if (both) {
            startReceiver(nextIsInJava());
        }
    }

    private void end(Peer worker) {
        worker.kill();
        javaKills += inJava.remove(worker) ? 1 : 0;
    }

    /** Returns how many messages were aborted after that. */
    private long killSenderForGood(MessageSender observer, int index) {
        long before = observer.aborted();
        end(senders[index]);
        long after = observer.aborted();
        int begun = log.begun(index);
        boolean inDoubt = begun != log.sent(index);
        assertTrue(after == before || after == before + 1 && inDoubt, () -> before + ", " + after + ", seed " + seed);
        if (inDoubt) {
            doubtful.get(index).add(begun);
        }
        if (after > before) {
            unfinished.get(index).add(begun);
        }
        return after;
    }

    private void killReceiver() {
        end(receiver);
        receiverKills++;
        readNotices();
    }

    private void readNotices() {
        for (Peer sender : senders) {
            String line = sender.lineIfThere();
            assertEquals(null, line, () -> "seed " + seed + ": " + sender.errors());
        }
        for (String line = receiver.lineIfThere(); line != null; line = receiver.lineIfThere()) {
            String[] words = line.split(" ");
            assertFalse(words.length < 4 || words[0].startsWith("WRONG"), line + ", seed " + seed);
            int sender = Integer.parseInt(words[1]);
            int from = Integer.parseInt(words[2]);
            int to = Integer.parseInt(words[3]);
            if (words[0].equals("again")) {
                // It was killed before it released the last of them, at the latest.
                long bytes = bytes(sender, from, to - 1);
                assertTrue(bytes < MessageWorker.CAPACITY / 4, line + ", " + bytes + " bytes, seed " + seed);
                mostBytesAgain = Math.max(mostBytesAgain, bytes);
                again += to - from + 1;
            } else {
                checkMissing(sender, from, to, words.length > 4, line);
            }
        }
    }

    /** The fewest bytes that the messages of a range can take in the ring. */
    private long bytes(int sender, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .filter(number -> !doubtful.get(sender).contains(number))
                .mapToLong(number -> 8 + MessageWorker.length(number))
                .sum();
    }

    /** Missing may be what a sender was killed in, and one message in parts that a receiver was killed in. */
    private void checkMissing(int sender, int from, int to, boolean ofNewReceiver, String line) {
        int inParts = 0;
        for (int number = from; number <= to; number++) {
            unfinished.get(sender).remove(number);
            if (!doubtful.get(sender).contains(number)) {
                assertTrue(ofNewReceiver && MessageWorker.isInParts(number), line + ", seed " + seed);
                inParts++;
            }
        }
        assertTrue(inParts <= 1, line + ", seed " + seed);
        lost += inParts;
    }

    /** Waits until a new message of each sender was received. */
    private void awaitProgress() throws InterruptedException {
        int[] before = new int[SENDERS];
        for (int i = 0; i < SENDERS; i++) {
            before[i] = log.sent(i);
        }
        long giveUp = System.nanoTime() + LONG.toNanos();
        for (int i = 0; i < SENDERS; i++) {
            while (log.received(i) <= before[i] + PROGRESS) {
                readNotices();
                assertTrue(System.nanoTime() - giveUp < 0, () -> "nothing is received, seed " + seed);
                Thread.sleep(1);
            }
        }
        readNotices();
    }

    private void awaitAllReceived(MessageSender observer) throws InterruptedException {
        long giveUp = System.nanoTime() + LONG.toNanos();
        while (observer.backlog() != 0) {
            assertTrue(System.nanoTime() - giveUp < 0, () -> observer + ", seed " + seed);
            Thread.sleep(1);
        }
        end(receiver); // so that all of its notices are there
        readNotices();
        for (int i = 0; i < SENDERS; i++) {
            int received = log.received(i);
            int sender = i;
            assertTrue(
                    received == log.sent(i) || received == log.begun(i),
                    () -> received + " of " + log.sent(sender) + ", " + log.begun(sender) + ", seed " + seed);
            // The last one, after which none was missed.
            boolean last = unfinished.get(i).remove(log.begun(i));
            assertFalse(last && received == log.begun(i), () -> "it was counted and came, seed " + seed);
            assertEquals(Set.of(), unfinished.get(i), () -> "they were counted and came, seed " + seed);
        }
    }

    /** A sender that is stopped in the middle of a message holds up no other one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aStoppedSenderHoldsUpNobody() throws Exception {
        try (MessageReceiver receiver = MessageReceiver.create(name, MessageWorker.CAPACITY, OPTIONS);
                Peer stopped = Peer.java(PeerProgram.class);
                MessageSender sender = MessageSender.open(name)) {
            for (String command : List.of("openSender " + name, "sendMessage 1 10", "beginMessage 2 100")) {
                stopped.send(command);
                stopped.expect("ok");
            }
            stopped.signal("STOP");
            for (int number = 3; number < 5_000; number++) {
                sender.send(number, Numbered.of(number, 100));
                int expected = number;
                int[] own = {0};
                while (own[0] == 0) {
                    receiver.receive(
                            (type, message) -> {
                                Numbered.check(message, type, message.remaining());
                                own[0] += type == expected ? 1 : 0;
                                assertTrue(type == expected || type == 1);
                            },
                            10,
                            LONG);
                }
            }
            String writing = "process " + stopped.pid() + " in the middle of a message";
            assertTrue(sender.toString().contains(writing), sender::toString);
            assertTrue(receiver.toString().contains(writing), receiver::toString);
            assertEquals(0, receiver.aborted());
            stopped.signal("CONT");
            stopped.send("commitMessage");
            stopped.expect("ok");
            Numbered.check(receiver.receive(LONG), 2, 100);
            assertFalse(sender.toString().contains("in the middle"), sender::toString);
        }
    }

    /** All are gone: so is the channel. */
    @Test
    void theNameIsFreeWhenAllHaveDied() throws Exception {
        try (MessageSender creator = MessageSender.create(name, MessageWorker.CAPACITY, OPTIONS)) {
            startReceiver(true);
            startSender(0, false);
            assertFalse(creator.isClosed());
        }
        senders[0].kill();
        receiver.kill();
        try (MessageReceiver next = MessageReceiver.create(name, 128)) {
            assertEquals(0, next.backlog());
            assertEquals(0, next.aborted());
        }
    }
}
