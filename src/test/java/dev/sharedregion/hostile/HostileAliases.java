package dev.sharedregion.hostile;

import dev.sharedregion.Access;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException.Reason;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.internal.linux.AliasLayout;
import dev.sharedregion.internal.linux.FileStatus;
import dev.sharedregion.internal.os.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Opens aliases with any content, with each access: first all combinations of the fields that matter, then random
 * content. A region that can be opened can be read to its end. Arguments: any text, a name, a seed, the number of
 * random aliases.
 */
final class HostileAliases {
    private static final int FILE_SIZE = 8192;

    /** Of a region, and of a file. */
    private static final Set<Reason> OPEN = Set.of(
            Reason.NOT_FOUND,
            Reason.ACCESS_DENIED,
            Reason.WRONG_KIND,
            Reason.TOO_SMALL,
            Reason.UNSUPPORTED,
            Reason.BAD_NAME);

    private static final Set<Reason> CREATE_PAIR = Set.of(
            Reason.NOT_FOUND,
            Reason.ACCESS_DENIED,
            Reason.WRONG_KIND,
            Reason.TOO_SMALL,
            Reason.UNSUPPORTED,
            Reason.BAD_NAME,
            Reason.ALREADY_EXISTS);

    private static final int[] VERSIONS = {AliasLayout.VERSION_VALUE, 0, -1};
    private static final int[] FLAGS = {AliasLayout.WRITABLE, 0, -1};
    private static final long[] SIZES = {
        FILE_SIZE, 0, -1, 1, FILE_SIZE - 1, FILE_SIZE + 1, 4096, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final HostileCalls calls;
    private final String pair;
    private final String name;

    private HostileAliases(HostileCalls calls, String pair) {
        this.calls = calls;
        this.pair = pair;
        this.name = pair + ".pair";
    }

    public static void main(String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[2]);
        Random random = new Random(seed);
        HostileCalls calls = new HostileCalls(seed, Long.MAX_VALUE);
        Path file = Files.createTempFile("hostile", ".alias");
        Path directory = Files.createTempDirectory("hostile");
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.WRITE)) {
            content.write(ByteBuffer.allocate(FILE_SIZE));
            HostileAliases aliases = new HostileAliases(calls, arguments[1]);
            try (SharedRegion region =
                            SharedRegion.map(file, 0, RegionOptions.defaults().name(aliases.name));
                    FileChannel alias = FileChannel.open(
                            Path.of("/dev/shm", aliases.name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                aliases.combine(alias, List.of(file, directory, Path.of("/dev/null"), Path.of("/proc/self/maps")));
                for (long i = Long.parseLong(arguments[3]); i > 0; i--) {
                    aliases.change(alias, random);
                }
            }
        } finally {
            Files.delete(file);
            Files.delete(directory);
        }
        System.out.println(calls.outcomes());
        System.out.println("done");
    }

    private void combine(FileChannel file, List<Path> targets) throws IOException {
        byte[] endless = new byte[AliasLayout.SIZE - AliasLayout.PATH];
        Arrays.fill(endless, (byte) '/');
        byte[] longName = endless.clone();
        Arrays.fill(longName, 1, endless.length, (byte) 'a');
        byte[] noUtf8 = {'/', (byte) 0xff, (byte) 0xc0, 0};
        for (int version : VERSIONS) {
            for (int flags : FLAGS) {
                for (long size : SIZES) {
                    ByteBuffer alias = alias().putInt(AliasLayout.VERSION, version)
                            .putInt(AliasLayout.FLAGS, flags)
                            .putLong(AliasLayout.REGION_SIZE, size);
                    for (Path target : targets) {
                        open(file, with(alias, target));
                    }
                    for (byte[] path : List.of(endless, longName, noUtf8, new byte[] {0}, new byte[] {'.', 0})) {
                        open(file, alias.put(AliasLayout.PATH, path));
                    }
                }
            }
        }
    }

    private static ByteBuffer alias() {
        return ByteBuffer.allocate(AliasLayout.SIZE)
                .order(ByteOrder.nativeOrder())
                .put(AliasLayout.MAGIC, AliasLayout.MAGIC_VALUE);
    }

    /** Leading to a file, with the right device and inode. */
    private static ByteBuffer with(ByteBuffer alias, Path target) {
        byte[] path = (target + "\0").getBytes(StandardCharsets.UTF_8);
        FileStatus file = FileStatus.at(path, new Operation("test", "an alias"));
        return alias.putLong(AliasLayout.DEVICE, file.device())
                .putLong(AliasLayout.INODE, file.inode())
                .put(AliasLayout.PATH, path);
    }

    /** Changes a few bytes of what is there, or a whole field. */
    private void change(FileChannel file, Random random) throws IOException {
        ByteBuffer alias = alias();
        file.read(alias, 0);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(random.nextBoolean() ? AliasLayout.PATH : AliasLayout.PATH + 64);
            switch (random.nextInt(3)) {
                case 0 -> alias.put(at, (byte) random.nextInt());
                case 1 -> alias.put(at, (byte) (alias.get(at) ^ 1 << random.nextInt(Byte.SIZE)));
                default -> alias.putLong(AliasLayout.REGION_SIZE, SIZES[random.nextInt(SIZES.length)]);
            }
        }
        if (random.nextInt(4) != 0) {
            alias.put(AliasLayout.MAGIC, AliasLayout.MAGIC_VALUE);
        }
        if (random.nextBoolean()) {
            alias.putInt(AliasLayout.VERSION, AliasLayout.VERSION_VALUE);
        }
        open(file, alias);
        if (random.nextInt(50) == 0) {
            calls.call("create a pair over it", CREATE_PAIR, () -> {
                EventPair.create(pair).close();
                return null;
            });
        }
    }

    private void open(FileChannel file, ByteBuffer alias) throws IOException {
        file.write(alias.position(0), 0);
        for (Access access : Access.values()) {
            calls.call("open " + access, OPEN, () -> {
                try (SharedRegion region =
                        SharedRegion.open(name, RegionOptions.defaults().access(access))) {
                    ByteBuffer memory = region.buffer();
                    for (int i = 0; i < memory.capacity(); i++) {
                        memory.get(i);
                    }
                    return region.size();
                }
            });
        }
        calls.call("create", Set.of(Reason.ALREADY_EXISTS), () -> SharedRegion.create(name, 1));
        calls.call("open as an event", Set.of(Reason.WRONG_KIND), () -> NamedEvent.open(name));
    }
}
