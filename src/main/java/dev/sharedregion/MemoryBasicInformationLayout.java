package dev.sharedregion;

import com.sun.jna.Native;

/** The fields of Win32's {@code MEMORY_BASIC_INFORMATION} ({@code WinNT.h}) that are read here. */
final class MemoryBasicInformationLayout {
    /** PVOID, after BaseAddress. */
    static final int ALLOCATION_BASE = Native.POINTER_SIZE;

    /** SIZE_T, after AllocationProtect, which padding fills up to a pointer's size. */
    static final int REGION_SIZE = 3 * Native.POINTER_SIZE;

    /** DWORD. */
    static final int STATE = 4 * Native.POINTER_SIZE;

    /** DWORD: how the pages of this run may be accessed. */
    static final int PROTECT = STATE + Integer.BYTES;

    /** DWORD, after Protect. */
    static final int TYPE = STATE + 2 * Integer.BYTES;

    /** With padding at the end on 64 bits. */
    static final int SIZE = Native.POINTER_SIZE == Long.BYTES ? 48 : 28;

    private MemoryBasicInformationLayout() {}
}
