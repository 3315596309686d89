package dev.sharedregion.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was asked for on the command line of Maven: the system properties {@code bench.*}, which may be empty. */
record Settings(
        int forks, Duration warmup, Duration measure, List<Contender> contenders, String pin, boolean wine, Path root) {
    static Settings fromProperties() {
        boolean quick = flag("bench.quick");
        boolean wine = flag("bench.wine");
        return new Settings(
                Integer.parseInt(text("bench.forks", quick ? "2" : "5")),
                seconds("bench.warmup", quick ? "1" : "2"),
                seconds("bench.measure", quick ? "0.5" : "2"),
                contenders(wine),
                text("bench.pin", "auto"),
                wine,
                Path.of(text("bench.root", ".")).toAbsolutePath().normalize());
    }

    /** Where everything goes that a run makes. */
    Path folder() {
        return root.resolve("target").resolve("bench");
    }

    private static List<Contender> contenders(boolean wine) {
        List<Contender> contenders = new ArrayList<>();
        for (String id : text("bench.contenders", "").split(",")) {
            if (!id.isBlank()) {
                contenders.add(Contender.of(id.strip()));
            }
        }
        if (contenders.isEmpty()) {
            contenders.addAll(List.of(Contender.values()));
            // Wine has no Unix-domain sockets.
            contenders.remove(wine ? Contender.UNIX_SOCKET : Contender.TCP);
        }
        return contenders;
    }

    static boolean flag(String name) {
        return text(name, "false").equals("true");
    }

    private static Duration seconds(String name, String otherwise) {
        return Duration.ofMillis(Math.round(Double.parseDouble(text(name, otherwise)) * 1000));
    }

    static String text(String name, String otherwise) {
        String value = System.getProperty(name, "");
        return value.isBlank() ? otherwise : value.strip();
    }
}
