package telemetry;

import java.nio.ByteBuffer;
import java.util.List;

/** The telemetry of one vehicle as rFactor 2 and Le Mans Ultimate publish it ({@code TelemInfoV01}). */
final class IsiVehicle {
    static final int SIZE = 1888;

    private static final int ID = 0;
    private static final int ELAPSED_TIME = 12;
    private static final int LAP_NUMBER = 20;
    private static final int VEHICLE_NAME = 32;
    private static final int TRACK_NAME = 96;
    private static final int NAME_LENGTH = 64;
    private static final int POSITION = 160;

    /** Three doubles, of which the third points to the back of the vehicle. */
    private static final int VELOCITY = 184;

    private static final int GEAR = 352;
    private static final int RPM = 356;
    private static final int THROTTLE = 388;
    private static final int BRAKE = 396;
    private static final int FUEL = 524;

    private IsiVehicle() {}

    static int id(ByteBuffer memory, int vehicle) {
        return memory.getInt(vehicle + ID);
    }

    static List<Row> rows(ByteBuffer memory, int vehicle) {
        double x = memory.getDouble(vehicle + VELOCITY);
        double y = memory.getDouble(vehicle + VELOCITY + Double.BYTES);
        double z = memory.getDouble(vehicle + VELOCITY + 2 * Double.BYTES);
        return List.of(
                new Row("track", Text.get(memory, vehicle + TRACK_NAME, NAME_LENGTH)),
                new Row("car", Text.get(memory, vehicle + VEHICLE_NAME, NAME_LENGTH)),
                Row.of("lap", "%d", memory.getInt(vehicle + LAP_NUMBER)),
                Row.of("speed", "%.1f km/h", Math.sqrt(x * x + y * y + z * z) * 3.6),
                Row.of("engine", "%.0f rpm", memory.getDouble(vehicle + RPM)),
                Row.of("gear", "%d", memory.getInt(vehicle + GEAR)),
                Row.of("fuel", "%.2f l", memory.getDouble(vehicle + FUEL)));
    }

    static void put(ByteBuffer memory, int vehicle, int id, Lap lap) {
        memory.putInt(vehicle + ID, id);
        memory.putDouble(vehicle + ELAPSED_TIME, lap.seconds());
        memory.putInt(vehicle + LAP_NUMBER, lap.number());
        Text.put(memory, vehicle + VEHICLE_NAME, Lap.CAR);
        Text.put(memory, vehicle + TRACK_NAME, Lap.TRACK);
        memory.putDouble(vehicle + POSITION, lap.x());
        memory.putDouble(vehicle + POSITION + 2 * Double.BYTES, lap.z());
        memory.putDouble(vehicle + VELOCITY + 2 * Double.BYTES, -lap.metresPerSecond());
        memory.putInt(vehicle + GEAR, lap.gear());
        memory.putDouble(vehicle + RPM, lap.rpm());
        memory.putDouble(vehicle + THROTTLE, lap.throttle());
        memory.putDouble(vehicle + BRAKE, lap.brake());
        memory.putDouble(vehicle + FUEL, lap.fuel());
    }
}
