/*
 * What the references on Linux and Windows have in common: the payload, the turn, the loops and the statistics.
 *
 *     round_trip ask c-spin|c-tuned|c-parked numbers|copies NAME WARMUP_MILLIS MEASURE_MILLIS BATCH
 *     round_trip answer c-spin|c-tuned|c-parked numbers|copies NAME
 *
 * The asker makes the shared memory, says "ready NAME", and measures; the answerer is started after that line.
 * PAYLOAD_BYTES is defined on the command line of the compiler: the bytes of the payload, a multiple of 64.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGS = PAYLOAD_BYTES / 8, HEADER = 8, PAGE = 4096, MAX_SAMPLES = 1 << 22 };

/* So that there is a loop for each mode and load, in which they are constants. */
#define INLINE static inline __attribute__((always_inline))

/* The payload that ends a run. */
#define END UINT64_MAX

enum side { ASKER, ANSWERER };

/*
 * SPIN is the plain way. TUNED looks less often, so that it does not pull the line away from the side that writes to it, and
 * stores with a fence: of what was tried (0 to 12 pauses of 13 ns, with and without a fence) the fastest.
 */
enum mode { SPIN, TUNED, PARKED };

enum { TUNED_PAUSES = 4 };

/* As Numbers and Copies in Java. */
enum load { NUMBERS, COPIES };

enum { BLOCKS = 4 };

static const uint64_t FACTOR = 0x9E3779B97F4A7C15;

/* As an event on Linux has it; Windows keeps its events in the kernel. */
struct event {
    _Alignas(128) _Atomic uint32_t state;
    _Atomic int32_t releases;
};

/* Like the library's: the turn apart from all, and the payload at the beginning of a page. */
struct shared {
    _Alignas(128) _Atomic uint32_t turn;
    _Alignas(PAGE) uint64_t payload[HEADER + LONGS]; /* copies have a header: number, checksum, and the rest of a line */
    struct event events[2]; /* each is the one on which that side waits */
    _Alignas(128) _Atomic uint32_t pids[2];
};

static _Noreturn void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* What each system brings. */
static uint64_t nanos(void);
static struct shared *map(enum side me, const char *name);
static void unmap(enum side me, const char *name);
static void set_event(enum side of);
static void await_event(enum side me);

static struct shared *shared;

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

INLINE void hand_over(enum side to, enum mode mode)
{
    if (mode == PARKED)
        set_event(to);
    else if (mode == TUNED)
        atomic_store_explicit(&shared->turn, to, memory_order_seq_cst);
    else
        atomic_store_explicit(&shared->turn, to, memory_order_release);
}

INLINE void await_turn(enum side me, enum mode mode)
{
    if (mode == PARKED) {
        await_event(me);
        return;
    }
    while (atomic_load_explicit(&shared->turn, memory_order_acquire) != me)
        for (int i = 0; i < (mode == TUNED ? TUNED_PAUSES : 1); i++)
            relax();
}

/* In the middle of a page, as Java's: a load at the address of a store, but for the page, would wait for that. */
static struct {
    _Alignas(PAGE) char before[PAGE / 2 + HEADER * 8];
    uint64_t data[LONGS];
} blocks[BLOCKS];
static uint64_t checksums[BLOCKS];

/* Four lanes, as fast as the multiplier; gcc makes no vectors of it. Not an array: that would be kept in memory. */
static uint64_t checksum(const uint64_t *data)
{
    uint64_t lane0 = 0, lane1 = 0, lane2 = 0, lane3 = 0;
    for (int i = 0; i < LONGS; i += 4) {
        lane0 = lane0 * FACTOR + data[i];
        lane1 = lane1 * FACTOR + data[i + 1];
        lane2 = lane2 * FACTOR + data[i + 2];
        lane3 = lane3 * FACTOR + data[i + 3];
    }
    return lane0 + 3 * lane1 + 5 * lane2 + 7 * lane3;
}

static void make_blocks(void)
{
    for (int block = 0; block < BLOCKS; block++) {
        for (uint64_t i = 0; i < LONGS; i++)
            blocks[block].data[i] = (8 * i + block + 1) * FACTOR;
        checksums[block] = checksum(blocks[block].data);
    }
}

INLINE void write_payload(uint64_t number, enum load load)
{
    if (load == COPIES) {
        shared->payload[0] = number;
        shared->payload[1] = checksums[number % BLOCKS] + number;
        memcpy(shared->payload + HEADER, blocks[number % BLOCKS].data, PAYLOAD_BYTES);
        return;
    }
    for (int i = 0; i < LONGS; i++)
        shared->payload[i] = number + i;
}

/* The payload's number; whether it is whole. */
INLINE uint64_t read_payload(bool *whole, enum load load)
{
    uint64_t number = shared->payload[0];
    uint64_t wrong = 0;
    if (load == COPIES)
        wrong = checksum(shared->payload + HEADER) + number - shared->payload[1];
    else
        for (int i = 0; i < LONGS; i++)
            wrong |= shared->payload[i] ^ (number + i);
    *whole = wrong == 0;
    return number;
}

INLINE void round_trip(uint64_t number, enum mode mode, enum load load)
{
    write_payload(number, load);
    hand_over(ANSWERER, mode);
    await_turn(ASKER, mode);
}

static int compare(const void *left, const void *right)
{
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

/* Runs for a time; what each round trip of a batch took, on average, is a sample. */
INLINE long run(uint64_t *number, enum mode mode, enum load load, uint64_t duration, int batch, double *samples)
{
    long count = 0;
    uint64_t begin = nanos();
    uint64_t end;
    do {
        uint64_t start = nanos();
        for (int i = 0; i < batch; i++)
            round_trip((*number)++, mode, load);
        end = nanos();
        samples[count++] = (double)(end - start) / batch;
    } while (end - begin < duration && count < MAX_SAMPLES);
    return count;
}

static double percentile(const double *sorted, long count, double percent)
{
    long at = (long)(count * percent / 100);
    return sorted[at < count ? at : count - 1];
}

INLINE void ask(enum mode mode, enum load load, uint64_t warmup, uint64_t measure, int batch)
{
    double *samples = malloc(MAX_SAMPLES * sizeof *samples);
    if (samples == NULL || batch < 1)
        fail("No memory, or no batch");
    uint64_t number = 0;
    round_trip(number++, mode, load); /* waits until the other process is there */
    run(&number, mode, load, warmup, batch, samples);
    long count = run(&number, mode, load, measure, batch, samples);
    qsort(samples, count, sizeof *samples, compare);
    printf("result samples=%ld min=%.1f p50=%.1f", count, samples[0], percentile(samples, count, 50));
    if (batch > 1) { /* a mean of many hides a slow one */
        count = run(&number, mode, load, measure, 1, samples);
        qsort(samples, count, sizeof *samples, compare);
    }
    round_trip(END, mode, load);
    printf(" p90=%.1f p99=%.1f p99.9=%.1f max=%.1f\n", percentile(samples, count, 90), percentile(samples, count, 99),
            percentile(samples, count, 99.9), samples[count - 1]);
    free(samples);
}

INLINE void answer(enum mode mode, enum load load)
{
    for (uint64_t expected = 0;; expected++) {
        await_turn(ANSWERER, mode);
        bool whole;
        uint64_t number = read_payload(&whole, load);
        if (!whole || (number != expected && number != END))
            fail("Round trip %" PRIu64 " brought another payload, %" PRIu64, expected, number);
        hand_over(ASKER, mode);
        if (number == END)
            return;
    }
}

INLINE void side(bool asking, enum mode mode, enum load load, uint64_t warmup, uint64_t measure, int batch)
{
    if (asking)
        ask(mode, load, warmup, measure, batch);
    else
        answer(mode, load);
}

static enum mode mode_of(const char *name)
{
    static const char *const NAMES[] = {"c-spin", "c-tuned", "c-parked"};
    for (enum mode mode = SPIN; mode <= PARKED; mode++)
        if (strcmp(name, NAMES[mode]) == 0)
            return mode;
    fail("There is no \"%s\"", name);
}

static enum load load_of(const char *name)
{
    if (strcmp(name, "numbers") != 0 && strcmp(name, "copies") != 0)
        fail("There is no \"%s\"", name);
    return name[0] == 'n' ? NUMBERS : COPIES;
}

int main(int argc, char **argv)
{
    bool asking = argc == 8 && strcmp(argv[1], "ask") == 0;
    if (!asking && (argc != 5 || strcmp(argv[1], "answer") != 0))
        fail("Usage: round_trip ask|answer c-spin|c-tuned|c-parked numbers|copies NAME"
                " [WARMUP_MILLIS MEASURE_MILLIS BATCH]");

    enum mode mode = mode_of(argv[2]);
    enum load load = load_of(argv[3]);
    if (load == COPIES && mode != SPIN)
        fail("Copies are handed over by c-spin alone");
    enum side me = asking ? ASKER : ANSWERER;
    make_blocks();
    shared = map(me, argv[4]);
    if (asking) {
        printf("ready %s\n", argv[4]);
        fflush(stdout);
    }
    uint64_t warmup = asking ? strtoull(argv[5], NULL, 10) * 1000000 : 0;
    uint64_t measure = asking ? strtoull(argv[6], NULL, 10) * 1000000 : 0;
    int batch = asking ? atoi(argv[7]) : 0;
    if (mode == SPIN && load == NUMBERS)
        side(asking, SPIN, NUMBERS, warmup, measure, batch);
    else if (mode == SPIN)
        side(asking, SPIN, COPIES, warmup, measure, batch);
    else if (mode == TUNED)
        side(asking, TUNED, NUMBERS, warmup, measure, batch);
    else
        side(asking, PARKED, NUMBERS, warmup, measure, batch);
    unmap(me, argv[4]);
    return 0;
}
