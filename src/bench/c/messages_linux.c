/*
 * Streams messages by the header's sender and receiver, as MessageStream.java does by the library's, and with the same checks.
 *
 *     messages SIZE SENDERS CAPACITY receive c-messages NAME WARMUP_MILLIS MEASURE_MILLIS
 *     messages SIZE SENDERS CAPACITY send c-messages NAME SENDER
 *
 * The receiver makes the channel, says "ready", and measures from the first message of each sender on; the senders are started
 * after that line. In the end the receiver says "result RATE": messages a second. Then the harness closes the senders' input.
 */
#include "../../main/c/sharedregion.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LINE = 64, MESSAGES = 1000, MOST_SENDERS = 16, SENDER_SHIFT = 48, MOST_BATCH = 256 };

/* The number of the message that ends a sender's run. */
#define LAST ((UINT64_C(1) << SENDER_SHIFT) - 1)
#define PATIENCE SR_MILLIS(30000)

static sr_error error;
static sr_receiver receiver;
static sr_sender sender;
static char *message;
static uint64_t size, senders, ring, batch, sum, count, ended;
static uint64_t next[MOST_SENDERS];
static bool crowded;
static atomic_bool closed;

static _Noreturn void fail(const char *text)
{
    fprintf(stderr, "%s\n", text);
    exit(1);
}

static void check(sr_reason reason)
{
    if (reason != SR_OK)
        fail(error.message);
}

static uint64_t word_at(const void *bytes, uint64_t at)
{
    uint64_t word;
    memcpy(&word, (const char *)bytes + at, sizeof word);
    return word;
}

/* In the middle of a page, as in Java. */
static void make_message(void)
{
    message = (char *)aligned_alloc(4096, (size + 8192) / 4096 * 4096) + 2048;
    for (uint64_t at = 0; at + 8 <= size; at += 8) {
        uint64_t word = (at + 1) * 0x9E3779B97F4A7C15;
        memcpy(message + at, &word, sizeof word);
    }
}

/* The first word of each line but the first one. */
static uint64_t sum_of(const void *bytes)
{
    uint64_t found = 0;
    for (uint64_t at = LINE; at + 8 <= size; at += LINE)
        found += word_at(bytes, at);
    return found;
}

static bool take(void *context, const sr_message *taken)
{
    (void)context;
    uint64_t word = word_at(taken->bytes, 0), from = word >> SENDER_SHIFT, number = word & LAST;
    if (taken->length != size || from >= senders || sum_of(taken->bytes) != sum
        || (number != next[from] && number != LAST))
        fail("A message is damaged or lost");
    ended += number == LAST;
    next[from]++;
    count++;
    return true;
}

static void receive(void)
{
    uint64_t taken = 0;
    if (crowded)
        check(sr_receiver_receive(&receiver, take, NULL, batch, PATIENCE, &taken, &error));
    else
        check(sr_receiver_poll(&receiver, take, NULL, batch, &taken, &error));
    if (taken == 0)
        sr_relax_();
}

static bool have_all_begun(void)
{
    for (uint64_t i = 0; i < senders; i++)
        if (next[i] == 0)
            return false;
    return true;
}

static double rate(int64_t millis)
{
    uint64_t first = count;
    int64_t begin = sr_now(), now = begin;
    for (; now - begin < SR_MILLIS(millis); now = sr_now())
        receive();
    return (double)(count - first) * 1e9 / (double)(now - begin);
}

static void receive_all(const char *name, int64_t warmup, int64_t measure)
{
    sr_channel_shape shape = {.capacity = ring, .senders = (uint32_t)senders};
    check(sr_receiver_create(&receiver, name, &shape, &error));
    printf("ready\n");
    fflush(stdout);
    while (!have_all_begun())
        receive();
    rate(warmup);
    printf("result %f\n", rate(measure));
    fflush(stdout);
    while (ended < senders)
        receive();
    sr_receiver_close(&receiver);
}

static void *watch_input(void *none)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    while (poll(&input, 1, -1) == 0)
        ;
    atomic_store(&closed, true);
    return none;
}

static void send_one(uint64_t word)
{
    memcpy(message, &word, sizeof word);
    check(sr_sender_send(&sender, 0, message, size, SR_FOREVER, &error));
}

/* Until the input ends. */
static void send_all(const char *name, uint64_t number)
{
    pthread_t watcher;
    check(sr_sender_open(&sender, name, 0, PATIENCE, &error));
    if (pthread_create(&watcher, NULL, watch_input, NULL) != 0)
        fail("No thread can be started");
    uint64_t sent = number << SENDER_SHIFT;
    while (!atomic_load_explicit(&closed, memory_order_relaxed))
        for (int i = 0; i < MESSAGES; i++)
            send_one(sent++);
    send_one(number << SENDER_SHIFT | LAST);
    sr_sender_close(&sender);
}

int main(int argc, char **argv)
{
    bool receives = argc == 9 && strcmp(argv[4], "receive") == 0;
    if (!receives && argc != 8)
        fail("Usage: messages SIZE SENDERS CAPACITY receive c-messages NAME WARMUP_MILLIS MEASURE_MILLIS, or\n"
             "messages SIZE SENDERS CAPACITY send c-messages NAME SENDER");
    size = strtoull(argv[1], NULL, 10);
    senders = strtoull(argv[2], NULL, 10);
    uint64_t capacity = strtoull(argv[3], NULL, 10);
    if (senders == 0 || senders > MOST_SENDERS)
        fail("There can be 1 to 16 senders");
    /* Each sender has a ring, so these share the capacity. */
    ring = capacity / senders / LINE * LINE;
    batch = capacity / 4 / size;
    batch = batch < 1 ? 1 : batch > MOST_BATCH ? MOST_BATCH : batch;
    crowded = sysconf(_SC_NPROCESSORS_ONLN) < (long)senders + 1;
    make_message();
    sum = sum_of(message);
    alarm(600); /* nobody else ends it if the harness is killed */
    if (receives)
        receive_all(argv[6], atoll(argv[7]), atoll(argv[8]));
    else
        send_all(argv[6], strtoull(argv[7], NULL, 10));
    return 0;
}
