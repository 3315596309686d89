import dev.sharedregion.EventPair;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import terminal.Utf8Console;

/**
 * The console pair in one terminal: serves in this process, and starts a {@link ConsoleClient} in another, which prints
 * to this process's output.
 */
public final class Console {
    private static final String USAGE = "Usage: Console [name]";

    private Console() {}

    public static void main(String[] args) throws InterruptedException {
        boolean complete = false;
        try {
            complete = run(ConsoleLayout.nameArgument(Console.class, args, 1, USAGE));
        } catch (SharedMemoryException | IllegalArgumentException | IOException e) {
            Utf8Console.say(e.getMessage());
        }
        System.exit(complete ? 0 : 1);
    }

    private static boolean run(String name) throws IOException, InterruptedException {
        try (SharedRegion region = SharedRegion.openOrCreate(name, ConsoleLayout.REGION_SIZE);
                EventPair pair = EventPair.create(name)) {
            Process client = startClient(name);
            AtomicBoolean ending = new AtomicBoolean();
            // Ctrl-C, SIGTERM, an error: no client is left behind, and none prints anything after this has ended.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                ending.set(true);
                end(client);
            }));
            client.onExit().thenAccept(ended -> {
                if (ending.get()) {
                    return;
                }
                // Nobody will read any more: a turn that waits for the client fails now, instead of waiting for ever.
                pair.close();
                if (ended.exitValue() != 0) {
                    // By now the server may wait for a line, and nothing but this can end that.
                    region.close();
                    Utf8Console.say("The client has failed with exit status " + ended.exitValue() + ".");
                    System.exit(1);
                }
            });
            Utf8Console.say("Type lines; the client prints them. End with " + Utf8Console.END_KEY + ".");
            try {
                ConsoleServer.serve(Utf8Console.input(), region, pair::write);
                pair.awaitRead();
            } catch (IllegalStateException e) {
                // The pair was closed, as the client has ended. Its exit status tells whether it had read everything.
            } catch (SharedMemoryException e) {
                if (!e.isPeerGone()) {
                    throw e;
                }
            }
            return client.waitFor() == 0;
        }
    }

    private static void end(Process client) {
        client.destroy();
        try {
            client.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts a shutdown hook.
        }
    }

    private static Process startClient(String name) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConsoleClient.class.getName(),
                        name)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
