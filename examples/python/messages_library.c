/*
 * The functions of sharedregion_messages.h that messages.py calls, as a shared library: in the header they are static.
 *
 *     cc -O2 -shared -fPIC -o target/libmessages.so examples/python/messages_library.c
 */
#include "../../src/main/c/sharedregion.h"

#include <stdlib.h>

#if defined(_WIN32)
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED
#endif

/* NULL on failure, also if there is no memory; then the message is empty. */
EXPORTED sr_sender *sender_open(const char *name, uint64_t capacity, uint64_t senders, sr_error *error)
{
    sr_channel_shape shape = {capacity, senders, 0};
    sr_sender *sender = (sr_sender *)malloc(sizeof *sender);
    if (sender != NULL && sr_sender_open_or_create(sender, name, &shape, error) == SR_OK)
        return sender;
    free(sender);
    return NULL;
}

EXPORTED int sender_send(
    sr_sender *sender, int32_t type, const void *bytes, uint64_t length, int64_t timeout, sr_error *error)
{
    return sr_sender_send(sender, type, bytes, length, timeout, error);
}

EXPORTED uint64_t sender_backlog(const sr_sender *sender) { return sr_sender_backlog(sender); }

EXPORTED void sender_close(sr_sender *sender)
{
    sr_sender_close(sender);
    free(sender);
}

/* A receiver, and after it the memory in which it assembles messages in parts. */
EXPORTED sr_receiver *receiver_open(
    const char *name, uint64_t capacity, uint64_t senders, uint64_t longest, sr_error *error)
{
    sr_channel_shape shape = {capacity, senders, 0};
    sr_receiver *receiver = (sr_receiver *)malloc(sizeof *receiver + (size_t)(senders * longest));
    if (receiver != NULL && sr_receiver_open_or_create(receiver, name, &shape, error) == SR_OK) {
        sr_receiver_assemble_in(receiver, receiver + 1, senders * longest);
        return receiver;
    }
    free(receiver);
    return NULL;
}

EXPORTED int receiver_receive(sr_receiver *receiver, sr_message_handler *handler, uint64_t limit, int64_t timeout,
    uint64_t *count, sr_error *error)
{
    return sr_receiver_receive(receiver, handler, NULL, limit, timeout, count, error);
}

EXPORTED void receiver_close(sr_receiver *receiver)
{
    sr_receiver_close(receiver);
    free(receiver);
}
