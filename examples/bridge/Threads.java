package bridge;

/** The threads of an end. A failure of one ends the process at once, as a kill does: nothing is released by that. */
final class Threads {
    /** What a thread does, without an end. */
    interface Task {
        void run() throws Exception;
    }

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

    /** Ends the process. */
    static void end(Throwable reason) {
        System.err.println(reason.getMessage() == null ? reason : reason.getMessage());
        Runtime.getRuntime().halt(1);
    }
}
