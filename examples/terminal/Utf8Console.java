package terminal;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.Shell32;
import com.sun.jna.platform.win32.Wincon;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The standard streams in UTF-8, and the arguments, whatever the locale or the code page. Pipes, files and Linux
 * terminals carry bytes, which are passed on untouched. A Windows console carries UTF-16: to read and write it as bytes
 * would squeeze everything through its code page, so it is read and written with the calls for UTF-16.
 */
public final class Utf8Console {
    /** What ends the input on a terminal. */
    public static final String END_KEY = Platform.isWindows() ? "Ctrl-Z and Enter" : "Ctrl-D";

    private static final char CTRL_Z = 0x1A;

    /** In characters. A console gives and takes far more at once, but not without a limit. */
    private static final int BUFFER = 4096;

    private Utf8Console() {}

    public static InputStream input() {
        HANDLE console = console(Wincon.STD_INPUT_HANDLE);
        return console == null
                ? new BufferedInputStream(new FileInputStream(FileDescriptor.in))
                : new ConsoleInput(console);
    }

    public static OutputStream output() {
        return new BufferedOutputStream(stream(Wincon.STD_OUTPUT_HANDLE, FileDescriptor.out));
    }

    /** Prints a line to standard error. */
    public static void say(String message) {
        errors().println(message);
    }

    /** Standard error. */
    public static PrintStream errors() {
        OutputStream errors = stream(Wincon.STD_ERROR_HANDLE, FileDescriptor.err);
        return new PrintStream(errors, true, StandardCharsets.UTF_8);
    }

    private static OutputStream stream(int standardHandle, FileDescriptor descriptor) {
        HANDLE console = console(standardHandle);
        return console == null ? new FileOutputStream(descriptor) : new ConsoleOutput(console);
    }

    /**
     * The arguments of a program as they were typed. Java has them in the code page or the locale, where a letter may
     * be missing. On Windows it also replaces patterns such as {@code *} by the names of files.
     *
     * @param main the class that was started, by its name or as that of a jar
     * @param args those that Java has, for a system that does not tell
     */
    public static String[] arguments(Class<?> main, String[] args) {
        List<String> line = commandLine();
        for (int i = 0; i < line.size(); i++) {
            boolean isJar = line.get(i).equals("-jar");
            if (isJar || line.get(i).equals(main.getName())) {
                return line.subList(Math.min(isJar ? i + 2 : i + 1, line.size()), line.size()).toArray(new String[0]);
            }
        }
        return args;
    }

    /** The program and its arguments; empty if the system does not tell. */
    private static List<String> commandLine() {
        if (!Platform.isWindows()) {
            try {
                String line = Files.readString(Path.of("/proc/self/cmdline"));
                return List.of(line.split("\0", -1)).subList(0, (int) line.chars().filter(end -> end == 0).count());
            } catch (IOException e) {
                return List.of();
            }
        }
        IntByReference count = new IntByReference();
        Pointer line = Shell32.INSTANCE.CommandLineToArgvW(UnicodeConsole.INSTANCE.GetCommandLineW(), count);
        try {
            return List.of(line.getWideStringArray(0, count.getValue()));
        } finally {
            Kernel32.INSTANCE.LocalFree(line);
        }
    }

    /** The standard handle if it is a Windows console, else null. */
    private static HANDLE console(int standardHandle) {
        if (!Platform.isWindows()) {
            return null;
        }
        HANDLE handle = Kernel32.INSTANCE.GetStdHandle(standardHandle);
        return Kernel32.INSTANCE.GetConsoleMode(handle, new IntByReference()) ? handle : null;
    }

    /** The functions of kernel32 that jna-platform lacks. */
    private interface UnicodeConsole extends StdCallLibrary {
        UnicodeConsole INSTANCE = Native.load("kernel32", UnicodeConsole.class, W32APIOptions.UNICODE_OPTIONS);

        boolean ReadConsoleW(HANDLE console, char[] buffer, int length, IntByReference read, Pointer control);

        boolean WriteConsoleW(HANDLE console, char[] buffer, int length, IntByReference written, Pointer reserved);

        WString GetCommandLineW();
    }

    private static final class ConsoleInput extends InputStream {
        private final HANDLE console;
        private final CharBuffer chars = CharBuffer.allocate(BUFFER);
        private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER * 3).flip();
        private final CharsetEncoder encoder =
                StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
        private boolean lineStart = true;

        ConsoleInput(HANDLE console) {
            this.console = console;
        }

        @Override
        public int read() throws IOException {
            while (!bytes.hasRemaining()) {
                char[] typed = readConsole();
                if (typed.length == 0 || lineStart && typed[0] == CTRL_Z) {
                    return -1;
                }
                lineStart = typed[typed.length - 1] == '\n';
                // Half of a surrogate pair stays among the characters until the other half has come.
                chars.put(typed).flip();
                encoder.encode(chars, bytes.clear(), false);
                bytes.flip();
                chars.compact();
            }
            return Byte.toUnsignedInt(bytes.get());
        }

        private char[] readConsole() throws IOException {
            char[] typed = new char[chars.remaining()];
            IntByReference count = new IntByReference();
            if (!UnicodeConsole.INSTANCE.ReadConsoleW(console, typed, typed.length, count, null)) {
                throw new IOException("Cannot read the console: error " + Native.getLastError() + ".");
            }
            return Arrays.copyOf(typed, count.getValue());
        }
    }

    private static final class ConsoleOutput extends OutputStream {
        private final HANDLE console;
        private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        private final CharBuffer chars = CharBuffer.allocate(BUFFER);
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);

        ConsoleOutput(HANDLE console) {
            this.console = console;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int count = Math.min(length - done, bytes.remaining());
                bytes.put(source, offset + done, count).flip();
                done += count;
                // The first bytes of a character stay in the buffer until the others have come.
                decoder.decode(bytes, chars, false);
                bytes.compact();
                writeOut(chars.flip());
                chars.clear();
            }
        }

        private void writeOut(CharBuffer text) throws IOException {
            IntByReference written = new IntByReference();
            while (text.hasRemaining()) {
                char[] rest = new char[text.remaining()];
                text.duplicate().get(rest);
                if (!UnicodeConsole.INSTANCE.WriteConsoleW(console, rest, rest.length, written, null)) {
                    throw new IOException("Cannot write to the console: error " + Native.getLastError() + ".");
                }
                text.position(text.position() + written.getValue());
            }
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }
    }
}
