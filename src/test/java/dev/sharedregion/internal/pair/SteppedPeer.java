package dev.sharedregion.internal.pair;

import com.sun.jna.Platform;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.linux.LinuxSystem;
import dev.sharedregion.internal.memory.BlockKind.Maker;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Rights;
import dev.sharedregion.internal.pair.Steps.Action;
import dev.sharedregion.internal.windows.WindowsSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A side of a pair that does one command a line and answers with a line, and can be stopped at each change of the
 * block. {@code stepped.c} is the same program in C:
 *
 * <pre>
 * create NAME [SPIN]         becomes the server; SPIN in nanoseconds
 * open NAME [SPIN]           becomes the client
 * plain server|client NAME   uses the two events of the pair and nothing else
 * signal                     ok
 * await MILLIS               true, or false when the time has passed
 * turn                       whether this side has the turn
 * close                      ok; nothing happens if nothing is open
 * hold before|after CHANGE   says so there, and then waits for the line "go"
 * tell before|after CHANGE   says so there
 * spoil CHANGE               has that compare-and-swap fail from now on
 * </pre>
 *
 * A call that fails is answered with the reason.
 */
final class SteppedPeer {
    /** The default of PairOptions. */
    private static final long SPIN_NANOS = 50_000;

    private final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Steps steps = new Steps(input, output);
    private PairSide pair;

    /** A plain peer's: the one it sets, and the one it waits on. */
    private NamedEvent toSet;

    private NamedEvent toAwait;

    public static void main(String[] arguments) throws IOException {
        new SteppedPeer().run();
    }

    private void run() throws IOException {
        output.println("ready");
        for (String line; (line = input.readLine()) != null; ) {
            String answer;
            try {
                answer = String.valueOf(answer(line.split(" ")));
            } catch (Failure e) {
                answer = e.reason().toString();
            } catch (SharedMemoryException e) {
                answer = e.reason().toString();
            } catch (IllegalStateException e) {
                answer = "OUT_OF_TURN";
            } catch (InterruptedException | RuntimeException e) {
                answer = e.toString();
            }
            output.println(answer);
        }
        close();
    }

    private Maker<PairBlock> maker(Side side) {
        return (memory, slots, release) ->
                new SteppedBlock(new SteppedBlock.Parts(memory, slots, release), side, steps);
    }

    private Object answer(String[] command) throws InterruptedException {
        switch (command[0]) {
            case "create" -> open(Side.WRITING, command);
            case "open" -> open(Side.READING, command);
            case "plain" -> plain(command[1].equals("server") ? Side.WRITING : Side.READING, command[2]);
            case "signal" -> signal();
            case "await" -> {
                return await(Duration.ofMillis(Long.parseLong(command[1])));
            }
            case "turn" -> {
                return pair.hasTurn();
            }
            case "close" -> close();
            case "hold", "tell" -> steps.set(
                    Action.valueOf(command[0].toUpperCase(Locale.ROOT)), command[1] + " " + command[2]);
            case "spoil" -> steps.set(Action.SPOIL, command[1]);
            default -> throw new IllegalArgumentException(String.join(" ", command));
        }
        return "ok";
    }

    private void open(Side side, String[] command) {
        OperatingSystem system = Platform.isWindows() ? new WindowsSystem() : new LinuxSystem();
        pair = PairOpener.open(system, request(command), side, maker(side));
    }

    private static PairRequest request(String[] command) {
        ObjectName name = ObjectName.of(command[1]);
        long spinNanos = command.length < 3 ? SPIN_NANOS : Long.parseLong(command[2]);
        return new PairRequest(name, PairRequest.Events.of(name), spinNanos, false, Rights.OWNER_ONLY);
    }

    private void plain(Side side, String name) {
        toAwait = plainEvent(name + side.event, side);
        try {
            toSet = plainEvent(name + side.peer().event, side);
        } finally {
            if (toSet == null) {
                toAwait.close();
            }
        }
    }

    private static NamedEvent plainEvent(String name, Side side) {
        try {
            return NamedEvent.open(name);
        } catch (SharedMemoryException e) {
            if (e.reason() != SharedMemoryException.Reason.NOT_FOUND || side == Side.READING) {
                throw e;
            }
            return NamedEvent.create(name);
        }
    }

    private void signal() {
        if (pair == null) {
            toSet.set();
        } else {
            pair.signal(PairSide.MINE);
        }
    }

    private boolean await(Duration time) throws InterruptedException {
        return pair == null ? toAwait.await(time) : pair.await(Deadline.after(time));
    }

    private void close() {
        if (pair != null) {
            pair.close();
            pair = null;
        }
        if (toSet != null) {
            toSet.close();
            toAwait.close();
            toSet = null;
        }
        steps.clear();
    }
}
