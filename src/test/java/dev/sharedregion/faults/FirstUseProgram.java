package dev.sharedregion.faults;

import dev.sharedregion.EventOptions;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Sizes;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * A process of {@link FullStackTest}: uses a class of options for the first time at each depth near the end of the
 * stack, and then again with room. Each depth has the library's classes anew, from a class loader of its own. Writes
 * {@code done}.
 */
final class FirstUseProgram {
    private static final long STACK_SIZE = 512 << 10;
    private static final int DEPTHS = Sizes.EXHAUSTIVE ? 300 : 30;

    /** The calls of the program. A new class loader loads the classes of options again. */
    public static final class Use implements Runnable {
        private final String type;

        public Use(String type) {
            this.type = type;
        }

        @Override
        public void run() {
            switch (type) {
                case "EventOptions" -> EventOptions.autoReset();
                case "MessageOptions" -> MessageOptions.defaults();
                case "PairOptions" -> PairOptions.defaults();
                case "RegionOptions" -> RegionOptions.defaults();
                default -> Permissions.ownerOnly();
            }
        }
    }

    /** Has the library and {@link Use} itself, and all else, such as JNA, from its parent. */
    private static final class Anew extends URLClassLoader {
        Anew(URL[] places) {
            super(places, FirstUseProgram.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("dev.sharedregion.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }

    private FirstUseProgram() {}

    public static void main(String[] args) throws Exception {
        URL[] places = {place(SharedRegion.class), place(FirstUseProgram.class)};
        for (String type : List.of("EventOptions", "MessageOptions", "PairOptions", "RegionOptions", "Permissions")) {
            int overflown = 0;
            for (int depth = 0; depth < DEPTHS; depth++) {
                try (Anew anew = new Anew(places)) {
                    Runnable use = (Runnable) anew.loadClass(Use.class.getName())
                            .getConstructor(String.class)
                            .newInstance(type);
                    // A class that cannot be loaded there is loaded again; one that cannot be initialized never is.
                    for (String name : List.of(type, "Permissions", "internal.os.Rights", "internal.jvm.StackSpace")) {
                        Class.forName("dev.sharedregion." + name, false, anew);
                    }
                    overflown += overflows(use, depth) ? 1 : 0;
                    try {
                        use.run();
                    } catch (Throwable e) {
                        throw new AssertionError(type + " is of no use after depth " + depth, e);
                    }
                }
            }
            System.out.println(type + " " + (overflown > 0 ? "overflown" : "never overflown"));
        }
        System.out.println("done");
    }

    private static URL place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /**
     * Runs it in a thread where so many frames are left to the end of the stack; whether it ended by the error there.
     */
    private static boolean overflows(Runnable use, int framesLeft) throws InterruptedException {
        boolean[] overflown = new boolean[1];
        Thread thread = new Thread(null, () -> descend(use, framesLeft, overflown), "full", STACK_SIZE);
        thread.start();
        thread.join();
        return overflown[0];
    }

    /**
     * Returns how many frames there were beyond this one when the stack ended; at the wanted one it runs the action.
     */
    private static int descend(Runnable use, int framesLeft, boolean[] overflown) {
        int beyond;
        try {
            beyond = descend(use, framesLeft, overflown) + 1;
        } catch (StackOverflowError e) {
            beyond = 0;
        }
        if (beyond == framesLeft) {
            try {
                use.run();
            } catch (StackOverflowError | NoClassDefFoundError e) {
                overflown[0] = true;
            }
        }
        return beyond;
    }
}
