package dev.sharedregion.internal.memory;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.sharedregion.EventPair;
import dev.sharedregion.LatestReader;
import dev.sharedregion.LatestWriter;
import dev.sharedregion.MessageOptions;
import dev.sharedregion.MessageReceiver;
import dev.sharedregion.MessageSender;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.RequestClient;
import dev.sharedregion.RequestServer;
import dev.sharedregion.SharedLock;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Sizes;
import dev.sharedregion.internal.jvm.Backoff;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The process of {@link VanishingMemoryTest} whose memory vanishes. It makes every access until the access is
 * compiled, waits until the memory is gone, makes each access again, and reports which of them ended in an error.
 */
final class VanishingMemoryUser {
    private static final int SIZE = 100_000;
    private static final long WARM_UP_NANOS =
            isInterpreter() ? 0 : TimeUnit.MILLISECONDS.toNanos(Sizes.EXHAUSTIVE ? 60 : 15);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static long sink;
    private static Object made;

    private interface Access {
        void run() throws Exception;
    }

    private VanishingMemoryUser() {}

    private static boolean isInterpreter() {
        return System.getProperty("java.vm.info").startsWith("interpreted");
    }

    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        switch (arguments[0]) {
            case "file" -> region(SharedRegion.map(Path.of(name), 0), name);
            case "region" -> region(SharedRegion.create(name, SIZE), "/dev/shm/" + name);
            case "event" -> event(NamedEvent.create(name), name);
            case "pair" -> pair(name);
            case "table" -> table(name);
            case "channel" -> channel(name);
            case "closes" -> closes(name);
            case "wait" -> await(NamedEvent.create(name));
            case "interrupt" -> interrupt(NamedEvent.create(name));
            case "full" -> full(name);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("done");
    }

    private static void region(SharedRegion region, String path) throws Exception {
        Map<String, Access> accesses = new LinkedHashMap<>();
        byPointer(accesses, region.pointer());
        byBuffer(accesses, region.buffer());
        useUntilGone(accesses);
        close("region", () -> sink += region.pointer().getInt(0), region, path);
    }

    @Structure.FieldOrder({"number", "bytes"})
    public static final class Record extends Structure {
        public long number;
        public byte[] bytes = new byte[1_000];

        Record(Pointer pointer) {
            super(pointer);
        }
    }

    private static void byPointer(Map<String, Access> accesses, Pointer p) {
        byte[] bytes = new byte[10_000];
        byte[] few = new byte[3];
        char[] chars = new char[100];
        short[] shorts = new short[1_000];
        int[] ints = new int[1_000];
        long[] longs = new long[1_000];
        float[] floats = new float[1_000];
        double[] doubles = new double[1_000];
        Pointer[] pointers = new Pointer[100];
        Record read = new Record(p.share(8_000));
        // At another address: JNA leaves out what a late error in its finally block has left in its list of busy ones.
        Record written = new Record(p.share(16_000));
        accesses.put("getByte", () -> sink += p.getByte(1));
        accesses.put("getShort", () -> sink += p.getShort(1));
        accesses.put("getChar", () -> sink += p.getChar(1));
        accesses.put("getInt", () -> sink += p.getInt(1));
        accesses.put("getLong", () -> sink += p.getLong(1));
        accesses.put("getFloat", () -> sink += (long) p.getFloat(1));
        accesses.put("getDouble", () -> sink += (long) p.getDouble(1));
        accesses.put("getPointer", () -> sink += p.getPointer(1) == null ? 1 : 0);
        accesses.put("getString", () -> sink += p.getString(50_000).length());
        accesses.put("getWideString", () -> sink += p.getWideString(50_000).length());
        accesses.put("getByteArray", () -> sink += p.getByteArray(0, 5_000)[7]);
        accesses.put("indexOf", () -> sink += p.share(50_000, 1_000).indexOf(0, (byte) 99));
        accesses.put("dump", () -> sink += p.dump(50_000, 16).length());
        accesses.put("setByte", () -> p.setByte(1, (byte) 0));
        accesses.put("setShort", () -> p.setShort(1, (short) 0));
        accesses.put("setChar", () -> p.setChar(1, 'x'));
        accesses.put("setInt", () -> p.setInt(1, 0));
        accesses.put("setLong", () -> p.setLong(1, 0));
        accesses.put("setFloat", () -> p.setFloat(1, 0));
        accesses.put("setDouble", () -> p.setDouble(1, 0));
        accesses.put("setPointer", () -> p.setPointer(1, null));
        accesses.put("setString", () -> p.setString(1, "text"));
        accesses.put("setWideString", () -> p.setWideString(1, "text"));
        accesses.put("setMemory", () -> p.setMemory(0, 20_000, (byte) 0));
        accesses.put("read bytes", () -> p.read(0, bytes, 0, bytes.length));
        accesses.put("read few bytes", () -> p.read(0, few, 0, few.length));
        accesses.put("read chars", () -> p.read(0, chars, 0, chars.length));
        accesses.put("read shorts", () -> p.read(0, shorts, 0, shorts.length));
        accesses.put("read ints", () -> p.read(0, ints, 0, ints.length));
        accesses.put("read longs", () -> p.read(0, longs, 0, longs.length));
        accesses.put("read floats", () -> p.read(0, floats, 0, floats.length));
        accesses.put("read doubles", () -> p.read(0, doubles, 0, doubles.length));
        accesses.put("read pointers", () -> p.read(0, pointers, 0, pointers.length));
        accesses.put("write bytes", () -> p.write(0, bytes, 0, bytes.length));
        accesses.put("write few bytes", () -> p.write(0, few, 0, few.length));
        accesses.put("write chars", () -> p.write(0, chars, 0, chars.length));
        accesses.put("write shorts", () -> p.write(0, shorts, 0, shorts.length));
        accesses.put("write ints", () -> p.write(0, ints, 0, ints.length));
        accesses.put("write longs", () -> p.write(0, longs, 0, longs.length));
        accesses.put("write floats", () -> p.write(0, floats, 0, floats.length));
        accesses.put("write doubles", () -> p.write(0, doubles, 0, doubles.length));
        accesses.put("write pointers", () -> p.write(0, new Pointer[100], 0, 100));
        accesses.put("structure read", read::read);
        accesses.put("structure write", written::write);
    }

    private static void byBuffer(Map<String, Access> accesses, ByteBuffer b) throws IOException {
        byte[] bytes = new byte[10_000];
        long[] longs = new long[1_000];
        ByteBuffer foreign = b.duplicate().order(ByteOrder.BIG_ENDIAN);
        Path file = Files.createTempFile("vanishing", null);
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        channel.write(ByteBuffer.wrap(bytes), 0);
        accesses.put("get", () -> sink += b.get(1));
        accesses.put("get of a slice", () -> sink += b.slice(50_000, 10).get(1));
        accesses.put("get of a view", () -> sink += b.asLongBuffer().get(1));
        accesses.put("getLong, other byte order", () -> sink += foreign.getLong(1));
        accesses.put("put", () -> b.put(1, (byte) 0));
        accesses.put("putDouble", () -> b.putDouble(1, 0));
        accesses.put("bulk get", () -> b.get(0, bytes));
        accesses.put("bulk put", () -> b.put(0, bytes));
        accesses.put("bulk get of a view", () -> b.asLongBuffer().get(0, longs));
        accesses.put("bulk get of a view, other byte order", () -> foreign.asLongBuffer().get(0, longs));
        accesses.put("bulk put of a view, other byte order", () -> foreign.asLongBuffer().put(0, longs));
        accesses.put("copy to a buffer", () -> ByteBuffer.wrap(bytes).put(b.slice(0, bytes.length)));
        accesses.put("copy from a buffer", () -> b.duplicate().put(ByteBuffer.wrap(bytes)));
        accesses.put("hashCode", () -> sink += b.slice(0, 1_000).hashCode());
        accesses.put("decode", () -> sink += StandardCharsets.UTF_8.decode(b.slice(50_000, 100)).length());
        accesses.put("getVolatile", () -> sink += (long) LONG.getVolatile(b, 0));
        accesses.put("setRelease", () -> LONG.setRelease(b, 0, 0L));
        accesses.put("sum", () -> {
            for (int at = 0; at < 20_000; at++) {
                sink += b.get(at);
            }
        });
        accesses.put("fill", () -> {
            for (int at = 0; at < 20_000; at += Long.BYTES) {
                b.putLong(at, at);
            }
        });
        accesses.put("write to a channel", () -> channel.write(b.slice(0, 5_000), 0));
        accesses.put("read from a channel", () -> channel.read(b.slice(0, 5_000), 0));
    }

    private static void event(NamedEvent event, String name) throws Exception {
        Map<String, Access> accesses = new LinkedHashMap<>();
        accesses.put("set", event::set);
        accesses.put("reset", event::reset);
        accesses.put("poll", () -> event.await(Duration.ZERO));
        accesses.put("await", () -> event.await(Duration.ofNanos(1_000)));
        useUntilGone(accesses);
        close("event", event::reset, event, name);
    }

    private static void pair(String name) throws Exception {
        EventPair server = EventPair.create(name);
        EventPair client = EventPair.open(name);
        useUntilGone(Map.of("turn", () -> {
            server.signalWritten();
            client.awaitWritten(Duration.ofSeconds(10));
            client.signalRead();
            server.awaitRead(Duration.ofSeconds(10));
        }));
        close("client", () -> {}, client, "");
        close("server", () -> {}, server, name);
    }

    private static void await(NamedEvent event) throws Exception {
        Thread waiter = new Thread(() -> {
            try {
                event.await();
                System.out.println("await: returned");
            } catch (InternalError e) {
                System.out.println("await: error");
            } catch (InterruptedException e) {
                System.out.println("await: interrupted");
            }
        });
        waiter.start();
        while (waiter.getState() == Thread.State.NEW || waiter.getStackTrace().length == 0) {
            Backoff.park(50_000);
        }
        System.out.println("in use");
        System.in.read();
        waiter.join();
    }

    private static void table(String name) throws Exception {
        LatestWriter writer = LatestWriter.create(name, 2, SIZE);
        LatestReader reader = LatestReader.open(name);
        ByteBuffer value = ByteBuffer.allocateDirect(SIZE);
        Map<String, Access> accesses = new LinkedHashMap<>();
        accesses.put("set", () -> writer.set(value));
        accesses.put("update", () -> writer.update(1, bytes -> bytes.putInt(0, 1)));
        accesses.put("read", () -> sink += reader.read(value));
        accesses.put("version", () -> sink += reader.version());
        accesses.put("version of a value", () -> sink += reader.version(1));
        accesses.put("age", () -> sink += reader.age().map(Duration::toNanos).orElse(0L));
        accesses.put("awaitNewer", () -> sink += reader.awaitNewer(Long.MAX_VALUE, Duration.ofMillis(1)) ? 1 : 0);
        useUntilGone(accesses);
        close("writer", () -> writer.set(value), writer, "");
        close("reader", () -> sink += reader.read(value), reader, "/dev/shm/" + name);
    }

    private static void channel(String name) throws Exception {
        MessageSender sender =
                MessageSender.create(name, 4096, MessageOptions.defaults().senders(2));
        MessageSender claiming = MessageSender.open(name);
        MessageReceiver receiver = MessageReceiver.open(name);
        ByteBuffer message = ByteBuffer.allocateDirect(40);
        Duration instant = Duration.ofNanos(1_000);
        Map<String, Access> accesses = new LinkedHashMap<>();
        accesses.put("offer", () -> sink += sender.offer(message) ? 1 : 0);
        accesses.put("send", () -> sink += sender.send(1, message, instant) ? 1 : 0);
        accesses.put("poll", () -> sink += receiver.poll((type, bytes) -> sink += bytes.get(0), 1));
        accesses.put("receive", () -> sink += receiver.receive(instant) == null ? 0 : 1);
        accesses.put("await", () -> sink += receiver.await(instant) ? 1 : 0);
        accesses.put("backlog", () -> sink += sender.backlog());
        accesses.put("aborted", () -> sink += receiver.aborted());
        accesses.put("fullCount", () -> sink += sender.fullCount());
        accesses.put("claim", () -> {
            try (MessageSender.Claim claim = sender.tryClaim(40)) {
                if (claim != null) {
                    claim.buffer().put(0, (byte) 1);
                }
            }
        });
        claiming.tryClaim(40);
        useUntilGone(accesses);
        report("offer after a claim that an error has kept from its thread", () -> claiming.offer(message));
        close("sender that has claimed", () -> {}, claiming, "");
        close("sender", () -> sender.offer(message), sender, "");
        close("receiver", () -> sink += receiver.backlog(), receiver, "/dev/shm/" + name);
    }

    /** Closes what was never used, so that no error comes before the close. */
    private static void closes(String name) throws Exception {
        Map<String, AutoCloseable> all = new LinkedHashMap<>();
        all.put("first sender", MessageSender.create(name, 4096, MessageOptions.defaults().senders(2)));
        all.put("second sender", MessageSender.open(name));
        all.put("receiver", MessageReceiver.open(name));
        String broadcast = name + ".broadcast";
        all.put("broadcaster", MessageSender.create(broadcast, 4096, MessageOptions.defaults().receivers(2)));
        all.put("first listener", MessageReceiver.open(broadcast));
        all.put("second listener", MessageReceiver.open(broadcast));
        all.put("writer", LatestWriter.create(name, 2, SIZE));
        LatestReader reader = LatestReader.open(name);
        reader.awaitNewer(0, Duration.ofNanos(1));
        all.put("reader", reader);
        all.put("server of a pair", EventPair.create(name));
        all.put("client of a pair", EventPair.open(name));
        all.put("event", NamedEvent.create(name + ".event"));
        all.put("lock", SharedLock.openOrCreate(name));
        SharedLock held = SharedLock.openOrCreate(name + ".held");
        SharedLock.Guard guard = held.lock();
        all.put("held lock", held);
        all.put("server", RequestServer.create(name, 8192));
        all.put("client", RequestClient.open(name));
        SharedRegion region = SharedRegion.create(name, 4096);
        ByteBuffer buffer = region.buffer();
        System.out.println("in use");
        System.in.read();
        for (Map.Entry<String, AutoCloseable> each : all.entrySet()) {
            close(each.getKey(), () -> {}, each.getValue(), "");
        }
        close("region", () -> buffer.put(0, (byte) 1), region, "");
        // Until now: a lock gives back at once what a guard has that nobody can close any more.
        Reference.reachabilityFence(guard);
        checkNothingIsOpen("all", name);
        check("no name left", Files.list(Path.of("/dev/shm")).noneMatch(each -> each.toString().contains(name)));
    }

    /** The error is the waiter's. The thread that interrupts it gets none. */
    private static void interrupt(NamedEvent event) throws Exception {
        Thread waiter = new Thread(() -> {
            while (true) {
                try {
                    event.await();
                } catch (InterruptedException e) {
                    // Another time.
                } catch (InternalError e) {
                    System.out.println("await: error");
                    return;
                }
            }
        });
        waiter.start();
        long end = System.nanoTime() + WARM_UP_NANOS;
        do {
            waiter.interrupt();
        } while (System.nanoTime() - end < 0);
        System.out.println("in use");
        System.in.read();
        boolean right = true;
        while (waiter.isAlive()) {
            try {
                waiter.interrupt();
                enterVm();
            } catch (InternalError e) {
                right = false;
            }
        }
        check("interrupted without an error", right);
    }

    private static void full(String name) throws Exception {
        Path shm = Path.of("/dev/shm");
        expect("create", () -> SharedRegion.create(name, 4 << 20));
        Path file = Files.write(shm.resolve("file"), new byte[] {1, 2, 3});
        expect("map", () -> SharedRegion.map(file, 4 << 20));
        expect("map with a name", () -> SharedRegion.map(file, 4 << 20, RegionOptions.defaults().name(name)));
        check("the file as it was", Arrays.equals(new byte[] {1, 2, 3}, Files.readAllBytes(file)));
        check("nothing else left", left(shm).equals("file"));
        try (SharedRegion reserved = SharedRegion.create(name, 900_000)) {
            reserved.pointer().setMemory(0, reserved.size(), (byte) 1);
            expect("the second", () -> SharedRegion.create(name + "2", 900_000));
            try (SharedRegion lazy = SharedRegion.create(name + "2", 900_000, RegionOptions.defaults().lazy())) {
                Map<String, Access> accesses = new LinkedHashMap<>();
                accesses.put("setMemory of lazy memory", () -> lazy.pointer().setMemory(0, lazy.size(), (byte) 1));
                accesses.put("setInt of lazy memory", () -> lazy.pointer().setInt(899_000, 1));
                accesses.put("getInt of lazy memory", () -> sink += lazy.pointer().getInt(899_000));
                accesses.forEach(VanishingMemoryUser::report);
            }
            expect("an event", () -> fillUp(name));
            check("the reserved one as it was", reserved.pointer().getByte(899_999) == 1);
        }
        check("all gone", left(shm).equals("file"));
    }

    /** Takes what there is, by events: one of them finds no room. */
    private static void fillUp(String name) {
        List<NamedEvent> events = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                events.add(NamedEvent.create(name + "event" + i));
            }
        } finally {
            events.forEach(NamedEvent::close);
        }
    }

    private static void expect(String what, Access access) throws Exception {
        try {
            access.run();
            System.out.println(what + ": no exception");
        } catch (SharedMemoryException e) {
            System.out.println(what + (e.reason() == SharedMemoryException.Reason.NO_SPACE ? ": error" : ": " + e));
        }
    }

    private static void check(String what, boolean right) {
        System.out.println(what + (right ? ": error" : ": not so"));
    }

    private static String left(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return String.join(" ", files.map(each -> each.getFileName().toString()).toList());
        }
    }

    private static void useUntilGone(Map<String, Access> accesses) throws Exception {
        for (Access access : accesses.values()) {
            long end = System.nanoTime() + WARM_UP_NANOS;
            do {
                access.run();
            } while (System.nanoTime() - end < 0);
        }
        System.out.println("in use");
        System.in.read();
        accesses.forEach(VanishingMemoryUser::report);
    }

    private static void report(String what, Access access) {
        String outcome = "error";
        try {
            outcome = outcome(access);
        } catch (InternalError e) {
            // A second one, for another part of the access, while the first was being caught.
        }
        drain();
        System.out.println(what + ": " + outcome);
    }

    /** The error may come later than the access. */
    private static String outcome(Access access) {
        try {
            access.run();
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (System.nanoTime() - end < 0) {
                enterVm();
            }
            return "no error";
        } catch (InternalError e) {
            return "error";
        } catch (IOException e) {
            return e.getMessage().equals("Bad address") ? "error" : e.toString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    /** A late error of the last access must not be taken for one of the next access. */
    private static void drain() {
        int quiet = 0;
        while (quiet < 100) {
            try {
                enterVm();
                quiet++;
            } catch (InternalError e) {
                quiet = 0;
            }
        }
    }

    private static void enterVm() {
        made = new byte[1][1];
        Thread.yield();
    }

    /**
     * Closes it after an access whose error may come before that, or in the midst of it; and sees that it is closed
     * even so: nothing of it is open any more.
     */
    private static void close(String what, Access before, AutoCloseable closeable, String path) throws Exception {
        try {
            before.run();
        } catch (InternalError e) {
            // It came before the close.
        }
        for (boolean done = false; !done; ) {
            try {
                closeable.close();
                done = true;
            } catch (InternalError e) {
                // It came before the close had begun, or in the midst of it: the next call does all, or nothing.
            }
        }
        drain();
        if (!path.isEmpty()) {
            checkNothingIsOpen(what, path);
        }
    }

    private static void checkNothingIsOpen(String what, String path) throws IOException {
        StringBuilder open = new StringBuilder();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : descriptors.toList()) {
                if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).toString().contains(path)) {
                    open.append(' ').append(Files.readSymbolicLink(each));
                }
            }
        }
        System.out.println(what + " closed" + (open.isEmpty() ? ": error" : ": open still:" + open));
    }
}
