/*
 * The reference for frames: copies them into a ring of four slots in shared memory, and reads them there, as Arrivals.java does.
 *
 *     frames receive c-frames NAME WARMUP_MILLIS MEASURE_MILLIS
 *     frames send c-frames NAME SENDER
 *
 * The receiver makes the region, says "ready", and measures from the first frame on; the sender is started after that line. In
 * the end the receiver says "result RATE": frames a second. Then the harness closes the sender's input.
 */
#include "../../main/c/sharedregion.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { FRAME = 1920 * 1080 * 3, LINE = 64, SLOTS = 4 };

/* The number of the frame that ends a run. */
#define LAST UINT64_MAX

struct shared {
    _Alignas(128) _Atomic uint64_t written;
    _Alignas(128) _Atomic uint64_t read;
    _Alignas(4096) uint64_t slots[SLOTS][FRAME / sizeof(uint64_t)];
};

static sr_error error;
static sr_region region;
static struct shared *shared;
static uint64_t frame[FRAME / sizeof(uint64_t)];

static _Noreturn void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

static void make_frame(void)
{
    for (uint64_t i = 1; i < FRAME / sizeof(uint64_t); i++)
        frame[i] = (8 * i + 1) * 0x9E3779B97F4A7C15;
}

/* The first word of each line but the first one. */
static uint64_t sum_of(const uint64_t *words)
{
    uint64_t sum = 0;
    for (int i = LINE / 8; i < FRAME / 8; i += LINE / 8)
        sum += words[i];
    return sum;
}

static void await(_Atomic uint64_t *position, uint64_t least)
{
    while (atomic_load_explicit(position, memory_order_acquire) < least)
        sr_relax_();
}

/* Returns false at the last one. */
static bool receive(uint64_t number, uint64_t sum)
{
    const uint64_t *slot = shared->slots[number % SLOTS];
    await(&shared->written, number + 1);
    if (sum_of(slot) != sum || (slot[0] != number && slot[0] != LAST))
        fail("A frame is damaged");
    bool more = slot[0] != LAST;
    atomic_store_explicit(&shared->read, number + 1, memory_order_release);
    return more;
}

static void send(uint64_t number, uint64_t word)
{
    if (number >= SLOTS)
        await(&shared->read, number + 1 - SLOTS);
    frame[0] = word;
    memcpy(shared->slots[number % SLOTS], frame, FRAME);
    atomic_store_explicit(&shared->written, number + 1, memory_order_release);
}

static double rate(uint64_t *number, uint64_t sum, int64_t millis)
{
    uint64_t first = *number;
    int64_t begin = sr_now(), now = begin;
    for (; now - begin < SR_MILLIS(millis); now = sr_now())
        receive((*number)++, sum);
    return (double)(*number - first) * 1e9 / (double)(now - begin);
}

static void receive_all(int64_t warmup, int64_t measure)
{
    uint64_t number = 0, sum = sum_of(frame);
    printf("ready\n");
    fflush(stdout);
    receive(number++, sum);
    rate(&number, sum, warmup);
    printf("result %f\n", rate(&number, sum, measure));
    fflush(stdout);
    while (receive(number++, sum))
        ;
}

/* Until the input ends. */
static void send_all(void)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    uint64_t number = 0;
    for (; poll(&input, 1, 0) == 0; number++)
        send(number, number);
    send(number, LAST);
}

int main(int argc, char **argv)
{
    bool receives = argc == 6 && strcmp(argv[1], "receive") == 0;
    if (!receives && argc != 5)
        fail("Usage: frames receive c-frames NAME WARMUP_MILLIS MEASURE_MILLIS, or frames send c-frames NAME SENDER");
    sr_reason reason = receives ? sr_region_create(&region, argv[3], sizeof(struct shared), &error)
                                : sr_region_open(&region, argv[3], SR_READ_WRITE, sizeof(struct shared), &error);
    if (reason != SR_OK)
        fail(error.message);
    shared = (struct shared *)region.memory;
    make_frame();
    alarm(600); /* nobody else ends it if the harness is killed */
    if (receives)
        receive_all(atoll(argv[4]), atoll(argv[5]));
    else
        send_all();
    sr_region_close(&region);
    return 0;
}
