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
        Entry entry = entry(code);
        String shown = entry.name().isEmpty() ? "error " + code : entry.name() + " (" + code + ")";
        String why = call + " failed with " + shown + ". " + entry.hint() + ".";
        return operation.failure(entry.reason(), why, code, entry.name());
    }

    private Entry entry(int code) {
        for (Entry known : entries) {
            if (known.code() == code) {
                return known;
            }
        }
        return new Entry(code, "", Reason.SYSTEM_ERROR, "Look the code up in the system's documentation");
    }
}
