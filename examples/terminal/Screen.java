package terminal;

import java.io.PrintStream;
import java.util.List;

/** Lines in a terminal that are drawn over the last ones. */
public final class Screen {
    private static final String UP = "\033[%dA";
    private static final String CLEAR_TO_END = "\033[J";

    /** A line that is too long is cut: one that wraps would take two lines of the screen. */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";

    private final PrintStream output;
    private int shown;

    public Screen(PrintStream output) {
        this.output = output;
    }

    /** Draws these lines over the last ones. What does not fit on the screen cannot be drawn over. */
    public void draw(List<String> lines) {
        String up = shown == 0 ? "" : String.format(UP, shown);
        output.print(up + "\r" + CLEAR_TO_END + NO_WRAP + String.join("\n", lines) + WRAP + "\n");
        output.flush();
        shown = lines.size();
    }
}
