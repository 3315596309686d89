package dev.sharedregion.cli;

import dev.sharedregion.SharedMemoryException;
import dev.sharedregion.TelemetryReader.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What is shown of a region while it changes. */
interface Watched extends AutoCloseable {
    /** How long what has changed stands out. */
    long HIGHLIGHT_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    /** Reads what is there now. */
    Result read();

    /** Returns true if the last read has found something new. */
    boolean isChanged();

    /** Waits until there is something new or the time has passed. */
    boolean await(Duration time) throws InterruptedException;

    /** Returns why the region cannot be opened. */
    Optional<SharedMemoryException> problem();

    /** Returns what is watched, for people. */
    String title();

    /** Returns what has changed, in a line. */
    String line();

    /** Returns what has changed, for programs: the fields of a JSON object. */
    Map<String, Object> fields();

    /** Returns the state as lines, in which what has changed stands out. */
    List<String> lines();

    @Override
    void close();
}
