package dev.sharedregion.internal.jvm;

/**
 * Ensures that no call of the library is interrupted in the middle by a {@link StackOverflowError}.
 *
 * <p>The JVM throws this error only when a method is entered. HotSpot's native code does not throw it, because each
 * entry requires some 80 KiB beyond its own frame. A call that has {@link #require required} enough stack before it
 * did anything therefore runs to its end: what it opens is closed again, what it counts up is counted down, and no
 * step of a close is left out. All calls that make system calls begin like this: create, open, close, wait, set and
 * reset. So do {@code ticket()} and the factories of options. If the error comes there, it comes before the call has
 * done anything, and the call can be repeated. Such calls also initialize classes and link lambdas. A class whose
 * initialization ends with this error can never be used again. For the same reason, strings are concatenated without
 * {@code invokedynamic} (pom.xml).
 *
 * <p>Three kinds of calls do not require stack:
 *
 * <ul>
 * <li>The turns of a pair while both sides are busy, because these take less time than this check. They restore the
 * state of the side by writes to fields, which need no frame. A turn that was handed over to a peer that may sleep is
 * noted in a field. The next wait of this side, or its close, wakes the peer.
 * <li>Accesses to a region's memory, because these change no state of the library.
 * <li>The code that the library's own threads and the cleaner ({@link SafetyNet}) run, because these threads have
 * their own stack.
 * </ul>
 *
 * <p>A call that has required stack must not require it again at a point from which it cannot go back. A close
 * requires it only in its public method.
 */
public final class StackSpace {
    /**
     * A small number: a processor remembers the return addresses of about 16 calls, and each further one costs ten
     * times as much.
     */
    private static final int LEVELS = 16;

    /**
     * How often the locals below are really used. Seldom, because use has a cost, but often enough that the compiler
     * keeps them.
     */
    private static final int USE_MASK = 255;

    /** Volatile, so that each read is a separate one and comes before the call that follows. */
    private static volatile long word;

    private static int uses;

    private StackSpace() {}

    /**
     * Returns if the stack has room for any call of the library: 64 KiB in the interpreter, 32 KiB in compiled code,
     * which has smaller frames.
     *
     * @throws StackOverflowError if the stack has not enough room
     */
    public static void require() {
        descend(LEVELS);
    }

    /**
     * Descends by frames of 4 KiB (2 KiB in compiled code) that are hardly written to. An interpreted frame has room for
     * all locals. A compiled one has room for those that a call must not lose: all of these.
     */
    private static long descend(int levels) {
        if (levels > 0) {
            return descend(levels - 1);
        }
        if ((++uses & USE_MASK) == 0) {
            long a0 = word, a1 = word, a2 = word, a3 = word, a4 = word, a5 = word, a6 = word, a7 = word, a8 = word, a9 = word;
            long b0 = word, b1 = word, b2 = word, b3 = word, b4 = word, b5 = word, b6 = word, b7 = word, b8 = word, b9 = word;
            long c0 = word, c1 = word, c2 = word, c3 = word, c4 = word, c5 = word, c6 = word, c7 = word, c8 = word, c9 = word;
            long d0 = word, d1 = word, d2 = word, d3 = word, d4 = word, d5 = word, d6 = word, d7 = word, d8 = word, d9 = word;
            long e0 = word, e1 = word, e2 = word, e3 = word, e4 = word, e5 = word, e6 = word, e7 = word, e8 = word, e9 = word;
            long f0 = word, f1 = word, f2 = word, f3 = word, f4 = word, f5 = word, f6 = word, f7 = word, f8 = word, f9 = word;
            long g0 = word, g1 = word, g2 = word, g3 = word, g4 = word, g5 = word, g6 = word, g7 = word, g8 = word, g9 = word;
            long h0 = word, h1 = word, h2 = word, h3 = word, h4 = word, h5 = word, h6 = word, h7 = word, h8 = word, h9 = word;
            long i0 = word, i1 = word, i2 = word, i3 = word, i4 = word, i5 = word, i6 = word, i7 = word, i8 = word, i9 = word;
            long j0 = word, j1 = word, j2 = word, j3 = word, j4 = word, j5 = word, j6 = word, j7 = word, j8 = word, j9 = word;
            long k0 = word, k1 = word, k2 = word, k3 = word, k4 = word, k5 = word, k6 = word, k7 = word, k8 = word, k9 = word;
            long l0 = word, l1 = word, l2 = word, l3 = word, l4 = word, l5 = word, l6 = word, l7 = word, l8 = word, l9 = word;
            long m0 = word, m1 = word, m2 = word, m3 = word, m4 = word, m5 = word, m6 = word, m7 = word, m8 = word, m9 = word;
            long n0 = word, n1 = word, n2 = word, n3 = word, n4 = word, n5 = word, n6 = word, n7 = word, n8 = word, n9 = word;
            long o0 = word, o1 = word, o2 = word, o3 = word, o4 = word, o5 = word, o6 = word, o7 = word, o8 = word, o9 = word;
            long p0 = word, p1 = word, p2 = word, p3 = word, p4 = word, p5 = word, p6 = word, p7 = word, p8 = word, p9 = word;
            long q0 = word, q1 = word, q2 = word, q3 = word, q4 = word, q5 = word, q6 = word, q7 = word, q8 = word, q9 = word;
            long r0 = word, r1 = word, r2 = word, r3 = word, r4 = word, r5 = word, r6 = word, r7 = word, r8 = word, r9 = word;
            long s0 = word, s1 = word, s2 = word, s3 = word, s4 = word, s5 = word, s6 = word, s7 = word, s8 = word, s9 = word;
            long t0 = word, t1 = word, t2 = word, t3 = word, t4 = word, t5 = word, t6 = word, t7 = word, t8 = word, t9 = word;
            long u0 = word, u1 = word, u2 = word, u3 = word, u4 = word, u5 = word, u6 = word, u7 = word, u8 = word, u9 = word;
            long v0 = word, v1 = word, v2 = word, v3 = word, v4 = word, v5 = word, v6 = word, v7 = word, v8 = word, v9 = word;
            long w0 = word, w1 = word, w2 = word, w3 = word, w4 = word, w5 = word, w6 = word, w7 = word, w8 = word, w9 = word;
            long x0 = word, x1 = word, x2 = word, x3 = word, x4 = word, x5 = word, x6 = word, x7 = word, x8 = word, x9 = word;
            long y0 = word, y1 = word, y2 = word, y3 = word, y4 = word, y5 = word, y6 = word, y7 = word, y8 = word, y9 = word;
            return descend(0)
                    + a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7 + b8 + b9
                    + c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7 + d8 + d9
                    + e0 + e1 + e2 + e3 + e4 + e5 + e6 + e7 + e8 + e9 + f0 + f1 + f2 + f3 + f4 + f5 + f6 + f7 + f8 + f9
                    + g0 + g1 + g2 + g3 + g4 + g5 + g6 + g7 + g8 + g9 + h0 + h1 + h2 + h3 + h4 + h5 + h6 + h7 + h8 + h9
                    + i0 + i1 + i2 + i3 + i4 + i5 + i6 + i7 + i8 + i9 + j0 + j1 + j2 + j3 + j4 + j5 + j6 + j7 + j8 + j9
                    + k0 + k1 + k2 + k3 + k4 + k5 + k6 + k7 + k8 + k9 + l0 + l1 + l2 + l3 + l4 + l5 + l6 + l7 + l8 + l9
                    + m0 + m1 + m2 + m3 + m4 + m5 + m6 + m7 + m8 + m9 + n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7 + n8 + n9
                    + o0 + o1 + o2 + o3 + o4 + o5 + o6 + o7 + o8 + o9 + p0 + p1 + p2 + p3 + p4 + p5 + p6 + p7 + p8 + p9
                    + q0 + q1 + q2 + q3 + q4 + q5 + q6 + q7 + q8 + q9 + r0 + r1 + r2 + r3 + r4 + r5 + r6 + r7 + r8 + r9
                    + s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + t0 + t1 + t2 + t3 + t4 + t5 + t6 + t7 + t8 + t9
                    + u0 + u1 + u2 + u3 + u4 + u5 + u6 + u7 + u8 + u9 + v0 + v1 + v2 + v3 + v4 + v5 + v6 + v7 + v8 + v9
                    + w0 + w1 + w2 + w3 + w4 + w5 + w6 + w7 + w8 + w9 + x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9
                    + y0 + y1 + y2 + y3 + y4 + y5 + y6 + y7 + y8 + y9;
        }
        return 0;
    }
}
