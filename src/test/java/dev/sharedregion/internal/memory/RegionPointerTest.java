package dev.sharedregion.internal.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.TestNames;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Compares the pointer with JNA's Memory. In bounds both must have the same effect on each byte. Out of bounds the
 * pointer throws.
 */
class RegionPointerTest {
    private static final int SIZE = 256;

    private final String name = TestNames.unique();
    private SharedRegion region;
    private Pointer ours;

    @BeforeEach
    void create() {
        region = SharedRegion.create(name, SIZE);
        ours = region.pointer();
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** An access to {@code length} bytes at an offset; what it returns is compared. */
    private interface Operation {
        Object at(Pointer pointer, long offset);
    }

    private record Sized(long length, Operation operation) {}

    private static Map<String, Sized> reads() {
        Map<String, Sized> reads = new LinkedHashMap<>();
        int wide = Native.WCHAR_SIZE;
        reads.put("getByte", new Sized(1, Pointer::getByte));
        reads.put("getChar", new Sized(wide, Pointer::getChar));
        reads.put("getShort", new Sized(2, Pointer::getShort));
        reads.put("getInt", new Sized(4, Pointer::getInt));
        reads.put("getLong", new Sized(8, Pointer::getLong));
        reads.put("getFloat", new Sized(4, (p, at) -> Float.floatToRawIntBits(p.getFloat(at))));
        reads.put("getDouble", new Sized(8, (p, at) -> Double.doubleToRawLongBits(p.getDouble(at))));
        reads.put("getNativeLong", new Sized(NativeLong.SIZE, Pointer::getNativeLong));
        reads.put("getByteArray", new Sized(7, (p, at) -> Arrays.toString(p.getByteArray(at, 7))));
        reads.put("getShortArray", new Sized(6, (p, at) -> Arrays.toString(p.getShortArray(at, 3))));
        reads.put("getCharArray", new Sized(3L * wide, (p, at) -> Arrays.toString(p.getCharArray(at, 3))));
        reads.put("getIntArray", new Sized(12, (p, at) -> Arrays.toString(p.getIntArray(at, 3))));
        reads.put("getLongArray", new Sized(24, (p, at) -> Arrays.toString(p.getLongArray(at, 3))));
        reads.put("getByteBuffer", new Sized(5, (p, at) -> p.getByteBuffer(at, 5)));
        reads.put("getPointer", new Sized(Native.POINTER_SIZE, (p, at) -> p.getPointer(at) == null));
        reads.put("share", new Sized(9, (p, at) -> p.share(at, 9).getByte(8)));
        return reads;
    }

    private static Map<String, Sized> writes(Random random) {
        Map<String, Sized> writes = new LinkedHashMap<>();
        int wide = Native.WCHAR_SIZE;
        long value = random.nextLong();
        byte[] bytes = new byte[7];
        random.nextBytes(bytes);
        writes.put("setByte", write(1, (p, at) -> p.setByte(at, (byte) value)));
        writes.put("setChar", write(wide, (p, at) -> p.setChar(at, (char) value)));
        writes.put("setShort", write(2, (p, at) -> p.setShort(at, (short) value)));
        writes.put("setInt", write(4, (p, at) -> p.setInt(at, (int) value)));
        writes.put("setLong", write(8, (p, at) -> p.setLong(at, value)));
        writes.put("setFloat", write(4, (p, at) -> p.setFloat(at, random.nextInt() * 0.5f)));
        writes.put("setDouble", write(8, (p, at) -> p.setDouble(at, value * 0.5)));
        writes.put(
                "setNativeLong", write(NativeLong.SIZE, (p, at) -> p.setNativeLong(at, new NativeLong((int) value))));
        writes.put("setPointer", write(Native.POINTER_SIZE, (p, at) -> p.setPointer(at, new Pointer(value >>> 40))));
        writes.put("setMemory", write(13, (p, at) -> p.setMemory(at, 13, (byte) value)));
        writes.put("setString", write(6, (p, at) -> p.setString(at, "价ab", "UTF-8")));
        writes.put("setWideString", write(3L * wide, (p, at) -> p.setWideString(at, "价b")));
        writes.put("writeBytes", write(7, (p, at) -> p.write(at, bytes, 0, 7)));
        writes.put("writeBytesPart", write(3, (p, at) -> p.write(at, bytes, 2, 3)));
        writes.put("writeShorts", write(4, (p, at) -> p.write(at, new short[] {1, (short) value, 3}, 1, 2)));
        writes.put("writeChars", write(2L * wide, (p, at) -> p.write(at, new char[] {'a', '价', 'c'}, 1, 2)));
        writes.put("writeInts", write(8, (p, at) -> p.write(at, new int[] {1, (int) value, 3}, 1, 2)));
        writes.put("writeLongs", write(16, (p, at) -> p.write(at, new long[] {1, value, 3}, 1, 2)));
        writes.put("writeFloats", write(8, (p, at) -> p.write(at, new float[] {1, (int) value, 3}, 1, 2)));
        writes.put("writeDoubles", write(16, (p, at) -> p.write(at, new double[] {1, (int) value, 3}, 1, 2)));
        writes.put(
                "writePointers",
                write(
                        2L * Native.POINTER_SIZE,
                        (p, at) -> p.write(at, new Pointer[] {null, new Pointer(99), null}, 1, 2)));
        return writes;
    }

    private interface Write {
        void at(Pointer pointer, long offset);
    }

    private static Sized write(long length, Write write) {
        return new Sized(length, (p, at) -> {
            write.at(p, at);
            return null;
        });
    }

    @Test
    void inBoundsPointerBehavesLikeJnas() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Memory reference = new Memory(SIZE)) {
            reference.clear();
            for (int round = 0; round < 20_000; round++) {
                int step = random.nextInt();
                var operations = random.nextBoolean() ? writes(new Random(step)) : reads();
                var chosen = new ArrayList<>(operations.entrySet()).get(random.nextInt(operations.size()));
                long offset = random.nextInt(SIZE - (int) chosen.getValue().length() + 1);
                Object expected = chosen.getValue().operation().at(reference, offset);
                // Again with the same random values.
                Object actual = (operations.containsKey("setByte") ? writes(new Random(step)) : reads())
                        .get(chosen.getKey())
                        .operation()
                        .at(ours, offset);
                String what = chosen.getKey() + " at " + offset + ", seed " + seed;
                assertEquals(expected, actual, what);
                assertArrayEquals(reference.getByteArray(0, SIZE), ours.getByteArray(0, SIZE), what);
            }
        }
    }

    @Test
    void outOfBoundsAccessThrowsAndChangesNothing() {
        byte[] before = new byte[SIZE];
        new Random(1).nextBytes(before);
        ours.write(0, before, 0, SIZE);
        Map<String, Sized> all = reads();
        all.putAll(writes(new Random(2)));
        all.forEach((what, sized) -> {
            long last = SIZE - sized.length();
            long[] offsets = {
                last + 1, SIZE, SIZE + 1, -1, -sized.length(), Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 3,
                1L << 32, (1L << 32) + 1, Integer.MIN_VALUE
            };
            for (long offset : offsets) {
                IndexOutOfBoundsException e = assertThrows(
                        IndexOutOfBoundsException.class,
                        () -> sized.operation().at(ours, offset),
                        what + " at " + offset);
                assertTrue(e.getMessage().contains(Long.toString(offset)), what + ": " + e.getMessage());
            }
            assertArrayEquals(before, ours.getByteArray(0, SIZE), what);
        });
        IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class, () -> ours.getLong(250));
        assertTrue(
                e.getMessage().contains("250") && e.getMessage().contains("8") && e.getMessage().contains("256"),
                e.getMessage());
    }

    @Test
    void methodsThatJnaDoesNotCheckAreChecked() {
        assertThrows(IndexOutOfBoundsException.class, () -> ours.setMemory(0, SIZE + 1L, (byte) 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.setMemory(1, Long.MAX_VALUE, (byte) 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.setMemory(0, -1, (byte) 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.clear(SIZE + 1L));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.indexOf(-1, (byte) 0));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.share(8, 8).setMemory(0, 9, (byte) 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.share(SIZE + 1L));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.share(8).share(SIZE - 8L, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.getByteBuffer(0, 1L << 32));
        ours.setMemory(0, SIZE, (byte) 'x');
        assertThrows(IndexOutOfBoundsException.class, () -> ours.getString(0));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.getString(SIZE - 1, "UTF-8"));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.getWideString(0));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.getWideString(1));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.setString(SIZE - 3, "abc"));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.setWideString(SIZE - 3, "abc"));
        assertEquals(-1, ours.indexOf(0, (byte) 0));
        assertEquals(-1, ours.indexOf(SIZE, (byte) 'x'));
        ((Memory) ours).clear();
        assertArrayEquals(new byte[SIZE], ours.getByteArray(0, SIZE));
        assertEquals(0, ours.indexOf(5, (byte) 0));
    }

    @Test
    void outOfBoundsArrayIsRefusedBeforeItsAllocation() {
        List<BiFunction<Long, Integer, Object>> calls = List.of(
                ours::getByteArray, ours::getCharArray, ours::getShortArray, ours::getIntArray, ours::getLongArray,
                ours::getFloatArray, ours::getDoubleArray, ours::getPointerArray, ours::dump);
        for (BiFunction<Long, Integer, Object> call : calls) {
            for (int length : new int[] {-1, Integer.MIN_VALUE, SIZE + 1, Integer.MAX_VALUE}) {
                assertThrows(IndexOutOfBoundsException.class, () -> call.apply(0L, length));
            }
            assertThrows(IndexOutOfBoundsException.class, () -> call.apply(SIZE + 1L, 0));
        }
    }

    @Test
    void indexOfFindsTheFirstMatchFromAnyOffset() {
        byte[] values = {0, 1, 2, 0x7F, (byte) 0x80, (byte) 0x81, (byte) 0xFE, (byte) 0xFF};
        Random random = new Random(3);
        byte[] bytes = new byte[SIZE];
        for (int distinct = 1; distinct <= values.length; distinct++) {
            for (int i = 0; i < SIZE; i++) {
                // The last value is rare, so that it is far away, too.
                bytes[i] = values[random.nextInt(16) == 0 ? distinct - 1 : random.nextInt(Math.max(1, distinct - 1))];
            }
            ours.write(0, bytes, 0, SIZE);
            for (byte value : values) {
                int expected = SIZE;
                for (int offset = SIZE - 1; offset >= 0; offset--) {
                    expected = bytes[offset] == value ? offset : expected;
                    long index = expected == SIZE ? -1 : expected - offset;
                    assertEquals(index, ours.indexOf(offset, value), value + " from " + offset);
                    int length = Math.min(SIZE - offset, 21);
                    assertEquals(
                            index < length ? index : -1,
                            ours.share(offset, length).indexOf(0, value),
                            value + " in " + length + " from " + offset);
                }
            }
        }
    }

    @Test
    void stringsAreReadAsWritten() {
        ours.setString(3, "价格 😀", "UTF-8");
        assertEquals("价格 😀", ours.getString(3, "UTF-8"));
        ours.setWideString(100, "价格 😀");
        assertEquals("价格 😀", ours.getWideString(100));
        assertEquals("", ours.getWideString(200));
        ours.setString(SIZE - 4, "abc");
        assertEquals("abc", ours.getString(SIZE - 4));
    }

    @Test
    void pointerIntoTheRegionStaysChecked() {
        assertNull(ours.getPointer(0));
        ours.setPointer(0, ours.share(100));
        assertEquals(ours.share(100), ours.getPointer(0));
        assertThrows(IndexOutOfBoundsException.class, () -> ours.getPointer(0).getByte(SIZE - 100));
    }

    @Test
    void addressThatAnotherProcessWroteCannotBeFollowed() {
        ours.setPointer(8, new Pointer(4096));
        Pointer foreign = ours.getPointer(8);
        assertEquals(new Pointer(4096), foreign, "it can be compared and passed on");
        assertThrows(UnsupportedOperationException.class, () -> foreign.getInt(0));
        assertThrows(UnsupportedOperationException.class, () -> foreign.setInt(0, 1));
        assertThrows(UnsupportedOperationException.class, () -> ours.getStringArray(8, 1));
        assertThrows(UnsupportedOperationException.class, () -> ours.getWideStringArray(8, 1));
        ours.setString(100, "inside");
        ours.setPointer(8, ours.share(100));
        assertArrayEquals(new String[] {"inside"}, ours.getStringArray(8));
    }

    @Test
    void everyReadAndWriteAfterCloseThrows() {
        region.close();
        Map<String, Sized> all = reads();
        all.putAll(writes(new Random(2)));
        all.forEach((what, sized) -> {
            assertThrows(IllegalStateException.class, () -> sized.operation().at(ours, 0), what);
            assertThrows(IllegalStateException.class, () -> sized.operation().at(ours, -1), what);
        });
        assertThrows(IllegalStateException.class, () -> ours.getString(0));
        assertThrows(IllegalStateException.class, () -> ours.getWideString(0));
        assertThrows(IllegalStateException.class, () -> ours.indexOf(0, (byte) 0));
        assertThrows(IllegalStateException.class, () -> ours.clear(1));
        assertThrows(IllegalStateException.class, () -> ours.dump(0, 1));
        assertFalse(((Memory) ours).valid());
    }

    @Test
    void everyWriteThroughAReadOnlyRegionThrows() {
        try (SharedRegion reader = SharedRegion.open(name, RegionOptions.readOnly())) {
            Pointer pointer = reader.pointer();
            writes(new Random(2)).forEach((what, sized) -> {
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> sized.operation().at(pointer, 0),
                        what);
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> sized.operation().at(pointer.share(8), 0),
                        what);
            });
            assertArrayEquals(new byte[SIZE], ours.getByteArray(0, SIZE));
            Pair pair = new Pair(pointer);
            assertThrows(UnsupportedOperationException.class, pair::write);
        }
    }

    @Test
    void closingThePointerDoesNotCloseTheRegion() {
        ((Memory) ours).close();
        ((Memory) ours.share(8)).close();
        ours.setInt(0, 5);
        assertEquals(5, ours.getInt(0));
    }

    /** A structure of JNA, as users lay it over a region. */
    @Structure.FieldOrder({"id", "price", "name"})
    public static class Pair extends Structure {
        public int id;
        public double price;
        public byte[] name = new byte[16];

        public Pair() {}

        Pair(Pointer pointer) {
            super(pointer);
        }
    }

    @Test
    void structureReadsAndWritesTheRegion() {
        Pair written = new Pair(ours.share(32));
        written.id = 7;
        written.price = 2.5;
        written.name[15] = 3;
        written.write();
        assertEquals(7, ours.getInt(32));
        try (SharedRegion other = SharedRegion.open(name, RegionOptions.readOnly())) {
            Pair read = new Pair(other.pointer().share(32));
            read.read();
            assertEquals(7, read.id);
            assertEquals(2.5, read.price);
            assertEquals(3, read.name[15]);
        }
        // JNA wraps the reason in an exception of its own.
        Throwable e = assertThrows(IllegalArgumentException.class, () -> new Pair(ours.share(SIZE - 8)).read());
        assertTrue(e.getCause() instanceof IndexOutOfBoundsException, () -> "cause: " + e.getCause());
        Structure[] array = new Pair(ours).toArray(SIZE / written.size());
        assertThrows(IndexOutOfBoundsException.class, () -> array[0].getPointer().getInt(written.size()));
        ((Pair) array[array.length - 1]).id = 9;
        array[array.length - 1].write();
        assertEquals(9, ours.getInt(SIZE - written.size()));
        assertThrows(IndexOutOfBoundsException.class, () -> new Pair(ours).toArray(array.length + 1));
        region.close();
        assertThrows(IllegalStateException.class, written::read);
        assertThrows(IllegalStateException.class, written::write);
    }

    @Test
    void nativeFunctionsAcceptThePointer() {
        try (Memory source = new Memory(16)) {
            source.setString(0, "from C");
            com.sun.jna.Function.getFunction(com.sun.jna.Platform.C_LIBRARY_NAME, "strcpy")
                    .invokePointer(new Object[] {ours.share(4), source});
            assertEquals("from C", ours.getString(4));
        }
    }

    /**
     * A method of a newer JNA that reads or writes by itself must be overridden too. Those named here do it only by
     * calling others that are.
     */
    @Test
    void everyMethodThatAccessesMemoryIsOverridden() {
        Set<String> builtOnOthers = Set.of(
                "getNativeLong(long)", "setNativeLong(long,class com.sun.jna.NativeLong)", "clear(long)", "clear()",
                "getString(long)", "setString(long,class java.lang.String)",
                "setString(long,class com.sun.jna.WString)", "getPointerArray(long)", "getStringArray(long)",
                "getStringArray(long,class java.lang.String)", "getStringArray(long,int)",
                "getStringArray(long,int,class java.lang.String)", "getWideStringArray(long)",
                "getWideStringArray(long,int)", "dump()", "align(int)", "size()", "share(long)",
                "equals(class java.lang.Object)", "hashCode()", "dispose()");
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : List.of(Pointer.class, Memory.class)) {
            for (Method method : type.getDeclaredMethods()) {
                String signature = signature(method);
                if (!Modifier.isStatic(method.getModifiers())
                        && (Modifier.isPublic(method.getModifiers()) || Modifier.isProtected(method.getModifiers()))
                        && !builtOnOthers.contains(signature)
                        && Arrays.stream(RegionPointer.class.getDeclaredMethods())
                                .noneMatch(own -> signature(own).equals(signature))) {
                    missing.add(signature);
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes())
                .replace('[', '(')
                .replace(']', ')')
                .replace(", ", ",");
    }
}
