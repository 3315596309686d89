package dev.sharedregion.bench;

import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Report;
import java.util.stream.Stream;

/** How many frames of a video a second go from one process to another, compared with copies in plain C. */
final class Frames {
    /** 1920 by 1080 pixels of three bytes. */
    private static final int SIZE = 1920 * 1080 * 3;

    /**
     * Two frames with their headers, in whole cache lines: one is written while the other is read, and more would need
     * more of the processor's cache.
     */
    private static final int CAPACITY = (2 * (SIZE + 8) + 63) / 64 * 64;

    private Frames() {}

    public static void main(String[] arguments) throws Exception {
        Settings settings = Settings.fromProperties();
        StreamCase ours = of(StreamContender.MESSAGES_IN_PLACE);
        StreamCase tickets = of(StreamContender.TICKETS);
        StreamCase c = of(StreamContender.C_FRAMES);
        try (StreamForks forks = new StreamForks(settings)) {
            Report report = forks.measure(
                    Stream.of(ours, tickets, c).filter(each -> forks.takes(each.contender())).toList(), "Frames");
            if (forks.has(ours) && forks.has(c)) {
                String compared = ours.contender().title + " / " + c.contender().title;
                report.target("1920x1080, 3 bytes", compared, forks.ratio(ours, c), Goal.atLeast(0.9));
            }
            report.publish(settings.json("frames"));
        }
    }

    private static StreamCase of(StreamContender contender) {
        return new StreamCase(contender, 1, SIZE, CAPACITY);
    }
}
