package dev.sharedregion.internal.windows;

import com.sun.jna.Native;

/** The fields of Win32's {@code MEMORY_BASIC_INFORMATION} ({@code WinNT.h}) that are read here. */
public final class MemoryBasicInformationLayout {
    /** PVOID, after BaseAddress. */
    public static final int ALLOCATION_BASE = Native.POINTER_SIZE;

    /** SIZE_T, after AllocationProtect, which padding fills up to a pointer's size. */
    public static final int REGION_SIZE = 3 * Native.POINTER_SIZE;

    /** DWORD. */
    public static final int STATE = 4 * Native.POINTER_SIZE;

    /** DWORD: how the pages of this run may be accessed. */
    public static final int PROTECT = STATE + Integer.BYTES;

    /** DWORD, after Protect. */
    public static final int TYPE = STATE + 2 * Integer.BYTES;

    /** With padding at the end on 64 bits. */
    public static final int SIZE = Native.POINTER_SIZE == Long.BYTES ? 48 : 28;

    private MemoryBasicInformationLayout() {}
}
