package dev.sharedregion.internal.telemetry;

/**
 * The rule by which a reader can tell a whole copy of a producer's data from a torn one. Called by one thread at a
 * time. The producer is another program: any word can have any value at any time.
 */
public interface CopyProtocol extends AutoCloseable {
    /**
     * Makes one attempt to copy.
     *
     * @throws dev.sharedregion.internal.os.Failure if the memory cannot be read as this rule needs it
     */
    Attempt attempt(SourceMemory memory, Copies copies);

    /** The rule by which to find out whether there is something newer: one that changes nothing for the producer. */
    default CopyProtocol forLooking() {
        return this;
    }

    /** Frees what the rule holds of the system. */
    @Override
    default void close() {}
}
