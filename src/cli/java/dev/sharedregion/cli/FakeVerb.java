package dev.sharedregion.cli;

import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import telemetry.FakeProducer;
import telemetry.Layout;
import telemetry.Producer;
import telemetry.ProgramRegion;

/** Acts as a program that publishes its data, so that readers can be tried without it. */
@Command(
        name = "fake",
        description = "Acts as a program that publishes its data in shared memory. The program itself must not run.",
        footer = {"", "Ctrl-C ends as the program ends."})
final class FakeVerb extends Verb {
    private static final double MOST_UPDATES = 10_000;

    @Parameters(paramLabel = "LAYOUT", converter = Shape.LayoutConverter.class,
            completionCandidates = Shape.LayoutNames.class, description = "The program: ${COMPLETION-CANDIDATES}.")
    private Layout layout;

    @Option(names = "--rate", paramLabel = "NUMBER", description = "Updates a second; those of the program without it.")
    private Double rate;

    @Option(names = "--seconds", paramLabel = "NUMBER", description = "End after this time.")
    private Double seconds;

    @Option(names = "--force", description = "Write to regions that exist: a reader may keep them.")
    private boolean force;

    private record Started(String layout, String program, double rate) {}

    private record Summary(String layout, long updates) {}

    @Override
    int run(Output output) throws Exception {
        if (rate != null && !(rate > 0 && rate <= MOST_UPDATES)) {
            throw new IllegalArgumentException("The rate " + rate + " is not from 0 to 10000 updates a second.");
        }
        if (!force) {
            layout.regions().forEach(FakeVerb::refuse);
        }
        try (Stop stop = new Stop(streams().stop(), seconds)) {
            int updates;
            try (Producer producer = layout.produce()) {
                double used = rate == null ? producer.rate() : rate;
                output.next(new Started(layout.name(), layout.program(), used),
                        () -> layout.program() + ": " + used + " updates a second. Ctrl-C ends.\n");
                updates = FakeProducer.run(producer, used, stop::await);
            }
            output.next(new Summary(layout.name(), updates),
                    () -> layout.program() + ": " + updates + " updates.\n");
        }
        return Tool.OK;
    }

    /** Nobody should find the memory of a program changed that runs. */
    private static void refuse(ProgramRegion region) {
        try (SharedRegion there = SharedRegion.open(region.name(), RegionOptions.readOnly())) {
            throw new SharedMemoryException(Reason.ALREADY_EXISTS, "The region \"" + region.name() + "\" exists, so "
                    + "the program may run, or another copy of this. End it, or give --force to write to its memory.");
        } catch (SharedMemoryException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }
}
