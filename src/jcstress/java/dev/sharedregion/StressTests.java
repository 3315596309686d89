package dev.sharedregion;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the stress tests, and then mutants, in quick mode one for each class of tests, each against the test that must
 * notice it. Arguments: the folder for the results, the library's sources, and {@code quick} or {@code default}. Ends
 * with 1 if a test fails, or did not run, or a mutant passes.
 */
public final class StressTests {
    /** Few pairs at a time: a round trip may take a pause or two. */
    private static final List<String> FEW = List.of("-strideSize", "128", "-strideCount", "10", "-f", "1");

    /** One JVM that goes from the interpreter to C2, which orders as freely as it may. */
    private static final List<String> ONE_JVM =
            List.of("-sc", "false", "-jvmArgs", "-XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM");

    /** How many seconds a mutant's test has to fail in; more each time, as the machine may be busy. */
    private static final int[] MUTANT_SECONDS = {1, 5, 25};

    private static final long LONGEST_MINUTES = 180;

    private final Path folder;
    private final Path sources;
    private final boolean quick;

    private StressTests(Path folder, Path sources, boolean quick) {
        this.folder = folder;
        this.sources = sources;
        this.quick = quick;
    }

    /** Runs them. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3 || !Set.of("quick", "default").contains(arguments[2])) {
            throw new IllegalArgumentException(
                    "Give the folder for the results, the sources, and quick or default; not " + List.of(arguments)
                            + ".");
        }
        StressTests tests = new StressTests(
                Path.of(arguments[0]).toAbsolutePath(),
                Path.of(arguments[1]).toAbsolutePath(),
                arguments[2].equals("quick"));
        List<String> failures = tests.run();
        failures.forEach(failure -> System.out.println("FAILED: " + failure));
        System.out.println(
                failures.isEmpty() ? "All stress tests passed, and the mutants failed." : "Stress tests failed.");
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    private List<String> run() throws IOException, InterruptedException, ClassNotFoundException {
        List<String> failures = new ArrayList<>();
        Path main = folder.resolve("tests");
        List<String> options = new ArrayList<>();
        if (quick) {
            options.addAll(ONE_JVM);
            options.addAll(List.of("-iters", "2", "-time", "500"));
        } else {
            options.addAll(List.of("-fsm", "1", "-iters", "2", "-time", "1000"));
        }
        if (jcstress(main, System.getProperty("java.class.path"), options) != 0) {
            failures.add("jcstress says so; see " + main.resolve("output"));
        }
        Set<String> missing = new TreeSet<>(TestList.tests());
        for (TestResult result : results(main)) {
            missing.remove(result.getName());
            print(result);
            if (result.status() != Status.NORMAL || !result.grading().isPassed) {
                failures.add(result.getName() + ": " + result.status());
            }
        }
        missing.forEach(test -> failures.add(test + " has no result"));
        Set<String> classes = new TreeSet<>();
        for (Mutant mutant : Mutant.ALL) {
            boolean first = classes.add(mutant.test().split("\\.")[0]);
            if ((first || !quick) && !isNoticed(mutant)) {
                failures.add(mutant.test() + " does not notice this in " + mutant.file() + ": " + mutant.wrong());
            }
        }
        return failures;
    }

    private boolean isNoticed(Mutant mutant) throws IOException, InterruptedException, ClassNotFoundException {
        Path run = folder.resolve("mutants").resolve(mutant.test());
        Path classes = run.resolve("classes");
        mutant.compile(sources, classes);
        System.out.println("mutant of " + mutant.file() + ": " + mutant.wrong());
        for (int seconds : MUTANT_SECONDS) {
            List<String> options = new ArrayList<>(ONE_JVM);
            options.addAll(List.of(
                    "-iters",
                    Integer.toString(2 * seconds),
                    "-time",
                    "500",
                    "-t",
                    "\\." + mutant.test().replace(".", "\\.") + "$"));
            int status = jcstress(run.resolve(seconds + "s"), Mutant.classPath(classes), options);
            for (TestResult result : results(run.resolve(seconds + "s"))) {
                print(result);
                // A forbidden outcome, and not a test that could not run.
                if (status != 0 && result.status() == Status.NORMAL && !result.grading().isPassed) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int jcstress(Path run, String classPath, List<String> options)
            throws IOException, InterruptedException {
        Files.createDirectories(run);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Main.class.getName(),
                "-r",
                run.toString()));
        command.addAll(FEW);
        command.addAll(options);
        File output = run.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .directory(run.toFile()) // where it leaves its results
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("jcstress takes more than " + LONGEST_MINUTES + " minutes; see " + output);
            }
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Each test's, of all its forks together. */
    private static List<TestResult> results(Path run) throws IOException, ClassNotFoundException {
        InProcessCollector collector = new InProcessCollector();
        try (var files = Files.newDirectoryStream(run, "jcstress-results-*.bin.gz")) {
            for (Path file : files) {
                DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
                reader.dump();
                reader.close();
            }
        }
        return ReportUtils.mergedByName(collector.getTestResults());
    }

    private static void print(TestResult result) {
        System.out.println(result.getName() + ": " + result.status());
        for (GradingResult outcome : new TreeMap<>(result.grading().gradingResults).values()) {
            System.out.printf("%14d  %-12s %s: %s%n", outcome.count, outcome.id, outcome.expect, outcome.description);
        }
    }
}
