package dev.sharedregion.internal.inspect;

import static dev.sharedregion.internal.message.MessageLayout.LANE_FULL;
import static dev.sharedregion.internal.message.MessageLayout.LANE_OWNER;
import static dev.sharedregion.internal.message.MessageLayout.LANE_SIZE;
import static dev.sharedregion.internal.message.MessageLayout.LANE_TAIL;
import static dev.sharedregion.internal.message.MessageLayout.MAGIC_VALUE;
import static dev.sharedregion.internal.message.MessageLayout.VERSION_VALUE;

import dev.sharedregion.internal.memory.BlockKind;
import dev.sharedregion.internal.message.BroadcastLayout;
import dev.sharedregion.internal.message.ChannelShape;
import dev.sharedregion.internal.message.MessageLayout;
import dev.sharedregion.internal.os.Failure.Reason;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.OperatingSystem;
import dev.sharedregion.internal.os.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A channel's sides, and what was sent and not yet received: of a broadcast, by the slowest receiver. */
final class ChannelDetails {
    private static final BlockKind KIND = new BlockKind(MAGIC_VALUE, VERSION_VALUE, "a channel", "channel");

    private static final String BACKLOG = "backlog";

    private ChannelDetails() {}

    /**
     * The details of a channel.
     *
     * @param receiver what the details call its receiver
     * @param senders what the details call its senders
     */
    static Map<String, Object> of(OperatingSystem os, ObjectName name, String receiver, String senders) {
        try (Block block = Block.open(os, name.part(".messages"), KIND, LANE_SIZE)) {
            ChannelShape shape = shape(block, name);
            Map<String, Object> details = new LinkedHashMap<>();
            if (shape.isBroadcast()) {
                details.put("receivers", receivers(block, shape));
                details.put("mostReceivers", (long) shape.receivers());
                details.put("lossy", shape.lossy());
            } else {
                Map<String, Object> process = block.process(MessageLayout.RECEIVER);
                details.put(receiver, process == null ? "none" : process);
            }
            List<Map<String, Object>> lanes = lanes(block, shape);
            details.put(BACKLOG, lanes.stream().mapToLong(lane -> (Long) lane.get(BACKLOG)).sum());
            details.put("capacity", (long) shape.capacity());
            details.put("most" + Character.toUpperCase(senders.charAt(0)) + senders.substring(1), (long) shape.senders());
            details.put("schema", shape.schema());
            details.put(senders, lanes);
            return details;
        }
    }

    private static ChannelShape shape(Block block, ObjectName name) {
        long capacity = block.longAt(MessageLayout.CAPACITY);
        long senders = block.longAt(MessageLayout.SENDERS);
        long audience = block.longAt(MessageLayout.RECEIVERS);
        if (ChannelShape.isPossible(capacity, senders) && ChannelShape.isPossible(audience)) {
            ChannelShape shape =
                    ChannelShape.of((int) capacity, (int) senders, audience, block.longAt(MessageLayout.SCHEMA));
            if (shape.regionSize() <= block.size) {
                return shape;
            }
        }
        throw new Operation("look at", "channel \"" + name + "\"")
                .failure(Reason.CORRUPT, "another program has overwritten it. Close it in all processes.");
    }

    private static List<Map<String, Object>> receivers(Block block, ChannelShape shape) {
        List<Map<String, Object>> receivers = new ArrayList<>();
        for (int number = 1; number <= shape.receivers(); number++) {
            Map<String, Object> process = block.process(shape.receiverOffset(number));
            if (process != null) {
                Map<String, Object> receiver = new LinkedHashMap<>();
                receiver.put("receiver", (long) number);
                receiver.putAll(process);
                long backlog = 0;
                for (int lane = 1; lane <= lanesUsed(block, shape); lane++) {
                    backlog += backlog(block, shape, number, lane);
                }
                receiver.put(BACKLOG, backlog);
                receivers.add(receiver);
            }
        }
        return receivers;
    }

    private static int lanesUsed(Block block, ChannelShape shape) {
        return (int) Math.max(0, Math.min(block.longAt(MessageLayout.USED), shape.senders()));
    }

    /** Those that have a sender, or something that was not received. */
    private static List<Map<String, Object>> lanes(Block block, ChannelShape shape) {
        List<Map<String, Object>> lanes = new ArrayList<>();
        for (int number = 1; number <= lanesUsed(block, shape); number++) {
            long backlog = 0;
            for (int receiver = 1; receiver <= shape.receivers(); receiver++) {
                backlog = Math.max(backlog, backlog(block, shape, receiver, number));
            }
            int start = number * LANE_SIZE;
            Map<String, Object> sender = block.process(start + LANE_OWNER);
            if (sender != null || backlog > 0) {
                Map<String, Object> lane = new LinkedHashMap<>();
                lane.put("lane", (long) number);
                lane.putAll(sender == null ? Map.of() : sender);
                lane.put(BACKLOG, backlog);
                lane.put("foundNoRoom", block.longAt(start + LANE_FULL));
                lanes.add(lane);
            }
        }
        return lanes;
    }

    /** The bytes of a lane that a receiver has before it. Of a broadcast, an absent receiver has none. */
    private static long backlog(Block block, ChannelShape shape, int receiver, int lane) {
        long listening = block.longAt(shape.receiverOffset(receiver) + BroadcastLayout.RECEIVER_LISTENING);
        if (shape.isBroadcast() && (listening & BroadcastLayout.LISTENING_STATE) == BroadcastLayout.ABSENT) {
            return 0;
        }
        // The head first: it never passes the tail. An overwritten lane has at most what fits into it.
        long head = block.longAt(shape.headOffset(receiver, lane));
        long tail = block.longAt(lane * LANE_SIZE + LANE_TAIL);
        return Math.max(0, Math.min(tail - head, shape.capacity()));
    }
}
