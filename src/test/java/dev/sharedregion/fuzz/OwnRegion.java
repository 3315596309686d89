package dev.sharedregion.fuzz;

import com.sun.jna.Pointer;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A region that only one thread uses, with a copy of what must be in it: what is written in one way is read in another,
 * and nothing that happens to other regions shows here.
 */
final class OwnRegion {
    private static final int SIZE = 3 * 4096 + 5;

    private final String name;
    private final ByteBuffer copy = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
    private SharedRegion region;
    private SharedRegion reader;
    private Pointer pointer;

    OwnRegion(String name) {
        this.name = name;
        open();
    }

    private void open() {
        region = SharedRegion.create(name, SIZE);
        reader = SharedRegion.open(name, RegionOptions.readOnly());
        pointer = region.pointer();
        Arrays.fill(copy.array(), (byte) 0);
    }

    void write(Worker w) {
        w.calls("write to the thread's own region");
        int at = w.random.nextInt(SIZE - 100);
        long value = w.random.nextLong();
        switch (w.random.nextInt(7)) {
            case 0 -> pointer.setLong(at, value);
            case 1 -> pointer.share(at, 8).setLong(0, value);
            case 2 -> region.buffer().putLong(at, value);
            case 3 -> region.buffer(at, 8).putLong(value);
            case 4 -> pointer.write(at, new long[] {1, value}, 1, 1);
            case 5 -> {
                Shapes.Choice shape = new Shapes.Choice(pointer.share(at));
                shape.read();
                ByteBuffer.wrap(shape.bytes).order(ByteOrder.nativeOrder()).putLong(0, value);
                shape.write();
            }
            default -> {
                pointer.setMemory(at, 90, (byte) value);
                Arrays.fill(copy.array(), at, at + 90, (byte) value);
                return;
            }
        }
        copy.putLong(at, value);
    }

    void read(Worker w) {
        w.calls("read of the thread's own region");
        int at = w.random.nextInt(SIZE - 100);
        SharedRegion view = w.draw.oneIn(2) ? region : reader;
        long seen = switch (w.random.nextInt(4)) {
            case 0 -> view.pointer().getLong(at);
            case 1 -> view.buffer().getLong(at);
            case 2 -> view.pointer().getLongArray(at, 3)[0];
            default -> new Shapes.Flat(view.pointer().share(at - at % 8)).getPointer().getLong(at % 8);
        };
        w.check(seen == copy.getLong(at), () -> "at " + at + " is " + seen + " and should be " + copy.getLong(at));
        if (w.draw.oneIn(20)) {
            byte[] all = view.pointer().getByteArray(0, SIZE);
            w.check(Arrays.equals(all, copy.array()), () -> "differs at " + Arrays.mismatch(all, copy.array()));
        }
    }

    /** The writes of a copy-on-write view are visible only in that view. */
    void writeCopy(Worker w) {
        w.calls("write to a copy of the thread's own region");
        try (SharedRegion scratch = SharedRegion.open(name, RegionOptions.copyOnWrite())) {
            scratch.pointer().setMemory(w.random.nextInt(SIZE - 9), 9, (byte) 77);
            w.keep(scratch.buffer(), new State(scratch.access(), SIZE));
        }
        read(w);
    }

    void renew(Worker w) {
        w.calls("close and create of the thread's own region");
        State state = new State(region.access(), SIZE);
        w.keep(w.pointers, new Pointers.Kept((com.sun.jna.Memory) pointer, state));
        w.keep(region.buffer(), state);
        state.closing = true;
        close();
        state.closed = true;
        open();
        byte[] all = pointer.getByteArray(0, SIZE);
        w.check(Arrays.equals(all, copy.array()), () -> "new, but not zero");
    }

    void close() {
        reader.close();
        region.close();
    }
}
