package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of the native API that tell what no Win32 function does: how an event resets, which objects have names,
 * and how large a section is. {@link Kernel32} describes the conventions. Each function returns an {@code NTSTATUS},
 * which is negative for a failure.
 */
public final class Ntdll {
    /** The right that {@code NtQueryEvent} needs. */
    static final int EVENT_QUERY_STATE = 1;

    /** The class of information {@code EventBasicInformation}: {@code EVENT_TYPE} and {@code LONG EventState}. */
    static final int EVENT_BASIC_INFORMATION = 0;

    static final int EVENT_BASIC_INFORMATION_SIZE = 8;

    /** The {@code EVENT_TYPE} of a manual-reset event; an auto-reset one is a {@code SynchronizationEvent}. */
    static final int NOTIFICATION_EVENT = 0;

    /** The right to list a directory of objects. */
    static final int DIRECTORY_QUERY = 1;

    static final int STATUS_NO_MORE_ENTRIES = 0x8000001A;
    static final int STATUS_NOT_IMPLEMENTED = 0xC0000002;
    static final int STATUS_ACCESS_DENIED = 0xC0000022;

    /** The class of information {@code SectionBasicInformation}. */
    static final int SECTION_BASIC_INFORMATION = 0;

    static {
        Native.register(Ntdll.class, NativeLibrary.getInstance("ntdll", Kernel32.CONVENTION));
    }

    private Ntdll() {}

    public static native int NtQueryEvent(
            Pointer event, int informationClass, int[] information, int length, Pointer returnedLength);

    /** Takes {@code OBJECT_ATTRIBUTES}. */
    public static native int NtOpenDirectoryObject(PointerByReference directory, int access, Pointer attributes);

    /** Gives one or more {@code OBJECT_DIRECTORY_INFORMATION}. */
    public static native int NtQueryDirectoryObject(
            Pointer directory,
            Pointer buffer,
            int length,
            byte returnSingleEntry,
            byte restartScan,
            int[] context,
            int[] returnedLength);

    /** Gives {@code SECTION_BASIC_INFORMATION}. */
    public static native int NtQuerySection(
            Pointer section, int informationClass, Pointer information, SIZE_T length, Pointer returnedLength);
}
