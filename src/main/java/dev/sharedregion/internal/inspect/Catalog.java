package dev.sharedregion.internal.inspect;

import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.NamedObject.Type;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** All objects with names, as their users see them: the parts of a pair are one object. */
public final class Catalog {
    private static final Family[] FAMILIES = Family.values();
    private static final Family[] NONE = {};

    private final OperatingSystem os;
    private final Map<String, NamedObject> byName = new HashMap<>();

    private Catalog(OperatingSystem os, List<NamedObject> objects) {
        this.os = os;
        objects.forEach(object -> byName.put(object.name(), object));
    }

    /** Lists them by name. */
    public static List<Entry> of(OperatingSystem os) {
        List<NamedObject> objects = os.listObjects();
        return new Catalog(os, objects).entries(objects);
    }

    private List<Entry> entries(List<NamedObject> objects) {
        List<Entry> entries = new ArrayList<>();
        Set<NamedObject> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        candidates(objects).forEach((whole, found) -> {
            if (isReal(whole, found)) {
                found.sort(Comparator.comparing(NamedObject::name));
                entries.add(entry(whole.family.kind, whole.name, found));
                parts.addAll(found);
            }
        });
        for (NamedObject object : objects) {
            if (!parts.contains(object)) {
                entries.add(entry(Kind.valueOf(object.type().name()), object.name(), List.of(object)));
            }
        }
        entries.sort(Comparator.comparing(Entry::name).thenComparing(Entry::kind));
        return entries;
    }

    private Entry entry(Kind kind, String name, List<NamedObject> parts) {
        SortedSet<Long> users = new TreeSet<>();
        parts.forEach(part -> users.addAll(part.usage().processes()));
        if (!os.listsUsers()) {
            addNamedUsers(kind, name, users);
        }
        return new Entry(kind, name, List.copyOf(parts), List.copyOf(users));
    }

    /** Adds the living processes that the object itself names. */
    private void addNamedUsers(Kind kind, String name, Set<Long> users) {
        try {
            addProcesses(Details.of(os, kind, name), users);
        } catch (Failure | IllegalArgumentException e) {
            // This user may not read it, or it is not what it seems.
        }
    }

    private static void addProcesses(Object detail, Set<Long> users) {
        if (detail instanceof List<?> list) {
            list.forEach(each -> addProcesses(each, users));
        } else if (detail instanceof Map<?, ?> map) {
            if (Boolean.TRUE.equals(map.get(Block.ALIVE))) {
                users.add((Long) map.get(Block.PROCESS));
            }
            map.values().forEach(each -> addProcesses(each, users));
        }
    }

    /** An object of several parts. */
    private record Whole(Family family, String name) {}

    private static Map<Whole, List<NamedObject>> candidates(List<NamedObject> objects) {
        Map<Whole, List<NamedObject>> candidates = new LinkedHashMap<>();
        for (NamedObject object : objects) {
            for (Family family : Family.mayBePart(object.name()) ? FAMILIES : NONE) {
                String name = family.whole(object.name());
                if (name != null) {
                    candidates.computeIfAbsent(new Whole(family, name), key -> new ArrayList<>()).add(object);
                    break;
                }
            }
        }
        return candidates;
    }

    /** Whether the objects are what their names say. Another program may have named its own so. */
    private boolean isReal(Whole whole, List<NamedObject> found) {
        NamedObject block = byName.get(whole.name + whole.family.block);
        if (block == null) {
            // A pair of two events is one for programs without the library.
            return whole.family == Family.PAIR
                    && found.size() == 2
                    && found.stream().allMatch(part -> part.type() == Type.EVENT);
        }
        if (block.type() != Type.REGION || block.size() >= 0 && block.size() < Block.HEADER_SIZE) {
            return false;
        }
        byte[] start = new byte[whole.family.magic.length];
        try {
            // One that this user may not read is taken for what its name says.
            return !os.readStart(ObjectName.of(block.name()), start) || Arrays.equals(start, whole.family.magic);
        } catch (IllegalArgumentException e) {
            // The library has no objects of such a name.
            return false;
        }
    }
}
