package dev.sharedregion.fuzz;

import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Random calls of everything public, by several threads on the same few objects, until so many are done: a program of
 * its own, for a fault ends it. So does an exception that is not documented, an operation that lasts too long, and
 * something that is left over at the end.
 */
public final class Fuzzer {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** As many operations have called everything with success. */
    private static final long ENOUGH = 1_000_000;

    private Fuzzer() {}

    /** Methods of the library or of JNA's pointers that nothing here calls. */
    public static List<String> missing() {
        List<String> missing = new ArrayList<>(Calls.missing());
        missing.addAll(Pointers.missing());
        return missing;
    }

    /** Whether a class of the library is driven, or its objects are only drawn as arguments or thrown. */
    public static boolean knows(Class<?> type) {
        return Calls.DRIVEN.contains(type)
                || type.isInterface()
                || type.isEnum()
                || Throwable.class.isAssignableFrom(type);
    }

    /** Folder, prefix of names, seed, number of operations, number of threads. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String prefix = arguments[1];
        SplittableRandom seeds = new SplittableRandom(Long.parseLong(arguments[2]));
        long operations = Long.parseLong(arguments[3]);
        int threads = Integer.parseInt(arguments[4]);
        createFiles(folder);
        Leftovers leftovers = new Leftovers(prefix, folder);
        Pool pool = new Pool(Calls.OBJECTS);
        List<Worker> workers = new ArrayList<>();
        List<OwnRegion> owns = new ArrayList<>();
        List<Calls> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Draw draw = new Draw(seeds.split(), prefix, folder);
            OwnRegion own = new OwnRegion(draw.own(i));
            owns.add(own);
            if (i == 0 && Platform.isWindows()) {
                // Another program's, which stays until this process ends.
                Kernel32.INSTANCE.CreateMutex(null, false, draw.mutex());
            }
            Worker worker = new Worker(i, operations / threads, draw, pool);
            worker.add(3500, Pointers::access);
            worker.add(1500, Pointers::call);
            worker.add(2000, Buffers::access);
            worker.add(1000, Buffers::call);
            worker.add(200, Structures::lay);
            worker.add(600, Structures::call);
            calls.add(new Calls());
            worker.add(800, calls.get(i)::call);
            worker.add(100, own::write);
            worker.add(100, own::read);
            worker.add(5, own::writeCopy);
            worker.add(5, own::renew);
            worker.add(10, w -> workers.get(w.random.nextInt(threads)).thread.interrupt());
            worker.add(10, w -> workers.get(w.random.nextInt(threads)).closeServed());
            worker.add(1, Fuzzer::collectOrOpenSparse);
            workers.add(worker);
        }
        run(workers);
        for (OwnRegion own : owns) {
            own.close();
        }
        pool.closeAll();
        workers.clear();
        leftovers.removePersistent();
        checkNothingIsLeft(leftovers);
        checkOutcomes(calls, operations);
        System.out.println("done");
    }

    private static void createFiles(Path folder) throws IOException {
        Files.createFile(folder.resolve("empty"));
        Files.createFile(folder.resolve("sparse"));
        for (int i = 0; i < 3; i++) {
            Files.write(folder.resolve("file" + i), new byte[5000 * i + 1]);
        }
    }

    /** Both cost milliseconds, so they are rare: a collection, and a region of several windows. */
    private static void collectOrOpenSparse(Worker w) throws Throwable {
        switch (w.random.nextInt(4)) {
            case 0 -> {
                w.calls("gc");
                System.gc();
            }
            case 1 -> {
                w.calls("openOrCreate of the sparse region");
                RegionOptions lazy = RegionOptions.defaults().lazy();
                w.share(Held.of(Platform.isWindows()
                        ? SharedRegion.map(w.draw.sparseFile(), Draw.SPARSE, lazy)
                        : SharedRegion.openOrCreate(w.draw.sparse(), Draw.SPARSE, lazy)));
            }
            default -> { }
        }
    }

    /** Starts the workers and watches them until they are done. Interrupts waiting workers, and fails if one hangs. */
    private static void run(List<Worker> workers) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Worker worker : workers) {
            worker.thread = new Thread(worker, "fuzzer-" + worker.number);
            worker.since = System.nanoTime();
            threads.add(worker.thread);
        }
        threads.forEach(Thread::start);
        long reported = System.nanoTime();
        while (workers.stream().anyMatch(worker -> !worker.ended)) {
            Thread.sleep(1);
            long now = System.nanoTime();
            for (Worker worker : workers) {
                long lasts = now - worker.since;
                if (!worker.ended && lasts > LONGEST_NANOS) {
                    fail(worker, new AssertionError("it hangs"));
                } else if (worker.waits && lasts > LONGEST_WAIT_NANOS) {
                    worker.thread.interrupt();
                }
            }
            if (now - reported > REPORT_NANOS) {
                reported = now;
                System.out.println(workers.stream().mapToLong(worker -> worker.done).sum() + " operations");
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Says what came of the calls, and whether one has never done what it is for. */
    private static void checkOutcomes(List<Calls> calls, long operations) {
        Map<String, Map<String, Integer>> outcomes = new TreeMap<>();
        calls.forEach(each -> each.addTo(outcomes));
        outcomes.forEach((call, each) -> System.out.println(call + ": " + each));
        outcomes.forEach((call, each) -> {
            if (operations >= ENOUGH && Calls.mayReturn(call) && !each.containsKey(Calls.RETURNED)) {
                System.err.println(call + " never returned, only: " + each);
                Runtime.getRuntime().halt(1);
            }
        });
    }

    /** The garbage collector frees the objects that were dropped without close, some time later. */
    private static void checkNothingIsLeft(Leftovers leftovers) throws Exception {
        long giveUp = System.nanoTime() + LONGEST_NANOS;
        List<String> found;
        while (!(found = leftovers.find()).isEmpty()) {
            if (System.nanoTime() - giveUp > 0) {
                System.err.println("left over: " + String.join("\n", found));
                Runtime.getRuntime().halt(1);
            }
            System.gc();
            Thread.sleep(100);
        }
    }

    /** Reports and ends the program at once: what the other threads would do now is of no interest. */
    static synchronized void fail(Worker worker, Throwable e) {
        System.err.println("thread " + worker.number + ", operation " + worker.done + ": " + worker.call());
        e.printStackTrace();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (thread.getName().startsWith("fuzzer-") || thread.getName().startsWith("Cleaner")) {
                System.err.println(thread);
                for (StackTraceElement each : stack) {
                    System.err.println("    at " + each);
                }
            }
        });
        System.err.flush();
        Runtime.getRuntime().halt(1);
    }
}
