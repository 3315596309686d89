package dev.sharedregion.internal.linux;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The processes that use the files of one file system at one moment: those that hold a lock, which every user can see
 * ({@code /proc/locks}), and those that have mapped a file, as far as this user may look into them
 * ({@code /proc/PID/maps}).
 */
final class Users {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final Pattern SPACES = Pattern.compile(" +");
    private static final File PROCESSES = new File("/proc");

    // The fields of a line of /proc/locks: "1: FLOCK ADVISORY READ 4711 00:1a:42 0 EOF"; a waiter has "->" after "1:".
    private static final int LOCK_KIND = 1;
    private static final int LOCK_MODE = 3;
    private static final int LOCK_PROCESS = 4;
    private static final int LOCK_FILE = 5;
    private static final int LOCK_FIELDS = 6;

    // The fields of a line of maps: "7f00-7f01 rw-s 00000000 00:1a 42 /dev/shm/x".
    private static final int MAP_DEVICE = 3;
    private static final int MAP_INODE = 4;
    private static final int MAP_FIELDS = 5;

    /** As both files write it. */
    private final String device;

    private final Map<Long, Set<Long>> byInode = new HashMap<>();
    private final Set<Long> locked = new HashSet<>();

    private Users(long device) {
        int major = (int) (device >>> Integer.SIZE);
        this.device = String.format("%02x:%02x", major, (int) device);
    }

    static Users now(long device) {
        Users users = new Users(device);
        lines(LOCKS, users::addLock);
        String[] processes = PROCESSES.list((folder, name) -> Character.isDigit(name.charAt(0)));
        for (String process : processes == null ? new String[0] : processes) {
            long pid = Long.parseLong(process);
            lines(Path.of(PROCESSES.getPath(), process, "maps"), line -> users.addMap(line, pid));
        }
        return users;
    }

    /** The ids of the processes that use the file, in ascending order. */
    List<Long> of(long inode) {
        return List.copyOf(byInode.getOrDefault(inode, Set.of()));
    }

    /** Whether a process is known to hold a lock of the kind that a user of an object holds. */
    boolean hasLock(long inode) {
        return locked.contains(inode);
    }

    private void addLock(String line) {
        String[] fields = SPACES.split(line.trim());
        boolean isOfUser = fields.length >= LOCK_FIELDS
                && fields[LOCK_KIND].equals("FLOCK")
                && fields[LOCK_MODE].equals("READ");
        if (!isOfUser) {
            return;
        }
        String file = fields[LOCK_FILE];
        if (file.startsWith(device + ":")) {
            long inode = Long.parseLong(file.substring(device.length() + 1));
            locked.add(inode);
            add(inode, Long.parseLong(fields[LOCK_PROCESS]));
        }
    }

    private void addMap(String line, long pid) {
        // Most lines are of other files: look before the line is taken apart.
        if (line.contains(device)) {
            String[] fields = SPACES.split(line, MAP_FIELDS + 1);
            if (fields.length >= MAP_FIELDS && fields[MAP_DEVICE].equals(device)) {
                add(Long.parseLong(fields[MAP_INODE]), pid);
            }
        }
    }

    private void add(long inode, long pid) {
        byInode.computeIfAbsent(inode, key -> new TreeSet<>()).add(pid);
    }

    /** A process may end meanwhile, and may be another user's: what cannot be read is left out. */
    private static void lines(Path file, Consumer<String> line) {
        try (InputStream input = Files.newInputStream(file);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(input, StandardCharsets.ISO_8859_1))) {
            reader.lines().forEach(line);
        } catch (IOException | UncheckedIOException e) {
            // Not known, then.
        }
    }
}
