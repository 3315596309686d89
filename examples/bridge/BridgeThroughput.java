package bridge;

import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures how many messages a second go through the bridge, from a program of one machine to a program of the other
 * one, and how many through Aeron alone, between two programs. All are processes of their own, on this machine. On
 * Linux they can be in network namespaces: {@code here} and {@code there} begin a command with {@code ip netns exec}.
 */
public final class BridgeThroughput {
    private static final String USAGE = "BridgeThroughput [size=bytes] [runs=number] [warmup=seconds] [seconds=seconds]"
            + " [capacity=bytes] [mtu=bytes] [sender=host:port] [receiver=host:port] [here=command] [there=command]";

    private static final List<String> KEYS = List.of(
            "role", "size", "runs", "warmup", "seconds", "capacity", "mtu", "sender", "receiver", "here", "there");

    private static final int BATCH = 256;

    private final Arguments arguments;
    private final int size;
    private final int capacity;
    private final String sender;
    private final String receiver;
    private final String mtu;
    private final String here = "bridge-throughput-here";
    private final String there = "bridge-throughput-there";

    // Of a program that receives.

    private long received;
    private long firstNanos;

    private BridgeThroughput(Arguments arguments) {
        this.arguments = arguments;
        size = number("size", 64);
        capacity = number("capacity", 1 << 20);
        sender = arguments.get("sender", Link.SENDER);
        receiver = arguments.get("receiver", Link.RECEIVER);
        mtu = arguments.get("mtu", Link.MTU);
    }

    private int number(String key, int otherwise) {
        return Integer.parseInt(arguments.get(key, Integer.toString(otherwise)));
    }

    public static void main(String[] args) throws Exception {
        BridgeThroughput throughput = new BridgeThroughput(new Arguments(args, USAGE, KEYS));
        switch (throughput.arguments.get("role", "")) {
            case "feed" -> throughput.feed();
            case "drain" -> throughput.drain();
            case "aeron-send" -> throughput.sendByAeron();
            case "aeron-receive" -> throughput.receiveByAeron();
            default -> throughput.compare(args);
        }
    }

    // The programs, which all wait in the same manner. Those that send go on until they are ended.

    private void feed() {
        try (MessageSender channel = MessageSender.openOrCreate(here, capacity)) {
            ByteBuffer message = ByteBuffer.allocateDirect(size);
            IdleStrategy idle = Link.idle();
            while (true) {
                idle.idle(channel.offer(message) ? 1 : 0);
            }
        }
    }

    private void drain() {
        try (MessageReceiver channel = MessageReceiver.openOrCreate(there, capacity)) {
            IdleStrategy idle = Link.idle();
            while (isMeasuring()) {
                int count = channel.poll((type, message) -> {}, BATCH);
                received += count;
                idle.idle(count);
            }
        }
    }

    private void sendByAeron() throws IOException {
        try (Link link = new Link(receiver, sender, mtu, ThreadingMode.SHARED)) {
            ExclusivePublication out = link.publication(Link.MESSAGES);
            UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(size));
            IdleStrategy idle = Link.idle();
            while (true) {
                idle.idle(Conversation.sent(out.offer(message)) ? 1 : 0);
            }
        }
    }

    private void receiveByAeron() throws IOException {
        try (Link link = new Link(sender, receiver, mtu, ThreadingMode.SHARED)) {
            Subscription in = link.subscription(Link.MESSAGES, session -> {});
            FragmentHandler handler = new FragmentAssembler((buffer, offset, length, header) -> received++);
            IdleStrategy idle = Link.idle();
            while (isMeasuring()) {
                idle.idle(in.poll(handler, BATCH));
            }
        }
    }

    private long warmNanos;
    private long warm;

    /** Whether the time is not over, which begins with the first message. Prints how many a second came, when it is. */
    private boolean isMeasuring() {
        long now = System.nanoTime();
        if (received == 0) {
            return true;
        }
        if (firstNanos == 0) {
            firstNanos = now;
        }
        if (warmNanos == 0 && now - firstNanos >= TimeUnit.SECONDS.toNanos(number("warmup", 10))) {
            warmNanos = now;
            warm = received;
        }
        if (warmNanos == 0 || now - warmNanos < TimeUnit.SECONDS.toNanos(number("seconds", 5))) {
            return true;
        }
        System.out.println((received - warm) * 1e9 / (now - warmNanos));
        return false;
    }

    // The comparison.

    private void compare(String[] args) throws IOException, InterruptedException {
        int runs = number("runs", 5);
        double[] bridge = new double[runs];
        double[] aeron = new double[runs];
        for (int run = 0; run < runs; run++) {
            aeron[run] = measureAeron(args);
            bridge[run] = measureBridge(args);
            System.out.printf(
                    Locale.ROOT, "run %d: Aeron alone %.0f/s, bridge %.0f/s%n", run + 1, aeron[run], bridge[run]);
        }
        Arrays.sort(aeron);
        Arrays.sort(bridge);
        double medianOfAeron = aeron[runs / 2];
        double medianOfBridge = bridge[runs / 2];
        System.out.printf(
                Locale.ROOT,
                "%d bytes, medians: Aeron alone %.0f/s (%.1f MB/s), bridge %.0f/s (%.1f MB/s), ratio %.2f%n",
                size,
                medianOfAeron,
                medianOfAeron * size / 1e6,
                medianOfBridge,
                medianOfBridge * size / 1e6,
                medianOfBridge / medianOfAeron);
    }

    private double measureAeron(String[] args) throws IOException, InterruptedException {
        List<Process> programs = new ArrayList<>();
        try {
            Process receiving = start(programs, "there", BridgeThroughput.class, role("aeron-receive", args));
            start(programs, "here", BridgeThroughput.class, role("aeron-send", args));
            return result(receiving);
        } finally {
            end(programs);
        }
    }

    private double measureBridge(String[] args) throws IOException, InterruptedException {
        Path state = Files.createTempFile("bridge-throughput", ".state");
        List<Process> programs = new ArrayList<>();
        try {
            Process receiving = start(programs, "there", BridgeThroughput.class, role("drain", args));
            start(programs, "here", BridgeThroughput.class, role("feed", args));
            start(programs, "there", BridgeReceiver.class, List.of(
                    "messages=" + there, "listen=" + receiver, "to=" + sender, "mtu=" + mtu, "state=" + state));
            start(programs, "here", BridgeSender.class, List.of(
                    "messages=" + here, "listen=" + sender, "to=" + receiver, "mtu=" + mtu));
            return result(receiving);
        } finally {
            end(programs);
            Files.deleteIfExists(state);
            Files.deleteIfExists(Path.of(state + ".lock"));
        }
    }

    private static List<String> role(String role, String[] args) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.add("role=" + role);
        return all;
    }

    private Process start(List<Process> programs, String machine, Class<?> main, List<String> args)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (arguments.get(machine) != null) {
            command.addAll(List.of(arguments.get(machine).split(" ")));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(args);
        Process program = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        programs.add(program);
        return program;
    }

    private static double result(Process receiving) throws IOException {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(receiving.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("The receiving program has ended without a result.");
            }
            return Double.parseDouble(line);
        }
    }

    private static void end(List<Process> programs) throws InterruptedException {
        for (Process program : programs) {
            program.destroy();
        }
        for (Process program : programs) {
            program.waitFor();
        }
    }
}
