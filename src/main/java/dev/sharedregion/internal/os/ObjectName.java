package dev.sharedregion.internal.os;

import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * A checked name of a shared object. The rules are the same on every system, so that a name that is valid on one
 * system is valid on the other. Windows gets the name unchanged. On Linux the namespace prefix is dropped.
 */
public final class ObjectName {
    /** Windows takes names of at most MAX_PATH characters, the terminator included ({@code CreateEventW}). */
    private static final int MAX_CHARS = 259;

    /** Linux takes file names of at most NAME_MAX bytes ({@code limits.h}). */
    private static final int MAX_UTF8_BYTES = 255;

    /** The Win32 namespaces. */
    private static final String[] NAMESPACES = {"Local\\", "Global\\"};

    /** The names that Windows reserves in each namespace: its directories, and links to them. */
    private static final Set<String> KEPT_BY_WINDOWS = Set.of("global", "local", "session", "restricted");

    private final String full;

    /** The name without its namespace. */
    private final String base;

    private ObjectName(String full, String base) {
        this.full = full;
        this.base = base;
    }

    /**
     * Checks a name.
     *
     * @throws NullPointerException if the name is null
     * @throws IllegalArgumentException if the name is not valid on every system; the message says why
     */
    public static ObjectName of(String name) {
        Objects.requireNonNull(name, "name");
        String base = withoutNamespace(name);
        refuse(base.isEmpty(), name, "it is empty", "Give a name of at least one character");
        refuse(base.equals(".") || base.equals(".."), name, "it stands for a directory on Linux", "Give another name");
        refuse(KEPT_BY_WINDOWS.contains(base.toLowerCase(Locale.ROOT)), name,
                "Windows reserves it for one of its own directories", "Give another name");
        int nul = base.indexOf('\0');
        if (nul >= 0) {
            throw invalid(name, "it has a NUL character at index " + nul, "Leave that character out");
        }
        refuse(base.contains("/"), name, "it has a '/'", "Leave it out: what C calls shm_open(\"/x\") is named \"x\" "
                + "here. For a file in a folder, use SharedRegion.map(Path, size)");
        refuse(base.contains("\\"), name, "it has a '\\' that is not part of a leading Local\\ or Global\\",
                "Leave it out, and spell the prefix exactly like this");
        if (name.length() > MAX_CHARS) {
            throw invalid(name, "it has " + name.length() + " characters", "Windows takes at most " + MAX_CHARS);
        }
        byte[] utf8 = base.getBytes(StandardCharsets.UTF_8);
        refuse(!new String(utf8, StandardCharsets.UTF_8).equals(base), name,
                "it has half of a surrogate pair", "Give well-formed Unicode");
        if (utf8.length > MAX_UTF8_BYTES) {
            throw invalid(name, "it has " + utf8.length + " bytes in UTF-8", "Linux takes at most " + MAX_UTF8_BYTES);
        }
        return new ObjectName(name, base);
    }

    /** The name of a part of this object, such as {@code x.written} of {@code x}; the same rules apply to it. */
    public ObjectName part(String suffix) {
        return of(full + suffix);
    }

    /** The description of a region of this name in messages. */
    public String region() {
        return "region \"" + full + "\"";
    }

    /** The description of an event of this name in messages. */
    public String event() {
        return "event \"" + full + "\"";
    }

    /** The description of a mutex of this name in messages. */
    public String mutex() {
        return "mutex \"" + full + "\"";
    }

    /** The description of a pair of this name in messages. */
    public String pair() {
        return "pair \"" + full + "\"";
    }

    /** Whether both are one object on Linux, which has no namespaces. */
    public boolean isSameWithoutNamespace(ObjectName other) {
        return base.equals(other.base);
    }

    /**
     * Returns true if the name is in Windows' machine-wide namespace, in which a process needs a privilege to create a
     * region.
     */
    public boolean isGlobal() {
        return full.startsWith("Global\\");
    }

    /** The name without its namespace in UTF-8, as a path below {@code directory}, ended by a NUL. */
    public byte[] cPathIn(String directory) {
        return Native.toByteArray(directory + base, StandardCharsets.UTF_8);
    }

    /** The name as it was given. */
    @Override
    public String toString() {
        return full;
    }

    private static String withoutNamespace(String name) {
        for (String namespace : NAMESPACES) {
            if (name.startsWith(namespace)) {
                return name.substring(namespace.length());
            }
        }
        return name;
    }

    private static void refuse(boolean bad, String name, String why, String remedy) {
        if (bad) {
            throw invalid(name, why, remedy);
        }
    }

    private static IllegalArgumentException invalid(String name, String why, String remedy) {
        String shown = (name.length() <= 80 ? name : name.substring(0, 80) + "…").replace("\0", "\\0");
        return new IllegalArgumentException(
                "\"" + shown + "\" cannot name a shared object: " + why + ". " + remedy + ".");
    }
}
