package dev.sharedregion.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One of the processes of a contender in Java. Its arguments are those of {@code frames_linux.c}: {@code receive ID
 * NAME WARMUP_MILLIS MEASURE_MILLIS}, or {@code send ID NAME SENDER}. The receiver prints {@code ready}, and in the end
 * {@code result RATE}: messages a second. A sender sends until its input ends.
 */
final class StreamFork {
    /** The sender's loop is compiled as a method, and not only replaced on the stack. */
    private static final int MESSAGES = 1000;

    private static volatile boolean ended;

    private StreamFork() {}

    public static void main(String[] arguments) throws Exception {
        StreamTransport transport = StreamContender.of(arguments[1]).transport();
        String name = arguments[2];
        if (arguments[0].equals("receive")) {
            System.out.println("jvm " + System.getProperty("java.vm.name") + " "
                    + System.getProperty("java.runtime.version") + ", " + System.getProperty("os.name"));
            Arrivals arrivals = new Arrivals();
            try (StreamTransport.Receiving receiver = transport.receive(name, arrivals)) {
                System.out.println("ready");
                long most = transport.mostBytes() / Payload.SIZE;
                receive(receiver, arrivals, most, nanos(arguments[3]), nanos(arguments[4]));
            }
        } else {
            watchInput();
            ByteBuffer message = Arrivals.message();
            try (StreamTransport.Sending sender = transport.send(name, message)) {
                send(sender, message, Integer.parseInt(arguments[3]));
            }
        }
    }

    private static long nanos(String millis) {
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    private static void receive(
            StreamTransport.Receiving receiver, Arrivals arrivals, long most, long warmup, long measure)
            throws Exception {
        while (!arrivals.haveAllBegun()) {
            receiver.poll();
        }
        rate(receiver, arrivals, most, warmup);
        System.out.println("result " + rate(receiver, arrivals, most, measure));
        while (!arrivals.haveAllEnded()) {
            receiver.poll();
        }
    }

    /** Messages a second. */
    private static double rate(StreamTransport.Receiving receiver, Arrivals arrivals, long most, long time)
            throws Exception {
        long first = arrivals.count();
        long begin = System.nanoTime();
        long now;
        do {
            receiver.poll();
            now = System.nanoTime();
        } while (now - begin < time && arrivals.count() - first < most);
        return (arrivals.count() - first) * 1e9 / (now - begin);
    }

    private static void send(StreamTransport.Sending sender, ByteBuffer message, int number) throws Exception {
        for (long first = 0; sendSome(sender, message, number, first); first += MESSAGES) {
            // More.
        }
        message.putLong(0, Arrivals.word(number, Arrivals.LAST));
        sender.send();
    }

    /** Returns false once the input has ended. */
    private static boolean sendSome(StreamTransport.Sending sender, ByteBuffer message, int number, long first)
            throws Exception {
        for (long next = first; next < first + MESSAGES && !ended; next++) {
            message.putLong(0, Arrivals.word(number, next));
            sender.send();
        }
        return !ended;
    }

    /** The harness ends the input; so does its death. */
    private static void watchInput() {
        Thread watcher = new Thread(() -> {
            try {
                System.in.readAllBytes();
            } catch (IOException e) {
                System.err.println(e);
            }
            ended = true;
        });
        watcher.setDaemon(true);
        watcher.start();
    }
}
