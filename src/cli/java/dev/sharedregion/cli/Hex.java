package dev.sharedregion.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.IntPredicate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Bytes as people and programs read them. */
final class Hex {
    static final int PER_LINE = 16;

    /** After how many bytes it is looked whether somebody still takes the lines: a multiple of a line. */
    private static final int LOOK = 1 << 16;

    private static final HexFormat DIGITS = HexFormat.of();
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private Hex() {}

    /** Returns the digits of some bytes, two for each, without spaces. */
    static String digits(byte[] bytes, int from, int to) {
        return DIGITS.formatHex(bytes, from, to);
    }

    /** Returns the digits of some bytes, with spaces between. */
    static String spaced(byte[] bytes, int from, int to) {
        return SPACED.formatHex(bytes, from, to);
    }

    /**
     * Prints bytes as lines. Lines that repeat are one star. The last line is the offset after the end. Stops early if
     * nobody takes the lines any more.
     */
    static void print(PrintStream out, long offset, byte[] bytes) {
        boolean star = false;
        for (int from = 0; from < bytes.length && !(from % LOOK == 0 && out.checkError()); from += PER_LINE) {
            int to = Math.min(from + PER_LINE, bytes.length);
            boolean repeats = from > 0 && to < bytes.length
                    && Arrays.equals(bytes, from - PER_LINE, from, bytes, from, to);
            if (!repeats) {
                out.println(line(offset, bytes, from, i -> false));
            } else if (!star) {
                out.println('*');
            }
            star = repeats;
        }
        out.printf(Locale.ROOT, "%08x%n", offset + bytes.length);
    }

    /**
     * Returns a line of up to 16 bytes: their offset, their digits and their characters.
     *
     * @param offset what the offset of the first byte of the array is
     * @param from the index of the first byte of the line
     * @param marked which bytes to highlight, by their indexes
     */
    static String line(long offset, byte[] bytes, int from, IntPredicate marked) {
        StringBuilder digits = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (int i = from; i < from + PER_LINE; i++) {
            digits.append(i == from + PER_LINE / 2 ? "  " : " ");
            if (i >= bytes.length) {
                digits.append("  ");
                continue;
            }
            boolean mark = marked.test(i);
            char letter = bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '.';
            digits.append(Highlight.of(mark, DIGITS.toHexDigits(bytes[i])));
            text.append(Highlight.of(mark, Character.toString(letter)));
        }
        return String.format(Locale.ROOT, "%08x %s  |%s|", offset + from, digits, text);
    }

    /** Reads an offset or a length, such as 4096 or 0x1000. */
    static final class Number implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                long number = Long.decode(text);
                if (number >= 0) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Below, with the negative ones.
            }
            throw new TypeConversionException("\"" + text + "\" is no number of bytes, such as 4096 or 0x1000");
        }
    }
}
