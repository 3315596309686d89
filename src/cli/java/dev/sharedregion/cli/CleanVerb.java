package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedObject;
import dev.sharedregion.SharedObject.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes what killed processes have left behind. */
@Command(
        name = "clean",
        description = {
            "Removes the objects that killed processes have left behind, after it has asked.",
            "Never removes what a process uses or has mapped, nor what another program has created."
        })
final class CleanVerb extends Verb {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "Only names that match: * stands for any text, ? for any character.")
    private String pattern = "*";

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Override
    int run(Output output) throws IOException {
        Predicate<String> matching = Names.matching(pattern);
        Map<Boolean, List<SharedObject>> found = SharedObject.list().stream()
                .filter(object -> matching.test(object.name()))
                .flatMap(CleanVerb::dead)
                .collect(Collectors.partitioningBy(object -> object.users().isEmpty()));
        Processes processes = new Processes();
        found.get(false).forEach(object -> tellItStays(Listed.of(object, processes)));
        List<SharedObject> dead = found.get(true);
        if (!dead.isEmpty() && !yes && !isWanted(dead, processes)) {
            streams().err().println("Nothing was removed.");
            return Tool.FAILED;
        }
        List<String> removed = new ArrayList<>();
        boolean failed = false;
        for (SharedObject object : dead) {
            try {
                if (object.removeDead()) {
                    removed.add(object.name());
                }
            } catch (SharedMemoryException | IllegalArgumentException e) {
                // Its name may be one that the library does not accept. The others can still be removed.
                Tool.tell(e, streams());
                failed = true;
            }
        }
        boolean none = dead.isEmpty() && found.get(false).isEmpty();
        output.print(removed, () -> none ? "Nothing is dead.\n" : text(removed));
        return failed ? Tool.FAILED : Tool.OK;
    }

    /** The object, or its parts, if dead: a channel in use may have parts of a sender that was killed. */
    private static Stream<SharedObject> dead(SharedObject object) {
        boolean isWhole = object.state() == State.DEAD || object.parts().isEmpty();
        return (isWhole ? Stream.of(object) : object.parts().stream()).filter(each -> each.state() == State.DEAD);
    }

    private void tellItStays(Listed object) {
        streams().err().println(Text.visible(
                "\"" + object.name() + "\" is dead, and stays: it is mapped by " + Text.users(object.users())));
    }

    private boolean isWanted(List<SharedObject> dead, Processes processes) throws IOException {
        List<Listed> listed = dead.stream().map(object -> Listed.of(object, processes)).toList();
        streams().err().print(ListVerb.table(listed));
        streams().err().print("Remove " + (listed.size() == 1 ? "it" : "these " + listed.size()) + "? [y/N] ");
        streams().err().flush();
        String answer =
                new BufferedReader(new InputStreamReader(streams().in(), StandardCharsets.UTF_8)).readLine();
        if (answer == null) {
            streams().err().println();
        }
        return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }

    private static String text(List<String> removed) {
        if (removed.isEmpty()) {
            return "Nothing was removed.\n";
        }
        StringBuilder text = new StringBuilder();
        removed.forEach(name -> text.append("removed ").append(Text.visible(name)).append('\n'));
        return text.toString();
    }
}
