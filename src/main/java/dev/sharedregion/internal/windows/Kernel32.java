package dev.sharedregion.internal.windows;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import java.util.Map;

/**
 * The Kernel32 functions that the Windows implementation calls, as the Win32 pages declare them. Declarations only. A
 * {@code HANDLE} is a {@link Pointer}, a {@code DWORD} an {@code int}, a {@code BOOL} a {@code boolean}. A function
 * that fails leaves its code in {@link Native#getLastError()} of the calling thread. The constants are those of
 * jna-platform ({@code WinNT}, {@code WinBase}, {@code WinError}), except for those that it lacks.
 */
public final class Kernel32 {
    static final int PAGE_EXECUTE_WRITECOPY = 0x80;
    static final int MAXIMUM_WAIT_OBJECTS = 64;

    /** 64-bit Windows has one calling convention, and a direct mapping refuses to be given another. */
    public static final Map<String, ?> CONVENTION = Map.of(
            Library.OPTION_CALLING_CONVENTION,
            Platform.is64Bit() ? Function.C_CONVENTION : StdCallLibrary.STDCALL_CONVENTION);

    static {
        Native.register(Kernel32.class, NativeLibrary.getInstance("kernel32", CONVENTION));
    }

    private Kernel32() {}

    public static native Pointer CreateFileMappingW(
            Pointer file, Pointer securityAttributes, int protect, int sizeHigh, int sizeLow, WString name);

    public static native Pointer OpenFileMappingW(int access, boolean inheritHandle, WString name);

    public static native Pointer MapViewOfFile(
            Pointer section, int access, int offsetHigh, int offsetLow, SIZE_T length);

    public static native boolean UnmapViewOfFile(Pointer address);

    public static native boolean FlushViewOfFile(Pointer address, SIZE_T length);

    public static native SIZE_T VirtualQuery(Pointer address, Pointer memoryBasicInformation, SIZE_T length);

    public static native Pointer CreateFileW(
            WString path,
            int access,
            int shareMode,
            Pointer securityAttributes,
            int disposition,
            int flags,
            Pointer template);

    public static native int GetFileType(Pointer file);

    public static native boolean GetFileSizeEx(Pointer file, long[] size);

    /** Takes {@code BY_HANDLE_FILE_INFORMATION}, which is 13 numbers of 32 bits. */
    public static native boolean GetFileInformationByHandle(Pointer file, int[] information);

    public static native boolean SetFileInformationByHandle(
            Pointer file, int informationClass, long[] size, int length);

    public static native boolean FlushFileBuffers(Pointer file);

    public static native Pointer CreateEventW(
            Pointer securityAttributes, boolean manualReset, boolean initialState, WString name);

    public static native Pointer OpenEventW(int access, boolean inheritHandle, WString name);

    public static native boolean SetEvent(Pointer event);

    public static native boolean ResetEvent(Pointer event);

    public static native Pointer OpenMutexW(int access, boolean inheritHandle, WString name);

    public static native boolean ReleaseMutex(Pointer mutex);

    public static native int WaitForSingleObject(Pointer handle, int milliseconds);

    public static native int WaitForMultipleObjects(int count, Pointer handles, boolean waitAll, int milliseconds);

    public static native void FlushProcessWriteBuffers();

    public static native Pointer OpenProcess(int access, boolean inheritHandle, int processId);

    public static native Pointer GetCurrentProcess();

    public static native boolean ProcessIdToSessionId(int processId, int[] session);

    public static native Pointer OpenSemaphoreW(int access, boolean inheritHandle, WString name);

    public static native boolean GetProcessTimes(
            Pointer process, long[] creation, long[] exit, long[] kernel, long[] user);

    public static native boolean DuplicateHandle(
            Pointer sourceProcess,
            Pointer sourceHandle,
            Pointer targetProcess,
            PointerByReference targetHandle,
            int access,
            boolean inheritHandle,
            int options);

    public static native boolean CloseHandle(Pointer handle);
}
