package telemetry;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows the state and the values of a program: over the last ones in a terminal, else one line after the other. */
abstract class Display {
    final PrintStream output;

    private Display(PrintStream output) {
        this.output = output;
    }

    /** Returns the display for this process's output. */
    static Display of(PrintStream output) {
        return Terminal.canRedraw() ? new Redrawn(output) : new Lines(output);
    }

    /** Returns how long a reader should see what is shown. */
    abstract Duration period();

    /**
     * Shows this.
     *
     * @param title the program and its state
     * @param rows the values, none if the program does not run
     */
    abstract void show(String title, List<Row> rows);

    private static final class Redrawn extends Display {
        private static final String UP = "\033[%dA";
        private static final String CLEAR_TO_END = "\033[J";

        /** A line that is too long is cut: one that wraps would take two lines of the screen. */
        private static final String NO_WRAP = "\033[?7l";

        private static final String WRAP = "\033[?7h";

        /** What does not fit on the screen cannot be drawn over. */
        private static final int MOST_ROWS = 20;

        private int shown;

        Redrawn(PrintStream output) {
            super(output);
        }

        @Override
        Duration period() {
            return Duration.ofMillis(100);
        }

        @Override
        void show(String title, List<Row> rows) {
            List<String> lines = new ArrayList<>(List.of(title));
            rows.stream().limit(MOST_ROWS).forEach(
                    row -> lines.add(String.format(Locale.ROOT, "  %-24s%s", row.label(), row.value())));
            if (rows.size() > MOST_ROWS) {
                lines.add("  and " + (rows.size() - MOST_ROWS) + " more");
            }
            String up = shown == 0 ? "" : String.format(UP, shown);
            output.print(up + "\r" + CLEAR_TO_END + NO_WRAP + String.join("\n", lines) + WRAP + "\n");
            output.flush();
            shown = lines.size();
        }
    }

    private static final class Lines extends Display {
        private String last = "";

        Lines(PrintStream output) {
            super(output);
        }

        @Override
        Duration period() {
            return Duration.ofSeconds(1);
        }

        @Override
        void show(String title, List<Row> rows) {
            String line = title + rows.stream().map(Row::toString).collect(Collectors.joining(", ", "  ", ""));
            if (!line.equals(last)) {
                output.println(line.stripTrailing());
                last = line;
            }
        }
    }
}
