/*
 * Sends each line of its standard input as a message, or prints the messages of all senders. Each of the two is a peer of
 * the other, and of python/messages.py.
 *
 *     cc -O2 -o messages messages.c
 *     ./messages send|receive [NAME [NUMBER]]
 */
#include "../../src/main/c/sharedregion.h"

#include <stdlib.h>

enum { LONGEST = 1 << 20 }; /* of a line, in bytes */

/* 64 KiB for each of 8 senders. A line of more than half of that goes in parts. */
static const sr_channel_shape shape = {1 << 16, 8, 0};

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

static int send_lines(const char *name, int64_t number)
{
    static char line[LONGEST];
    sr_error error;
    sr_sender sender;
    /* Before or after the receiver. What is sent stays until a receiver gets it. */
    if (sr_sender_open_or_create(&sender, name, &shape, &error) != SR_OK)
        return failed(&error);
    fprintf(stderr, "Sending to the channel \"%s\".\n", name);
    while (number-- > 0 && fgets(line, sizeof line, stdin) != NULL)
        if (sr_sender_send(&sender, 0, line, strcspn(line, "\r\n"), SR_FOREVER, &error) != SR_OK)
            return failed(&error);
    /* The channel goes with its last user. */
    while (sr_sender_backlog(&sender) != 0)
        sleep_for_a_millisecond();
    sr_sender_close(&sender);
    return 0;
}

/* The bytes are the channel's memory, which the sender uses again later. */
static bool print(void *context, const sr_message *message)
{
    (void)context;
    printf("[%u] %.*s\n", (unsigned)message->sender, (int)message->length, (const char *)message->bytes);
    return true;
}

static int print_messages(const char *name, int64_t number)
{
    static sr_receiver receiver;
    sr_error error;
    sr_reason reason = SR_OK;
    uint64_t size = shape.senders * LONGEST, count;
    void *memory = malloc((size_t)size);
    if (memory == NULL || sr_receiver_open_or_create(&receiver, name, &shape, &error) != SR_OK)
        return memory == NULL ? 1 : failed(&error);
    sr_receiver_assemble_in(&receiver, memory, size);
    fprintf(stderr, "Receiving from the channel \"%s\".\n", name);
    for (; reason == SR_OK && number > 0; number -= (int64_t)count) {
        uint64_t most = number < 100 ? (uint64_t)number : 100;
        reason = sr_receiver_receive(&receiver, print, NULL, most, SR_FOREVER, &count, &error);
        fflush(stdout);
    }
    sr_receiver_close(&receiver);
    free(memory);
    return reason == SR_OK ? 0 : failed(&error);
}

int main(int argc, char **argv)
{
    const char *name = argc > 2 ? argv[2] : "messages";
    int64_t number = argc > 3 ? atoll(argv[3]) : INT64_MAX;
    if (argc > 1 && strcmp(argv[1], "send") == 0)
        return send_lines(name, number);
    if (argc > 1 && strcmp(argv[1], "receive") == 0)
        return print_messages(name, number);
    fprintf(stderr, "Usage: messages send|receive [NAME [NUMBER]]\n");
    return 1;
}
