package dev.sharedregion.cli;

import com.sun.jna.Platform;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedObject;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds objects by their names. */
final class Names {
    private static final String LOCAL = "Local\\";
    private static final String GLOBAL = "Global\\";

    private Names() {}

    /** Returns what tests names against a pattern of {@code *} and {@code ?}. */
    static Predicate<String> matching(String pattern) {
        String regex = Stream.of(withoutNamespace(pattern).split("(?<=[*?])|(?=[*?])"))
                .map(part -> part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part))
                .reduce("", String::concat);
        return Pattern.compile(regex, Pattern.DOTALL).asMatchPredicate();
    }

    /**
     * Returns the objects of this name: a region and a pair may have the same. If there is none, the part of this name.
     *
     * @throws SharedMemoryException {@code NOT_FOUND} if there is none
     */
    static List<SharedObject> find(String name) {
        String listed = withoutNamespace(name);
        List<SharedObject> all = SharedObject.list();
        List<SharedObject> found = all.stream().filter(object -> object.name().equals(listed)).toList();
        if (found.isEmpty()) {
            found = all.stream()
                    .flatMap(object -> object.parts().stream())
                    .filter(part -> part.name().equals(listed))
                    .toList();
        }
        if (found.isEmpty()) {
            throw new SharedMemoryException(Reason.NOT_FOUND, "There is no object \"" + Text.visible(name)
                    + "\". 'sharedregion list' shows those that exist.");
        }
        return found;
    }

    /** As the list has it: a plain name is one of Local, and Linux has no namespaces. */
    private static String withoutNamespace(String name) {
        if (name.startsWith(LOCAL)) {
            return name.substring(LOCAL.length());
        }
        return name.startsWith(GLOBAL) && Platform.isLinux() ? name.substring(GLOBAL.length()) : name;
    }
}
