package telemetry;

/**
 * A car that goes round. All values follow from the time. They are related, so that a reader can tell a whole copy from
 * a torn one: the engine's speed in rpm is 2000 + 120 for each km/h above the least speed of the gear, which is 50 km/h
 * for each gear but the first.
 *
 * @param update counts from 1
 * @param seconds the time since the start
 */
public record Lap(int update, double seconds) {
    static final String TRACK = "Fake Ring";
    static final String DRIVER = "Fake Driver";
    static final String CAR = "Fake GT3";

    private static final double LAP_SECONDS = 90;

    /** From one corner to the next. */
    private static final double STRAIGHT_SECONDS = 15;

    private static final double TANK = 100;

    private double phase() {
        return 2 * Math.PI * seconds / STRAIGHT_SECONDS;
    }

    /** In km/h. */
    double speed() {
        return 175 - 115 * Math.cos(phase());
    }

    /** In m/s. */
    double metresPerSecond() {
        return speed() / 3.6;
    }

    int gear() {
        return 1 + (int) (speed() / 50);
    }

    /** In revolutions a minute. */
    double rpm() {
        return 2000 + 120 * (speed() - 50 * (gear() - 1));
    }

    /** In radians a second. */
    double radiansPerSecond() {
        return rpm() * 2 * Math.PI / 60;
    }

    /** From 0 to 1. */
    double throttle() {
        return Math.max(0, Math.sin(phase()));
    }

    /** From 0 to 1. */
    double brake() {
        return Math.max(0, -Math.sin(phase()));
    }

    /** In litres. */
    double fuel() {
        return TANK - seconds * 0.03 % TANK;
    }

    /** The number of the lap, from 1. */
    int number() {
        return 1 + (int) (seconds / LAP_SECONDS);
    }

    /** The part of the lap that the car has completed, from 0 to 1. */
    double distance() {
        return seconds % LAP_SECONDS / LAP_SECONDS;
    }

    /** In metres from the centre of the track. */
    double x() {
        return 500 * Math.cos(2 * Math.PI * distance());
    }

    /** In metres from the centre of the track. */
    double z() {
        return 500 * Math.sin(2 * Math.PI * distance());
    }
}
