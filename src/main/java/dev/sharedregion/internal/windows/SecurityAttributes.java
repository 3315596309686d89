package dev.sharedregion.internal.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.internal.os.Rights;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Permissions in the form of Win32: the {@code SECURITY_ATTRIBUTES} of an object that is being created. */
public final class SecurityAttributes implements AutoCloseable {
    /** The rights that a kind of objects can grant. */
    public record Kind(int all, int reading, int writing) {
        static final Kind SECTION = new Kind(
                WinNT.SECTION_ALL_ACCESS, WinNT.SECTION_QUERY | WinNT.SECTION_MAP_READ, WinNT.SECTION_MAP_WRITE);
        static final Kind EVENT = new Kind(WinNT.EVENT_ALL_ACCESS, WinNT.SYNCHRONIZE, WinNT.EVENT_MODIFY_STATE);
    }

    /** The well-known group of all users, as SDDL has it. */
    private static final String EVERYONE = "WD";

    private static final String LOCAL_SYSTEM = "SY";

    /** For the three permissions that are the same for every object. There are few, and they are never freed. */
    private static final Map<String, SecurityAttributes> COMMON = new ConcurrentHashMap<>();

    /** The descriptor, if it is not a common one. */
    private final Pointer own;

    private final WinBase.SECURITY_ATTRIBUTES attributes = new WinBase.SECURITY_ATTRIBUTES();

    private SecurityAttributes(Pointer descriptor, boolean common) {
        this.own = common ? null : descriptor;
        attributes.lpSecurityDescriptor = descriptor;
        attributes.bInheritHandle = false;
        attributes.write();
    }

    /** The attributes for creating an object of this kind. The caller closes them after that. */
    public static SecurityAttributes of(Rights rights, Kind kind) {
        if (rights.sddl() != null) {
            return new SecurityAttributes(parse(rights.sddl()), false);
        }
        return COMMON.computeIfAbsent(
                sddl(rights.others(), kind), sddl -> new SecurityAttributes(parse(sddl), true));
    }

    /** Fails if the string is not a security descriptor. */
    public static void check(String sddl) {
        com.sun.jna.platform.win32.Kernel32.INSTANCE.LocalFree(parse(sddl));
    }

    /** For the system call. */
    public Pointer pointer() {
        return attributes.getPointer();
    }

    @Override
    public void close() {
        if (own != null) {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.LocalFree(own);
        }
    }

    private static String sddl(Rights.Others others, Kind kind) {
        String owner = "D:P" + allow(kind.all, LOCAL_SYSTEM) + allow(kind.all, ObjectOwner.SELF);
        return switch (others) {
            case NOTHING -> owner;
            case READ -> owner + allow(kind.reading, EVERYONE);
            case WRITE -> owner + allow(kind.reading | kind.writing, EVERYONE);
        };
    }

    private static String allow(int rights, String who) {
        return "(A;;0x" + Integer.toHexString(rights) + ";;;" + who + ")";
    }

    private static Pointer parse(String sddl) {
        PointerByReference descriptor = new PointerByReference();
        if (!Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                new WString(sddl), Advapi32.SDDL_REVISION_1, descriptor, null)) {
            throw new IllegalArgumentException("\"" + sddl + "\" is not a security descriptor: "
                    + "ConvertStringSecurityDescriptorToSecurityDescriptorW failed with error " + Native.getLastError()
                    + ". Give one in the Security Descriptor Definition Language, such as "
                    + "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGWGX;;;IU).");
        }
        return descriptor.getValue();
    }
}
