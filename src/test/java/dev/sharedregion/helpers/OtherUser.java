package dev.sharedregion.helpers;

import dev.sharedregion.internal.linux.LibC;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A second user of the machine, as which the tests start processes on Linux. Only root can do this; for other users
 * these tests are skipped.
 */
public final class OtherUser {
    /** The id of the user that Linux systems call "nobody". */
    private static final int ID = 65534;

    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    private OtherUser() {}

    /** Starts {@link PeerProgram} as that user, in a group of its own. */
    public static Peer start(Path folder) {
        return start(folder, ID);
    }

    /**
     * Starts {@link PeerProgram} as that user.
     *
     * @param folder an empty one, for what that user has to be able to read
     * @param group its group
     */
    public static Peer start(Path folder, int group) {
        return java(folder, group, PeerProgram.class);
    }

    /** Starts a class of the tests with a main method as that user. */
    public static Peer java(Path folder, Class<?> main, String... arguments) {
        return java(folder, ID, main, arguments);
    }

    private static Peer java(Path folder, int group, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=/tmp", "-Duser.home=/tmp"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", readableClassPath(folder), main.getName()));
        command.addAll(List.of(arguments));
        return start(folder, group, command);
    }

    /** Starts a copy of an executable as that user. */
    public static Peer program(Path folder, Path executable, String... arguments) throws IOException {
        Path copy = folder.resolve(executable.getFileName());
        Files.copy(executable, copy, StandardCopyOption.COPY_ATTRIBUTES);
        Files.setPosixFilePermissions(folder, READABLE);
        Files.setPosixFilePermissions(copy, READABLE);
        List<String> command = new ArrayList<>(List.of(copy.toString()));
        command.addAll(List.of(arguments));
        return start(folder, ID, command);
    }

    private static Peer start(Path folder, int group, List<String> program) {
        Tools.require(LibC.geteuid() == 0, "right to start a process as another user");
        String setpriv = Tools.find("setpriv");
        List<String> command = new ArrayList<>(
                List.of(setpriv, "--reuid=" + ID, "--regid=" + group, "--clear-groups", "--inh-caps=-all"));
        command.addAll(program);
        return Peer.start(new ProcessBuilder(command).directory(folder.toFile()));
    }

    /** A copy of the class path: the original may lie where only this user looks. */
    private static String readableClassPath(Path folder) {
        List<String> copies = new ArrayList<>();
        try {
            Files.setPosixFilePermissions(folder, READABLE);
            for (String entry : Peer.classPath().split(File.pathSeparator)) {
                Path source = Path.of(entry);
                if (Files.exists(source)) {
                    Path copy = folder.resolve(copies.size() + "-" + source.getFileName());
                    copyAll(source, copy);
                    copies.add(copy.toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return String.join(File.pathSeparator, copies);
    }

    public static void copyAll(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = source.equals(file) ? target : target.resolve(source.relativize(file).toString());
                Files.copy(file, copy);
            }
        }
    }
}
