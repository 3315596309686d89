package dev.sharedregion.cli;

import com.sun.jna.Platform;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedObject.State;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the objects that exist, those of other programs, too. */
@Command(
        name = "list",
        description = {
            "Lists the objects that exist: regions, events, pairs, locks, tables and channels, those of other programs, too.",
            "A pair, a lock, a table and a channel consist of several objects and are one line.",
            "Linux: lists all users of the library's objects, and of others those whose memory this user may look at.",
            "Windows does not report which processes use an object: lists those that a pair, lock, table or channel names."
        })
final class ListVerb extends Verb {
    /** The number of that column. */
    private static final int PERMISSIONS = 4;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "Only names that match: * stands for any text, ? for any character.")
    private String pattern = "*";

    @Option(names = "--parts", description = "A line for each part.")
    private boolean parts;

    @Option(names = "--dead", description = "Only what killed processes have left behind.")
    private boolean dead;

    @Override
    int run(Output output) {
        Processes processes = new Processes();
        Predicate<String> matching = Names.matching(pattern);
        List<Listed> listed = SharedObject.list().stream()
                .flatMap(this::shown)
                .filter(object -> !dead || object.state() == State.DEAD)
                .filter(object -> matching.test(object.name()))
                .map(object -> Listed.of(object, processes))
                .toList();
        output.print(listed, () -> table(listed));
        return Tool.OK;
    }

    private Stream<SharedObject> shown(SharedObject object) {
        return parts && !object.parts().isEmpty() ? object.parts().stream() : Stream.of(object);
    }

    /** Without the permissions of Windows, which fill a line of their own: {@code info} has them. */
    static Table table(List<Listed> listed) {
        boolean hasModes = !Platform.isWindows();
        Table table = new Table(row(hasModes, "NAME", "KIND", "SIZE", "OWNER", "PERMISSIONS", "STATE", "USERS"));
        for (Listed each : listed) {
            table.add(row(
                    hasModes,
                    each.name(),
                    each.kind(),
                    Text.size(each.size()),
                    Text.orUnknown(each.owner()),
                    Text.orUnknown(each.permissions()),
                    each.state(),
                    Text.users(each.users())));
        }
        return table;
    }

    private static String[] row(boolean hasModes, String... cells) {
        return IntStream.range(0, cells.length)
                .filter(column -> hasModes || column != PERMISSIONS)
                .mapToObj(column -> cells[column])
                .toArray(String[]::new);
    }
}
