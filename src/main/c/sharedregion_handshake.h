/*
 * sharedregion: the steps by which the two sides of a pair hand the turn over and wait for it. src/docs/handshake.md
 * describes the steps under these names, and why they are safe.
 */
#ifndef SHAREDREGION_HANDSHAKE_H
#define SHAREDREGION_HANDSHAKE_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

/* The first and the longest sleep of a wait, after which it asks whether the peer's place is held. */
#define SR_FIRST_SLEEP_ SR_MILLIS(4)
#define SR_LONGEST_SLEEP_ SR_MILLIS(50)

/* The least time between two such questions before a sleep. A question takes a system call. */
#define SR_LOOK_TIME_ SR_MILLIS(25)

/* How long unpark waits for an announced wake-up to arrive. */
#define SR_UNPARK_TIME_ SR_MILLIS(20)

/* How long register and leave wait for a peer that is in the middle of a wake-up. */
#define SR_WAKING_TIME_ SR_SECONDS(1)

/* After this many failed tries a step reports an overwritten block. A peer of this library makes few tries fail. */
#define SR_MOST_TRIES_ 1000

/* How long a wait polls the turn by default, and how often it pauses between two looks at the clock. */
#define SR_SPIN_TIME_ ((int64_t)50000)
#define SR_SPIN_PAUSES_ 192

/*
 * How many pauses it makes before the first look at the turn and between two looks: see sr_handed_over_(). How many
 * numbers of each are tried; how many changes of the turn are timed together; how many of these stretches a round has;
 * if the fastest one takes less than a time, no pauses before the first look are tried; and how many numbers in a row
 * that are slower by a quarter end the tries.
 */
#define SR_BETWEEN_TRIES_ 3
#define SR_BEFORE_TRIES_ 16
#define SR_STRETCH_ 1024
#define SR_STRETCHES_ 256
#define SR_SHORT_STRETCH_ ((int64_t)64 * SR_STRETCH_)
#define SR_MOST_SLOW_ 2

/*
 * How long it polls instead after SR_SPIN_WAITS_ waits that SR_SPIN_TIME_ did not end, until more than SR_SPIN_FORGIVEN_
 * spins of this length in a row find nothing. Each time that doubles the number of waits, up to SR_SPIN_MOST_WAITS_. How
 * long a wait takes does not tell whether a longer spin ends it, as most of it may be the sleep and the wake-up of
 * either side.
 */
#define SR_LONG_SPIN_TIME_ ((int64_t)250000)
#define SR_SPIN_WAITS_ 8
#define SR_SPIN_MOST_WAITS_ 1024
#define SR_SPIN_FORGIVEN_ 1

/* After SR_SPIN_MISSES_ spins in a row that found nothing, only one of SR_SPIN_RETRY_ waits spins. */
#define SR_SPIN_MISSES_ 8
#define SR_SPIN_RETRY_ 64

/* --- The words of the block ------------------------------------------------------------------------------------ */

/* How messages call a side, as in the Java library. */
static inline const char *sr_side_(int side) { return side == SR_SERVER_ ? "writing" : "reading"; }

static inline int sr_whose_(uint64_t turn) { return (int)(turn & SR_TURN_SIDE_); }

static inline bool sr_has_token_(uint64_t turn) { return (turn & SR_TOKEN_) != 0; }

/* Whether that side has the turn, without TOKEN: it need not take a signal out of its event first. */
static inline bool sr_is_at_once_(uint64_t turn, int side) { return sr_whose_(turn) == side && !sr_has_token_(turn); }

static inline uint64_t sr_next_turn_(uint64_t turn, int side, uint64_t token)
{
    return (turn & ~(SR_TURN_COUNT_ - 1)) + SR_TURN_COUNT_ + token + (uint64_t)side;
}

static inline bool sr_is_(uint32_t w, uint32_t state) { return (w & SR_STATE_MASK_) == state; }

static inline bool sr_is_registered_(uint32_t w)
{
    return (w & SR_STATE_MASK_) >= SR_ACTIVE_ && (w & SR_STATE_MASK_) <= SR_RECALLED_;
}

static inline bool sr_is_gone_(uint32_t w) { return (w & SR_STATE_MASK_) >= SR_CLOSED_; }

static inline bool sr_is_being_woken_(uint32_t w) { return sr_is_(w, SR_WAKING_) || sr_is_(w, SR_WOKEN_); }

/* The same generation with another state. */
static inline uint32_t sr_with_(uint32_t w, uint32_t state) { return (w & ~(uint32_t)SR_STATE_MASK_) | state; }

static inline uint32_t *sr_state_(const sr_pair *pair, int side) { return &pair->block_->place[side].state; }

static inline int sr_peer_(const sr_pair *pair) { return 1 - pair->me_; }

static inline bool sr_is_held_(const sr_pair *pair, int side) { return sr_owner_is_held_(&pair->slot_[side]); }

/* Takes the token out of an event without sleeping. Returns false if there is none. */
static inline bool sr_take_token_(sr_event *event) { return sr_event_await(event, 0); }

/* Ends a step that has failed too many times: see "When the block is overwritten" in src/docs/handshake.md. */
static inline sr_reason sr_corrupt_(const sr_pair *pair, sr_error *error)
{
    return sr_fail_(error, SR_CORRUPT, 0,
        "Cannot use pair \"%s\": another program has overwritten its control block. Close the pair on both sides, and "
        "create it again.",
        pair->name_);
}

/* --- Signal ---------------------------------------------------------------------------------------------------- */

/* Wake. The peer's state was w, PARKED. Returns false if the state has changed since. */
static inline bool sr_wake_(sr_pair *pair, uint32_t w)
{
    uint32_t *state = sr_state_(pair, sr_peer_(pair));
    if (!sr_cas32_(state, w, sr_with_(w, SR_WAKING_)))
        return false;
    sr_event_set(&pair->event_[sr_peer_(pair)]);
    sr_cas32_(state, sr_with_(w, SR_WAKING_), sr_with_(w, SR_WOKEN_));
    return true;
}

/* Notify the peer (signal, 2). The turn is t, and is the peer's. */
static inline sr_reason sr_notify_peer_(sr_pair *pair, uint64_t t)
{
    int peer = sr_peer_(pair);
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        uint32_t w = sr_load32_(sr_state_(pair, peer));
        if (sr_is_(w, SR_PARKED_)) {
            if (sr_wake_(pair, w))
                return SR_OK;
        } else if (sr_is_registered_(w)) {
            return SR_OK; /* without a system call: the peer looks at the turn before it sleeps */
        } else if (sr_is_gone_(w) && peer == SR_SERVER_) {
            return SR_OK; /* a plain server that comes later must not find a token */
        } else if (sr_cas64_(&pair->block_->turn, t, t | SR_TOKEN_)) {
            sr_event_set(&pair->event_[peer]);
            return SR_OK;
        } else {
            /* The peer has registered since. It may have taken the turn, and left again. */
            t = sr_load64_(&pair->block_->turn);
            if (!sr_is_at_once_(t, peer))
                return SR_OK;
        }
    }
    return SR_CORRUPT;
}

/* The number for the stretch that begins: LAST, if it is not the time of these TRIES, of which TRIED are over. */
static inline int sr_next_pauses_(sr_pair *pair, int last, int first, int tried, int tries, int64_t nanos)
{
    if (tried < 0 || tried > tries)
        return last;
    if (tried > 0 && pair->slow_ < SR_MOST_SLOW_) {
        if (tried == 1 || nanos < pair->least_nanos_) {
            pair->least_nanos_ = nanos;
            pair->fastest_ = last;
        }
        pair->slow_ = nanos - pair->least_nanos_ > pair->least_nanos_ / 4 ? pair->slow_ + 1 : 0;
    }
    return tried < tries && pair->slow_ < SR_MOST_SLOW_ ? first + tried : pair->fastest_;
}

/*
 * Notes the turn with which I have handed over: after that, as the peer waits for what comes before. With few pauses a
 * wait sees a change early. With many it leaves the turn's cache line to the side that is about to write to it. A look at
 * the right moment costs least: if the change is on its way just then, the processor goes on as if it had come, and
 * fetches the data beside it. Which numbers make turns fastest depends on how long the peer takes, and on whether the
 * processors of both sides share a cache, which a hypervisor may change at any time. So they are tried in rounds: both
 * sides try numbers between two looks, in the same turns, then the server tries numbers before its first look, then the
 * client.
 */
static inline void sr_handed_over_(sr_pair *pair, uint64_t turn)
{
    uint64_t stretch = turn / (SR_TURN_COUNT_ * SR_STRETCH_);
    if (stretch == pair->stretch_)
        return;
    int64_t clock = sr_now(), nanos = clock - pair->stretch_began_;
    bool follows = stretch == pair->stretch_ + 1;
    pair->stretch_ = stretch;
    pair->stretch_began_ = clock;
    int number = (int)(stretch % SR_STRETCHES_);
    int before_begins = SR_BETWEEN_TRIES_ + pair->me_ * SR_BEFORE_TRIES_;
    if (number == 0) {
        pair->trying_ = true;
        pair->before_ = pair->slow_ = 0;
    } else if (!follows)
        pair->trying_ = false;
    if (!pair->trying_)
        return;
    pair->between_ = sr_next_pauses_(pair, pair->between_, 1, number, SR_BETWEEN_TRIES_, nanos);
    if (number == SR_BETWEEN_TRIES_) {
        pair->fastest_ = 0;
        pair->slow_ = pair->least_nanos_ < SR_SHORT_STRETCH_ ? SR_MOST_SLOW_ : 0;
    }
    pair->before_ = sr_next_pauses_(pair, pair->before_, 0, number - before_begins, SR_BEFORE_TRIES_, nanos);
}

/* Signal: hands over the turn, which this side has. In these comments, "I" is the side that executes the step. */
static inline sr_reason sr_signal_(sr_pair *pair, sr_error *error)
{
    uint64_t *turn = &pair->block_->turn;
    uint64_t t = sr_next_turn_(sr_load64_acquire_(turn), sr_peer_(pair), 0);
    pair->turn_is_mine_ = false;
    sr_store64_(turn, t);
    sr_reason reason = sr_notify_peer_(pair, t);
    sr_handed_over_(pair, t);
    if (reason == SR_OK)
        return SR_OK;
    pair->turn_is_mine_ = sr_is_at_once_(sr_load64_(turn), pair->me_);
    return sr_corrupt_(pair, error);
}

/* --- Accept and settle ----------------------------------------------------------------------------------------- */

/* Claim: makes the turn t mine, without TOKEN. Returns false if the turn has changed since. */
static inline bool sr_claim_(sr_pair *pair, uint64_t t)
{
    return sr_cas64_(&pair->block_->turn, t, sr_next_turn_(t, pair->me_, 0));
}

/* Accept a hand-over, whose token I have taken. *mine: whether I have the turn now. */
static inline sr_reason sr_accept_(sr_pair *pair, bool *mine)
{
    uint32_t *peer = sr_state_(pair, sr_peer_(pair));
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        uint64_t t = sr_load64_(&pair->block_->turn);
        uint32_t w = sr_load32_(peer);
        bool from_plain_peer = sr_whose_(t) != pair->me_;
        *mine = sr_is_at_once_(t, pair->me_);
        if (*mine || (from_plain_peer && !sr_has_token_(t) && sr_is_registered_(w)))
            return SR_OK; /* in the second case the token was left over, and is ignored */
        if (!sr_claim_(pair, t))
            continue;
        if (from_plain_peer && sr_is_gone_(w))
            sr_cas32_(peer, w, sr_with_(w, SR_ABSENT_));
        *mine = true;
        return SR_OK;
    }
    return SR_CORRUPT;
}

/*
 * Await the waker: the peer is setting my event to wake me, which takes a moment. Returns true when it has done so, or
 * when its place is free, because it died there. Returns false if the state does not change until then: the peer is
 * stopped.
 */
static inline bool sr_await_waker_(sr_pair *pair, int64_t give_up)
{
    for (int i = 0; sr_is_(sr_load32_(sr_state_(pair, pair->me_)), SR_WAKING_); i++) {
        if (give_up > 0 && i < 1000) {
            sr_relax_();
            continue;
        }
        if (!sr_is_held_(pair, sr_peer_(pair)))
            return true;
        if (sr_left_(give_up) == 0)
            return false;
        sr_pause_(SR_PAUSE_);
    }
    return true;
}

/*
 * Settle: takes a wake-up that came while I was not asleep. Returns SR_IN_USE if the peer is stopped in the middle of
 * the wake-up, which then stays for the next sleep.
 */
static inline sr_reason sr_settle_wake_up_(sr_pair *pair, int64_t give_up)
{
    uint32_t *state = sr_state_(pair, pair->me_);
    bool mine;
    if (sr_load32_(state) == pair->active_)
        return SR_OK;
    if (!sr_await_waker_(pair, give_up))
        return SR_IN_USE;
    if (sr_is_(sr_load32_(state), SR_WAKING_))
        sr_event_clear_(&pair->event_[pair->me_]); /* the peer died, perhaps after it had set the event */
    bool taken = sr_take_token_(&pair->event_[pair->me_]);
    /* RECALLED: a peer that left has taken its wake-up back. Then this token is a hand-over. */
    bool recalled = sr_is_(sr_exchange32_(state, pair->active_), SR_RECALLED_);
    return recalled && taken ? sr_accept_(pair, &mine) : SR_OK;
}

/* Unpark: from PARKED to ACTIVE. While a wake-up is on its way, the state has to say so. */
static inline sr_reason sr_unpark_(sr_pair *pair)
{
    if (sr_cas32_(sr_state_(pair, pair->me_), sr_with_(pair->active_, SR_PARKED_), pair->active_))
        return SR_OK;
    sr_reason reason = sr_settle_wake_up_(pair, sr_deadline_(SR_UNPARK_TIME_));
    return reason == SR_IN_USE ? SR_OK : reason;
}

/* --- The end of the peer --------------------------------------------------------------------------------------- */

/*
 * Hand over again, for the server. The turn t is the client's, and the client may not have been told. *done: whether
 * the turn was still t.
 */
static inline sr_reason sr_hand_over_again_(sr_pair *pair, uint64_t t, bool *done)
{
    uint64_t next = sr_next_turn_(t, SR_CLIENT_, 0);
    bool taken = sr_take_token_(&pair->event_[SR_CLIENT_]);
    *done = sr_cas64_(&pair->block_->turn, t, next);
    if (*done)
        return sr_notify_peer_(pair, next);
    /* A client that left has counted the turn up. A plain client has to find the token. */
    t = sr_load64_(&pair->block_->turn);
    if (taken && sr_whose_(t) == SR_CLIENT_ && sr_has_token_(t))
        sr_event_set(&pair->event_[SR_CLIENT_]);
    return SR_OK;
}

/* Mark dead. The peer's state was w, registered, and after that no process held its place. */
static inline sr_reason sr_mark_dead_(sr_pair *pair, uint32_t w)
{
    /* The turn is read before the state changes, because a successor may come as soon as the state is DEAD. */
    uint64_t t = sr_load64_(&pair->block_->turn);
    bool mine = sr_whose_(t) == pair->me_, done;

    /* The peer's event may have a wake-up for the dead peer, which a successor must not find. But if I am the client
       and my turn has TOKEN, the event may have the acknowledgement of an earlier plain client, for the next server. */
    if (pair->me_ == SR_SERVER_ || !mine || !sr_has_token_(t))
        sr_event_clear_(&pair->event_[sr_peer_(pair)]);
    if (!sr_cas32_(sr_state_(pair, sr_peer_(pair)), w, sr_with_(w, SR_DEAD_)))
        return SR_OK; /* the peer has a successor */
    return pair->me_ == SR_SERVER_ && !mine ? sr_hand_over_again_(pair, t, &done) : SR_OK;
}

/* Offer the turn t, the client's, to a plain client: a plain client that comes later finds the token. */
static inline void sr_offer_turn_to_plain_client_(sr_pair *pair, uint64_t t)
{
    if (sr_cas64_(&pair->block_->turn, t, sr_next_turn_(t, SR_CLIENT_, SR_TOKEN_)))
        sr_event_set(&pair->event_[SR_CLIENT_]);
}

/*
 * Take the last turn. The peer's state is w, CLOSED or DEAD. Returns SR_OK if the peer, or a plain successor of it, has
 * handed the turn over.
 */
static inline sr_reason sr_take_last_turn_(sr_pair *pair, uint32_t w, sr_error *error)
{
    int peer = sr_peer_(pair);
    bool mine = false;
    char owner[32];

    if (sr_take_token_(&pair->event_[pair->me_]) && sr_accept_(pair, &mine) != SR_OK)
        return sr_corrupt_(pair, error);
    uint64_t t = sr_load64_(&pair->block_->turn);
    if (mine || sr_is_at_once_(t, pair->me_))
        return SR_OK;
    if (peer == SR_CLIENT_ && sr_is_at_once_(t, peer) && !sr_is_held_(pair, peer))
        sr_offer_turn_to_plain_client_(pair, t);
    if (sr_is_(w, SR_CLOSED_))
        return sr_fail_(error, SR_CLOSED, 0,
            "The %s side of pair \"%s\" is closed. Wait again for its successor, or close this side.", sr_side_(peer),
            pair->name_);
    return sr_fail_(error, SR_PEER_DIED, 0,
        "The process on the %s side of pair \"%s\" has ended without closing it (%s). Start it again, and wait again, "
        "or close this side.",
        sr_side_(peer), pair->name_, sr_owner_text_(&pair->slot_[peer], owner, sizeof owner));
}

/* --- Await ----------------------------------------------------------------------------------------------------- */

/* A wait, and what it found at its last look. */
typedef struct sr_wait_state_ {
    int64_t deadline; /* -1: not computed yet. A side that has the turn at once needs no clock. */
    bool spun;        /* true after the spin: a wait spins once */
    int64_t began;    /* when its spin began, or would have; 0 before, and after a spin that was not in vain */
    bool mine;        /* whether I have the turn */
    uint64_t turn;    /* at the last look */
    uint32_t peer;    /* the peer's state at the last look */
    bool settled;     /* false if a stopped peer is in the middle of a wake-up, which is left for the next sleep */
} sr_wait_state_;

/* Whether the turn or the peer's state has changed since the last look. */
static inline bool sr_has_changed_(const sr_pair *pair, const sr_wait_state_ *wait)
{
    return sr_load64_(&pair->block_->turn) != wait->turn || sr_load32_(sr_state_(pair, sr_peer_(pair))) != wait->peer;
}

/* Notes how long a wait took until I had the turn. */
static inline void sr_waited_(sr_pair *pair, int64_t nanos)
{
    if (nanos <= pair->usual_spin_ || pair->usual_spin_ == pair->longest_spin_)
        return;
    if (pair->spin_ == pair->usual_spin_) {
        if (++pair->waits_ >= pair->needed_waits_) {
            pair->waits_ = pair->misses_ = 0;
            pair->spin_ = pair->longest_spin_;
        }
    } else if (nanos <= pair->longest_spin_)
        pair->needed_waits_ = SR_SPIN_WAITS_;
}

/* Await, 4: polls the turn for the spin time. Returns true if the turn has changed since the last look. */
static inline bool sr_spin_(sr_pair *pair, sr_wait_state_ *wait)
{
    int peer = sr_peer_(pair);
    /* After spins that found nothing, because the peer is slow or has no processor, most waits do without. */
    if (pair->spin_ == 0 || (pair->misses_ >= SR_SPIN_MISSES_ && ++pair->skipped_ % SR_SPIN_RETRY_ != 0))
        return false;
    int64_t now = wait->began, until = now + sr_least_(wait->deadline - now, pair->spin_);
    int64_t look = now + SR_LONGEST_SLEEP_;
    do {
        sr_relax_times_(pair->before_);
        for (int i = 0; i < SR_SPIN_PAUSES_; i += pair->between_) {
            if (sr_load64_acquire_(&pair->block_->turn) != wait->turn) {
                pair->misses_ = 0;
                sr_waited_(pair, now - wait->began);
                wait->began = 0;
                return true;
            }
            sr_relax_times_(pair->between_);
        }
        now = sr_now();
        if (now >= look) {
            /* A long spin notices the peer's end, too. */
            if (!sr_is_held_(pair, peer))
                return false;
            look = now + SR_LONGEST_SLEEP_;
        }
    } while (now < until && sr_load32_(sr_state_(pair, peer)) == wait->peer);
    pair->misses_++;
    if (pair->spin_ > pair->usual_spin_ && pair->misses_ > SR_SPIN_FORGIVEN_) {
        pair->spin_ = pair->usual_spin_;
        if (pair->needed_waits_ < SR_SPIN_MOST_WAITS_)
            pair->needed_waits_ *= 2;
    }
    return false;
}

/* Await, 5: whether the peer is registered and no process holds its place. Asks only after SR_LOOK_TIME_. */
static inline bool sr_has_died_(sr_pair *pair, uint32_t w)
{
    int64_t now = sr_now();
    if (!sr_is_registered_(w) || now - pair->looked_ < SR_LOOK_TIME_)
        return false;
    pair->looked_ = now;
    return !sr_is_held_(pair, sr_peer_(pair));
}

/* Park (await, 6): announces that I sleep. *asleep: false if something has changed, so that I must look again. */
static inline sr_reason sr_park_(sr_pair *pair, const sr_wait_state_ *wait, bool *asleep)
{
    *asleep = true;
    if (!wait->settled || sr_whose_(wait->turn) == pair->me_)
        return SR_OK; /* a wake-up or a hand-over is in the event, or will be in a moment */
    /* Invariant I3: the signalling side writes the turn, then reads this state. In any order one side sees the other's
       write. */
    sr_store32_(sr_state_(pair, pair->me_), sr_with_(pair->active_, SR_PARKED_));
    *asleep = !sr_has_changed_(pair, wait);
    return *asleep ? SR_OK : sr_unpark_(pair);
}

/* Sleep on my event (await, 7). If the turn is not mine afterwards, the caller has to look again. */
static inline sr_reason sr_sleep_(sr_pair *pair, sr_wait_state_ *wait)
{
    uint32_t *me = sr_state_(pair, pair->me_);
    sr_event *event = &pair->event_[pair->me_];
    uint32_t state = !wait->settled ? SR_WAKING_ : sr_whose_(wait->turn) != pair->me_ ? SR_PARKED_ : SR_ACTIVE_;
    uint32_t asleep = sr_with_(pair->active_, state);
    /* A peer that is in the middle of waking me may be CLOSED already. */
    bool registered = sr_is_registered_(wait->peer), needs_peer = registered || !wait->settled;

    for (int64_t longest = SR_FIRST_SLEEP_;; longest = sr_least_(longest * 4, SR_LONGEST_SLEEP_)) {
        int64_t nanos = sr_least_(sr_left_(wait->deadline), longest);
        if (needs_peer ? sr_owner_await_event_(&pair->slot_[sr_peer_(pair)], event, nanos)
                       : sr_event_await(event, nanos)) {
            bool wake_up = sr_is_being_woken_(sr_exchange32_(me, pair->active_));
            return wake_up ? SR_OK : sr_accept_(pair, &wait->mine);
        }
        if (sr_load32_(me) != asleep || sr_has_changed_(pair, wait) || sr_left_(wait->deadline) == 0)
            return sr_unpark_(pair);
        if (needs_peer && !sr_is_held_(pair, sr_peer_(pair))) {
            sr_reason reason = sr_unpark_(pair);
            return reason == SR_OK && registered ? sr_mark_dead_(pair, wait->peer) : reason;
        }
    }
}

static inline sr_reason sr_timed_out_(const sr_pair *pair, sr_error *error)
{
    return sr_fail_(error, SR_TIMED_OUT, 0, "The %s side of pair \"%s\" has not signalled in time.",
        sr_side_(sr_peer_(pair)), pair->name_);
}

/* Await, 3 to 7, after a look at which I did not have the turn. Returns SR_TIMED_OUT if the wait is over. */
static inline sr_reason sr_await_change_(sr_pair *pair, sr_wait_state_ *wait)
{
    const uint64_t *turn = &pair->block_->turn;
    sr_event *event = &pair->event_[pair->me_];
    bool registered = sr_is_registered_(wait->peer), token = sr_has_token_(wait->turn);
    bool mine = sr_whose_(wait->turn) == pair->me_, by_turn_alone = !token && !mine && registered, done, asleep;

    if (wait->settled && pair->me_ == SR_SERVER_ && !mine && token && registered)
        return sr_take_token_(event) ? sr_accept_(pair, &wait->mine) : sr_hand_over_again_(pair, wait->turn, &done);
    if (by_turn_alone && !wait->spun) {
        wait->spun = true;
        wait->began = sr_now();
        if (sr_spin_(pair, wait))
            return SR_OK;
    }
    if (sr_has_died_(pair, wait->peer))
        return sr_mark_dead_(pair, wait->peer);
    if (sr_left_(wait->deadline) > 0) {
        sr_reason reason = sr_park_(pair, wait, &asleep);
        return reason == SR_OK && asleep ? sr_sleep_(pair, wait) : reason;
    }
    /* The time is over. No peer wakes an ACTIVE side, so a token in my event is a hand-over. */
    if (wait->settled && !by_turn_alone && sr_take_token_(event) && sr_accept_(pair, &wait->mine) != SR_OK)
        return SR_CORRUPT;
    return wait->mine || sr_is_at_once_(sr_load64_acquire_(turn), pair->me_) ? SR_OK : SR_TIMED_OUT;
}

/* Await: waits until I have the turn. */
static inline sr_reason sr_await_(sr_pair *pair, int64_t timeout, sr_error *error)
{
    sr_wait_state_ wait;
    memset(&wait, 0, sizeof wait);
    wait.deadline = -1;
    wait.spun = timeout == 0;

    for (int looks = 0; !wait.mine; looks += looks <= SR_MOST_TRIES_) {
        wait.turn = sr_load64_acquire_(&pair->block_->turn);
        if (sr_is_at_once_(wait.turn, pair->me_))
            break;
        if (wait.deadline < 0)
            wait.deadline = sr_deadline_(timeout);
        if (looks > SR_MOST_TRIES_ && sr_left_(wait.deadline) == 0)
            return sr_timed_out_(pair, error);
        wait.peer = sr_load32_(sr_state_(pair, sr_peer_(pair)));
        /* A leftover wake-up must not be taken for a hand-over. While a stopped peer is in the middle of one, this side
           can only sleep. */
        sr_reason reason = sr_settle_wake_up_(pair, 0);
        if (reason == SR_CORRUPT)
            return sr_corrupt_(pair, error);
        wait.settled = reason == SR_OK;
        if (wait.settled && sr_is_gone_(wait.peer)) {
            reason = sr_take_last_turn_(pair, wait.peer, error);
            if (reason != SR_OK)
                return reason;
            break;
        }
        reason = sr_await_change_(pair, &wait);
        if (reason != SR_OK)
            return reason == SR_TIMED_OUT ? sr_timed_out_(pair, error) : sr_corrupt_(pair, error);
    }
    if (wait.began != 0)
        sr_waited_(pair, sr_now() - wait.began);
    pair->turn_is_mine_ = true;
    return SR_OK;
}

/* --- Register -------------------------------------------------------------------------------------------------- */

/* Register, 1. *before: the state that my predecessor left. */
static inline sr_reason sr_enter_(sr_pair *pair, uint32_t *before, sr_error *error)
{
    uint32_t *me = sr_state_(pair, pair->me_);
    int peer = sr_peer_(pair);
    int64_t give_up = sr_deadline_(SR_WAKING_TIME_);
    char owner[32];
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        if (!sr_await_waker_(pair, give_up))
            return sr_fail_(error, SR_IN_USE, 0,
                "Cannot use pair \"%s\": %s on its %s side is stopped in the middle of a signal. Let it continue, or "
                "end it.",
                pair->name_, sr_owner_text_(&pair->slot_[peer], owner, sizeof owner), sr_side_(peer));
        uint32_t w = *before = sr_load32_(me);
        pair->active_ = sr_with_(w + SR_GENERATION_, SR_ACTIVE_);
        if (!sr_is_being_woken_(w)) {
            if (sr_cas32_(me, w, pair->active_))
                return SR_OK;
        } else if (sr_cas32_(me, w, sr_with_(pair->active_, SR_WOKEN_))) {
            /* A wake-up for my predecessor may be in my event. If I die here, WOKEN tells my successor so. */
            sr_event_clear_(&pair->event_[pair->me_]);
            sr_store32_(me, pair->active_);
            return SR_OK;
        }
    }
    return sr_corrupt_(pair, error);
}

/*
 * Take over the turn (register, 3). Takes the turn if my predecessor had it when it left or died. Hands the turn over
 * again if my predecessor may have died in the middle of that. My predecessor left the state BEFORE.
 */
static inline sr_reason sr_take_over_turn_(sr_pair *pair, uint32_t before)
{
    bool is_server = pair->me_ == SR_SERVER_, acknowledged = false;
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        uint64_t t = sr_load64_(&pair->block_->turn);
        bool mine = sr_whose_(t) == pair->me_, done = false;
        if (mine && (is_server || !sr_has_token_(t))) {
            if (sr_claim_(pair, t)) {
                sr_event_clear_(&pair->event_[pair->me_]);
                return SR_OK;
            }
        } else if (!is_server || !sr_is_registered_(before)) {
            return SR_OK;
        } else if (!sr_has_token_(t)) {
            return sr_notify_peer_(pair, t);
        } else if (sr_take_token_(&pair->event_[SR_SERVER_]) || acknowledged) {
            acknowledged = true; /* by a plain client */
            if (sr_claim_(pair, t))
                return SR_OK;
        } else {
            sr_reason reason = sr_hand_over_again_(pair, t, &done);
            if (reason != SR_OK || done)
                return reason;
        }
    }
    return SR_CORRUPT;
}

/* Register, 4, for a server that has the turn: a plain server may have written data that no client has read yet. */
static inline void sr_keep_plain_servers_turn_(sr_pair *pair, uint64_t t)
{
    sr_event *written = &pair->event_[SR_CLIENT_];
    if (sr_take_token_(written)) {
        sr_cas64_(&pair->block_->turn, t, sr_next_turn_(t, SR_CLIENT_, SR_TOKEN_));
        sr_event_set(written);
    }
}

/* Register. I hold the place already, and the events are open. */
static inline sr_reason sr_register_(sr_pair *pair, sr_error *error)
{
    uint64_t *turn = &pair->block_->turn;
    uint32_t *peer = sr_state_(pair, sr_peer_(pair));
    uint32_t before = 0;

    sr_reason reason = sr_enter_(pair, &before, error);
    if (reason != SR_OK)
        return reason;
    uint32_t w = sr_load32_(peer);
    if (sr_is_(w, SR_WAKING_)) {
        sr_event_clear_(&pair->event_[sr_peer_(pair)]);
        sr_cas32_(peer, w, sr_with_(w, SR_WOKEN_)); /* my predecessor died in the middle of waking it */
    }
    if (sr_take_over_turn_(pair, before) != SR_OK)
        return sr_corrupt_(pair, error);
    if (pair->me_ == SR_SERVER_) {
        uint64_t t = sr_load64_(turn);
        if (sr_whose_(t) == SR_SERVER_ && !sr_is_registered_(before) && !sr_is_registered_(sr_load32_(peer)))
            sr_keep_plain_servers_turn_(pair, t);
        pair->turn_is_mine_ = sr_is_at_once_(sr_load64_(turn), SR_SERVER_);
    }
    return SR_OK;
}

/* --- Leave ----------------------------------------------------------------------------------------------------- */

/* Leave, 1 and 2: whether the turn t is the client's, and no client of this library will take it. */
static inline bool sr_needs_offer_(const sr_pair *pair, uint64_t t)
{
    uint32_t w = sr_load32_(sr_state_(pair, sr_peer_(pair)));
    return sr_is_at_once_(t, SR_CLIENT_) && (pair->me_ == SR_SERVER_ ? !sr_is_registered_(w) : sr_is_(w, SR_ABSENT_));
}

/*
 * Await that the wake-up is taken (leave, 4). If the sleeping side does not take it, I take it back. Otherwise the
 * wake-up and the signal of a plain successor would be one token.
 */
static inline void sr_await_wake_up_taken_(sr_pair *pair, uint32_t woken)
{
    int peer = sr_peer_(pair);
    uint32_t *state = sr_state_(pair, peer);
    int64_t give_up = sr_deadline_(SR_WAKING_TIME_);
    while (sr_load32_(state) == woken && sr_is_held_(pair, peer)) {
        if (sr_left_(give_up) == 0) {
            if (sr_take_token_(&pair->event_[peer]))
                sr_cas32_(state, woken, sr_with_(woken, SR_RECALLED_));
            return;
        }
        sr_pause_(SR_PAUSE_);
    }
}

/* Leave: closes this side in order. If the peer is stopped or the block is overwritten, leaves as if I had died. */
static inline void sr_leave_(sr_pair *pair)
{
    uint64_t *turn = &pair->block_->turn;
    uint32_t *me = sr_state_(pair, pair->me_);
    bool is_server = pair->me_ == SR_SERVER_;
    int tries = 0;
    uint64_t t;

    if (sr_settle_wake_up_(pair, sr_deadline_(SR_WAKING_TIME_)) != SR_OK)
        return;
    do {
        if (tries++ == SR_MOST_TRIES_)
            return;
        /* Still ACTIVE: if I die before the state is CLOSED, the peer marks me dead and repairs the turn. */
        sr_store32_(me, pair->active_);
        t = sr_load64_(turn);
        if (sr_needs_offer_(pair, t))
            sr_offer_turn_to_plain_client_(pair, t);
        sr_store32_(me, sr_with_(pair->active_, SR_CLOSED_));
        t = sr_load64_(turn);
    } while (is_server && sr_needs_offer_(pair, t)); /* the client left at the same time */
    while (!is_server && sr_whose_(t) == SR_CLIENT_ && sr_has_token_(t)
           && !sr_cas64_(turn, t, sr_next_turn_(t, SR_CLIENT_, SR_TOKEN_))) {
        if (tries++ == SR_MOST_TRIES_)
            return;
        t = sr_load64_(turn); /* the turn is counted up so that no server takes the token back for me */
    }
    uint32_t w = sr_load32_(sr_state_(pair, sr_peer_(pair)));
    if (sr_is_(w, SR_PARKED_) && !sr_has_token_(t))
        sr_wake_(pair, w);
    sr_await_wake_up_taken_(pair, sr_with_(w, SR_WOKEN_));
}

#endif
