package dev.sharedregion.internal.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import dev.sharedregion.internal.jvm.ScopeGuard;
import dev.sharedregion.internal.os.Failure;
import dev.sharedregion.internal.os.NamedObject;
import dev.sharedregion.internal.os.NamedObject.Type;
import dev.sharedregion.internal.os.Operation;
import dev.sharedregion.internal.os.OwnerSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Lists the objects in the two directories of the object manager in which Win32 has its names: that of the session, and
 * that of the machine, {@code Global\}. See {@code NtQueryDirectoryObject}.
 */
final class ObjectDirectory {
    private static final Operation LIST = new Operation("list", "the objects that have names");
    private static final String MACHINE = "\\BaseNamedObjects";

    /** The types that are listed, by the names that the object manager has for them. */
    private static final Map<String, Type> TYPES = Map.of(
            "Section", Type.REGION, "Event", Type.EVENT, "Mutant", Type.MUTEX, "Semaphore", Type.SEMAPHORE);

    private static final int BUFFER_SIZE = 1 << 16;

    // UNICODE_STRING: the length in bytes as uint16, its maximum, and the address.
    private static final int STRING_ADDRESS = Native.POINTER_SIZE;
    private static final int STRING_SIZE = 2 * Native.POINTER_SIZE;

    /** OBJECT_DIRECTORY_INFORMATION: the strings of the name and of the type. */
    private static final int ENTRY_SIZE = 2 * STRING_SIZE;

    // OBJECT_ATTRIBUTES: the length as uint32, a handle, the address of the name, and three more fields.
    private static final int ATTRIBUTES_NAME = 2 * Native.POINTER_SIZE;
    private static final int ATTRIBUTES_SIZE = 6 * Native.POINTER_SIZE;

    private ObjectDirectory() {}

    static List<NamedObject> list() {
        List<NamedObject> objects = new ArrayList<>();
        ObjectFacts facts = new ObjectFacts();
        int[] session = new int[1];
        // Session 0, that of the services, has its names in the directory of the machine.
        boolean hasOwn = Kernel32.ProcessIdToSessionId(OwnerSlot.pid(), session) && session[0] != 0;
        if (hasOwn) {
            String directory = "\\Sessions\\" + session[0] + MACHINE;
            list(directory, (name, type) -> objects.add(facts.of(name, type)));
        }
        String prefix = hasOwn ? "Global\\" : "";
        list(MACHINE, (name, type) -> objects.add(facts.of(prefix + name, type)));
        return objects;
    }

    private static void list(String path, BiConsumer<String, Type> found) {
        try (ScopeGuard<Pointer> guard = new ScopeGuard<>(Kernel32::CloseHandle);
                Memory buffer = new Memory(BUFFER_SIZE)) {
            Pointer directory = guard.hold(open(path));
            int[] context = new int[1];
            // Wine 8 gives one entry at a time; Windows takes longer for each the more there are.
            boolean single = false;
            boolean restart = true;
            while (true) {
                int status = Ntdll.NtQueryDirectoryObject(
                        directory, buffer, BUFFER_SIZE, number(single), number(restart), context, new int[1]);
                if (status == Ntdll.STATUS_NOT_IMPLEMENTED && !single) {
                    single = true;
                } else if (status == Ntdll.STATUS_NO_MORE_ENTRIES) {
                    return;
                } else {
                    check(status, "NtQueryDirectoryObject");
                    restart = false;
                    readEntries(buffer, single, found);
                }
            }
        }
    }

    private static byte number(boolean value) {
        return (byte) (value ? 1 : 0);
    }

    private static Pointer open(String path) {
        int length = path.length() * Character.BYTES;
        try (Memory text = new Memory(length);
                Memory name = new Memory(STRING_SIZE);
                Memory attributes = new Memory(ATTRIBUTES_SIZE)) {
            text.write(0, path.toCharArray(), 0, path.length());
            name.clear();
            name.setShort(0, (short) length);
            name.setShort(Short.BYTES, (short) length);
            name.setPointer(STRING_ADDRESS, text);
            attributes.clear();
            attributes.setInt(0, ATTRIBUTES_SIZE);
            attributes.setPointer(ATTRIBUTES_NAME, name);
            PointerByReference directory = new PointerByReference();
            int status = Ntdll.NtOpenDirectoryObject(directory, Ntdll.DIRECTORY_QUERY, attributes);
            check(status, "NtOpenDirectoryObject");
            return directory.getValue();
        }
    }

    /** An entry of zeros ends them. */
    private static void readEntries(Memory buffer, boolean single, BiConsumer<String, Type> found) {
        int most = single ? 1 : BUFFER_SIZE / ENTRY_SIZE;
        for (int i = 0; i < most; i++) {
            Pointer entry = buffer.share((long) i * ENTRY_SIZE);
            String name = string(entry);
            if (name.isEmpty()) {
                return;
            }
            Type type = TYPES.get(string(entry.share(STRING_SIZE)));
            if (type != null) {
                found.accept(name, type);
            }
        }
    }

    private static String string(Pointer string) {
        Pointer text = string.getPointer(STRING_ADDRESS);
        int length = Short.toUnsignedInt(string.getShort(0)) / Character.BYTES;
        return text == null || length == 0 ? "" : new String(text.getCharArray(0, length));
    }

    private static void check(int status, String call) {
        if (status < 0) {
            throw LIST.failure(
                    status == Ntdll.STATUS_ACCESS_DENIED ? Failure.Reason.ACCESS_DENIED : Failure.Reason.SYSTEM_ERROR,
                    call + " failed with status 0x" + Integer.toHexString(status) + ".");
        }
    }
}
