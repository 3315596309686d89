package dev.sharedregion.internal.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import dev.sharedregion.internal.linux.LinuxSystem;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.ViewRequest;
import dev.sharedregion.internal.windows.WindowsSystem;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No torn copy is ever delivered, while a second process writes as fast as it can. The same run finds torn copies of
 * rules that are wrong.
 */
class TornDataTest {
    private static final int ENOUGH_FRESH = Sizes.of("sharedregion.torn", 200, 20_000);
    private static final int FEWEST_FRESH = 100;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(Sizes.EXHAUSTIVE ? 6 : 1);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String name = TestNames.unique();

    /** Producers are killed. */
    @AfterEach
    void removeLeftovers() throws IOException {
        TestNames.removeLeftovers(name);
    }

    static Stream<Arguments> rulesThatAreNeverDeceived() {
        return Stream.of(
                Arguments.of("versions", new VersionPair(0, 4), TearingProducer.PAYLOAD),
                Arguments.of("sequence", new SequenceWord(0), TearingProducer.PAYLOAD),
                Arguments.of("busy", new BusyFlag(4), TearingProducer.PAYLOAD),
                Arguments.of("rotating", rotating(), 0));
    }

    static Stream<Arguments> rulesThatAStoppedProducerDeceives() {
        return Stream.of(
                Arguments.of("counter first", new CounterWord(0, false), TearingProducer.PAYLOAD),
                Arguments.of("counter last", new CounterWord(0, false), TearingProducer.PAYLOAD),
                Arguments.of("nothing", new EqualCopies(), TearingProducer.PAYLOAD));
    }

    private static CopyProtocol rotating() {
        return new RotatingBuffers(32, 36, TearingProducer.FIRST_ENTRY, TearingProducer.STRIDE);
    }

    /** Both words before the copy: they tell nothing of the copy. */
    private static final CopyProtocol BOTH_BEFORE = (memory, copies) -> {
        int version = memory.word(4);
        boolean whole = memory.word(0) == version;
        VarHandle.acquireFence();
        copies.take(memory, 0, memory.size());
        return whole ? copies.whole(version) : Attempt.TORN;
    };

    /** The words in the order in which they are written. */
    private static final CopyProtocol WRITERS_ORDER = (memory, copies) -> {
        int version = memory.word(0);
        VarHandle.acquireFence();
        copies.take(memory, 0, memory.size());
        VarHandle.acquireFence();
        return memory.word(4) == version ? copies.whole(version) : Attempt.TORN;
    };

    /** A flag does not count. */
    private static final CopyProtocol FLAG_ALONE = (memory, copies) -> {
        boolean busy = memory.word(4) != 0;
        VarHandle.acquireFence();
        copies.take(memory, 0, memory.size());
        return busy ? Attempt.TORN : copies.whole();
    };

    static Stream<Arguments> wrongRules() {
        return Stream.of(
                Arguments.of("versions", BOTH_BEFORE),
                Arguments.of("versions", WRITERS_ORDER),
                Arguments.of("busy", FLAG_ALONE));
    }

    private Snapshots snapshots(CopyProtocol rule) {
        OperatingSystem system = Platform.isWindows() ? new WindowsSystem() : new LinuxSystem();
        TelemetryRequest request = new TelemetryRequest(
                ObjectName.of(name),
                any -> rule,
                ViewRequest.TO_THE_END,
                new Liveness(TimeUnit.MINUTES.toNanos(5), null, null),
                new Wakeups(null, 1));
        return new Snapshots(system, request);
    }

    private Peer producer(String kind) {
        Peer peer = Peer.java(TearingProducer.class, name, kind);
        peer.expect("ready");
        return peer;
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(TearingProducer.SIZE).order(ByteOrder.nativeOrder());
    }

    /** The updates of which a copy has parts: one, if it is whole. */
    private static Set<Integer> updates(ByteBuffer copy, int offset) {
        return IntStream.range(0, TearingProducer.PAYLOAD_INTS)
                .mapToObj(i -> copy.getInt(offset + i * Integer.BYTES))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private interface Check {
        void accept(Set<Integer> updates);
    }

    private void readMany(CopyProtocol rule, int offset, Check check) {
        Snapshots snapshots = snapshots(rule);
        ByteBuffer copy = buffer();
        int fresh = 0;
        long start = System.nanoTime();
        while (fresh < ENOUGH_FRESH && System.nanoTime() - start < LONGEST_NANOS
                || fresh < FEWEST_FRESH && System.nanoTime() - start < PATIENCE_NANOS) {
            if (snapshots.read(copy) == Outcome.FRESH) {
                fresh++;
                check.accept(updates(copy, offset));
            }
        }
        snapshots.close();
        assertTrue(fresh >= FEWEST_FRESH, "only " + fresh + " whole copies");
        Sizes.report(rule.getClass().getSimpleName() + ": " + fresh + " whole copies");
    }

    @ParameterizedTest
    @MethodSource("rulesThatAreNeverDeceived")
    void noTornCopyIsFresh(String kind, CopyProtocol rule, int offset) {
        try (Peer producer = producer(kind)) {
            readMany(rule, offset, updates -> assertEquals(1, updates.size(), () -> "mixed: " + updates));
        }
    }

    /** Nothing can tell that such a producer was stopped in the middle, so the producer tells. */
    @ParameterizedTest
    @MethodSource("rulesThatAStoppedProducerDeceives")
    void noTornCopyIsFreshUnlessTheProducerWasStopped(String kind, CopyProtocol rule, int offset) {
        Set<Set<Integer>> mixed = new HashSet<>();
        try (Peer producer = producer(kind)) {
            readMany(rule, offset, updates -> {
                if (updates.size() > 1) {
                    mixed.add(updates);
                }
            });
            producer.send("stop");
            Set<Integer> slow = Stream.of(producer.nextLine().substring("slow ".length()).split(","))
                    .filter(number -> !number.isEmpty())
                    .map(Integer::valueOf)
                    .collect(Collectors.toSet());
            mixed.removeIf(updates -> updates.stream().anyMatch(slow::contains));
            assertEquals(Set.of(), mixed);
        }
    }

    @ParameterizedTest
    @MethodSource("wrongRules")
    void wrongRuleIsFoundOut(String kind, CopyProtocol rule) {
        try (Peer producer = producer(kind)) {
            Snapshots snapshots = snapshots(rule);
            ByteBuffer copy = buffer();
            boolean mixed = false;
            long start = System.nanoTime();
            while (!mixed && System.nanoTime() - start < PATIENCE_NANOS) {
                mixed = snapshots.read(copy) == Outcome.FRESH && updates(copy, TearingProducer.PAYLOAD).size() > 1;
            }
            snapshots.close();
            assertTrue(mixed, "this test finds nothing");
        }
    }

    /** The rule under the mutex finds nothing out, so the mutex alone keeps the copies whole. */
    @Test
    @EnabledOnOs(OS.WINDOWS)
    void noCopyUnderTheMutexIsTorn() throws Exception {
        String mutex = name + "-mutex";
        try (Peer owner = Peer.start(List.of(Tools.cPeer("mutex").toString(), mutex))) {
            owner.expect("ready");
            CopyProtocol blind = (memory, copies) -> {
                copies.take(memory, 0, memory.size());
                return copies.whole();
            };
            try (Peer producer = Peer.java(TearingProducer.class, name, "mutex", mutex)) {
                producer.expect("ready");
                readMany(
                        new MutexGuarded(new WindowsSystem(), ObjectName.of(mutex), blind, PATIENCE_NANOS),
                        TearingProducer.PAYLOAD,
                        updates -> assertEquals(1, updates.size(), () -> "mixed: " + updates));
            }
        }
    }

    @Test
    void producerThatIsKilledInTheMiddleLeavesNothingWhole() {
        try (Peer producer = producer("versions")) {
            Snapshots snapshots = snapshots(new VersionPair(0, 4));
            ByteBuffer copy = buffer();
            while (snapshots.read(copy) != Outcome.FRESH) {
                Thread.onSpinWait();
            }
            producer.kill();
            for (int i = 0; i < 1_000; i++) {
                if (snapshots.read(copy) == Outcome.FRESH) {
                    assertEquals(1, updates(copy, TearingProducer.PAYLOAD).size());
                }
            }
            snapshots.close();
        }
    }
}
