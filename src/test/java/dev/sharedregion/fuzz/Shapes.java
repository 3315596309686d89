package dev.sharedregion.fuzz;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.Union;
import com.sun.jna.WString;

/** Structures as users declare them: nested, with arrays, pointers, strings, unions. Public, for JNA makes them. */
public final class Shapes {
    private Shapes() {}

    /** Numbers and an array. */
    @FieldOrder({"one", "four", "eight", "real", "bytes", "numbers"})
    public static class Flat extends Structure {
        public byte one;
        public int four;
        public long eight;
        public double real;
        public byte[] bytes = new byte[13];
        public short[] numbers = new short[5];

        public Flat() {}

        public Flat(Pointer pointer) {
            super(pointer);
        }
    }

    /** One in another, and many. */
    @FieldOrder({"flag", "inner", "many", "choice"})
    public static class Nested extends Structure {
        public boolean flag;
        public Flat inner;
        public Flat[] many = new Flat[3];
        public Choice choice;

        public Nested() {}

        public Nested(Pointer pointer) {
            super(pointer);
        }
    }

    /** Several in one place. */
    public static class Choice extends Union {
        public int number;
        public double real;
        public byte[] bytes = new byte[20];

        public Choice() {}

        public Choice(Pointer pointer) {
            super(pointer);
            setType(byte[].class);
        }
    }

    /** Addresses, which another process may have written. */
    @FieldOrder({"number", "address", "text", "wide", "next", "addresses"})
    public static class Linked extends Structure {
        public int number;
        public Pointer address;
        public String text;
        public WString wide;
        public ByReference next;
        public Pointer[] addresses = new Pointer[2];

        public Linked() {}

        public Linked(Pointer pointer) {
            super(pointer);
        }

        /** By its address. */
        public static class ByReference extends Linked implements Structure.ByReference {
            public ByReference() {}

            public ByReference(Pointer pointer) {
                super(pointer);
            }
        }
    }
}
