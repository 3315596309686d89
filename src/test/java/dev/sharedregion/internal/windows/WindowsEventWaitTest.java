package dev.sharedregion.internal.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinNT;
import dev.sharedregion.NamedEvent;
import dev.sharedregion.helpers.Peer;
import dev.sharedregion.helpers.PeerProgram;
import dev.sharedregion.helpers.TestNames;
import dev.sharedregion.internal.jvm.Deadline;
import dev.sharedregion.internal.os.EventWaits;
import dev.sharedregion.internal.os.ObjectName;
import dev.sharedregion.internal.os.ProcessEnd;
import dev.sharedregion.internal.os.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a wait of a virtual thread does, in platform threads: the JDK of most runs has no virtual ones. */
@EnabledOnOs(OS.WINDOWS)
class WindowsEventWaitTest {
    private static final long PATIENCE_SECONDS = 60;

    private NamedEvent created;
    private Win32Event event;

    @BeforeEach
    void open() {
        String name = TestNames.unique();
        created = NamedEvent.create(name);
        event = Win32Event.open(ObjectName.of(name), false, Trust.ANYONE);
    }

    @AfterEach
    void close() {
        event.close();
        created.close();
    }

    private CompletableFuture<Boolean> await(ProcessEnd process) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return EventWaits.await(
                        event, event.newWait(process), Deadline.after(Duration.ofSeconds(2 * PATIENCE_SECONDS)));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, run -> new Thread(run).start());
    }

    @Test
    void theEndOfTheProcessEndsTheWait() throws Exception {
        try (Peer process = Peer.java(PeerProgram.class)) {
            Pointer handle = Kernel32.OpenProcess(WinNT.SYNCHRONIZE, false, (int) process.pid());
            ProcessEnd end = new ProcessSlot.End(handle, 0);
            CompletableFuture<Boolean> set = await(end);
            Thread.sleep(100);
            event.set();
            assertTrue(set.get(PATIENCE_SECONDS, TimeUnit.SECONDS));

            CompletableFuture<Boolean> ended = await(end);
            assertThrows(Exception.class, () -> ended.get(200, TimeUnit.MILLISECONDS));
            process.kill();
            assertFalse(ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertFalse(await(end).get(PATIENCE_SECONDS, TimeUnit.SECONDS), "it has ended before the wait");
            Kernel32.CloseHandle(handle);
        }
    }

    /** An array of handles may have each only once. */
    @Test
    void eachSetReleasesOneOfManyWaitsForOneHandle() throws Exception {
        List<CompletableFuture<Boolean>> waits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waits.add(await(null));
        }
        Thread.sleep(200);
        for (int released = 1; released <= waits.size(); released++) {
            event.set();
            int expected = released;
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (waits.stream().filter(CompletableFuture::isDone).count() < expected) {
                assertTrue(System.nanoTime() - giveUp < 0, "a set releases nobody");
                Thread.sleep(1);
            }
            assertEquals(expected, waits.stream().filter(CompletableFuture::isDone).count());
        }
        for (CompletableFuture<Boolean> wait : waits) {
            assertTrue(wait.get());
        }
    }

    @Test
    void aCloseEndsTheWait() throws Exception {
        CompletableFuture<Boolean> wait = await(null);
        Thread.sleep(100);
        event.cancel();
        assertFalse(wait.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
}
