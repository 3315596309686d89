package dev.sharedregion.hostile;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes calls on objects whose memory other threads overwrite. Ends the JVM if a call does not return, or throws an
 * exception that the documentation does not allow.
 */
final class HostileCalls {
    /** Far beyond what a call of these tests may take: 20 ms, or two seconds for a close. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("sharedregion.patience", 60));

    static final Set<Reason> CREATE = Set.of(
            Reason.ALREADY_EXISTS,
            Reason.WRONG_KIND,
            Reason.UNSUPPORTED,
            Reason.TOO_SMALL,
            Reason.IN_USE,
            Reason.CORRUPT);
    static final Set<Reason> OPEN = Set.of(
            Reason.NOT_FOUND, Reason.WRONG_KIND, Reason.UNSUPPORTED, Reason.TOO_SMALL, Reason.IN_USE, Reason.CORRUPT);
    static final Set<Reason> AWAIT = Set.of(Reason.PEER_DIED, Reason.CLOSED, Reason.CORRUPT);
    static final Set<Reason> SIGNAL = Set.of(Reason.CORRUPT);
    static final Set<Reason> NONE = Set.of();

    /** A call that may be interrupted. */
    interface Call {
        Object run() throws InterruptedException;
    }

    /** Of which each is another. */
    private static final class UnderWay {
        private final String what;
        private final long since;

        UnderWay(String what, long since) {
            this.what = what;
            this.since = since;
        }
    }

    private final long seed;
    private final AtomicLong left;
    private final Map<Thread, UnderWay> underWay = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Long> longestMillis = new ConcurrentHashMap<>();

    /** Starts to watch. */
    HostileCalls(long seed, long calls) {
        this.seed = seed;
        this.left = new AtomicLong(calls);
        Thread watchdog = new Thread(this::watch, "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    /** Whether there are calls left to be made. */
    boolean areLeft() {
        return left.get() > 0;
    }

    /** Makes a call; null if it fails as it may. */
    Object call(String what, Set<Reason> reasons, Call call) {
        return call(what, "", reasons, call);
    }

    /** Makes a call, of which failures tell more than the tally. */
    Object call(String kind, String details, Set<Reason> reasons, Call call) {
        String what = kind + details;
        left.decrementAndGet();
        long since = System.nanoTime();
        underWay.put(Thread.currentThread(), new UnderWay(what, since));
        String outcome = "value";
        try {
            return call.run();
        } catch (SharedMemoryException e) {
            if (!reasons.contains(e.reason())) {
                fail(what, e);
            }
            outcome = e.reason().name();
        } catch (IllegalStateException e) {
            // Out of turn, of the other side, or closed.
            if (reasons == NONE) {
                fail(what, e);
            }
            outcome = "out of turn";
        } catch (InterruptedException e) {
            outcome = "interrupted";
        } catch (RuntimeException | Error e) {
            fail(what, e);
        } finally {
            underWay.remove(Thread.currentThread());
            longestMillis.merge(kind, (System.nanoTime() - since) / 1_000_000, Math::max);
            outcomes.computeIfAbsent(kind + " " + outcome, key -> new LongAdder()).increment();
        }
        return null;
    }

    /** The call that a thread is in, or null. */
    Object callOf(Thread thread) {
        return underWay.get(thread);
    }

    /** Ends the JVM. */
    void fail(String what, Throwable e) {
        System.err.println("seed " + seed + ": " + what);
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private void watch() {
        for (int looks = 0; ; looks++) {
            if (looks % 20 == 19) {
                System.out.println(left + " calls left"); // a sign of life
            }
            underWay.forEach((thread, call) -> {
                if (System.nanoTime() - call.since > PATIENCE_NANOS) {
                    System.err.println("seed " + seed + ": " + call.what + " does not return, on " + thread.getName());
                    Thread.getAllStackTraces().forEach((each, stack) -> {
                        System.err.println(each.getName());
                        for (StackTraceElement element : stack) {
                            System.err.println("    " + element);
                        }
                    });
                    Runtime.getRuntime().halt(2);
                }
            });
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** How often which call ended how, and how long it took at most. */
    String outcomes() {
        return new TreeMap<>(outcomes) + "; longest, in ms: " + new TreeMap<>(longestMillis);
    }
}
