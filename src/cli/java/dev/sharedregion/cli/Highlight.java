package dev.sharedregion.cli;

/** Text that stands out in a terminal. */
final class Highlight {
    private static final String ON = "\033[7m";
    private static final String OFF = "\033[27m";

    private Highlight() {}

    static String of(boolean on, String text) {
        return on ? ON + text + OFF : text;
    }
}
