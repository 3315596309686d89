/*
 * The actions of a side before and after each change of the block. There are none, unless a test has asked for one of
 * the actions below. The changes have the names of src/docs/handshake.md. sharedregion.h includes this before its
 * parts for owner slots and pairs, so that they change the block through the functions here. Steps.java and
 * SteppedBlock.java are the same in Java.
 */
#include <stdlib.h>

enum {
    STEPS_HOLD = 1, /* says so and waits for the line "go"; once */
    STEPS_TELL,     /* says so; once */
    STEPS_SPOIL     /* changes the word before, so that the change fails; again and again */
};

static struct {
    int me;
    int count;
    struct {
        int action;
        char step[40]; /* "before NAME", "after NAME"; or "NAME", to spoil it */
    } entry[8];
} steps;

static void steps_set(int action, const char *step)
{
    if (steps.count == 8 || strlen(step) >= sizeof steps.entry[0].step)
        abort();
    steps.entry[steps.count].action = action;
    strcpy(steps.entry[steps.count++].step, step);
}

static void steps_clear(void) { steps.count = 0; }

static bool steps_is_spoiled(const char *change)
{
    for (int i = 0; i < steps.count; i++)
        if (steps.entry[i].action == STEPS_SPOIL && strcmp(steps.entry[i].step, change) == 0)
            return true;
    return false;
}

static void steps_at(const char *when, const char *change)
{
    char step[40], line[40];
    snprintf(step, sizeof step, "%s %s", when, change);
    for (int i = 0; i < steps.count; i++) {
        int action = steps.entry[i].action;
        if (strcmp(steps.entry[i].step, step) != 0)
            continue;
        steps.entry[i] = steps.entry[--steps.count];
        printf("%s\n", step);
        fflush(stdout);
        if (action == STEPS_HOLD && (fgets(line, sizeof line, stdin) == NULL || strncmp(line, "go", 2) != 0))
            exit(3);
        return;
    }
}

/* The place in the block of a word. The block begins at a page. */
static size_t steps_place(const void *word) { return (uintptr_t)word % SR_BLOCK_SIZE_; }

static const char *steps_change64(const uint64_t *word, uint64_t from, uint64_t to)
{
    if (steps_place(word) == offsetof(sr_block_, header))
        return NULL;
    if (steps_place(word) != offsetof(sr_block_, turn))
        return to == 0 ? "left" : "place";
    if ((to & SR_TOKEN_) != 0)
        return "token";
    if ((int)(to & SR_TURN_SIDE_) == steps.me)
        return "claim";
    return (int)(from & SR_TURN_SIDE_) == steps.me ? "turn" : "again";
}

static const char *steps_change32(const uint32_t *word, uint32_t from, uint32_t to)
{
    static const char *const names[] = {
        "absent", "active", "parked", "waking", "woken", "recalled", "closed", "dead"};
    size_t mine = offsetof(sr_block_, place) + (size_t)steps.me * sizeof(sr_place_) + offsetof(sr_place_, state);
    if (steps_place(word) == mine && from / SR_GENERATION_ != to / SR_GENERATION_)
        return "entered";
    return names[to & SR_STATE_MASK_];
}

static inline void steps_store64(uint64_t *word, uint64_t value)
{
    const char *change = steps_change64(word, sr_load64_(word), value);
    if (strcmp(change, "place") != 0)
        steps_at("before", change);
    sr_store64_(word, value);
    steps_at("after", change);
}

static inline bool steps_cas64(uint64_t *word, uint64_t from, uint64_t to)
{
    const char *change = steps_change64(word, from, to);
    if (change == NULL)
        return sr_cas64_(word, from, to);
    if (strcmp(change, "place") != 0)
        steps_at("before", change);
    if (steps_is_spoiled(change))
        sr_store64_(word, sr_load64_(word) + 4);
    bool changed = sr_cas64_(word, from, to);
    if (changed)
        steps_at("after", change);
    return changed;
}

static inline void steps_store32(uint32_t *word, uint32_t value)
{
    const char *change = steps_change32(word, sr_load32_(word), value);
    steps_at("before", change);
    sr_store32_(word, value);
    steps_at("after", change);
}

static inline uint32_t steps_exchange32(uint32_t *word, uint32_t value)
{
    const char *change = steps_change32(word, sr_load32_(word), value);
    steps_at("before", change);
    uint32_t before = sr_exchange32_(word, value);
    steps_at("after", change);
    return before;
}

static inline bool steps_cas32(uint32_t *word, uint32_t from, uint32_t to)
{
    const char *change = steps_change32(word, from, to);
    steps_at("before", change);
    if (steps_is_spoiled(change))
        sr_store32_(word, sr_load32_(word) + SR_GENERATION_);
    bool changed = sr_cas32_(word, from, to);
    if (changed)
        steps_at("after", change);
    return changed;
}

#define sr_store64_ steps_store64
#define sr_cas64_ steps_cas64
#define sr_store32_ steps_store32
#define sr_exchange32_ steps_exchange32
#define sr_cas32_ steps_cas32

/* Before a place is taken: on Linux that is a lock, on Windows it begins with a look at one's own owner field. */
#if defined(_WIN32)
static inline uint64_t steps_load64(const uint64_t *word)
{
    if (steps_place(word) == offsetof(sr_block_, place) + (size_t)steps.me * sizeof(sr_place_))
        steps_at("before", "place");
    return sr_load64_(word);
}
#define sr_load64_ steps_load64
#else
static inline int steps_fcntl(int fd, int command, struct flock *lock)
{
    if (command == F_OFD_SETLK && lock->l_type == F_WRLCK)
        steps_at("before", "place");
    return fcntl(fd, command, lock);
}
#define fcntl(fd, command, lock) steps_fcntl(fd, command, lock)
#endif
