/*
 * Publishes prices, a thousand changes a second, or prints the newest ones: LatestPrices.java in C. Each of the two is
 * a writer for, or a reader of, the other, and of python/latest_reader.py.
 *
 *     cc -O2 -o prices latest_prices.c
 *     ./prices write|read [NAME [NUMBER]]
 */
#include "../../src/main/c/sharedregion.h"

#include <stdlib.h>

typedef struct {
    char symbol[16]; /* ASCII, filled up with zeros */
    double price;
    int64_t changes;
} value;

static value prices[] = {{"BTC-USD", 64000, 0}, {"EUR-USD", 1.08, 0}, {"USD-CNY", 7.25, 0}, {"XAU-USD", 2400, 0}};

static const char *const states[] = {"ALIVE", "CLOSED", "DIED"};

static void sleep_for_a_millisecond(void)
{
#if defined(_WIN32)
    Sleep(1);
#else
    usleep(1000);
#endif
}

static int failed(const sr_error *error)
{
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

static int publish(const char *name, int64_t changes)
{
    sr_error error;
    static sr_latest_writer writer;
    sr_latest_shape shape = {sizeof prices / sizeof *prices, sizeof(value), 0, 0};

    /* Continues the table of a writer that has ended, or was killed, while readers have it open. */
    if (sr_latest_writer_open_or_create(&writer, name, &shape, &error) != SR_OK)
        return failed(&error);
    printf("Publishing the table \"%s\".\n", name);
    fflush(stdout);
    for (int64_t change = 1; change <= changes; change++) {
        uint64_t index = (uint64_t)change % shape.count;
        prices[index].price *= 1 + ((double)rand() / RAND_MAX - 0.5) / 5000;
        prices[index].changes = change;
        if (sr_latest_set(&writer, index, &prices[index], &error) != SR_OK)
            return failed(&error);
        sleep_for_a_millisecond();
    }
    sr_latest_writer_close(&writer);
    return 0;
}

/* Prints so many prices, each the newest one when it is printed. */
static int print(sr_latest_reader *reader, uint64_t *printed, int64_t count)
{
    sr_error error;
    value newest;
    uint64_t seen = 0, version;
    while (count > 0) {
        sr_reason reason = sr_latest_await_newer(reader, SR_LATEST_ANY, seen, SR_SECONDS(1), &error);
        if (reason == SR_TIMED_OUT) {
            int writer = sr_latest_state(reader);
            if (writer == SR_WRITER_ALIVE)
                continue;
            printf("No new price for a second. The writer: %s.\n", states[writer]);
            return 0;
        }
        if (reason != SR_OK)
            return failed(&error);
        seen = sr_latest_version(reader, SR_LATEST_ANY);
        for (uint64_t index = 0; index < reader->shape.count && count > 0; index++) {
            if (sr_latest_read(reader, index, &newest, &version, &error) != SR_OK)
                return failed(&error);
            if (version > printed[index]) {
                printf("%.16s %.4f (version %" PRIu64 ")\n", newest.symbol, newest.price, version);
                fflush(stdout);
                printed[index] = version;
                count--;
            }
        }
    }
    return 0;
}

static int show(const char *name, int64_t count)
{
    sr_error error;
    sr_latest_reader reader;
    if (sr_latest_reader_open(&reader, name, 0, SR_SECONDS(30), &error) != SR_OK)
        return failed(&error);
    uint64_t *printed = (uint64_t *)calloc((size_t)reader.shape.count, sizeof *printed);
    int status = 1;
    if (reader.shape.size != sizeof(value) || printed == NULL)
        fprintf(stderr, "The table \"%s\" has values of %" PRIu64 " bytes, which are no prices.\n", name,
            reader.shape.size);
    else
        status = print(&reader, printed, count);
    free(printed);
    sr_latest_reader_close(&reader);
    return status;
}

int main(int argc, char **argv)
{
    const char *name = argc > 2 ? argv[2] : "prices";
    int64_t number = argc > 3 ? atoll(argv[3]) : INT64_MAX;
    if (argc > 1 && strcmp(argv[1], "write") == 0)
        return publish(name, number);
    if (argc > 1 && strcmp(argv[1], "read") == 0)
        return show(name, number);
    fprintf(stderr, "Usage: prices write|read [NAME [NUMBER]]\n");
    return 1;
}
