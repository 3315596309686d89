/*
 * sharedregion: the layouts of shared memory, in the machine's byte order. src/docs/linux-objects.md describes events
 * and aliases, src/docs/handshake.md the control block of a pair, src/docs/lock.md the block of a lock,
 * src/docs/latest.md a table of latest values, src/docs/messages.md a channel. LayoutTest compares them with the Java
 * library.
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

/* --- A table of latest values, the region x.latest ------------------------------------------------------------- */

enum {
    SR_LATEST_LINE_ = 64, /* what lengths are rounded up to */
    SR_LATEST_VERSION_ = 1,
    SR_LATEST_FEWEST_SLOTS_ = 2,
    SR_LATEST_MOST_SLOTS_ = 255,
    SR_LATEST_MOST_VALUES_ = INT32_MAX,
    SR_LATEST_LARGEST_SIZE_ = (1 << 30) - SR_LATEST_LINE_ /* of a value: a slot has at most 1 GiB */
};

/* In the latest word: the slot, and where the version begins. */
#define SR_LATEST_SLOT_ ((uint64_t)0xff)
#define SR_LATEST_VERSION_SHIFT_ 8

/* The values follow. Each has its latest word in a line of its own, and then its slots. */
typedef struct sr_latest_header_ {
    uint64_t header; /* "SRLast", and the version of the layout in 16 bits */
    uint64_t count;
    uint64_t size; /* of a value, in bytes */
    uint64_t slots;
    uint64_t schema;
    char reserved1[24];
    uint64_t owner; /* an owner slot, of the writer */
    char reserved2[56];
    uint64_t newest; /* the version of the table */
    char reserved3[56];
} sr_latest_header_;

/* The value's bytes follow, filled up to whole lines. */
typedef struct sr_latest_slot_ {
    uint64_t sequence; /* twice the version that the slot holds, plus 1 while it is being written */
    int64_t time;      /* of the write, on the clock of sr_now */
    char reserved[48];
} sr_latest_slot_;

static_assert(offsetof(sr_latest_header_, owner) == 64 && offsetof(sr_latest_header_, newest) == 128
        && sizeof(sr_latest_header_) == 192 && sizeof(sr_latest_slot_) == SR_LATEST_LINE_,
    "the layout of the Java library");

/* --- The places of readers that wait for newer values, the region x.newer -------------------------------------- */

enum { SR_NEWER_SIZE_ = 8448, SR_NEWER_VERSION_ = 1, SR_NEWER_PLACES_ = 64 };

typedef struct sr_newer_place_ {
    uint64_t owner; /* an owner slot */
    char reserved1[56];
    uint64_t wanted; /* 0 for any value, or the value's index plus 1 */
    char reserved2[56];
} sr_newer_place_;

typedef struct sr_newer_block_ {
    uint64_t header; /* "SRNews", and the version in 16 bits */
    char reserved1[120];
    uint64_t waiting; /* bit N - 1 says that the reader in place N sleeps, or is about to */
    char reserved2[120];
    sr_newer_place_ place[SR_NEWER_PLACES_]; /* place 1 is the first */
} sr_newer_block_;

static_assert(offsetof(sr_newer_block_, waiting) == 128 && sizeof(sr_newer_place_) == 128
        && sizeof(sr_newer_block_) == SR_NEWER_SIZE_,
    "the layout of the Java library");

/* --- A channel of messages, the region x.messages -------------------------------------------------------------- */

enum {
    SR_CHANNEL_VERSION_ = 1,
    SR_CHANNEL_LINE_ = 64, /* what a capacity is a multiple of */
    SR_CHANNEL_LEAST_CAPACITY_ = 128,
    SR_CHANNEL_MOST_CAPACITY_ = 1 << 30,
    SR_CHANNEL_MOST_SENDERS_ = 255,
    SR_CHANNEL_MOST_RECEIVERS_ = 64,
    SR_CHANNEL_LOSSY_SHIFT_ = 32, /* of a bit in the word for the receivers: messages may be lost */
    SR_CHANNEL_ALIGNMENT_ = 4096 /* where the first ring begins is a multiple of this */
};

/* The lanes follow, and after them, from a multiple of SR_CHANNEL_ALIGNMENT_ on, their rings. */
typedef struct sr_channel_header_ {
    uint64_t header;   /* "SRMsgs", and the version of the layout in 16 bits */
    uint64_t capacity; /* of each lane's ring, in bytes */
    uint64_t senders;  /* how many lanes there are */
    uint64_t schema;
    uint64_t receivers; /* how many there can be, and whether messages may be lost: 1 */
    char reserved1[24];
    uint64_t owner; /* an owner slot, of the receiver */
    char reserved2[56];
    uint32_t asleep; /* 1 while the receiver sleeps, or is about to */
    char reserved3[60];
    uint64_t used; /* the highest number of a lane that a sender ever took */
    char reserved4[56];
} sr_channel_header_;

typedef struct sr_lane_header_ {
    uint64_t owner; /* an owner slot, of the sender */
    uint64_t unfinished;
    uint64_t full; /* how often a send found no room */
    char reserved1[40];
    uint64_t tail; /* the position after the last record */
    char reserved2[56];
    uint64_t head; /* the position of the first record that the receiver has not released */
    char reserved3[56];
    uint32_t asleep; /* 1 while the sender sleeps until there is room, or is about to */
    char reserved4[60];
} sr_lane_header_;

/* The message's bytes follow, filled up to a multiple of SR_RECORD_ALIGNMENT_. */
typedef struct sr_record_header_ {
    uint32_t kind_and_length;
    int32_t type;
} sr_record_header_;

enum { SR_RECORD_KIND_SHIFT_ = 29, SR_RECORD_ALIGNMENT_ = 8 };

enum { SR_WHOLE_ = 1, SR_FIRST_ = 2, SR_MIDDLE_ = 3, SR_LAST_ = 4, SR_PADDING_ = 5 };

/* In a lane's unfinished word: a state in bits 0 and 1, and where the position and the number of aborted ones begin. */
enum {
    SR_UNFINISHED_RECORD_ = 1, /* if the tail is still at the position */
    SR_UNFINISHED_PARTS_ = 2,
    SR_UNFINISHED_POSITION_SHIFT_ = 2, /* of the position, divided by 8 */
    SR_UNFINISHED_ABORTED_SHIFT_ = 40
};

static_assert(offsetof(sr_channel_header_, owner) == 64 && offsetof(sr_channel_header_, asleep) == 128
        && offsetof(sr_channel_header_, used) == 192 && sizeof(sr_channel_header_) == 256
        && offsetof(sr_lane_header_, tail) == 64 && offsetof(sr_lane_header_, head) == 128
        && offsetof(sr_lane_header_, asleep) == 192 && sizeof(sr_lane_header_) == 256
        && sizeof(sr_record_header_) == SR_RECORD_ALIGNMENT_,
    "the layout of the Java library");

#endif
