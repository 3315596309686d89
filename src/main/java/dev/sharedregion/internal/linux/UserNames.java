package dev.sharedregion.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The names of users. Each is looked up once, because that may take a request to a server. For one thread. */
final class UserNames {
    /** Larger than {@code struct passwd}, which begins with the name. */
    private static final int PASSWD_SIZE = 256;

    private static final int STRINGS_SIZE = 1 << 14;

    private final Map<Integer, String> known = new HashMap<>();

    /** The name of the user, or the number if it has none. */
    String name(int user) {
        return known.computeIfAbsent(user, UserNames::lookUp);
    }

    private static String lookUp(int user) {
        try (Memory passwd = new Memory(PASSWD_SIZE);
                Memory strings = new Memory(STRINGS_SIZE)) {
            PointerByReference found = new PointerByReference();
            int result = LibC.getpwuid_r(user, passwd, strings, STRINGS_SIZE, found);
            return result == 0 && found.getValue() != null
                    ? passwd.getPointer(0).getString(0, StandardCharsets.UTF_8.name())
                    : Integer.toUnsignedString(user);
        }
    }
}
