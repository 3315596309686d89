package telemetry;

import java.time.Duration;
import java.util.List;

/** How one program publishes its data in shared memory: how to read it, and how to act as the program. */
public interface Layout {
    /** The layouts, in the order in which they are listed. */
    List<Layout> ALL = List.of(
            new IRacing(),
            new RFactor2(),
            new LeMansUltimate(),
            new ProjectCars2(),
            new AssettoCorsa(),
            new RaceRoom(),
            new TruckSimulator(),
            new HwInfo(),
            new GpuZ(),
            new Rtss(),
            new Mumble());

    /** Returns the argument that selects this layout. */
    String name();

    /** Returns the name of the program, for people. */
    String program();

    /** Returns how long the data of a running program may stay the same. */
    Duration staleAfter();

    /**
     * Opens the readers of this layout. The program does not have to run yet.
     *
     * @param name the name of the main region: that of the program, or that of a region with a copy of it
     * @param staleAfter {@link #staleAfter()}, or a shorter time for a test
     */
    Readings open(String name, Duration staleAfter);

    /** Opens the readers of this layout for the regions of the program. */
    default Readings open(Duration staleAfter) {
        return open(regions().get(0).name(), staleAfter);
    }

    /** Returns the regions that the readers copy, the main one first. */
    List<ProgramRegion> regions();

    /** Returns the names of the auto-reset events that the program sets after each update. */
    default List<String> events() {
        return List.of();
    }

    /** Creates the program's objects, to write in them as the program does. The program itself must not run. */
    Producer produce();

    /** Returns the layout of this name, or null. */
    static Layout named(String name) {
        return ALL.stream().filter(layout -> layout.name().equals(name)).findFirst().orElse(null);
    }

    /** Returns the names of all layouts, for a message. */
    static String names() {
        return String.join(", ", ALL.stream().map(Layout::name).toList());
    }
}
