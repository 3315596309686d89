package telemetry;

/** Acts as a program that publishes its data. For one thread. */
public interface Producer extends AutoCloseable {
    /** Returns how many times a second the program writes. */
    double rate();

    /** Writes the car's state in the order in which the program writes it. */
    void write(Lap lap);

    /** Ends as the program does. */
    @Override
    void close();
}
