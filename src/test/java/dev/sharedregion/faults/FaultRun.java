package dev.sharedregion.faults;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.helpers.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One run of a scenario, step by step, in which one call or no call fails. It collects what is wrong with the result.
 */
final class FaultRun {
    /** A step that fails as it should, which ends the scenario. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A sequence of steps. */
    interface Scenario {
        void run(FaultRun run) throws Exception;
    }

    /** A step without a result. */
    interface Action {
        void run() throws Exception;
    }

    final String name;
    final Path folder;
    private final Faults faults;
    private final int nth;
    private final int code;
    private final int following;
    private final Deque<AutoCloseable> kept = new ArrayDeque<>();

    /** What was wrong. */
    final List<String> wrong = new ArrayList<>();

    /** The step and the call that failed, or null while none has. */
    volatile String failed;

    /** Whether the step in which it failed may keep that to itself. */
    private boolean mayComplete;

    /** Whether the call that failed was made again. */
    private boolean triedAgain;

    private boolean nameLeft;

    /** Whether memory was handed out, so that it is the collector's to free it. */
    private boolean lent;

    /** Whether the step in which the call failed did not mind. */
    boolean completed = true;

    /**
     * @param nth which call fails, 0 for none
     * @param following the code with which the call after that fails, or 0
     */
    FaultRun(Faults faults, String name, Path folder, int nth, int code, int following) {
        this.faults = faults;
        this.name = name;
        this.folder = folder;
        this.nth = nth;
        this.code = code;
        this.following = following;
    }

    /** Runs it, and closes what it has kept; what was called, in order. */
    List<String> run(Scenario scenario) throws Exception {
        List<String> calls;
        faults.arm(nth, code, following);
        try {
            scenario.run(this);
        } catch (Failed e) {
            // As noted.
        } finally {
            calls = faults.disarm();
            while (!kept.isEmpty()) {
                close(kept.pop());
            }
        }
        return calls;
    }

    private void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            wrong.add("then close failed with " + e);
        }
    }

    /** A call of the library. */
    <T> T step(String step, Callable<T> action) throws Exception {
        T result = null;
        Exception thrown = null;
        try {
            result = action.call();
        } catch (Exception e) {
            thrown = e;
        }
        boolean fellHere = failed == null && nth > 0 && faults.made() >= nth;
        if (fellHere) {
            String call = faults.call(nth - 1);
            failed = step + " " + call;
            triedAgain = lent && FaultCodes.isTriedAgain(call, code);
            // Where two threads call, another call than the one the code was chosen for may have this number.
            mayComplete = triedAgain || FaultCodes.isHarmless(step, call) || !FaultCodes.isOf(call, code);
        }
        if (thrown == null) {
            // Two at once are for those that throw: the second may fail by itself where the first was harmless.
            if (fellHere && following == 0 && !mayComplete) {
                wrong.add("it went unnoticed");
            }
            return result;
        }
        completed = false;
        boolean first = fellHere && isInjected(thrown);
        if (!first) {
            wrong.add("in step " + step + ": " + describe(thrown));
        }
        throw new Failed();
    }

    private boolean isInjected(Exception thrown) {
        // Where the first of two failures was harmless, the second is the one that is told.
        boolean second = triedAgain || mayComplete && following != 0;
        return thrown instanceof SharedMemoryException e
                && (e.errorCode() == code || second && e.errorCode() == following);
    }

    private static String describe(Exception e) {
        StringBuilder text = new StringBuilder(e.toString());
        for (StackTraceElement element : e.getStackTrace()) {
            if (element.getClassName().startsWith("dev.sharedregion.faults.")) {
                break;
            }
            text.append(" < ").append(element.getMethodName()).append(':').append(element.getLineNumber());
        }
        return text.toString();
    }

    /** An action in which the next call of a function fails, and what is told of that. */
    void told(String function, int failing, SharedMemoryException.Reason reason, String hint, Action action)
            throws Exception {
        SharedMemoryException e = toldOf(function, failing, reason, action);
        check(e == null || e.errorCode() == failing && e.getMessage().contains(hint), e + " lacks " + hint);
    }

    /** An action in which the next call of a function fails, and whose error need not be that of the call. */
    SharedMemoryException toldOf(String function, int failing, SharedMemoryException.Reason reason, Action action)
            throws Exception {
        faults.armEverywhere(function, failing, 1);
        try {
            action.run();
            wrong.add(function + " failed with " + failing + ", and it went unnoticed");
            return null;
        } catch (SharedMemoryException e) {
            check(e.reason() == reason, describe(e));
            return e;
        } finally {
            faults.disarm();
        }
    }

    /** An action in which the next call of a function fails, and which succeeds. */
    void overcome(String function, int failing, Action action) throws Exception {
        int before = faults.callsOf(function);
        faults.armEverywhere(function, failing, 1);
        try {
            action.run();
        } catch (SharedMemoryException e) {
            wrong.add(describe(e));
        } finally {
            faults.disarm();
        }
        check(faults.callsOf(function) > before, function + " was not called");
    }

    /** Says that memory is the collector's to free. */
    void lend() {
        lent = true;
    }

    /** Says that the name was left before. */
    void leaveName() {
        nameLeft = true;
    }

    /** Whether the name may be there: it was left before, or could not be removed, which the next user does. */
    boolean mayLeaveName() {
        return nameLeft || following != 0 || failed.startsWith("close");
    }

    boolean hasLent() {
        return lent;
    }

    void step(String step, Action action) throws Exception {
        step(step, () -> {
            action.run();
            return null;
        });
    }

    /** A call of the library that makes something which is to be closed in the end. */
    <T extends AutoCloseable> T open(String step, Callable<T> action) throws Exception {
        T opened = step(step, action);
        kept.push(opened);
        return opened;
    }

    /** A call of the library that fails, for this reason, if no call of the system does before. */
    void refused(String step, SharedMemoryException.Reason reason, Action action) throws Exception {
        step(step, () -> {
            try {
                action.run();
            } catch (SharedMemoryException e) {
                if (e.reason() == reason && (nth == 0 || e.errorCode() != code)) {
                    return;
                }
                throw e;
            }
            wrong.add("step " + step + " was not refused");
        });
    }

    /** Another thread, none of whose calls fails; it is to end by itself. */
    FutureTask<Void> beside(Action action) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            action.run();
            return null;
        });
        new Thread(task, "beside").start();
        // Last of all: what this thread has is closed before, which ends the waits of the other.
        kept.addLast(() -> {
            try {
                task.get();
            } catch (ExecutionException e) {
                // Where a call failed on the other side, this one cannot have its turn.
                if (failed == null) {
                    throw e;
                }
            }
        });
        return task;
    }

    /**
     * Returns when a function was called once more, by any thread; or after a while, in which a failure kept it from
     * that.
     */
    void awaitCallOf(String function, int before) throws InterruptedException {
        long giveUp = System.nanoTime() + 300_000_000;
        while (faults.callsOf(function) == before && failed == null && System.nanoTime() - giveUp < 0) {
            Thread.sleep(1);
        }
    }

    int callsOf(String function) {
        return faults.callsOf(function);
    }

    /** If two calls fail, the second may be the one that gives the growth back. */
    void checkFileSize(Path file, long size) throws IOException {
        check(following != 0 || Files.size(file) == size, file + " has " + Files.size(file) + " bytes, not " + size);
    }

    void check(boolean right, String what) {
        if (!right) {
            wrong.add(what);
        }
    }
}
