/*
 * sharedregion.h: named shared memory, events, turns, locks, values and messages between processes, for C11 and C++17.
 *
 * With this header a native program shares memory with programs that use the Java library sharedregion
 * (dev.sharedregion), or with other native programs. It needs 64-bit Linux (4.11 or newer; gcc, clang) or 64-bit
 * Windows (MSVC, mingw, clang). There is no library to link. Every function is static, there is no global state, and
 * the caller provides all memory. No function prints anything or ends the process.
 *
 * Copy all files sharedregion*.h into one folder, and include this one, which includes the others. On Linux with
 * -std=c11, include it before all other headers, or define _GNU_SOURCE.
 *
 *     sharedregion.h            regions and events: the functions that a program calls
 *     sharedregion_pair.h       pairs, in which two processes take turns: the functions that a program calls
 *     sharedregion_lock.h       locks, which one thread at a time holds: the functions that a program calls
 *     sharedregion_latest.h     tables, of which readers get the newest values: the functions that a program calls
 *     sharedregion_messages.h   channels, which carry messages to one receiver: the functions that a program calls
 *
 *     sharedregion_system.h     the headers of the system
 *     sharedregion_base.h       errors, time, atomics and names
 *     sharedregion_layout.h     the layouts of shared memory
 *     sharedregion_linux.h      regions and events on Linux
 *     sharedregion_windows.h    regions and events on Windows
 *     sharedregion_owner.h      owner slots: words that at most one living process holds
 *     sharedregion_handshake.h  the steps of a pair
 *
 * One process creates a region, and others open it. Both can call:
 *
 *     sr_error error;
 *     sr_region region;
 *     if (sr_region_open_or_create(&region, "prices", 4096, &error) != SR_OK)
 *         die(error.message);
 *     ((int32_t *)region.memory)[0] = 100;
 *     sr_region_close(&region);
 *
 * Names    are UTF-8, and follow the same rules on every system. Local\ and Global\ are the namespaces of Win32. On
 *          Linux the prefix is dropped, and "x" is /dev/shm/x.
 * Times    are nanoseconds: SR_MILLIS(n), SR_SECONDS(n). SR_FOREVER, or any negative time, waits without a limit. With
 *          0 a call does not wait.
 * Sizes    are bytes.
 * Errors   A function that can fail returns SR_OK or the reason. After a failure it has also filled in the sr_error,
 *          unless that is NULL: the reason, the system's code, and a message that says what was asked, what failed and
 *          what to do. After SR_OK do not use the sr_error. An object whose create or open failed is not open: do not
 *          close it.
 * Threads  One thread at a time may use a pair, an sr_lock, an sr_latest_writer, an sr_latest_reader, an sr_sender or an
 *          sr_receiver, or open and close a region. Any number of threads may set, reset and await an event. No call
 *          ends the wait of another thread: give the wait a time.
 * Lifetime An object lives until the last process that uses it closes it or ends. It does not matter how the process
 *          ends. Close all objects: on Linux an object that a process left open when it ended takes memory until a
 *          program next uses its name. A child made by fork() shares the parent's locks. It keeps them, and its
 *          places in pairs, locks, tables and channels, until it ends or executes another program.
 * Memory   Do not access a region's memory after its close. Data that was written before a signal can be read after the
 *          await. On Linux a program that may write to an object can also truncate its file. The system then ends a
 *          process that accesses the missing part (SIGBUS).
 *
 * src/docs/linux-objects.md (regions and events), src/docs/handshake.md (pairs), src/docs/lock.md (locks),
 * src/docs/latest.md (tables) and src/docs/messages.md (channels) describe what happens in memory. The functions have
 * the names of the steps there. Names that end in an underscore are internal.
 *
 * Apache License 2.0
 */
#ifndef SHAREDREGION_H
#define SHAREDREGION_H

#include "sharedregion_system.h"

/* Why a call failed. Reasons that Java has, too, have the same names in SharedMemoryException.Reason. */
typedef enum sr_reason {
    SR_OK = 0,
    SR_ALREADY_EXISTS, /* a living object, another program's file, or another server has the name */
    SR_NOT_FOUND,      /* no object has this name */
    SR_ACCESS_DENIED,  /* the system refuses the access that was asked for */
    SR_WRONG_KIND,     /* the name belongs to another kind of object, or to a table or channel of another shape */
    SR_TOO_SMALL,      /* the region exists but is smaller than what was asked for */
    SR_NO_SPACE,       /* not enough memory or address space, or a message is longer than what is assembled */
    SR_IN_USE,         /* the pair has a client, the table a writer, the channel a receiver or as many senders as it has
                          room for; or a process is stopped while it removes the object or signals */
    SR_TOO_MANY_OPEN,  /* the process or the system has no free handle or descriptor, or a lock has no free place */
    SR_BAD_NAME,       /* Windows or Linux would not accept the name */
    SR_UNSUPPORTED,    /* the system lacks something, or another version of the library created the object */
    SR_CORRUPT,        /* another program has overwritten the pair's control block, the lock's block, the table or the
                          channel */
    SR_SYSTEM_ERROR,   /* any other failure: see sr_error.code */
    SR_BAD_ARGUMENT,   /* a size or limit of 0, an impossible shape, or an index or length that is too large */
    SR_OUT_OF_TURN,    /* a signal without the turn, a wait with it, or a call of the other side; the same with a lock,
                          a table or a channel */
    SR_TIMED_OUT,      /* the time has passed: the peer still has the turn, or another holder has the lock, or there is
                          no newer value, no message, or no room for a message */
    SR_CLOSED,         /* the peer has closed the pair, and no successor has come */
    SR_PEER_DIED       /* the peer's process has ended without closing the pair, and no successor has come */
} sr_reason;

typedef struct sr_error {
    sr_reason reason;
    int code;          /* errno or GetLastError(); 0 if no system call failed */
    char message[640]; /* UTF-8 */
} sr_error;

#define SR_FOREVER (-1)
#define SR_MILLIS(n) ((int64_t)(n)*1000000)
#define SR_SECONDS(n) ((int64_t)(n)*1000000000)

typedef enum sr_access { SR_READ_ONLY, SR_READ_WRITE } sr_access;

/* Flags of sr_event_create, alone or together. */
enum { SR_AUTO_RESET = 0, SR_MANUAL_RESET = 1, SR_INITIALLY_SET = 2 };

/* 255 bytes of the name itself (the limit of Linux), a prefix of up to 7 bytes, and the NUL at the end. */
enum { SR_NAME_SIZE_ = 263, SR_NAME_UNITS_ = 260, SR_PATH_SIZE_ = 265 };

#if defined(_WIN32)
typedef struct sr_event {
    HANDLE handle_;
} sr_event;
#else
/* An object in /dev/shm. */
typedef struct sr_object_ {
    int fd;
    struct stat stat; /* its status when it was opened */
    char path[SR_PATH_SIZE_];
} sr_object_;

typedef struct sr_event {
    struct sr_event_layout_ *layout_;
    bool manual_; /* read once, because another program could change it in the layout */
    sr_object_ object_;
} sr_event;
#endif

typedef struct sr_region {
    void *memory;
    uint64_t size; /* in bytes; on Windows an opened region's size is rounded up to whole pages */
    bool created;  /* true if this call created the region, false if it opened an existing one */
#if defined(_WIN32)
    HANDLE section_;
#else
    sr_object_ object_;
    int file_; /* the file of a region that SharedRegion.map gave a name; otherwise -1 */
#endif
} sr_region;

/* The reason's name: "NOT_FOUND". */
static inline const char *sr_reason_name(sr_reason reason);

/* The time in nanoseconds, of a clock that never goes back. Only differences have a meaning. */
static inline int64_t sr_now(void);

/*
 * Regions. sr_region_create fails with SR_ALREADY_EXISTS if an object has the name. sr_region_open fails with
 * SR_NOT_FOUND if none has it, and with SR_TOO_SMALL if the region has fewer than minimum_size bytes. New memory is
 * zero, and reserved: an access cannot run out of memory.
 *
 * Only this user can open a region that this library created in C. So sr_region_open_or_create and sr_pair_create fail
 * with SR_ALREADY_EXISTS if they find an object that another user may have created. On Linux that is an object that
 * belongs to another user who is not root, that lets other users in, or that has a second hard link.
 */
static inline sr_reason sr_region_create(sr_region *region, const char *name, uint64_t size, sr_error *error);
static inline sr_reason sr_region_open(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, sr_error *error);
static inline sr_reason sr_region_open_or_create(sr_region *region, const char *name, uint64_t size, sr_error *error);
static inline void sr_region_close(sr_region *region);

/*
 * Events, as Win32 defines them. sr_event_await returns true if the event was set, and false if the time has passed. It
 * resets an auto-reset event, so that one set releases one await.
 */
static inline sr_reason sr_event_create(sr_event *event, const char *name, int flags, sr_error *error);
static inline sr_reason sr_event_open(sr_event *event, const char *name, sr_error *error);
static inline void sr_event_set(sr_event *event);
static inline void sr_event_reset(sr_event *event);
static inline bool sr_event_await(sr_event *event, int64_t timeout);
static inline void sr_event_close(sr_event *event);

/* --- The parts ------------------------------------------------------------------------------------------------- */

#include "sharedregion_base.h"
#include "sharedregion_layout.h"
#if defined(_WIN32)
#include "sharedregion_windows.h"
#else
#include "sharedregion_linux.h"
#endif

/* --- Regions and events: what is the same on both systems ------------------------------------------------------ */

static inline sr_reason sr_region_open(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, sr_error *error)
{
    sr_request_ request = {access, minimum_size, false};
    return sr_region_open_(region, name, &request, error);
}

/*
 * How long open_or_create tries again while other processes remove and create the object, and how often at least: this
 * process may be held up for all of that time.
 */
#define SR_OPEN_OR_CREATE_TIME_ SR_MILLIS(200)
#define SR_OPEN_OR_CREATE_TRIES_ 50

/* Opens a region of which the REQUEST is true, or creates it with this size. */
static inline sr_reason sr_region_open_or_create_(
    sr_region *region, const char *name, uint64_t size, const sr_request_ *request, sr_error *error)
{
    /* Another process may remove or create the region between the two calls. */
    int64_t give_up = sr_deadline_(SR_OPEN_OR_CREATE_TIME_);
    for (int tries = 0;; tries++) {
        sr_reason reason = sr_region_open_(region, name, request, error);
        if (reason != SR_NOT_FOUND || (tries >= SR_OPEN_OR_CREATE_TRIES_ && sr_left_(give_up) == 0))
            return reason;
        reason = sr_region_create(region, name, size, error);
        if (reason != SR_ALREADY_EXISTS)
            return reason;
        sr_pause_(SR_PAUSE_);
    }
}

static inline sr_reason sr_region_open_or_create(sr_region *region, const char *name, uint64_t size, sr_error *error)
{
    sr_request_ request = {SR_READ_WRITE, size, true};
    return sr_region_open_or_create_(region, name, size, &request, error);
}

/* Opens an event, or creates an auto-reset event. OWN: whether to fail if another user may have created it. */
static inline sr_reason sr_event_open_or_create_(sr_event *event, const sr_name_ *name, bool own, sr_error *error)
{
    int64_t give_up = sr_deadline_(SR_OPEN_OR_CREATE_TIME_);
    for (int tries = 0;; tries++) {
        sr_reason reason = sr_event_open_(event, name, own, error);
        if (reason != SR_NOT_FOUND || (tries >= SR_OPEN_OR_CREATE_TRIES_ && sr_left_(give_up) == 0))
            return reason;
        reason = sr_event_create_(event, name, SR_AUTO_RESET, error);
        if (reason != SR_ALREADY_EXISTS)
            return reason;
        sr_pause_(SR_PAUSE_);
    }
}

/* Whether the event certainly resets manually. Windows does not tell. */
static inline bool sr_event_is_manual_(const sr_event *event)
{
#if defined(_WIN32)
    (void)event;
    return false;
#else
    return event->manual_;
#endif
}

/* Fails if the event resets manually, and closes it then. WHAT is what it belongs to. */
static inline sr_reason sr_event_refuse_manual_(
    sr_event *event, const sr_name_ *name, const char *what, sr_error *error)
{
    if (!sr_event_is_manual_(event))
        return SR_OK;
    sr_event_close(event);
    return sr_fail_(error, SR_WRONG_KIND, 0,
        "Cannot use event \"%s\" in a %s: it is a manual-reset event, which would wake each waiter again and again. Have "
        "its creator make it an auto-reset event.",
        name->full, what);
}

/* A block of memory that begins with 6 bytes that tell what it is, and the version of its layout. */
typedef struct sr_block_kind_ {
    const char *magic;
    uint16_t version;
    const char *suffix; /* of its region's name */
    const char *use;    /* for messages: what the region is used as */
    const char *what;   /* what the block belongs to */
} sr_block_kind_;

static inline uint64_t sr_header_(const sr_block_kind_ *kind)
{
    char bytes[8];
    uint64_t header;
    memcpy(bytes, kind->magic, 6);
    memcpy(bytes + 6, &kind->version, 2);
    memcpy(&header, bytes, sizeof header);
    return header;
}

/* Checks the first 8 bytes of a block of the object NAME. SR_NOT_FOUND if they are zero. */
static inline sr_reason sr_header_check_(
    const uint64_t *header, const sr_block_kind_ *kind, const char *to_do, const char *name, sr_error *error)
{
    uint64_t there = sr_load64_(header), wanted = sr_header_(kind);
    uint16_t version;
    if (there == wanted)
        return SR_OK;
    if (there == 0)
        return sr_fail_(error, SR_NOT_FOUND, 0,
            "Cannot %s \"%s\": its creator has not finished it yet, or has died before that. Try again later.", to_do, name);
    memcpy(&version, (const char *)&there + 6, sizeof version);
    if (memcmp(&there, &wanted, 6) == 0)
        return sr_wrong_version_(error, to_do, name, version, kind->version);
    return sr_fail_(error, SR_WRONG_KIND, 0,
        "Cannot %s \"%s\": cannot use region \"%s%s\" as %s: it is another program's region. Choose another name for "
        "the %s, or for the region.",
        to_do, name, name, kind->suffix, kind->use, kind->what);
}

static inline sr_reason sr_event_create(sr_event *event, const char *name, int flags, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, "", error);
    return reason != SR_OK ? reason : sr_event_create_(event, &checked, flags, error);
}

static inline sr_reason sr_event_open(sr_event *event, const char *name, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, "", error);
    return reason != SR_OK ? reason : sr_event_open_(event, &checked, false, error);
}

#if defined(SR_STEPS_)
#include SR_STEPS_ /* for a test, which stops a side between two changes of the block */
#endif

#include "sharedregion_owner.h"
#include "sharedregion_pair.h"
#include "sharedregion_lock.h"
#include "sharedregion_latest.h"
#include "sharedregion_messages.h"

#endif
