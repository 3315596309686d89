package dev.sharedregion.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One thread of the fuzzer: does one random operation after the other, and keeps for later ones the pointers, buffers
 * and structures that it gets, also those of closed and dropped regions.
 */
final class Worker implements Runnable {
    /** Of each kind; a new one takes the place of any. */
    private static final int MOST_KEPT = 24;

    /** An operation; its exceptions are failures but for those that {@link #expect} takes. */
    interface Operation {
        void run(Worker worker) throws Throwable;
    }

    private record Weighted(int upTo, Operation operation) {}

    final int number;
    final Draw draw;
    final SplittableRandom random;
    final Pool pool;
    final List<Pointers.Kept> pointers = new ArrayList<>();
    final List<Buffers.Kept> buffers = new ArrayList<>();
    final List<Structures.Kept> structures = new ArrayList<>();

    private final List<Weighted> operations = new ArrayList<>();
    private final long count;
    private int weights;
    private final Object[] what = new Object[6];
    private int nested;

    volatile Thread thread;
    volatile long done;
    volatile long since;
    volatile boolean waits;

    /** The server that this thread serves; null if it serves none. */
    volatile Held serves;

    volatile boolean ended;

    Worker(int number, long count, Draw draw, Pool pool) {
        this.number = number;
        this.count = count;
        this.draw = draw;
        this.random = draw.random;
        this.pool = pool;
    }

    void add(int weight, Operation operation) {
        weights += weight;
        operations.add(new Weighted(weights, operation));
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            for (long i = 0; i < count; i++) {
                since = System.nanoTime();
                step();
                waits = false;
                serves = null;
                done = i + 1;
                if (draw.oneIn(4)) {
                    Thread.interrupted();
                }
            }
        } catch (Throwable e) {
            Fuzzer.fail(this, e);
        }
        ended = true;
    }

    /** Closes the server that this thread serves: without that, a call that serves ends by an interrupt only. */
    void closeServed() throws Exception {
        Held held = serves;
        if (held != null) {
            held.close();
        }
    }

    private void step() throws Throwable {
        int at = random.nextInt(weights);
        for (Weighted each : operations) {
            if (at < each.upTo) {
                each.operation.run(this);
                return;
            }
        }
    }

    /** An operation from within another, such as an action of a pair; not deeper than that. */
    void nest() {
        if (nested > 0) {
            return;
        }
        nested++;
        Object[] outer = what.clone();
        try {
            step();
        } catch (Throwable e) {
            Fuzzer.fail(this, e);
        } finally {
            nested--;
            System.arraycopy(outer, 0, what, 0, what.length);
        }
    }

    /** Notes what is about to be called, for the report of a failure. */
    void calls(Object... call) {
        for (int i = 0; i < what.length; i++) {
            what[i] = i < call.length ? call[i] : null;
        }
    }

    /** The last call. */
    String call() {
        StringBuilder text = new StringBuilder();
        for (Object each : what) {
            if (each != null) {
                text.append(text.length() == 0 ? "" : ", ");
                text.append(each instanceof Object[] array ? java.util.Arrays.deepToString(array) : each);
            }
        }
        return text.toString();
    }

    /** Fails unless it is an exception of these, or one that says "closed" of what is being closed. */
    void expect(Throwable e, State state, Collection<Class<? extends Throwable>> documented) throws Throwable {
        if (e instanceof IllegalStateException && state != null && state.closing) {
            return;
        }
        for (Class<?> each : documented) {
            if (each.isInstance(e)) {
                return;
            }
        }
        throw e;
    }

    void check(boolean right, Supplier<String> otherwise) {
        if (!right) {
            throw new AssertionError(otherwise.get());
        }
    }

    <T> T any(List<T> kept) {
        return kept.isEmpty() ? null : draw.of(kept);
    }

    <T> void keep(List<T> kept, T one) {
        if (kept.size() < MOST_KEPT) {
            kept.add(one);
        } else {
            kept.set(random.nextInt(MOST_KEPT), one);
        }
    }

    void keep(ByteBuffer buffer, State state) {
        keep(buffers, new Buffers.Kept(buffer, state));
    }

    /** Gives an object to all threads. The object that it replaces is closed, or dropped without close. */
    void share(Held held) throws Exception {
        Held displaced = pool.put(held, random);
        if (displaced != null && !draw.oneIn(10)) {
            displaced.close();
        }
    }
}
