package telemetry;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import terminal.Screen;
import terminal.Terminal;

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
        /** So that all fits on the screen. */
        private static final int MOST_ROWS = 20;

        private final Screen screen;

        Redrawn(PrintStream output) {
            super(output);
            screen = new Screen(output);
        }

        @Override
        Duration period() {
            return Duration.ofMillis(100);
        }

        @Override
        void show(String title, List<Row> rows) {
            List<String> lines = new ArrayList<>(List.of(title));
            lines.addAll(Row.lines(rows, MOST_ROWS));
            screen.draw(lines);
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
