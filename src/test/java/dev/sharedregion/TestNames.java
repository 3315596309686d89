package dev.sharedregion;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test, and no other run of the tests on this machine, uses. */
final class TestNames {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private TestNames() {}

    static String unique() {
        return "sharedregion-test-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();
    }
}
