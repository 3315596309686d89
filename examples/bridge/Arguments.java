package bridge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a program, each {@code key=value}. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();
    private final String usage;

    /** Takes the arguments, of which none but these keys may be there. */
    Arguments(String[] args, String usage, List<String> keys) {
        this.usage = usage;
        for (String each : args) {
            String[] parts = each.split("=", 2);
            if (parts.length < 2 || !keys.contains(parts[0]) || values.put(parts[0], parts[1]) != null) {
                throw new IllegalArgumentException("Unknown argument \"" + each + "\". Usage: " + usage);
            }
        }
    }

    /** The value, or null. */
    String get(String key) {
        return values.get(key);
    }

    String get(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    /** Fails if this is not so. */
    void require(boolean enough) {
        if (!enough) {
            throw new IllegalArgumentException("Something is missing. Usage: " + usage);
        }
    }
}
