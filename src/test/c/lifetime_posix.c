/*
 * One of many processes that use the same few names at once and are killed at any moment: LifetimeWorker in C.
 *
 *     lifetime NAME SEED
 *
 * Creates, opens and closes the regions NAME.r0 and NAME.r1, the events NAME.e0 and NAME.e1, and the pairs NAME.p0 and
 * NAME.p1, until its standard input ends. An object that it opens must be complete, and must remain the only object of
 * its name as long as this process holds it. Says "ready" at first; "busy" when it has created, opened and been refused;
 * at the end "done" and how often it did each; or what was wrong, and then the exit status is 1.
 */
#include "../../main/c/sharedregion.h"

#include <poll.h>
#include <stdlib.h>

enum { NAMES = 2, WORDS = 512, REGION_SIZE = WORDS * 8, NAME_SIZE = 200 };

/* The words of a region: who created it, who was the first to use it. All others stay zero. */
enum { CREATOR = 0, TOKEN = 1 };

static sr_error error;
static uint64_t me, created, opened, refused;

static bool chance(int of) { return rand() % of == 0; }

static void wrong(const char *what, const char *name)
{
    printf("WRONG: %s of \"%s\"; the last error was %s %d: %s\n", what, name, sr_reason_name(error.reason), error.code,
        error.message);
    exit(1);
}

static void require(bool good, const char *what, const char *name)
{
    if (!good)
        wrong(what, name);
}

/* Whether there is an object; otherwise it was refused for one of these reasons, with this code unless that is 0. */
static bool is_open(sr_reason reason, sr_reason allowed, sr_reason allowed_too, int code, const char *name)
{
    if (reason == SR_OK)
        return true;
    require(reason == allowed || reason == allowed_too, "unexpected reason", name);
    require(code == 0 || error.code == code, "unexpected code", name);
    refused++;
    return false;
}

static void linger(void)
{
    if (chance(2))
        return;
    int64_t nanos = rand() % (chance(8) ? 2000000 : 50000);
    if (chance(2)) {
        sr_pause_(nanos);
        return;
    }
    for (int64_t until = sr_now() + nanos; sr_now() < until;)
        sr_relax_();
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The name must lead to what is held. */
static void check_name(const sr_object_ *object)
{
    struct stat there;
    require(lstat(object->path, &there) == 0, "held, and the name is gone", object->path);
    require(same_file(&there, &object->stat), "held, and the name leads to another object", object->path);
}

static void check_region(const sr_region *region, const char *name)
{
    require(region->size == REGION_SIZE, "a size", name);
    for (int i = TOKEN + 1; i < WORDS; i++)
        require(((volatile uint64_t *)region->memory)[i] == 0, "a word that is not zero", name);
}

/* Gets the region once more, which is held: it must be there, and be the same. */
static void get_region_again(const sr_region *held, const char *name)
{
    sr_region again;
    if (chance(4)) {
        require(sr_region_create(&again, name, REGION_SIZE, &error) == SR_ALREADY_EXISTS, "held, and created", name);
        return;
    }
    sr_reason reason = chance(2) ? sr_region_open(&again, name, SR_READ_ONLY, REGION_SIZE, &error)
                                 : sr_region_open_or_create(&again, name, REGION_SIZE, &error);
    require(reason == SR_OK, "held, and not opened", name);
    require(!again.created, "held, and created", name);
    require(same_file(&again.object_.stat, &held->object_.stat), "held, and another opened", name);
    check_region(&again, name);
    require(((uint64_t *)again.memory)[TOKEN] == ((uint64_t *)held->memory)[TOKEN], "another token", name);
    sr_region_close(&again);
}

static void use_region(const char *name)
{
    sr_region region;
    int how = rand() % 3;
    sr_reason reason = how == 0 ? sr_region_create(&region, name, REGION_SIZE, &error)
        : how == 1              ? sr_region_open(&region, name, SR_READ_WRITE, REGION_SIZE, &error)
                                : sr_region_open_or_create(&region, name, REGION_SIZE, &error);
    sr_reason allowed = how == 0 ? SR_ALREADY_EXISTS : how == 1 ? SR_NOT_FOUND : SR_OK;
    if (!is_open(reason, allowed, allowed, how == 0 ? EEXIST : ENOENT, name))
        return;
    uint64_t *words = (uint64_t *)region.memory;
    check_region(&region, name);
    if (region.created) {
        created++;
        require(sr_cas64_(&words[CREATOR], 0, me), "created, and not new", name);
    } else
        opened++;
    sr_cas64_(&words[TOKEN], 0, me);
    uint64_t token = sr_load64_(&words[TOKEN]);
    while (chance(2)) {
        linger();
        get_region_again(&region, name);
    }
    linger();
    check_name(&region.object_);
    require(sr_load64_(&words[TOKEN]) == token, "another token in the same region", name);
    sr_region_close(&region);
}

static void check_event(const sr_event *event, const char *name)
{
    const sr_event_layout_ *layout = event->layout_;
    require(event->object_.stat.st_size == sizeof *layout, "a size", name);
    require(memcmp(layout->magic, sr_event_magic_, sizeof layout->magic) == 0, "a magic", name);
    require(layout->version == 1 && (layout->flags & ~1) == 0, "a version or flags", name);
    for (size_t i = 0; i < sizeof layout->reserved; i++)
        require(layout->reserved[i] == 0, "a byte that is not zero", name);
}

static void open_event_again(const sr_event *held, const char *name)
{
    sr_event again;
    require(sr_event_open(&again, name, &error) == SR_OK, "held, and not opened", name);
    require(same_file(&again.object_.stat, &held->object_.stat), "held, and another opened", name);
    check_event(&again, name);
    sr_event_set(&again);
    sr_event_close(&again);
}

static void use_event(const char *name)
{
    sr_event event, again;
    bool creates = chance(2);
    sr_reason reason =
        creates ? sr_event_create(&event, name, rand() % 4, &error) : sr_event_open(&event, name, &error);
    sr_reason allowed = creates ? SR_ALREADY_EXISTS : SR_NOT_FOUND;
    if (!is_open(reason, allowed, allowed, creates ? EEXIST : ENOENT, name))
        return;
    creates ? created++ : opened++;
    check_event(&event, name);
    while (chance(2)) {
        linger();
        open_event_again(&event, name);
        require(sr_event_create(&again, name, 0, &error) == SR_ALREADY_EXISTS, "held, and created", name);
        sr_event_await(&event, rand() % 1000);
    }
    linger();
    check_name(&event.object_);
    sr_event_close(&event);
}

static void take_turns(sr_pair *pair)
{
    for (int i = rand() % 3; i > 0; i--) {
        sr_reason reason;
        if (sr_pair_has_turn(pair))
            reason = pair->me_ == SR_SERVER_ ? sr_pair_signal_written(pair, &error) : sr_pair_signal_read(pair, &error);
        else if (pair->me_ == SR_SERVER_)
            reason = sr_pair_await_read(pair, rand() % 200000, &error);
        else
            reason = sr_pair_await_written(pair, rand() % 200000, &error);
        require(reason == SR_OK || reason == SR_TIMED_OUT || reason == SR_CLOSED || reason == SR_PEER_DIED, "a turn",
            pair->name_);
    }
}

static void use_pair(const char *name)
{
    sr_pair pair, again;
    sr_region block;
    char part[NAME_SIZE + 10];
    bool server = chance(2);
    sr_reason reason = server ? sr_pair_create(&pair, name, SR_SPIN_DEFAULT, &error)
                              : sr_pair_open(&pair, name, 0, SR_SPIN_DEFAULT, &error);
    if (!is_open(reason, server ? SR_ALREADY_EXISTS : SR_NOT_FOUND, server ? SR_ALREADY_EXISTS : SR_IN_USE, 0, name))
        return;
    server ? created++ : opened++;
    while (chance(2)) {
        take_turns(&pair);
        linger();
        for (int side = 0; side < 2; side++) {
            snprintf(part, sizeof part, "%s%s", name, sr_suffix_[side]);
            open_event_again(&pair.event_[side], part);
        }
        snprintf(part, sizeof part, "%s.pair", name);
        require(sr_region_open(&block, part, SR_READ_ONLY, SR_BLOCK_SIZE_, &error) == SR_OK, "held, not opened", part);
        require(same_file(&block.object_.stat, &pair.region_.object_.stat), "held, and another opened", part);
        sr_region_close(&block);
        reason = server ? sr_pair_create(&again, name, 0, &error) : sr_pair_open(&again, name, 0, 0, &error);
        require(reason == (server ? SR_ALREADY_EXISTS : SR_IN_USE), "held, and its place taken again", name);
    }
    for (int side = 0; side < 2; side++)
        check_name(&pair.event_[side].object_);
    check_name(&pair.region_.object_);
    sr_pair_close(&pair);
}

static bool is_to_end(void)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) != 0;
}

int main(int argc, char **argv)
{
    static void (*const uses[])(const char *name) = {use_region, use_event, use_pair};
    static const char kinds[] = "rep";
    char name[NAME_SIZE];
    bool busy = false;

    if (argc != 3) {
        fprintf(stderr, "Usage: lifetime NAME SEED\n");
        return 2;
    }
    srand((unsigned)atoll(argv[2]));
    me = (uint64_t)getpid();
    printf("ready\n");
    fflush(stdout);
    while (!is_to_end()) {
        int kind = rand() % 3;
        snprintf(name, sizeof name, "%s.%c%d", argv[1], kinds[kind], rand() % NAMES);
        uses[kind](name);
        if (!busy && created > 0 && opened > 0 && refused > 0) {
            busy = true;
            printf("busy\n");
            fflush(stdout);
        }
    }
    printf("done %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", created, opened, refused);
    return 0;
}
