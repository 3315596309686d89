/*
 * sharedregion_pair.h: pairs. In a pair two processes, a server and a client, take strict turns on a region.
 *
 * The server is the writing side, and has the first turn:
 *
 *     sr_error error;
 *     sr_region region;
 *     sr_pair pair;
 *     if (sr_region_open_or_create(&region, "prices", 4096, &error) != SR_OK
 *             || sr_pair_create(&pair, "prices", SR_SPIN_DEFAULT, &error) != SR_OK)
 *         die(error.message);
 *     for (int price = 100; price < 110; price++) {
 *         if (!sr_pair_has_turn(&pair) && sr_pair_await_read(&pair, SR_FOREVER, &error) != SR_OK)
 *             die(error.message);
 *         *(int32_t *)region.memory = price;
 *         sr_pair_signal_written(&pair, &error);
 *     }
 *     sr_pair_await_read(&pair, SR_FOREVER, &error);
 *     sr_pair_close(&pair);
 *     sr_region_close(&region);
 *
 * A server that was killed can be started again while its client lives: the client keeps the region alive, and
 * open_or_create opens it. sr_pair_create refuses a second server.
 *
 * The client is the reading side. The server creates the region before the pair, so a client that has opened the pair
 * finds the region:
 *
 *     if (sr_pair_open(&pair, "prices", SR_SECONDS(30), SR_SPIN_DEFAULT, &error) != SR_OK
 *             || sr_region_open(&region, "prices", SR_READ_ONLY, 4096, &error) != SR_OK)
 *         die(error.message);
 *     while (sr_pair_await_written(&pair, SR_FOREVER, &error) == SR_OK) {
 *         printf("%d\n", *(int32_t *)region.memory);
 *         sr_pair_signal_read(&pair, &error);
 *     }
 *     if (error.reason != SR_CLOSED) // SR_PEER_DIED, for instance
 *         die(error.message);
 */
#ifndef SHAREDREGION_PAIR_H
#define SHAREDREGION_PAIR_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

/*
 * For the parameter SPIN, the nanoseconds for which a wait polls the memory before it sleeps: 50 microseconds, or 250
 * while turns take longer than 50, if that ends the waits. A longer time costs processor time and saves system calls.
 * 0 sleeps at once.
 */
#define SR_SPIN_DEFAULT (-1)

typedef struct sr_pair {
    char name_[SR_NAME_SIZE_];
    int me_; /* SR_SERVER_ or SR_CLIENT_ */
    bool turn_is_mine_;
    uint32_t active_; /* my state while I do not sleep */
    int64_t usual_spin_, longest_spin_, spin_; /* the last is one of the others */
    int before_, between_;          /* pauses before the first look of a spin, and between two looks */
    uint64_t stretch_;              /* of turns that are timed together */
    int64_t stretch_began_;
    bool trying_;                   /* whether this side has been there since the round of tries began */
    int fastest_, slow_;            /* the number whose stretch took the least time; how many slow ones came last */
    int64_t least_nanos_;           /* that time */
    unsigned misses_, skipped_;     /* spins in a row that found nothing; waits since then that did not spin */
    unsigned waits_, needed_waits_; /* waits that the usual spin did not end; how many choose the longest spin */
    int64_t looked_;                /* the time at which a wait last asked whether the peer's place is held */
    sr_region region_;
    struct sr_block_ *block_;
    sr_owner_slot_ slot_[2];
    sr_event event_[2]; /* the event on which the server waits, x.read, and that of the client, x.written */
} sr_pair;

/*
 * sr_pair_create makes the caller the server, sr_pair_open makes it the client. sr_pair_open waits up to the timeout
 * for a server, and then returns SR_NOT_FOUND. sr_pair_create waits up to 1 second for a predecessor to disappear. If
 * the client of an earlier server still lives, a new server continues with that client. sr_pair_has_turn tells whether
 * the new server has the first turn; it does not if its predecessor had handed the turn over. A client always waits
 * first. A turn that an earlier client received and did not acknowledge is delivered again.
 *
 * An await returns SR_OK when the caller has the turn, SR_TIMED_OUT after the timeout, SR_CLOSED if the peer has closed
 * the pair, and SR_PEER_DIED if the peer's process has ended without closing it. After SR_TIMED_OUT, SR_CLOSED and
 * SR_PEER_DIED the pair is still open, and the caller may await again. Until the peer has a successor, SR_CLOSED and
 * SR_PEER_DIED are returned again, at once. The end of a program that uses only the two events is not noticed: give
 * such a wait a time. Calls that open, await or signal return SR_CORRUPT if another program keeps overwriting the
 * region "x.pair".
 *
 * A signal hands the turn over and does not wait. A call of the wrong side, a signal without the turn, and an await
 * with the turn return SR_OUT_OF_TURN. One thread at a time may use a pair. When one side has closed the pair, the
 * next await of the other side that finds no new turn returns SR_CLOSED. sr_pair_close waits up to 2 seconds for a peer
 * that is stopped. Do not use the pair after it.
 */
static inline sr_reason sr_pair_create(sr_pair *pair, const char *name, int64_t spin, sr_error *error);
static inline sr_reason sr_pair_open(sr_pair *pair, const char *name, int64_t timeout, int64_t spin, sr_error *error);
static inline bool sr_pair_has_turn(const sr_pair *pair);
static inline sr_reason sr_pair_signal_written(sr_pair *pair, sr_error *error);                 /* server */
static inline sr_reason sr_pair_await_read(sr_pair *pair, int64_t timeout, sr_error *error);    /* server */
static inline sr_reason sr_pair_await_written(sr_pair *pair, int64_t timeout, sr_error *error); /* client */
static inline sr_reason sr_pair_signal_read(sr_pair *pair, sr_error *error);                    /* client */
static inline void sr_pair_close(sr_pair *pair);

#include "sharedregion_handshake.h"

/* --- Opening and closing --------------------------------------------------------------------------------------- */

/* How long a server waits for an existing event to be removed, or for the client that has it to take its place. */
#define SR_EVENT_IN_USE_TIME_ SR_SECONDS(1)

/*
 * Opens the control block, or creates it if CREATE, and checks it. Without CREATE a blank block counts as missing,
 * because it may be another program's region.
 */
static inline sr_reason sr_block_open_(sr_pair *pair, const char *to_do, bool create, sr_error *error)
{
    static const sr_block_kind_ kind = {
        "SRPair", SR_BLOCK_VERSION_, ".pair", "the control block of a pair", "pair"};
    sr_request_ request = {SR_READ_WRITE, SR_BLOCK_SIZE_, create && pair->me_ == SR_SERVER_};
    sr_name_ name;
    sr_reason reason = sr_name_init_(&name, pair->name_, kind.suffix, error);
    if (reason == SR_OK)
        reason = create ? sr_region_open_or_create_(&pair->region_, name.full, SR_BLOCK_SIZE_, &request, error)
                        : sr_region_open_(&pair->region_, name.full, &request, error);
    if (reason != SR_OK)
        return reason;
    pair->block_ = (sr_block_ *)pair->region_.memory;
    if (create)
        sr_cas64_(&pair->block_->header, 0, sr_header_(&kind));
    reason = sr_header_check_(&pair->block_->header, &kind, to_do, pair->name_, error);
    if (reason != SR_OK)
        sr_region_close(&pair->region_);
    return reason;
}

/* Takes the place of this side in the block. On failure closes the block. */
static inline sr_reason sr_block_enter_(sr_pair *pair, const char *to_do, sr_error *error)
{
    int code;
    char owner[32];
    for (size_t side = 0; side < 2; side++)
        sr_owner_init_(&pair->slot_[side], &pair->region_, offsetof(sr_block_, place) + side * sizeof(sr_place_));
    if (sr_owner_take_(&pair->slot_[pair->me_], &code))
        return SR_OK;
    bool server = pair->me_ == SR_SERVER_;
    sr_reason reason = code != 0
        ? sr_failed_(error, to_do, pair->name_, "taking its place", code)
        : sr_fail_(error, server ? SR_ALREADY_EXISTS : SR_IN_USE, 0,
            "Cannot %s \"%s\": %s is its %s side, and a pair has only one. Close it there, %sor choose another name.",
            to_do, pair->name_, sr_owner_text_(&pair->slot_[pair->me_], owner, sizeof owner), sr_side_(pair->me_),
            server ? "open the pair instead to be the reading side, " : "");
    sr_region_close(&pair->region_);
    return reason;
}

/* Opens an event of the pair. */
static inline sr_reason sr_pair_event_open_(sr_pair *pair, int side, sr_error *error)
{
    sr_name_ name;
    sr_event *event = &pair->event_[side];
    sr_reason reason = sr_name_init_(&name, pair->name_, sr_suffix_[side], error);
    if (reason == SR_OK)
        reason = sr_event_open_(event, &name, pair->me_ == SR_SERVER_, error);
    return reason != SR_OK ? reason : sr_event_refuse_manual_(event, &name, "pair", error);
}

/*
 * Open, server, 3: creates an event. Opens an existing one if a client has its place, registered or not. An event that
 * exists without a client may be about to go: the system closes the objects of a process that has ended one after the
 * other.
 */
static inline sr_reason sr_pair_event_create_(sr_pair *pair, int side, sr_error *error)
{
    sr_name_ name;
    int64_t give_up = sr_deadline_(SR_EVENT_IN_USE_TIME_);
    sr_reason reason = sr_name_init_(&name, pair->name_, sr_suffix_[side], error);
    while (reason == SR_OK) {
        if (sr_is_held_(pair, SR_CLIENT_)) {
            sr_reason found = sr_pair_event_open_(pair, side, error);
            if (found != SR_NOT_FOUND)
                return found;
        }
        sr_reason made = sr_event_create_(&pair->event_[side], &name, SR_AUTO_RESET, error);
        if (made != SR_ALREADY_EXISTS)
            return made;
        if (sr_left_(give_up) == 0)
            return sr_fail_(error, SR_ALREADY_EXISTS, error == NULL ? 0 : error->code,
                "Cannot create pair \"%s\": event \"%s\" exists, and no client that uses this library has it open. If "
                "the client is a program that uses only the events, end it, and start it again after the server. If "
                "that program is a server, open the pair instead, or choose another name.",
                pair->name_, name.full);
        sr_pause_(SR_PAUSE_);
    }
    return reason;
}

/*
 * Opens or creates both events, or neither. Each side begins with its own event. So a client that finds its event,
 * "written", finds the server's event, too.
 */
static inline sr_reason sr_pair_events_(sr_pair *pair, sr_error *error)
{
    for (int i = 0; i < 2; i++) {
        int side = i == 0 ? pair->me_ : sr_peer_(pair);
        sr_reason reason = pair->me_ == SR_SERVER_ ? sr_pair_event_create_(pair, side, error)
                                                   : sr_pair_event_open_(pair, side, error);
        if (reason != SR_OK) {
            if (i == 1)
                sr_event_close(&pair->event_[pair->me_]);
            return reason;
        }
    }
    return SR_OK;
}

static inline void sr_place_give_back_(sr_pair *pair)
{
    sr_owner_leave_(&pair->slot_[pair->me_]);
    sr_owner_close_(&pair->slot_[sr_peer_(pair)]);
    sr_region_close(&pair->region_);
}

/* Leave, 5. The events before the place, so that a server that finds a client's events finds its place held. */
static inline void sr_pair_give_back_(sr_pair *pair)
{
    sr_event_close(&pair->event_[SR_CLIENT_]);
    sr_event_close(&pair->event_[SR_SERVER_]);
    sr_place_give_back_(pair);
}

static inline sr_reason sr_pair_init_(sr_pair *pair, const char *name, int me, int64_t spin, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, sr_suffix_[SR_CLIENT_], error); /* the longer suffix */
    if (reason != SR_OK)
        return reason;
    memset(pair, 0, sizeof *pair);
    memcpy(pair->name_, name, strlen(name) + 1);
    pair->me_ = me;
    bool spins = sr_has_processors_();
    pair->spin_ = pair->usual_spin_ = !spins ? 0 : spin < 0 ? SR_SPIN_TIME_ : spin;
    pair->longest_spin_ = spins && spin < 0 ? SR_LONG_SPIN_TIME_ : pair->usual_spin_;
    pair->needed_waits_ = SR_SPIN_WAITS_;
    pair->between_ = 1;
    pair->trying_ = true;
    pair->stretch_began_ = sr_now();
    return SR_OK;
}

/* The steps of open after the block. On failure closes everything that the pair has open. */
static inline sr_reason sr_pair_open_rest_(sr_pair *pair, const char *to_do, sr_error *error)
{
    sr_reason reason = sr_block_enter_(pair, to_do, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_pair_events_(pair, error);
    if (reason != SR_OK) {
        sr_place_give_back_(pair);
        return reason;
    }
    reason = sr_register_(pair, error);
    if (reason != SR_OK)
        sr_pair_give_back_(pair);
    return reason;
}

static inline sr_reason sr_pair_create(sr_pair *pair, const char *name, int64_t spin, sr_error *error)
{
    static const char to_do[] = "create pair";
    sr_reason reason = sr_pair_init_(pair, name, SR_SERVER_, spin, error);
    if (reason == SR_OK)
        reason = sr_block_open_(pair, to_do, true, error);
    return reason != SR_OK ? reason : sr_pair_open_rest_(pair, to_do, error);
}

/* One attempt of a client to open. Creates the block only for a server that knows no block, whose event is there. */
static inline sr_reason sr_pair_try_open_(sr_pair *pair, sr_error *error)
{
    static const char to_do[] = "open pair";
    sr_reason reason = sr_block_open_(pair, to_do, false, error);
    if (reason == SR_NOT_FOUND) {
        reason = sr_pair_event_open_(pair, SR_CLIENT_, error);
        if (reason != SR_OK)
            return reason;
        /* Not kept, because a server refuses an event that is open while the client's place is free. */
        sr_event_close(&pair->event_[SR_CLIENT_]);
        reason = sr_block_open_(pair, to_do, true, error);
    }
    return reason != SR_OK ? reason : sr_pair_open_rest_(pair, to_do, error);
}

static inline sr_reason sr_pair_open(sr_pair *pair, const char *name, int64_t timeout, int64_t spin, sr_error *error)
{
    int64_t deadline = sr_deadline_(timeout);
    sr_reason reason = sr_pair_init_(pair, name, SR_CLIENT_, spin, error);
    if (reason != SR_OK)
        return reason;
    do
        reason = sr_pair_try_open_(pair, error);
    while (sr_opens_again_(reason, deadline));
    return reason != SR_NOT_FOUND ? reason
                                  : sr_fail_(error, reason, error == NULL ? 0 : error->code,
                                      "Cannot open pair \"%s\": there is no such pair. Start its server first, or "
                                      "check the Local\\ or Global\\ prefix.",
                                      name);
}

static inline void sr_pair_close(sr_pair *pair)
{
    sr_leave_(pair);
    sr_pair_give_back_(pair);
}

/* --- Taking turns ---------------------------------------------------------------------------------------------- */

static inline bool sr_pair_has_turn(const sr_pair *pair) { return pair->turn_is_mine_; }

static inline sr_reason sr_check_turn_(const sr_pair *pair, int side, bool mine, const char *call, sr_error *error)
{
    if (pair->me_ != side)
        return sr_fail_(error, SR_OUT_OF_TURN, 0, "%s is for the %s side; this is the %s side of pair \"%s\".", call,
            sr_side_(side), sr_side_(pair->me_), pair->name_);
    if (pair->turn_is_mine_ != mine)
        return sr_fail_(error, SR_OUT_OF_TURN, 0, "The %s side of pair \"%s\" is out of turn: %s.", sr_side_(side),
            pair->name_,
            mine                      ? "the other side has the turn. Wait for it first"
                : side == SR_SERVER_ ? "it has the turn already. Write and signal first"
                                      : "it has the turn already. Read and signal first");
    return SR_OK;
}

static inline sr_reason sr_pair_signal_written(sr_pair *pair, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_SERVER_, true, "sr_pair_signal_written", error);
    return reason != SR_OK ? reason : sr_signal_(pair, error);
}

static inline sr_reason sr_pair_await_read(sr_pair *pair, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_SERVER_, false, "sr_pair_await_read", error);
    return reason != SR_OK ? reason : sr_await_(pair, timeout, error);
}

static inline sr_reason sr_pair_await_written(sr_pair *pair, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_CLIENT_, false, "sr_pair_await_written", error);
    return reason != SR_OK ? reason : sr_await_(pair, timeout, error);
}

static inline sr_reason sr_pair_signal_read(sr_pair *pair, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_CLIENT_, true, "sr_pair_signal_read", error);
    return reason != SR_OK ? reason : sr_signal_(pair, error);
}

#endif
