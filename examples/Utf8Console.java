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
import java.util.Arrays;

/**
 * The standard streams in UTF-8, and the arguments, whatever the locale or the code page. Pipes, files and Linux
 * terminals carry bytes, which are passed on untouched. A Windows console carries UTF-16: to read and write it as bytes
 * would squeeze everything through its code page, so it is read and written with the calls for UTF-16.
 */
final class Utf8Console {
    /** What ends the input on a terminal. */
    static final String END_KEY = Platform.isWindows() ? "Ctrl-Z and Enter" : "Ctrl-D";

    private static final char CTRL_Z = 0x1A;

    /** In characters. A console gives and takes far more at once, but not without a limit. */
    private static final int BUFFER = 4096;

    private Utf8Console() {}

    static InputStream input() {
        HANDLE console = console(Wincon.STD_INPUT_HANDLE);
        return console == null
                ? new BufferedInputStream(new FileInputStream(FileDescriptor.in))
                : new ConsoleInput(console);
    }

    static OutputStream output() {
        return new BufferedOutputStream(stream(Wincon.STD_OUTPUT_HANDLE, FileDescriptor.out));
    }

    /** Prints a line to standard error. */
    static void say(String message) {
        OutputStream errors = stream(Wincon.STD_ERROR_HANDLE, FileDescriptor.err);
        new PrintStream(errors, true, StandardCharsets.UTF_8).println(message);
    }

    private static OutputStream stream(int standardHandle, FileDescriptor descriptor) {
        HANDLE console = console(standardHandle);
        return console == null ? new FileOutputStream(descriptor) : new ConsoleOutput(console);
    }

    /** The first argument, the name of region and pair, or the default; fails if there are too many arguments. */
    static String nameArgument(String[] args, int most, String usage) {
        if (args.length > most) {
            throw new IllegalArgumentException("Too many arguments. " + usage);
        }
        if (args.length == 0) {
            return ConsoleLayout.DEFAULT_NAME;
        }
        String name = Platform.isWindows() ? windowsArgument(args.length) : args[0];
        if (name.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException("The name cannot be read in this locale. Set LC_ALL=C.UTF-8.");
        }
        return name;
    }

    /** Java has the arguments in the code page, where a letter that it lacks is a '?'; Windows has them in UTF-16. */
    private static String windowsArgument(int fromTheEnd) {
        IntByReference count = new IntByReference();
        Pointer line = Shell32.INSTANCE.CommandLineToArgvW(UnicodeConsole.INSTANCE.GetCommandLineW(), count);
        try {
            return line.getWideStringArray(0, count.getValue())[count.getValue() - fromTheEnd];
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
