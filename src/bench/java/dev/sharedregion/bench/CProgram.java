package dev.sharedregion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The programs in {@code src/bench/c} that are only for Linux. */
final class CProgram {
    private CProgram() {}

    /** Compiles {@code NAME_linux.c}, and returns the executable; null if there is no compiler. */
    static Path compile(Settings settings, String name) throws IOException, InterruptedException {
        Path program = Files.createDirectories(settings.folder()).resolve(name);
        String source = name + "_linux.c";
        ProcessBuilder command = new ProcessBuilder(
                "gcc", "-std=gnu11", "-O2", "-pthread", "-o", program.toString(),
                settings.root().resolve("src/bench/c").resolve(source).toString());
        Process compiler;
        try {
            compiler = command.inheritIO().start();
        } catch (IOException e) {
            return null;
        }
        if (compiler.waitFor() != 0) {
            throw new IOException(source + " does not compile");
        }
        return program;
    }
}
