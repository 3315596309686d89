package dev.sharedregion.bench;

import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.bench.report.Facts;
import dev.sharedregion.bench.report.Found;
import dev.sharedregion.bench.report.Goal;
import dev.sharedregion.bench.report.Measurements;
import dev.sharedregion.bench.report.Report;
import dev.sharedregion.bench.report.Spread;
import dev.sharedregion.bench.report.Table;
import dev.sharedregion.bench.report.Unit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * What a channel costs while nothing happens: the processor time of a JVM whose receiver waits for a message, and of
 * one whose sender waits for room, beside one that only sleeps. Each after some messages, in fresh processes, in turn.
 */
final class Parked {
    /** Of one processor, beyond the JVM that sleeps. */
    private static final double MOST_PERCENT = 0.1;

    private static final String SLEEPING = "sleeping";
    private static final String RECEIVER = "receiver";
    private static final String SENDER = "sender";
    private static final List<String> PROCESSES = List.of(SLEEPING, RECEIVER, SENDER);

    private static final int MESSAGES = 1_000;
    private static final int CAPACITY = 1 << 16;

    private Parked() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            fork(arguments[0], arguments[1], Long.parseLong(arguments[2]));
            return;
        }
        Settings settings = Settings.fromProperties();
        long millis = Facts.flag("bench.quick") ? 1_000 : 10_000;
        Measurements<String> measurements = new Measurements<>();
        String jvm = "";
        try (Machine machine = Machine.prepare(settings)) {
            for (int fork = 1; fork <= settings.forks(); fork++) {
                String name = "bench-parked-" + ProcessHandle.current().pid() + "-" + fork;
                for (String what : PROCESSES) {
                    Map<String, String> result = result(machine, millis, what, name);
                    jvm = result.get("jvm");
                    measurements.add(what, Double.parseDouble(result.get("cpu")) * 100 / millis);
                }
                System.out.println("fork " + fork + " of " + settings.forks());
            }
            Map<String, String> facts = machine.description();
            facts.put("pinned", "no");
            facts.put("jvm", jvm);
            facts.put("date", Facts.now());
            facts.put("method", settings.forks() + " forks in turn; each waits for " + millis + " ms");
            report(facts, measurements).publish(settings.json("parked"));
        }
    }

    private static Map<String, String> result(Machine machine, long millis, String what, String name)
            throws IOException, InterruptedException {
        Process process = machine.java(Parked.class, what, name, "" + millis)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread atEnd = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            return ProcessorTime.lines(process, millis);
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(atEnd);
        }
    }

    private static Report report(Map<String, String> facts, Measurements<String> measurements) {
        Report report = new Report(facts, measurements);
        Table table = report.newTable("Processor time, in percent of one processor")
                .columns(Unit.TEXT, "process")
                .columns(Unit.PERCENT, "median", "least", "most", "beyond sleeping");
        report.beginTargets(Unit.PERCENT);
        for (String what : PROCESSES) {
            Spread spread = measurements.medians(what);
            double beyond = spread.median() - measurements.medians(SLEEPING).median();
            table.add(what, spread.median(), spread.least(), spread.most(), beyond);
            if (!what.equals(SLEEPING)) {
                report.target(
                        what, "processor time beyond a JVM that sleeps, %", new Found(beyond, List.of()),
                        Goal.lessThan(MOST_PERCENT));
            }
        }
        return report;
    }

    // In the processes that are measured.

    private static void fork(String what, String name, long millis) throws Exception {
        System.out.println(
                "jvm " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        try (MessageReceiver receiver = MessageReceiver.create(name, CAPACITY);
                MessageSender sender = MessageSender.open(name)) {
            ByteBuffer message = ByteBuffer.allocateDirect(Long.BYTES);
            for (int i = 0; i < MESSAGES; i++) {
                sender.send(message);
                receiver.receive();
            }
            Thread waiting = new Thread(() -> await(what, receiver, sender, message));
            waiting.start();
            ProcessorTime.print(millis);
            if (!what.equals(SLEEPING) && !waiting.isAlive()) {
                throw new IllegalStateException("The " + what + " did not wait.");
            }
            waiting.interrupt();
            waiting.join();
        }
    }

    private static void await(String what, MessageReceiver receiver, MessageSender sender, ByteBuffer message) {
        try {
            if (what.equals(RECEIVER)) {
                receiver.receive();
            }
            while (what.equals(SENDER)) {
                sender.send(message);
            }
        } catch (InterruptedException e) {
            // It has been measured.
        }
    }
}
