/*
 * sharedregion_lock.h: locks. Of all threads of all processes, one at a time has a lock.
 *
 *     sr_error error;
 *     sr_lock lock;
 *     if (sr_lock_open_or_create(&lock, "table", &error) != SR_OK)
 *         die(error.message);
 *     if (sr_lock_acquire(&lock, SR_FOREVER, &error) != SR_OK)
 *         die(error.message);
 *     if (sr_lock_is_abandoned(&lock)) { // the last holder died in the middle
 *         repair();
 *         sr_lock_mark_consistent(&lock);
 *     }
 *     update();
 *     sr_lock_release(&lock, &error);
 *     sr_lock_close(&lock);
 *
 * One thread at a time may use an sr_lock. Threads that exclude one another have an sr_lock each.
 */
#ifndef SHAREDREGION_LOCK_H
#define SHAREDREGION_LOCK_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

typedef struct sr_lock {
    char name_[SR_NAME_SIZE_];
    sr_region region_;
    struct sr_lock_block_ *block_;
    sr_event event_;
    uint32_t place_;       /* 1 to SR_LOCK_PLACES_ */
    sr_owner_slot_ slot_;  /* of my place */
    sr_owner_slot_ other_; /* of the place that a wait last looked at */
    uint32_t other_place_; /* 0: none yet */
    uint64_t acquired_;    /* the word as it was acquired; 0 without the lock */
    bool consistent_;
    bool spins_;          /* whether a wait spins */
    int64_t first_pause_; /* the first pause of the last spin */
    int64_t spun_;        /* when the last spin ended */
    int64_t looked_;      /* when it was last asked whether the owner's place is held */
} sr_lock;

/*
 * Opens the lock, or creates it; does not acquire it. SR_TOO_MANY_OPEN if it is open 255 times, in all processes.
 *
 * acquire returns SR_OK, or SR_TIMED_OUT. With a time of 0 it does not wait. If the last holder died, the caller gets
 * the lock within 100 milliseconds, and sr_lock_is_abandoned returns true, for the next holders, too, until one of
 * them has called sr_lock_mark_consistent. A holder that is only stopped keeps the lock. SR_OUT_OF_TURN if this
 * sr_lock has the lock already, and from release if it does not. release ends with SR_CORRUPT if another program has
 * written over the region "x.lock"; the caller does not have the lock then.
 *
 * close releases the lock if the caller has it.
 */
static inline sr_reason sr_lock_open_or_create(sr_lock *lock, const char *name, sr_error *error);
static inline sr_reason sr_lock_acquire(sr_lock *lock, int64_t timeout, sr_error *error);
static inline bool sr_lock_is_abandoned(const sr_lock *lock);
static inline void sr_lock_mark_consistent(sr_lock *lock);
static inline sr_reason sr_lock_release(sr_lock *lock, sr_error *error);
static inline void sr_lock_close(sr_lock *lock);

/* --- The steps: src/docs/lock.md ------------------------------------------------------------------------------- */

/* The first sleep of a wait, and the longest. */
#define SR_LOCK_FIRST_SLEEP_ SR_MILLIS(2)
#define SR_LOCK_LONGEST_SLEEP_ SR_MILLIS(25)

/* How often a lock that is tried in vain looks whether the owner lives. */
#define SR_LOCK_LOOK_TIME_ SR_MILLIS(25)

/*
 * A wait looks again and again before it announces itself. Each pause between two looks is longer than the one before,
 * because the looks take the word's cache line from the owner. Waits that follow one another soon have longer first
 * pauses, so that each owner does many sections.
 */
#define SR_LOCK_SHORTEST_PAUSE_ ((int64_t)100)
#define SR_LOCK_LONGEST_PAUSE_ ((int64_t)8000)
#define SR_LOCK_SPIN_TIME_ ((int64_t)50000)
#define SR_LOCK_SOON_ ((int64_t)100000)

/* How often an honest process never starts a step over. */
enum { SR_LOCK_MOST_TRIES_ = 1000 };

static inline uint32_t sr_lock_owner_(uint64_t word) { return (uint32_t)(word & SR_LOCK_OWNER_MASK_); }

/* A word after the end of its ownership, without waiters. */
static inline uint64_t sr_lock_ended_(uint64_t word)
{
    return (word & ~(SR_LOCK_OWNER_MASK_ | SR_LOCK_WAITERS_)) + SR_LOCK_GENERATION_;
}

static inline bool sr_lock_change_(sr_lock *lock, uint64_t from, uint64_t to)
{
    if (!sr_cas64_(&lock->block_->word, from, to))
        return false;
    lock->acquired_ = to;
    return true;
}

/* Acquires the lock if it is free. FLAGS are for the new word. */
static inline bool sr_lock_try_acquire_(sr_lock *lock, uint64_t flags)
{
    uint64_t word = sr_load64_(&lock->block_->word);
    return sr_lock_owner_(word) == 0 && sr_lock_change_(lock, word, word | lock->place_ | flags);
}

/* Takes the lock over from an owner that was found dead after this word was read. */
static inline bool sr_lock_take_over_(sr_lock *lock, uint64_t word)
{
    uint64_t waiters = word & SR_LOCK_WAITERS_;
    return sr_lock_change_(lock, word, sr_lock_ended_(word) | lock->place_ | waiters | SR_LOCK_INCONSISTENT_);
}

/* The slot of a word's owner. */
static inline sr_owner_slot_ *sr_lock_slot_(sr_lock *lock, uint64_t word)
{
    uint32_t place = sr_lock_owner_(word);
    if (lock->other_place_ != place) {
        if (lock->other_place_ != 0)
            sr_owner_close_(&lock->other_);
        sr_owner_init_(&lock->other_, &lock->region_, sr_lock_place_at_(place));
        lock->other_place_ = place;
    }
    return &lock->other_;
}

/* Takes the lock over if its owner has died, and the last look was not just now. */
static inline bool sr_lock_look_at_owner_(sr_lock *lock, uint64_t word)
{
    int64_t now = sr_now();
    if (sr_lock_owner_(word) == lock->place_ || now - lock->looked_ < SR_LOCK_LOOK_TIME_)
        return false;
    lock->looked_ = now;
    return !sr_owner_is_held_(sr_lock_slot_(lock, word)) && sr_lock_take_over_(lock, word);
}

/* Acquires the lock if it is free, or if its owner has died. */
static inline bool sr_lock_poll_(sr_lock *lock)
{
    if (sr_lock_try_acquire_(lock, 0))
        return true;
    uint64_t word = sr_load64_(&lock->block_->word);
    return sr_lock_owner_(word) != 0 && sr_lock_look_at_owner_(lock, word);
}

/* Has the end of this ownership set the event; false if the word is another by now. */
static inline bool sr_lock_announce_(sr_lock *lock, uint64_t word)
{
    return (word & SR_LOCK_WAITERS_) != 0 || sr_cas64_(&lock->block_->word, word, word | SR_LOCK_WAITERS_);
}

/* Sleeps until the event is set, the owner ends, or this time is over. Returns the limit of the next sleep. */
static inline int64_t sr_lock_sleep_(sr_lock *lock, uint64_t word, int64_t longest, int64_t deadline)
{
    int64_t until = sr_deadline_(longest), nanos = sr_least_(sr_left_(deadline), longest);
    if (!(sr_lock_owner_(word) == lock->place_
                ? sr_event_await(&lock->event_, nanos)
                : sr_owner_await_event_(sr_lock_slot_(lock, word), &lock->event_, nanos)))
        lock->looked_ -= SR_LOCK_LOOK_TIME_;
    return sr_now() < until ? SR_LOCK_FIRST_SLEEP_ : sr_least_(longest * 4, SR_LOCK_LONGEST_SLEEP_);
}

/* Tries to acquire for a bounded time. */
static inline bool sr_lock_spin_(sr_lock *lock, int64_t deadline)
{
    bool acquired = sr_lock_try_acquire_(lock, 0);
    if (!lock->spins_)
        return acquired;
    int64_t now = sr_now(), end = now + sr_least_(SR_LOCK_SPIN_TIME_, sr_left_(deadline));
    bool soon = now - lock->spun_ < SR_LOCK_SOON_;
    int64_t pause = soon ? sr_least_(2 * lock->first_pause_, SR_LOCK_LONGEST_PAUSE_) : SR_LOCK_SHORTEST_PAUSE_;
    lock->first_pause_ = pause;
    while (!acquired && now < end) {
        int64_t until = now + pause;
        do {
            sr_relax_();
            now = sr_now();
        } while (now < until);
        pause = sr_least_(2 * pause, SR_LOCK_LONGEST_PAUSE_);
        acquired = sr_lock_try_acquire_(lock, 0);
    }
    lock->spun_ = now;
    return acquired;
}

/* Waits until the lock is acquired. False if the time is up before. */
static inline bool sr_lock_acquire_(sr_lock *lock, int64_t deadline)
{
    if (sr_lock_spin_(lock, deadline))
        return true;
    int64_t sleep = SR_LOCK_FIRST_SLEEP_;
    for (int tries = 0; !sr_lock_try_acquire_(lock, SR_LOCK_WAITERS_); tries += tries <= SR_LOCK_MOST_TRIES_) {
        uint64_t word = sr_load64_(&lock->block_->word);
        if (sr_lock_owner_(word) != 0 && sr_lock_announce_(lock, word)) {
            word |= SR_LOCK_WAITERS_;
            if (sr_lock_look_at_owner_(lock, word))
                return true;
            if (sr_left_(deadline) == 0)
                return false;
            sleep = sr_lock_sleep_(lock, word, sleep, deadline);
        } else if (tries > SR_LOCK_MOST_TRIES_ && sr_left_(deadline) == 0) {
            return false;
        }
    }
    return true;
}

static inline sr_reason sr_lock_corrupt_(const sr_lock *lock, sr_error *error)
{
    return sr_fail_(error, SR_CORRUPT, 0,
        "Lock \"%s\": another program has overwritten its block, and the lock may have had two holders. Close it in "
        "all processes, and open it again.",
        lock->name_);
}

static inline sr_reason sr_lock_release(sr_lock *lock, sr_error *error)
{
    uint64_t flags = SR_LOCK_WAITERS_ | SR_LOCK_INCONSISTENT_, acquired = lock->acquired_;
    if (acquired == 0)
        return sr_fail_(error, SR_OUT_OF_TURN, 0, "Lock \"%s\": release, but it is not acquired here.", lock->name_);
    lock->acquired_ = 0;
    for (int tries = 0; tries < SR_LOCK_MOST_TRIES_; tries++) {
        uint64_t word = sr_load64_(&lock->block_->word);
        if (((word ^ acquired) & ~flags) != 0)
            break;
        uint64_t next = sr_lock_ended_(word) & ~(lock->consistent_ ? SR_LOCK_INCONSISTENT_ : 0);
        if (sr_cas64_(&lock->block_->word, word, next)) {
            if ((word & SR_LOCK_WAITERS_) != 0)
                sr_event_set(&lock->event_);
            return SR_OK;
        }
    }
    return sr_lock_corrupt_(lock, error);
}

/* Frees the lock of a process that died as its owner, and had this place. */
static inline sr_reason sr_lock_settle_predecessor_(sr_lock *lock, sr_error *error)
{
    for (int tries = 0; tries < SR_LOCK_MOST_TRIES_; tries++) {
        uint64_t word = sr_load64_(&lock->block_->word);
        if (sr_lock_owner_(word) != lock->place_)
            return SR_OK;
        if (sr_cas64_(&lock->block_->word, word, sr_lock_ended_(word) | SR_LOCK_INCONSISTENT_)) {
            if ((word & SR_LOCK_WAITERS_) != 0)
                sr_event_set(&lock->event_);
            return SR_OK;
        }
    }
    return sr_lock_corrupt_(lock, error);
}

/* --- Acquiring ------------------------------------------------------------------------------------------------- */

static inline sr_reason sr_lock_acquire(sr_lock *lock, int64_t timeout, sr_error *error)
{
    char owner[32];
    if (lock->acquired_ != 0)
        return sr_fail_(
            error, SR_OUT_OF_TURN, 0, "Lock \"%s\": acquire, but it is acquired here already.", lock->name_);
    lock->consistent_ = false;
    if (sr_lock_try_acquire_(lock, 0)
        || (timeout == 0 ? sr_lock_poll_(lock) : sr_lock_acquire_(lock, sr_deadline_(timeout))))
        return SR_OK;
    uint64_t word = sr_load64_(&lock->block_->word);
    return sr_fail_(error, SR_TIMED_OUT, 0, "Lock \"%s\": %s has not released it in time.", lock->name_,
        sr_lock_owner_(word) == 0 ? "another process"
                                  : sr_owner_text_(sr_lock_slot_(lock, word), owner, sizeof owner));
}

static inline bool sr_lock_is_abandoned(const sr_lock *lock)
{
    return (lock->acquired_ & SR_LOCK_INCONSISTENT_) != 0 && !lock->consistent_;
}

static inline void sr_lock_mark_consistent(sr_lock *lock) { lock->consistent_ = true; }

/* --- Opening and closing --------------------------------------------------------------------------------------- */

/* Open, 1. */
static inline sr_reason sr_lock_block_open_(sr_lock *lock, sr_error *error)
{
    static const sr_block_kind_ kind = {"SRLock", SR_LOCK_VERSION_, ".lock", "the block of a lock", "lock"};
    sr_request_ request = {SR_READ_WRITE, SR_LOCK_SIZE_, true};
    sr_name_ name;
    sr_reason reason = sr_name_init_(&name, lock->name_, kind.suffix, error);
    if (reason == SR_OK)
        reason = sr_region_open_or_create_(&lock->region_, name.full, SR_LOCK_SIZE_, &request, error);
    if (reason != SR_OK)
        return reason;
    lock->block_ = (struct sr_lock_block_ *)lock->region_.memory;
    sr_cas64_(&lock->block_->header, 0, sr_header_(&kind));
    reason = sr_header_check_(&lock->block_->header, &kind, "open lock", lock->name_, error);
    if (reason != SR_OK)
        sr_region_close(&lock->region_);
    return reason;
}

/* Open, 2. */
static inline sr_reason sr_lock_event_open_(sr_lock *lock, sr_error *error)
{
    sr_name_ name;
    sr_reason reason = sr_name_init_(&name, lock->name_, ".unlocked", error);
    if (reason == SR_OK)
        reason = sr_event_open_or_create_(&lock->event_, &name, true, error);
    return reason != SR_OK ? reason : sr_event_refuse_manual_(&lock->event_, &name, "lock", error);
}

/* Open, 3. */
static inline sr_reason sr_lock_take_place_(sr_lock *lock, sr_error *error)
{
    int code;
    for (uint32_t place = 1; place <= SR_LOCK_PLACES_; place++) {
        sr_owner_init_(&lock->slot_, &lock->region_, sr_lock_place_at_(place));
        if (sr_owner_take_(&lock->slot_, &code)) {
            lock->place_ = place;
            return SR_OK;
        }
        if (code != 0)
            return sr_failed_(error, "open lock", lock->name_, "taking a place in it", code);
    }
    return sr_fail_(error, SR_TOO_MANY_OPEN, 0,
        "Cannot open lock \"%s\": it is open %d times, in this and other processes, and takes no more. Close those "
        "that are not needed.",
        lock->name_, SR_LOCK_PLACES_);
}

static inline void sr_lock_close(sr_lock *lock)
{
    if (lock->acquired_ != 0)
        sr_lock_release(lock, NULL);
    if (lock->other_place_ != 0)
        sr_owner_close_(&lock->other_);
    sr_owner_leave_(&lock->slot_);
    sr_event_close(&lock->event_);
    sr_region_close(&lock->region_);
}

static inline sr_reason sr_lock_open_or_create(sr_lock *lock, const char *name, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, ".unlocked", error); /* the longer suffix */
    if (reason != SR_OK)
        return reason;
    memset(lock, 0, sizeof *lock);
    memcpy(lock->name_, name, strlen(name) + 1);
    lock->spins_ = sr_has_processors_();
    lock->first_pause_ = SR_LOCK_SHORTEST_PAUSE_;
    lock->spun_ = sr_now();
    lock->looked_ = sr_now() - SR_LOCK_LOOK_TIME_;
    reason = sr_lock_block_open_(lock, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_lock_event_open_(lock, error);
    if (reason != SR_OK) {
        sr_region_close(&lock->region_);
        return reason;
    }
    reason = sr_lock_take_place_(lock, error);
    if (reason != SR_OK) {
        sr_event_close(&lock->event_);
        sr_region_close(&lock->region_);
        return reason;
    }
    reason = sr_lock_settle_predecessor_(lock, error);
    if (reason != SR_OK)
        sr_lock_close(lock);
    return reason;
}

#endif
