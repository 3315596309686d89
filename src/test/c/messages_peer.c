/*
 * A user of a channel for the tests, made of sharedregion.h; messages_posix.c and messages_windows.c include it.
 *
 *     messages send NAME CAPACITY SENDERS INDEX COUNT LENGTH HOW [PAUSE]   sends COUNT messages of up to LENGTH bytes
 *     messages receive NAME CAPACITY SENDERS COUNT LONGEST HOW [PAUSE]     receives COUNT messages, and checks them
 *     messages ask send NAME CAPACITY SENDERS SCHEMA              does one command a line of standard input as a sender
 *     messages ask receive NAME CAPACITY SENDERS SCHEMA LONGEST   the same as the receiver
 *
 * Both "ask" are MessagesPeer.java in C. With CAPACITY 0 they wait up to a minute for a channel, and open it as it is.
 * COUNT 0 goes on until the program is ended. PAUSE, in microseconds, is the longest of random pauses. A sender's HOW is
 * "whole", "claim", "parts", or "any" of them; a receiver's is "whole", with messages in parts of up to LONGEST bytes, or
 * "parts". The type of a message is its sender's INDEX, 0 to 15. Its content is that of Whole.java, for a number that
 * rises by 1 from 1 on; a length that 8 does not divide has the first bytes of the last long. The numbers are in the
 * region NAME-log, if there is one, so that a successor goes on with them: MessageLog.java. Each says "ready", and
 * "done" at the end. A receiver says "missing INDEX FROM TO", "again INDEX FROM TO" after another receiver's death, and
 * what was wrong: MessageWorker.java does the same.
 *
 * A sender's commands are "type TYPE" (of the messages that follow; at first 0), "send NUMBER LENGTH MILLIS", "offer
 * NUMBER LENGTH", "claim NUMBER LENGTH MILLIS", "commit", "begin NUMBER", "write LENGTH MILLIS" (the next bytes of the
 * message), "finish MILLIS", and "abort"; it answers OK or the reason's name. A receiver's are "receive LIMIT MILLIS" and
 * "parts LIMIT MILLIS": it answers with the reason's name, how many were handed over, and "NUMBER/LENGTH" of each message,
 * or "LENGTH" of each part, ".LENGTH" of a last part, and "!" of an aborted one. A type that is not 0 follows after a
 * colon. "hold LIMIT MILLIS AFTER" is "receive" that says "holding" after so many messages, and goes on after a line of
 * standard input. Both have "backlog", "aborted" and "full".
 */
#include "../../main/c/sharedregion.h"

#include <stdlib.h>

enum { MOST = 16, LANES = 256, LARGEST_BATCH = 60 };

/* How far a sender's messages are, for successors. */
typedef struct {
    uint64_t begun; /* the number of the message that is sent, or was sent last */
    char line[56];
    uint64_t sent; /* the same, after it was sent */
    char line_2[56];
    uint64_t received; /* the number that was received last */
    char line_3[120];
} progress;

/* A message of a lane as far as its parts have come. */
typedef struct {
    uint64_t number, at;
} begun_message;

static sr_error error;
static sr_sender sender;
static sr_receiver receiver;
static progress own_log[MOST];
static progress *logged = own_log;
static uint64_t last[MOST]; /* the number that this receiver has got last of each sender */
static begun_message lanes[LANES];
static uint64_t received;
static bool is_wrong;
static int64_t longest_pause; /* in microseconds */

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

/* Sleeps or spins, so that kills find this process asleep and awake. */
static void pause_at_random(void)
{
    int64_t nanos = longest_pause == 0 ? 0 : rand() % (longest_pause + 1) * 1000, end = sr_now() + nanos;
    if (nanos != 0 && rand() % 2 == 0)
        sr_pause_(nanos);
    while (nanos != 0 && sr_now() < end)
        sr_relax_();
}

static void open_log(const char *name)
{
    static sr_region region;
    char full[200];
    snprintf(full, sizeof full, "%s-log", name);
    if (sr_region_open(&region, full, SR_READ_WRITE, sizeof own_log, NULL) == SR_OK)
        logged = (progress *)region.memory;
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

/* As in MessageWorker.java: most are short. */
static uint64_t length_of(uint64_t number, uint64_t longest)
{
    uint64_t most = number % 16 == 0 ? longest : number % 4 == 1 ? longest / 10 : longest / 100;
    if (most < 8)
        most = 8;
    return 8 + (number * 7919 & 0xffff) % (most - 7);
}

/* Of a message of less than 8 bytes, a number that fits into them. */
static uint64_t number_of(const sr_message *message)
{
    uint64_t number = 0;
    memcpy(&number, message->bytes, message->length < sizeof number ? (size_t)message->length : sizeof number);
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
        pause_at_random();
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
    pause_at_random();
    return sr_sender_commit(&sender, &error);
}

static sr_reason send_once(char *bytes, int32_t type, uint64_t number, uint64_t length, const char *how)
{
    bool any = strcmp(how, "any") == 0;
    if ((any ? number % 3 == 1 : strcmp(how, "claim") == 0) && length <= sender.largest_record)
        return send_claim(type, number, length);
    fill(bytes, number, 0, length);
    return (any ? number % 3 == 0 : strcmp(how, "parts") == 0)
        ? send_parts(type, bytes, length)
        : sr_sender_send(&sender, type, bytes, length, SR_FOREVER, &error);
}

static int keep_sending(const char *name, const sr_channel_shape *shape, char **arguments)
{
    int index = atoi(arguments[0]);
    uint64_t count = (uint64_t)atoll(arguments[1]), longest = (uint64_t)atoll(arguments[2]);
    open_log(name);
    if (sr_sender_open_or_create(&sender, name, shape, &error) != SR_OK)
        return failed();
    progress *own = &logged[index];
    char *bytes = (char *)memory_for(longest);
    srand((unsigned)sr_now());
    say("ready");
    for (uint64_t number = own->begun + 1, i = 0; count == 0 || i < count; number++, i++) {
        sr_store64_(&own->begun, number);
        if (send_once(bytes, index, number, length_of(number, longest), arguments[3]) != SR_OK)
            return failed();
        sr_store64_(&own->sent, number);
        pause_at_random();
    }
    sr_sender_close(&sender);
    free(bytes);
    say("done");
    return 0;
}

/* --- Receiving until the end ----------------------------------------------------------------------------------- */

/* A message has come: of each sender the next one. For a new receiver also another one. */
static bool note(uint64_t index, uint64_t number)
{
    if (index >= MOST)
        return wrong("its type is no sender's", index, number);
    uint64_t before = sr_load64_(&logged[index].received);
    bool first = last[index] == 0;
    if (number <= before && !first)
        return wrong("it comes again, or out of order", index, number);
    if (number > before + 1)
        printf("missing %" PRIu64 " %" PRIu64 " %" PRIu64 "%s\n", index, before + 1, number - 1, first ? " first" : "");
    else if (number <= before)
        printf("again %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", index, number, before);
    fflush(stdout);
    last[index] = number;
    sr_store64_(&logged[index].received, number);
    received++;
    return true;
}

static bool take_whole(void *context, const sr_message *message)
{
    uint64_t index = (uint64_t)message->type, number = number_of(message);
    (void)context;
    if (message->length < 8 || !is_filled((const char *)message->bytes, number, 0, message->length))
        return wrong("its bytes are not those that were sent", index, number);
    pause_at_random();
    return note(index, number);
}

static bool take_part(void *context, const sr_message *message)
{
    uint64_t index = (uint64_t)message->type;
    begun_message *lane = &lanes[message->sender];
    (void)context;
    if (message->aborted) {
        lane->at = 0;
        return true;
    }
    if (lane->at == 0)
        lane->number = number_of(message);
    if (!is_filled((const char *)message->bytes, lane->number, lane->at, message->length))
        return wrong("its bytes are not those that were sent", index, lane->number);
    lane->at = message->last ? 0 : lane->at + message->length;
    pause_at_random();
    return !message->last || note(index, lane->number);
}

static int keep_receiving(const char *name, const sr_channel_shape *shape, char **arguments)
{
    uint64_t count = (uint64_t)atoll(arguments[0]), longest = (uint64_t)atoll(arguments[1]) + 8;
    bool in_parts = strcmp(arguments[2], "parts") == 0;
    open_log(name);
    if (sr_receiver_open_or_create(&receiver, name, shape, &error) != SR_OK)
        return failed();
    void *memory = memory_for(longest * receiver.shape.senders);
    sr_receiver_assemble_in(&receiver, memory, longest * receiver.shape.senders);
    srand((unsigned)sr_now());
    say("ready");
    sr_reason reason = SR_OK;
    while (!is_wrong && (reason == SR_OK || reason == SR_TIMED_OUT) && (count == 0 || received < count)) {
        uint64_t limit = 1 + (uint64_t)rand() % LARGEST_BATCH;
        reason = in_parts
            ? sr_receiver_receive_parts(&receiver, take_part, NULL, limit, SR_MILLIS(500), NULL, &error)
            : sr_receiver_receive(&receiver, take_whole, NULL, limit, SR_MILLIS(500), NULL, &error);
    }
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
    static int32_t type;
    bool writes = strcmp(command, "write") == 0;
    uint64_t length = writes ? first : second;
    char *bytes = (char *)memory_for(length);
    void *claimed;
    sr_reason reason = SR_BAD_ARGUMENT;
    fill(bytes, writes ? number : first, writes ? sender.written : 0, length);
    if (strcmp(command, "type") == 0) {
        type = (int32_t)first;
        reason = SR_OK;
    } else if (strcmp(command, "send") == 0)
        reason = sr_sender_send(&sender, type, bytes, length, SR_MILLIS(millis), &error);
    else if (strcmp(command, "offer") == 0)
        reason = sr_sender_offer(&sender, type, bytes, length, &error);
    else if (strcmp(command, "claim") == 0) {
        reason = sr_sender_claim(&sender, type, length, &claimed, SR_MILLIS(millis), &error);
        if (reason == SR_OK)
            memcpy(claimed, bytes, (size_t)length);
    } else if (strcmp(command, "commit") == 0)
        reason = sr_sender_commit(&sender, &error);
    else if (strcmp(command, "begin") == 0) {
        number = first;
        reason = sr_sender_begin(&sender, type, &error);
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
    if ((shape->capacity == 0
                ? sr_sender_open(&sender, name, shape->schema, SR_MILLIS(60000), &error)
                : sr_sender_open_or_create(&sender, name, shape, &error)) != SR_OK)
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
    char text[1 << 16];
    size_t length;
    uint64_t hold_after; /* so many messages; 0 to go on */
} answer;

static void add(answer *to, const char *format, uint64_t first, uint64_t second)
{
    int added = snprintf(to->text + to->length, sizeof to->text - to->length, format, first, second);
    if (added < 0 || (size_t)added >= sizeof to->text - to->length)
        abort();
    to->length += (size_t)added;
}

static void add_type(answer *to, const sr_message *message)
{
    if (message->type != 0)
        add(to, message->type < 0 ? ":-%" PRIu64 : ":%" PRIu64, (uint64_t)llabs(message->type), 0);
}

static bool tell_message(void *context, const sr_message *message)
{
    answer *to = (answer *)context;
    char line[80];
    uint64_t number = number_of(message);
    add(to, " %" PRIu64 "/%" PRIu64, number, message->length);
    add_type(to, message);
    if (!is_filled((const char *)message->bytes, number, 0, message->length))
        add(to, " TORN", 0, 0);
    if (to->hold_after != 0 && --to->hold_after == 0) {
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
    add_type(to, part);
    return true;
}

static void do_receive(const char *command, uint64_t limit, int64_t millis, uint64_t hold_after)
{
    static answer told;
    uint64_t count;
    told.length = 0;
    told.text[0] = '\0';
    told.hold_after = hold_after;
    sr_reason reason = strcmp(command, "parts") == 0
        ? sr_receiver_receive_parts(&receiver, tell_part, &told, limit, SR_MILLIS(millis), &count, &error)
        : sr_receiver_receive(&receiver, tell_message, &told, limit, SR_MILLIS(millis), &count, &error);
    printf("%s %" PRIu64 "%s\n", sr_reason_name(reason), count, told.text);
    fflush(stdout);
}

static int ask_receive(const char *name, const sr_channel_shape *shape, uint64_t longest)
{
    char line[80], command[20];
    if ((shape->capacity == 0
                ? sr_receiver_open(&receiver, name, shape->schema, SR_MILLIS(60000), &error)
                : sr_receiver_open_or_create(&receiver, name, shape, &error)) != SR_OK)
        return failed();
    void *memory = memory_for(longest * receiver.shape.senders);
    sr_receiver_assemble_in(&receiver, memory, longest * receiver.shape.senders);
    say("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        uint64_t limit = 0, hold_after = 0;
        int64_t millis = 0;
        sscanf(line, "%19s %" SCNu64 " %" SCNd64 " %" SCNu64, command, &limit, &millis, &hold_after);
        if (!count_for(command, false))
            do_receive(command, limit, millis, hold_after);
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
    if (rest > 0) {
        const char *role = argv[asked ? 2 : 1];
        sr_channel_shape shape = {(uint64_t)atoll(from[1]), (uint64_t)atoll(from[2]), 0};
        bool sends = strcmp(role, "send") == 0, receives = strcmp(role, "receive") == 0;
        if (asked)
            shape.schema = (uint64_t)atoll(from[3]);
        else if (rest == (sends ? 5 : 4))
            longest_pause = atoll(argv[argc - 1]);
        if (asked && sends && rest == 1)
            return ask_send(from[0], &shape);
        if (asked && receives && rest == 2)
            return ask_receive(from[0], &shape, (uint64_t)atoll(from[4]));
        if (!asked && sends && (rest == 4 || rest == 5))
            return keep_sending(from[0], &shape, from + 3);
        if (!asked && receives && (rest == 3 || rest == 4))
            return keep_receiving(from[0], &shape, from + 3);
    }
    fprintf(stderr, "Usage: messages send NAME CAPACITY SENDERS INDEX COUNT LENGTH HOW [PAUSE] | "
                    "receive NAME CAPACITY SENDERS COUNT LONGEST HOW [PAUSE] | ask send NAME CAPACITY SENDERS "
                    "SCHEMA | ask receive NAME CAPACITY SENDERS SCHEMA LONGEST\n");
    return 2;
}
