package dev.sharedregion.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The objects that all threads use and close under one another: a few slots for each class. */
final class Pool {
    private static final int SLOTS = 6;

    private final List<Class<?>> classes;
    private final AtomicReferenceArray<Held> slots;

    Pool(List<Class<?>> classes) {
        this.classes = classes;
        this.slots = new AtomicReferenceArray<>(classes.size() * SLOTS);
    }

    boolean holds(Class<?> type) {
        return classes.contains(type);
    }

    /** One of this class, which may be closed by now; or null. */
    Held any(Class<?> type, SplittableRandom random) {
        return slots.get(slot(type, random));
    }

    /** Puts it in the place of another, which is returned; or null. */
    Held put(Held held, SplittableRandom random) {
        return slots.getAndSet(slot(held.object().getClass(), random), held);
    }

    void closeAll() throws Exception {
        for (int i = 0; i < slots.length(); i++) {
            Held held = slots.getAndSet(i, null);
            if (held != null) {
                held.close();
            }
        }
    }

    private int slot(Class<?> type, SplittableRandom random) {
        return classes.indexOf(type) * SLOTS + random.nextInt(SLOTS);
    }
}
