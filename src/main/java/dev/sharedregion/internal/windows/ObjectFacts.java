package dev.sharedregion.internal.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.AccCtrl.SE_OBJECT_TYPE;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.Win32Exception;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.NamedObject.Access;
import dev.sharedregion.internal.os.NamedObject.Life;
import dev.sharedregion.internal.os.NamedObject.Type;
import dev.sharedregion.internal.os.NamedObject.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Size, owner and permissions of objects, as far as this user may look at them. For one thread. */
final class ObjectFacts {
    private static final Access UNKNOWN = new Access("", "");

    /** An object without users is gone. */
    private static final Usage USED = new Usage(Life.USED, List.of());

    // SECTION_BASIC_INFORMATION: an address, attributes as uint32, and the size as int64, which 8 divides.
    private static final int SECTION_SIZE = Native.POINTER_SIZE == Long.BYTES ? 16 : 8;
    private static final int INFORMATION_SIZE = SECTION_SIZE + Long.BYTES;

    private final Map<String, String> accounts = new HashMap<>();

    NamedObject of(String name, Type type) {
        long size;
        Access access;
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle)) {
            int query = type == Type.REGION ? WinNT.SECTION_QUERY : 0;
            Pointer handle = guard.hold(open(name, type, query | WinNT.READ_CONTROL));
            size = type != Type.REGION ? 0 : handle == null ? -1 : size(handle);
            access = handle == null ? UNKNOWN : access(handle);
        }
        // Only now: it can take a request to a server, and the handle keeps the object.
        String owner = access.owner().isEmpty() ? "" : account(access.owner());
        return new NamedObject(name, type, size, new Access(owner, access.permissions()), USED);
    }

    private static Pointer open(String name, Type type, int access) {
        WString wide = new WString(name);
        return switch (type) {
            case REGION -> Kernel32.OpenFileMappingW(access, false, wide);
            case EVENT -> Kernel32.OpenEventW(access, false, wide);
            case MUTEX -> Kernel32.OpenMutexW(access, false, wide);
            case SEMAPHORE -> Kernel32.OpenSemaphoreW(access, false, wide);
        };
    }

    private static long size(Pointer section) {
        try (Memory information = new Memory(INFORMATION_SIZE)) {
            int status = Ntdll.NtQuerySection(
                    section, Ntdll.SECTION_BASIC_INFORMATION, information, new SIZE_T(INFORMATION_SIZE), null);
            return status < 0 ? -1 : information.getLong(SECTION_SIZE);
        }
    }

    /** With the id of the account as the owner. */
    private static Access access(Pointer handle) {
        PointerByReference owner = new PointerByReference();
        PointerByReference descriptor = new PointerByReference();
        int error = com.sun.jna.platform.win32.Advapi32.INSTANCE.GetSecurityInfo(
                new WinNT.HANDLE(handle),
                SE_OBJECT_TYPE.SE_KERNEL_OBJECT,
                WinNT.OWNER_SECURITY_INFORMATION | WinNT.DACL_SECURITY_INFORMATION,
                owner,
                null,
                null,
                null,
                descriptor);
        if (error != WinError.ERROR_SUCCESS) {
            return UNKNOWN;
        }
        try {
            Pointer sid = owner.getValue();
            return new Access(sid == null ? "" : new WinNT.PSID(sid).getSidString(), sddl(descriptor.getValue()));
        } finally {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.LocalFree(descriptor.getValue());
        }
    }

    private String account(String sid) {
        return accounts.computeIfAbsent(sid, key -> {
            try {
                return Advapi32Util.getAccountBySid(key).fqn;
            } catch (Win32Exception e) {
                return key;
            }
        });
    }

    private static String sddl(Pointer descriptor) {
        PointerByReference text = new PointerByReference();
        if (!Advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, Advapi32.SDDL_REVISION_1, WinNT.DACL_SECURITY_INFORMATION, text, null)) {
            return "";
        }
        try {
            return text.getValue().getWideString(0);
        } finally {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.LocalFree(text.getValue());
        }
    }
}
