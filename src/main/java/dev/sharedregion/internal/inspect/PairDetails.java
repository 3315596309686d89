package dev.sharedregion.internal.inspect;

import static dev.sharedregion.internal.pair.PairBlockLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.pair.PairBlockLayout.SIZE;
import static dev.sharedregion.internal.pair.PairBlockLayout.VERSION_VALUE;

import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.os.EventState;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.pair.PairBlockLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** A pair's turn, sides and events. */
final class PairDetails {
    private static final BlockKind KIND =
            new BlockKind(MAGIC_VALUE, VERSION_VALUE, "the control block of a pair", "pair");

    private PairDetails() {}

    static Map<String, Object> of(OperatingSystem os, ObjectName name) {
        Map<String, Object> details = new LinkedHashMap<>();
        try (Block block = Block.open(os, name.part(".pair"), KIND, SIZE)) {
            long turn = block.longAt(PairBlockLayout.TURN);
            details.put("turn", (turn & PairBlockLayout.TURN_SIDE) == 0 ? "server" : "client");
            details.put("turns", turn / PairBlockLayout.TURN_COUNT);
            details.put("server", side(block, PairBlockLayout.WRITING_PLACE));
            details.put("client", side(block, PairBlockLayout.READING_PLACE));
        } catch (Failure e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
            // Its sides are programs that use the two events alone.
        }
        putEvent(details, os, name, "written");
        putEvent(details, os, name, "read");
        return details;
    }

    private static Map<String, Object> side(Block block, int place) {
        Map<String, Object> side = new LinkedHashMap<>();
        Map<String, Object> process = block.process(place + PairBlockLayout.OWNER);
        int state = block.intAt(place + PairBlockLayout.STATE);
        side.put("state", state(state & PairBlockLayout.STATE_BITS, process));
        if (process != null) {
            side.putAll(process);
        }
        side.put("registrations", (long) (state / PairBlockLayout.GENERATION));
        return side;
    }

    private static String state(int state, Map<String, Object> process) {
        return switch (state) {
            case PairBlockLayout.ABSENT -> "absent";
            case PairBlockLayout.CLOSED -> "closed";
            case PairBlockLayout.DEAD -> "died";
            default -> {
                boolean isAlive = process != null && process.get(Block.ALIVE).equals(true);
                yield !isAlive ? "died" : state == PairBlockLayout.ACTIVE ? "active" : "asleep";
            }
        };
    }

    /** Other names may have been given to the events. */
    private static void putEvent(Map<String, Object> details, OperatingSystem os, ObjectName name, String event) {
        try {
            EventState state = os.inspectEvent(name.part("." + event));
            details.put(event, state.set() ? "set" : "not set");
        } catch (Failure e) {
            details.put(event, "unknown");
        }
    }
}
