/*
 * A user of a channel for the tests, made of sharedregion.h; messages_posix.c and messages_windows.c include it.
 *
 *     messages send NAME CAPACITY SENDERS INDEX COUNT LENGTH HOW [PAUSE]   sends COUNT messages of up to LENGTH bytes
 *     messages receive NAME CAPACITY SENDERS COUNT LONGEST HOW [PAUSE]     receives COUNT messages, and checks them
 *     messages ask send NAME CAPACITY SENDERS              does one command a line of standard input as a sender
 *     messages ask receive NAME CAPACITY SENDERS LONGEST   the same as the receiver
 *
 * COUNT 0 goes on until the program is ended. PAUSE, in microseconds, is the longest of random pauses. A sender's HOW is
 * "whole", "claim", "parts", or "any" of them; a receiver's is "whole", with messages in parts of up to LONGEST bytes, or
 * "parts". The type of a message is its sender's INDEX, 0 to 15. Its content is that of Whole.java, for a number that
 * rises by 1 from 1 on; a length that 8 does not divide has the first bytes of the last long. The numbers are in the
 * region NAME, if there is one, so that a successor goes on with them: see the structure. Each says "ready", what was
 * wrong, and "done" at the end.
 *
 * A sender's commands are "send NUMBER LENGTH MILLIS", "offer NUMBER LENGTH", "claim NUMBER LENGTH MILLIS", "commit",
 * "begin NUMBER", "write LENGTH MILLIS" (the next bytes of the message), "finish MILLIS", and "abort"; it answers OK or
 * the reason's name. The types are 0. A receiver's are "receive LIMIT MILLIS" and "parts LIMIT MILLIS": it answers with
 * the reason's name, how many were handed over, and "NUMBER/LENGTH" of each message, or "LENGTH" of each part, ".LENGTH"
 * of a last part, and "!" of an aborted one. "hold LIMIT MILLIS" is "receive" that says "holding" after the first
 * message, and goes on after a line of standard input. Both have "backlog", "aborted" and "full".
 */
#include "../../main/c/sharedregion.h"

#include <stdlib.h>

enum { MOST = 16, LANES = 256, BATCH = 64 };

/* What senders and receivers note, for their successors. */
typedef struct {
    volatile uint64_t intended; /* the number of the message that is sent, or was sent last */
    volatile uint64_t sent;     /* the same, after it was sent */
    volatile uint64_t doubts;   /* how many senders have died between the two */
    volatile uint64_t seen;     /* the highest number that was received */
    volatile uint64_t gaps;     /* how many numbers were never received */
    volatile uint64_t repeated; /* how many messages came again, after a receiver's death */
    char reserved[80];
} notes;

/* A message of a lane as far as its parts have come. */
typedef struct {
    uint64_t number, at;
} progress;

static sr_error error;
static sr_sender sender;
static sr_receiver receiver;
static notes own_notes[MOST];
static notes *noted = own_notes;
static uint64_t last[MOST]; /* the number that this receiver has got last of each sender */
static progress lanes[LANES];
static uint64_t received;
static bool is_wrong;

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

static bool wrong(const char *what, uint64_t index, uint64_t number)
{
    printf("WRONG: %s: sender %" PRIu64 ", number %" PRIu64 "\n", what, index, number);
    fflush(stdout);
    is_wrong = true;
    return false;
}

static void *memory_for(uint64_t size)
{
    void *memory = calloc((size_t)size + 8, 1);
    if (memory == NULL)
        abort();
    return memory;
}

static void pause_at_random(int64_t longest)
{
    int64_t micros = longest == 0 ? 0 : rand() % (longest + 1);
    if (micros != 0 && rand() % 2 == 0)
        sr_pause_(micros * 1000);
}

static void open_notes(const char *name)
{
    static sr_region region;
    if (sr_region_open(&region, name, SR_READ_WRITE, sizeof own_notes, NULL) == SR_OK)
        noted = (notes *)region.memory;
}

/* --- Content --------------------------------------------------------------------------------------------------- */

/* The long at this place, which 8 divides, of a message. */
static uint64_t word(uint64_t number, uint64_t at) { return at == 0 ? number : (number + at) * 0x9e3779b97f4a7c15u; }

/* Fills bytes from AT on of a message. */
static void fill(char *bytes, uint64_t number, uint64_t at, uint64_t length)
{
    for (uint64_t i = 0; i < length;) {
        uint64_t value = word(number, (at + i) / 8 * 8), skipped = (at + i) % 8, some = 8 - skipped;
        if (some > length - i)
            some = length - i;
        memcpy(bytes + i, (char *)&value + skipped, (size_t)some);
        i += some;
    }
}

static bool is_filled(const char *bytes, uint64_t number, uint64_t at, uint64_t length)
{
    char expected[4096];
    for (uint64_t i = 0; i < length; i += sizeof expected) {
        uint64_t some = length - i < sizeof expected ? length - i : sizeof expected;
        fill(expected, number, at + i, some);
        if (memcmp(bytes + i, expected, (size_t)some) != 0)
            return false;
    }
    return true;
}

static uint64_t number_of(const sr_message *message)
{
    uint64_t number;
    memcpy(&number, message->bytes, sizeof number);
    return number;
}

/* --- Sending until the end ------------------------------------------------------------------------------------- */

static sr_reason send_parts(int32_t type, const char *bytes, uint64_t length)
{
    sr_reason reason = sr_sender_begin(&sender, type, &error);
    for (uint64_t at = 0; reason == SR_OK && at < length;) {
        uint64_t left = length - at, part = 8 + (uint64_t)rand() % left;
        if (part > left)
            part = left;
        reason = sr_sender_write(&sender, bytes + at, part, SR_FOREVER, &error);
        at += part;
    }
    return reason != SR_OK ? reason : sr_sender_finish(&sender, SR_FOREVER, &error);
}

static sr_reason send_claim(int32_t type, uint64_t number, uint64_t length)
{
    void *bytes;
    sr_reason reason = sr_sender_claim(&sender, type, length, &bytes, SR_FOREVER, &error);
    if (reason != SR_OK)
        return reason;
    fill((char *)bytes, number, 0, length);
    return sr_sender_commit(&sender, &error);
}

static sr_reason send_once(char *bytes, int32_t type, uint64_t number, uint64_t length, const char *how)
{
    int kind = strcmp(how, "whole") == 0 ? 0 : strcmp(how, "claim") == 0 ? 1 : strcmp(how, "parts") == 0 ? 2 : rand() % 3;
    if (kind == 1 && length <= sender.largest_record)
        return send_claim(type, number, length);
    fill(bytes, number, 0, length);
    return kind == 2 ? send_parts(type, bytes, length)
                     : sr_sender_send(&sender, type, bytes, length, SR_FOREVER, &error);
}

static int keep_sending(const char *name, const sr_channel_shape *shape, char **arguments, int64_t pause)
{
    int index = atoi(arguments[0]);
    uint64_t count = (uint64_t)atoll(arguments[1]), length = (uint64_t)atoll(arguments[2]);
    open_notes(name);
    if (sr_sender_open_or_create(&sender, name, shape, &error) != SR_OK)
        return failed();
    notes *mine = &noted[index];
    char *bytes = (char *)memory_for(length);
    if (mine->intended != mine->sent)
        mine->doubts++;
    srand((unsigned)sr_now());
    say("ready");
    for (uint64_t number = mine->intended + 1, i = 0; count == 0 || i < count; number++, i++) {
        mine->intended = number;
        if (send_once(bytes, index, number, 8 + (uint64_t)rand() % (length - 7), arguments[3]) != SR_OK)
            return failed();
        mine->sent = number;
        pause_at_random(pause);
    }
    sr_sender_close(&sender);
    free(bytes);
    say("done");
    return 0;
}

/* --- Receiving until the end ----------------------------------------------------------------------------------- */

/* A message has come: of each sender the next one, or one again after a receiver's death. */
static bool note(uint64_t index, uint64_t number)
{
    if (index >= MOST)
        return wrong("its type is no sender's", index, number);
    notes *its = &noted[index];
    if (last[index] != 0 && number <= last[index])
        return wrong("it comes again, or out of order", index, number);
    if (number > its->seen) {
        its->gaps += number - its->seen - 1;
        its->seen = number;
    } else {
        its->repeated++;
    }
    last[index] = number;
    received++;
    return true;
}

static bool take_whole(void *pause, const sr_message *message)
{
    uint64_t index = (uint64_t)message->type, number = number_of(message);
    if (message->length < 8 || !is_filled((const char *)message->bytes, number, 0, message->length))
        return wrong("its bytes are not those that were sent", index, number);
    pause_at_random(*(const int64_t *)pause);
    return note(index, number);
}

static bool take_part(void *pause, const sr_message *message)
{
    uint64_t index = (uint64_t)message->type;
    progress *lane = &lanes[message->sender];
    if (message->aborted) {
        lane->at = 0;
        return true;
    }
    if (lane->at == 0)
        lane->number = number_of(message);
    if (!is_filled((const char *)message->bytes, lane->number, lane->at, message->length))
        return wrong("its bytes are not those that were sent", index, lane->number);
    lane->at = message->last ? 0 : lane->at + message->length;
    pause_at_random(*(const int64_t *)pause);
    return !message->last || note(index, lane->number);
}

static int keep_receiving(const char *name, const sr_channel_shape *shape, char **arguments, int64_t pause)
{
    uint64_t count = (uint64_t)atoll(arguments[0]), longest = (uint64_t)atoll(arguments[1]) + 8;
    bool in_parts = strcmp(arguments[2], "parts") == 0;
    open_notes(name);
    if (sr_receiver_open_or_create(&receiver, name, shape, &error) != SR_OK)
        return failed();
    void *memory = memory_for(longest * receiver.shape.senders);
    sr_receiver_assemble_in(&receiver, memory, longest * receiver.shape.senders);
    srand((unsigned)sr_now());
    say("ready");
    sr_reason reason = SR_OK;
    while (!is_wrong && (reason == SR_OK || reason == SR_TIMED_OUT) && (count == 0 || received < count))
        reason = in_parts
            ? sr_receiver_receive_parts(&receiver, take_part, &pause, BATCH, SR_MILLIS(500), NULL, &error)
            : sr_receiver_receive(&receiver, take_whole, &pause, BATCH, SR_MILLIS(500), NULL, &error);
    if (is_wrong)
        return 1;
    if (reason != SR_OK && reason != SR_TIMED_OUT)
        return failed();
    sr_receiver_close(&receiver);
    free(memory);
    say("done");
    return 0;
}

/* --- Commands -------------------------------------------------------------------------------------------------- */

/* The numbers of the whole channel. False if the command asks for another thing. */
static bool count_for(const char *command, bool sends)
{
    uint64_t number;
    if (strcmp(command, "backlog") == 0)
        number = sends ? sr_sender_backlog(&sender) : sr_receiver_backlog(&receiver);
    else if (strcmp(command, "aborted") == 0)
        number = sends ? sr_sender_aborted(&sender) : sr_receiver_aborted(&receiver);
    else if (strcmp(command, "full") == 0)
        number = sends ? sr_sender_full(&sender) : sr_receiver_full(&receiver);
    else
        return false;
    printf("%" PRIu64 "\n", number);
    fflush(stdout);
    return true;
}

/* FIRST and SECOND are the command's numbers. */
static sr_reason do_send(const char *command, uint64_t first, uint64_t second, int64_t millis)
{
    static uint64_t number; /* of the message in parts */
    bool writes = strcmp(command, "write") == 0;
    uint64_t length = writes ? first : second;
    char *bytes = (char *)memory_for(length);
    void *claimed;
    sr_reason reason = SR_BAD_ARGUMENT;
    fill(bytes, writes ? number : first, writes ? sender.written : 0, length);
    if (strcmp(command, "send") == 0)
        reason = sr_sender_send(&sender, 0, bytes, length, SR_MILLIS(millis), &error);
    else if (strcmp(command, "offer") == 0)
        reason = sr_sender_offer(&sender, 0, bytes, length, &error);
    else if (strcmp(command, "claim") == 0) {
        reason = sr_sender_claim(&sender, 0, length, &claimed, SR_MILLIS(millis), &error);
        if (reason == SR_OK)
            memcpy(claimed, bytes, (size_t)length);
    } else if (strcmp(command, "commit") == 0)
        reason = sr_sender_commit(&sender, &error);
    else if (strcmp(command, "begin") == 0) {
        number = first;
        reason = sr_sender_begin(&sender, 0, &error);
    } else if (writes)
        reason = sr_sender_write(&sender, bytes, length, SR_MILLIS((int64_t)second), &error);
    else if (strcmp(command, "finish") == 0)
        reason = sr_sender_finish(&sender, SR_MILLIS((int64_t)first), &error);
    else if (strcmp(command, "abort") == 0) {
        sr_sender_abort(&sender);
        reason = SR_OK;
    }
    free(bytes);
    return reason;
}

static int ask_send(const char *name, const sr_channel_shape *shape)
{
    char line[80], command[20];
    if (sr_sender_open_or_create(&sender, name, shape, &error) != SR_OK)
        return failed();
    say("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        uint64_t first = 0, second = 0;
        int64_t millis = 0;
        sscanf(line, "%19s %" SCNu64 " %" SCNu64 " %" SCNd64, command, &first, &second, &millis);
        if (!count_for(command, true))
            say(sr_reason_name(do_send(command, first, second, millis)));
    }
    sr_sender_close(&sender);
    return 0;
}

/* What a call has handed over, as text. */
typedef struct {
    char text[4096];
    size_t length;
    bool holds;
} answer;

static void add(answer *to, const char *format, uint64_t first, uint64_t second)
{
    int added = snprintf(to->text + to->length, sizeof to->text - to->length, format, first, second);
    if (added < 0 || (size_t)added >= sizeof to->text - to->length)
        abort();
    to->length += (size_t)added;
}

static bool tell_message(void *context, const sr_message *message)
{
    answer *to = (answer *)context;
    char line[80];
    uint64_t number = message->length < 8 ? 0 : number_of(message);
    add(to, " %" PRIu64 "/%" PRIu64, number, message->length);
    if (message->length >= 8 && !is_filled((const char *)message->bytes, number, 0, message->length))
        add(to, " TORN", 0, 0);
    if (to->holds) {
        to->holds = false;
        say("holding");
        if (fgets(line, sizeof line, stdin) == NULL)
            abort();
    }
    return true;
}

static bool tell_part(void *context, const sr_message *part)
{
    answer *to = (answer *)context;
    add(to, part->aborted ? " !" : part->last ? " .%" PRIu64 : " %" PRIu64, part->length, 0);
    return true;
}

static void do_receive(const char *command, uint64_t limit, int64_t millis)
{
    static answer told;
    uint64_t count;
    told.length = 0;
    told.text[0] = '\0';
    told.holds = strcmp(command, "hold") == 0;
    sr_reason reason = strcmp(command, "parts") == 0
        ? sr_receiver_receive_parts(&receiver, tell_part, &told, limit, SR_MILLIS(millis), &count, &error)
        : sr_receiver_receive(&receiver, tell_message, &told, limit, SR_MILLIS(millis), &count, &error);
    printf("%s %" PRIu64 "%s\n", sr_reason_name(reason), count, told.text);
    fflush(stdout);
}

static int ask_receive(const char *name, const sr_channel_shape *shape, uint64_t longest)
{
    char line[80], command[20];
    if (sr_receiver_open_or_create(&receiver, name, shape, &error) != SR_OK)
        return failed();
    void *memory = memory_for(longest * receiver.shape.senders);
    sr_receiver_assemble_in(&receiver, memory, longest * receiver.shape.senders);
    say("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        uint64_t limit = 0;
        int64_t millis = 0;
        sscanf(line, "%19s %" SCNu64 " %" SCNd64, command, &limit, &millis);
        if (!count_for(command, false))
            do_receive(command, limit, millis);
    }
    sr_receiver_close(&receiver);
    free(memory);
    return 0;
}

int main(int argc, char **argv)
{
    bool asked = argc > 3 && strcmp(argv[1], "ask") == 0;
    char **from = argv + (asked ? 3 : 2); /* NAME CAPACITY SENDERS and the rest */
    int rest = argc - (asked ? 6 : 5);
    if (rest >= 0) {
        const char *role = argv[asked ? 2 : 1];
        sr_channel_shape shape = {(uint64_t)atoll(from[1]), (uint64_t)atoll(from[2]), 0};
        bool sends = strcmp(role, "send") == 0, receives = strcmp(role, "receive") == 0;
        if (asked && sends && rest == 0)
            return ask_send(from[0], &shape);
        if (asked && receives && rest == 1)
            return ask_receive(from[0], &shape, (uint64_t)atoll(from[3]));
        if (!asked && sends && (rest == 4 || rest == 5))
            return keep_sending(from[0], &shape, from + 3, rest == 5 ? atoll(from[7]) : 0);
        if (!asked && receives && (rest == 3 || rest == 4))
            return keep_receiving(from[0], &shape, from + 3, rest == 4 ? atoll(from[6]) : 0);
    }
    fprintf(stderr, "Usage: messages send NAME CAPACITY SENDERS INDEX COUNT LENGTH HOW [PAUSE] | "
                    "receive NAME CAPACITY SENDERS COUNT LONGEST HOW [PAUSE] | ask send NAME CAPACITY SENDERS | "
                    "ask receive NAME CAPACITY SENDERS LONGEST\n");
    return 2;
}
