package dev.sharedregion.internal.inspect;

import static dev.sharedregion.internal.lock.LockLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.lock.LockLayout.SIZE;
import static dev.sharedregion.internal.lock.LockLayout.VERSION_VALUE;

import dev.sharedregion.internal.lock.LockLayout;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A lock's holder and its users. */
final class LockDetails {
    private static final BlockKind KIND = new BlockKind(MAGIC_VALUE, VERSION_VALUE, "the block of a lock", "lock");

    private LockDetails() {}

    static Map<String, Object> of(OperatingSystem os, ObjectName name) {
        try (Block block = Block.open(os, name.part(".lock"), KIND, SIZE)) {
            Map<String, Object> details = new LinkedHashMap<>();
            long word = block.longAt(LockLayout.WORD);
            int owner = (int) word & LockLayout.WORD_OWNER;
            Map<String, Object> holder = owner == 0 ? null : block.process(owner(owner));
            details.put("holder", owner == 0 ? "none" : holder == null ? "unknown" : holder);
            details.put("waiters", (word & LockLayout.WORD_WAITERS) != 0);
            details.put("inconsistent", (word & LockLayout.WORD_INCONSISTENT) != 0);
            details.put("releases", word / LockLayout.WORD_GENERATION);
            details.put("users", users(block));
            return details;
        }
    }

    private static int owner(int place) {
        return LockLayout.FIRST_PLACE + (place - 1) * LockLayout.PLACE_SIZE + LockLayout.OWNER;
    }

    private static List<Map<String, Object>> users(Block block) {
        List<Map<String, Object>> users = new ArrayList<>();
        for (int place = 1; place <= LockLayout.PLACES; place++) {
            Map<String, Object> user = block.process(owner(place));
            if (user != null) {
                users.add(user);
            }
        }
        return users;
    }
}
