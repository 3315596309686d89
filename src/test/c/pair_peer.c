/*
 * A side of a pair for the tests, made of sharedregion.h; pair_posix.c and pair_windows.c include it.
 *
 *     pair server NAME TURNS SPIN [PAUSE]    creates region and pair NAME, and hands over this many turns, 0 for no end
 *     pair client NAME TURNS SPIN [PAUSE]    opens them, and receives as many
 *     pair hold NAME                         creates region and pair NAME, until its standard input ends
 *     pair ask server|client NAME [SPOILED]  creates or opens the pair NAME, then does one command a line of standard
 *                                            input, and answers with the reason's name: "await MILLIS", "signal",
 *                                            "spoil SPOILED"
 *
 * SPIN is in nanoseconds, -1 for the default. PAUSE, in microseconds, is the longest of random pauses between the
 * turns. A turn is 64 bytes, its number 8 times. Notices are lines on standard output: "ready", "PEER_DIED 1234" and
 * "CLOSED 1234" with the time in milliseconds, "resumed" when a successor has come, "done", or what was wrong. The exit
 * status is 0 for "done", 1 otherwise.
 *
 * SPOILED is "block" or "events": every compare-and-swap there fails, as if another program had just written to it.
 *
 * The region also says what has been done, for successors, and for a test that kills at any moment: see the structure.
 */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char *spoiled = "";

/* Blocks and events begin at a page; these are the turn and the states, and an event's state and releases. */
static inline bool is_spoiled(const void *word)
{
    uintptr_t place = (uintptr_t)word & 4095;
    return (strncmp(spoiled, "block", 5) == 0 && (place == 128 || place == 264 || place == 392))
        || (strncmp(spoiled, "events", 6) == 0 && (place == 16 || place == 20));
}

/* Adds a change of the turn, a generation of a state, or an event's call to look up. */
#define __atomic_compare_exchange_n(word, from, to, weak, success, failure) \
    (is_spoiled(word) ? (*(word) += 8, false)                               \
                      : __atomic_compare_exchange_n(word, from, to, weak, success, failure))

#include "../../main/c/sharedregion.h"

#include <stdlib.h>

enum { NUMBERS = 8, REGION_SIZE = 4096 };

typedef struct {
    uint64_t turn[NUMBERS];
    char reserved1[192 - 64];
    volatile uint64_t written; /* the number of the turn that was written last; by the server, before it signals */
    char reserved2[192 - 8];
    volatile uint64_t seen;  /* the number of the turn that was received last; by the client, before it signals */
    volatile uint64_t again; /* how often a client received a turn that another had not acknowledged */
} content;

static sr_error error;

static int64_t millis(void) { return sr_now() / 1000000; }

static void say(const char *notice)
{
    printf("%s\n", notice);
    fflush(stdout);
}

static int wrong(const char *what, uint64_t number, const content *region)
{
    printf(
        "WRONG: %s: %" PRIu64 ", written %" PRIu64 ", seen %" PRIu64 "\n", what, number, region->written, region->seen);
    fflush(stdout);
    return 1;
}

static int failed(void)
{
    printf("%s: %s\n", sr_reason_name(error.reason), error.message);
    fflush(stdout);
    return 1;
}

static void pause_at_random(int64_t longest)
{
    int64_t micros = longest == 0 ? 0 : rand() % (longest + 1);
    if (micros == 0)
        return;
    if (rand() % 2 == 0) {
        sr_pause_(micros * 1000); /* the peer parks */
        return;
    }
    for (int64_t until = sr_now() + micros * 1000; sr_now() < until;)
        sr_relax_(); /* about as long as the peer looks before it parks */
}

/* Awaits the turn; a peer that is gone is reported once, and waited for again until a successor has come. */
static sr_reason await_turn(sr_pair *pair, bool server)
{
    bool told = false;
    for (;;) {
        sr_reason reason = server ? sr_pair_await_read(pair, SR_SECONDS(30), &error)
                                  : sr_pair_await_written(pair, SR_SECONDS(30), &error);
        if (reason == SR_OK && told)
            say("resumed");
        if (reason != SR_PEER_DIED && reason != SR_CLOSED)
            return reason;
        if (!told) {
            printf("%s %" PRId64 "\n", sr_reason_name(reason), millis());
            fflush(stdout);
        }
        told = true;
        sr_pause_(1000000);
    }
}

static int serve(sr_pair *pair, content *region, uint64_t turns, int64_t pause)
{
    bool succeeds = true;
    for (uint64_t i = 0; turns == 0 || i < turns; i++) {
        bool awaits = !sr_pair_has_turn(pair);
        if (awaits && await_turn(pair, true) != SR_OK)
            return failed();
        /* Acknowledged is what was received; only a predecessor may have died before it signalled what it had written.
         */
        uint64_t seen = region->seen, written = region->written;
        if (seen != written && (awaits || !succeeds || seen != written - 1))
            return wrong("the server's turn", i, region);
        succeeds = false;
        for (int j = 0; j < NUMBERS; j++)
            region->turn[j] = seen + 1;
        region->written = seen + 1;
        pause_at_random(pause);
        sr_pair_signal_written(pair, &error);
    }
    if (turns != 0 && await_turn(pair, true) != SR_OK)
        return failed();
    say("done");
    return 0;
}

static int receive(sr_pair *pair, content *region, uint64_t turns, int64_t pause)
{
    bool succeeds = true;
    for (uint64_t i = 0; turns == 0 || i < turns; i++) {
        if (await_turn(pair, false) != SR_OK)
            return failed();
        uint64_t number = region->turn[0], seen = region->seen;
        for (int j = 1; j < NUMBERS; j++)
            if (region->turn[j] != number)
                return wrong("a torn turn", number, region);
        if (number != region->written || (number != seen + 1 && !(succeeds && number == seen)))
            return wrong("the client's turn", number, region);
        if (number == seen)
            region->again = region->again + 1;
        succeeds = false;
        region->seen = number;
        pause_at_random(pause);
        sr_pair_signal_read(pair, &error);
    }
    say("done");
    return 0;
}

static sr_reason answer(sr_pair *pair, bool server, const char *command)
{
    if (strncmp(command, "spoil ", 6) == 0) {
        spoiled = command[6] == 'b' ? "block" : command[6] == 'e' ? "events" : "";
        return SR_OK;
    }
    if (strncmp(command, "signal", 6) == 0)
        return server ? sr_pair_signal_written(pair, &error) : sr_pair_signal_read(pair, &error);
    int64_t timeout = SR_MILLIS(atoll(command + 6));
    return server ? sr_pair_await_read(pair, timeout, &error) : sr_pair_await_written(pair, timeout, &error);
}

static int ask(bool server, const char *name)
{
    sr_pair pair;
    char command[80];
    if ((server ? sr_pair_create(&pair, name, SR_SPIN_DEFAULT, &error)
                : sr_pair_open(&pair, name, SR_SECONDS(30), SR_SPIN_DEFAULT, &error))
        != SR_OK)
        return failed();
    say("ready");
    while (fgets(command, sizeof command, stdin) != NULL)
        say(sr_reason_name(answer(&pair, server, command)));
    sr_pair_close(&pair);
    return 0;
}

static int run(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "ask") == 0) {
        spoiled = argc > 4 ? argv[4] : "";
        return ask(strcmp(argv[2], "server") == 0, argv[3]);
    }

    sr_pair pair;
    sr_region region;
    bool holds = argc == 3 && strcmp(argv[1], "hold") == 0;
    bool server = holds || (argc > 4 && strcmp(argv[1], "server") == 0);
    bool client = argc > 4 && strcmp(argv[1], "client") == 0;

    if (!server && !client) {
        fprintf(stderr,
            "Usage: pair server|client NAME TURNS SPIN [PAUSE] | hold NAME | ask server|client NAME [SPOILED]\n");
        return 2;
    }
    uint64_t turns = holds ? 0 : (uint64_t)atoll(argv[3]);
    int64_t spin = holds ? SR_SPIN_DEFAULT : atoll(argv[4]);
    int64_t pause = argc > 5 ? atoll(argv[5]) : 0;
    if (server) {
        /* The region of a predecessor stays as long as its client. */
        if (sr_region_open_or_create(&region, argv[2], REGION_SIZE, &error) != SR_OK)
            return failed();
        if (sr_pair_create(&pair, argv[2], spin, &error) != SR_OK) {
            sr_region_close(&region);
            return failed();
        }
    } else {
        if (sr_pair_open(&pair, argv[2], SR_SECONDS(30), spin, &error) != SR_OK)
            return failed();
        if (sr_region_open(&region, argv[2], SR_READ_WRITE, REGION_SIZE, &error) != SR_OK) {
            sr_pair_close(&pair);
            return failed();
        }
    }
    say("ready");
    srand((unsigned)sr_now());
    int status = 0;
    if (holds)
        while (getchar() != EOF)
            continue;
    else
        status = server ? serve(&pair, (content *)region.memory, turns, pause)
                        : receive(&pair, (content *)region.memory, turns, pause);
    sr_pair_close(&pair);
    sr_region_close(&region);
    return status;
}

int main(int argc, char **argv) { return run(argc, argv); }
