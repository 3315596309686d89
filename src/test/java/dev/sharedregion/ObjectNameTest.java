package dev.sharedregion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sharedregion.helpers.TestNames;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectNameTest {
    static Stream<Arguments> badNames() {
        return Stream.of(
                Arguments.of("", "empty"),
                Arguments.of("Local\\", "empty"),
                Arguments.of("Global\\", "empty"),
                Arguments.of(".", "directory"),
                Arguments.of("..", "directory"),
                Arguments.of("Global", "Windows reserves"),
                Arguments.of("local", "Windows reserves"),
                Arguments.of("SESSION", "Windows reserves"),
                Arguments.of("Restricted", "Windows reserves"),
                Arguments.of("Global\\Session", "Windows reserves"),
                Arguments.of("Local\\restricted", "Windows reserves"),
                Arguments.of("a\0b", "NUL character at index 1"),
                Arguments.of("a\0", "NUL"),
                Arguments.of("/a", "shm_open"),
                Arguments.of("a/b", "'/'"),
                Arguments.of("a\\b", "'\\'"),
                Arguments.of("\\a", "'\\'"),
                Arguments.of("local\\a", "'\\'"),
                Arguments.of("Session\\1\\a", "'\\'"),
                Arguments.of("Local\\Global\\a", "'\\'"),
                Arguments.of("a".repeat(256), "256 bytes"),
                Arguments.of("Global\\" + "a".repeat(253), "260 characters"),
                Arguments.of("价".repeat(86), "258 bytes"),
                Arguments.of("a".repeat(100_000), "100000 characters"),
                Arguments.of("a\uD83D", "surrogate"),
                Arguments.of("\uDE00a", "surrogate"));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void badNameIsRefusedOnAllSystemsWithTheReason(String name, String why) {
        Stream.<Consumer<String>>of(
                        n -> SharedRegion.create(n, 10),
                        SharedRegion::open,
                        n -> SharedRegion.openOrCreate(n, 10),
                        n -> RegionOptions.defaults().name(n),
                        NamedEvent::create,
                        NamedEvent::open,
                        EventPair::create,
                        EventPair::open)
                .forEach(call -> {
                    IllegalArgumentException e =
                            assertThrows(IllegalArgumentException.class, () -> call.accept(name));
                    assertTrue(e.getMessage().contains(why), e.getMessage());
                    assertTrue(e.getMessage().length() < 400, "the message repeats a name of any length");
                });
    }

    @Test
    void nameMayBeginWithAReservedName() {
        String name = TestNames.unique();
        for (String longer : new String[] {"Global" + name, "session" + name, "Local\\Restricted" + name}) {
            SharedRegion.create(longer, 10).close();
        }
    }

    @Test
    void nullNameThrowsNullPointerException() {
        assertThrows(NullPointerException.class, () -> SharedRegion.create(null, 10));
        assertThrows(NullPointerException.class, () -> SharedRegion.open(null));
        assertThrows(NullPointerException.class, () -> SharedRegion.openOrCreate(null, 10));
        assertThrows(NullPointerException.class, () -> NamedEvent.create(null));
        assertThrows(NullPointerException.class, () -> NamedEvent.open(null));
        assertThrows(NullPointerException.class, () -> EventPair.create(null));
        assertThrows(NullPointerException.class, () -> EventPair.open(null));
    }

    @Test
    void longestNamesWork() {
        String pid = Long.toString(ProcessHandle.current().pid());
        for (String name : new String[] {pid + "a".repeat(255 - pid.length()), "价".repeat(80) + pid}) {
            try (SharedRegion region = SharedRegion.create(name, 10);
                    SharedRegion other = SharedRegion.open(name)) {
                region.pointer().setByte(0, (byte) 1);
                assertEquals(1, other.pointer().getByte(0));
            }
        }
    }

    @Test
    void pairsNameMustLeaveRoomForTheSuffixes() {
        String tooLong = "a".repeat(250);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> EventPair.create(tooLong));
        assertTrue(e.getMessage().contains("bytes"), e.getMessage());
    }
}
