package dev.sharedregion.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Random arguments: valid ones, those at the edges, and wild ones. */
final class Draw {
    /** Memory of more bytes is touched only near its edges, so that a sparse region stays sparse. */
    static final long LARGE = 1 << 20;

    /** Two windows and a half, to the odd byte: see View. */
    static final long SPARSE = (5L << 29) + 3;

    private static final long[] WILD = {
        -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, (1L << 32) + 1, Long.MAX_VALUE, Long.MAX_VALUE - 7,
        Long.MIN_VALUE, Long.MIN_VALUE + 1, -(1L << 32)
    };

    private static final List<String> BAD_NAMES = List.of(
            "", ".", "..", "Local\\", "a/b", "a\\b", "a\0b", "\uD800", "Global\\..", "x".repeat(300), "价".repeat(100));

    private static final Duration[] SHORT = {
        Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofNanos(1), Duration.ofNanos(50_000), Duration.ofMillis(1)
    };

    final SplittableRandom random;
    private final String prefix;
    private final Path folder;

    Draw(SplittableRandom random, String prefix, Path folder) {
        this.random = random;
        this.prefix = prefix;
        this.folder = folder;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    <T> T of(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    long wild() {
        return WILD[random.nextInt(WILD.length)];
    }

    /** A place in, at the edge of, or outside so many bytes. */
    long offset(long size) {
        return switch (random.nextInt(16)) {
            case 0 -> 0;
            case 1 -> size - 1 - random.nextInt(8);
            case 2 -> size;
            case 3 -> size + 1 + random.nextInt(8);
            case 4 -> -1 - random.nextInt(8);
            case 5 -> wild();
            default -> inside(size);
        };
    }

    private long inside(long size) {
        if (size <= LARGE) {
            return size <= 0 ? 0 : random.nextLong(size);
        }
        // The ends of the windows are where a mistake would be.
        long edge = random.nextLong((size >>> 30) + 1) << 30;
        return Math.min(size, edge + random.nextInt(1 << 12)) - random.nextInt(1 << 12);
    }

    /** How many elements of so many bytes to access from this offset on: mostly few, sometimes all, or too many. */
    int count(long unit, long offset, long size) {
        long rest = (size - offset) / unit;
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> (int) Math.max(0, Math.min(rest, 2000));
            case 2 -> (int) Math.max(0, Math.min(rest + 1, 2000));
            case 3 -> rest > LARGE ? 1 : (int) wild();
            default -> random.nextInt(32);
        };
    }

    /** The size of a new region or of a map: what is not refused is small enough for every machine. */
    long size() {
        return switch (random.nextInt(16)) {
            case 0 -> 0;
            case 1 -> oneIn(2) ? -1 : Long.MIN_VALUE;
            case 2 -> oneIn(4) ? 1L << 62 : Long.MAX_VALUE;
            case 3 -> 1;
            case 4 -> 64;
            case 5 -> 512 << 10;
            case 6, 7 -> 1 + random.nextInt(64 << 10);
            default -> 1 + random.nextInt(3 * 4096);
        };
    }

    /** An offset, a length or a least size as an option. */
    long optionBytes() {
        return oneIn(8) ? wild() : oneIn(4) ? 4096L * random.nextInt(20) : random.nextInt(5000);
    }

    /** The offset of a word: as a rule a multiple of 4, as one bad offset of three is enough to have all refused. */
    long word() {
        return oneIn(4) ? optionBytes() : 4L * random.nextInt(1000);
    }

    /** One of a few names, so that objects have the same name; sometimes an invalid name. */
    String name() {
        String name = switch (random.nextInt(20)) {
            case 0, 1, 2 -> pair();
            case 3 -> pair() + ".written";
            case 4 -> pair() + ".read";
            case 5 -> pair() + of(List.of(
                    ".pair", ".lock", ".unlocked", ".latest", ".newer", ".newer.1", ".messages", ".sent", ".freed.1",
                    ".requests", ".requests.messages", ".requests.sent", ".requests.freed.1"));
            case 6 -> prefix + "价";
            case 7 -> oneIn(4) ? of(BAD_NAMES) : prefix + "g";
            default -> prefix + (char) ('a' + random.nextInt(6));
        };
        return oneIn(20) ? (oneIn(2) ? "Local\\" : "Global\\") + name : name;
    }

    /** A text with one character changed. */
    String spoilt(String text) {
        if (text.isEmpty()) {
            return "x";
        }
        int at = random.nextInt(text.length());
        return text.substring(0, at) + (char) ('0' + random.nextInt(60)) + text.substring(at + 1);
    }

    /** Permission bits, which let the fuzzer in as a rule. */
    int mode() {
        return oneIn(4) ? (int) wild() : 0600 | random.nextInt(0100);
    }

    /** How many slots a value has: as a rule, a number that is not refused. */
    int slots() {
        return oneIn(8) ? (int) wild() : 2 + random.nextInt(254);
    }

    /** Of a sender's ring: as a rule a small one that is not refused. */
    int capacity() {
        return oneIn(8) ? (int) wild() : 64 * (2 + random.nextInt(30));
    }

    /** How many senders a channel has room for: as a rule, a number that is not refused. */
    int senders() {
        return oneIn(8) ? (int) wild() : 1 + random.nextInt(6);
    }

    /** One of two names, so that both sides meet. */
    String pair() {
        return prefix + (char) ('p' + random.nextInt(2));
    }

    /** A name that only this thread uses. */
    String own(int thread) {
        return prefix + "own" + thread;
    }

    /** The name of a mutex that the library has not created. */
    String mutex() {
        return prefix + "mutex";
    }

    String sparse() {
        return prefix + "sparse";
    }

    Path file() {
        return switch (random.nextInt(12)) {
            case 0 -> folder;
            case 1 -> folder.resolve("missing");
            case 2 -> folder.resolve("empty");
            default -> folder.resolve("file" + random.nextInt(3));
        };
    }

    Path sparseFile() {
        return folder.resolve("sparse");
    }

    Duration duration() {
        if (oneIn(16)) {
            return Duration.ofNanos(-1);
        }
        if (oneIn(40)) {
            return Duration.ofSeconds(oneIn(2) ? Long.MAX_VALUE : 3600);
        }
        return SHORT[random.nextInt(SHORT.length)];
    }

    int index(int size) {
        return (int) offset(size);
    }

    String text() {
        return oneIn(2) ? "a" : oneIn(2) ? "价格 😀" : "x".repeat(random.nextInt(200));
    }
}
