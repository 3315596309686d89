/*
 * sharedregion_latest.h: tables. One process publishes values, and any number of others read the newest ones.
 *
 * The writer:
 *
 *     sr_error error;
 *     sr_latest_writer writer;
 *     sr_latest_shape shape = {100, sizeof(quote), 0, 0}; // 100 values
 *     if (sr_latest_writer_open_or_create(&writer, "quotes", &shape, &error) != SR_OK)
 *         die(error.message);
 *     sr_latest_set(&writer, 42, &quote, &error);
 *     sr_latest_writer_close(&writer);
 *
 * A reader:
 *
 *     uint64_t version = 0;
 *     sr_latest_reader reader;
 *     if (sr_latest_reader_open(&reader, "quotes", 0, SR_SECONDS(10), &error) != SR_OK)
 *         die(error.message);
 *     while (sr_latest_await_newer(&reader, 42, version, SR_FOREVER, &error) == SR_OK
 *         && sr_latest_read(&reader, 42, &quote, &version, &error) == SR_OK)
 *         use(&quote);
 *     sr_latest_reader_close(&reader);
 *
 * A reader never gets parts of two writes, and never delays the writer. A slow reader skips versions. One thread at a
 * time may use a writer or a reader.
 */
#ifndef SHAREDREGION_LATEST_H
#define SHAREDREGION_LATEST_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

/* The shape of a table. A reader or writer has the shape of its table: do not change that one. */
typedef struct sr_latest_shape {
    uint64_t count;  /* of values, at most 2^31 - 1 */
    uint64_t size;   /* of a value, in bytes, at most 2^30 - 64 */
    uint64_t slots;  /* of each value, 2 to 255; 0 stands for SR_LATEST_SLOTS */
    uint64_t schema; /* a number that says what the values mean, or 0 */
} sr_latest_shape;

/*
 * The default number of slots. A read starts over when the writer has written to the same value slots - 1 times
 * meanwhile.
 */
enum { SR_LATEST_SLOTS = 4 };

/* Any value: use it instead of an index. */
#define SR_LATEST_ANY UINT64_MAX

/* A writer that is stopped, for instance by a debugger, is alive. */
typedef enum sr_writer_state {
    SR_WRITER_ALIVE,
    SR_WRITER_CLOSED, /* or there was none yet */
    SR_WRITER_DIED
} sr_writer_state;

/* What a writer and a reader have of the table. */
typedef struct sr_latest_table_ {
    char name[SR_NAME_SIZE_];
    sr_latest_shape shape;
    uint64_t slot_length, value_length; /* in bytes */
    sr_region region;
    sr_latest_header_ *header;
    sr_owner_slot_ owner;
} sr_latest_table_;

typedef struct sr_latest_writer {
    sr_latest_shape shape;
    sr_latest_table_ table_;
    uint64_t version_; /* of the last write. The memory has it, too, but other programs may write to that */
    uint64_t index_;   /* of the value that is being written; SR_LATEST_ANY: none */
    uint64_t slot_;    /* that is being written */
    sr_region newer_region_;
    sr_newer_block_ *newer_;
    uint64_t open_events_; /* bits, as in newer_->waiting */
    sr_event event_[SR_NEWER_PLACES_];
} sr_latest_writer;

typedef struct sr_latest_reader {
    sr_latest_shape shape;
    sr_latest_table_ table_;
    int looks_;             /* how often a wait looks before it sleeps */
    sr_newer_block_ *newer_; /* NULL until a wait has opened it */
    sr_region newer_region_;
    uint32_t place_;        /* 1 to SR_NEWER_PLACES_; 0: none yet */
    int64_t next_try_;      /* when a wait tries again to get a place */
    sr_owner_slot_ slot_;   /* of my place */
    bool event_is_open_;
    sr_event event_;
} sr_latest_reader;

/*
 * The writer. A table has one at a time: SR_IN_USE while a living process has it. open_or_create continues a table that
 * exists, after its writer has closed it or died, if it has the same count, size and schema; otherwise SR_WRONG_KIND.
 * open takes the table as it is, and any schema if that is 0. A table lives as long as a writer or a reader has it open.
 *
 * sr_latest_set copies shape.size bytes into the table and publishes them. It does not wait. The first write to a table
 * has version 1, the next one version 2, whichever value it writes to.
 *
 * sr_latest_begin gives the bytes of the next version of a value, in the table: first they are those of the newest
 * version, or zero. Change them, and call sr_latest_publish. Without sr_latest_publish nothing is published: the next
 * begin or set discards the changes. SR_OUT_OF_TURN from publish if nothing was begun.
 *
 * An sr_latest_writer is large: about 30 KiB on Linux.
 */
static inline sr_reason sr_latest_writer_create(
    sr_latest_writer *writer, const char *name, const sr_latest_shape *shape, sr_error *error);
static inline sr_reason sr_latest_writer_open(
    sr_latest_writer *writer, const char *name, uint64_t schema, sr_error *error);
static inline sr_reason sr_latest_writer_open_or_create(
    sr_latest_writer *writer, const char *name, const sr_latest_shape *shape, sr_error *error);
static inline sr_reason sr_latest_set(sr_latest_writer *writer, uint64_t index, const void *value, sr_error *error);
static inline sr_reason sr_latest_begin(sr_latest_writer *writer, uint64_t index, void **bytes, sr_error *error);
static inline sr_reason sr_latest_publish(sr_latest_writer *writer, sr_error *error);
static inline void sr_latest_writer_close(sr_latest_writer *writer);

/*
 * The reader. open waits up to the timeout for the table, and then returns SR_NOT_FOUND. It accepts any schema if that
 * is 0. It needs only the right to read the table.
 *
 * sr_latest_read copies shape.size bytes, all of one write. *version is the version of that write, or 0 if the value
 * was never set; then nothing is copied. It does not wait for the writer, even if the writer was stopped or killed
 * while it wrote. SR_CORRUPT if another program has overwritten the table.
 *
 * sr_latest_version is the version of a value, or with SR_LATEST_ANY of the last write to the table; 0: never set, or no
 * such value. sr_latest_age is the time since the value's last write, or -1 if it was never set.
 *
 * sr_latest_await_newer returns SR_OK when a value, or with SR_LATEST_ANY any of them, has a version above VERSION, and
 * SR_TIMED_OUT after the timeout. It does not end when the writer closes the table or dies: look at sr_latest_state. A
 * reader that may not write to the region "x.newer", or that finds its 64 places held, looks every 8 milliseconds.
 */
static inline sr_reason sr_latest_reader_open(
    sr_latest_reader *reader, const char *name, uint64_t schema, int64_t timeout, sr_error *error);
static inline sr_reason sr_latest_read(
    sr_latest_reader *reader, uint64_t index, void *copy, uint64_t *version, sr_error *error);
static inline uint64_t sr_latest_version(const sr_latest_reader *reader, uint64_t index);
static inline sr_reason sr_latest_age(sr_latest_reader *reader, uint64_t index, int64_t *age, sr_error *error);
static inline sr_writer_state sr_latest_state(const sr_latest_reader *reader);
static inline sr_reason sr_latest_await_newer(
    sr_latest_reader *reader, uint64_t index, uint64_t version, int64_t timeout, sr_error *error);
static inline void sr_latest_reader_close(sr_latest_reader *reader);

/* --- The table's memory: src/docs/latest.md -------------------------------------------------------------------- */

/* A read that starts over this often reports an overwritten table. */
#define SR_LATEST_MOST_TRIES_ 100000

/* Versions have 56 bits, of which honest writers never use the highest one. */
#define SR_LATEST_VERSION_LIMIT_ ((uint64_t)1 << 55)

static const sr_block_kind_ sr_latest_kind_ = {"SRLast", SR_LATEST_VERSION_, ".latest", "a table", "table"};
static const sr_block_kind_ sr_newer_kind_ = {
    "SRNews", SR_NEWER_VERSION_, ".newer", "the places of a table's readers", "table"};

static inline sr_reason sr_latest_corrupt_(const sr_latest_table_ *table, sr_error *error)
{
    return sr_fail_(error, SR_CORRUPT, 0,
        "The table \"%s\" cannot be used: another program has overwritten it. Close it in all processes, and create it "
        "again.",
        table->name);
}

/* Takes the shape, and computes the lengths from it. Returns false if no table can be so. */
static inline bool sr_latest_measure_(sr_latest_table_ *table, const sr_latest_shape *shape)
{
    if (shape->count < 1 || shape->count > SR_LATEST_MOST_VALUES_ || shape->size < 1
        || shape->size > SR_LATEST_LARGEST_SIZE_ || shape->slots < SR_LATEST_FEWEST_SLOTS_
        || shape->slots > SR_LATEST_MOST_SLOTS_)
        return false;
    uint64_t lines = (shape->size + SR_LATEST_LINE_ - 1) / SR_LATEST_LINE_;
    table->shape = *shape;
    table->slot_length = sizeof(sr_latest_slot_) + lines * SR_LATEST_LINE_;
    table->value_length = SR_LATEST_LINE_ + shape->slots * table->slot_length;
    return shape->count <= (INT64_MAX - sizeof(sr_latest_header_)) / table->value_length;
}

static inline uint64_t sr_latest_region_size_(const sr_latest_table_ *table)
{
    return sizeof(sr_latest_header_) + table->shape.count * table->value_length;
}

/* The latest word of a value. */
static inline uint64_t *sr_latest_word_(const sr_latest_table_ *table, uint64_t index)
{
    return (uint64_t *)(void *)((char *)(table->header + 1) + index * table->value_length);
}

static inline sr_latest_slot_ *sr_latest_slot_at_(const sr_latest_table_ *table, uint64_t index, uint64_t slot)
{
    char *value = (char *)sr_latest_word_(table, index);
    return (sr_latest_slot_ *)(void *)(value + SR_LATEST_LINE_ + slot * table->slot_length);
}

static inline void *sr_latest_bytes_(sr_latest_slot_ *slot) { return slot + 1; }

static inline uint64_t sr_latest_version_of_(uint64_t latest) { return latest >> SR_LATEST_VERSION_SHIFT_; }

static inline sr_reason sr_latest_check_index_(const sr_latest_table_ *table, uint64_t index, sr_error *error)
{
    uint64_t count = table->shape.count;
    return index < count ? SR_OK
                         : sr_fail_(error, SR_BAD_ARGUMENT, 0,
                             "Index %" PRIu64 " is outside of the %" PRIu64 " value%s of the table \"%s\".", index,
                             count, count == 1 ? "" : "s", table->name);
}

/* The name of the event of a place. */
static inline sr_reason sr_latest_event_name_(
    sr_name_ *name, const sr_latest_table_ *table, uint32_t place, sr_error *error)
{
    char suffix[24];
    snprintf(suffix, sizeof suffix, "%s.%" PRIu32, sr_newer_kind_.suffix, place);
    return sr_name_init_(name, table->name, suffix, error);
}

/* --- Writing --------------------------------------------------------------------------------------------------- */

/* Sets the event of a place. A reader that is not woken looks after 100 milliseconds by itself. */
static inline void sr_latest_set_event_(sr_latest_writer *writer, uint32_t place)
{
    sr_name_ name;
    uint64_t bit = (uint64_t)1 << (place - 1);
    sr_event *event = &writer->event_[place - 1];
    if ((writer->open_events_ & bit) == 0) {
        if (sr_latest_event_name_(&name, &writer->table_, place, NULL) != SR_OK
            || sr_event_open_or_create_(event, &name, true, NULL) != SR_OK)
            return;
        writer->open_events_ |= bit;
    }
    sr_event_set(event);
}

/* Wake. INDEX is of the value that was written, or SR_LATEST_ANY. */
static inline void sr_latest_wake_(sr_latest_writer *writer, uint64_t index)
{
    sr_newer_block_ *newer = writer->newer_;
    sr_fence_();
    uint64_t waiting = sr_load64_(&newer->waiting);
    for (uint32_t place = 1; waiting != 0; place++, waiting >>= 1) {
        uint64_t bit = (uint64_t)1 << (place - 1);
        if ((waiting & 1) == 0)
            continue;
        uint64_t wanted = sr_load64_(&newer->place[place - 1].wanted);
        if ((index == SR_LATEST_ANY || wanted == 0 || wanted == index + 1)
            && (sr_and64_(&newer->waiting, ~bit) & bit) != 0)
            sr_latest_set_event_(writer, place);
    }
}

/* Set, 1 and 2. */
static inline sr_latest_slot_ *sr_latest_claim_(sr_latest_writer *writer, uint64_t index)
{
    const sr_latest_table_ *table = &writer->table_;
    uint64_t latest = sr_load64_acquire_(sr_latest_word_(table, index));
    writer->index_ = index;
    writer->slot_ = ((latest & SR_LATEST_SLOT_) + 1) % table->shape.slots;
    sr_latest_slot_ *slot = sr_latest_slot_at_(table, index, writer->slot_);
    sr_store64_relaxed_(&slot->sequence, 2 * (writer->version_ + 1) + 1);
    sr_fence_release_();
    return slot;
}

/* Set, from 4 on, and the time. */
static inline void sr_latest_publish_(sr_latest_writer *writer)
{
    const sr_latest_table_ *table = &writer->table_;
    uint64_t index = writer->index_, version = ++writer->version_;
    sr_latest_slot_ *slot = sr_latest_slot_at_(table, index, writer->slot_);
    sr_store64_relaxed_((uint64_t *)(void *)&slot->time, (uint64_t)sr_now());
    sr_store64_release_(&slot->sequence, 2 * version);
    sr_store64_release_(sr_latest_word_(table, index), version << SR_LATEST_VERSION_SHIFT_ | writer->slot_);
    sr_store64_release_(&table->header->newest, version);
    writer->index_ = SR_LATEST_ANY;
    sr_latest_wake_(writer, index);
}

static inline sr_reason sr_latest_set(sr_latest_writer *writer, uint64_t index, const void *value, sr_error *error)
{
    sr_reason reason = sr_latest_check_index_(&writer->table_, index, error);
    if (reason != SR_OK)
        return reason;
    memcpy(sr_latest_bytes_(sr_latest_claim_(writer, index)), value, (size_t)writer->table_.shape.size);
    sr_latest_publish_(writer);
    return SR_OK;
}

static inline sr_reason sr_latest_begin(sr_latest_writer *writer, uint64_t index, void **bytes, sr_error *error)
{
    const sr_latest_table_ *table = &writer->table_;
    sr_reason reason = sr_latest_check_index_(table, index, error);
    if (reason != SR_OK)
        return reason;
    uint64_t latest = sr_load64_acquire_(sr_latest_word_(table, index));
    if ((latest & SR_LATEST_SLOT_) >= table->shape.slots)
        return sr_latest_corrupt_(table, error);
    *bytes = sr_latest_bytes_(sr_latest_claim_(writer, index));
    if (latest != 0)
        memcpy(*bytes, sr_latest_bytes_(sr_latest_slot_at_(table, index, latest & SR_LATEST_SLOT_)),
            (size_t)table->shape.size);
    else
        memset(*bytes, 0, (size_t)table->shape.size);
    return SR_OK;
}

static inline sr_reason sr_latest_publish(sr_latest_writer *writer, sr_error *error)
{
    if (writer->index_ == SR_LATEST_ANY)
        return sr_fail_(error, SR_OUT_OF_TURN, 0, "Table \"%s\": publish, but nothing was begun.", writer->table_.name);
    sr_latest_publish_(writer);
    return SR_OK;
}

/* --- Reading --------------------------------------------------------------------------------------------------- */

/*
 * Read. Copies the bytes of value INDEX, unless COPY is NULL, and their time.
 *
 * The writer may write meanwhile. C leaves undefined what a memcpy is worth then, but the fence keeps it before the last
 * look, which says whether to throw the copy away. By atomic words it would take three times as long.
 */
static inline sr_reason sr_latest_read_(
    const sr_latest_table_ *table, uint64_t index, void *copy, uint64_t *version, int64_t *time)
{
    for (int tries = 0; tries < SR_LATEST_MOST_TRIES_; tries++) {
        uint64_t latest = sr_load64_acquire_(sr_latest_word_(table, index));
        *version = sr_latest_version_of_(latest);
        if (latest == 0)
            return SR_OK;
        if ((latest & SR_LATEST_SLOT_) >= table->shape.slots)
            return SR_CORRUPT;
        sr_latest_slot_ *slot = sr_latest_slot_at_(table, index, latest & SR_LATEST_SLOT_);
        if (sr_load64_acquire_(&slot->sequence) != 2 * *version)
            continue;
        *time = (int64_t)sr_load64_relaxed_((uint64_t *)(void *)&slot->time);
        if (copy != NULL)
            memcpy(copy, sr_latest_bytes_(slot), (size_t)table->shape.size);
        sr_fence_acquire_();
        if (sr_load64_relaxed_(&slot->sequence) == 2 * *version)
            return SR_OK;
    }
    return SR_CORRUPT;
}

static inline sr_reason sr_latest_read(
    sr_latest_reader *reader, uint64_t index, void *copy, uint64_t *version, sr_error *error)
{
    int64_t time;
    sr_reason reason = sr_latest_check_index_(&reader->table_, index, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_latest_read_(&reader->table_, index, copy, version, &time);
    return reason != SR_OK ? sr_latest_corrupt_(&reader->table_, error) : SR_OK;
}

static inline uint64_t sr_latest_version(const sr_latest_reader *reader, uint64_t index)
{
    const sr_latest_table_ *table = &reader->table_;
    if (index == SR_LATEST_ANY)
        return sr_load64_(&table->header->newest);
    return index < table->shape.count ? sr_latest_version_of_(sr_load64_(sr_latest_word_(table, index))) : 0;
}

static inline sr_reason sr_latest_age(sr_latest_reader *reader, uint64_t index, int64_t *age, sr_error *error)
{
    int64_t time = 0;
    uint64_t version;
    sr_reason reason = sr_latest_check_index_(&reader->table_, index, error);
    if (reason != SR_OK)
        return reason;
    if (sr_latest_read_(&reader->table_, index, NULL, &version, &time) != SR_OK)
        return sr_latest_corrupt_(&reader->table_, error);
    /* Another program may have put anything there: subtract without an overflow. */
    int64_t now = sr_now();
    *age = version == 0 ? -1 : time >= now ? 0 : time < 0 ? INT64_MAX : now - time;
    return SR_OK;
}

static inline sr_writer_state sr_latest_state(const sr_latest_reader *reader)
{
    const sr_owner_slot_ *owner = &reader->table_.owner;
    if (sr_owner_is_held_(owner))
        return SR_WRITER_ALIVE;
    if (sr_load64_(owner->owner) == 0)
        return SR_WRITER_CLOSED;
    /* The word may be that of a process that has just become the writer. */
    return sr_owner_is_held_(owner) ? SR_WRITER_ALIVE : SR_WRITER_DIED;
}

/* --- Waiting --------------------------------------------------------------------------------------------------- */

/*
 * How often a wait looks before it takes a place, and how long it pauses between two looks: without the pauses the looks
 * keep the word's cache line from the writer.
 */
enum { SR_LATEST_LOOKS_ = 8, SR_LATEST_PAUSES_ = 16 };

/* The longest sleep on the event: the writer may have died before it has set the event. */
#define SR_LATEST_LONGEST_SLEEP_ SR_MILLIS(100)

/* The first and the longest sleep without an event. */
#define SR_LATEST_FIRST_PAUSE_ SR_MILLIS(1)
#define SR_LATEST_LONGEST_PAUSE_ SR_MILLIS(8)

/* How often a reader that has got no place tries to get one. */
#define SR_LATEST_PLACE_TIME_ SR_MILLIS(100)

/* What a reader need not have, and can do without: it looks at times. */
static inline sr_reason sr_latest_optional_(sr_reason reason)
{
    return reason == SR_NOT_FOUND || reason == SR_ACCESS_DENIED ? SR_OK : reason;
}

/* Opens the region x.newer, if it exists and this process may write to it. */
static inline sr_reason sr_latest_newer_open_(sr_latest_reader *reader, sr_error *error)
{
    sr_name_ name;
    sr_reason reason = sr_name_init_(&name, reader->table_.name, sr_newer_kind_.suffix, error);
    if (reason == SR_OK)
        reason = sr_region_open(&reader->newer_region_, name.full, SR_READ_WRITE, SR_NEWER_SIZE_, error);
    if (reason != SR_OK)
        return sr_latest_optional_(reason);
    sr_newer_block_ *newer = (sr_newer_block_ *)reader->newer_region_.memory;
    reason = sr_header_check_(&newer->header, &sr_newer_kind_, "wait for table", reader->table_.name, error);
    if (reason == SR_OK)
        reader->newer_ = newer;
    else
        sr_region_close(&reader->newer_region_);
    return sr_latest_optional_(reason);
}

static inline sr_reason sr_latest_take_place_(sr_latest_reader *reader, sr_error *error)
{
    int code;
    for (uint32_t place = 1; place <= SR_NEWER_PLACES_; place++) {
        sr_owner_init_(&reader->slot_, &reader->newer_region_,
            offsetof(sr_newer_block_, place) + (place - 1) * sizeof(sr_newer_place_));
        if (sr_owner_take_(&reader->slot_, &code)) {
            reader->place_ = place;
            return SR_OK;
        }
        if (code != 0)
            return sr_failed_(error, "wait for table", reader->table_.name, "taking a place", code);
    }
    return SR_OK;
}

/* Opens the event of my place, if the writer has created it. */
static inline sr_reason sr_latest_event_open_(sr_latest_reader *reader, sr_error *error)
{
    sr_name_ name;
    sr_reason reason = sr_latest_event_name_(&name, &reader->table_, reader->place_, error);
    if (reason == SR_OK)
        reason = sr_event_open_(&reader->event_, &name, false, error);
    if (reason == SR_OK && sr_event_is_manual_(&reader->event_))
        sr_event_close(&reader->event_); /* it would end each sleep at once */
    else
        reader->event_is_open_ = reason == SR_OK;
    return sr_latest_optional_(reason);
}

/* Gets what a sleep needs, as far as it is to be had. */
static inline sr_reason sr_latest_enter_(sr_latest_reader *reader, sr_error *error)
{
    sr_reason reason = SR_OK;
    if (reader->place_ == 0 && sr_now() >= reader->next_try_) {
        reader->next_try_ = sr_now() + SR_LATEST_PLACE_TIME_;
        if (reader->newer_ == NULL)
            reason = sr_latest_newer_open_(reader, error);
        if (reason == SR_OK && reader->newer_ != NULL)
            reason = sr_latest_take_place_(reader, error);
    }
    if (reason == SR_OK && reader->place_ != 0 && !reader->event_is_open_)
        reason = sr_latest_event_open_(reader, error);
    return reason;
}

/* Await, 2 to 5: sleeps once, unless there is a newer version. PAUSE is for a sleep without an event. */
static inline void sr_latest_sleep_(
    sr_latest_reader *reader, uint64_t index, uint64_t version, int64_t left, int64_t pause)
{
    if (reader->place_ == 0) {
        sr_pause_(sr_least_(left, pause));
        return;
    }
    uint64_t bit = (uint64_t)1 << (reader->place_ - 1);
    sr_store64_(&reader->newer_->place[reader->place_ - 1].wanted, index == SR_LATEST_ANY ? 0 : index + 1);
    sr_or64_(&reader->newer_->waiting, bit);
    if (sr_latest_version(reader, index) <= version) {
        if (reader->event_is_open_)
            sr_event_await(&reader->event_, sr_least_(left, SR_LATEST_LONGEST_SLEEP_));
        else
            sr_pause_(sr_least_(left, pause));
    }
    sr_and64_(&reader->newer_->waiting, ~bit);
}

static inline sr_reason sr_latest_await_newer(
    sr_latest_reader *reader, uint64_t index, uint64_t version, int64_t timeout, sr_error *error)
{
    sr_reason reason = index == SR_LATEST_ANY ? SR_OK : sr_latest_check_index_(&reader->table_, index, error);
    if (reason != SR_OK)
        return reason;
    for (int look = 0; look < reader->looks_; look++) {
        if (sr_latest_version(reader, index) > version)
            return SR_OK;
        sr_relax_times_(SR_LATEST_PAUSES_);
    }
    int64_t deadline = timeout == 0 ? 0 : sr_deadline_(timeout), pause = SR_LATEST_FIRST_PAUSE_;
    while (sr_latest_version(reader, index) <= version) {
        int64_t left = sr_left_(deadline);
        if (left == 0)
            return sr_fail_(error, SR_TIMED_OUT, 0, "Table \"%s\": no version above %" PRIu64 " has come in time.",
                reader->table_.name, version);
        reason = sr_latest_enter_(reader, error);
        if (reason != SR_OK)
            return reason;
        sr_latest_sleep_(reader, index, version, left, pause);
        pause = sr_least_(2 * pause, SR_LATEST_LONGEST_PAUSE_);
    }
    return SR_OK;
}

/* --- Opening and closing --------------------------------------------------------------------------------------- */

/* How a table is opened. */
typedef struct sr_latest_request_ {
    const char *to_do;
    const sr_latest_shape *shape; /* that it must have, or gets; NULL: as it is */
    uint64_t schema;              /* that it must have; 0: any */
    sr_access access;
} sr_latest_request_;

static inline sr_reason sr_latest_table_init_(
    sr_latest_table_ *table, const char *name, const sr_latest_request_ *request, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, ".newer.64", error); /* the longest suffix */
    if (reason != SR_OK)
        return reason;
    memcpy(table->name, name, strlen(name) + 1);
    if (request->shape == NULL)
        return SR_OK;
    sr_latest_shape shape = *request->shape;
    if (shape.slots == 0)
        shape.slots = SR_LATEST_SLOTS;
    return sr_latest_measure_(table, &shape)
        ? SR_OK
        : sr_fail_(error, SR_BAD_ARGUMENT, 0,
              "Cannot %s \"%s\": no table can have %" PRIu64 " values of %" PRIu64 " bytes in %" PRIu64
              " slots. Give 1 to %d values of 1 to %d bytes and %d to %d slots.",
              request->to_do, name, shape.count, shape.size, shape.slots, SR_LATEST_MOST_VALUES_,
              SR_LATEST_LARGEST_SIZE_, SR_LATEST_FEWEST_SLOTS_, SR_LATEST_MOST_SLOTS_);
}

/* Opens the region of the table. CREATE and OPEN: whether to create it, and whether to open it. */
static inline sr_reason sr_latest_region_open_(
    sr_latest_table_ *table, const sr_latest_request_ *request, bool create, bool open, sr_error *error)
{
    sr_name_ name;
    /* Of an existing region, the header says how long it has to be. */
    sr_request_ header = {request->access, sizeof(sr_latest_header_), create && open};
    sr_reason reason = sr_name_init_(&name, table->name, sr_latest_kind_.suffix, error);
    if (reason != SR_OK)
        return reason;
    uint64_t size = create ? sr_latest_region_size_(table) : 0;
    reason = create && open ? sr_region_open_or_create_(&table->region, name.full, size, &header, error)
        : create            ? sr_region_create(&table->region, name.full, size, error)
                            : sr_region_open_(&table->region, name.full, &header, error);
    if (reason != SR_OK)
        return reason;
    table->header = (sr_latest_header_ *)table->region.memory;
    sr_owner_init_(&table->owner, &table->region, offsetof(sr_latest_header_, owner));
    /* Before a place is taken: another program's region stays as it is. */
    reason = sr_header_check_(&table->header->header, &sr_latest_kind_, request->to_do, table->name, error);
    if (reason == SR_NOT_FOUND && create)
        reason = SR_OK;
    if (reason != SR_OK)
        sr_region_close(&table->region);
    return reason;
}

static inline sr_reason sr_latest_mismatch_(
    const sr_latest_table_ *table, const sr_latest_request_ *request, const char *which, sr_error *error)
{
    return sr_fail_(error, SR_WRONG_KIND, 0,
        "Cannot %s \"%s\": it has %" PRIu64 " values of %" PRIu64 " bytes, and schema %" PRIu64
        ". Another %s was asked for. Use the same everywhere, or close the table in all processes before you create "
        "another one.",
        request->to_do, table->name, table->shape.count, table->shape.size, table->shape.schema, which);
}

/* Reads the shape once, checks it, and compares it to the one that was asked for. */
static inline sr_reason sr_latest_read_shape_(
    sr_latest_table_ *table, const sr_latest_request_ *request, sr_error *error)
{
    const sr_latest_header_ *header = table->header;
    const sr_latest_shape *asked = request->shape;
    sr_latest_shape there;
    there.count = sr_load64_(&header->count);
    there.size = sr_load64_(&header->size);
    there.slots = sr_load64_(&header->slots);
    there.schema = sr_load64_(&header->schema);
    if (!sr_latest_measure_(table, &there) || sr_latest_region_size_(table) > table->region.size)
        return sr_fail_(error, SR_CORRUPT, 0,
            "Cannot %s \"%s\": %" PRIu64 " values of %" PRIu64 " bytes in %" PRIu64
            " slots do not fit into its region of %" PRIu64
            " bytes. Another program has overwritten it. Close it in all processes.",
            request->to_do, table->name, there.count, there.size, there.slots, table->region.size);
    if (asked != NULL && (asked->count != there.count || asked->size != there.size))
        return sr_latest_mismatch_(table, request, "count or size", error);
    if (request->schema != 0 && request->schema != there.schema)
        return sr_latest_mismatch_(table, request, "schema", error);
    return SR_OK;
}

/* Writes the header of a new table. The caller has the owner slot. */
static inline sr_reason sr_latest_make_(sr_latest_table_ *table, const sr_latest_request_ *request, sr_error *error)
{
    sr_latest_header_ *header = table->header;
    uint64_t size = sr_latest_region_size_(table);
    if (sr_load64_(&header->header) != 0)
        return SR_OK;
    if (table->region.size < size)
        return sr_too_small_(error, request->to_do, table->name, table->region.size, size);
    header->count = table->shape.count;
    header->size = table->shape.size;
    header->slots = table->shape.slots;
    header->schema = table->shape.schema;
    sr_store64_release_(&header->header, sr_header_(&sr_latest_kind_));
    return SR_OK;
}

static inline sr_reason sr_latest_take_owner_(
    const sr_latest_table_ *table, const sr_latest_request_ *request, sr_error *error)
{
    int code;
    char owner[32];
    if (sr_owner_take_(&table->owner, &code))
        return SR_OK;
    if (code != 0)
        return sr_failed_(error, request->to_do, table->name, "taking its owner slot", code);
    return sr_fail_(error, SR_IN_USE, 0,
        "Cannot %s \"%s\": %s is its writer, and a table has one at a time. Close it there, open a reader instead, or "
        "choose another name.",
        request->to_do, table->name, sr_owner_text_(&table->owner, owner, sizeof owner));
}

/* Opens the places of the readers, or creates them. */
static inline sr_reason sr_latest_places_open_(
    sr_latest_writer *writer, const sr_latest_request_ *request, sr_error *error)
{
    sr_name_ name;
    sr_request_ region = {SR_READ_WRITE, SR_NEWER_SIZE_, true};
    sr_reason reason = sr_name_init_(&name, writer->table_.name, sr_newer_kind_.suffix, error);
    if (reason == SR_OK)
        reason = sr_region_open_or_create_(&writer->newer_region_, name.full, SR_NEWER_SIZE_, &region, error);
    if (reason != SR_OK)
        return reason;
    writer->newer_ = (sr_newer_block_ *)writer->newer_region_.memory;
    sr_cas64_(&writer->newer_->header, 0, sr_header_(&sr_newer_kind_));
    reason = sr_header_check_(&writer->newer_->header, &sr_newer_kind_, request->to_do, writer->table_.name, error);
    if (reason != SR_OK)
        sr_region_close(&writer->newer_region_);
    return reason;
}

/* The end of become the writer: continues where the last writer has ended, in whichever step that was. */
static inline sr_reason sr_latest_settle_predecessor_(sr_latest_writer *writer, sr_error *error)
{
    const sr_latest_table_ *table = &writer->table_;
    uint64_t newest = sr_load64_(&table->header->newest);
    writer->version_ = newest;
    for (uint64_t index = 0; index < table->shape.count; index++) {
        uint64_t version = sr_latest_version_of_(sr_load64_(sr_latest_word_(table, index)));
        if (version > writer->version_)
            writer->version_ = version;
    }
    if (writer->version_ >= SR_LATEST_VERSION_LIMIT_)
        return sr_latest_corrupt_(table, error);
    if (writer->version_ != newest) {
        sr_store64_release_(&table->header->newest, writer->version_);
        sr_latest_wake_(writer, SR_LATEST_ANY);
    }
    return SR_OK;
}

/* Become the writer, after the region is open. On failure leaves only the region open. */
static inline sr_reason sr_latest_become_writer_(
    sr_latest_writer *writer, const sr_latest_request_ *request, sr_error *error)
{
    sr_latest_table_ *table = &writer->table_;
    sr_reason reason = sr_latest_take_owner_(table, request, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_latest_places_open_(writer, request, error);
    if (reason == SR_OK) {
        if (request->shape != NULL)
            reason = sr_latest_make_(table, request, error);
        if (reason == SR_OK)
            reason = sr_latest_read_shape_(table, request, error);
        if (reason == SR_OK)
            reason = sr_latest_settle_predecessor_(writer, error);
        if (reason != SR_OK)
            sr_region_close(&writer->newer_region_);
    }
    if (reason != SR_OK)
        sr_owner_leave_(&table->owner);
    return reason;
}

static inline sr_reason sr_latest_writer_open_(sr_latest_writer *writer, const char *name,
    const sr_latest_request_ *request, bool open, sr_error *error)
{
    memset(writer, 0, sizeof *writer);
    writer->index_ = SR_LATEST_ANY;
    sr_reason reason = sr_latest_table_init_(&writer->table_, name, request, error);
    if (reason == SR_OK)
        reason = sr_latest_region_open_(&writer->table_, request, request->shape != NULL, open, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_latest_become_writer_(writer, request, error);
    if (reason != SR_OK)
        sr_region_close(&writer->table_.region);
    writer->shape = writer->table_.shape;
    return reason;
}

static inline sr_reason sr_latest_writer_create(
    sr_latest_writer *writer, const char *name, const sr_latest_shape *shape, sr_error *error)
{
    sr_latest_request_ request = {"create table", shape, shape->schema, SR_READ_WRITE};
    return sr_latest_writer_open_(writer, name, &request, false, error);
}

static inline sr_reason sr_latest_writer_open(
    sr_latest_writer *writer, const char *name, uint64_t schema, sr_error *error)
{
    sr_latest_request_ request = {"open table", NULL, schema, SR_READ_WRITE};
    return sr_latest_writer_open_(writer, name, &request, true, error);
}

static inline sr_reason sr_latest_writer_open_or_create(
    sr_latest_writer *writer, const char *name, const sr_latest_shape *shape, sr_error *error)
{
    sr_latest_request_ request = {"open table", shape, shape->schema, SR_READ_WRITE};
    return sr_latest_writer_open_(writer, name, &request, true, error);
}

static inline void sr_latest_writer_close(sr_latest_writer *writer)
{
    sr_owner_leave_(&writer->table_.owner);
    for (uint32_t place = 1; place <= SR_NEWER_PLACES_; place++)
        if ((writer->open_events_ >> (place - 1) & 1) != 0)
            sr_event_close(&writer->event_[place - 1]);
    sr_region_close(&writer->newer_region_);
    sr_region_close(&writer->table_.region);
}

static inline sr_reason sr_latest_reader_open(
    sr_latest_reader *reader, const char *name, uint64_t schema, int64_t timeout, sr_error *error)
{
    sr_latest_request_ request = {"open table", NULL, schema, SR_READ_ONLY};
    int64_t deadline = sr_deadline_(timeout);
    memset(reader, 0, sizeof *reader);
    sr_reason reason = sr_latest_table_init_(&reader->table_, name, &request, error);
    if (reason != SR_OK)
        return reason;
    do
        reason = sr_latest_region_open_(&reader->table_, &request, false, true, error);
    while (sr_opens_again_(reason, deadline));
    if (reason != SR_OK)
        return reason;
    reason = sr_latest_read_shape_(&reader->table_, &request, error);
    if (reason != SR_OK)
        sr_region_close(&reader->table_.region);
    reader->shape = reader->table_.shape;
    reader->looks_ = sr_has_processors_() ? SR_LATEST_LOOKS_ : 1;
    return reason;
}

/* The place first: a wait that finds it free must not find its event gone later. */
static inline void sr_latest_reader_close(sr_latest_reader *reader)
{
    if (reader->place_ != 0)
        sr_owner_leave_(&reader->slot_);
    if (reader->event_is_open_)
        sr_event_close(&reader->event_);
    if (reader->newer_ != NULL)
        sr_region_close(&reader->newer_region_);
    sr_region_close(&reader->table_.region);
}

#endif
