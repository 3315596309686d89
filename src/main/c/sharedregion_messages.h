/*
 * sharedregion_messages.h: channels. Any number of processes send messages to one that receives them.
 *
 * A sender:
 *
 *     sr_error error;
 *     sr_sender sender;
 *     sr_channel_shape shape = {1 << 20, 4, 0}; // a ring of 1 MiB for each of 4 senders
 *     if (sr_sender_open_or_create(&sender, "log", &shape, &error) != SR_OK)
 *         die(error.message);
 *     sr_sender_send(&sender, 0, "started", 7, SR_FOREVER, &error);
 *     sr_sender_close(&sender);
 *
 * The receiver:
 *
 *     static bool print(void *context, const sr_message *message)
 *     {
 *         printf("%.*s\n", (int)message->length, (const char *)message->bytes);
 *         return true;
 *     }
 *
 *     static sr_receiver receiver;
 *     if (sr_receiver_open_or_create(&receiver, "log", &shape, &error) != SR_OK)
 *         die(error.message);
 *     while (sr_receiver_receive(&receiver, print, NULL, 100, SR_FOREVER, NULL, &error) == SR_OK)
 *         continue;
 *
 * A message is any number of bytes. No message is lost, and none arrives twice while the receiver lives. One thread at
 * a time may use a sender or a receiver.
 */
#ifndef SHAREDREGION_MESSAGES_H
#define SHAREDREGION_MESSAGES_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

/* The shape of a channel. A sender or receiver has the shape of its channel: do not change that one. */
typedef struct sr_channel_shape {
    uint64_t capacity; /* of each sender's ring, in bytes: a multiple of 64, from 128 to 2^30 */
    uint64_t senders;  /* how many there can be at a time, 1 to 255; 0 stands for 1 */
    uint64_t schema;   /* a number that says what the messages mean, or 0 */
} sr_channel_shape;

/* A message, or a part of one, as a handler gets it. */
typedef struct sr_message {
    uint32_t sender;   /* the number of the sender's ring, 1 to 255. A later sender may get the same number */
    int32_t type;      /* a number that the sender gave it */
    const void *bytes; /* at an address that 8 divides, and valid until the handler returns */
    uint64_t length;
    bool last;    /* whether the message ends here. Always true, except for a part */
    bool aborted; /* the rest of a message in parts does not arrive. There are no bytes */
} sr_message;

/*
 * Takes a message. Returns whether the call may hand over more. Must not use the receiver that calls it, and must not
 * end by longjmp or by an exception. CONTEXT is the caller's.
 */
typedef bool sr_message_handler(void *context, const sr_message *message);

/* What a sender and a receiver have of the channel. */
typedef struct sr_channel_ {
    char name[SR_NAME_SIZE_];
    sr_channel_shape shape;
    sr_region region;
    sr_channel_header_ *header;
    sr_event sent; /* wakes the receiver */
    int64_t spin;  /* how long a wait looks before it says that it sleeps */
    unsigned misses, skipped; /* looks in a row that found nothing; waits since then that did not look */
} sr_channel_;

typedef enum sr_outgoing_ {
    SR_NOTHING_,
    SR_CLAIM_,      /* a record is being written in place */
    SR_PARTS_,      /* a message in parts is open */
    SR_PARTS_SENT_  /* the same, and a part was published */
} sr_outgoing_;

typedef struct sr_sender {
    sr_channel_shape shape;
    uint64_t largest_record; /* the longest message that goes as a whole: half of the capacity, less 8 bytes */
    uint64_t written;        /* how many bytes of the message in parts were written */
    sr_channel_ channel_;
    sr_lane_header_ *lane_;
    char *ring_;
    uint32_t number_; /* of the lane */
    sr_owner_slot_ owner_;
    sr_event freed_;        /* wakes this sender */
    uint64_t tail_;         /* the memory has it, too, but other programs may write to that */
    uint64_t head_;         /* as it was seen the last time */
    uint64_t counted_;      /* the unfinished word's count, in its place */
    uint64_t place_;        /* of the tail, in the ring */
    uint64_t padding_;      /* the bytes before the record that was claimed */
    sr_outgoing_ outgoing_; /* what is begun and not ended */
    int32_t type_;          /* of that */
    uint64_t length_;       /* of the claim */
} sr_sender;

/* To whom the further parts of a message go. */
typedef enum sr_parts_ {
    SR_DROPPED_, /* to nobody, or there is no such message */
    SR_ASSEMBLED_,
    SR_STREAMED_
} sr_parts_;

/* What the receiver knows of a lane. */
typedef struct sr_lane_reader_ {
    bool known;        /* whether it knows anything */
    uint64_t released; /* the head. The memory has it, too, but other programs may write to that */
    uint64_t next;     /* the position of the next record */
    uint64_t place;    /* of that, in the ring */
    uint64_t tail;     /* as it was seen the last time */
    sr_parts_ parts;
    uint64_t assembled; /* how long the message is as far as it has come, also if it is too long to be assembled */
    bool told;          /* whether a handler has got the begin of a message, and not its end */
    bool event_is_open;
    sr_event freed; /* wakes the sender */
} sr_lane_reader_;

typedef struct sr_receiver {
    sr_channel_shape shape;
    sr_channel_ channel_;
    sr_owner_slot_ owner_;
    char *assembly_; /* the memory for messages in parts: so many bytes for each lane */
    uint64_t longest_assembled_;
    uint32_t last_;     /* the lane that was polled last */
    int64_t next_look_; /* when to look for dead senders */
    bool is_handing_;   /* whether a handler is running */
    sr_lane_reader_ lane_[SR_CHANNEL_MOST_SENDERS_]; /* lane 1 is the first */
} sr_receiver;

/*
 * Opening. Either side can be opened first, and can be opened again. create fails with SR_ALREADY_EXISTS if the channel
 * exists. open_or_create opens a channel that has the same capacity, number of senders, and schema; otherwise
 * SR_WRONG_KIND. open takes the channel as it is, and any schema if that is 0. It waits up to the timeout for the
 * channel, and then returns SR_NOT_FOUND. SR_IN_USE if the channel has as many living senders as it has room for, or a
 * living receiver. SR_UNSUPPORTED if the channel is a broadcast channel of a Java program: for several receivers, or
 * lossy.
 *
 * A message that was sent stays until it is received, even if its sender has closed the channel or died, as long as any
 * process has the channel open. A successor of a receiver that died may get the messages of its last call again. Only
 * this user can open what C creates: let Java create a channel for several users. A sender in C whose receiver is of
 * another user finds room up to 100 milliseconds late.
 */
static inline sr_reason sr_sender_create(
    sr_sender *sender, const char *name, const sr_channel_shape *shape, sr_error *error);
static inline sr_reason sr_sender_open(
    sr_sender *sender, const char *name, uint64_t schema, int64_t timeout, sr_error *error);
static inline sr_reason sr_sender_open_or_create(
    sr_sender *sender, const char *name, const sr_channel_shape *shape, sr_error *error);
static inline void sr_sender_close(sr_sender *sender);

/*
 * Sending. sr_sender_send waits up to the timeout while there is no room, and then returns SR_TIMED_OUT: the receiver
 * does not get the message. A message above largest_record is sent in parts, and can be longer than the channel.
 * sr_sender_offer does not wait, and returns SR_TIMED_OUT if there is no room. It takes at most largest_record bytes.
 *
 * In place: sr_sender_claim gives the memory of a message of this length. Write it, and call sr_sender_commit, or
 * sr_sender_abort to send nothing. At first the memory has the content of an earlier message.
 *
 * In parts: sr_sender_begin, any number of sr_sender_write, and sr_sender_finish, or sr_sender_abort: the receiver
 * drops the parts that have arrived. write and finish wait as send does. After SR_TIMED_OUT the message is still open,
 * and sender->written says how many of its bytes were written: continue there, or abort it.
 *
 * SR_OUT_OF_TURN from a call that sends or begins something while a claim or a message in parts is open, and from one
 * that ends something that is not open. sr_sender_abort does nothing then. sr_sender_close aborts what is open.
 * SR_CORRUPT if another program has overwritten the channel.
 */
static inline sr_reason sr_sender_send(
    sr_sender *sender, int32_t type, const void *bytes, uint64_t length, int64_t timeout, sr_error *error);
static inline sr_reason sr_sender_offer(
    sr_sender *sender, int32_t type, const void *bytes, uint64_t length, sr_error *error);
static inline sr_reason sr_sender_claim(
    sr_sender *sender, int32_t type, uint64_t length, void **bytes, int64_t timeout, sr_error *error);
static inline sr_reason sr_sender_commit(sr_sender *sender, sr_error *error);
static inline sr_reason sr_sender_begin(sr_sender *sender, int32_t type, sr_error *error);
static inline sr_reason sr_sender_write(
    sr_sender *sender, const void *bytes, uint64_t length, int64_t timeout, sr_error *error);
static inline sr_reason sr_sender_finish(sr_sender *sender, int64_t timeout, sr_error *error);
static inline void sr_sender_abort(sr_sender *sender);

/*
 * The receiver. An sr_receiver is large: about 130 KiB on Linux.
 *
 * Messages in parts are assembled in the caller's memory, of which each sender has an equal part. Give it
 * senders * length bytes for messages of up to this length, a multiple of 8, at an address that 8 divides, and keep it
 * until close. Without it, and if a message is longer, the call that receives its end drops it and returns SR_NO_SPACE.
 */
static inline sr_reason sr_receiver_create(
    sr_receiver *receiver, const char *name, const sr_channel_shape *shape, sr_error *error);
static inline sr_reason sr_receiver_open(
    sr_receiver *receiver, const char *name, uint64_t schema, int64_t timeout, sr_error *error);
static inline sr_reason sr_receiver_open_or_create(
    sr_receiver *receiver, const char *name, const sr_channel_shape *shape, sr_error *error);
static inline void sr_receiver_assemble_in(sr_receiver *receiver, void *memory, uint64_t size);
static inline void sr_receiver_close(sr_receiver *receiver);

/*
 * Receiving. sr_receiver_poll hands over up to LIMIT messages to the handler, and does not wait. It returns SR_OK also
 * if there are none. sr_receiver_receive waits up to the timeout for a first message, and then returns SR_TIMED_OUT.
 * *count, unless that is NULL, is how many were handed over, also after a failure. A call releases its messages at its
 * end, and a long call also each time that a quarter of a sender's ring was handed over.
 *
 * sr_receiver_receive_parts hands over the parts of messages as they come, so that a message may be longer than memory;
 * LIMIT and *count are numbers of parts. The parts of one sender come in their order. Parts of others may come between
 * them. After a part that is aborted, the next one of this sender begins a new message.
 *
 * SR_OUT_OF_TURN from a call within a handler. SR_CORRUPT if another program has overwritten the channel.
 */
static inline sr_reason sr_receiver_poll(sr_receiver *receiver, sr_message_handler *handler, void *context,
    uint64_t limit, uint64_t *count, sr_error *error);
static inline sr_reason sr_receiver_receive(sr_receiver *receiver, sr_message_handler *handler, void *context,
    uint64_t limit, int64_t timeout, uint64_t *count, sr_error *error);
static inline sr_reason sr_receiver_receive_parts(sr_receiver *receiver, sr_message_handler *handler, void *context,
    uint64_t limit, int64_t timeout, uint64_t *count, sr_error *error);

/*
 * The whole channel. backlog is how many bytes were sent and not released, with 8 bytes for each record, whose length
 * is rounded up to a multiple of 8. aborted is how many messages were begun and never finished, modulo 2^24 for each
 * sender. full is how often a sender found no room.
 */
static inline uint64_t sr_sender_backlog(const sr_sender *sender);
static inline uint64_t sr_sender_aborted(const sr_sender *sender);
static inline uint64_t sr_sender_full(const sr_sender *sender);
static inline uint64_t sr_receiver_backlog(const sr_receiver *receiver);
static inline uint64_t sr_receiver_aborted(const sr_receiver *receiver);
static inline uint64_t sr_receiver_full(const sr_receiver *receiver);

/* --- The channel's memory: src/docs/messages.md ---------------------------------------------------------------- */

/* How often an honest process never starts a step over. */
enum { SR_CHANNEL_MOST_TRIES_ = 1000 };

static const sr_block_kind_ sr_channel_kind_ = {"SRMsgs", SR_CHANNEL_VERSION_, ".messages", "a channel", "channel"};

static inline bool sr_channel_is_possible_(const sr_channel_shape *shape)
{
    return shape->capacity >= SR_CHANNEL_LEAST_CAPACITY_ && shape->capacity <= SR_CHANNEL_MOST_CAPACITY_
        && shape->capacity % SR_CHANNEL_LINE_ == 0 && shape->senders >= 1
        && shape->senders <= SR_CHANNEL_MOST_SENDERS_;
}

static inline uint64_t sr_rounded_up_(uint64_t size, uint64_t multiple)
{
    return (size + multiple - 1) / multiple * multiple;
}

/* Where the ring of a lane begins in the region. */
static inline uint64_t sr_channel_ring_at_(const sr_channel_shape *shape, uint64_t number)
{
    uint64_t control = sizeof(sr_channel_header_) + shape->senders * sizeof(sr_lane_header_);
    return sr_rounded_up_(control, SR_CHANNEL_ALIGNMENT_) + (number - 1) * shape->capacity;
}

static inline uint64_t sr_channel_region_size_(const sr_channel_shape *shape)
{
    return sr_channel_ring_at_(shape, shape->senders + 1);
}

static inline sr_lane_header_ *sr_channel_lane_(const sr_channel_ *channel, uint32_t number)
{
    return (sr_lane_header_ *)(void *)(channel->header + 1) + (number - 1);
}

static inline char *sr_channel_ring_(const sr_channel_ *channel, uint32_t number)
{
    return (char *)channel->header + sr_channel_ring_at_(&channel->shape, number);
}

/* Where a lane's owner slot is. */
static inline size_t sr_channel_lane_owner_at_(uint32_t number)
{
    return sizeof(sr_channel_header_) + (number - 1) * sizeof(sr_lane_header_) + offsetof(sr_lane_header_, owner);
}

/* The suffix of the event that wakes a lane's sender. */
static inline const char *sr_channel_freed_(char *suffix, size_t size, uint32_t number)
{
    snprintf(suffix, size, ".freed.%" PRIu32, number);
    return suffix;
}

/* The highest number of a lane that was ever used; at most as many as there are, whatever the memory says. */
static inline uint32_t sr_channel_used_(const sr_channel_ *channel)
{
    uint64_t used = sr_load64_acquire_(&channel->header->used);
    return (uint32_t)(used < channel->shape.senders ? used : channel->shape.senders);
}

static inline sr_reason sr_channel_corrupt_(const sr_channel_ *channel, uint32_t number, sr_error *error)
{
    return sr_fail_(error, SR_CORRUPT, 0,
        "Cannot use channel \"%s\": another program has overwritten its lane %" PRIu32 ". Close it in all processes.",
        channel->name, number);
}

/* Whether there can be records between these positions. */
static inline bool sr_channel_can_have_(const sr_channel_ *channel, uint64_t head, uint64_t tail)
{
    return head % SR_RECORD_ALIGNMENT_ == 0 && tail % SR_RECORD_ALIGNMENT_ == 0
        && tail - head <= channel->shape.capacity;
}

/* The bytes that a record takes, with its header. */
static inline uint64_t sr_record_size_(uint64_t length)
{
    return sr_rounded_up_(sizeof(sr_record_header_) + length, SR_RECORD_ALIGNMENT_);
}

static inline void sr_record_write_(char *at, uint32_t kind, uint64_t length, int32_t type)
{
    sr_record_header_ header = {kind << SR_RECORD_KIND_SHIFT_ | (uint32_t)length, type};
    memcpy(at, &header, sizeof header);
}

/* One copy of the header, because another program may change it meanwhile. */
static inline sr_record_header_ sr_record_read_(const char *at)
{
    sr_record_header_ header;
    uint64_t copy = sr_load64_relaxed_((const uint64_t *)(const void *)at);
    memcpy(&header, &copy, sizeof header);
    return header;
}

/* The unfinished word's bits 0 to 39. */
static inline uint64_t sr_unfinished_(uint64_t state, uint64_t tail)
{
    uint64_t position = tail / SR_RECORD_ALIGNMENT_ << SR_UNFINISHED_POSITION_SHIFT_;
    return state | (position & (((uint64_t)1 << SR_UNFINISHED_ABORTED_SHIFT_) - 1));
}

static inline bool sr_unfinished_is_(uint64_t word, uint64_t tail)
{
    uint64_t bits = word & (((uint64_t)1 << SR_UNFINISHED_ABORTED_SHIFT_) - 1);
    return (bits & 3) == SR_UNFINISHED_PARTS_ || bits == sr_unfinished_(SR_UNFINISHED_RECORD_, tail);
}

/* Before all stores that follow. */
static inline void sr_unfinished_set_(sr_lane_header_ *lane, uint64_t word)
{
    sr_store64_relaxed_(&lane->unfinished, word);
    sr_fence_release_();
}

/* --- The whole channel ----------------------------------------------------------------------------------------- */

static inline uint64_t sr_channel_backlog_(const sr_channel_ *channel)
{
    uint64_t backlog = 0, capacity = channel->shape.capacity;
    for (uint32_t number = 1, used = sr_channel_used_(channel); number <= used; number++) {
        const sr_lane_header_ *lane = sr_channel_lane_(channel, number);
        /* The head first: it never passes the tail. An overwritten lane has at most what fits into it. */
        uint64_t head = sr_load64_acquire_(&lane->head);
        uint64_t there = sr_load64_acquire_(&lane->tail) - head;
        backlog += there < capacity ? there : capacity;
    }
    return backlog;
}

static inline uint64_t sr_channel_full_(const sr_channel_ *channel)
{
    uint64_t full = 0;
    for (uint32_t number = 1, used = sr_channel_used_(channel); number <= used; number++)
        full += sr_load64_relaxed_(&sr_channel_lane_(channel, number)->full);
    return full;
}

/* Whether a living process has the lane. */
static inline bool sr_channel_is_held_(const sr_channel_ *channel, uint32_t number)
{
    sr_owner_slot_ owner;
    sr_owner_init_(&owner, &channel->region, sr_channel_lane_owner_at_(number));
    return sr_owner_is_held_(&owner);
}

/* Of a lane that is not this process's own. */
static inline uint64_t sr_lane_aborted_(const sr_channel_ *channel, uint32_t number)
{
    const sr_lane_header_ *lane = sr_channel_lane_(channel, number);
    uint64_t word = sr_load64_acquire_(&lane->unfinished), now = word, one = 0;
    if (sr_unfinished_is_(word, sr_load64_acquire_(&lane->tail)) && !sr_channel_is_held_(channel, number)) {
        /* A sender that has come meanwhile has counted it. One that has gone meanwhile may have finished it. */
        now = sr_load64_acquire_(&lane->unfinished);
        one = now == word && sr_unfinished_is_(now, sr_load64_acquire_(&lane->tail));
    }
    return (now >> SR_UNFINISHED_ABORTED_SHIFT_) + one;
}

/* MINE is the number of this process's own lane, or 0. */
static inline uint64_t sr_channel_aborted_(const sr_channel_ *channel, uint32_t mine)
{
    uint64_t aborted = 0;
    for (uint32_t number = 1, used = sr_channel_used_(channel); number <= used; number++)
        aborted += number != mine
            ? sr_lane_aborted_(channel, number)
            : sr_load64_relaxed_(&sr_channel_lane_(channel, number)->unfinished) >> SR_UNFINISHED_ABORTED_SHIFT_;
    return aborted;
}

/* --- Sleeping -------------------------------------------------------------------------------------------------- */

/* How long a wait looks before it says that it sleeps: about the time that a sleep and its wake-up take. */
#define SR_SLEEPER_SPIN_TIME_ ((int64_t)50000)

/* How long it looks after that: by then each store is visible that was made before. */
#define SR_SLEEPER_SETTLING_TIME_ ((int64_t)10000)

/* The longest sleep: the peer may have died before it has set the event. */
#define SR_SLEEPER_LONGEST_SLEEP_ SR_MILLIS(100)

/* Whether that has come for which a side waits. */
typedef bool sr_awaited_(const void *side);

/* Looks again and again, for this time. Without pauses, the looks keep the word's cache line from the other side. */
static inline bool sr_sleeper_looks_(sr_awaited_ *has_come, const void *side, int64_t nanos, int64_t deadline)
{
    int64_t end = sr_now() + sr_least_(nanos, sr_left_(deadline));
    do {
        if (has_come(side))
            return true;
        sr_relax_times_(3);
    } while (sr_now() < end);
    return false;
}

/* Looks before it says that it sleeps. After looks that found nothing most waits do without. */
static inline bool sr_sleeper_spins_(sr_channel_ *channel, sr_awaited_ *has_come, const void *side, int64_t deadline)
{
    bool pays = sr_left_(deadline) > 0
        && (channel->misses < SR_SPIN_MISSES_ || ++channel->skipped % SR_SPIN_RETRY_ == 0);
    bool come = sr_sleeper_looks_(has_come, side, pays ? channel->spin : 0, deadline);
    channel->misses = come ? 0 : channel->misses + pays;
    return come;
}

static inline bool sr_sleeper_is_asleep_(const uint32_t *asleep) { return sr_load32_(asleep) == 1; }

static inline void sr_sleeper_sleep_(
    uint32_t *asleep, sr_event *event, sr_awaited_ *has_come, const void *side, int64_t deadline)
{
    sr_store32_(asleep, 1);
    sr_fence_();
    bool awake = sr_sleeper_looks_(has_come, side, SR_SLEEPER_SETTLING_TIME_, deadline);
    while (!awake)
        awake = sr_event_await(event, sr_least_(sr_left_(deadline), SR_SLEEPER_LONGEST_SLEEP_))
            || !sr_sleeper_is_asleep_(asleep) || sr_left_(deadline) == 0 || has_come(side);
    sr_store32_(asleep, 0);
}

/* Waits until it has come. False if the time is up before. */
static inline bool sr_sleeper_await_(sr_channel_ *channel, uint32_t *asleep, sr_event *event,
    sr_awaited_ *has_come, const void *side, int64_t deadline)
{
    if (sr_sleeper_spins_(channel, has_come, side, deadline))
        return true;
    while (sr_left_(deadline) > 0) {
        sr_sleeper_sleep_(asleep, event, has_come, side, deadline);
        if (has_come(side))
            return true;
    }
    return false;
}

/* Wakes the other side if it sleeps. */
static inline void sr_sleeper_wake_(uint32_t *asleep, sr_event *event)
{
    if (sr_sleeper_is_asleep_(asleep) && sr_cas32_(asleep, 1, 0))
        sr_event_set(event);
}

/* --- Sending: the records -------------------------------------------------------------------------------------- */

/* The padding that a record of this size needs. */
static inline uint64_t sr_lane_padding_(const sr_sender *sender, uint64_t size)
{
    uint64_t at_end = sender->shape.capacity - sender->place_;
    return size <= at_end ? 0 : at_end;
}

/* Claim, 1 and 2. MORE: whether further parts follow. SR_TIMED_OUT, without a message, if there is no room. */
static inline sr_reason sr_lane_claim_(sr_sender *sender, uint64_t length, bool more, sr_error *error)
{
    sr_lane_header_ *lane = sender->lane_;
    uint64_t size = sr_record_size_(length), padding = sr_lane_padding_(sender, size);
    uint64_t most = sender->shape.capacity - (size + padding); /* what may be there, so that it fits */
    if (sender->tail_ - sender->head_ > most) {
        uint64_t head = sr_load64_acquire_(&lane->head);
        if (!sr_channel_can_have_(&sender->channel_, head, sender->tail_)
            || sr_load64_relaxed_(&lane->tail) != sender->tail_)
            return sr_channel_corrupt_(&sender->channel_, sender->number_, error);
        sender->head_ = head;
        if (sender->tail_ - head > most) {
            sr_store64_relaxed_(&lane->full, sr_load64_relaxed_(&lane->full) + 1);
            return SR_TIMED_OUT;
        }
    }
    sr_unfinished_set_(lane,
        sender->counted_ | sr_unfinished_(more ? SR_UNFINISHED_PARTS_ : SR_UNFINISHED_RECORD_, sender->tail_));
    sender->padding_ = padding;
    return SR_OK;
}

/* Where in the ring the claimed record begins. */
static inline uint64_t sr_lane_claimed_at_(const sr_sender *sender)
{
    return sender->padding_ == 0 ? sender->place_ : 0;
}

/* The bytes of the claimed record. */
static inline void *sr_lane_bytes_(const sr_sender *sender)
{
    return sender->ring_ + sr_lane_claimed_at_(sender) + sizeof(sr_record_header_);
}

/* Send, 3 without the bytes, to 5. */
static inline void sr_lane_publish_(sr_sender *sender, uint32_t kind, int32_t type, uint64_t length)
{
    uint64_t at = sr_lane_claimed_at_(sender), size = sr_record_size_(length);
    if (sender->padding_ != 0)
        sr_record_write_(sender->ring_ + sender->place_, SR_PADDING_, 0, 0);
    sr_record_write_(sender->ring_ + at, kind, length, type);
    sender->tail_ += sender->padding_ + size;
    sender->place_ = at + size == sender->shape.capacity ? 0 : at + size;
    sr_store64_release_(&sender->lane_->tail, sender->tail_);
    sr_sleeper_wake_(&sender->channel_.header->asleep, &sender->channel_.sent);
}

/* A sender that waits for room. */
typedef struct sr_room_ {
    const sr_sender *sender;
    uint64_t size; /* of the record, and of its padding */
} sr_room_;

/* Whether the next claim does something else than to find no room. */
static inline bool sr_lane_has_room_(const void *room)
{
    const sr_sender *sender = ((const sr_room_ *)room)->sender;
    uint64_t head = sr_load64_acquire_(&sender->lane_->head);
    return sender->tail_ - head <= sender->shape.capacity - ((const sr_room_ *)room)->size
        || !sr_channel_can_have_(&sender->channel_, head, sender->tail_);
}

/* Wait for room, and claim. */
static inline sr_reason sr_lane_await_room_(
    sr_sender *sender, uint64_t length, bool more, int64_t deadline, sr_error *error)
{
    uint64_t size = sr_record_size_(length);
    sr_room_ room = {sender, size + sr_lane_padding_(sender, size)};
    while (sr_sleeper_await_(
        &sender->channel_, &sender->lane_->asleep, &sender->freed_, sr_lane_has_room_, &room, deadline)) {
        sr_reason reason = sr_lane_claim_(sender, length, more, error);
        if (reason != SR_TIMED_OUT)
            return reason;
        if (sr_left_(deadline) == 0)
            break;
    }
    return sr_fail_(error, SR_TIMED_OUT, 0,
        "Channel \"%s\": there is no room for a record of %" PRIu64 " bytes, because the receiver has not read enough.",
        sender->channel_.name, length);
}

/* Claims a record, and waits up to the timeout while there is no room. */
static inline sr_reason sr_sender_claim_(
    sr_sender *sender, uint64_t length, bool more, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_lane_claim_(sender, length, more, error);
    return reason != SR_TIMED_OUT ? reason
                                  : sr_lane_await_room_(sender, length, more, sr_deadline_(timeout), error);
}

static inline void sr_sender_copy_(const sr_sender *sender, const void *bytes, uint64_t length)
{
    if (length != 0)
        memcpy(sr_lane_bytes_(sender), bytes, (size_t)length);
}

/* --- Sending: messages ----------------------------------------------------------------------------------------- */

static inline sr_reason sr_sender_check_(
    const sr_sender *sender, bool in_turn, const char *call, const char *why, sr_error *error)
{
    return in_turn
        ? SR_OK
        : sr_fail_(error, SR_OUT_OF_TURN, 0, "Channel \"%s\": %s, but %s.", sender->channel_.name, call, why);
}

static inline sr_reason sr_sender_check_free_(const sr_sender *sender, const char *call, sr_error *error)
{
    return sr_sender_check_(sender, sender->outgoing_ == SR_NOTHING_, call,
        "a message is open that is written in place or in parts. End or abort that first", error);
}

static inline sr_reason sr_sender_check_parts_(const sr_sender *sender, const char *call, sr_error *error)
{
    return sr_sender_check_(sender, sender->outgoing_ == SR_PARTS_ || sender->outgoing_ == SR_PARTS_SENT_, call,
        "no message in parts was begun", error);
}

static inline sr_reason sr_sender_check_length_(const sr_sender *sender, uint64_t length, sr_error *error)
{
    return length <= sender->largest_record
        ? SR_OK
        : sr_fail_(error, SR_BAD_ARGUMENT, 0,
              "A record of the channel \"%s\" cannot have %" PRIu64 " bytes: give 0 to %" PRIu64
              ", half of its capacity. For a longer message use sr_sender_send or sr_sender_begin, which send it in "
              "parts.",
              sender->channel_.name, length, sender->largest_record);
}

static inline void sr_sender_set_outgoing_(sr_sender *sender, sr_outgoing_ outgoing, int32_t type)
{
    sender->outgoing_ = outgoing;
    sender->type_ = type;
    sender->written = 0;
}

/* The longest part, so that several of them are on their way at the same time. */
static inline uint64_t sr_sender_longest_part_(const sr_sender *sender)
{
    return sender->shape.capacity / 4 - sizeof(sr_record_header_);
}

/* Sends a part, which fits a record. */
static inline sr_reason sr_sender_write_part_(
    sr_sender *sender, const void *bytes, uint64_t length, bool last, int64_t timeout, sr_error *error)
{
    bool sent = sender->outgoing_ == SR_PARTS_SENT_;
    sr_reason reason = sr_sender_claim_(sender, length, !last, timeout, error);
    if (reason != SR_OK)
        return reason;
    sr_sender_copy_(sender, bytes, length);
    sr_lane_publish_(
        sender, last ? sent ? SR_LAST_ : SR_WHOLE_ : sent ? SR_MIDDLE_ : SR_FIRST_, sender->type_, length);
    sender->outgoing_ = last ? SR_NOTHING_ : SR_PARTS_SENT_;
    sender->written += length;
    return SR_OK;
}

static inline sr_reason sr_sender_write_parts_(
    sr_sender *sender, const void *bytes, uint64_t length, int64_t deadline, sr_error *error)
{
    sr_reason reason = SR_OK;
    for (uint64_t at = 0; reason == SR_OK && at < length;) {
        uint64_t left = length - at, longest = sr_sender_longest_part_(sender), part = left < longest ? left : longest;
        reason = sr_sender_write_part_(sender, (const char *)bytes + at, part, false, sr_left_(deadline), error);
        at += part;
    }
    return reason;
}

static inline sr_reason sr_sender_begin(sr_sender *sender, int32_t type, sr_error *error)
{
    sr_reason reason = sr_sender_check_free_(sender, "begin", error);
    if (reason == SR_OK)
        sr_sender_set_outgoing_(sender, SR_PARTS_, type);
    return reason;
}

static inline sr_reason sr_sender_write(
    sr_sender *sender, const void *bytes, uint64_t length, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_sender_check_parts_(sender, "write", error);
    return reason != SR_OK ? reason : sr_sender_write_parts_(sender, bytes, length, sr_deadline_(timeout), error);
}

static inline sr_reason sr_sender_finish(sr_sender *sender, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_sender_check_parts_(sender, "finish", error);
    return reason != SR_OK ? reason : sr_sender_write_part_(sender, NULL, 0, true, timeout, error);
}

static inline void sr_sender_abort(sr_sender *sender)
{
    if (sender->outgoing_ == SR_NOTHING_)
        return;
    if (sender->outgoing_ == SR_PARTS_SENT_)
        sender->counted_ += (uint64_t)1 << SR_UNFINISHED_ABORTED_SHIFT_;
    sr_unfinished_set_(sender->lane_, sender->counted_);
    sender->outgoing_ = SR_NOTHING_;
}

/* Sends a message that no record takes. */
static inline sr_reason sr_sender_send_parts_(
    sr_sender *sender, int32_t type, const void *bytes, uint64_t length, int64_t timeout, sr_error *error)
{
    int64_t deadline = sr_deadline_(timeout);
    uint64_t last = sr_sender_longest_part_(sender);
    sr_sender_set_outgoing_(sender, SR_PARTS_, type);
    sr_reason reason = sr_sender_write_parts_(sender, bytes, length - last, deadline, error);
    if (reason == SR_OK)
        reason = sr_sender_write_part_(
            sender, (const char *)bytes + (length - last), last, true, sr_left_(deadline), error);
    sr_sender_abort(sender);
    return reason;
}

static inline sr_reason sr_sender_send(
    sr_sender *sender, int32_t type, const void *bytes, uint64_t length, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_sender_check_free_(sender, "send", error);
    if (reason == SR_OK && length > sender->largest_record)
        return sr_sender_send_parts_(sender, type, bytes, length, timeout, error);
    if (reason == SR_OK)
        reason = sr_sender_claim_(sender, length, false, timeout, error);
    if (reason != SR_OK)
        return reason;
    sr_sender_copy_(sender, bytes, length);
    sr_lane_publish_(sender, SR_WHOLE_, type, length);
    return SR_OK;
}

static inline sr_reason sr_sender_offer(
    sr_sender *sender, int32_t type, const void *bytes, uint64_t length, sr_error *error)
{
    sr_reason reason = sr_sender_check_length_(sender, length, error);
    return reason != SR_OK ? reason : sr_sender_send(sender, type, bytes, length, 0, error);
}

static inline sr_reason sr_sender_claim(
    sr_sender *sender, int32_t type, uint64_t length, void **bytes, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_sender_check_length_(sender, length, error);
    if (reason == SR_OK)
        reason = sr_sender_check_free_(sender, "claim", error);
    if (reason == SR_OK)
        reason = sr_sender_claim_(sender, length, false, timeout, error);
    if (reason != SR_OK)
        return reason;
    sr_sender_set_outgoing_(sender, SR_CLAIM_, type);
    sender->length_ = length;
    *bytes = sr_lane_bytes_(sender);
    return SR_OK;
}

static inline sr_reason sr_sender_commit(sr_sender *sender, sr_error *error)
{
    sr_reason reason =
        sr_sender_check_(sender, sender->outgoing_ == SR_CLAIM_, "commit", "nothing was claimed", error);
    if (reason != SR_OK)
        return reason;
    sr_lane_publish_(sender, SR_WHOLE_, sender->type_, sender->length_);
    sender->outgoing_ = SR_NOTHING_;
    return SR_OK;
}

static inline uint64_t sr_sender_backlog(const sr_sender *sender) { return sr_channel_backlog_(&sender->channel_); }

static inline uint64_t sr_sender_aborted(const sr_sender *sender)
{
    return sr_channel_aborted_(&sender->channel_, sender->number_);
}

static inline uint64_t sr_sender_full(const sr_sender *sender) { return sr_channel_full_(&sender->channel_); }

/* --- Receiving: the records ------------------------------------------------------------------------------------ */

/* What a call hands over, and to whom. */
typedef struct sr_batch_ {
    sr_message_handler *handler;
    void *context;
    uint64_t limit;
    bool in_parts;
    uint64_t count;
    bool stopped; /* the handler wants no more */
} sr_batch_;

static inline bool sr_batch_is_full_(const sr_batch_ *batch) { return batch->stopped || batch->count >= batch->limit; }

static inline void sr_batch_hand_over_(sr_batch_ *batch, const sr_message *message)
{
    if (!message->aborted)
        batch->count++;
    batch->stopped = !batch->handler(batch->context, message);
}

static inline void sr_lane_tell_aborted_(sr_lane_reader_ *reader, uint32_t number, sr_batch_ *batch)
{
    sr_message message = {number, 0, NULL, 0, true, true};
    reader->told = false;
    sr_batch_hand_over_(batch, &message);
}

/* What the receiver finds in a lane: what its predecessor has not released. */
static inline sr_reason sr_lane_enter_(sr_receiver *receiver, uint32_t number, sr_error *error)
{
    sr_lane_reader_ *reader = &receiver->lane_[number - 1];
    const sr_lane_header_ *lane = sr_channel_lane_(&receiver->channel_, number);
    if (reader->known)
        return SR_OK;
    uint64_t head = sr_load64_acquire_(&lane->head), tail = sr_load64_acquire_(&lane->tail);
    if (!sr_channel_can_have_(&receiver->channel_, head, tail))
        return sr_channel_corrupt_(&receiver->channel_, number, error);
    reader->released = reader->next = head;
    reader->place = head % receiver->shape.capacity;
    reader->tail = tail;
    reader->known = true;
    return SR_OK;
}

/* Poll, 1: looks for further records if all known ones were read. */
static inline sr_reason sr_lane_look_(sr_receiver *receiver, uint32_t number, sr_error *error)
{
    sr_lane_reader_ *reader = &receiver->lane_[number - 1];
    if (reader->next != reader->tail)
        return SR_OK;
    const sr_lane_header_ *lane = sr_channel_lane_(&receiver->channel_, number);
    uint64_t tail = sr_load64_acquire_(&lane->tail);
    if (!sr_channel_can_have_(&receiver->channel_, reader->released, tail)
        || tail - reader->released < reader->tail - reader->released
        || (tail == reader->tail && sr_load64_relaxed_(&lane->head) != reader->released))
        return sr_channel_corrupt_(&receiver->channel_, number, error);
    reader->tail = tail;
    return SR_OK;
}

/* Wakes the sender. If its event cannot be opened, it is gone, or looks after 100 milliseconds by itself. */
static inline void sr_lane_wake_(sr_receiver *receiver, uint32_t number)
{
    char suffix[24];
    sr_name_ name;
    sr_lane_reader_ *reader = &receiver->lane_[number - 1];
    if (!reader->event_is_open) {
        const char *name_of = sr_channel_freed_(suffix, sizeof suffix, number);
        if (sr_name_init_(&name, receiver->channel_.name, name_of, NULL) != SR_OK
            || sr_event_open_(&reader->freed, &name, false, NULL) != SR_OK)
            return;
        reader->event_is_open = true;
    }
    sr_sleeper_wake_(&sr_channel_lane_(&receiver->channel_, number)->asleep, &reader->freed);
}

/* Release: poll, 4. */
static inline void sr_lane_release_(sr_receiver *receiver, uint32_t number)
{
    sr_lane_reader_ *reader = &receiver->lane_[number - 1];
    sr_lane_header_ *lane = sr_channel_lane_(&receiver->channel_, number);
    uint64_t capacity = receiver->shape.capacity;
    if (reader->next == reader->released)
        return;
    sr_store64_release_(&lane->head, reader->next);
    reader->released = reader->next;
    if (sr_sleeper_is_asleep_(&lane->asleep) && reader->tail - reader->next <= capacity - capacity / 4)
        sr_lane_wake_(receiver, number);
}

/* Poll, 3, of a message that is assembled. */
static inline sr_reason sr_lane_assemble_(
    sr_receiver *receiver, uint32_t kind, sr_message *part, sr_batch_ *batch, sr_error *error)
{
    sr_lane_reader_ *reader = &receiver->lane_[part->sender - 1];
    uint64_t longest = receiver->longest_assembled_, before = kind == SR_FIRST_ ? 0 : reader->assembled;
    char *assembly = longest == 0 ? NULL : receiver->assembly_ + (part->sender - 1) * longest;
    if (before <= longest && part->length <= longest - before && part->length != 0)
        memcpy(assembly + before, part->bytes, (size_t)part->length);
    reader->assembled = before + part->length;
    if (kind != SR_LAST_)
        return SR_OK;
    if (reader->assembled > longest)
        return sr_fail_(error, SR_NO_SPACE, 0,
            "Cannot receive from channel \"%s\": a message of %" PRIu64 " bytes was dropped, because at most %" PRIu64
            " bytes are assembled. Give sr_receiver_assemble_in more memory, or receive the parts by "
            "sr_receiver_receive_parts.",
            receiver->channel_.name, reader->assembled, longest);
    part->bytes = assembly;
    part->length = reader->assembled;
    sr_batch_hand_over_(batch, part);
    return SR_OK;
}

/* Poll, 3. A part whose message began for another kind of call, or before this receiver came, is dropped. */
static inline sr_reason sr_lane_take_(
    sr_receiver *receiver, uint32_t kind, sr_message *part, sr_batch_ *batch, sr_error *error)
{
    sr_lane_reader_ *reader = &receiver->lane_[part->sender - 1];
    sr_parts_ wanted = batch->in_parts ? SR_STREAMED_ : SR_ASSEMBLED_;
    bool begins = kind == SR_WHOLE_ || kind == SR_FIRST_, dropped = !begins && reader->parts != wanted;
    part->last = kind == SR_WHOLE_ || kind == SR_LAST_;
    reader->parts = dropped || part->last ? SR_DROPPED_ : wanted;
    if (dropped)
        return SR_OK;
    if (wanted == SR_ASSEMBLED_ && kind != SR_WHOLE_)
        return sr_lane_assemble_(receiver, kind, part, batch, error);
    if (wanted == SR_STREAMED_)
        reader->told = !part->last;
    sr_batch_hand_over_(batch, part);
    return SR_OK;
}

/* Poll, 2 and 3: the next record, which is there. */
static inline sr_reason sr_lane_read_(sr_receiver *receiver, uint32_t number, sr_batch_ *batch, sr_error *error)
{
    sr_lane_reader_ *reader = &receiver->lane_[number - 1];
    const char *at = sr_channel_ring_(&receiver->channel_, number) + reader->place;
    sr_record_header_ header = sr_record_read_(at);
    uint32_t kind = header.kind_and_length >> SR_RECORD_KIND_SHIFT_;
    uint64_t length = header.kind_and_length & (((uint32_t)1 << SR_RECORD_KIND_SHIFT_) - 1);
    uint64_t at_end = receiver->shape.capacity - reader->place;
    uint64_t size = kind == SR_PADDING_ ? at_end : sr_record_size_(length);
    if (kind < SR_WHOLE_ || kind > SR_PADDING_ || size > at_end || size > reader->tail - reader->next)
        return sr_channel_corrupt_(&receiver->channel_, number, error);
    bool ends_other = kind == SR_WHOLE_ || kind == SR_FIRST_ || reader->parts != SR_STREAMED_;
    if (batch->in_parts && reader->told && ends_other) {
        sr_lane_tell_aborted_(reader, number, batch); /* the record is next */
        return SR_OK;
    }
    reader->next += size;
    reader->place = size == at_end ? 0 : reader->place + size;
    sr_message part = {number, header.type, at + sizeof header, length, true, false};
    return kind == SR_PADDING_ ? SR_OK : sr_lane_take_(receiver, kind, &part, batch, error);
}

/* Poll, of one lane. Reads at most what fits into the ring, so that it ends, whatever is sent meanwhile. */
static inline sr_reason sr_lane_poll_(sr_receiver *receiver, uint32_t number, sr_batch_ *batch, sr_error *error)
{
    sr_lane_reader_ *reader = &receiver->lane_[number - 1];
    uint64_t capacity = receiver->shape.capacity;
    sr_reason reason = sr_lane_enter_(receiver, number, error);
    uint64_t begin = reader->next;
    while (reason == SR_OK && !sr_batch_is_full_(batch) && reader->next - begin < capacity) {
        reason = sr_lane_look_(receiver, number, error);
        if (reason != SR_OK || reader->next == reader->tail)
            break;
        reason = sr_lane_read_(receiver, number, batch, error);
        if (reader->next - reader->released >= capacity / 4)
            sr_lane_release_(receiver, number);
    }
    sr_lane_release_(receiver, number);
    return reason;
}

/* --- Receiving: messages --------------------------------------------------------------------------------------- */

/* How often to look whether the sender of an unfinished message has died. */
#define SR_DEATH_TIME_ SR_MILLIS(50)

/* Tells the handler of messages in parts whose senders have died, as nobody sends the rest. */
static inline sr_reason sr_receiver_look_for_dead_(sr_receiver *receiver, sr_batch_ *batch, sr_error *error)
{
    int64_t now = sr_now();
    if (now < receiver->next_look_)
        return SR_OK;
    receiver->next_look_ = now + SR_DEATH_TIME_;
    for (uint32_t number = 1, used = sr_channel_used_(&receiver->channel_); number <= used; number++) {
        sr_lane_reader_ *reader = &receiver->lane_[number - 1];
        if (batch->stopped || !reader->told || sr_channel_is_held_(&receiver->channel_, number))
            continue;
        sr_reason reason = sr_lane_look_(receiver, number, error);
        if (reason != SR_OK)
            return reason;
        if (reader->next == reader->tail)
            sr_lane_tell_aborted_(reader, number, batch);
    }
    return SR_OK;
}

/* Poll. */
static inline sr_reason sr_receiver_poll_(sr_receiver *receiver, sr_batch_ *batch, sr_error *error)
{
    uint32_t used = sr_channel_used_(&receiver->channel_), number = receiver->last_;
    sr_reason reason = SR_OK;
    receiver->is_handing_ = true;
    for (uint32_t i = 0; i < used && reason == SR_OK && !sr_batch_is_full_(batch); i++) {
        number = number < used ? number + 1 : 1;
        reason = sr_lane_poll_(receiver, number, batch, error);
    }
    receiver->last_ = number;
    if (reason == SR_OK && batch->in_parts && batch->count == 0)
        reason = sr_receiver_look_for_dead_(receiver, batch, error);
    receiver->is_handing_ = false;
    return reason;
}

/* Whether the next poll has something to read, or a lane to look at for the first time. */
static inline bool sr_receiver_has_any_(const void *side)
{
    const sr_receiver *receiver = (const sr_receiver *)side;
    for (uint32_t number = 1, used = sr_channel_used_(&receiver->channel_); number <= used; number++) {
        const sr_lane_reader_ *reader = &receiver->lane_[number - 1];
        if (!reader->known
            || sr_load64_acquire_(&sr_channel_lane_(&receiver->channel_, number)->tail) != reader->next)
            return true;
    }
    return false;
}

/* Wait for messages. */
static inline void sr_receiver_await_(sr_receiver *receiver, int64_t deadline)
{
    sr_sleeper_await_(&receiver->channel_, &receiver->channel_.header->asleep, &receiver->channel_.sent,
        sr_receiver_has_any_, receiver, deadline);
}

/* Polls, and waits up to the timeout for a first message. SR_OK also if none has come. */
static inline sr_reason sr_receiver_receive_(
    sr_receiver *receiver, sr_batch_ *batch, int64_t timeout, uint64_t *count, sr_error *error)
{
    if (count != NULL)
        *count = 0;
    if (batch->limit == 0)
        return sr_fail_(error, SR_BAD_ARGUMENT, 0, "A call cannot hand over 0 messages: give 1 or more.");
    if (receiver->is_handing_)
        return sr_fail_(error, SR_OUT_OF_TURN, 0,
            "Channel \"%s\": receive, but a handler is running. Receive the next message when that has returned.",
            receiver->channel_.name);
    sr_reason reason = sr_receiver_poll_(receiver, batch, error);
    int64_t deadline = batch->count != 0 || timeout == 0 ? 0 : sr_deadline_(timeout);
    while (reason == SR_OK && batch->count == 0 && !batch->stopped && sr_left_(deadline) > 0) {
        sr_receiver_await_(receiver, batch->in_parts ? sr_least_(deadline, sr_deadline_(SR_DEATH_TIME_)) : deadline);
        reason = sr_receiver_poll_(receiver, batch, error);
    }
    if (count != NULL)
        *count = batch->count;
    return reason;
}

static inline sr_reason sr_receiver_in_time_(
    const sr_receiver *receiver, const sr_batch_ *batch, sr_reason reason, sr_error *error)
{
    return reason != SR_OK || batch->count != 0 || batch->stopped
        ? reason
        : sr_fail_(error, SR_TIMED_OUT, 0, "Channel \"%s\": no message has come in time.", receiver->channel_.name);
}

static inline sr_reason sr_receiver_poll(sr_receiver *receiver, sr_message_handler *handler, void *context,
    uint64_t limit, uint64_t *count, sr_error *error)
{
    sr_batch_ batch = {handler, context, limit, false, 0, false};
    return sr_receiver_receive_(receiver, &batch, 0, count, error);
}

static inline sr_reason sr_receiver_receive(sr_receiver *receiver, sr_message_handler *handler, void *context,
    uint64_t limit, int64_t timeout, uint64_t *count, sr_error *error)
{
    sr_batch_ batch = {handler, context, limit, false, 0, false};
    sr_reason reason = sr_receiver_receive_(receiver, &batch, timeout, count, error);
    return sr_receiver_in_time_(receiver, &batch, reason, error);
}

static inline sr_reason sr_receiver_receive_parts(sr_receiver *receiver, sr_message_handler *handler, void *context,
    uint64_t limit, int64_t timeout, uint64_t *count, sr_error *error)
{
    sr_batch_ batch = {handler, context, limit, true, 0, false};
    sr_reason reason = sr_receiver_receive_(receiver, &batch, timeout, count, error);
    return sr_receiver_in_time_(receiver, &batch, reason, error);
}

static inline void sr_receiver_assemble_in(sr_receiver *receiver, void *memory, uint64_t size)
{
    receiver->assembly_ = (char *)memory;
    receiver->longest_assembled_ = size / receiver->shape.senders / SR_RECORD_ALIGNMENT_ * SR_RECORD_ALIGNMENT_;
    for (uint64_t lane = 0; lane < receiver->shape.senders; lane++)
        if (receiver->lane_[lane].parts == SR_ASSEMBLED_)
            receiver->lane_[lane].parts = SR_DROPPED_;
}

static inline uint64_t sr_receiver_backlog(const sr_receiver *receiver)
{
    return sr_channel_backlog_(&receiver->channel_);
}

static inline uint64_t sr_receiver_aborted(const sr_receiver *receiver)
{
    return sr_channel_aborted_(&receiver->channel_, 0);
}

static inline uint64_t sr_receiver_full(const sr_receiver *receiver) { return sr_channel_full_(&receiver->channel_); }

/* --- Opening and closing --------------------------------------------------------------------------------------- */

/* How a channel is opened. */
typedef struct sr_channel_request_ {
    const char *to_do;
    const sr_channel_shape *shape; /* that it must have, or gets; NULL: as it is */
    uint64_t schema;               /* that it must have; 0: any */
    bool open;                     /* whether it may exist */
} sr_channel_request_;

/* Whether to fail if another user may have created an object. */
static inline bool sr_channel_is_own_(const sr_channel_request_ *request) { return request->shape != NULL; }

static inline sr_reason sr_channel_init_(
    sr_channel_ *channel, const char *name, const sr_channel_request_ *request, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, ".freed.255", error); /* the longest suffix */
    if (reason != SR_OK)
        return reason;
    memcpy(channel->name, name, strlen(name) + 1);
    channel->spin = sr_has_processors_() ? SR_SLEEPER_SPIN_TIME_ : 0;
    if (request->shape == NULL)
        return SR_OK;
    channel->shape = *request->shape;
    if (channel->shape.senders == 0)
        channel->shape.senders = 1;
    return sr_channel_is_possible_(&channel->shape)
        ? SR_OK
        : sr_fail_(error, SR_BAD_ARGUMENT, 0,
              "Cannot %s \"%s\": no channel can have %" PRIu64 " bytes for each of %" PRIu64
              " senders. Give a multiple of %d from %d to %d, and 1 to %d senders.",
              request->to_do, name, channel->shape.capacity, channel->shape.senders, SR_CHANNEL_LINE_,
              SR_CHANNEL_LEAST_CAPACITY_, SR_CHANNEL_MOST_CAPACITY_, SR_CHANNEL_MOST_SENDERS_);
}

static inline sr_reason sr_channel_region_open_(
    sr_channel_ *channel, const sr_channel_request_ *request, sr_error *error)
{
    sr_name_ name;
    /* Of an existing region, the header says how long it has to be. */
    sr_request_ header = {SR_READ_WRITE, sizeof(sr_channel_header_), sr_channel_is_own_(request)};
    sr_reason reason = sr_name_init_(&name, channel->name, sr_channel_kind_.suffix, error);
    if (reason != SR_OK)
        return reason;
    uint64_t size = request->shape == NULL ? 0 : sr_channel_region_size_(&channel->shape);
    reason = request->shape == NULL ? sr_region_open_(&channel->region, name.full, &header, error)
        : request->open             ? sr_region_open_or_create_(&channel->region, name.full, size, &header, error)
                                    : sr_region_create(&channel->region, name.full, size, error);
    if (reason == SR_OK)
        channel->header = (sr_channel_header_ *)channel->region.memory;
    return reason;
}

/* Writes the header of a new channel. Another process may do so at the same time: the first to write a word has. */
static inline sr_reason sr_channel_make_(sr_channel_ *channel, const sr_channel_request_ *request, sr_error *error)
{
    sr_channel_header_ *header = channel->header;
    sr_reason reason = sr_header_check_(&header->header, &sr_channel_kind_, request->to_do, channel->name, error);
    if (reason != SR_NOT_FOUND || request->shape == NULL)
        return reason;
    uint64_t size = sr_channel_region_size_(&channel->shape);
    if (channel->region.size < size)
        return sr_too_small_(error, request->to_do, channel->name, channel->region.size, size);
    sr_cas64_(&header->capacity, 0, channel->shape.capacity);
    sr_cas64_(&header->senders, 0, channel->shape.senders);
    sr_cas64_(&header->schema, 0, channel->shape.schema);
    sr_cas64_(&header->receivers, 0, 1);
    sr_store64_release_(&header->header, sr_header_(&sr_channel_kind_));
    return SR_OK;
}

/* The lanes, for messages. */
static inline const char *sr_channel_text_(const sr_channel_shape *shape, char *text, size_t size)
{
    if (shape->senders == 1)
        snprintf(text, size, "%" PRIu64 " bytes for 1 sender", shape->capacity);
    else
        snprintf(text, size, "%" PRIu64 " bytes for each of %" PRIu64 " senders", shape->capacity, shape->senders);
    return text;
}

static inline sr_reason sr_channel_mismatch_(
    const sr_channel_ *channel, const sr_channel_request_ *request, const char *why, sr_error *error)
{
    return sr_fail_(error, SR_WRONG_KIND, 0,
        "Cannot %s \"%s\": %s was asked for. Use the same everywhere, or close the channel in all processes before you "
        "create another one.",
        request->to_do, channel->name, why);
}

static inline sr_reason sr_channel_compare_(const sr_channel_ *channel, const sr_channel_request_ *request,
    const sr_channel_shape *asked, sr_error *error)
{
    const sr_channel_shape *there = &channel->shape;
    char why[200], one[80], other[80];
    if (request->shape != NULL && (asked->capacity != there->capacity || asked->senders != there->senders)) {
        snprintf(why, sizeof why, "it has %s, but %s", sr_channel_text_(there, one, sizeof one),
            sr_channel_text_(asked, other, sizeof other));
        return sr_channel_mismatch_(channel, request, why, error);
    }
    if (request->schema != 0 && request->schema != there->schema) {
        snprintf(why, sizeof why, "its schema is %" PRId64 ", but %" PRId64, (int64_t)there->schema,
            (int64_t)request->schema);
        return sr_channel_mismatch_(channel, request, why, error);
    }
    return SR_OK;
}

/* There is one receiver, to whom no message is lost. This header knows no others. */
static inline sr_reason sr_channel_check_receivers_(
    const sr_channel_ *channel, const sr_channel_request_ *request, sr_error *error)
{
    uint64_t word = sr_load64_(&channel->header->receivers);
    uint64_t receivers = word & ~((uint64_t)1 << SR_CHANNEL_LOSSY_SHIFT_);
    if (receivers == 0 || receivers > SR_CHANNEL_MOST_RECEIVERS_)
        return sr_fail_(error, SR_CORRUPT, 0,
            "Cannot %s \"%s\": it cannot have %" PRIu64
            " receivers. Another program has overwritten it. Close it in all processes.",
            request->to_do, channel->name, word);
    if (word != 1)
        return sr_fail_(error, SR_UNSUPPORTED, 0,
            "Cannot %s \"%s\": it is for broadcast, with room for %" PRIu64
            " receivers%s. Use it in Java, or create it with one receiver and not lossy.",
            request->to_do, channel->name, receivers, word == receivers ? "" : ", lossy");
    return SR_OK;
}

/* Reads the shape once, checks it, and compares it to the one that was asked for. */
static inline sr_reason sr_channel_read_shape_(
    sr_channel_ *channel, const sr_channel_request_ *request, sr_error *error)
{
    const sr_channel_header_ *header = channel->header;
    sr_channel_shape asked = channel->shape, there;
    sr_reason reason = sr_channel_check_receivers_(channel, request, error);
    if (reason != SR_OK)
        return reason;
    there.capacity = sr_load64_(&header->capacity);
    there.senders = sr_load64_(&header->senders);
    there.schema = sr_load64_(&header->schema);
    channel->shape = there;
    if (!sr_channel_is_possible_(&there) || sr_channel_region_size_(&there) > channel->region.size)
        return sr_fail_(error, SR_CORRUPT, 0,
            "Cannot %s \"%s\": %" PRIu64 " bytes for each of %" PRIu64
            " senders do not fit into its region of %" PRIu64
            " bytes. Another program has overwritten it. Close it in all processes.",
            request->to_do, channel->name, there.capacity, there.senders, channel->region.size);
    return sr_channel_compare_(channel, request, &asked, error);
}

/* Opens an event of the channel, or creates it. */
static inline sr_reason sr_channel_event_open_(const sr_channel_ *channel, const sr_channel_request_ *request,
    const char *suffix, sr_event *event, sr_error *error)
{
    sr_name_ name;
    sr_reason reason = sr_name_init_(&name, channel->name, suffix, error);
    if (reason == SR_OK)
        reason = sr_event_open_or_create_(event, &name, sr_channel_is_own_(request), error);
    return reason != SR_OK ? reason : sr_event_refuse_manual_(event, &name, "channel", error);
}

/* Make. On failure leaves nothing open. */
static inline sr_reason sr_channel_open_(
    sr_channel_ *channel, const char *name, const sr_channel_request_ *request, sr_error *error)
{
    sr_reason reason = sr_channel_init_(channel, name, request, error);
    if (reason == SR_OK)
        reason = sr_channel_region_open_(channel, request, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_channel_make_(channel, request, error);
    if (reason == SR_OK)
        reason = sr_channel_read_shape_(channel, request, error);
    if (reason == SR_OK)
        reason = sr_channel_event_open_(channel, request, ".sent", &channel->sent, error);
    if (reason != SR_OK)
        sr_region_close(&channel->region);
    return reason;
}

static inline void sr_channel_close_(sr_channel_ *channel)
{
    sr_event_close(&channel->sent);
    sr_region_close(&channel->region);
}

/* As many living senders have the channel as it has room for. */
static inline sr_reason sr_channel_is_taken_(
    const sr_channel_ *channel, const sr_channel_request_ *request, const char *owner, sr_error *error)
{
    char room[80] = "it has one sender,";
    if (channel->shape.senders != 1)
        snprintf(room, sizeof room, "it has room for %" PRIu64 " senders, and among them is", channel->shape.senders);
    return sr_fail_(error, SR_IN_USE, 0, "Cannot %s \"%s\": %s %s. Close a sender, or create the channel with more.",
        request->to_do, channel->name, room, owner);
}

/* Takes the first lane that is free. */
static inline sr_reason sr_sender_take_lane_(sr_sender *sender, const sr_channel_request_ *request, sr_error *error)
{
    const sr_channel_ *channel = &sender->channel_;
    char owner[32];
    int code;
    for (uint32_t number = 1; number <= channel->shape.senders; number++) {
        sr_owner_init_(&sender->owner_, &channel->region, sr_channel_lane_owner_at_(number));
        if (sr_owner_take_(&sender->owner_, &code)) {
            sender->number_ = number;
            return SR_OK;
        }
        if (code != 0)
            return sr_failed_(error, request->to_do, channel->name, "taking a lane", code);
    }
    sr_owner_init_(&sender->owner_, &channel->region, sr_channel_lane_owner_at_(1));
    return sr_channel_is_taken_(channel, request, sr_owner_text_(&sender->owner_, owner, sizeof owner), error);
}

/* Goes on where the lane's last sender has ended, in whichever step that was. */
static inline sr_reason sr_sender_settle_predecessor_(sr_sender *sender, sr_error *error)
{
    sr_lane_header_ *lane = sr_channel_lane_(&sender->channel_, sender->number_);
    sender->lane_ = lane;
    sender->ring_ = sr_channel_ring_(&sender->channel_, sender->number_);
    sender->head_ = sr_load64_acquire_(&lane->head);
    sender->tail_ = sr_load64_acquire_(&lane->tail);
    if (!sr_channel_can_have_(&sender->channel_, sender->head_, sender->tail_))
        return sr_channel_corrupt_(&sender->channel_, sender->number_, error);
    sender->place_ = sender->tail_ % sender->channel_.shape.capacity;
    uint64_t one = (uint64_t)1 << SR_UNFINISHED_ABORTED_SHIFT_, word = sr_load64_acquire_(&lane->unfinished);
    sender->counted_ = (word & ~(one - 1)) + (sr_unfinished_is_(word, sender->tail_) ? one : 0);
    sr_unfinished_set_(lane, sender->counted_);
    sr_store32_(&lane->asleep, 0);
    return SR_OK;
}

/* Raises the highest number of a lane that was used, if it is lower. */
static inline sr_reason sr_channel_use_(sr_channel_ *channel, uint32_t number, sr_error *error)
{
    for (int tries = 0; tries < SR_CHANNEL_MOST_TRIES_; tries++) {
        uint64_t used = sr_load64_(&channel->header->used);
        if (used >= number || sr_cas64_(&channel->header->used, used, number))
            return SR_OK;
    }
    return sr_channel_corrupt_(channel, number, error);
}

/* Take a lane, in a channel that is open. On failure leaves it free. */
static inline sr_reason sr_sender_enter_(sr_sender *sender, const sr_channel_request_ *request, sr_error *error)
{
    char suffix[24];
    sr_channel_ *channel = &sender->channel_;
    sr_reason reason = sr_sender_take_lane_(sender, request, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_channel_event_open_(channel, request, sr_channel_freed_(suffix, sizeof suffix, sender->number_),
        &sender->freed_, error);
    if (reason == SR_OK) {
        reason = sr_sender_settle_predecessor_(sender, error);
        if (reason == SR_OK)
            reason = sr_channel_use_(channel, sender->number_, error);
        if (reason != SR_OK)
            sr_event_close(&sender->freed_);
    }
    if (reason != SR_OK)
        sr_owner_leave_(&sender->owner_);
    return reason;
}

/* Take a lane. On failure leaves nothing open. */
static inline sr_reason sr_sender_open_(
    sr_sender *sender, const char *name, const sr_channel_request_ *request, sr_error *error)
{
    memset(sender, 0, sizeof *sender);
    sr_reason reason = sr_channel_open_(&sender->channel_, name, request, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_sender_enter_(sender, request, error);
    if (reason != SR_OK)
        sr_channel_close_(&sender->channel_);
    sender->shape = sender->channel_.shape;
    sender->largest_record = sender->shape.capacity / 2 - sizeof(sr_record_header_);
    return reason;
}

static inline sr_reason sr_sender_create(
    sr_sender *sender, const char *name, const sr_channel_shape *shape, sr_error *error)
{
    sr_channel_request_ request = {"create channel", shape, shape->schema, false};
    return sr_sender_open_(sender, name, &request, error);
}

static inline sr_reason sr_sender_open(
    sr_sender *sender, const char *name, uint64_t schema, int64_t timeout, sr_error *error)
{
    sr_channel_request_ request = {"open channel", NULL, schema, true};
    int64_t deadline = sr_deadline_(timeout);
    sr_reason reason;
    do
        reason = sr_sender_open_(sender, name, &request, error);
    while (sr_opens_again_(reason, deadline));
    return reason;
}

static inline sr_reason sr_sender_open_or_create(
    sr_sender *sender, const char *name, const sr_channel_shape *shape, sr_error *error)
{
    sr_channel_request_ request = {"open channel", shape, shape->schema, true};
    return sr_sender_open_(sender, name, &request, error);
}

static inline void sr_sender_close(sr_sender *sender)
{
    sr_sender_abort(sender);
    sr_owner_leave_(&sender->owner_);
    sr_event_close(&sender->freed_);
    sr_channel_close_(&sender->channel_);
}

/* Take the receiver's place, in a channel that is open. On failure leaves it free. */
static inline sr_reason sr_receiver_enter_(
    sr_receiver *receiver, const sr_channel_request_ *request, sr_error *error)
{
    const sr_channel_ *channel = &receiver->channel_;
    char owner[32];
    int code;
    sr_owner_init_(&receiver->owner_, &channel->region, offsetof(sr_channel_header_, owner));
    if (!sr_owner_take_(&receiver->owner_, &code))
        return code != 0
            ? sr_failed_(error, request->to_do, channel->name, "taking the receiver's place", code)
            : sr_fail_(error, SR_IN_USE, 0,
                  "Cannot %s \"%s\": %s is its receiver, and a channel has one at a time. Close it there, open a "
                  "sender instead, or choose another name.",
                  request->to_do, channel->name, sr_owner_text_(&receiver->owner_, owner, sizeof owner));
    sr_store32_(&channel->header->asleep, 0);
    sr_reason reason = SR_OK;
    for (uint32_t number = 1, used = sr_channel_used_(channel); reason == SR_OK && number <= used; number++)
        reason = sr_lane_enter_(receiver, number, error);
    if (reason != SR_OK)
        sr_owner_leave_(&receiver->owner_);
    return reason;
}

/* Take the receiver's place. On failure leaves nothing open. */
static inline sr_reason sr_receiver_open_(
    sr_receiver *receiver, const char *name, const sr_channel_request_ *request, sr_error *error)
{
    memset(receiver, 0, sizeof *receiver);
    sr_reason reason = sr_channel_open_(&receiver->channel_, name, request, error);
    if (reason != SR_OK)
        return reason;
    receiver->shape = receiver->channel_.shape;
    reason = sr_receiver_enter_(receiver, request, error);
    if (reason != SR_OK)
        sr_channel_close_(&receiver->channel_);
    return reason;
}

static inline sr_reason sr_receiver_create(
    sr_receiver *receiver, const char *name, const sr_channel_shape *shape, sr_error *error)
{
    sr_channel_request_ request = {"create channel", shape, shape->schema, false};
    return sr_receiver_open_(receiver, name, &request, error);
}

static inline sr_reason sr_receiver_open(
    sr_receiver *receiver, const char *name, uint64_t schema, int64_t timeout, sr_error *error)
{
    sr_channel_request_ request = {"open channel", NULL, schema, true};
    int64_t deadline = sr_deadline_(timeout);
    sr_reason reason;
    do
        reason = sr_receiver_open_(receiver, name, &request, error);
    while (sr_opens_again_(reason, deadline));
    return reason;
}

static inline sr_reason sr_receiver_open_or_create(
    sr_receiver *receiver, const char *name, const sr_channel_shape *shape, sr_error *error)
{
    sr_channel_request_ request = {"open channel", shape, shape->schema, true};
    return sr_receiver_open_(receiver, name, &request, error);
}

static inline void sr_receiver_close(sr_receiver *receiver)
{
    sr_owner_leave_(&receiver->owner_);
    for (uint64_t lane = 0; lane < receiver->shape.senders; lane++)
        if (receiver->lane_[lane].event_is_open)
            sr_event_close(&receiver->lane_[lane].freed);
    sr_channel_close_(&receiver->channel_);
}

#endif
