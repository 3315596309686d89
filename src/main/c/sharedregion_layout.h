/*
 * sharedregion: the layouts of shared memory, in the machine's byte order. src/docs/linux-objects.md describes events
 * and aliases, src/docs/handshake.md the control block of a pair, src/docs/lock.md the block of a lock. LayoutTest
 * compares them with the Java library.
 */
#ifndef SHAREDREGION_LAYOUT_H
#define SHAREDREGION_LAYOUT_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

#if !defined(_WIN32)
/* --- Events and aliases, files in /dev/shm --------------------------------------------------------------------- */

enum { SR_EVENT_SIZE_ = 64, SR_EVENT_VERSION_ = 1 };

/* In an event's state. */
enum { SR_SIGNAL_ = 1, SR_LOOK_UP_ = 2 /* added by each set, so that waiters look again */ };

enum { SR_ALIAS_SIZE_ = 4136, SR_ALIAS_VERSION_ = 1, SR_ALIAS_WRITABLE_ = 1 };

typedef struct sr_event_layout_ {
    char magic[8];
    int32_t version;
    int32_t flags;
    uint32_t state;    /* the futex word: the signal in bit 0, a count above it */
    uint32_t releases; /* a signed number: how many woken waiters may still return */
    char reserved[40];
} sr_event_layout_;

typedef struct sr_alias_layout_ {
    char magic[8];
    int32_t version;
    int32_t flags;
    int64_t size;
    int64_t device; /* the major number in the upper half, the minor number in the lower half */
    uint64_t inode;
    char path[4096];
} sr_alias_layout_;

static_assert(sizeof(sr_event_layout_) == SR_EVENT_SIZE_, "the layout of the Java library");
static_assert(sizeof(sr_alias_layout_) == SR_ALIAS_SIZE_, "the layout of the Java library");

static const char sr_event_magic_[] = "SREvent\n";
static const char sr_alias_magic_[] = "SRAlias\n";
#endif

/* --- The control block of a pair, the region x.pair ------------------------------------------------------------ */

enum { SR_SERVER_ = 0, SR_CLIENT_ = 1, SR_BLOCK_SIZE_ = 4096, SR_BLOCK_VERSION_ = 1 };

/* In a place's state. */
enum {
    SR_ABSENT_,
    SR_ACTIVE_,
    SR_PARKED_,
    SR_WAKING_,
    SR_WOKEN_,
    SR_RECALLED_,
    SR_CLOSED_,
    SR_DEAD_,
    SR_STATE_MASK_ = 7,
    SR_GENERATION_ = 8 /* added by each registration */
};

/* In the turn: the side that has it, TOKEN, and the number that each change adds. */
#define SR_TURN_SIDE_ ((uint64_t)1)
#define SR_TOKEN_ ((uint64_t)2)
#define SR_TURN_COUNT_ ((uint64_t)4)

/* Words that different processes write are 128 bytes apart, so that they share no cache line. */
typedef struct sr_place_ {
    uint64_t owner; /* an owner slot: see sharedregion_owner.h */
    uint32_t state; /* the state in bits 0 to 2, the generation above */
    char reserved[116];
} sr_place_;

typedef struct sr_block_ {
    uint64_t header; /* "SRPair", then the version in 16 bits */
    char reserved1[120];
    uint64_t turn;
    char reserved2[120];
    sr_place_ place[2];
} sr_block_;

static_assert(offsetof(sr_block_, turn) == 128 && offsetof(sr_block_, place) == 256 && sizeof(sr_place_) == 128,
    "the layout of the Java library");

static const char *const sr_suffix_[2] = {".read", ".written"};

/* --- The block of a lock, the region x.lock -------------------------------------------------------------------- */

enum { SR_LOCK_SIZE_ = 36864, SR_LOCK_VERSION_ = 1, SR_LOCK_PLACES_ = 255 };

/* In the word: the place that owns the lock, flags, and what the end of an ownership adds. */
#define SR_LOCK_OWNER_MASK_ ((uint64_t)0xff)
#define SR_LOCK_WAITERS_ ((uint64_t)0x100)
#define SR_LOCK_INCONSISTENT_ ((uint64_t)0x200)
#define SR_LOCK_GENERATION_ ((uint64_t)0x400)

typedef struct sr_lock_place_ {
    uint64_t owner; /* an owner slot */
    char reserved[120];
} sr_lock_place_;

typedef struct sr_lock_block_ {
    uint64_t header; /* "SRLock", and the version in 16 bits */
    char reserved1[120];
    uint64_t word;
    char reserved2[120];
    sr_lock_place_ place[SR_LOCK_PLACES_]; /* place 1 is the first */
} sr_lock_block_;

static_assert(offsetof(sr_lock_block_, word) == 128 && sizeof(sr_lock_place_) == 128
        && sizeof(sr_lock_block_) <= SR_LOCK_SIZE_,
    "as the library has it");

/* Where a place's owner slot is. */
static inline size_t sr_lock_place_at_(uint32_t place)
{
    return offsetof(sr_lock_block_, place) + (place - 1) * sizeof(sr_lock_place_);
}

#endif
