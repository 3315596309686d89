/*
 * A user of a table for the tests, made of sharedregion.h; latest_posix.c and latest_windows.c include it.
 *
 *     latest write NAME COUNT SIZE SLOTS PAUSE   writes to random values of the table NAME until it is ended
 *     latest read NAME                           reads all values until it is ended
 *     latest ask write NAME COUNT SIZE           becomes the writer, and then does one command a line of standard input
 *     latest ask read NAME                       the same as a reader
 *
 * PAUSE, in microseconds, is the longest of random pauses. The values are those of Whole.java, and their numbers the
 * versions: LatestWorker.java does the same. Each says "ready", and what was wrong.
 *
 * A writer's commands are "set INDEX NUMBER", "update INDEX NUMBER", which adds to the number, and "begin INDEX"; it
 * answers OK or the reason's name. A reader's are "read INDEX" ("VERSION NUMBER"), "version INDEX", "age INDEX" (in
 * nanoseconds), "await INDEX VERSION MILLIS", and "state" (ALIVE, CLOSED or DIED); INDEX is -1 for any.
 */
#include "../../main/c/sharedregion.h"

#include <stdlib.h>

static sr_error error;
static sr_latest_writer writer;
static sr_latest_reader reader;

static void say(const char *notice)
{
    printf("%s\n", notice);
    fflush(stdout);
}

static int failed(void)
{
    printf("%s: %s\n", sr_reason_name(error.reason), error.message);
    fflush(stdout);
    return 1;
}

/* The words of a value after the first, which is its number. AT is in bytes. */
static uint64_t word(uint64_t number, uint64_t at) { return (number + at) * 0x9e3779b97f4a7c15u; }

static void fill(uint64_t *value, uint64_t size, uint64_t number)
{
    value[0] = number;
    for (uint64_t i = 1; i < size / 8; i++)
        value[i] = word(number, i * 8);
}

static bool is_whole(const uint64_t *value, uint64_t size)
{
    for (uint64_t i = 1; i < size / 8; i++)
        if (value[i] != word(value[0], i * 8))
            return false;
    return true;
}

static uint64_t *memory_for(const sr_latest_shape *shape)
{
    uint64_t *memory = (uint64_t *)calloc((size_t)shape->size, 1);
    if (memory == NULL)
        abort();
    return memory;
}

static void pause_at_random(int64_t longest)
{
    int64_t micros = longest == 0 ? 0 : rand() % (longest + 1);
    if (micros != 0)
        sr_pause_(micros * 1000);
}

static sr_reason write_once(uint64_t *value, uint64_t index)
{
    uint64_t number = writer.version_ + 1;
    void *bytes;
    if (number % 4 != 0) {
        fill(value, writer.shape.size, number);
        return sr_latest_set(&writer, index, value, &error);
    }
    sr_reason reason = sr_latest_begin(&writer, index, &bytes, &error);
    if (reason != SR_OK)
        return reason;
    fill((uint64_t *)bytes, writer.shape.size, number);
    return sr_latest_publish(&writer, &error);
}

static int keep_writing(const char *name, const sr_latest_shape *shape, int64_t pause)
{
    if (sr_latest_writer_open_or_create(&writer, name, shape, &error) != SR_OK)
        return failed();
    uint64_t *value = memory_for(shape);
    srand((unsigned)sr_now());
    say("ready");
    while (write_once(value, (uint64_t)rand() % shape->count) == SR_OK)
        pause_at_random(pause);
    return failed();
}

static int keep_reading(const char *name)
{
    if (sr_latest_reader_open(&reader, name, 0, 0, &error) != SR_OK)
        return failed();
    uint64_t *value = memory_for(&reader.shape), *versions = (uint64_t *)calloc((size_t)reader.shape.count, 8), version;
    say("ready");
    for (uint64_t index = 0; versions != NULL; index = (index + 1) % reader.shape.count) {
        if (sr_latest_read(&reader, index, value, &version, &error) != SR_OK)
            return failed();
        if (version < versions[index]
            || (version != 0 && (version != value[0] || !is_whole(value, reader.shape.size)))) {
            printf("WRONG: value %" PRIu64 " of version %" PRIu64 " begins with %" PRIu64 ", after version %" PRIu64
                   "\n",
                index, version, value[0], versions[index]);
            fflush(stdout);
            return 1;
        }
        versions[index] = version;
    }
    return 1;
}

static sr_reason update(uint64_t index, uint64_t number)
{
    void *bytes;
    sr_reason reason = sr_latest_begin(&writer, index, &bytes, &error);
    if (reason != SR_OK)
        return reason;
    fill((uint64_t *)bytes, writer.shape.size, *(uint64_t *)bytes + number);
    return sr_latest_publish(&writer, &error);
}

static sr_reason do_write(uint64_t *value, const char *command, uint64_t index, uint64_t number)
{
    void *bytes;
    if (strcmp(command, "update") == 0)
        return update(index, number);
    if (strcmp(command, "begin") == 0)
        return sr_latest_begin(&writer, index, &bytes, &error);
    fill(value, writer.shape.size, number);
    return sr_latest_set(&writer, index, value, &error);
}

static void do_read(uint64_t *value, const char *command, uint64_t index, uint64_t wanted, int64_t millis)
{
    static const char *const states[] = {"ALIVE", "CLOSED", "DIED"};
    uint64_t version = 0;
    int64_t age = 0;
    sr_reason reason = SR_OK;
    if (strcmp(command, "await") == 0)
        say(sr_reason_name(sr_latest_await_newer(&reader, index, wanted, SR_MILLIS(millis), &error)));
    else if (strcmp(command, "state") == 0)
        say(states[sr_latest_state(&reader)]);
    else if (strcmp(command, "version") == 0)
        printf("%" PRIu64 "\n", sr_latest_version(&reader, index));
    else if (strcmp(command, "age") == 0 && (reason = sr_latest_age(&reader, index, &age, &error)) == SR_OK)
        printf("%" PRId64 "\n", age);
    else if (reason == SR_OK && (reason = sr_latest_read(&reader, index, value, &version, &error)) == SR_OK)
        printf("%" PRIu64 " %" PRIu64 "%s\n", version, value[0],
            version == 0 || is_whole(value, reader.shape.size) ? "" : " TORN");
    if (reason != SR_OK)
        say(sr_reason_name(reason));
    fflush(stdout);
}

static int answer(const sr_latest_shape *shape, bool writes)
{
    char line[80], command[20];
    uint64_t *value = memory_for(shape);
    say("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        int64_t index = 0, millis = 0;
        uint64_t number = 0;
        sscanf(line, "%19s %" SCNd64 " %" SCNu64 " %" SCNd64, command, &index, &number, &millis);
        if (writes)
            say(sr_reason_name(do_write(value, command, (uint64_t)index, number)));
        else
            do_read(value, command, (uint64_t)index, number, millis);
    }
    free(value);
    return 0;
}

static int ask_write(const char *name, const sr_latest_shape *shape)
{
    if (sr_latest_writer_open_or_create(&writer, name, shape, &error) != SR_OK)
        return failed();
    int status = answer(&writer.shape, true);
    sr_latest_writer_close(&writer);
    return status;
}

static int ask_read(const char *name)
{
    if (sr_latest_reader_open(&reader, name, 0, 0, &error) != SR_OK)
        return failed();
    int status = answer(&reader.shape, false);
    sr_latest_reader_close(&reader);
    return status;
}

int main(int argc, char **argv)
{
    sr_latest_shape shape = {0, 0, 0, 0};
    bool asked = argc > 3 && strcmp(argv[1], "ask") == 0;
    if (argc > 4) {
        shape.count = (uint64_t)atoll(argv[asked ? 4 : 3]);
        shape.size = (uint64_t)atoll(argv[asked ? 5 : 4]);
    }
    if (argc == 7 && strcmp(argv[1], "write") == 0) {
        shape.slots = (uint64_t)atoll(argv[5]);
        return keep_writing(argv[2], &shape, atoll(argv[6]));
    }
    if (argc == 3 && strcmp(argv[1], "read") == 0)
        return keep_reading(argv[2]);
    if (argc == 6 && asked && strcmp(argv[2], "write") == 0)
        return ask_write(argv[3], &shape);
    if (argc == 4 && asked && strcmp(argv[2], "read") == 0)
        return ask_read(argv[3]);
    fprintf(stderr, "Usage: latest write NAME COUNT SIZE SLOTS PAUSE | read NAME | ask write NAME COUNT SIZE | "
                    "ask read NAME\n");
    return 2;
}
