package dev.sharedregion.internal.message;

import static dev.sharedregion.internal.message.MessageLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.message.MessageLayout.VERSION_VALUE;

import dev.sharedregion.internal.jvm.AtomicWords;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.memory.RegionPointer;
import dev.sharedregion.internal.memory.View;
import dev.sharedregion.internal.os.EventHandle;
import dev.sharedregion.internal.os.EventRequest;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import dev.sharedregion.internal.os.Protection;
import dev.sharedregion.internal.os.RegionMapping;
import dev.sharedregion.internal.os.RegionRequest;
import dev.sharedregion.internal.os.Trust;
import dev.sharedregion.internal.os.ViewRequest;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Opens or creates a channel, for a sender or a receiver. */
public final class ChannelOpener {
    /** How the channel's region is found or made. */
    public enum Mode {
        CREATE("create"),
        OPEN("open"),
        OPEN_OR_CREATE("open");

        private final String action;

        Mode(String action) {
            this.action = action;
        }
    }

    private static final BlockKind KIND = new BlockKind(MAGIC_VALUE, VERSION_VALUE, "a channel", "channel");

    private final OperatingSystem os;
    private final MessageRequest request;
    private final Mode mode;

    /** The shape of a channel that is made; null if it is only opened. */
    private final ChannelShape shape;

    private final Operation operation;
    private final ChannelObjects objects;

    /** The channel's part before the lanes. */
    private ByteBuffer header;

    private RegionMapping mapping;

    private ChannelOpener(
            OperatingSystem os, MessageRequest request, Mode mode, ChannelShape shape, ChannelObjects objects) {
        this.os = os;
        this.request = request;
        this.mode = mode;
        this.shape = shape;
        this.operation = new Operation(mode.action, request.what());
        this.objects = objects;
    }

    /**
     * Becomes a sender.
     *
     * @param shape of a channel that is made; null if it is only opened
     */
    public static ChannelWriter sender(OperatingSystem os, MessageRequest request, Mode mode, ChannelShape shape) {
        try (ScopeGuard<ChannelObjects> guard = new ScopeGuard<>(ChannelObjects::close)) {
            ChannelObjects objects = guard.hold(new ChannelObjects());
            return guard.dismiss(new ChannelOpener(os, request, mode, shape, objects).sender());
        }
    }

    /**
     * Becomes the receiver.
     *
     * @param shape of a channel that is made; null if it is only opened
     * @param longestAssembled the longest message in parts that is assembled
     */
    public static ChannelReader receiver(
            OperatingSystem os, MessageRequest request, Mode mode, ChannelShape shape, int longestAssembled) {
        try (ScopeGuard<ChannelObjects> guard = new ScopeGuard<>(ChannelObjects::close)) {
            ChannelObjects objects = guard.hold(new ChannelObjects());
            return guard.dismiss(new ChannelOpener(os, request, mode, shape, objects).receiver(longestAssembled));
        }
    }

    private ChannelWriter sender() {
        openChannel();
        objects.sent = openOrCreateEvent(request.sent(1));
        int number = takeLane();
        objects.freed = openOrCreateEvent(request.freed(number));
        if (objects.shape.receivers() > 1) {
            objects.others = new OtherReceivers(objects.shape, control(), receiver -> open(request.sent(receiver)));
        }
        ChannelWriter writer = new ChannelWriter(objects, objects.channel.lane(number), os.processFence());
        objects.channel.use(number);
        return writer;
    }

    private ChannelReader receiver(int longestAssembled) {
        openChannel();
        takePlace();
        objects.sent = openOrCreateEvent(request.sent(objects.receiver));
        return new ChannelReader(objects, longestAssembled, lane -> open(request.freed(lane)));
    }

    private EventHandle open(ObjectName event) {
        return os.openEvent(event, false, Trust.ANYONE);
    }

    private void openChannel() {
        map();
        if (!hasHeader()) {
            make();
        }
        objects.shape = shapeThere();
        ByteBuffer control = control();
        objects.channel = new Channel(
                request.what(),
                objects.shape,
                control,
                number -> new Lane(request.what(), number, control, ring(number), headPlace(number)),
                offset -> os.ownerSlot(mapping, control, offset));
    }

    private ByteBuffer control() {
        return objects.view.buffer(0, objects.shape.controlSize());
    }

    private int headPlace(int lane) {
        return objects.shape.headOffset(objects.receiver, lane);
    }

    private void map() {
        try (ScopeGuard<RegionMapping> guard = new ScopeGuard<>(RegionMapping::free)) {
            mapping = guard.hold(operation.onPart(this::openRegion));
            objects.view = guard.dismiss(new View(request.messages().region(), mapping, Protection.READ_WRITE));
            objects.pointer = new RegionPointer(objects.view, mapping.address, 0, mapping.size);
            header = objects.view.buffer(0, MessageLayout.LANE_SIZE);
        }
    }

    private RegionMapping openRegion() {
        ObjectName name = request.messages();
        // Of an existing region, the header says how long it has to be.
        ViewRequest whole = ViewRequest.whole(MessageLayout.LANE_SIZE);
        return switch (mode) {
            case CREATE -> os.createRegion(name, region(), whole);
            case OPEN -> os.openRegion(name, whole, trust());
            case OPEN_OR_CREATE -> os.openOrCreateRegion(name, region(), whole, trust());
        };
    }

    private RegionRequest region() {
        return new RegionRequest(shape.regionSize(), false, false, request.sharedRights());
    }

    private Trust trust() {
        return mode == Mode.OPEN ? Trust.ANYONE : new Trust(request.sharedRights());
    }

    /** Whether the channel has its header. Fails if the region is not a channel, or one of another version. */
    private boolean hasHeader() {
        return operation.onPart(() -> KIND.isIn(header, request.messages()));
    }

    /** Writes the header. Another process may do so at the same time: the first to write a word has written it. */
    private void make() {
        if (shape == null) {
            throw operation.failure(
                    Reason.NOT_FOUND,
                    "its creator has not finished it yet, or has died before that. Use open(name, timeout) to wait.");
        }
        operation.checkSize(objects.view.size, shape.regionSize());
        AtomicWords.compareAndSet(header, MessageLayout.CAPACITY, 0L, (long) shape.capacity());
        AtomicWords.compareAndSet(header, MessageLayout.SENDERS, 0L, (long) shape.senders());
        AtomicWords.compareAndSet(header, MessageLayout.SCHEMA, 0L, shape.schema());
        AtomicWords.compareAndSet(header, MessageLayout.RECEIVERS, 0L, shape.audience());
        KIND.write(header);
    }

    /** Reads the shape once, checks it, and compares it to the one that was asked for. */
    private ChannelShape shapeThere() {
        long capacity = header.getLong(MessageLayout.CAPACITY);
        long senders = header.getLong(MessageLayout.SENDERS);
        long audience = header.getLong(MessageLayout.RECEIVERS);
        if (!ChannelShape.isPossible(audience)) {
            throw operation.failure(
                    Reason.CORRUPT,
                    "it cannot have " + Long.toUnsignedString(audience) + " receivers. Another program has overwritten "
                            + "it. Close it in all processes.");
        }
        if (ChannelShape.isPossible(capacity, senders)) {
            ChannelShape there = ChannelShape.of(
                    (int) capacity, (int) senders, audience, header.getLong(MessageLayout.SCHEMA));
            if (there.regionSize() <= objects.view.size) {
                compare(there);
                return there;
            }
        }
        throw operation.failure(
                Reason.CORRUPT,
                Long.toUnsignedString(capacity) + " bytes for each of " + Long.toUnsignedString(senders) + " "
                        + request.words().sender() + "s do not fit into its region of " + objects.view.size
                        + " bytes. Another program has overwritten it. Close it in all processes.");
    }

    private void compare(ChannelShape there) {
        if (shape != null && !shape.hasRoomAs(there)) {
            String sender = request.words().sender();
            throw mismatch("it has " + there.describe(sender) + ", but " + shape.describe(sender) + " was asked for");
        }
        if (request.schema() != 0 && request.schema() != there.schema()) {
            throw mismatch("its schema is " + there.schema() + ", but " + request.schema() + " was asked for");
        }
    }

    private Failure mismatch(String why) {
        return operation.failure(
                Reason.WRONG_KIND,
                why + ". Use the same everywhere, or close the channel in all processes before you create another "
                        + "one.");
    }

    private ByteBuffer ring(int lane) {
        return objects.view.buffer(objects.shape.ringOffset(lane), objects.shape.capacity());
    }

    private EventHandle openOrCreateEvent(ObjectName name) {
        return operation.onPart(() -> os.openOrCreateEvent(
                        name, new EventRequest(false, false, request.sharedRights()), trust())
                .refusingManualReset(name, "channel"));
    }

    /** Takes the first lane that is free, and returns its number. */
    private int takeLane() {
        int senders = objects.shape.senders();
        for (int number = 1; number <= senders; number++) {
            if (take(objects.channel.slot(number))) {
                objects.channel.setOwn(Channel.ownerOffset(number));
                return number;
            }
        }
        ChannelWords words = request.words();
        String sender = words.sender();
        throw operation.failure(
                Reason.IN_USE,
                (senders == 1
                                ? "it has one " + sender + ", "
                                : "it has room for " + senders + " " + sender + "s, and among them is ")
                        + holder(objects.channel.slot(1)) + ". Close a " + sender + ", or " + words.makeRoom() + ".");
    }

    /** Takes the first place of a receiver that is free. */
    private void takePlace() {
        int receivers = objects.shape.receivers();
        for (int receiver = 1; receiver <= receivers; receiver++) {
            if (take(objects.channel.receiversSlot(receiver))) {
                objects.receiver = receiver;
                objects.channel.setOwn(objects.channel.receiversOffset(receiver));
                if (objects.channel.receivers != null) {
                    // One that has died has left its word, which must not count for this one.
                    objects.channel.receivers.leave(receiver);
                }
                return;
            }
        }
        ChannelWords words = request.words();
        throw operation.failure(
                Reason.IN_USE,
                holder(objects.channel.receiversSlot(1))
                        + (receivers == 1
                                ? " is its " + words.receiver() + ", and a channel has one at a time. Close it there, "
                                : " and others are its receivers, and it has room for " + receivers + ". Close one, ")
                        + "open a " + words.senderType() + " instead, or choose another name.");
    }

    private boolean take(OwnerSlot slot) {
        try (ScopeGuard<OwnerSlot> guard = new ScopeGuard<>(OwnerSlot::close)) {
            boolean taken = guard.hold(slot).take();
            if (taken) {
                objects.place = guard.dismiss(slot);
            }
            return taken;
        }
    }

    private static String holder(OwnerSlot slot) {
        try (slot) {
            return slot.holder();
        }
    }
}
