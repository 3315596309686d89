package dev.sharedregion.internal.windows;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.AccCtrl.SE_OBJECT_TYPE;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.TOKEN_INFORMATION_CLASS;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.internal.os.Operation;
import java.util.List;

/** Finds the owner of an object on Windows. */
public final class ObjectOwner {
    private static final Operation LOOK = new Operation("tell", "who the owner is");

    /** Larger than the structures and {@code SECURITY_MAX_SID_SIZE}, the 68 bytes that an id has at most. */
    private static final int INFORMATION_SIZE = 128;

    /** The user of this process. */
    public static final String SELF = ofThisProcess(TOKEN_INFORMATION_CLASS.TokenUser);

    /**
     * The owner of this process's objects, which may be another account than the user, and the owners that are equally
     * trusted: the system account, and the administrators, who own what elevated processes create.
     */
    private static final List<String> TRUSTED =
            List.of(SELF, ofThisProcess(TOKEN_INFORMATION_CLASS.TokenOwner), "S-1-5-18", "S-1-5-32-544");

    private ObjectOwner() {}

    /**
     * Returns true if the object belongs to this user or to an administrator of the machine.
     *
     * @param handle with {@code READ_CONTROL}
     * @param operation the operation for messages
     */
    public static boolean isTrusted(Pointer handle, Operation operation) {
        WinNT.HANDLE object = new WinNT.HANDLE(handle);
        int type = SE_OBJECT_TYPE.SE_KERNEL_OBJECT;
        PointerByReference owner = new PointerByReference();
        PointerByReference descriptor = new PointerByReference();
        int error = com.sun.jna.platform.win32.Advapi32.INSTANCE.GetSecurityInfo(
                object, type, WinNT.OWNER_SECURITY_INFORMATION, owner, null, null, null, descriptor);
        if (error != WinError.ERROR_SUCCESS) {
            throw Win32Errors.failure(operation, "GetSecurityInfo", error);
        }
        try {
            // Wine has no owner for objects that were created without a descriptor. All users of one Wine are one
            // user.
            return owner.getValue() == null
                    || TRUSTED.contains(new WinNT.PSID(owner.getValue()).getSidString());
        } finally {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.LocalFree(descriptor.getValue());
        }
    }

    private static String ofThisProcess(int which) {
        WinNT.HANDLEByReference token = new WinNT.HANDLEByReference();
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.OpenProcessToken(
                com.sun.jna.platform.win32.Kernel32.INSTANCE.GetCurrentProcess(), WinNT.TOKEN_QUERY, token)) {
            throw Win32Errors.last(LOOK, "OpenProcessToken");
        }
        try {
            // Both kinds of information begin with the address of the id.
            WinNT.TOKEN_OWNER information = new WinNT.TOKEN_OWNER(INFORMATION_SIZE);
            if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.GetTokenInformation(
                    token.getValue(), which, information, INFORMATION_SIZE, new IntByReference())) {
                throw Win32Errors.last(LOOK, "GetTokenInformation");
            }
            return information.Owner.getSidString();
        } finally {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.CloseHandle(token.getValue());
        }
    }
}
