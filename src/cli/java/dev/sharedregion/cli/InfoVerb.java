package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what is known about the objects of a name. */
@Command(
        name = "info",
        description = {
            "Shows what is known about an object: its users, whose turn it is, who holds it, how much waits in it,"
                    + " its version.",
            "Changes nothing: the tool does not become a user of the object."
        })
final class InfoVerb extends Verb {
    @Parameters(paramLabel = "NAME", description = "The name of the object.")
    private String name;

    /**
     * An object with its details.
     *
     * @param problem why there are no details; null if there are
     */
    private record Info(Listed object, Map<String, Object> details, String problem) {}

    @Override
    int run(Output output) {
        Processes processes = new Processes();
        List<Info> infos =
                Names.find(name).stream().map(object -> info(object, processes)).toList();
        output.print(infos, () -> text(infos, processes));
        return infos.stream().allMatch(info -> info.problem == null) ? Tool.OK : Tool.FAILED;
    }

    private static Info info(SharedObject object, Processes processes) {
        Listed listed = Listed.of(object, processes);
        try {
            return new Info(listed, object.details(), null);
        } catch (SharedMemoryException | IllegalArgumentException e) {
            return new Info(listed, Map.of(), e.getMessage());
        }
    }

    private static String text(List<Info> infos, Processes processes) {
        return infos.stream().map(info -> table(info, processes).toString()).collect(Collectors.joining("\n"));
    }

    private static Table table(Info info, Processes processes) {
        Listed object = info.object;
        Table facts = new Table(object.kind(), object.name());
        facts.add("  size", object.size() < 0 ? "?" : object.size() + " bytes");
        facts.add("  owner", Text.orUnknown(object.owner()));
        facts.add("  permissions", Text.orUnknown(object.permissions()));
        facts.add("  state", object.state());
        Map<String, Object> rest = new LinkedHashMap<>();
        rest.put("users", object.users());
        rest.put("parts", object.parts());
        rest.putAll(info.details);
        rest.forEach((key, value) -> {
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            for (int i = 0; i < values.size(); i++) {
                facts.add(i == 0 ? "  " + Text.words(key) : "", Text.value(values.get(i), processes));
            }
        });
        if (info.problem != null) {
            facts.add("  problem", info.problem);
        }
        return facts;
    }
}
