package dev.sharedregion.fuzz;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.Access;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All that JNA's Pointer and Memory can do, on the pointers of regions and their shares. */
final class Pointers {
    /** A pointer that was handed out, with the size that it must keep to. */
    record Kept(Memory pointer, State state) {}

    private interface Exact {
        void run(Pointer pointer, long offset, int count);
    }

    private interface Loose {
        void run(Worker worker, Kept kept, long offset) throws Throwable;
    }

    /** An access to count elements, of which it is known whether it must succeed. */
    private record ExactAccess(String method, long unit, boolean counted, boolean writes, Exact access) {}

    /** A call of which only the possible exceptions are known. */
    private record LooseCall(String method, boolean afterClose, Loose call) {}

    /** Of JNA's methods, those that are about no region's memory. */
    private static final Set<String> LEFT_OUT = Set.of(
            "createConstant", // makes a pointer from nothing
            "nativeValue", // with it all bets are off
            "purge", "disposeAll", "malloc", "free" // JNA's own allocations
            );

    private static final List<Class<? extends Throwable>> LOOSE = List.of(
            IndexOutOfBoundsException.class, UnsupportedOperationException.class, IllegalArgumentException.class);

    private static final List<ExactAccess> EXACT = new ArrayList<>();
    private static final List<LooseCall> CALLS = new ArrayList<>();

    private Pointers() {}

    static {
        long wide = Native.WCHAR_SIZE;
        long address = Native.POINTER_SIZE;
        one("getByte", 1, false, (p, at, n) -> p.getByte(at));
        one("getShort", 2, false, (p, at, n) -> p.getShort(at));
        one("getInt", 4, false, (p, at, n) -> p.getInt(at));
        one("getLong", 8, false, (p, at, n) -> p.getLong(at));
        one("getFloat", 4, false, (p, at, n) -> p.getFloat(at));
        one("getDouble", 8, false, (p, at, n) -> p.getDouble(at));
        one("getChar", wide, false, (p, at, n) -> p.getChar(at));
        one("getNativeLong", NativeLong.SIZE, false, (p, at, n) -> p.getNativeLong(at));
        one("setByte", 1, true, (p, at, n) -> p.setByte(at, (byte) n));
        one("setShort", 2, true, (p, at, n) -> p.setShort(at, (short) n));
        one("setInt", 4, true, (p, at, n) -> p.setInt(at, n));
        one("setLong", 8, true, (p, at, n) -> p.setLong(at, n));
        one("setFloat", 4, true, (p, at, n) -> p.setFloat(at, n));
        one("setDouble", 8, true, (p, at, n) -> p.setDouble(at, n));
        one("setChar", wide, true, (p, at, n) -> p.setChar(at, (char) n));
        one("setNativeLong", NativeLong.SIZE, true, (p, at, n) -> p.setNativeLong(at, new NativeLong(n)));
        one("setPointer", address, true, (p, at, n) -> p.setPointer(at, n % 3 == 0 ? null : new Pointer(n)));
        one("setPointer", address, true, (p, at, n) -> p.setPointer(at, p));
        one("setString", 7, true, (p, at, n) -> p.setString(at, "价abc", "UTF-8"));
        one("setString", 4, true, (p, at, n) -> p.setString(at, "abc"));
        one("setString", 3 * wide, true, (p, at, n) -> p.setString(at, new WString("价b")));
        one("setWideString", 3 * wide, true, (p, at, n) -> p.setWideString(at, "价b"));
        many("getByteArray", 1, false, Pointer::getByteArray);
        many("getShortArray", 2, false, Pointer::getShortArray);
        many("getCharArray", wide, false, Pointer::getCharArray);
        many("getIntArray", 4, false, Pointer::getIntArray);
        many("getLongArray", 8, false, Pointer::getLongArray);
        many("getFloatArray", 4, false, Pointer::getFloatArray);
        many("getDoubleArray", 8, false, Pointer::getDoubleArray);
        many("getPointerArray", address, false, Pointer::getPointerArray);
        many("getByteBuffer", 1, false, Pointer::getByteBuffer);
        many("dump", 1, false, Pointer::dump);
        many("setMemory", 1, true, (p, at, n) -> p.setMemory(at, n, (byte) n));
        many("read", 1, false, (p, at, n) -> p.read(at, new byte[some(n)], 0, n));
        many("read", 2, false, (p, at, n) -> p.read(at, new short[some(n)], 0, n));
        many("read", wide, false, (p, at, n) -> p.read(at, new char[some(n)], 0, n));
        many("read", 4, false, (p, at, n) -> p.read(at, new int[some(n)], 0, n));
        many("read", 8, false, (p, at, n) -> p.read(at, new long[some(n)], 0, n));
        many("read", 4, false, (p, at, n) -> p.read(at, new float[some(n)], 0, n));
        many("read", 8, false, (p, at, n) -> p.read(at, new double[some(n)], 0, n));
        many("read", address, false, (p, at, n) -> p.read(at, new Pointer[some(n)], 0, n));
        many("write", 1, true, (p, at, n) -> p.write(at, new byte[some(n) + 1], 1, n));
        many("write", 2, true, (p, at, n) -> p.write(at, new short[some(n) + 1], 1, n));
        many("write", wide, true, (p, at, n) -> p.write(at, new char[some(n) + 1], 1, n));
        many("write", 4, true, (p, at, n) -> p.write(at, new int[some(n) + 1], 1, n));
        many("write", 8, true, (p, at, n) -> p.write(at, new long[some(n) + 1], 1, n));
        many("write", 4, true, (p, at, n) -> p.write(at, new float[some(n) + 1], 1, n));
        many("write", 8, true, (p, at, n) -> p.write(at, new double[some(n) + 1], 1, n));
        many("write", address, true, (p, at, n) -> p.write(at, new Pointer[some(n) + 1], 1, n));

        loose("share", (w, k, at) -> keep(w, k, k.pointer.share(at)));
        loose("share", (w, k, at) -> keep(w, k, k.pointer.share(at, w.draw.offset(k.pointer.size() - at))));
        loose("getPointer", (w, k, at) -> follow(w, k, k.pointer.getPointer(at)));
        loose("getByteBuffer", (w, k, at) ->
                w.keep(k.pointer.getByteBuffer(at, w.draw.count(1, at, k.pointer.size())), k.state));
        loose("align", (w, k, at) ->
                keep(w, k, k.pointer.align(w.draw.oneIn(4) ? (int) at : 1 << w.random.nextInt(13))));
        loose("read", (w, k, at) -> k.pointer.read(at, new byte[8], w.draw.index(8), w.draw.index(8)));
        loose("write", (w, k, at) -> k.pointer.write(at, new long[8], w.draw.index(8), w.draw.index(8)));
        loose("setString", (w, k, at) ->
                k.pointer.setString(at, w.draw.text(), w.draw.oneIn(9) ? "no such" : "UTF-16"));
        loose("setWideString", (w, k, at) -> k.pointer.setWideString(at, w.draw.text()));
        loose("setInt", (w, k, at) -> {
            IntByReference number = new IntByReference();
            number.setPointer(k.pointer.share(at));
            number.setValue(number.getValue() + 1);
            PointerByReference pointer = new PointerByReference();
            pointer.setPointer(k.pointer.share(at));
            follow(w, k, pointer.getValue());
        });
        // These go on to the end of the pointer, so not on the sparse region, of which they would take all memory.
        loose("getString", (w, k, at) -> near(k, at).getString(0));
        loose("getString", (w, k, at) -> near(k, at).getString(0, "UTF-16"));
        loose("getWideString", (w, k, at) -> near(k, at).getWideString(0));
        loose("getStringArray", (w, k, at) -> near(k, at).getStringArray(0));
        loose("getStringArray", (w, k, at) -> near(k, at).getStringArray(0, "UTF-8"));
        loose("getStringArray", (w, k, at) -> near(k, at).getStringArray(0, w.draw.index(8)));
        loose("getStringArray", (w, k, at) -> near(k, at).getStringArray(0, w.draw.index(8), "UTF-8"));
        loose("getWideStringArray", (w, k, at) -> near(k, at).getWideStringArray(0));
        loose("getWideStringArray", (w, k, at) -> near(k, at).getWideStringArray(0, w.draw.index(8)));
        loose("getPointerArray", (w, k, at) -> near(k, at).getPointerArray(0));
        loose("indexOf", (w, k, at) -> near(k, at).indexOf(0, (byte) at));
        loose("clear", (w, k, at) -> near(k, at).clear(w.random.nextInt(300)));
        loose("clear", (w, k, at) -> ((Memory) near(k, at)).clear());
        loose("dump", (w, k, at) -> ((Memory) k.pointer.share(at, w.random.nextInt(300))).dump());
        CALLS.add(new LooseCall("toString", true, (w, k, at) -> k.pointer.toString()));
        CALLS.add(new LooseCall("hashCode", true, (w, k, at) -> k.pointer.hashCode()));
        CALLS.add(new LooseCall("equals", true, (w, k, at) -> k.pointer.equals(w.any(w.pointers).pointer)));
        CALLS.add(new LooseCall("close", true, (w, k, at) -> k.pointer.close()));
        CALLS.add(new LooseCall("valid", true, (w, k, at) -> k.pointer.valid()));
        CALLS.add(new LooseCall("size", true, (w, k, at) -> k.pointer.size()));
    }

    static void access(Worker w) throws Throwable {
        Kept kept = w.any(w.pointers);
        if (kept != null) {
            exact(w, kept, w.draw.of(EXACT));
        }
    }

    private static void exact(Worker w, Kept kept, ExactAccess access) throws Throwable {
        State state = kept.state;
        long size = kept.pointer.size();
        long offset = w.draw.offset(size);
        int count = access.counted ? w.draw.count(access.unit, offset, size) : w.random.nextInt();
        w.calls(access.method, offset, count, size, kept.pointer);
        long length = access.unit * (access.counted ? count : 1);
        boolean inside = offset >= 0 && length >= 0 && offset <= size - length;
        boolean refused = access.writes && state.access == Access.READ_ONLY;
        boolean closed = state.closed;
        try {
            access.access.run(kept.pointer, offset, count);
            w.check(inside && !refused && !closed, () -> "should have failed: inside " + inside + ", read-only "
                    + refused + ", closed " + closed);
        } catch (IndexOutOfBoundsException e) {
            if (inside) {
                throw e;
            }
        } catch (UnsupportedOperationException e) {
            if (!refused) {
                throw e;
            }
        } catch (IllegalStateException e) {
            if (!state.closing) {
                throw e;
            }
        }
    }

    static void call(Worker w) throws Throwable {
        Kept kept = w.any(w.pointers);
        if (kept == null) {
            return;
        }
        LooseCall call = w.draw.of(CALLS);
        long offset = w.draw.offset(kept.pointer.size());
        w.calls(call.method, offset, kept.pointer.size(), kept.pointer);
        boolean closed = kept.state.closed;
        try {
            call.call.run(w, kept, offset);
            // align does nothing where the pointer is aligned.
            w.check(!closed || call.afterClose || call.method.equals("align"), () -> "works after close");
        } catch (Exception e) {
            w.expect(e, kept.state, LOOSE);
        }
    }

    /** Names of methods that JNA has and nothing here calls. */
    static Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : List.of(Pointer.class, Memory.class)) {
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isPublic(method.getModifiers())) {
                    missing.add(method.getName());
                }
            }
        }
        missing.removeAll(LEFT_OUT);
        EXACT.forEach(each -> missing.remove(each.method));
        CALLS.forEach(each -> missing.remove(each.method));
        return missing;
    }

    private static void one(String method, long unit, boolean writes, Exact access) {
        EXACT.add(new ExactAccess(method, unit, false, writes, access));
    }

    private static void many(String method, long unit, boolean writes, Exact access) {
        EXACT.add(new ExactAccess(method, unit, true, writes, access));
    }

    private static void loose(String method, Loose call) {
        CALLS.add(new LooseCall(method, false, call));
    }

    /** The length of an array that is to take so many elements; wild counts are to be refused without one. */
    private static int some(int count) {
        return count >= 0 && count <= 2000 ? count : 1;
    }

    private static Pointer near(Kept kept, long offset) {
        return kept.pointer.share(offset, Math.min(kept.pointer.size() - offset, 5000));
    }

    private static void keep(Worker w, Kept kept, Pointer share) {
        w.keep(w.pointers, new Kept((Memory) share, kept.state));
    }

    /** An address out of the memory leads into the region, or nowhere. */
    private static void follow(Worker w, Kept kept, Pointer pointer) {
        if (pointer instanceof Memory) {
            keep(w, kept, pointer);
        } else if (pointer != null) {
            pointer.getByte(0);
            throw new AssertionError("could be followed: " + pointer);
        }
    }
}
