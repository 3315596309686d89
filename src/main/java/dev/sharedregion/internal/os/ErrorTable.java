package dev.sharedregion.internal.os;

import dev.sharedregion.internal.os.Failure.Reason;
import java.util.List;

/** Turns the codes of one system into failures. */
public final class ErrorTable {
    /** What the library knows about one code. */
    public record Entry(int code, String name, Reason reason, String hint) {}

    private final List<Entry> entries;

    public ErrorTable(Entry... entries) {
        this.entries = List.of(entries);
    }

    public List<Entry> entries() {
        return entries;
    }

    /**
     * The failure of a system call.
     *
     * @param call the function that failed
     */
    public Failure failure(Operation operation, String call, int code) {
        Entry entry = find(code);
        boolean named = !entry.name().isEmpty();
        return operation.failure(
                entry.reason(),
                call + " failed with " + (named ? entry.name() + " (" + code + ")" : "error " + code) + ". " + entry.hint()
                        + ".",
                code,
                entry.name());
    }

    private Entry find(int code) {
        for (Entry entry : entries) {
            if (entry.code() == code) {
                return entry;
            }
        }
        return new Entry(code, "", Reason.SYSTEM_ERROR, "Look the code up in the system's documentation");
    }
}
