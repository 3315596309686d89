package terminal;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.platform.win32.Wincon;
import com.sun.jna.ptr.IntByReference;

/** Whether the standard output is a terminal that understands escape sequences. */
public final class Terminal {
    private static final int STANDARD_OUTPUT = 1;

    /** A console of Windows 10 or newer understands escape sequences after this. */
    private static final int ENABLE_VIRTUAL_TERMINAL_PROCESSING = 4;

    private Terminal() {}

    /** Returns true if what is printed can be printed over. A pipe and a file get line after line instead. */
    public static boolean canRedraw() {
        return Platform.isWindows() ? isWindowsTerminal() : C.INSTANCE.isatty(STANDARD_OUTPUT) != 0;
    }

    private static boolean isWindowsTerminal() {
        HANDLE console = Kernel32.INSTANCE.GetStdHandle(Wincon.STD_OUTPUT_HANDLE);
        IntByReference mode = new IntByReference();
        return Kernel32.INSTANCE.GetConsoleMode(console, mode)
                && Kernel32.INSTANCE.SetConsoleMode(console, mode.getValue() | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }

    /** System.console() tells this only on some JDKs. */
    private interface C extends Library {
        C INSTANCE = Native.load("c", C.class);

        int isatty(int descriptor);
    }
}
