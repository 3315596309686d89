/*
 * What the references of the life cycle on Linux and Windows have in common: the protocol, the loops, the statistics, and
 * the pairs, which are those of sharedregion.h: the same steps as Java's. It expects a definition of struct region:
 * what a region has while it is open.
 *
 *     life_cycle
 *
 * reads lines "WHAT STEP SIZE OTHERS WARMUP_MILLIS MEASURE_MILLIS NAME" and answers each with a line "result ...": of
 * REGION, LAZY_REGION, USED_REGION or PAIR, CREATE or OPEN and the close together, while so many other regions are open.
 */
#include "sharedregion.h"

#include <stdlib.h>

enum { MAX_SAMPLES = 1 << 20, NAME_SIZE = 200, OTHERS_SIZE = 4096 };

/* What each system brings: the calls of the library, in its order; of its checks only those that make calls. */
static void allow_many(void);
static void region_create(struct region *region, const char *name, uint64_t size, bool lazy);
static void region_open(struct region *region, const char *name);
static void region_close(struct region *region);

struct life_case {
    char what[32], step[32], name[NAME_SIZE];
    uint64_t size;
    int others, warmup, measure;
    struct region *region;
};

static _Noreturn void fail(const char *what, long code)
{
    fprintf(stderr, "%s failed: %ld\n", what, code);
    exit(1);
}

static bool is(const char *left, const char *right) { return strcmp(left, right) == 0; }

static void pair_once(const struct life_case *c)
{
    sr_pair pair;
    sr_error error;
    sr_reason reason = is(c->step, "CREATE") ? sr_pair_create(&pair, c->name, SR_SPIN_DEFAULT, &error)
                                             : sr_pair_open(&pair, c->name, 0, SR_SPIN_DEFAULT, &error);
    if (reason != SR_OK)
        fail(error.message, reason);
    sr_pair_close(&pair);
}

static void region_once(const struct life_case *c)
{
    if (is(c->step, "CREATE"))
        region_create(c->region, c->name, c->size, is(c->what, "LAZY_REGION"));
    else
        region_open(c->region, c->name);
    if (is(c->what, "USED_REGION"))
        *(volatile int64_t *)c->region->memory = 1;
    region_close(c->region);
}

static int compare(const void *left, const void *right)
{
    int64_t difference = *(const int64_t *)left - *(const int64_t *)right;
    return (difference > 0) - (difference < 0);
}

/* Runs for a time, once at least. */
static long run(const struct life_case *c, int millis, int64_t *samples)
{
    void (*once)(const struct life_case *) = is(c->what, "PAIR") ? pair_once : region_once;
    long count = 0;
    int64_t begin = sr_now();
    int64_t end;
    do {
        int64_t start = sr_now();
        once(c);
        end = sr_now();
        samples[count++] = end - start;
    } while (end - begin < SR_MILLIS(millis) && count < MAX_SAMPLES);
    return count;
}

static double percentile(const int64_t *sorted, long count, double percent)
{
    long at = (long)(count * percent / 100);
    return (double)sorted[at < count ? at : count - 1];
}

static void measure(const struct life_case *c, int64_t *samples)
{
    run(c, c->warmup, samples);
    long count = run(c, c->measure, samples);
    qsort(samples, count, sizeof *samples, compare);
    printf("result samples=%ld min=%.1f p50=%.1f p90=%.1f p99=%.1f p99.9=%.1f max=%.1f\n", count, (double)samples[0],
        percentile(samples, count, 50), percentile(samples, count, 90), percentile(samples, count, 99),
        percentile(samples, count, 99.9), (double)samples[count - 1]);
    fflush(stdout);
}

/* With all that has to be there before. */
static void measure_among_others(struct life_case *c, int64_t *samples)
{
    struct region *others = calloc(c->others + 2, sizeof *others);
    if (others == NULL)
        fail("calloc", 0);
    char name[NAME_SIZE + 16];
    for (int i = 0; i < c->others; i++) {
        snprintf(name, sizeof name, "%s-%d", c->name, i);
        region_create(&others[i], name, OTHERS_SIZE, false);
    }
    c->region = &others[c->others];
    struct region *opened = &others[c->others + 1];
    if (is(c->step, "CREATE")) {
        measure(c, samples);
    } else if (is(c->what, "PAIR")) {
        sr_pair pair;
        sr_error error;
        if (sr_pair_create(&pair, c->name, SR_SPIN_DEFAULT, &error) != SR_OK)
            fail(error.message, error.reason);
        measure(c, samples);
        sr_pair_close(&pair);
    } else {
        region_create(opened, c->name, c->size, true);
        measure(c, samples);
        region_close(opened);
    }
    for (int i = 0; i < c->others; i++)
        region_close(&others[i]);
    free(others);
}

int main(void)
{
    int64_t *samples = malloc(MAX_SAMPLES * sizeof *samples);
    struct life_case c;
    char line[512];
    if (samples == NULL)
        fail("malloc", 0);
    allow_many();
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%31s %31s %" SCNu64 " %d %d %d %199s", c.what, c.step, &c.size, &c.others, &c.warmup,
                &c.measure, c.name) != 7)
            fail(line, 0);
        measure_among_others(&c, samples);
    }
    free(samples);
    return 0;
}
