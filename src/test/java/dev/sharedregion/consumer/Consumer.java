package dev.sharedregion.consumer;

import dev.sharedregion.EventPair;
import dev.sharedregion.SharedRegion;
import java.time.Duration;

/** A program of another package, and another module, that uses the library. */
public final class Consumer {
    private Consumer() {}

    /**
     * Uses a region and a pair, and prints the module that they came from.
     *
     * @param arguments the name to use
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws InterruptedException {
        try (SharedRegion region = SharedRegion.create(arguments[0], 4096);
                EventPair server = EventPair.create(arguments[0]);
                EventPair client = EventPair.open(arguments[0], Duration.ofSeconds(10))) {
            server.write(() -> region.pointer().setInt(0, 42));
            System.out.println(client.read(() -> region.buffer().getInt(0)));
        }
        System.out.println(SharedRegion.class.getModule().getName());
    }
}
