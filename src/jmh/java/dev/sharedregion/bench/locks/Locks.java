package dev.sharedregion.bench.locks;

import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures what a lock costs that no thread waits for, by JMH, the forks of both contenders in turn; then reports. */
public final class Locks {
    private static final String SHARED = "sharedLock";
    private static final String REFERENCE = "reentrantLockAndSwap";
    private static final int ITERATIONS = 3;
    private static final int MILLIS = 300;
    private static final int QUICK_MILLIS = 20;
    private static final double MOST = 2.0;

    private Locks() {}

    /** Runs those that the system properties {@code jmh.*} ask for. */
    public static void main(String[] arguments) throws Exception {
        boolean quick = Facts.flag("jmh.quick");
        int forks = Integer.parseInt(Facts.text("jmh.forks", quick ? "1" : "5"));
        Measurements<String> measurements = new Measurements<>();
        for (int fork = 1; fork <= forks; fork++) {
            for (String contender : List.of(SHARED, REFERENCE)) {
                measurements.add(contender, measure(contender, quick));
            }
        }
        Map<String, String> facts = Facts.host();
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("date", Facts.now());
        facts.put("method", forks + " forks in turn; each warms up and measures for " + ITERATIONS + " x "
                + (quick ? QUICK_MILLIS : MILLIS) + " ms");
        Report report = new Report(facts, measurements);
        Table table = report.newTable("Locking and unlocking, median of the forks")
                .columns(Unit.TEXT, "contender")
                .columns(Unit.NANOSECONDS, "median", "least", "most");
        for (String contender : List.of(SHARED, REFERENCE)) {
            Spread spread = measurements.medians(contender);
            table.add(contender, spread.median(), spread.least(), spread.most());
        }
        if (!quick) {
            report.beginTargets(Unit.RATIO);
            report.target(
                    "without contention", SHARED + " / " + REFERENCE, measurements.ratio(SHARED, REFERENCE),
                    Goal.atMost(MOST));
        }
        report.publish(Path.of(System.getProperty("bench.root", "."), "target", "bench", "locks.json"));
    }

    private static double measure(String contender, boolean quick) throws RunnerException {
        TimeValue time = TimeValue.milliseconds(quick ? QUICK_MILLIS : MILLIS);
        RunResult result = new Runner(new OptionsBuilder()
                        .include("^" + LockAndUnlock.class.getName().replace(".", "\\.") + "\\." + contender + "$")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .forks(quick ? 0 : 1)
                        .warmupIterations(ITERATIONS)
                        .warmupTime(time)
                        .measurementIterations(ITERATIONS)
                        .measurementTime(time)
                        .build())
                .runSingle();
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }
}
