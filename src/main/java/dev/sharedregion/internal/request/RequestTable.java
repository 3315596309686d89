package dev.sharedregion.internal.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Requests by their ids, for any threads. Most of them are in an array, by the lowest bits of the id, which takes a
 * tenth of a map's time.
 */
final class RequestTable<T extends RequestTable.Entry> {
    /** What is in a table. */
    interface Entry {
        int id();
    }

    /** A power of two. */
    private static final int SLOTS = 64;

    private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>(SLOTS);

    /** Those whose slot another one had. */
    private final Map<Integer, T> others = new ConcurrentHashMap<>();

    private static int slot(int id) {
        return id & SLOTS - 1;
    }

    /** Adds a request, unless there is one with its id. No other thread adds one with this id at the same time. */
    boolean add(T request) {
        int id = request.id();
        if (get(id) != null) {
            return false;
        }
        if (!slots.compareAndSet(slot(id), null, request)) {
            others.put(id, request);
        }
        return true;
    }

    /** The request with this id, or null. */
    T get(int id) {
        T request = slots.get(slot(id));
        return request != null && request.id() == id ? request : others.get(id);
    }

    /** Removes a request; false if it is not there. */
    boolean remove(T request) {
        return slots.compareAndSet(slot(request.id()), request, null) || others.remove(request.id(), request);
    }

    /** All that are there. One that is added or removed meanwhile may be among them or not. */
    List<T> all() {
        List<T> all = new ArrayList<>(others.values());
        for (int i = 0; i < SLOTS; i++) {
            T request = slots.get(i);
            if (request != null) {
                all.add(request);
            }
        }
        return all;
    }
}
