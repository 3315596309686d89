package dev.sharedregion.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the programs ask of the machine and of the system properties. */
public final class Facts {
    private Facts() {}

    /** Processor and system. */
    public static Map<String, String> host() throws IOException {
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

    public static String now() {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Whether a system property, which may be empty, says so. */
    public static boolean flag(String name) {
        return text(name, "false").equals("true");
    }

    public static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isBlank() ? otherwise : value.strip();
    }

    /** The number after a label in a file of Linux, as in {@code VmRSS:  1234 kB}. */
    public static long number(Path file, String label) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(label))
                    .map(line -> Long.valueOf(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
