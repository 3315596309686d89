package dev.sharedregion.cli;

import java.time.Instant;
import java.util.List;
import telemetry.Layout;
import telemetry.ProgramRegion.Publication;

/**
 * What a recording begins with.
 *
 * @param start when the first state was there
 * @param layout the name of the layout of its regions; empty if none is known
 * @param regions the names of the regions, the main one first
 * @param events the names of the auto-reset events that are set after each state of the main region
 */
record RecordingHeader(Instant start, String layout, List<String> regions, List<String> events) {
    /** The first 8 bytes. The last one is the version of the format. */
    static final byte[] MAGIC = {'S', 'h', 'a', 'r', 'e', 'd', 'R', 1};

    /** An index of a region that says that the recording was ended. */
    static final int END = -1;

    /** Returns how to write the states of a region: as its program does, if that is known. */
    Publication publication(int region) {
        Layout known = Layout.named(layout);
        boolean hasRegion = known != null && region < known.regions().size();
        return hasRegion ? known.regions().get(region).publication() : Publication.last();
    }
}
