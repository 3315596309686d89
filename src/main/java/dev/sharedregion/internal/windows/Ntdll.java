package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The function of the native API that tells how an event resets, which no Win32 function does. {@link Kernel32}
 * describes the conventions.
 */
public final class Ntdll {
    /** The right that {@code NtQueryEvent} needs. */
    static final int EVENT_QUERY_STATE = 1;

    /** The class of information {@code EventBasicInformation}: {@code EVENT_TYPE} and {@code LONG EventState}. */
    static final int EVENT_BASIC_INFORMATION = 0;

    static final int EVENT_BASIC_INFORMATION_SIZE = 8;

    /** The {@code EVENT_TYPE} of a manual-reset event; an auto-reset one is a {@code SynchronizationEvent}. */
    static final int NOTIFICATION_EVENT = 0;

    static {
        Native.register(Ntdll.class, NativeLibrary.getInstance("ntdll", Kernel32.CONVENTION));
    }

    private Ntdll() {}

    /** Returns an {@code NTSTATUS}, which is negative for a failure. */
    public static native int NtQueryEvent(
            Pointer event, int informationClass, int[] information, int length, Pointer returnedLength);
}
