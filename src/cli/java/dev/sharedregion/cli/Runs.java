package dev.sharedregion.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The places where two states of a region differ. */
final class Runs {
    private Runs() {}

    /** Bytes that follow each other. */
    record Run(int offset, int length) {
        int end() {
            return offset + length;
        }
    }

    /**
     * Returns the places where two arrays differ. The shorter one counts as filled up with zeros.
     *
     * @param join places with at most so many equal bytes between them are one
     */
    static List<Run> between(byte[] before, byte[] after, int join) {
        int size = Math.max(before.length, after.length);
        byte[] left = before.length == size ? before : Arrays.copyOf(before, size);
        byte[] right = after.length == size ? after : Arrays.copyOf(after, size);
        List<Run> runs = new ArrayList<>();
        int from = 0;
        for (int next; (next = Arrays.mismatch(left, from, size, right, from, size)) >= 0; ) {
            int start = from + next;
            int end = start + 1;
            for (int equal = 0; end + equal < size && equal <= join; ) {
                if (left[end + equal] == right[end + equal]) {
                    equal++;
                } else {
                    end += equal + 1;
                    equal = 0;
                }
            }
            runs.add(new Run(start, end - start));
            from = end;
        }
        return runs;
    }
}
