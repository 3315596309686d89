package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How many messages a second go from one sender, and from three, to a receiver. All in processes of their own. */
final class Streaming {
    /** What sends from one sender. */
    static final List<StreamContender> ONE_SENDER = List.of(
            StreamContender.MESSAGES, StreamContender.MESSAGES_IN_PLACE, StreamContender.MESSAGES_BROADCAST,
            StreamContender.C_MESSAGES, StreamContender.AGRONA_RING, StreamContender.AERON_IPC,
            StreamContender.CHRONICLE_QUEUE, StreamContender.UNIX_SOCKET);

    /** What sends from three senders. */
    private static final List<StreamContender> THREE_SENDERS =
            List.of(StreamContender.MESSAGES, StreamContender.C_MESSAGES, StreamContender.AGRONA_MANY);

    private static final int SMALL = 64;
    private static final List<Integer> MIDDLE = List.of(1 << 10, 1 << 16);

    /** Smaller messages are not written in place. */
    private static final int LEAST_IN_PLACE = 1 << 10;

    /** From this size on, the rings are larger. */
    private static final int LARGE = 1 << 16;

    private static final int CAPACITY = 1 << 20;
    private static final int LARGE_CAPACITY = 8 << 20;

    private static final int SENDERS = 3;

    private Streaming() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties();
        try (StreamForks forks = new StreamForks(settings)) {
            Report report = forks.measure(cases(settings, forks), "Messages");
            report.facts().merge("pinned", "; with three senders: no", String::concat);
            report.facts().put("peers", settings.versions());
            target(forks, StreamContender.AGRONA_RING, SMALL, 1, Goal.atLeast(1.2), report);
            target(forks, StreamContender.AGRONA_MANY, SMALL, SENDERS, Goal.atLeast(1), report);
            for (int size : MIDDLE) {
                List.of(StreamContender.values()).stream()
                        .filter(each -> each.isPeer() && forks.has(of(each, size, 1)))
                        .max(Comparator.comparingDouble(each -> forks.median(of(each, size, 1))))
                        .ifPresent(fastest -> target(forks, fastest, size, 1, Goal.atLeast(1), report));
            }
            report.publish(settings.json("streaming"));
        }
    }

    private static List<StreamCase> cases(Settings settings, StreamForks forks) {
        List<StreamCase> cases = new ArrayList<>();
        for (StreamContender contender : ONE_SENDER.stream().filter(forks::takes).toList()) {
            for (int size : settings.streamSizes()) {
                if (contender != StreamContender.MESSAGES_IN_PLACE || size >= LEAST_IN_PLACE) {
                    cases.add(of(contender, size, 1));
                }
            }
        }
        cases.sort(Comparator.comparing(StreamCase::size));
        if (settings.streamSizes().contains(SMALL)) {
            for (StreamContender contender : THREE_SENDERS) {
                if (forks.takes(contender)) {
                    cases.add(of(contender, SMALL, SENDERS));
                }
            }
        }
        return cases;
    }

    private static StreamCase of(StreamContender contender, int size, int senders) {
        return new StreamCase(contender, senders, size, size < LARGE ? CAPACITY : LARGE_CAPACITY);
    }

    private static void target(
            StreamForks forks, StreamContender other, int size, int senders, Goal goal, Report report) {
        StreamCase ours = of(StreamContender.MESSAGES, size, senders);
        StreamCase theirs = of(other, size, senders);
        if (forks.has(ours) && forks.has(theirs)) {
            String compared = ours.contender().title + " / " + other.title;
            report.target(ours.of(), compared, forks.ratio(ours, theirs), goal);
        }
    }
}
