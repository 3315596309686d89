package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.ptr.PointerByReference;

/** The Advapi32 functions that jna-platform's {@code Advapi32} lacks. {@link Kernel32} describes the conventions. */
public final class Advapi32 {
    /** {@code sddl.h}: the only revision. */
    public static final int SDDL_REVISION_1 = 1;

    static {
        Native.register(Advapi32.class, NativeLibrary.getInstance("advapi32", Kernel32.CONVENTION));
    }

    private Advapi32() {}

    public static native boolean ConvertStringSecurityDescriptorToSecurityDescriptorW(
            WString descriptor, int revision, PointerByReference securityDescriptor, Pointer size);

    public static native boolean ConvertSecurityDescriptorToStringSecurityDescriptorW(
            Pointer securityDescriptor, int revision, int information, PointerByReference text, Pointer length);
}
