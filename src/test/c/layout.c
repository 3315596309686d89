/*
 * The constants of the headers, one per line, for LayoutTest to compare with the Java library: layouts of shared memory,
 * limits of time and of loops, and messages. layout_posix.c and layout_windows.c include this.
 *
 *     layout facts NAME    prints "CLASS.FIELD VALUE" for each constant, after it has created objects of this name
 *     layout names         reads names, one a line, and prints for each the name without its namespace, or BAD_NAME
 *
 * CLASS.FIELD is the constant of the library that has the same meaning. A text is in hexadecimal digits, a time in
 * nanoseconds.
 */
#include "../../main/c/sharedregion.h"

#include <stdlib.h>

#define FACT(field, value) printf("%s %" PRId64 "\n", field, (int64_t)(value))

static void text(const char *field, const void *bytes, size_t length)
{
    printf("%s ", field);
    for (size_t i = 0; i < length; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
    printf("\n");
}

static void reasons(void)
{
    for (int reason = 0; strcmp(sr_reason_name((sr_reason)reason), "?") != 0; reason++)
        printf("Reason.%s %d\n", sr_reason_name((sr_reason)reason), reason);
}

/* The header has no constants for these: how many bytes, or characters, of a long name it takes. */
static void names(void)
{
    char name[400];
    sr_name_ checked;
    int bytes = 0, characters = 0;
    for (int length = 1; length < 300; length++) {
        memset(name, 'x', (size_t)length);
        name[length] = '\0';
        if (sr_name_init_(&checked, name, "", NULL) == SR_OK)
            bytes = length;
        memcpy(name, "Global\\", length < 7 ? (size_t)length : 7);
        if (sr_name_init_(&checked, name, "", NULL) == SR_OK)
            characters = length;
    }
    FACT("ObjectName.MAX_UTF8_BYTES", bytes);
    FACT("ObjectName.MAX_CHARS", characters);
    text("Side.WRITING", sr_suffix_[SR_SERVER_], strlen(sr_suffix_[SR_SERVER_]));
    text("Side.READING", sr_suffix_[SR_CLIENT_], strlen(sr_suffix_[SR_CLIENT_]));
    FACT("Side.WRITING.ordinal", SR_SERVER_);
    FACT("Side.READING.ordinal", SR_CLIENT_);
}

/* What a wait, an attempt or a loop takes at most. */
static void limits(void)
{
    FACT("Backoff.SHORTEST_PAUSE_NANOS", SR_PAUSE_);
    FACT("Backoff.LONGEST_SLEEP_MILLIS", SR_OPEN_PAUSE_ / SR_MILLIS(1));
    FACT("OperatingSystem.RACES_NANOS", SR_OPEN_OR_CREATE_TIME_);
    FACT("PairOpener.EVENT_IN_USE_NANOS", SR_EVENT_IN_USE_TIME_);
    FACT("Parking.FIRST_SLEEP_NANOS", SR_FIRST_SLEEP_);
    FACT("Parking.LONGEST_SLEEP_NANOS", SR_LONGEST_SLEEP_);
    FACT("Succession.LOOK_NANOS", SR_LOOK_TIME_);
    FACT("Parking.UNPARK_NANOS", SR_UNPARK_TIME_);
    FACT("Succession.LONGEST_WAKING_NANOS", SR_WAKING_TIME_);
    FACT("HandOver.MOST_TRIES", SR_MOST_TRIES_);
    FACT("Spinner.SPIN_NANOS", SR_SPIN_TIME_);
    FACT("Spinner.LONG_SPIN_NANOS", SR_LONG_SPIN_TIME_);
    FACT("PairRequest.DEFAULT_SPIN", SR_SPIN_DEFAULT);
    FACT("Spinner.PAUSES", SR_SPIN_PAUSES_);
    FACT("Pauses.BETWEEN_TRIES", SR_BETWEEN_TRIES_);
    FACT("Pauses.BEFORE_TRIES", SR_BEFORE_TRIES_);
    FACT("Pauses.SHORT_NANOS", SR_SHORT_STRETCH_);
    FACT("Pauses.MOST_SLOW", SR_MOST_SLOW_);
    FACT("Pauses.STRETCH", SR_STRETCH_);
    FACT("Pauses.STRETCHES", SR_STRETCHES_);
    FACT("SpinTime.MOST_MISSES", SR_SPIN_MISSES_);
    FACT("SpinTime.RETRY", SR_SPIN_RETRY_);
    FACT("SpinTime.FEWEST_WAITS", SR_SPIN_WAITS_);
    FACT("SpinTime.MOST_WAITS", SR_SPIN_MOST_WAITS_);
    FACT("SpinTime.FORGIVEN", SR_SPIN_FORGIVEN_);
    FACT("LockSteps.FIRST_SLEEP_NANOS", SR_LOCK_FIRST_SLEEP_);
    FACT("LockSteps.LONGEST_SLEEP_NANOS", SR_LOCK_LONGEST_SLEEP_);
    FACT("LockSteps.LOOK_NANOS", SR_LOCK_LOOK_TIME_);
    FACT("LockSteps.MOST_TRIES", SR_LOCK_MOST_TRIES_);
    FACT("LockSpin.SHORTEST_PAUSE_NANOS", SR_LOCK_SHORTEST_PAUSE_);
    FACT("LockSpin.LONGEST_PAUSE_NANOS", SR_LOCK_LONGEST_PAUSE_);
    FACT("LockSpin.SPIN_NANOS", SR_LOCK_SPIN_TIME_);
    FACT("LockSpin.SOON_NANOS", SR_LOCK_SOON_);
    FACT("LatestOptions.DEFAULT_SLOTS", SR_LATEST_SLOTS);
    FACT("Table.MOST_TRIES", SR_LATEST_MOST_TRIES_);
    FACT("Waiting.LOOKS", SR_LATEST_LOOKS_);
    FACT("Waiting.PAUSES", SR_LATEST_PAUSES_);
    FACT("Waiting.LONGEST_SLEEP_NANOS", SR_LATEST_LONGEST_SLEEP_);
    FACT("Waiting.FIRST_PAUSE_NANOS", SR_LATEST_FIRST_PAUSE_);
    FACT("Waiting.LONGEST_PAUSE_NANOS", SR_LATEST_LONGEST_PAUSE_);
    FACT("Waiting.PLACE_NANOS", SR_LATEST_PLACE_TIME_);
    FACT("Sleeper.SPIN_NANOS", SR_SLEEPER_SPIN_TIME_);
    FACT("Sleeper.SETTLING_NANOS", SR_SLEEPER_SETTLING_TIME_);
    FACT("Sleeper.LONGEST_SLEEP_NANOS", SR_SLEEPER_LONGEST_SLEEP_);
    FACT("ChannelReader.DEATH_NANOS", SR_DEATH_TIME_);
#if defined(_WIN32)
    FACT("ProcessSlot.MOST_RACES", SR_MOST_OWNER_RACES_);
#else
    FACT("ShmObject.REMOVAL_NANOS", SR_REMOVAL_TIME_);
    FACT("ShmObject.OPEN_NANOS", SR_OPEN_TIME_);
    FACT("FutexEvent.MOST_RACES", SR_MOST_EVENT_RACES_);
#endif
}

/* The reason and the message of each code that the header knows. All codes of both systems are smaller than 2000. */
static void errors(void)
{
    sr_error error;
    for (int code = 1; code < 2000; code++)
        if (sr_failed_(&error, "open region", "x", "call", code) != SR_SYSTEM_ERROR)
            printf("Error.%d %s %s\n", code, sr_reason_name(error.reason), error.message);
}

/* The first 8 bytes of a block. CLASS is the library's layout. */
static uint16_t header(const char *class_name, const void *block)
{
    char field[64];
    uint16_t version;
    memcpy(&version, (const char *)block + 6, sizeof version);
    snprintf(field, sizeof field, "%s.MAGIC_VALUE", class_name);
    text(field, block, 6);
    snprintf(field, sizeof field, "%s.VERSION_VALUE", class_name);
    FACT(field, version);
    return version;
}

static int block(const char *name)
{
    sr_pair pair;
    sr_region region;
    sr_error error;
    sr_name_ pairs;
    if (sr_pair_create(&pair, name, SR_SPIN_DEFAULT, &error) != SR_OK
        || sr_name_init_(&pairs, name, ".pair", &error) != SR_OK
        || sr_region_open(&region, pairs.full, SR_READ_ONLY, SR_BLOCK_SIZE_, &error) != SR_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    uint16_t version = header("PairBlockLayout", region.memory);
    sr_region_close(&region);
    sr_pair_close(&pair);

    FACT("PairBlockLayout.MAGIC", offsetof(sr_block_, header));
    FACT("PairBlockLayout.VERSION", offsetof(sr_block_, header) + 6);
    FACT("PairBlockLayout.TURN", offsetof(sr_block_, turn));
    FACT("PairBlockLayout.WRITING_PLACE", offsetof(sr_block_, place) + SR_SERVER_ * sizeof(sr_place_));
    FACT("PairBlockLayout.READING_PLACE", offsetof(sr_block_, place) + SR_CLIENT_ * sizeof(sr_place_));
    FACT("PairBlockLayout.OWNER", offsetof(sr_place_, owner));
    FACT("PairBlockLayout.STATE", offsetof(sr_place_, state));
    FACT("PairBlockLayout.SIZE", SR_BLOCK_SIZE_);
    FACT("PairBlockLayout.TURN_SIDE", SR_TURN_SIDE_);
    FACT("PairBlockLayout.TURN_TOKEN", SR_TOKEN_);
    FACT("PairBlockLayout.TURN_COUNT", SR_TURN_COUNT_);
    FACT("PairBlockLayout.ABSENT", SR_ABSENT_);
    FACT("PairBlockLayout.ACTIVE", SR_ACTIVE_);
    FACT("PairBlockLayout.PARKED", SR_PARKED_);
    FACT("PairBlockLayout.WAKING", SR_WAKING_);
    FACT("PairBlockLayout.WOKEN", SR_WOKEN_);
    FACT("PairBlockLayout.RECALLED", SR_RECALLED_);
    FACT("PairBlockLayout.CLOSED", SR_CLOSED_);
    FACT("PairBlockLayout.DEAD", SR_DEAD_);
    FACT("PairBlockLayout.STATE_BITS", SR_STATE_MASK_);
    FACT("PairBlockLayout.GENERATION", SR_GENERATION_);
    return version == SR_BLOCK_VERSION_ ? 0 : 1;
}

static int lock_block(const char *name)
{
    sr_lock lock;
    sr_error error;
    if (sr_lock_open_or_create(&lock, name, &error) != SR_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    uint16_t version = header("LockLayout", lock.region_.memory);
    sr_lock_close(&lock);

    FACT("LockLayout.MAGIC", offsetof(sr_lock_block_, header));
    FACT("LockLayout.VERSION", offsetof(sr_lock_block_, header) + 6);
    FACT("LockLayout.WORD", offsetof(sr_lock_block_, word));
    FACT("LockLayout.FIRST_PLACE", offsetof(sr_lock_block_, place));
    FACT("LockLayout.PLACE_SIZE", sizeof(sr_lock_place_));
    FACT("LockLayout.PLACES", SR_LOCK_PLACES_);
    FACT("LockLayout.OWNER", offsetof(sr_lock_place_, owner));
    FACT("LockLayout.SIZE", SR_LOCK_SIZE_);
    FACT("LockLayout.WORD_OWNER", SR_LOCK_OWNER_MASK_);
    FACT("LockLayout.WORD_WAITERS", SR_LOCK_WAITERS_);
    FACT("LockLayout.WORD_INCONSISTENT", SR_LOCK_INCONSISTENT_);
    FACT("LockLayout.WORD_GENERATION", SR_LOCK_GENERATION_);
    return version == SR_LOCK_VERSION_ ? 0 : 1;
}

/* Where a table of these values has what, from its begin. */
static int table(const char *name)
{
    static sr_latest_writer writer;
    sr_latest_shape shape = {1, 1, SR_LATEST_FEWEST_SLOTS_, 0};
    sr_error error;
    if (sr_latest_writer_create(&writer, name, &shape, &error) != SR_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    char *memory = (char *)writer.table_.region.memory;
    char *value = (char *)sr_latest_word_(&writer.table_, 0);
    sr_latest_slot_ *slot = sr_latest_slot_at_(&writer.table_, 0, 0);
    FACT("TableLayout.FIRST_VALUE", value - memory);
    FACT("TableLayout.FIRST_SLOT", (char *)slot - value);
    FACT("TableLayout.BYTES", (char *)sr_latest_bytes_(slot) - (char *)slot);
    int right = header("TableLayout", memory) == SR_LATEST_VERSION_
        && header("NewerLayout", writer.newer_) == SR_NEWER_VERSION_;
    sr_latest_writer_close(&writer);

    FACT("TableLayout.MAGIC", offsetof(sr_latest_header_, header));
    FACT("TableLayout.VERSION", offsetof(sr_latest_header_, header) + 6);
    FACT("TableLayout.COUNT", offsetof(sr_latest_header_, count));
    FACT("TableLayout.SIZE", offsetof(sr_latest_header_, size));
    FACT("TableLayout.SLOTS", offsetof(sr_latest_header_, slots));
    FACT("TableLayout.SCHEMA", offsetof(sr_latest_header_, schema));
    FACT("TableLayout.OWNER", offsetof(sr_latest_header_, owner));
    FACT("TableLayout.NEWEST", offsetof(sr_latest_header_, newest));
    FACT("TableLayout.LATEST", 0);
    FACT("TableLayout.SEQUENCE", offsetof(sr_latest_slot_, sequence));
    FACT("TableLayout.TIME", offsetof(sr_latest_slot_, time));
    FACT("TableLayout.LINE", SR_LATEST_LINE_);
    FACT("TableLayout.LATEST_SLOT", SR_LATEST_SLOT_);
    FACT("TableLayout.LATEST_VERSION_SHIFT", SR_LATEST_VERSION_SHIFT_);
    FACT("TableLayout.FEWEST_SLOTS", SR_LATEST_FEWEST_SLOTS_);
    FACT("TableLayout.MOST_SLOTS", SR_LATEST_MOST_SLOTS_);
    FACT("TableLayout.MOST_VALUES", SR_LATEST_MOST_VALUES_);
    FACT("TableLayout.LARGEST_SIZE", SR_LATEST_LARGEST_SIZE_);
    FACT("NewerLayout.MAGIC", offsetof(sr_newer_block_, header));
    FACT("NewerLayout.VERSION", offsetof(sr_newer_block_, header) + 6);
    FACT("NewerLayout.WAITING", offsetof(sr_newer_block_, waiting));
    FACT("NewerLayout.FIRST_PLACE", offsetof(sr_newer_block_, place));
    FACT("NewerLayout.PLACE_SIZE", sizeof(sr_newer_place_));
    FACT("NewerLayout.PLACES", SR_NEWER_PLACES_);
    FACT("NewerLayout.OWNER", offsetof(sr_newer_place_, owner));
    FACT("NewerLayout.WANTED", offsetof(sr_newer_place_, wanted));
    FACT("NewerLayout.SIZE", SR_NEWER_SIZE_);
    return right ? 0 : 1;
}

/* Where a channel of one sender has what, from its begin. */
static int channel(const char *name)
{
    sr_sender sender;
    sr_channel_shape shape = {SR_CHANNEL_LEAST_CAPACITY_, 1, 0};
    sr_error error;
    if (sr_sender_create(&sender, name, &shape, &error) != SR_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    char *memory = (char *)sender.channel_.region.memory;
    FACT("MessageLayout.LANE_SIZE", (char *)sender.lane_ - memory);
    int right = sender.ring_ - memory == SR_CHANNEL_ALIGNMENT_;
    right = header("MessageLayout", memory) == SR_CHANNEL_VERSION_ && right;
    sr_sender_close(&sender);

    FACT("MessageLayout.MAGIC", offsetof(sr_channel_header_, header));
    FACT("MessageLayout.VERSION", offsetof(sr_channel_header_, header) + 6);
    FACT("MessageLayout.CAPACITY", offsetof(sr_channel_header_, capacity));
    FACT("MessageLayout.SENDERS", offsetof(sr_channel_header_, senders));
    FACT("MessageLayout.SCHEMA", offsetof(sr_channel_header_, schema));
    FACT("MessageLayout.RECEIVERS", offsetof(sr_channel_header_, receivers));
    FACT("MessageLayout.LOSSY_SHIFT", SR_CHANNEL_LOSSY_SHIFT_);
    FACT("MessageLayout.MOST_RECEIVERS", SR_CHANNEL_MOST_RECEIVERS_);
    FACT("MessageLayout.RECEIVER", offsetof(sr_channel_header_, owner));
    FACT("MessageLayout.RECEIVER_ASLEEP", offsetof(sr_channel_header_, asleep));
    FACT("MessageLayout.USED", offsetof(sr_channel_header_, used));
    FACT("MessageLayout.LANE_OWNER", offsetof(sr_lane_header_, owner));
    FACT("MessageLayout.LANE_UNFINISHED", offsetof(sr_lane_header_, unfinished));
    FACT("MessageLayout.LANE_FULL", offsetof(sr_lane_header_, full));
    FACT("MessageLayout.LANE_TAIL", offsetof(sr_lane_header_, tail));
    FACT("MessageLayout.LANE_HEAD", offsetof(sr_lane_header_, head));
    FACT("MessageLayout.LANE_ASLEEP", offsetof(sr_lane_header_, asleep));
    FACT("MessageLayout.RINGS_ALIGNMENT", SR_CHANNEL_ALIGNMENT_);
    FACT("MessageLayout.LINE", SR_CHANNEL_LINE_);
    FACT("MessageLayout.LEAST_CAPACITY", SR_CHANNEL_LEAST_CAPACITY_);
    FACT("MessageLayout.MOST_CAPACITY", SR_CHANNEL_MOST_CAPACITY_);
    FACT("MessageLayout.MOST_SENDERS", SR_CHANNEL_MOST_SENDERS_);
    FACT("MessageLayout.HEADER_SIZE", sizeof(sr_record_header_));
    FACT("MessageLayout.HEADER_LENGTH", offsetof(sr_record_header_, kind_and_length));
    FACT("MessageLayout.HEADER_TYPE", offsetof(sr_record_header_, type));
    FACT("MessageLayout.KIND_SHIFT", SR_RECORD_KIND_SHIFT_);
    FACT("MessageLayout.WHOLE", SR_WHOLE_);
    FACT("MessageLayout.FIRST", SR_FIRST_);
    FACT("MessageLayout.MIDDLE", SR_MIDDLE_);
    FACT("MessageLayout.LAST", SR_LAST_);
    FACT("MessageLayout.PADDING", SR_PADDING_);
    FACT("MessageLayout.UNFINISHED_RECORD", SR_UNFINISHED_RECORD_);
    FACT("MessageLayout.UNFINISHED_PARTS", SR_UNFINISHED_PARTS_);
    FACT("MessageLayout.UNFINISHED_POSITION_SHIFT", SR_UNFINISHED_POSITION_SHIFT_);
    FACT("MessageLayout.UNFINISHED_ABORTED_SHIFT", SR_UNFINISHED_ABORTED_SHIFT_);
    return right ? 0 : 1;
}

#if !defined(_WIN32)
/* The content that an event of these flags begins with. */
static int event(const char *name, int flags, sr_event_layout_ *content, mode_t *mode)
{
    sr_event made;
    sr_error error;
    if (sr_event_create(&made, name, flags, &error) != SR_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    *content = *made.layout_;
    *mode = made.object_.stat.st_mode;
    sr_event_close(&made);
    return 0;
}

static int linux_objects(const char *name)
{
    sr_event_layout_ set, manual;
    sr_region region;
    sr_error error;
    mode_t mode;
    if (event(name, SR_INITIALLY_SET, &set, &mode) != 0 || event(name, SR_MANUAL_RESET, &manual, &mode) != 0)
        return 1;
    if (sr_region_create(&region, name, 64, &error) != SR_OK) {
        printf("%s\n", error.message);
        return 1;
    }
    FACT("mode.event", mode);
    FACT("mode.region", region.object_.stat.st_mode);
    sr_region_close(&region);

    FACT("FutexEventLayout.MAGIC", offsetof(sr_event_layout_, magic));
    FACT("FutexEventLayout.VERSION", offsetof(sr_event_layout_, version));
    FACT("FutexEventLayout.FLAGS", offsetof(sr_event_layout_, flags));
    FACT("FutexEventLayout.STATE", offsetof(sr_event_layout_, state));
    FACT("FutexEventLayout.RELEASES", offsetof(sr_event_layout_, releases));
    FACT("FutexEventLayout.SIZE", SR_EVENT_SIZE_);
    text("FutexEventLayout.MAGIC_VALUE", sr_event_magic_, sizeof set.magic);
    FACT("FutexEventLayout.VERSION_VALUE", set.version);
    FACT("FutexEventLayout.MANUAL_RESET", manual.flags);
    FACT("FutexEventLayout.SET", set.state);
    FACT("FutexEventLayout.LOOK_UP", SR_LOOK_UP_);

    FACT("AliasLayout.MAGIC", offsetof(sr_alias_layout_, magic));
    FACT("AliasLayout.VERSION", offsetof(sr_alias_layout_, version));
    FACT("AliasLayout.FLAGS", offsetof(sr_alias_layout_, flags));
    FACT("AliasLayout.REGION_SIZE", offsetof(sr_alias_layout_, size));
    FACT("AliasLayout.DEVICE", offsetof(sr_alias_layout_, device));
    FACT("AliasLayout.INODE", offsetof(sr_alias_layout_, inode));
    FACT("AliasLayout.PATH", offsetof(sr_alias_layout_, path));
    FACT("AliasLayout.SIZE", SR_ALIAS_SIZE_);
    text("AliasLayout.MAGIC_VALUE", sr_alias_magic_, sizeof set.magic);
    FACT("AliasLayout.VERSION_VALUE", SR_ALIAS_VERSION_);
    FACT("AliasLayout.WRITABLE", SR_ALIAS_WRITABLE_);
    return set.state == SR_SIGNAL_ && set.version == SR_EVENT_VERSION_ ? 0 : 1;
}
#else
static int linux_objects(const char *name)
{
    (void)name;
    return 0;
}
#endif

static int check_names(void)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        sr_name_ checked;
        line[strcspn(line, "\r\n")] = '\0';
        printf("%s\n", sr_name_init_(&checked, line, "", NULL) == SR_OK ? checked.base : "BAD_NAME");
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "names") == 0)
        return check_names();
    if (argc != 3 || strcmp(argv[1], "facts") != 0)
        return 2;
    reasons();
    names();
    limits();
    errors();
    return block(argv[2]) | lock_block(argv[2]) | table(argv[2]) | channel(argv[2]) | linux_objects(argv[2]);
}
