package dev.sharedregion.fuzz;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import java.util.List;
import java.util.function.Function;

/** JNA's structures, laid over the memory of regions at random places. */
final class Structures {
    /** A structure that lies over a region. */
    record Kept(Structure structure, State state) {}

    private interface Call {
        void run(Worker worker, Kept kept);
    }

    private static final List<Function<Pointer, Structure>> SHAPES =
            List.of(Shapes.Flat::new, Shapes.Nested::new, Shapes.Choice::new, Shapes.Linked::new);

    /** JNA says IllegalArgumentException of what does not fit, with ours as the cause. */
    private static final List<Class<? extends Throwable>> DOCUMENTED = List.of(
            IndexOutOfBoundsException.class, UnsupportedOperationException.class, IllegalArgumentException.class);

    private static final List<Call> CALLS = List.of(
            (w, k) -> k.structure.read(),
            (w, k) -> k.structure.read(),
            (w, k) -> k.structure.write(),
            (w, k) -> k.structure.write(),
            (w, k) -> k.structure.clear(),
            (w, k) -> k.structure.readField(field(w, k)),
            (w, k) -> k.structure.writeField(field(w, k)),
            (w, k) -> Structure.autoRead(new Structure[] {k.structure}),
            (w, k) -> Structure.autoWrite(new Structure[] {k.structure}),
            (w, k) -> w.keep(w.structures, new Kept(w.draw.of(List.of(array(w, k))), k.state)),
            (w, k) ->
                    w.keep(w.structures, new Kept(Structure.newInstance(k.structure.getClass(), pointer(k)), k.state)),
            (w, k) -> k.structure.dataEquals(k.structure),
            (w, k) -> k.structure.equals(k.structure.toArray(2)[1]),
            (w, k) -> k.structure.hashCode(),
            (w, k) -> k.structure.toString(true),
            (w, k) -> fill(w, k),
            (w, k) -> {
                if (pointer(k) instanceof Memory memory) {
                    w.keep(w.pointers, new Pointers.Kept(memory, k.state));
                }
            });

    private Structures() {}

    /** Lays one over memory; it is read at once, or not. */
    static void lay(Worker w) throws Throwable {
        Pointers.Kept kept = w.any(w.pointers);
        if (kept == null) {
            return;
        }
        long offset = w.draw.offset(kept.pointer().size());
        w.calls("lay", offset, kept.pointer());
        try {
            Pointer place = w.draw.oneIn(4) ? kept.pointer() : kept.pointer().share(offset);
            w.keep(w.structures, new Kept(w.draw.of(SHAPES).apply(place), kept.state()));
        } catch (Exception e) {
            w.expect(e, kept.state(), DOCUMENTED);
        }
    }

    static void call(Worker w) throws Throwable {
        Kept kept = w.any(w.structures);
        if (kept == null) {
            return;
        }
        int which = w.random.nextInt(CALLS.size());
        w.calls("structure call " + which, kept.structure.getClass());
        boolean closed = kept.state.closed;
        try {
            CALLS.get(which).run(w, kept);
            w.check(!closed || which > 3, () -> "works after close");
        } catch (Exception e) {
            w.expect(e, kept.state, DOCUMENTED);
        }
    }

    private static Pointer pointer(Kept kept) {
        return kept.structure.getPointer();
    }

    private static Structure[] array(Worker w, Kept kept) {
        return kept.structure.toArray(1 + w.random.nextInt(w.draw.oneIn(10) ? 200 : 5));
    }

    private static String field(Worker w, Kept kept) {
        var order = kept.structure.getClass().getSuperclass() == Shapes.Linked.class
                ? Shapes.Linked.class.getAnnotation(Structure.FieldOrder.class)
                : kept.structure.getClass().getAnnotation(Structure.FieldOrder.class);
        return order == null ? "bytes" : w.draw.of(List.of(order.value()));
    }

    private static void fill(Worker w, Kept kept) {
        if (kept.structure instanceof Shapes.Flat flat) {
            flat.four = w.random.nextInt();
            flat.bytes[w.random.nextInt(flat.bytes.length)] = 1;
        } else if (kept.structure instanceof Shapes.Choice choice) {
            choice.setType(w.draw.oneIn(2) ? double.class : byte[].class);
        } else if (kept.structure instanceof Shapes.Linked linked) {
            Pointers.Kept other = w.any(w.pointers);
            linked.address = other == null ? null : other.pointer();
            linked.text = w.draw.oneIn(2) ? w.draw.text() : null;
            if (linked.next == null && w.draw.oneIn(2)) {
                linked.next = new Shapes.Linked.ByReference(pointer(kept));
            }
        }
    }
}
