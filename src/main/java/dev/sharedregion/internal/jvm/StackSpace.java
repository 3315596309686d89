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
 * <p>Four kinds of calls do not require stack:
 *
 * <ul>
 * <li>The turns of a pair while both sides are busy, because these take less time than this check. They restore the
 * state of the side by writes to fields, which need no frame. A turn that was handed over to a peer that may sleep is
 * noted in a field. The next wait of this side, or its close, wakes the peer.
 * <li>A message that is sent while there is room and no other thread in the way. Until its tail is stored, nothing is
 * sent, and the sender has changed nothing that the next message needs. After that the call does not fail: if there is
 * no stack to wake the receiver, that looks by itself.
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

    /** Volatile, so that each read of this word is a separate one and comes before the call that follows. */
    private static volatile long w;

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
     * Descends by frames of 4 KiB (2 KiB in compiled code) that are hardly written to. An interpreted frame has room
     * for all locals. A compiled one has room for those that a call must not lose: all of these.
     */
    private static long descend(int levels) {
        if (levels > 0) {
            return descend(levels - 1);
        }
        if ((++uses & USE_MASK) == 0) {
            long a0 = w, a1 = w, a2 = w, a3 = w, a4 = w, a5 = w, a6 = w, a7 = w, a8 = w, a9 = w;
            long b0 = w, b1 = w, b2 = w, b3 = w, b4 = w, b5 = w, b6 = w, b7 = w, b8 = w, b9 = w;
            long c0 = w, c1 = w, c2 = w, c3 = w, c4 = w, c5 = w, c6 = w, c7 = w, c8 = w, c9 = w;
            long d0 = w, d1 = w, d2 = w, d3 = w, d4 = w, d5 = w, d6 = w, d7 = w, d8 = w, d9 = w;
            long e0 = w, e1 = w, e2 = w, e3 = w, e4 = w, e5 = w, e6 = w, e7 = w, e8 = w, e9 = w;
            long f0 = w, f1 = w, f2 = w, f3 = w, f4 = w, f5 = w, f6 = w, f7 = w, f8 = w, f9 = w;
            long g0 = w, g1 = w, g2 = w, g3 = w, g4 = w, g5 = w, g6 = w, g7 = w, g8 = w, g9 = w;
            long h0 = w, h1 = w, h2 = w, h3 = w, h4 = w, h5 = w, h6 = w, h7 = w, h8 = w, h9 = w;
            long i0 = w, i1 = w, i2 = w, i3 = w, i4 = w, i5 = w, i6 = w, i7 = w, i8 = w, i9 = w;
            long j0 = w, j1 = w, j2 = w, j3 = w, j4 = w, j5 = w, j6 = w, j7 = w, j8 = w, j9 = w;
            long k0 = w, k1 = w, k2 = w, k3 = w, k4 = w, k5 = w, k6 = w, k7 = w, k8 = w, k9 = w;
            long l0 = w, l1 = w, l2 = w, l3 = w, l4 = w, l5 = w, l6 = w, l7 = w, l8 = w, l9 = w;
            long m0 = w, m1 = w, m2 = w, m3 = w, m4 = w, m5 = w, m6 = w, m7 = w, m8 = w, m9 = w;
            long n0 = w, n1 = w, n2 = w, n3 = w, n4 = w, n5 = w, n6 = w, n7 = w, n8 = w, n9 = w;
            long o0 = w, o1 = w, o2 = w, o3 = w, o4 = w, o5 = w, o6 = w, o7 = w, o8 = w, o9 = w;
            long p0 = w, p1 = w, p2 = w, p3 = w, p4 = w, p5 = w, p6 = w, p7 = w, p8 = w, p9 = w;
            long q0 = w, q1 = w, q2 = w, q3 = w, q4 = w, q5 = w, q6 = w, q7 = w, q8 = w, q9 = w;
            long r0 = w, r1 = w, r2 = w, r3 = w, r4 = w, r5 = w, r6 = w, r7 = w, r8 = w, r9 = w;
            long s0 = w, s1 = w, s2 = w, s3 = w, s4 = w, s5 = w, s6 = w, s7 = w, s8 = w, s9 = w;
            long t0 = w, t1 = w, t2 = w, t3 = w, t4 = w, t5 = w, t6 = w, t7 = w, t8 = w, t9 = w;
            long u0 = w, u1 = w, u2 = w, u3 = w, u4 = w, u5 = w, u6 = w, u7 = w, u8 = w, u9 = w;
            long v0 = w, v1 = w, v2 = w, v3 = w, v4 = w, v5 = w, v6 = w, v7 = w, v8 = w, v9 = w;
            long w0 = w, w1 = w, w2 = w, w3 = w, w4 = w, w5 = w, w6 = w, w7 = w, w8 = w, w9 = w;
            long x0 = w, x1 = w, x2 = w, x3 = w, x4 = w, x5 = w, x6 = w, x7 = w, x8 = w, x9 = w;
            long y0 = w, y1 = w, y2 = w, y3 = w, y4 = w, y5 = w, y6 = w, y7 = w, y8 = w, y9 = w;
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
