package dev.sharedregion.kills;

import dev.sharedregion.EventPair;
import dev.sharedregion.helpers.Faults;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;

/** The client of {@link HeldUpClientTest}: does one command a line, and answers with a line. */
final class HeldUpClientProgram {
    private HeldUpClientProgram() {}

    /** Argument: the library of {@code faults.h}. */
    public static void main(String[] arguments) throws Exception {
        Faults faults = new Faults(Path.of(arguments[0]));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        EventPair pair = null;
        for (String line; (line = input.readLine()) != null; ) {
            String[] command = line.split(" ");
            switch (command[0]) {
                case "open" -> {
                    faults.stopAt(Integer.parseInt(command[1]));
                    pair = EventPair.open(command[2]);
                    faults.disarm();
                    System.out.println("opened");
                }
                case "read" -> System.out.println(pair.read(() -> {}, Duration.ofMinutes(2)));
                case "close" -> {
                    pair.close();
                    System.out.println("closed");
                }
                default -> throw new IllegalArgumentException(line);
            }
        }
    }
}
