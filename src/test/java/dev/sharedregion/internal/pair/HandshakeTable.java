package dev.sharedregion.internal.pair;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of {@code handshake-table.txt}. Each has lines with a command to one side and its answer. */
final class HandshakeTable {
    private static final Pattern LINE = Pattern.compile("(\\w+):(?: +([^>]*?))??(?: *-> +(.+))?");

    /**
     * A line.
     *
     * @param side the peer, {@code server} or {@code client} and maybe a number
     * @param command what it is told, or null
     * @param answer what it says next, or null for a command whose answer comes later
     */
    record Line(String side, String command, String answer) {
        boolean isServers() {
            return side.startsWith("server");
        }
    }

    record Row(String name, List<Line> lines) {}

    private HandshakeTable() {}

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (InputStream stream = HandshakeTable.class.getResourceAsStream("handshake-table.txt");
                var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String text; (text = reader.readLine()) != null; ) {
                if (text.startsWith("== ")) {
                    rows.add(new Row(text.substring(3), new ArrayList<>()));
                } else if (!text.isBlank() && !text.startsWith("#")) {
                    rows.get(rows.size() - 1).lines().add(line(text));
                }
            }
        }
        return rows;
    }

    private static Line line(String text) {
        Matcher matcher = LINE.matcher(text.strip());
        if (!matcher.matches() || !matcher.group(1).matches("(server|client)\\d?")) {
            throw new IllegalArgumentException("no line of the table: " + text);
        }
        return new Line(matcher.group(1), matcher.group(2), matcher.group(3));
    }
}
