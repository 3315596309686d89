/*
 * The C side of the example Native: receives numbered turns of 64 bytes from NativeServer, which is in Java, checks
 * every one, and says how fast they came and how it ended.
 *
 *     cc -O2 -o client client.c
 *     ./client [NAME [SECONDS]]    waits so long for the server, 30 seconds without it
 */
#include "../../src/main/c/sharedregion.h"

#include <stdlib.h>

enum { NUMBERS = 8 };

/* Instead of a number: that was all. */
static const int64_t END = -1;

/* Whether all 8 numbers are this one. */
static bool is_turn(const volatile int64_t *numbers, int64_t turn)
{
    for (int i = 0; i < NUMBERS; i++)
        if (numbers[i] != turn)
            return false;
    return true;
}

static int receive(sr_pair *pair, const volatile int64_t *numbers)
{
    sr_error error;
    int64_t turns = 0;
    int64_t start = 0;
    sr_reason reason;

    /* The time is for a server that cannot be watched, because it uses the two events and nothing else. */
    while ((reason = sr_pair_await_written(pair, SR_SECONDS(10), &error)) == SR_OK && numbers[0] != END) {
        if (turns == 0)
            start = sr_now();
        turns++;
        if (!is_turn(numbers, turns)) {
            fprintf(stderr, "Turn %" PRId64 " arrived damaged.\n", turns);
            return 1;
        }
        sr_pair_signal_read(pair, &error);
    }
    double seconds = (double)(sr_now() - start) / 1e9;
    if (reason == SR_OK)
        sr_pair_signal_read(pair, &error);
    if (turns > 0)
        printf("%" PRId64 " turns of 64 bytes in %.2f s: %.0f round trips per second.\n", turns, seconds,
            (double)turns / seconds);
    if (reason == SR_OK)
        printf("The server has sent all it had.\n");
    else
        printf("%s: %s\n", sr_reason_name(reason), error.message); /* CLOSED, PEER_DIED or TIMED_OUT */
    return reason == SR_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "native";
    int64_t patience = SR_SECONDS(argc > 2 ? atoi(argv[2]) : 30);
    sr_error error;
    sr_pair pair;
    sr_region region;

    if (sr_pair_open(&pair, name, patience, SR_SPIN_DEFAULT, &error) != SR_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    /* The server has made the region before the pair. */
    if (sr_region_open(&region, name, SR_READ_ONLY, NUMBERS * sizeof(int64_t), &error) != SR_OK) {
        fprintf(stderr, "%s\n", error.message);
        sr_pair_close(&pair);
        return 1;
    }
    int status = receive(&pair, (const volatile int64_t *)region.memory);
    sr_pair_close(&pair);
    sr_region_close(&region);
    return status;
}
