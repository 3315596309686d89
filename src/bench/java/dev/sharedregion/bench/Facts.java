package dev.sharedregion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What all reports have in common. It needs nothing but the JDK, as {@code src/jmh} compiles it, too. */
final class Facts {
    private Facts() {}

    /** Processor and system. */
    static Map<String, String> host() throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Path cpuinfo = Path.of("/proc/cpuinfo");
        String cpu = System.getenv("PROCESSOR_IDENTIFIER");
        if (Files.exists(cpuinfo)) {
            try (var lines = Files.lines(cpuinfo)) {
                cpu = lines.filter(line -> line.startsWith("model name") || line.startsWith("Model"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(cpu);
            }
        }
        facts.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " x " + cpu + ", " + System.getProperty("os.arch")
                        + (isVirtual(cpuinfo) ? ", virtual: what shares a core with what is not known" : ""));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return facts;
    }

    /** Whether Linux sees a hypervisor. */
    private static boolean isVirtual(Path cpuinfo) throws IOException {
        if (!Files.exists(cpuinfo)) {
            return false;
        }
        try (var lines = Files.lines(cpuinfo)) {
            return lines.anyMatch(line -> line.startsWith("flags") && (line + " ").contains(" hypervisor "));
        }
    }

    static String now() {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Whether a system property, which may be empty, says so. */
    static boolean flag(String name) {
        return text(name, "false").equals("true");
    }

    static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isBlank() ? otherwise : value.strip();
    }

    /** The number after a label in a file of Linux, as in {@code VmRSS:  1234 kB}. */
    static long number(Path file, String label) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(label))
                    .map(line -> Long.valueOf(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Nanoseconds for people, with three digits, or fewer if the rest are zero. */
    static String time(double nanos) {
        String[] units = {"ns", "us", "ms", "s"};
        int unit = 0;
        double value = nanos;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        int digits = value == Math.rint(value) || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f %s", value, units[unit]);
    }

    /** As a JSON string. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
