package dev.sharedregion.internal.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Kernel32Util;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import dev.sharedregion.EventOptions;
import dev.sharedregion.EventPair;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.PairOptions;
import dev.sharedregion.Permissions;
import dev.sharedregion.RegionOptions;
import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.SharedRegion;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.Reasons;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.helpers.Tools;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The security descriptors of objects on Windows. (Wine stores descriptors, and does not enforce them.) */
@EnabledOnOs(OS.WINDOWS)
class WindowsPermissionsTest {
    private static final int DACL_SECURITY_INFORMATION = 4;
    private static final int SE_KERNEL_OBJECT = 6;
    private static final String ALL_OF_A_SECTION = "f001f";
    private static final String ALL_OF_AN_EVENT = "1f0003";
    private static final int SEC_IMAGE = 0x01000000;
    private static final int SEC_RESERVE = 0x04000000;

    private final String name = TestNames.unique();

    private interface Security extends StdCallLibrary {
        Security ADVAPI32 = Native.load("advapi32", Security.class);

        int GetSecurityInfo(
                Pointer handle,
                int kind,
                int which,
                PointerByReference owner,
                PointerByReference group,
                PointerByReference dacl,
                PointerByReference sacl,
                PointerByReference descriptor);

        boolean ConvertSecurityDescriptorToStringSecurityDescriptorW(
                Pointer descriptor, int revision, int which, PointerByReference text, Pointer length);
    }

    /** The access list of an object, as rights of each user. */
    private static Set<String> granted(Pointer handle) {
        assertNotNull(handle, () -> "error " + Native.getLastError());
        PointerByReference descriptor = new PointerByReference();
        PointerByReference dacl = new PointerByReference();
        assertEquals(0, Security.ADVAPI32.GetSecurityInfo(
                handle, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, null, null, dacl, null, descriptor));
        Kernel32.CloseHandle(handle);
        PointerByReference text = new PointerByReference();
        assertTrue(Security.ADVAPI32.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor.getValue(), 1, DACL_SECURITY_INFORMATION, text, null));
        String sddl = text.getValue().getWideString(0);
        Matcher entries = Pattern.compile("\\(A;;([^;]*);;;([^)]*)\\)").matcher(sddl);
        Set<String> granted = entries.results()
                .map(entry -> sid(entry.group(2)) + " " + rights(entry.group(1)))
                .collect(Collectors.toSet());
        assertTrue(sddl.startsWith("D:") && entries.replaceAll("").matches("D:P?(AI)?"), sddl);
        return granted;
    }

    /** The system writes some accounts as two letters, such as LA, LS and NS. */
    private static String sid(String name) {
        WinNT.PSIDByReference sid = new WinNT.PSIDByReference();
        assertTrue(Advapi32.INSTANCE.ConvertStringSidToSid(name, sid), () -> name + ": error " + Native.getLastError());
        String full = sid.getValue().getSidString();
        Kernel32Util.freeLocalMemory(sid.getValue().getPointer());
        return switch (full) {
            case "S-1-1-0" -> "everyone";
            case "S-1-5-18" -> "system";
            default -> full.equals(me()) ? "me" : full;
        };
    }

    /** As hexadecimal digits; the system may write them as names of two letters. */
    private static String rights(String text) {
        if (text.startsWith("0x")) {
            return text.substring(2);
        }
        int rights = 0;
        for (int i = 0; i < text.length(); i += 2) {
            rights |= switch (text.substring(i, i + 2)) {
                case "CC" -> 1;
                case "DC" -> 2;
                case "LC" -> 4;
                case "SW" -> 8;
                case "RP" -> 0x10;
                case "SD" -> 0x10000;
                case "RC" -> 0x20000;
                case "WD" -> 0x40000;
                case "WO" -> 0x80000;
                case "GA" -> 0x10000000;
                case "GR" -> 0x80000000;
                default -> throw new AssertionError(text);
            };
        }
        return Integer.toHexString(rights);
    }

    /** All rights for the owner, which may be the system account. */
    private static Set<String> owners(String rights) {
        return new HashSet<>(List.of("system " + rights, sid(me()) + " " + rights));
    }

    private static String me() {
        return ObjectOwner.SELF;
    }

    private static Set<String> section(String name) {
        return granted(Kernel32.OpenFileMappingW(WinNT.READ_CONTROL, false, new WString(name)));
    }

    private static Set<String> event(String name) {
        return granted(Kernel32.OpenEventW(WinNT.READ_CONTROL, false, new WString(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "LA, S-1-5-21-.*-500",
        "LS, S-1-5-19",
        "NS, S-1-5-20",
        "SY, system",
        "WD, everyone",
        "S-1-5-19, S-1-5-19"
    })
    void accountsAreEqualInAnyNotation(String written, String account) {
        assertTrue(sid(written).equals("me") || sid(written).matches(account), () -> sid(written));
    }

    @Test
    void objectsHaveTheRequestedDescriptors() {
        for (Permissions permissions :
                List.of(Permissions.ownerOnly(), Permissions.ownerAndReaders(), Permissions.everyone())) {
            Set<String> section = owners(ALL_OF_A_SECTION);
            Set<String> event = owners(ALL_OF_AN_EVENT);
            Set<String> block = new HashSet<>(section);
            Set<String> pairsEvent = new HashSet<>(event);
            if (!permissions.equals(Permissions.ownerOnly())) {
                boolean writing = permissions.equals(Permissions.everyone());
                section.add("everyone " + (writing ? "7" : "5"));
                event.add("everyone " + (writing ? "100002" : "100000"));
                block.add("everyone 7");
                pairsEvent.add("everyone 100002");
            }
            try (SharedRegion region = SharedRegion.create(
                            name, 1, RegionOptions.defaults().permissions(permissions));
                    NamedEvent waited = NamedEvent.create(
                            name + "-e", EventOptions.autoReset().permissions(permissions));
                    EventPair pair =
                            EventPair.create(name, PairOptions.defaults().permissions(permissions))) {
                assertEquals(section, section(region.name()));
                assertEquals(event, event(waited.name()));
                assertEquals(block, section(pair.name() + ".pair"));
                assertEquals(pairsEvent, event(name + ".written"));
                assertEquals(pairsEvent, event(name + ".read"));
            }
        }
    }

    @Test
    void defaultDescriptorLetsOnlyTheOwnerIn() {
        try (SharedRegion region = SharedRegion.create(name, 1);
                NamedEvent event = NamedEvent.create(name + "-e")) {
            assertEquals(owners(ALL_OF_A_SECTION), section(region.name()));
            assertEquals(owners(ALL_OF_AN_EVENT), event(event.name()));
        }
    }

    @Test
    void headersObjectsLetOnlyTheOwnerIn() throws Exception {
        try (Peer server = Peer.start(List.of(Tools.cPeer("pair").toString(), "hold", name))) {
            server.expect("ready");
            for (String each : List.of(name, name + ".pair")) {
                assertEquals(owners(ALL_OF_A_SECTION), section(each));
            }
            for (String each : List.of(name + ".written", name + ".read")) {
                assertEquals(owners(ALL_OF_AN_EVENT), event(each));
            }
            SharedRegion.openOrCreate(name, 1).close();
            EventPair.open(name).close();
        }
    }

    @Test
    void givenDescriptorIsAppliedUnchanged() {
        Permissions own = Permissions.everyone().sddl("D:P(A;;0x5;;;WD)(A;;GA;;;SY)").mode(0600);
        try (SharedRegion region = SharedRegion.create(name, 1, RegionOptions.defaults().permissions(own))) {
            Set<String> granted = section(region.name());
            assertTrue(granted.contains("everyone 5"), granted::toString);
            assertTrue(granted.contains("system f001f") || granted.contains("system 10000000"), granted::toString);
            assertEquals(2, granted.size());
        }
    }

    /** Its pages have protections of their own, and a write to them would end the JVM. */
    @Test
    void imageOfAProgramIsRefused() throws Exception {
        Path program = Path.of(System.getProperty("java.home"), "bin", "java.exe");
        Pointer file = Kernel32.CreateFileW(
                new WString(program.toString()),
                WinNT.GENERIC_READ | WinNT.GENERIC_EXECUTE,
                WinNT.FILE_SHARE_READ,
                null,
                WinNT.OPEN_EXISTING,
                0,
                null);
        Pointer image =
                Kernel32.CreateFileMappingW(file, null, WinNT.PAGE_READONLY | SEC_IMAGE, 0, 0, new WString(name));
        assertNotNull(image, () -> "error " + Native.getLastError());
        try {
            Reasons.assertReason(SharedMemoryException.Reason.WRONG_KIND, () -> SharedRegion.open(name));
            Reasons.assertReason(
                    SharedMemoryException.Reason.WRONG_KIND, () -> SharedRegion.open(name, RegionOptions.readOnly()));
            Reasons.assertReason(SharedMemoryException.Reason.ALREADY_EXISTS, () -> SharedRegion.create(name, 4096));
            assertTheHeaderAnswers("WRONG_KIND", "SEC_IMAGE");
        } finally {
            Kernel32.CloseHandle(image);
            Kernel32.CloseHandle(file);
        }
    }

    private void assertTheHeaderAnswers(String reason, String part) throws Exception {
        try (Peer server = Peer.start(List.of(Tools.cPeer("pair").toString(), "hold", name))) {
            String line = server.nextLine();
            assertTrue(line.startsWith(reason) && line.contains(part), line);
        }
    }

    @Test
    void headerMapsOnlyCommittedMemory() throws Exception {
        Pointer section = Kernel32.CreateFileMappingW(
                Sections.INVALID_HANDLE, null, WinNT.PAGE_READWRITE | SEC_RESERVE, 0, 1 << 18, new WString(name));
        assertNotNull(section, () -> "error " + Native.getLastError());
        try {
            assertTheHeaderAnswers("UNSUPPORTED", "SEC_RESERVE");
        } finally {
            Kernel32.CloseHandle(section);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "D:(A;;GA;;;", "D:(A;;QQ;;;WD)", "D:(A;;GA;;;S-1-x)"})
    void invalidDescriptorIsRefusedBeforeCreation(String text) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Permissions.ownerOnly().sddl(text)).getMessage();
        assertTrue(message.contains(text), message);
    }
}
