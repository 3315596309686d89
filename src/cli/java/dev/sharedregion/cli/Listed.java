package dev.sharedregion.cli;

import dev.sharedregion.SharedObject;
import java.util.List;
import java.util.Locale;

/** An object as it is printed: in lower case, and with the commands of its users. */
record Listed(
        String name,
        String kind,
        long size,
        String owner,
        String permissions,
        String state,
        List<Processes.User> users,
        List<String> parts) {
    static Listed of(SharedObject object, Processes processes) {
        return new Listed(
                object.name(),
                lower(object.kind()),
                object.size(),
                object.owner(),
                object.permissions(),
                lower(object.state()),
                object.users().stream().map(processes::user).toList(),
                object.parts().stream().map(SharedObject::name).toList());
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
