package dev.sharedregion.faults;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import dev.sharedregion.helpers.Faults;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.helpers.WaiterThreadCount;
import dev.sharedregion.internal.jvm.SafetyNet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process of {@link FaultsTest} in which calls fail. For each line of input, the name of a scenario, it writes
 * lines: {@code at} before each step, {@code wrong} with what was wrong, and {@code done} with a summary.
 */
final class FaultsProgram {
    /** The code of the second failure, which is not reported. */
    private static final int FOLLOWING = Platform.isWindows() ? 31 /* ERROR_GEN_FAILURE */ : 131 /* ENOTRECOVERABLE */;

    /** After how many calls that were made to fail the collector is to have freed everything. */
    private static final int COLLECTION = 10;

    /** The JVM itself starts and ends threads meanwhile, which have a few handles each. */
    private static final int JVM_HANDLES = 30;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Faults faults;
    private final Path folder;
    private final String name;
    private int failures;

    /** The resources that this process has while no object is open. */
    private List<List<String>> empty;

    /** Whether the memory of the last scenario is the collector's to free. */
    private boolean lent;

    /** How much the library holds while it has nothing open. */
    private int held;

    /** How often each call failed in each step. */
    private final Map<String, Integer> outcomes = new TreeMap<>();

    private FaultsProgram(Faults faults, String name, Path folder) {
        this.faults = faults;
        this.name = name;
        this.folder = folder;
    }

    /** Arguments: the library of {@code faults.h}, a name for objects, and a folder for files. */
    public static void main(String[] arguments) throws Exception {
        FaultsProgram program =
                new FaultsProgram(new Faults(Path.of(arguments[0])), arguments[1], Path.of(arguments[2]));
        // After this, everything that the process creates only once exists.
        program.clean(FaultScenarios.all().get(FaultScenarios.WATCHING));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = input.readLine()) != null; ) {
            program.failures = 0;
            program.outcomes.clear();
            int handles = handles();
            FaultRun.Scenario told = FaultScenarios.told().get(line);
            String done = told == null ? program.play(FaultScenarios.all().get(line)) : program.clean(told).toString();
            int more = handles() - handles;
            if (more > JVM_HANDLES) {
                System.out.println("wrong: " + more + " handles more");
            }
            System.out.println("done: " + done);
        }
    }

    private String play(FaultRun.Scenario scenario) throws Exception {
        clean(scenario);
        List<String> calls = clean(scenario);
        held = settled();
        empty = state();
        int step = Sizes.EXHAUSTIVE ? 1 : 7;
        for (int nth = 1; nth <= calls.size(); nth += step) {
            int[] codes = FaultCodes.of(calls.get(nth - 1));
            for (int code : Sizes.EXHAUSTIVE ? codes : new int[] {codes[nth % codes.length]}) {
                if (!fails(scenario, nth, code, 0) && (Sizes.EXHAUSTIVE || nth / step % 4 == 0)) {
                    fails(scenario, nth, code, FOLLOWING);
                }
            }
            if (nth % COLLECTION < step) {
                checkCollected(nth);
            }
        }
        checkCollected(calls.size());
        if (failures == 0) {
            System.out.println("wrong: no call failed");
        }
        return calls.size() + " calls, " + failures + " failures " + outcomes;
    }


    private List<String> clean(FaultRun.Scenario scenario) throws Exception {
        FaultRun run = new FaultRun(faults, name, folder, 0, 0, 0);
        List<String> calls = run.run(scenario);
        report("without a failure", run);
        return calls;
    }

    /**
     * Lets one call fail, then sees that nothing is left and all works as before; whether nobody minded the failure.
     */
    private boolean fails(FaultRun.Scenario scenario, int nth, int code, int following) throws Exception {
        String what = "call " + nth + " fails with " + code + (following == 0 ? "" : " and the next with " + following);
        System.out.println("at: " + what);
        List<List<String>> before = empty;
        lent = false;
        FaultRun run = new FaultRun(faults, name, folder, nth, code, following);
        run.run(scenario);
        if (run.failed == null) {
            // The scenario is not the same to the call each time.
            report(what, run);
            return true;
        }
        failures++;
        what = what + ", " + run.failed;
        outcomes.merge(run.failed + (run.completed ? "" : " throws"), 1, Integer::sum);
        if (!run.hasLent()) {
            checkNothingHeld(run, before);
        }
        run.check(run.mayLeaveName() || names().isEmpty(), "the name is left");
        report(what, run);
        FaultRun afterwards = new FaultRun(faults, name, folder, 0, 0, 0);
        afterwards.run(scenario);
        lent = afterwards.hasLent();
        if (!lent) {
            checkNothingHeld(afterwards, before);
        }
        afterwards.check(names().isEmpty(), "the name is left");
        report(what + "; then without a failure", afterwards);
        return run.completed;
    }

    private static void report(String what, FaultRun run) {
        run.wrong.forEach(wrong -> System.out.println("wrong: " + what + ": " + wrong));
    }

    private void checkNothingHeld(FaultRun run, List<List<String>> before)
            throws IOException, InterruptedException {
        int now = held();
        // A thread of the scenario may still end.
        for (long giveUp = System.nanoTime() + PATIENCE_NANOS;
                Platform.isWindows() && now != held && System.nanoTime() - giveUp < 0; ) {
            Thread.sleep(5);
            now = held();
        }
        run.check(now == held, "it holds " + (now - held) + " more");
        held = now;
        List<List<String>> after = state();
        run.check(after.equals(before), "there is left " + after + ", was " + before);
        empty = after;
    }

    /** The memory of a region whose pointer was lent is the collector's, and so is that of a pair. */
    private void checkCollected(int nth) throws Exception {
        if (!lent) {
            return;
        }
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (held() != held && System.nanoTime() - giveUp < 0) {
            System.gc();
            Thread.sleep(5);
        }
        FaultRun collected = new FaultRun(faults, name, folder, 0, 0, 0);
        checkNothingHeld(collected, empty);
        report("one of the calls up to " + nth + ", after a collection", collected);
    }

    /** On Windows each waiter thread has a handle, until it has been idle for some seconds. */
    private int held() throws InterruptedException {
        int threads;
        int held;
        do {
            threads = (int) WaiterThreadCount.now();
            held = faults.held();
            // A thread that ends has given its handle back a moment before.
            Thread.sleep(2);
        } while (Platform.isWindows() && threads != WaiterThreadCount.now());
        return Platform.isWindows() ? held - threads : held;
    }

    private int settled() throws InterruptedException {
        // A thread of the last scenario may still end, and has references until then.
        int unchanged = 0;
        int before = held();
        while (unchanged < 5) {
            awaitCleaner();
            Thread.sleep(20);
            int now = held();
            unchanged = now == before ? unchanged + 1 : 0;
            before = now;
        }
        return before;
    }

    /** Returns when the library's cleaner has freed all that is unreachable by now. */
    private static void awaitCleaner() throws InterruptedException {
        CountDownLatch last = new CountDownLatch(1);
        SafetyNet.CLEANER.register(new Object(), last::countDown);
        do {
            System.gc();
        } while (!last.await(20, TimeUnit.MILLISECONDS));
    }

    /** The scenario's descriptors and mappings, as the system lists them. */
    private List<List<String>> state() throws IOException {
        return Platform.isWindows() ? List.of() : List.of(descriptors(), mappings());
    }

    private List<String> descriptors() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(entry).toString());
                } catch (IOException e) {
                    // It was closed since it was listed.
                }
            }
        }
        return targets.stream().filter(this::isOurs).sorted().toList();
    }

    private List<String> mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(this::isOurs)
                    .map(line -> line.replaceFirst("^\\S+ ", ""))
                    .sorted()
                    .toList();
        }
    }

    private boolean isOurs(String target) {
        return target.contains("/dev/shm/")
                || target.contains("/memfd:")
                || target.contains("inotify")
                || target.contains(folder.toString());
    }

    private List<String> names() throws IOException {
        if (Platform.isWindows()) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(Path.of("/dev/shm"))) {
            return entries.map(Path::toString).filter(path -> path.contains(name)).toList();
        }
    }

    private interface WindowsHandles extends StdCallLibrary {
        Pointer GetCurrentProcess();

        boolean GetProcessHandleCount(Pointer process, IntByReference count);
    }

    private static int handles() {
        if (!Platform.isWindows()) {
            return 0;
        }
        WindowsHandles kernel32 = Native.load("kernel32", WindowsHandles.class);
        IntByReference count = new IntByReference();
        kernel32.GetProcessHandleCount(kernel32.GetCurrentProcess(), count);
        return count.getValue();
    }
}
