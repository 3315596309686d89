/*
 * sharedregion.h: named shared memory, events and turns between processes, for C11 and C++17.
 *
 * This is the native side of the Java library sharedregion (dev.sharedregion), and a library of its own between native
 * programs. It needs 64-bit Linux (4.11 or newer; gcc, clang) or 64-bit Windows (MSVC, mingw, clang). No library is to
 * be linked. Every function is static, there is no global state, and all memory is the caller's. Nothing is printed,
 * and no function ends the process.
 *
 * Copy all files sharedregion*.h into one folder, and include this one, which includes the others. On Linux with
 * -std=c11, include it before all other headers, or define _GNU_SOURCE.
 *
 *     sharedregion.h            regions and events: what a user calls
 *     sharedregion_pair.h       pairs, by which two processes take turns: what a user calls
 *     sharedregion_lock.h       locks, which one process at a time has: what a user calls
 *
 *     sharedregion_system.h     the headers of the system
 *     sharedregion_base.h       errors, time, atomics and names
 *     sharedregion_layout.h     the bytes of what is in shared memory
 *     sharedregion_linux.h      regions and events on Linux
 *     sharedregion_windows.h    regions and events on Windows
 *     sharedregion_owner.h      owner slots: words that one living process holds
 *     sharedregion_handshake.h  the steps of a pair
 *
 * A region is created in one process and opened in another one:
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
 * Times    are nanoseconds: SR_MILLIS(n), SR_SECONDS(n). SR_FOREVER, or any negative time, waits without a limit. 0
 *          looks without waiting.
 * Sizes    are bytes.
 * Errors   A function that can fail returns SR_OK or the reason. It also fills in an sr_error, unless that is NULL: the
 *          system's code, and a message that says what was wanted, of which name, which call failed, and how. An object
 *          whose create or open failed is not open, and needs no close.
 * Threads  One thread at a time may use a pair or an sr_lock, or open and close a region. Any number of threads may
 *          set, reset and await an event. A pair or a lock cannot end the wait of another thread: give the wait a time.
 * Lifetime An object lives until its last user closes it or ends, however it ends. Close all objects: what a program
 *          leaves open when it exits, Linux frees only when a program next uses the name. A child made by fork() shares
 *          the parent's locks. It keeps them, and its places in pairs and locks, until it ends or executes another
 *          program.
 * Memory   Do not touch a region's memory after its close. What was written before a signal is seen after the await.
 *          On Linux a program that may write to an object can also cut its file short. The system then ends a process
 *          that touches the missing part (SIGBUS).
 *
 * src/docs/linux-objects.md (regions and events), src/docs/handshake.md (pairs) and src/docs/lock.md (locks) describe
 * what happens in memory. The functions have the names of the steps there. Names that end in an underscore are not for
 * users.
 *
 * Apache License 2.0
 */
#ifndef SHAREDREGION_H
#define SHAREDREGION_H

#include "sharedregion_system.h"

/*
 * Why a call failed. The first part has the names of Java's SharedMemoryException; the rest are wrong calls and time.
 */
typedef enum sr_reason {
    SR_OK = 0,
    SR_ALREADY_EXISTS, /* a living object, another program's file, or another server has the name */
    SR_NOT_FOUND,      /* no object has this name */
    SR_ACCESS_DENIED,  /* the system refuses the access that was asked for */
    SR_WRONG_KIND,     /* the name belongs to another kind of object */
    SR_TOO_SMALL,      /* the region exists but is smaller than what was asked for */
    SR_NO_SPACE,       /* not enough memory or address space */
    SR_IN_USE,         /* another client has the pair, or another process is removing the object and does not finish */
    SR_TOO_MANY_OPEN,  /* the process or the system is at its limit of handles or descriptors, or a lock of places */
    SR_BAD_NAME,       /* at least one of the systems would not take the name */
    SR_UNSUPPORTED,    /* the system lacks something, or the object is of another version */
    SR_CORRUPT,        /* another program writes to the pair's control block, or to the lock's block */
    SR_SYSTEM_ERROR,   /* any other failure: see sr_error.code */
    SR_BAD_ARGUMENT,   /* a size of 0 */
    SR_OUT_OF_TURN,    /* a signal without the turn, a wait with it, or the other side's call; the same with a lock */
    SR_TIMED_OUT,      /* the time passed; the turn is still the peer's, or the lock another holder's */
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

/* 255 bytes of the name itself (Linux), a prefix of up to 7, and the end. */
enum { SR_NAME_SIZE_ = 263, SR_NAME_UNITS_ = 260, SR_PATH_SIZE_ = 265 };

#if defined(_WIN32)
typedef struct sr_event {
    HANDLE handle_;
} sr_event;
#else
/* An object in /dev/shm. */
typedef struct sr_object_ {
    int fd;
    struct stat stat; /* when it was opened */
    char path[SR_PATH_SIZE_];
} sr_object_;

typedef struct sr_event {
    struct sr_event_layout_ *layout_;
    bool manual_; /* read from the layout once: another program could change it there */
    sr_object_ object_;
} sr_event;
#endif

typedef struct sr_region {
    void *memory;
    uint64_t size; /* on Windows, an opened region's size is rounded up to whole pages */
    bool created;  /* true if this call created the region, false if it opened an existing one */
#if defined(_WIN32)
    HANDLE section_;
#else
    sr_object_ object_;
    int file_; /* of a region whose memory is a named file elsewhere; otherwise -1 */
#endif
} sr_region;

/* The reason's name: "NOT_FOUND". */
static inline const char *sr_reason_name(sr_reason reason);

/* A clock that never goes back, in nanoseconds. */
static inline int64_t sr_now(void);

/*
 * Regions. create fails if the name is taken, and open fails if it is not. New memory is zero. Only this user can open
 * what is created. So open_or_create, and sr_pair_create, fail with SR_ALREADY_EXISTS if they find an object that
 * another user may have put there. On Linux that is an object that belongs to another user who is not root, that lets
 * other users in, or that has a second hard link.
 */
static inline sr_reason sr_region_create(sr_region *region, const char *name, uint64_t size, sr_error *error);
static inline sr_reason sr_region_open(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, sr_error *error);
static inline sr_reason sr_region_open_or_create(sr_region *region, const char *name, uint64_t size, sr_error *error);
static inline void sr_region_close(sr_region *region);

/* Events, as Win32 defines them. await returns true if the event was set, and false if the time passed. */
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

/* How long open_or_create looks again where it finds a region of this name neither there nor missing. */
#define SR_OPEN_OR_CREATE_TIME_ SR_MILLIS(200)

static inline sr_reason sr_region_open_or_create_(
    sr_region *region, const char *name, uint64_t size, bool own, sr_error *error)
{
    /* Another process may remove or create the region between the two calls. */
    int64_t give_up = sr_deadline_(SR_OPEN_OR_CREATE_TIME_);
    sr_request_ request = {SR_READ_WRITE, size, own};
    for (bool first = true;; first = false) {
        sr_reason reason = sr_region_open_(region, name, &request, error);
        if (reason != SR_NOT_FOUND || (!first && sr_left_(give_up) == 0))
            return reason;
        reason = sr_region_create(region, name, size, error);
        if (reason != SR_ALREADY_EXISTS)
            return reason;
        sr_pause_(SR_PAUSE_);
    }
}

static inline sr_reason sr_region_open_or_create(sr_region *region, const char *name, uint64_t size, sr_error *error)
{
    return sr_region_open_or_create_(region, name, size, true, error);
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
#include SR_STEPS_ /* a test's: stops a side between two changes of the block */
#endif

#include "sharedregion_owner.h"
#include "sharedregion_pair.h"
#include "sharedregion_lock.h"

#endif
