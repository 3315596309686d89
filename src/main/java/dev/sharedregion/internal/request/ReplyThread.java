package dev.sharedregion.internal.request;

import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.jvm.VirtualThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that tells the askers for whom no thread waits what has become of their requests, and looks at their
 * deadlines. It runs only while there are such requests. It calls no asker while it has the turn to poll, so that the
 * actions of a future may ask, too.
 */
final class ReplyThread {
    private static final String NAME = "sharedregion-replies";

    /** How long it polls before it looks at the deadlines again: a new request may have an earlier one. */
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ClientSide client;

    /** What is to be told. */
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();

    /** How many requests it looks after. */
    private final AtomicInteger expected = new AtomicInteger();

    /** No deadline of these requests is earlier. */
    private final AtomicLong firstDeadline = new AtomicLong(Deadline.never());

    private final AtomicBoolean running = new AtomicBoolean();

    /** Null until it has begun. */
    private volatile Thread thread;

    ReplyThread(ClientSide client) {
        this.client = client;
    }

    /** Looks after one more request, once it is started. */
    void begin() {
        expected.incrementAndGet();
    }

    /** Looks after a request less. */
    void end() {
        expected.decrementAndGet();
    }

    /** Looks at this deadline, too, once it is started. */
    void watch(long deadline) {
        firstDeadline.accumulateAndGet(deadline, Deadline::earlier);
    }

    /** Calls an asker by this thread. */
    void tell(Runnable answer) {
        answers.add(answer);
        start();
        LockSupport.unpark(thread);
    }

    /** Starts it, unless it runs. */
    void start() {
        if (!running.get() && running.compareAndSet(false, true)) {
            boolean started = false;
            try {
                VirtualThreads.start(this::run, NAME);
                started = true;
            } finally {
                if (!started) {
                    running.set(false);
                }
            }
        }
    }

    private void run() {
        thread = Thread.currentThread();
        do {
            try {
                while (isNeeded()) {
                    round();
                }
            } finally {
                running.set(false);
            }
        } while (isNeeded() && running.compareAndSet(false, true));
    }

    private boolean isNeeded() {
        return expected.get() > 0 || !answers.isEmpty() || client.hasUnsent();
    }

    private void round() {
        try {
            client.await(this::hasWork, Deadline.earlier(firstDeadline.get(), System.nanoTime() + ROUND_NANOS));
            if (Deadline.hasPassed(firstDeadline.get())) {
                firstDeadline.set(Deadline.never());
                client.failLate(System.nanoTime());
            }
        } catch (Throwable e) {
            // The client is closed, or another program has overwritten a channel, or there is not enough memory.
            client.failAll(e);
        }
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
        }
    }

    private boolean hasWork() {
        return !answers.isEmpty() || !isNeeded() || Deadline.hasPassed(firstDeadline.get());
    }
}
