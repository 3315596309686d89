/*
 * A user of a lock for the tests, made of sharedregion.h; lock_posix.c and lock_windows.c include it.
 *
 *     lock work NAME INDEX [PAUSE]   acquires and releases the lock NAME until it is ended
 *     lock ask NAME                  opens the lock NAME, then does one command a line of standard input: "acquire
 *                                    MILLIS", "release", "mark", "abandoned", and answers with the reason's name, or
 *                                    true or false
 *
 * PAUSE, in microseconds, is the longest of random pauses with the lock and without it. A worker says "ready",
 * "abandoned 1234" with the time in milliseconds when it gets the lock of a holder that has died, or what was wrong.
 * INDEX is its own counter in the region NAME: see the structure.
 */
#include "../../main/c/sharedregion.h"

#include <stdlib.h>
#if defined(_WIN32)
#define SELF() ((uint64_t)GetCurrentProcessId())
#else
#define SELF() ((uint64_t)getpid())
#endif

enum { WORKERS = 8, REGION_SIZE = 4096 };

/* What the lock protects. Without the lock, or while its holder is at work, the counts differ. */
typedef struct {
    volatile uint64_t holder; /* the process that is in the section, or 0 */
    volatile uint64_t first, second;
    volatile uint64_t repairs;
    char reserved[96];
    volatile uint64_t turns[WORKERS][16]; /* of each worker, the first of 16 */
} content;

static sr_error error;

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

static int wrong(const char *what, const content *region)
{
    printf("WRONG: %s: holder %" PRIu64 ", first %" PRIu64 ", second %" PRIu64 "\n", what, region->holder,
        region->first, region->second);
    fflush(stdout);
    return 1;
}

static void pause_at_random(int64_t longest)
{
    int64_t micros = longest == 0 ? 0 : rand() % (longest + 1);
    if (micros != 0 && rand() % 2 == 0)
        sr_pause_(micros * 1000);
    else
        for (int64_t until = sr_now() + micros * 1000; micros != 0 && sr_now() < until;)
            sr_relax_();
}

static int turn(sr_lock *lock, content *region, uint64_t self, int index, int64_t pause)
{
    if (sr_lock_acquire(lock, SR_SECONDS(30), &error) != SR_OK)
        return failed();
    if (sr_lock_is_abandoned(lock)) {
        printf("abandoned %" PRId64 "\n", sr_now() / 1000000);
        fflush(stdout);
        region->holder = self;
        region->second = region->first;
        region->repairs = region->repairs + 1;
        sr_lock_mark_consistent(lock);
    } else if (region->holder != 0 || region->first != region->second) {
        return wrong("another is in the section, or a dead one was not told", region);
    }
    region->holder = self;
    region->first = region->first + 1;
    pause_at_random(pause);
    region->second = region->second + 1;
    region->turns[index][0] = region->turns[index][0] + 1;
    if (region->holder != self || region->first != region->second)
        return wrong("another came into the section", region);
    region->holder = 0;
    if (sr_lock_release(lock, &error) != SR_OK)
        return failed();
    pause_at_random(pause);
    return 0;
}

static int work(const char *name, int index, int64_t pause)
{
    sr_region region;
    sr_lock lock;
    if (sr_region_open(&region, name, SR_READ_WRITE, REGION_SIZE, &error) != SR_OK
        || sr_lock_open_or_create(&lock, name, &error) != SR_OK)
        return failed();
    srand((unsigned)sr_now());
    say("ready");
    while (turn(&lock, (content *)region.memory, SELF(), index, pause) == 0)
        continue;
    return 1;
}

static const char *answer(sr_lock *lock, const char *command)
{
    if (strncmp(command, "acquire ", 8) == 0)
        return sr_reason_name(sr_lock_acquire(lock, SR_MILLIS(atoll(command + 8)), &error));
    if (strncmp(command, "release", 7) == 0)
        return sr_reason_name(sr_lock_release(lock, &error));
    if (strncmp(command, "mark", 4) == 0)
        sr_lock_mark_consistent(lock);
    return sr_lock_is_abandoned(lock) ? "true" : "false";
}

static int ask(const char *name)
{
    sr_lock lock;
    char command[80];
    if (sr_lock_open_or_create(&lock, name, &error) != SR_OK)
        return failed();
    say("ready");
    while (fgets(command, sizeof command, stdin) != NULL)
        say(answer(&lock, command));
    sr_lock_close(&lock);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "work") == 0)
        return work(argv[2], atoi(argv[3]), argc > 4 ? atoll(argv[4]) : 0);
    if (argc == 3 && strcmp(argv[1], "ask") == 0)
        return ask(argv[2]);
    fprintf(stderr, "Usage: lock work NAME INDEX [PAUSE] | ask NAME\n");
    return 2;
}
