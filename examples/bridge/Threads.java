package bridge;

import java.time.Duration;

/** The threads of an end. A failure of one ends the process at once, as a kill does: nothing is released by that. */
final class Threads {
    /** What a thread does, without an end. */
    interface Task {
        void run() throws Exception;
    }

    private static volatile boolean ending;

    private Threads() {}

    /** Starts a thread. */
    static void start(String name, Task task) {
        new Thread(() -> run(task), name).start();
    }

    private static void run(Task task) {
        try {
            task.run();
        } catch (Exception | Error e) {
            end(e);
        }
    }

    /** Ends the process. While the JVM ends by itself, which closes what the threads use, it only waits for that. */
    static void end(Throwable reason) {
        if (!ending) {
            System.err.println(reason.getMessage() == null ? reason : reason.getMessage());
            Runtime.getRuntime().halt(1);
        }
        while (true) {
            try {
                Thread.sleep(Duration.ofHours(1).toMillis());
            } catch (InterruptedException e) {
                // The JVM ends.
            }
        }
    }

    /** Takes note when the JVM ends by itself, and has the link close then. */
    static void closeAtEnd(Link link) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending = true;
            link.close();
        }));
    }
}
