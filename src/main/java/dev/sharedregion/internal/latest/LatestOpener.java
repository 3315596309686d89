package dev.sharedregion.internal.latest;

import static dev.sharedregion.internal.latest.TableLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.latest.TableLayout.VERSION_VALUE;

import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Opens the objects of a table, in the order that {@code src/docs/latest.md} gives. */
public final class LatestOpener {
    private static final BlockKind KIND = new BlockKind(MAGIC_VALUE, VERSION_VALUE, "a table", "table");

    private final OperatingSystem os;
    private final LatestRequest request;

    /** The shape that the table is to have; null if it has one. */
    private final Shape shape;

    private final Operation operation;

    /** The table's part before its values. */
    private ByteBuffer header;

    private LatestOpener(OperatingSystem os, LatestRequest request, Shape shape, String action) {
        this.os = os;
        this.request = request;
        this.shape = shape;
        this.operation = new Operation(action, request.what());
    }

    /** Creates a table, and becomes its writer. */
    public static TableWriter create(OperatingSystem os, LatestRequest request, Shape shape) {
        LatestOpener opener = new LatestOpener(os, request, shape, "create");
        return opener.writer(() -> os.createRegion(request.table(), opener.region(), wholeTable()));
    }

    /** Becomes the writer of a table that exists. */
    public static TableWriter open(OperatingSystem os, LatestRequest request) {
        LatestOpener opener = new LatestOpener(os, request, null, "open");
        return opener.writer(() -> os.openRegion(request.table(), wholeTable(), new Trust(request.rights())));
    }

    /** Becomes the writer of a table, and creates it if there is none. */
    public static TableWriter openOrCreate(OperatingSystem os, LatestRequest request, Shape shape) {
        LatestOpener opener = new LatestOpener(os, request, shape, "open");
        return opener.writer(() -> os.openOrCreateRegion(
                request.table(), opener.region(), wholeTable(), new Trust(request.rights())));
    }

    /** Opens a table to read it. */
    public static TableReader openToRead(OperatingSystem os, LatestRequest request) {
        return new LatestOpener(os, request, null, "open").reader();
    }

    /** Of an existing region, the header says how long it has to be. */
    private static ViewRequest wholeTable() {
        return ViewRequest.whole(TableLayout.FIRST_VALUE);
    }

    private RegionRequest region() {
        return new RegionRequest(shape.regionSize(), false, false, request.rights());
    }

    private TableWriter writer(Supplier<RegionMapping> open) {
        try (ScopeGuard<LatestObjects> guard = new ScopeGuard<>(LatestObjects::close)) {
            LatestObjects objects = guard.hold(new LatestObjects());
            map(objects, open, Protection.READ_WRITE);
            // Before the place is taken: another program's region stays as it is.
            boolean made = hasHeader();
            takePlace(objects);
            objects.waking = operation.onPart(this::waking);
            if (!made && !hasHeader()) {
                writeHeader(objects.view.size);
            }
            objects.table = table(objects);
            TableWriter writer = new TableWriter(objects);
            writer.settlePredecessor();
            return guard.dismiss(writer);
        }
    }

    private TableReader reader() {
        try (ScopeGuard<LatestObjects> guard = new ScopeGuard<>(LatestObjects::close)) {
            LatestObjects objects = guard.hold(new LatestObjects());
            ViewRequest view = wholeTable().withProtection(Protection.READ_ONLY);
            map(objects, () -> os.openRegion(request.table(), view, Trust.ANYONE), Protection.READ_ONLY);
            if (!hasHeader()) {
                throw notMade();
            }
            objects.table = table(objects);
            Waiting waiting = new Waiting(objects.table, () -> Newer.open(os, request), this::openEvent);
            return guard.dismiss(new TableReader(objects, waiting));
        }
    }

    private void map(LatestObjects objects, Supplier<RegionMapping> open, Protection protection) {
        try (ScopeGuard<RegionMapping> guard = new ScopeGuard<>(RegionMapping::free)) {
            RegionMapping mapping = guard.hold(operation.onPart(open));
            objects.view = guard.dismiss(new View(request.table().region(), mapping, protection));
            header = objects.view.buffer(0, TableLayout.FIRST_VALUE);
            objects.owner = os.ownerSlot(mapping, header, TableLayout.OWNER);
        }
    }

    private Waking waking() {
        try (ScopeGuard<Newer> guard = new ScopeGuard<>(Newer::close)) {
            Newer newer = guard.hold(Newer.openOrCreate(os, request));
            return guard.dismiss(new Waking(newer, this::openOrCreateEvent));
        }
    }

    private EventHandle openOrCreateEvent(int place) {
        return os.openOrCreateEvent(
                request.event(place),
                new EventRequest(false, false, request.waitingRights()),
                new Trust(request.waitingRights()));
    }

    private EventHandle openEvent(int place) {
        return os.openEvent(request.event(place), false, Trust.ANYONE);
    }

    private void takePlace(LatestObjects objects) {
        objects.taken = objects.owner.take();
        if (!objects.taken) {
            throw operation.failure(
                    Reason.IN_USE,
                    objects.owner.holder() + " is its writer, and a table has one at a time. Close it there, open a "
                            + "LatestReader instead, or choose another name.");
        }
    }

    /** Whether the table has its header. Fails if the region is not a table, or one of another version. */
    private boolean hasHeader() {
        return operation.onPart(() -> KIND.isIn(header, request.table()));
    }

    private Failure notMade() {
        return operation.failure(
                Reason.NOT_FOUND,
                "its creator has not finished it yet, or has died before that. Use open(name, timeout) to wait.");
    }

    private void writeHeader(long size) {
        if (shape == null) {
            throw notMade();
        }
        operation.checkSize(size, shape.regionSize());
        header.putLong(TableLayout.COUNT, shape.count());
        header.putLong(TableLayout.SIZE, shape.size());
        header.putLong(TableLayout.SLOTS, shape.slots());
        header.putLong(TableLayout.SCHEMA, shape.schema());
        KIND.write(header);
    }

    /** Reads the shape once, checks it, and compares it to the one that was asked for. */
    private Table table(LatestObjects objects) {
        long count = header.getLong(TableLayout.COUNT);
        long size = header.getLong(TableLayout.SIZE);
        long slots = header.getLong(TableLayout.SLOTS);
        if (Shape.isPossible(count, size, slots)) {
            Shape there = new Shape((int) count, (int) size, (int) slots, header.getLong(TableLayout.SCHEMA));
            if (there.regionSize() <= objects.view.size) {
                compare(there);
                return new Table(request.what(), there, windows(objects.view));
            }
        }
        throw operation.failure(
                Reason.CORRUPT,
                count + " values of " + size + " bytes in " + slots + " slots do not fit into its region of "
                        + objects.view.size + " bytes. Another program has overwritten it. Close it in all processes.");
    }

    private static ByteBuffer[] windows(View view) {
        ByteBuffer[] windows = new ByteBuffer[View.windowIndex(view.size - 1) + 1];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = view.window((long) i * View.MAX_PIECE);
        }
        return windows;
    }

    private void compare(Shape there) {
        if (shape != null && (shape.count() != there.count() || shape.size() != there.size())) {
            throw mismatch("it has " + there + ", but " + shape + " were asked for");
        }
        if (request.schema() != 0 && request.schema() != there.schema()) {
            throw mismatch("its schema is " + there.schema() + ", but " + request.schema() + " was asked for");
        }
    }

    private Failure mismatch(String why) {
        return operation.failure(
                Reason.WRONG_KIND,
                why + ". Use the same everywhere, or close the table in all processes before you create another one.");
    }
}
