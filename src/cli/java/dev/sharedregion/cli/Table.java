package dev.sharedregion.cli;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A table of text, whose columns are as wide as their widest cells. */
final class Table {
    private static final String GAP = "  ";

    /** The letters that a terminal shows in two columns. */
    private static final Set<UnicodeScript> WIDE = Set.of(
            UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA, UnicodeScript.HANGUL,
            UnicodeScript.BOPOMOFO);

    private static final int FIRST_FULL_WIDTH = 0xFF01;
    private static final int LAST_FULL_WIDTH = 0xFF60;
    private static final int FIRST_CJK_PUNCTUATION = 0x3000;
    private static final int LAST_CJK_PUNCTUATION = 0x303E;

    private final List<String[]> rows = new ArrayList<>();

    Table(String... headings) {
        add(headings);
    }

    /** Adds a row, with a cell for each heading. */
    void add(String... cells) {
        rows.add(Stream.of(cells).map(Text::visible).toArray(String[]::new));
    }

    @Override
    public String toString() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row[i]));
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - width(row[i]))).append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** How many columns a terminal shows the text in. */
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            width += isWide(text.codePointAt(i)) ? 2 : 1;
        }
        return width;
    }

    private static boolean isWide(int letter) {
        return letter >= FIRST_FULL_WIDTH && letter <= LAST_FULL_WIDTH
                || letter >= FIRST_CJK_PUNCTUATION && letter <= LAST_CJK_PUNCTUATION
                || letter > 0x7F && WIDE.contains(UnicodeScript.of(letter));
    }
}
