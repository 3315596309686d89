/*
 * sharedregion.h: named shared memory, events and turns between processes, for C11 and C++17.
 *
 * The native side of the Java library sharedregion (dev.sharedregion), and a library of its own between native
 * programs. This header is all there is: every function is static, nothing is printed, no function ends the process,
 * there is no global state, and all memory is the caller's. 64-bit Linux (4.11 or newer; gcc, clang) and 64-bit Windows
 * (MSVC, mingw, clang). No library is to be linked.
 *
 * On Linux with -std=c11, include it before anything else, or define _GNU_SOURCE.
 *
 * A server, the writing side, whose turn is first:
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
 * A client, the reading side. The server makes the region first, so a client that has found the pair finds the region:
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
 *
 * Names    are UTF-8, and follow the same rules on every system. Local\ and Global\ are the namespaces of Win32; on
 *          Linux the prefix is dropped, and "x" is /dev/shm/x.
 * Times    are nanoseconds: SR_MILLIS(n), SR_SECONDS(n), SR_FOREVER (any negative one), 0 to look without waiting.
 * Sizes    are bytes.
 * Errors   Every function that can fail returns SR_OK or the reason. With an sr_error, which may be NULL, come the
 *          system's code and a message: what was wanted, of which name, which call failed, and how. What has failed is
 *          not open, and needs no close.
 * Threads  One thread at a time per pair, and per region to open and close it. An event may be set, reset and awaited
 *          by any number. A pair has no means to end another thread's wait: give the wait a time.
 * Lifetime An object lives until its last user closes it or ends, however it ends. What a program leaves open when it
 *          exits, Linux frees only when somebody next uses the name: close. A child made by fork() shares the parent's
 *          locks, and keeps its places until it has ended too, or executed another program.
 * Memory   Do not touch a region's memory after its close. What was written before a signal is seen after the await.
 *          On Linux a program that may write to an object can also cut its file short. The system then ends a process
 *          that touches the missing part (SIGBUS).
 *
 * What happens in memory is written down in src/docs/linux-objects.md (regions and events) and src/docs/handshake.md
 * (pairs); comments here name their steps. Names that end in an underscore are not for users.
 *
 * Apache License 2.0
 */
#ifndef SHAREDREGION_H
#define SHAREDREGION_H

#if defined(_WIN32)
#if !defined(_WIN64)
#error "sharedregion.h is for 64-bit programs"
#endif
#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#endif
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <windows.h>
/* It needs windows.h. */
#include <aclapi.h>
#if defined(_MSC_VER)
#pragma comment(lib, "advapi32")
#if !defined(__clang__)
#include <intrin.h>
#endif
#endif
#elif defined(__linux__) && defined(__LP64__)
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#if !defined(O_TMPFILE) || !defined(F_OFD_SETLK)
#error "define _GNU_SOURCE, or include sharedregion.h before all other headers"
#endif
#else
#error "sharedregion.h is for 64-bit Linux and Windows"
#endif

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* --- What users see -------------------------------------------------------------------------------------------- */

/* Why something failed: as Java's SharedMemoryException has it, and some more, of wrong calls and of time. */
typedef enum sr_reason {
    SR_OK = 0,
    SR_ALREADY_EXISTS, /* the name is taken, by a living object, another program's file, or another server */
    SR_NOT_FOUND,      /* no object has this name */
    SR_ACCESS_DENIED,  /* the system refuses the access that was asked for */
    SR_WRONG_KIND,     /* the name belongs to another kind of object */
    SR_TOO_SMALL,      /* the region exists but is smaller than what was asked for */
    SR_NO_SPACE,       /* not enough memory or address space */
    SR_IN_USE,         /* another client has the pair, or another process is removing the object and does not finish */
    SR_TOO_MANY_OPEN,  /* the process or the system has as many handles or descriptors as it may */
    SR_BAD_NAME,       /* no system, or only some system, would take the name */
    SR_UNSUPPORTED,    /* the system lacks something, or the object is of another version */
    SR_CORRUPT,        /* a pair's control block that another program keeps writing to */
    SR_SYSTEM_ERROR,   /* a failure that there is no word for here: see sr_error.code */
    SR_BAD_ARGUMENT,   /* a size of 0 */
    SR_OUT_OF_TURN,    /* a signal without the turn, a wait with it, or the other side's call */
    SR_TIMED_OUT,      /* the time passed; the turn is still the peer's */
    SR_CLOSED,         /* the peer has closed the pair, and none has come in its place */
    SR_PEER_DIED       /* the peer's process has ended without closing, and none has come in its place */
} sr_reason;

typedef struct sr_error {
    sr_reason reason;
    int code;          /* errno or GetLastError(); 0 if no system call failed */
    char message[640]; /* UTF-8 */
} sr_error;

#define SR_FOREVER (-1)
#define SR_MILLIS(n) ((int64_t)(n)*1000000)
#define SR_SECONDS(n) ((int64_t)(n)*1000000000)

/* How long a wait of a pair looks at the memory before it sleeps: 50 microseconds. 0 sleeps at once. */
#define SR_SPIN_DEFAULT (-1)

typedef enum sr_access { SR_READ_ONLY, SR_READ_WRITE } sr_access;

/* Of sr_event_create: alone or together. */
enum { SR_AUTO_RESET = 0, SR_MANUAL_RESET = 1, SR_INITIALLY_SET = 2 };

/* 255 bytes of the name proper (Linux), a prefix of up to 7, and the end. */
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
    bool manual_; /* what the layout says is not read again: another program could have changed it */
    sr_object_ object_;
} sr_event;
#endif

typedef struct sr_region {
    void *memory;
    uint64_t size; /* on Windows, of an opened one, rounded up to whole pages */
    bool created;  /* whether the region was made by this call */
#if defined(_WIN32)
    HANDLE section_;
#else
    sr_object_ object_;
    int file_; /* of a region whose memory is a named file elsewhere; otherwise -1 */
#endif
} sr_region;

typedef struct sr_pair {
    char name_[SR_NAME_SIZE_];
    int me_; /* SR_SERVER_ or SR_CLIENT_ */
    bool turn_is_mine_;
    uint32_t active_; /* my state while I do not sleep */
    int64_t spin_;
    unsigned misses_, skipped_; /* spins in vain, in a row; and those that were left out since */
    int64_t looked_;            /* when a wait last looked at the peer's place before it would sleep */
    sr_region region_;
    struct sr_block_ *block_;
    sr_event event_[2]; /* E(server) = x.read, E(client) = x.written */
#if defined(_WIN32)
    HANDLE process_;         /* the peer's, to wait for, or NULL */
    uint64_t process_owner_; /* what the owner field was when that was opened */
#endif
} sr_pair;

/* The reason's name: "NOT_FOUND". */
static inline const char *sr_reason_name(sr_reason reason);

/* A clock that never goes back, in nanoseconds. */
static inline int64_t sr_now(void);

/*
 * Regions. What exists is never taken for new, and what is missing is never made by accident. New memory is zero. What
 * is created is for this user alone: open_or_create, and sr_pair_create below, fail with SR_ALREADY_EXISTS if they find
 * what another user may have put there. On Linux that is what belongs to another user who is not root, what lets other
 * users in, and what has a second hard link.
 */
static inline sr_reason sr_region_create(sr_region *region, const char *name, uint64_t size, sr_error *error);
static inline sr_reason sr_region_open(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, sr_error *error);
static inline sr_reason sr_region_open_or_create(sr_region *region, const char *name, uint64_t size, sr_error *error);
static inline void sr_region_close(sr_region *region);

/* Events, with the meaning that Win32 gives to them. await is true if the event was set, false if the time passed. */
static inline sr_reason sr_event_create(sr_event *event, const char *name, int flags, sr_error *error);
static inline sr_reason sr_event_open(sr_event *event, const char *name, sr_error *error);
static inline void sr_event_set(sr_event *event);
static inline void sr_event_reset(sr_event *event);
static inline bool sr_event_await(sr_event *event, int64_t timeout);
static inline void sr_event_close(sr_event *event);

/*
 * Pairs. create makes the caller the server, open the client. A server whose client still lives takes the pair over
 * where its predecessor left it, and has the turn at once only if that had not handed it over; sr_pair_has_turn tells.
 * A client waits first; a turn that its predecessor had received and not acknowledged comes again.
 *
 * An await returns SR_OK when the turn is the caller's, SR_TIMED_OUT, SR_CLOSED or SR_PEER_DIED. After the last two the
 * pair is still open, and may be awaited again: until a successor of the peer comes, they are returned again, at once.
 * They are returned only of a registered peer: a program that uses the two events and nothing else cannot be watched.
 * Every call that opens, awaits or signals returns SR_CORRUPT if another program writes over the region "x.pair" so
 * often that the call would come to no end.
 */
static inline sr_reason sr_pair_create(sr_pair *pair, const char *name, int64_t spin, sr_error *error);
static inline sr_reason sr_pair_open(sr_pair *pair, const char *name, int64_t timeout, int64_t spin, sr_error *error);
static inline bool sr_pair_has_turn(const sr_pair *pair);
static inline sr_reason sr_pair_signal_written(sr_pair *pair, sr_error *error);                 /* server */
static inline sr_reason sr_pair_await_read(sr_pair *pair, int64_t timeout, sr_error *error);    /* server */
static inline sr_reason sr_pair_await_written(sr_pair *pair, int64_t timeout, sr_error *error); /* client */
static inline sr_reason sr_pair_signal_read(sr_pair *pair, sr_error *error);                    /* client */
static inline void sr_pair_close(sr_pair *pair);

/* --- Errors ---------------------------------------------------------------------------------------------------- */

static inline const char *sr_reason_name(sr_reason reason)
{
    static const char *const names[] = {"OK", "ALREADY_EXISTS", "NOT_FOUND", "ACCESS_DENIED", "WRONG_KIND", "TOO_SMALL",
        "NO_SPACE", "IN_USE", "TOO_MANY_OPEN", "BAD_NAME", "UNSUPPORTED", "CORRUPT", "SYSTEM_ERROR", "BAD_ARGUMENT",
        "OUT_OF_TURN", "TIMED_OUT", "CLOSED", "PEER_DIED"};
    return (unsigned)reason < sizeof names / sizeof *names ? names[(unsigned)reason] : "?";
}

static inline sr_reason sr_fail_(sr_error *error, sr_reason reason, int code, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        error->reason = reason;
        error->code = code;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
    return reason;
}

/* The failure of a system call while one was to DO (such as "open region") the object NAME. */
static inline sr_reason sr_failed_(sr_error *error, const char *to_do, const char *name, const char *call, int code)
{
    static const struct {
        int code;
        sr_reason reason;
        const char *name;
    } known[] = {
#if defined(_WIN32)
        {ERROR_FILE_NOT_FOUND, SR_NOT_FOUND, "ERROR_FILE_NOT_FOUND"},
        {ERROR_PATH_NOT_FOUND, SR_NOT_FOUND, "ERROR_PATH_NOT_FOUND"},
        {ERROR_ALREADY_EXISTS, SR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS"},
        {ERROR_ACCESS_DENIED, SR_ACCESS_DENIED, "ERROR_ACCESS_DENIED"},
        {ERROR_INVALID_HANDLE, SR_WRONG_KIND, "ERROR_INVALID_HANDLE"},
        {ERROR_NOT_ENOUGH_MEMORY, SR_NO_SPACE, "ERROR_NOT_ENOUGH_MEMORY"},
        {ERROR_OUTOFMEMORY, SR_NO_SPACE, "ERROR_OUTOFMEMORY"},
        {ERROR_BAD_EXE_FORMAT, SR_WRONG_KIND, "ERROR_BAD_EXE_FORMAT"},
        {ERROR_NOT_ENOUGH_QUOTA, SR_NO_SPACE, "ERROR_NOT_ENOUGH_QUOTA"},
        {ERROR_NO_SYSTEM_RESOURCES, SR_NO_SPACE, "ERROR_NO_SYSTEM_RESOURCES"},
        {ERROR_COMMITMENT_LIMIT, SR_NO_SPACE, "ERROR_COMMITMENT_LIMIT"},
        {ERROR_DISK_FULL, SR_NO_SPACE, "ERROR_DISK_FULL"},
        {ERROR_TOO_MANY_OPEN_FILES, SR_TOO_MANY_OPEN, "ERROR_TOO_MANY_OPEN_FILES"},
        {ERROR_INVALID_NAME, SR_BAD_NAME, "ERROR_INVALID_NAME"},
        {ERROR_FILENAME_EXCED_RANGE, SR_BAD_NAME, "ERROR_FILENAME_EXCED_RANGE"},
#else
        {ENOENT, SR_NOT_FOUND, "ENOENT"},
        {EEXIST, SR_ALREADY_EXISTS, "EEXIST"},
        {EACCES, SR_ACCESS_DENIED, "EACCES"},
        {EPERM, SR_ACCESS_DENIED, "EPERM"},
        {EROFS, SR_ACCESS_DENIED, "EROFS"},
        {EISDIR, SR_WRONG_KIND, "EISDIR"},
        {ELOOP, SR_WRONG_KIND, "ELOOP"},
        {ENXIO, SR_WRONG_KIND, "ENXIO"},
        {ENOMEM, SR_NO_SPACE, "ENOMEM"},
        {ENOSPC, SR_NO_SPACE, "ENOSPC"},
        {EFBIG, SR_NO_SPACE, "EFBIG"},
        {EOVERFLOW, SR_NO_SPACE, "EOVERFLOW"},
        {EMFILE, SR_TOO_MANY_OPEN, "EMFILE"},
        {ENFILE, SR_TOO_MANY_OPEN, "ENFILE"},
        {ENOLCK, SR_TOO_MANY_OPEN, "ENOLCK"},
        {ENAMETOOLONG, SR_BAD_NAME, "ENAMETOOLONG"},
        {EOPNOTSUPP, SR_UNSUPPORTED, "EOPNOTSUPP"},
        {ENOSYS, SR_UNSUPPORTED, "ENOSYS"},
#endif
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return sr_fail_(error, known[i].reason, code, "Cannot %s \"%s\": %s failed with %s (%d).%s", to_do, name,
                call, known[i].name, code,
                known[i].reason == SR_NOT_FOUND            ? " Start the process that creates it first."
                    : known[i].reason == SR_ALREADY_EXISTS ? " Open it instead, or choose another name."
                    : known[i].reason == SR_WRONG_KIND     ? " Choose another name."
                                                           : "");
    return sr_fail_(
        error, SR_SYSTEM_ERROR, code, "Cannot %s \"%s\": %s failed with error %d.", to_do, name, call, code);
}

/* --- Time ------------------------------------------------------------------------------------------------------ */

static inline int64_t sr_now(void)
{
#if defined(_WIN32)
    LARGE_INTEGER frequency, now;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return now.QuadPart / frequency.QuadPart * 1000000000
        + now.QuadPart % frequency.QuadPart * 1000000000 / frequency.QuadPart;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#endif
}

/* INT64_MAX is never. */
static inline int64_t sr_deadline_(int64_t timeout)
{
    int64_t now = sr_now();
    return timeout < 0 || timeout > INT64_MAX - now ? INT64_MAX : now + timeout;
}

/* What is left until then; INT64_MAX is for ever. */
static inline int64_t sr_left_(int64_t deadline)
{
    int64_t left = deadline == INT64_MAX ? deadline : deadline - sr_now();
    return left > 0 ? left : 0;
}

#if defined(_WIN32)
/* Rounded up, so that no wait ends before its time. */
static inline DWORD sr_windows_millis_(int64_t nanos)
{
    return nanos == INT64_MAX         ? INFINITE
        : nanos > SR_SECONDS(1000000) ? 1000000000
                                      : (DWORD)((nanos + 999999) / 1000000);
}
#endif

static inline void sr_pause_(int64_t nanos)
{
#if defined(_WIN32)
    Sleep(nanos < 1000000 ? 0 : sr_windows_millis_(nanos));
#else
    struct timespec pause;
    pause.tv_sec = (time_t)(nanos / 1000000000);
    pause.tv_nsec = (long)(nanos % 1000000000);
    nanosleep(&pause, NULL);
#endif
}

/* Tells the processor that this is a loop that waits for memory. */
static inline void sr_relax_(void)
{
#if defined(_WIN32)
    YieldProcessor();
#elif defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield" ::: "memory");
#else
    __asm__ __volatile__("" ::: "memory");
#endif
}

/* Whether looking at memory can be of use: another processor has to change it. */
static inline bool sr_has_processors_(void)
{
#if defined(_WIN32)
    DWORD_PTR process, system;
    /* A process in several groups of processors has no mask. */
    return !GetProcessAffinityMask(GetCurrentProcess(), &process, &system) || process == 0
        || (process & (process - 1)) != 0;
#else
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) > 1;
#endif
}

/* --- Atomics: sequentially consistent, except where the name says acquire -------------------------------------- */

#if defined(_MSC_VER) && !defined(__clang__)
/* As MSVC's <atomic>: the Interlocked functions are full barriers; a load has only to be kept from what follows. */
#if defined(_M_ARM64)
#define SR_LOAD_BARRIER_() __dmb(_ARM64_BARRIER_ISH)
#else
/* Called deprecated, but <atomic> uses it. */
#define SR_LOAD_BARRIER_() __pragma(warning(suppress : 4996)) _ReadWriteBarrier()
#endif
static inline uint64_t sr_load64_(const uint64_t *p)
{
    uint64_t value = *(const volatile uint64_t *)p;
    SR_LOAD_BARRIER_();
    return value;
}
static inline uint32_t sr_load32_(const uint32_t *p)
{
    uint32_t value = *(const volatile uint32_t *)p;
    SR_LOAD_BARRIER_();
    return value;
}
static inline uint64_t sr_load64_acquire_(const uint64_t *p) { return sr_load64_(p); }
static inline void sr_store64_(uint64_t *p, uint64_t value)
{
    _InterlockedExchange64((volatile __int64 *)p, (__int64)value);
}
static inline void sr_store32_(uint32_t *p, uint32_t value) { _InterlockedExchange((volatile long *)p, (long)value); }
static inline bool sr_cas64_(uint64_t *p, uint64_t from, uint64_t to)
{
    return _InterlockedCompareExchange64((volatile __int64 *)p, (__int64)to, (__int64)from) == (__int64)from;
}
static inline uint32_t sr_exchange32_(uint32_t *p, uint32_t value)
{
    return (uint32_t)_InterlockedExchange((volatile long *)p, (long)value);
}
static inline bool sr_cas32_(uint32_t *p, uint32_t from, uint32_t to)
{
    return _InterlockedCompareExchange((volatile long *)p, (long)to, (long)from) == (long)from;
}
#else
static inline uint64_t sr_load64_(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_SEQ_CST); }
static inline uint32_t sr_load32_(const uint32_t *p) { return __atomic_load_n(p, __ATOMIC_SEQ_CST); }
static inline uint64_t sr_load64_acquire_(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
static inline void sr_store64_(uint64_t *p, uint64_t value) { __atomic_store_n(p, value, __ATOMIC_SEQ_CST); }
static inline void sr_store32_(uint32_t *p, uint32_t value) { __atomic_store_n(p, value, __ATOMIC_SEQ_CST); }
static inline uint32_t sr_exchange32_(uint32_t *p, uint32_t value)
{
    return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}
static inline bool sr_cas64_(uint64_t *p, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(p, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
static inline bool sr_cas32_(uint32_t *p, uint32_t from, uint32_t to)
{
    return __atomic_compare_exchange_n(p, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
#endif

/* --- Names ----------------------------------------------------------------------------------------------------- */

typedef struct sr_name_ {
    char full[SR_NAME_SIZE_]; /* as it was given, and the suffix */
    const char *base;         /* within full, after the namespace */
#if defined(_WIN32)
    wchar_t wide[SR_NAME_UNITS_];
#endif
} sr_name_;

/* The next character of well-formed UTF-8, or -1: no half of a surrogate pair, nothing spelled longer than need be. */
static inline int32_t sr_next_character_(const unsigned char **at)
{
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    int32_t c = *(*at)++;
    int length = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
    if (length < 2)
        return length == 1 ? c : -1;
    c &= 0x7f >> length;
    for (int i = 1; i < length; i++) {
        if ((**at & 0xc0) != 0x80)
            return -1;
        c = c << 6 | (*(*at)++ & 0x3f);
    }
    return c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? -1 : c;
}

static inline sr_reason sr_bad_name_(sr_error *error, const char *name, const char *suffix, const char *why)
{
    return sr_fail_(error, SR_BAD_NAME, 0, "\"%.80s%s\" cannot name a shared object: %s.", name, suffix, why);
}

/* Whether Windows has a directory of this name, or a link to one, in each namespace. */
static inline bool sr_name_is_kept_(const char *base)
{
    static const char *const kept[] = {"global", "local", "session", "restricted"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        size_t at = 0;
        while (kept[i][at] != '\0' && (base[at] | 0x20) == kept[i][at]) /* in lower case */
            at++;
        if (kept[i][at] == '\0' && base[at] == '\0')
            return true;
    }
    return false;
}

/* Checks the name that has the suffix added, by the rules of both systems, so that it works on the other one too. */
static inline sr_reason sr_name_init_(sr_name_ *checked, const char *name, const char *suffix, sr_error *error)
{
    static const char too_long[] = "it has more than 255 bytes, which is what Linux takes";
    size_t length = strlen(name), suffix_length = strlen(suffix);

    if (length + suffix_length >= sizeof checked->full)
        return sr_bad_name_(error, name, suffix, too_long);
    memcpy(checked->full, name, length + 1);
    char *base = checked->full;
    base += strncmp(base, "Local\\", 6) == 0 ? 6 : strncmp(base, "Global\\", 7) == 0 ? 7 : 0;
    checked->base = base;
    if (*base == '\0')
        return sr_bad_name_(error, name, "", "it is empty");
    if (strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
        return sr_bad_name_(error, name, "", "it stands for a directory on Linux");
    if (sr_name_is_kept_(base))
        return sr_bad_name_(error, name, "", "Windows keeps that name for a directory of its own");
    if (strpbrk(base, "/\\") != NULL)
        return sr_bad_name_(
            error, name, "", "it has a '/', or a '\\' that is not part of a leading Local\\ or Global\\");
    memcpy(checked->full + length, suffix, suffix_length + 1);
    if (strlen(base) > 255)
        return sr_bad_name_(error, name, suffix, too_long);

    size_t units = 0; /* of UTF-16 */
    for (const unsigned char *at = (const unsigned char *)checked->full; *at != '\0';) {
        int32_t c = sr_next_character_(&at);
        if (c < 0)
            return sr_bad_name_(error, name, suffix, "it is not well-formed UTF-8");
        if (units + (c > 0xffff ? 2 : 1) >= SR_NAME_UNITS_)
            return sr_bad_name_(error, name, suffix, "it has more than 259 characters, which is what Windows takes");
#if defined(_WIN32)
        if (c > 0xffff) {
            checked->wide[units] = (wchar_t)(0xd800 + ((c - 0x10000) >> 10));
            checked->wide[units + 1] = (wchar_t)(0xdc00 + (c & 0x3ff));
        } else {
            checked->wide[units] = (wchar_t)c;
        }
#endif
        units += c > 0xffff ? 2 : 1;
    }
#if defined(_WIN32)
    checked->wide[units] = L'\0';
#endif
    return SR_OK;
}

/* The name of a region that is to be made, and its size. */
static inline sr_reason sr_new_region_init_(sr_name_ *checked, const char *name, uint64_t size, sr_error *error)
{
    sr_reason reason = sr_name_init_(checked, name, "", error);
    if (reason == SR_OK && size == 0)
        reason = sr_fail_(error, SR_BAD_ARGUMENT, 0, "Cannot create region \"%s\": a size of 0 bytes.", name);
    return reason;
}

static inline sr_reason sr_too_small_(
    sr_error *error, const char *to_do, const char *name, uint64_t size, uint64_t minimum_size)
{
    return sr_fail_(error, SR_TOO_SMALL, 0, "Cannot %s \"%s\": it has %" PRIu64 " bytes, fewer than %" PRIu64 ".", to_do,
        name, size, minimum_size);
}

#if defined(_WIN32)
/* --- Whose objects are whose on Windows ------------------------------------------------------------------------ */

/* Some information of this process's token that begins with the address of an id; NULL, with the last error, if not. */
static inline PSID sr_token_id_(TOKEN_INFORMATION_CLASS which, void *buffer, DWORD size)
{
    HANDLE token;
    DWORD length, code = 0;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    if (!GetTokenInformation(token, which, buffer, size, &length))
        code = GetLastError();
    CloseHandle(token);
    SetLastError(code);
    return code == 0 ? *(PSID *)buffer : NULL;
}

typedef union sr_token_ {
    PSID id;
    char bytes[128]; /* more than the structure and the 68 bytes that an id has at most */
} sr_token_;

/*
 * Whether an object belongs to this user, to the owner of what this process makes, which need not be the user, to the
 * system, or to the administrators, who own what elevated processes make.
 */
static inline bool sr_owner_is_trusted_(PSID owner)
{
    sr_token_ token;
    static const TOKEN_INFORMATION_CLASS mine[] = {TokenUser, TokenOwner};
    /* Wine knows no owner of what was created without a descriptor; all users of one Wine are one user. */
    if (owner == NULL || IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid))
        return true;
    for (int i = 0; i < 2; i++) {
        PSID id = sr_token_id_(mine[i], &token, sizeof token);
        if (id != NULL && EqualSid(owner, id))
            return true;
    }
    return false;
}

/* The descriptor of what is created: for this user and the system, as the library's. */
typedef struct sr_security_ {
    SECURITY_ATTRIBUTES attributes;
    SECURITY_DESCRIPTOR descriptor;
    union {
        ACL acl;
        char bytes[256]; /* more than the list and two entries */
    } list;
} sr_security_;

static inline sr_reason sr_security_init_(
    sr_security_ *security, DWORD rights, const char *to_do, const char *name, sr_error *error)
{
    sr_token_ token, system;
    DWORD size = sizeof system;
    PSID user = sr_token_id_(TokenUser, &token, sizeof token);
    ACL *acl = &security->list.acl;
    if (user == NULL || !CreateWellKnownSid(WinLocalSystemSid, NULL, &system, &size)
        || !InitializeAcl(acl, sizeof security->list, ACL_REVISION)
        || !AddAccessAllowedAce(acl, ACL_REVISION, rights, &system)
        || !AddAccessAllowedAce(acl, ACL_REVISION, rights, user)
        || !InitializeSecurityDescriptor(&security->descriptor, SECURITY_DESCRIPTOR_REVISION)
        || !SetSecurityDescriptorDacl(&security->descriptor, TRUE, acl, FALSE)
        || !SetSecurityDescriptorControl(&security->descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED))
        return sr_failed_(error, to_do, name, "making its security descriptor", (int)GetLastError());
    security->attributes.nLength = sizeof security->attributes;
    security->attributes.lpSecurityDescriptor = &security->descriptor;
    security->attributes.bInheritHandle = FALSE;
    return SR_OK;
}

static inline sr_reason sr_anothers_(sr_error *error, const char *to_do, const char *name)
{
    return sr_fail_(error, SR_ALREADY_EXISTS, ERROR_ALREADY_EXISTS,
        "Cannot %s \"%s\": it exists, and is another user's. Choose another name.", to_do, name);
}

/* How an object is opened. */
typedef struct sr_opening_ {
    HANDLE (*open)(DWORD right, const wchar_t *name);
    const char *call;
    const char *to_do;
    DWORD right;
    bool own; /* whether another user's is refused */
} sr_opening_;

static inline sr_reason sr_open_(const sr_opening_ *opening, const sr_name_ *name, HANDLE *handle, sr_error *error)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID owner = NULL;
    bool anothers = false;
    *handle = opening->open(opening->right | (opening->own ? READ_CONTROL : 0), name->wide);
    if (*handle == NULL && opening->own && GetLastError() == ERROR_ACCESS_DENIED) {
        /* An owner may always read who that is. */
        anothers = true;
        *handle = opening->open(opening->right, name->wide);
    }
    if (*handle == NULL)
        return sr_failed_(error, opening->to_do, name->full, opening->call, (int)GetLastError());
    if (!opening->own)
        return SR_OK;
    DWORD code = ERROR_SUCCESS;
    sr_reason reason = SR_OK;
    if (!anothers)
        code = GetSecurityInfo(
            *handle, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &descriptor);
    if (code != ERROR_SUCCESS)
        reason = sr_failed_(error, opening->to_do, name->full, "GetSecurityInfo", (int)code);
    else if (anothers || !sr_owner_is_trusted_(owner))
        reason = sr_anothers_(error, opening->to_do, name->full);
    LocalFree(descriptor);
    if (reason != SR_OK)
        CloseHandle(*handle);
    return reason;
}

/* --- Regions and events on Windows: the system does it --------------------------------------------------------- */

/* Whether pages of this protection can be read, and where that is asked for, written to. */
static inline bool sr_protection_permits_(DWORD protection, bool write)
{
    DWORD writable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
    DWORD readable = writable | PAGE_READONLY | PAGE_EXECUTE_READ;
    return (protection & PAGE_GUARD) == 0 && (protection & (write ? writable : readable)) != 0;
}

/* How many bytes from the start of a view can be accessed: all runs of pages that are committed. */
static inline uint64_t sr_view_size_(const void *view, bool write, bool *image)
{
    uint64_t size = 0;
    MEMORY_BASIC_INFORMATION run;
    *image = false;
    while (VirtualQuery((const char *)view + size, &run, sizeof run) != 0 && run.State == MEM_COMMIT
        && run.AllocationBase == view) {
        if (run.Type != MEM_MAPPED) {
            *image = true;
            return 0;
        }
        if (!sr_protection_permits_(run.Protect, write))
            break;
        size += run.RegionSize;
    }
    return size;
}

static inline sr_reason sr_map_(sr_region *region, const sr_name_ *name, const char *to_do, sr_access access,
    uint64_t minimum_size, sr_error *error)
{
    bool write = access == SR_READ_WRITE, image;
    region->memory =
        MapViewOfFile(region->section_, write ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ, 0, 0, 0);
    if (region->memory == NULL) {
        DWORD code = GetLastError();
        CloseHandle(region->section_);
        if (code == ERROR_INVALID_PARAMETER && write && !region->created)
            return sr_fail_(error, SR_ACCESS_DENIED, (int)code,
                "Cannot %s \"%s\": MapViewOfFile failed with ERROR_INVALID_PARAMETER (87): its creator made it for "
                "reading only.",
                to_do, name->full);
        return sr_failed_(error, to_do, name->full, "MapViewOfFile", (int)code);
    }
    sr_reason reason = SR_OK;
    region->size = sr_view_size_(region->memory, write, &image);
    if (image)
        reason = sr_fail_(error, SR_WRONG_KIND, 0,
            "Cannot %s \"%s\": it is the image of a program (SEC_IMAGE). Choose another name.", to_do, name->full);
    else if (region->size == 0)
        reason = sr_fail_(error, SR_UNSUPPORTED, 0,
            "Cannot %s \"%s\": its memory is reserved only (SEC_RESERVE) or protected, and touching it would end the "
            "process. Have its creator commit it.",
            to_do, name->full);
    else if (region->size < minimum_size)
        reason = sr_too_small_(error, to_do, name->full, region->size, minimum_size);
    if (reason != SR_OK) {
        UnmapViewOfFile(region->memory);
        CloseHandle(region->section_);
    }
    return reason;
}

static inline sr_reason sr_region_create(sr_region *region, const char *name, uint64_t size, sr_error *error)
{
    static const char to_do[] = "create region";
    sr_name_ checked;
    sr_security_ security;
    sr_reason reason = sr_new_region_init_(&checked, name, size, error);
    if (reason == SR_OK)
        reason = sr_security_init_(&security, SECTION_ALL_ACCESS, to_do, name, error);
    if (reason != SR_OK)
        return reason;
    region->section_ = CreateFileMappingW(INVALID_HANDLE_VALUE, &security.attributes, PAGE_READWRITE,
        (DWORD)(size >> 32), (DWORD)(size & 0xffffffffu), checked.wide);
    DWORD code = GetLastError();
    if (region->section_ != NULL && code == ERROR_ALREADY_EXISTS)
        CloseHandle(region->section_); /* it hands out an existing one too */
    if (region->section_ == NULL && code == ERROR_INVALID_PARAMETER)
        return sr_fail_(error, SR_NO_SPACE, (int)code,
            "Cannot %s \"%s\": CreateFileMappingW failed with ERROR_INVALID_PARAMETER (87): no section can have "
            "%" PRIu64 " bytes. Ask for less.",
            to_do, name, size);
    if (region->section_ == NULL || code == ERROR_ALREADY_EXISTS)
        return sr_failed_(error, to_do, name, "CreateFileMappingW", (int)code);
    region->created = true;
    reason = sr_map_(region, &checked, to_do, SR_READ_WRITE, size, error);
    region->size = size;
    return reason;
}

static inline HANDLE sr_section_open_(DWORD right, const wchar_t *name) { return OpenFileMappingW(right, FALSE, name); }

static inline sr_reason sr_region_open_(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, bool own, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, "", error);
    if (reason != SR_OK)
        return reason;
    DWORD right = access == SR_READ_WRITE ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ;
    sr_opening_ opening = {sr_section_open_, "OpenFileMappingW", "open region", right, own};
    reason = sr_open_(&opening, &checked, &region->section_, error);
    if (reason != SR_OK)
        return reason;
    region->created = false;
    return sr_map_(region, &checked, "open region", access, minimum_size, error);
}

static inline void sr_region_close(sr_region *region)
{
    UnmapViewOfFile(region->memory);
    CloseHandle(region->section_);
}

static inline sr_reason sr_event_create_(sr_event *event, const sr_name_ *name, int flags, sr_error *error)
{
    static const char to_do[] = "create event";
    sr_security_ security;
    sr_reason reason = sr_security_init_(&security, EVENT_ALL_ACCESS, to_do, name->full, error);
    if (reason != SR_OK)
        return reason;
    event->handle_ = CreateEventW(
        &security.attributes, (flags & SR_MANUAL_RESET) != 0, (flags & SR_INITIALLY_SET) != 0, name->wide);
    DWORD code = GetLastError();
    if (event->handle_ != NULL && code == ERROR_ALREADY_EXISTS)
        CloseHandle(event->handle_); /* it hands out an existing one too */
    if (event->handle_ == NULL || code == ERROR_ALREADY_EXISTS)
        return sr_failed_(error, to_do, name->full, "CreateEventW", (int)code);
    return SR_OK;
}

static inline HANDLE sr_event_handle_open_(DWORD right, const wchar_t *name) { return OpenEventW(right, FALSE, name); }

static inline sr_reason sr_event_open_(sr_event *event, const sr_name_ *name, bool own, sr_error *error)
{
    sr_opening_ opening = {
        sr_event_handle_open_, "OpenEventW", "open event", SYNCHRONIZE | EVENT_MODIFY_STATE, own};
    return sr_open_(&opening, name, &event->handle_, error);
}

static inline void sr_event_set(sr_event *event) { SetEvent(event->handle_); }

static inline void sr_event_reset(sr_event *event) { ResetEvent(event->handle_); }

/* Whether the first of the handles was signalled. If the system refuses to wait, some time passes all the same: callers
   look again and again. */
static inline bool sr_wait_(DWORD count, const HANDLE *handles, int64_t nanos)
{
    DWORD result = WaitForMultipleObjects(count, handles, FALSE, sr_windows_millis_(nanos));
    if (result == WAIT_FAILED)
        sr_pause_(nanos < SR_MILLIS(50) ? nanos : SR_MILLIS(50));
    return result == WAIT_OBJECT_0;
}

static inline bool sr_event_await(sr_event *event, int64_t timeout)
{
    int64_t deadline = sr_deadline_(timeout);
    for (;;) {
        if (sr_wait_(1, &event->handle_, sr_left_(deadline)))
            return true;
        if (sr_left_(deadline) == 0)
            return false;
    }
}

static inline void sr_event_close(sr_event *event) { CloseHandle(event->handle_); }

#else
/* --- Objects in /dev/shm: src/docs/linux-objects.md, "Lifetime" ------------------------------------------------ */

enum { SR_EVENT_SIZE_ = 64, SR_ALIAS_SIZE_ = 4136 };
typedef enum sr_kind_ { SR_KIND_REGION_, SR_KIND_EVENT_, SR_KIND_ALIAS_ } sr_kind_;

typedef struct sr_event_layout_ {
    char magic[8];
    int32_t version;
    int32_t flags;
    uint32_t state;    /* the futex: bit 0 is the signal, above it a count */
    uint32_t releases; /* a signed number */
    char reserved[40];
} sr_event_layout_;

typedef struct sr_alias_layout_ {
    char magic[8];
    int32_t version;
    int32_t flags;
    int64_t size;
    uint32_t device[2]; /* an int64 of them */
    uint64_t inode;
    char path[4096];
} sr_alias_layout_;

static_assert(sizeof(sr_event_layout_) == SR_EVENT_SIZE_, "as the library has it");
static_assert(sizeof(sr_alias_layout_) == SR_ALIAS_SIZE_, "as the library has it");

static const char sr_event_magic_[] = "SREvent\n";
static const char sr_alias_magic_[] = "SRAlias\n";

/* The sticky bit, which means nothing on a regular file, is the mark of what follows this lifetime. */
static inline bool sr_object_is_ours_(const sr_object_ *object) { return (object->stat.st_mode & S_ISVTX) != 0; }

static inline void sr_object_path_(sr_object_ *object, const sr_name_ *name)
{
    memcpy(object->path, "/dev/shm/", 9);
    memcpy(object->path + 9, name->base, strlen(name->base) + 1);
}

static inline bool sr_object_name_leads_here_(const sr_object_ *object)
{
    struct stat there;
    return lstat(object->path, &there) == 0 && there.st_dev == object->stat.st_dev
        && there.st_ino == object->stat.st_ino;
}

/* With the exclusive lock in hand; false if the system does not let this user. */
static inline bool sr_object_remove_name_(const sr_object_ *object)
{
    return !sr_object_name_leads_here_(object) || unlink(object->path) == 0 || errno == ENOENT;
}

typedef enum sr_join_ {
    SR_JOINED_, /* this is a user now, or the object is another program's and needs none */
    SR_GONE_,   /* it was dead, and is gone or will be in a moment: look again */
    SR_STUCK_   /* it is dead, and this user has no right to remove it */
} sr_join_;

/* All locks are taken without waiting: who cannot get one knows from that who else is there. */
static inline sr_join_ sr_object_join_(const sr_object_ *object)
{
    if (!sr_object_is_ours_(object))
        return SR_JOINED_;
    if (flock(object->fd, LOCK_EX | LOCK_NB) == 0)
        return sr_object_remove_name_(object) ? SR_GONE_ : SR_STUCK_;
    if (flock(object->fd, LOCK_SH | LOCK_NB) != 0)
        return SR_GONE_; /* someone is removing it */
    return sr_object_name_leads_here_(object) ? SR_JOINED_ : SR_GONE_;
}

/* The last user takes the name away. Unlocked by hand, for a mapping may keep the open file, and so its locks. */
static inline void sr_object_close_(sr_object_ *object)
{
    if (sr_object_is_ours_(object) && flock(object->fd, LOCK_EX | LOCK_NB) == 0)
        sr_object_remove_name_(object);
    flock(object->fd, LOCK_UN);
    close(object->fd);
}

static inline sr_kind_ sr_object_kind_(const sr_object_ *object)
{
    char magic[8];
    bool event = object->stat.st_size == SR_EVENT_SIZE_;
    /* A region may have any content: ours are something else only where the owner's right to execute says so. */
    if (sr_object_is_ours_(object) && (object->stat.st_mode & S_IXUSR) == 0)
        return SR_KIND_REGION_;
    if (!event && !(object->stat.st_size == SR_ALIAS_SIZE_ && sr_object_is_ours_(object)))
        return SR_KIND_REGION_;
    if (pread(object->fd, magic, sizeof magic, 0) != (ssize_t)sizeof magic)
        return SR_KIND_REGION_;
    if (memcmp(magic, event ? sr_event_magic_ : sr_alias_magic_, sizeof magic) != 0)
        return SR_KIND_REGION_;
    return event ? SR_KIND_EVENT_ : SR_KIND_ALIAS_;
}

static inline sr_reason sr_wrong_kind_(sr_error *error, const char *to_do, const char *name)
{
    return sr_fail_(
        error, SR_WRONG_KIND, 0, "Cannot %s \"%s\": the name belongs to another kind of object.", to_do, name);
}

/* Opens the file and looks at it. */
static inline sr_reason sr_object_look_(
    sr_object_ *object, const sr_name_ *name, const char *to_do, int flags, sr_error *error)
{
    /* A FIFO must be refused, not waited for. */
    object->fd = open(object->path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (object->fd < 0)
        return sr_failed_(error, to_do, name->full, "open", errno);
    if (fstat(object->fd, &object->stat) != 0 || !S_ISREG(object->stat.st_mode)) {
        close(object->fd);
        return sr_wrong_kind_(error, to_do, name->full);
    }
    return SR_OK;
}

static inline sr_reason sr_object_open_(
    sr_object_ *object, const sr_name_ *name, const char *to_do, sr_access access, sr_error *error)
{
    sr_object_path_(object, name);
    for (int attempt = 0;; attempt++) {
        sr_reason reason = sr_object_look_(object, name, to_do, access == SR_READ_WRITE ? O_RDWR : O_RDONLY, error);
        if (reason != SR_OK)
            return reason;
        sr_join_ join = sr_object_join_(object);
        if (join == SR_JOINED_)
            return SR_OK;
        close(object->fd);
        if (join == SR_STUCK_ || attempt == 20)
            return sr_failed_(error, to_do, name->full, "open", ENOENT);
        sr_pause_(50000);
    }
}

/*
 * Of an object that was found where a new one would have been the owner's alone: fails if another user may have put it
 * there, or let others in. Any user can give a second name to an object that the user may write to.
 */
static inline sr_reason sr_object_check_own_(
    const sr_object_ *object, const char *to_do, const char *name, sr_error *error)
{
    const struct stat *stat = &object->stat;
    const char *why = stat->st_uid != 0 && stat->st_uid != geteuid() ? "it is another user's"
        : (stat->st_mode & 077) != 0                                 ? "its mode lets other users in"
        : stat->st_nlink > 1                                         ? "its file has a second name"
                                                                     : NULL;
    return why == NULL ? SR_OK
                       : sr_fail_(error, SR_ALREADY_EXISTS, EEXIST,
                             "Cannot %s \"%s\": it exists, and %s. Remove %s if no program of yours made it, or choose "
                             "another name.",
                             to_do, name, why, object->path);
}

/* Fails if the name is taken; removes a leftover of ours. */
static inline sr_reason sr_refuse_occupied_(const sr_name_ *name, const char *to_do, bool event, sr_error *error)
{
    int64_t give_up = sr_deadline_(SR_SECONDS(5));
    sr_object_ there;
    sr_object_path_(&there, name);
    for (;;) {
        sr_reason reason = sr_object_look_(&there, name, to_do, O_RDONLY, error);
        if (reason == SR_NOT_FOUND)
            return SR_OK;
        if (reason == SR_ACCESS_DENIED)
            return sr_fail_(error, SR_ALREADY_EXISTS, EEXIST, "Cannot %s \"%s\": it exists, and is another user's.",
                to_do, name->full);
        if (reason != SR_OK)
            return reason;
        sr_join_ join = sr_object_join_(&there);
        if (join == SR_JOINED_) {
            bool is_event = sr_object_kind_(&there) == SR_KIND_EVENT_;
            sr_object_close_(&there);
            return is_event != event ? sr_wrong_kind_(error, to_do, name->full)
                                     : sr_failed_(error, to_do, name->full, "linkat", EEXIST);
        }
        close(there.fd);
        if (join == SR_STUCK_)
            return sr_fail_(error, SR_ACCESS_DENIED, 0,
                "Cannot %s \"%s\": a process of another user left it behind, who has to remove it.", to_do, name->full);
        if (sr_left_(give_up) == 0)
            return sr_fail_(error, SR_IN_USE, 0,
                "Cannot %s \"%s\": another process is removing it and does not finish.", to_do, name->full);
        sr_pause_(50000);
    }
}

/* The object appears under its name whole, and with a user, or not at all. An event has content, a region has none. */
static inline sr_reason sr_object_create_(sr_object_ *object, const sr_name_ *name, const char *to_do, uint64_t size,
    const sr_event_layout_ *content, sr_error *error)
{
    char self[40];
    const char *call = "posix_fallocate"; /* now, rather than a SIGBUS later */
    int code;

    sr_reason reason = sr_refuse_occupied_(name, to_do, content != NULL, error);
    if (reason != SR_OK)
        return reason;
    /* Beyond its limit the system would send the process a signal that ends it. */
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && size > limit.rlim_cur)
        return sr_fail_(error, SR_NO_SPACE, EFBIG,
            "Cannot %s \"%s\": this process may make no file of %" PRIu64 " bytes (EFBIG). Raise its limit (ulimit "
            "-f).",
            to_do, name->full, size);
    sr_object_path_(object, name);
    object->fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (object->fd < 0)
        return sr_failed_(error, to_do, name->full, "open(O_TMPFILE)", errno);
    do
        code = size > INT64_MAX ? EFBIG : posix_fallocate(object->fd, 0, (off_t)size);
    while (code == EINTR);
    if (code == 0 && content != NULL && pwrite(object->fd, content, sizeof *content, 0) != (ssize_t)sizeof *content) {
        call = "pwrite";
        code = errno;
    }
    if (code == 0
        && (fchmod(object->fd, (content == NULL ? 0600 : 0700) | S_ISVTX) != 0 || flock(object->fd, LOCK_SH | LOCK_NB) != 0
            || fstat(object->fd, &object->stat) != 0)) {
        call = "fchmod, flock or fstat";
        code = errno;
    }
    /* Not /proc/self: that leads nowhere once the main thread has ended. */
    snprintf(self, sizeof self, "/proc/thread-self/fd/%d", object->fd);
    while (code == 0 && linkat(AT_FDCWD, self, AT_FDCWD, object->path, AT_SYMLINK_FOLLOW) != 0) {
        call = "linkat";
        code = errno;
        if (code == EEXIST) {
            reason = sr_refuse_occupied_(name, to_do, content != NULL, error);
            code = reason == SR_OK ? 0 : code;
        }
    }
    if (code != 0) {
        close(object->fd);
        return reason != SR_OK ? reason : sr_failed_(error, to_do, name->full, call, code);
    }
    return SR_OK;
}

/* --- Regions on Linux ------------------------------------------------------------------------------------------ */

/* Maps what is open, or gives it back. */
static inline sr_reason sr_map_(sr_region *region, const char *name, const char *to_do, uint64_t size, sr_access access,
    uint64_t minimum_size, sr_error *error)
{
    sr_reason reason = SR_OK;
    int protection = access == SR_READ_WRITE ? PROT_READ | PROT_WRITE : PROT_READ;
    int fd = region->file_ >= 0 ? region->file_ : region->object_.fd;

    region->size = size;
    if (size == 0)
        reason =
            sr_fail_(error, SR_NOT_FOUND, 0, "Cannot %s \"%s\": its creator has not given it a size yet.", to_do, name);
    else if (size < minimum_size)
        reason = sr_too_small_(error, to_do, name, size, minimum_size);
    else {
        region->memory = mmap(NULL, (size_t)size, protection, MAP_SHARED, fd, 0);
        if (region->memory == MAP_FAILED)
            reason = sr_failed_(error, to_do, name, "mmap", errno);
    }
    if (reason != SR_OK) {
        if (region->file_ >= 0)
            close(region->file_);
        sr_object_close_(&region->object_);
    }
    return reason;
}

static inline sr_reason sr_region_create(sr_region *region, const char *name, uint64_t size, sr_error *error)
{
    static const char to_do[] = "create region";
    sr_name_ checked;
    sr_reason reason = sr_new_region_init_(&checked, name, size, error);
    if (reason != SR_OK)
        return reason;
    reason = sr_object_create_(&region->object_, &checked, to_do, size, NULL, error);
    if (reason != SR_OK)
        return reason;
    region->created = true;
    region->file_ = -1;
    return sr_map_(region, name, to_do, size, SR_READ_WRITE, size, error);
}

/*
 * Opens the file that an alias leads to. Only an alias that this user or root wrote, and that nobody else can write to,
 * is followed: another's could name any file that this process may open.
 */
static inline sr_reason sr_alias_follow_(
    sr_region *region, const char *name, sr_access access, uint64_t *size, sr_error *error)
{
    static const char to_do[] = "open region";
    sr_alias_layout_ alias;
    const struct stat *stat = &region->object_.stat;
    struct stat file;

    if ((stat->st_uid != 0 && stat->st_uid != geteuid()) || (stat->st_mode & 022) != 0)
        return sr_fail_(
            error, SR_ACCESS_DENIED, 0, "Cannot open region \"%s\": it names a file and is another user's.", name);
    if (pread(region->object_.fd, &alias, sizeof alias, 0) != (ssize_t)sizeof alias)
        return sr_failed_(error, to_do, name, "pread", errno);
    if (alias.version != 1)
        return sr_fail_(error, SR_UNSUPPORTED, 0,
            "Cannot open region \"%s\": its layout has version %" PRId32 ", this reads 1.", name, alias.version);
    if (access == SR_READ_WRITE && (alias.flags & 1) == 0)
        return sr_fail_(
            error, SR_ACCESS_DENIED, 0, "Cannot open region \"%s\": its creator maps it without writing to it.", name);
    alias.path[sizeof alias.path - 1] = '\0';
    region->file_ = open(alias.path, (access == SR_READ_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (region->file_ < 0)
        return sr_failed_(error, to_do, name, "open of its file", errno);
    /* As any user of the file; an exclusive one let us in by giving it a name. */
    flock(region->file_, LOCK_SH | LOCK_NB);
    sr_reason reason = SR_OK;
    uint64_t device_inode_differ = 1;
    if (fstat(region->file_, &file) == 0) {
        int64_t device = (int64_t)((uint64_t)major(file.st_dev) << 32 | minor(file.st_dev));
        device_inode_differ = memcmp(alias.device, &device, sizeof device) != 0 || alias.inode != file.st_ino;
    }
    if (device_inode_differ != 0)
        reason = sr_fail_(error, SR_NOT_FOUND, 0,
            "Cannot open region \"%s\": another file has taken the place of the one behind it.", name);
    else if (alias.size <= 0 || file.st_size < alias.size)
        reason = sr_fail_(error, SR_TOO_SMALL, 0, "Cannot open region \"%s\": its file was cut short.", name);
    if (reason != SR_OK)
        close(region->file_);
    *size = (uint64_t)alias.size;
    return reason;
}

static inline sr_reason sr_region_open_(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, bool own, sr_error *error)
{
    static const char to_do[] = "open region";
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, "", error);
    if (reason == SR_OK)
        reason = sr_object_open_(&region->object_, &checked, to_do, access, error);
    if (reason != SR_OK)
        return reason;
    region->created = false;
    region->file_ = -1;
    uint64_t size = (uint64_t)region->object_.stat.st_size;
    sr_kind_ kind = sr_object_kind_(&region->object_);
    if (own)
        reason = sr_object_check_own_(&region->object_, to_do, name, error);
    if (reason == SR_OK && kind == SR_KIND_EVENT_)
        reason = sr_wrong_kind_(error, to_do, name);
    else if (reason == SR_OK && kind == SR_KIND_ALIAS_)
        reason = sr_alias_follow_(region, name, access, &size, error);
    if (reason != SR_OK) {
        sr_object_close_(&region->object_);
        return reason;
    }
    return sr_map_(region, name, to_do, size, access, minimum_size, error);
}

static inline void sr_region_close(sr_region *region)
{
    munmap(region->memory, (size_t)region->size);
    if (region->file_ >= 0)
        close(region->file_);
    sr_object_close_(&region->object_);
}

/* --- Events on Linux: src/docs/linux-objects.md, "Event" ------------------------------------------------------- */

enum { SR_SIGNAL_ = 1, SR_LOOK_UP_ = 2 };

/* How often others may be faster in taking something, before it counts as taken: more than any number of users are. */
#define SR_MOST_RACES_ 100000

static inline sr_reason sr_event_map_(sr_event *event, const char *name, const char *to_do, sr_error *error)
{
    sr_reason reason = SR_OK;
    int32_t version = 0;
    void *memory = mmap(NULL, SR_EVENT_SIZE_, PROT_READ | PROT_WRITE, MAP_SHARED, event->object_.fd, 0);
    event->layout_ = (sr_event_layout_ *)memory;
    if (memory == MAP_FAILED)
        reason = sr_failed_(error, to_do, name, "mmap", errno);
    else {
        event->manual_ = (event->layout_->flags & SR_MANUAL_RESET) != 0;
        version = event->layout_->version;
    }
    if (reason == SR_OK && version != 1) {
        reason =
            sr_fail_(error, SR_UNSUPPORTED, 0, "Cannot %s \"%s\": its layout has version %" PRId32 ", this reads 1.",
                to_do, name, version);
        munmap(memory, SR_EVENT_SIZE_);
    }
    if (reason != SR_OK)
        sr_object_close_(&event->object_);
    return reason;
}

static inline sr_reason sr_event_create_(sr_event *event, const sr_name_ *name, int flags, sr_error *error)
{
    static const char to_do[] = "create event";
    sr_event_layout_ content;
    memset(&content, 0, sizeof content);
    memcpy(content.magic, sr_event_magic_, sizeof content.magic);
    content.version = 1;
    content.flags = (flags & SR_MANUAL_RESET) != 0;
    content.state = (flags & SR_INITIALLY_SET) != 0 ? SR_SIGNAL_ : 0;
    sr_reason reason = sr_object_create_(&event->object_, name, to_do, sizeof content, &content, error);
    return reason != SR_OK ? reason : sr_event_map_(event, name->full, to_do, error);
}

static inline sr_reason sr_event_open_(sr_event *event, const sr_name_ *name, bool own, sr_error *error)
{
    static const char to_do[] = "open event";
    sr_reason reason = sr_object_open_(&event->object_, name, to_do, SR_READ_WRITE, error);
    if (reason != SR_OK)
        return reason;
    if (own)
        reason = sr_object_check_own_(&event->object_, to_do, name->full, error);
    if (reason == SR_OK && sr_object_kind_(&event->object_) != SR_KIND_EVENT_)
        reason = sr_wrong_kind_(error, to_do, name->full);
    if (reason != SR_OK) {
        sr_object_close_(&event->object_);
        return reason;
    }
    return sr_event_map_(event, name->full, to_do, error);
}

/* Shared between processes: no FUTEX_PRIVATE_FLAG. */
static inline long sr_futex_(sr_event_layout_ *e, int operation, uint32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, &e->state, operation, value, timeout, NULL, 0);
}

/* Takes a release: only for a waiter that was woken, and for a setter that takes its own back. */
static inline bool sr_take_release_(sr_event_layout_ *e)
{
    for (int race = 0; race < SR_MOST_RACES_; race++) {
        uint32_t releases = sr_load32_(&e->releases);
        if ((int32_t)releases <= 0)
            return false;
        if (sr_cas32_(&e->releases, releases, releases - 1))
            return true;
    }
    return false;
}

static inline bool sr_take_signal_(sr_event_layout_ *e)
{
    for (int race = 0; race < SR_MOST_RACES_; race++) {
        uint32_t state = sr_load32_(&e->state);
        if ((state & SR_SIGNAL_) == 0)
            return false;
        if (sr_cas32_(&e->state, state, state & ~(uint32_t)SR_SIGNAL_))
            return true;
    }
    return false;
}

static inline void sr_event_set(sr_event *event)
{
    sr_event_layout_ *e = event->layout_;
    bool manual = event->manual_;
    __atomic_fetch_add(&e->releases, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&e->state, SR_LOOK_UP_, __ATOMIC_SEQ_CST);
    /* Who sleeps is let go, whatever is called next; if that took the release while nobody was woken, it is theirs. */
    if (!manual && (sr_futex_(e, FUTEX_WAKE, 1, NULL) > 0 || !sr_take_release_(e)))
        return;
    __atomic_fetch_or(&e->state, SR_SIGNAL_, __ATOMIC_SEQ_CST);
    sr_futex_(e, FUTEX_WAKE, manual ? INT32_MAX : 1, NULL);
}

static inline void sr_event_reset(sr_event *event)
{
    __atomic_fetch_and(&event->layout_->state, ~(uint32_t)SR_SIGNAL_, __ATOMIC_SEQ_CST);
}

static inline bool sr_event_await(sr_event *event, int64_t timeout)
{
    sr_event_layout_ *e = event->layout_;
    int64_t deadline = timeout == 0 ? 0 : sr_deadline_(timeout);
    uint32_t releases_before = sr_load32_(&e->releases);
    bool manual = event->manual_, woken = false;

    for (;;) {
        uint32_t state = sr_load32_(&e->state);
        if (manual) {
            if ((state & SR_SIGNAL_) != 0 || sr_load32_(&e->releases) != releases_before)
                return true;
        } else if (woken && sr_take_release_(e)) {
            if ((sr_load32_(&e->state) & SR_SIGNAL_) != 0)
                sr_futex_(e, FUTEX_WAKE, 1, NULL); /* woken for the signal, perhaps: another is to have that */
            return true;
        } else if (sr_take_signal_(e)) {
            return true;
        }
        int64_t left = sr_left_(deadline);
        if (left == 0)
            return false;
        struct timespec time;
        time.tv_sec = (time_t)(left / 1000000000);
        time.tv_nsec = (long)(left % 1000000000);
        /* Never on a word that has the signal: it may have come back since the look. */
        woken = sr_futex_(e, FUTEX_WAIT, state & ~(uint32_t)SR_SIGNAL_, left == INT64_MAX ? NULL : &time) == 0;
    }
}

static inline void sr_event_close(sr_event *event)
{
    munmap(event->layout_, SR_EVENT_SIZE_);
    sr_object_close_(&event->object_);
}
#endif

/* --- Regions and events on both -------------------------------------------------------------------------------- */

static inline sr_reason sr_region_open(
    sr_region *region, const char *name, sr_access access, uint64_t minimum_size, sr_error *error)
{
    return sr_region_open_(region, name, access, minimum_size, false, error);
}

static inline sr_reason sr_region_open_or_create_(
    sr_region *region, const char *name, uint64_t size, bool own, sr_error *error)
{
    /* The region may go and come between the two, or have no size yet; that takes nobody long. */
    int64_t give_up = sr_deadline_(SR_MILLIS(200));
    for (bool first = true;; first = false) {
        sr_reason reason = sr_region_open_(region, name, SR_READ_WRITE, size, own, error);
        if (reason != SR_NOT_FOUND || (!first && sr_left_(give_up) == 0))
            return reason;
        reason = sr_region_create(region, name, size, error);
        if (reason != SR_ALREADY_EXISTS)
            return reason;
        sr_pause_(50000);
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

/* --- Pairs: src/docs/handshake.md ------------------------------------------------------------------------------ */

enum { SR_SERVER_ = 0, SR_CLIENT_ = 1, SR_BLOCK_SIZE_ = 4096, SR_BLOCK_VERSION_ = 1 };
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
    SR_GENERATION_ = 8 /* what each registration adds */
};

/* In the turn: bit 0 is the side whose it is, the count is above bit 1. */
#define SR_TOKEN_ ((uint64_t)2)

/* How long one sleep of a wait lasts at first, and at most, before the peer's place is looked at. */
#define SR_FIRST_SLEEP_ SR_MILLIS(4)
#define SR_LONGEST_SLEEP_ SR_MILLIS(50)

/* How far apart waits look at the peer's place before they sleep, which takes a system call. */
#define SR_LOOK_ SR_MILLIS(25)

/* How often a step may find that another was faster, before it takes the block for overwritten. */
#define SR_MOST_TRIES_ 1000

/* What different processes write lies 128 bytes apart. */
typedef struct sr_place_ {
    uint64_t owner; /* process id in the upper half; on Windows its creation time below */
    uint32_t state; /* in bits 0 to 2; the generation above */
    char reserved[116];
} sr_place_;

typedef struct sr_block_ {
    uint64_t header; /* "SRPair", and the version in 16 bits */
    char reserved1[120];
    uint64_t turn;
    char reserved2[120];
    sr_place_ place[2];
} sr_block_;

static_assert(offsetof(sr_block_, turn) == 128 && offsetof(sr_block_, place) == 256 && sizeof(sr_place_) == 128,
    "as the library has it");

static inline const char *sr_side_(int side) { return side == SR_SERVER_ ? "server" : "client"; }

static inline int sr_whose_(uint64_t turn) { return (int)(turn & 1); }

/* Whether the turn is that side's without TOKEN. */
static inline bool sr_is_at_once_(uint64_t turn, int side)
{
    return sr_whose_(turn) == side && (turn & SR_TOKEN_) == 0;
}

static inline uint64_t sr_next_turn_(uint64_t turn, int side, uint64_t token)
{
    return ((turn >> 2) + 1) << 2 | token | (uint64_t)side;
}

static inline bool sr_is_registered_(uint32_t w)
{
    return (w & SR_STATE_MASK_) >= SR_ACTIVE_ && (w & SR_STATE_MASK_) <= SR_RECALLED_;
}

static inline bool sr_is_gone_(uint32_t w) { return (w & SR_STATE_MASK_) >= SR_CLOSED_; }

static inline bool sr_is_being_woken_(uint32_t w)
{
    return (w & SR_STATE_MASK_) == SR_WAKING_ || (w & SR_STATE_MASK_) == SR_WOKEN_;
}

/* Another state of the same generation. */
static inline uint32_t sr_with_(uint32_t w, uint32_t state) { return (w & ~(uint32_t)SR_STATE_MASK_) | state; }

static inline uint32_t *sr_state_(const sr_pair *pair, int side) { return &pair->block_->place[side].state; }

static inline int sr_peer_(const sr_pair *pair) { return 1 - pair->me_; }

/* Takes the token out of an event, if there is one, without sleeping. */
static inline bool sr_take_token_(sr_event *event) { return sr_event_await(event, 0); }

/*
 * Clears an event of the pair, at a moment when nobody sets it. On Linux a waiter that was killed after it was
 * woken has left its release, and so has a setter that was killed in the middle: later it would double a token.
 */
static inline void sr_clear_(sr_event *event)
{
    sr_event_reset(event);
#if !defined(_WIN32)
    sr_store32_(&event->layout_->releases, 0);
#endif
}

/* "process 1234", for messages; the owner may have left no number. */
static inline const char *sr_owner_text_(const sr_pair *pair, int side, char *text, size_t size)
{
    uint32_t id = (uint32_t)(sr_load64_(&pair->block_->place[side].owner) >> 32);
    if (id != 0)
        snprintf(text, size, "process %" PRIu32, id);
    else
        snprintf(text, size, "another process");
    return text;
}

#if defined(SR_STEPS_)
#include SR_STEPS_ /* of a test, which stops a side between two changes of the block */
#endif

/* --- Pairs: who holds a place ---------------------------------------------------------------------------------- */

#if defined(_WIN32)
/*
 * The process of that id and creation time, if it has not ended; NULL with *living if it cannot be opened. Nothing but
 * that there is no such process says that it has ended: a living one's place must not be taken for free.
 */
static inline HANDLE sr_open_owner_(uint64_t owner, bool *living)
{
    FILETIME creation, exit_time, kernel, user;
    *living = false;
    if (owner == 0)
        return NULL;
    HANDLE process = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)(owner >> 32));
    if (process == NULL) {
        *living = GetLastError() != ERROR_INVALID_PARAMETER; /* with ERROR_ACCESS_DENIED it is another user's */
        return NULL;
    }
    *living = WaitForSingleObject(process, 0) != WAIT_OBJECT_0
        && (!GetProcessTimes(process, &creation, &exit_time, &kernel, &user)
            || creation.dwLowDateTime == (DWORD)(owner & 0xffffffffu));
    if (!*living) {
        CloseHandle(process);
        process = NULL;
    }
    return process;
}

static inline bool sr_is_living_(uint64_t owner)
{
    bool living;
    HANDLE process = sr_open_owner_(owner, &living);
    if (process != NULL)
        CloseHandle(process);
    return living;
}

static inline bool sr_place_is_held_(const sr_pair *pair, int side)
{
    return sr_is_living_(sr_load64_(&pair->block_->place[side].owner));
}

static inline bool sr_place_take_(sr_pair *pair, int *code)
{
    FILETIME creation, exit_time, kernel, user;
    uint64_t *owner = &pair->block_->place[pair->me_].owner;
    *code = 0;
    if (!GetProcessTimes(GetCurrentProcess(), &creation, &exit_time, &kernel, &user)) {
        *code = (int)GetLastError();
        return false;
    }
    uint64_t mine = (uint64_t)GetCurrentProcessId() << 32 | creation.dwLowDateTime;
    /* Another may be faster, and dead at once; but not this often. */
    for (int race = 0; race < SR_MOST_TRIES_; race++) {
        uint64_t there = sr_load64_(owner);
        if (sr_is_living_(there))
            return false;
        if (sr_cas64_(owner, there, mine))
            return true;
    }
    return false;
}

static inline void sr_place_leave_(sr_pair *pair) { sr_store64_(&pair->block_->place[pair->me_].owner, 0); }
#else
static inline int sr_place_lock_(const sr_pair *pair, int side, int command, short type, struct flock *lock)
{
    memset(lock, 0, sizeof *lock);
    lock->l_type = type;
    lock->l_whence = SEEK_SET;
    lock->l_start = (off_t)offsetof(sr_block_, place) + side * (off_t)sizeof(sr_place_);
    lock->l_len = 1;
    return fcntl(pair->region_.object_.fd, command, lock);
}

static inline bool sr_place_is_held_(const sr_pair *pair, int side)
{
    struct flock lock;
    return sr_place_lock_(pair, side, F_OFD_GETLK, F_WRLCK, &lock) != 0 || lock.l_type != F_UNLCK;
}

static inline bool sr_place_take_(sr_pair *pair, int *code)
{
    struct flock lock;
    struct stat space; /* the namespace that the process id is of */
    if (sr_place_lock_(pair, pair->me_, F_OFD_SETLK, F_WRLCK, &lock) != 0) {
        *code = errno == EAGAIN || errno == EACCES ? 0 : errno;
        return false;
    }
    uint32_t inode = stat("/proc/thread-self/ns/pid", &space) == 0 ? (uint32_t)space.st_ino : 0;
    sr_store64_(&pair->block_->place[pair->me_].owner, (uint64_t)(uint32_t)getpid() << 32 | inode);
    return true;
}

static inline void sr_place_leave_(sr_pair *pair)
{
    struct flock lock;
    sr_store64_(&pair->block_->place[pair->me_].owner, 0);
    sr_place_lock_(pair, pair->me_, F_OFD_SETLK, F_UNLCK, &lock);
}
#endif

/* --- Pairs: the steps ------------------------------------------------------------------------------------------ */

/* Ends a step in which another was faster more often than a peer can be: "When the block is overwritten". */
static inline sr_reason sr_corrupt_(const sr_pair *pair, sr_error *error)
{
    return sr_fail_(error, SR_CORRUPT, 0,
        "Pair \"%s\": its control block has been overwritten by another program. Close the pair on all sides, and "
        "create it anew.",
        pair->name_);
}

/* PARKED is w: wakes the peer. False if its state has changed meanwhile. */
static inline bool sr_wake_(sr_pair *pair, uint32_t w)
{
    uint32_t *state = sr_state_(pair, sr_peer_(pair));
    if (!sr_cas32_(state, w, sr_with_(w, SR_WAKING_)))
        return false;
    sr_event_set(&pair->event_[sr_peer_(pair)]);
    sr_cas32_(state, sr_with_(w, SR_WAKING_), sr_with_(w, SR_WOKEN_));
    return true;
}

/* Signal, 2: the turn is t, the peer's; lets it know, if it does not look by itself. */
static inline sr_reason sr_notify_(sr_pair *pair, uint64_t t)
{
    int peer = sr_peer_(pair);
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        uint32_t w = sr_load32_(sr_state_(pair, peer));
        uint32_t state = w & SR_STATE_MASK_;
        if (state == SR_PARKED_) {
            if (sr_wake_(pair, w))
                return SR_OK;
        } else if (sr_is_registered_(w)) {
            return SR_OK; /* the fast path: it looks at the turn before it sleeps */
        } else if (state != SR_ABSENT_ && peer == SR_SERVER_) {
            return SR_OK; /* a plain server that comes must not find a token */
        } else if (sr_cas64_(&pair->block_->turn, t, t | SR_TOKEN_)) {
            sr_event_set(&pair->event_[peer]);
            return SR_OK;
        } else {
            /* The peer has registered since, and may have taken the turn, and left again. */
            t = sr_load64_(&pair->block_->turn);
            if (sr_whose_(t) != peer || (t & SR_TOKEN_) != 0)
                return SR_OK;
        }
    }
    return SR_CORRUPT;
}

/* Signal: I have the turn, and hand it over. */
static inline sr_reason sr_signal_(sr_pair *pair, sr_error *error)
{
    uint64_t *turn = &pair->block_->turn;
    uint64_t t = sr_next_turn_(sr_load64_acquire_(turn), sr_peer_(pair), 0);
    pair->turn_is_mine_ = false;
    sr_store64_(turn, t);
    if (sr_notify_(pair, t) == SR_OK)
        return SR_OK;
    pair->turn_is_mine_ = sr_is_at_once_(sr_load64_(turn), pair->me_);
    return sr_corrupt_(pair, error);
}

/* Accept, with a hand-over in hand: whether the turn is mine now. */
static inline sr_reason sr_accept_(sr_pair *pair, bool *mine)
{
    uint64_t *turn = &pair->block_->turn;
    uint32_t *peer = sr_state_(pair, sr_peer_(pair));
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        uint64_t t = sr_load64_(turn);
        uint32_t w = sr_load32_(peer);
        bool from_plain_peer = sr_whose_(t) != pair->me_;
        *mine = sr_is_at_once_(t, pair->me_);
        if (*mine)
            return SR_OK;
        if (from_plain_peer && (t & SR_TOKEN_) == 0 && sr_is_registered_(w))
            return SR_OK; /* the token says nothing */
        if (!sr_cas64_(turn, t, sr_next_turn_(t, pair->me_, 0)))
            continue;
        if (from_plain_peer && sr_is_gone_(w))
            sr_cas32_(peer, w, sr_with_(w, SR_ABSENT_));
        *mine = true;
        return SR_OK;
    }
    return SR_CORRUPT;
}

/*
 * While a wake-up is being put into E(me): a moment, between two instructions of the peer, or until the successor of
 * one that was killed there has said so. False if the peer does not go on in this time: it is stopped.
 */
static inline bool sr_await_waker_(sr_pair *pair, int64_t give_up)
{
    for (int i = 0; (sr_load32_(sr_state_(pair, pair->me_)) & SR_STATE_MASK_) == SR_WAKING_; i++) {
        if (give_up > 0 && i < 1000) {
            sr_relax_();
            continue;
        }
        if (!sr_place_is_held_(pair, sr_peer_(pair)))
            return true;
        if (sr_left_(give_up) == 0)
            return false;
        sr_pause_(50000);
    }
    return true;
}

/*
 * Settle: takes a wake-up that I have not slept to see. SR_IN_USE if the peer is in the middle of it, and does not go
 * on in this time: then it stays for the next sleep.
 */
static inline sr_reason sr_settle_wake_up_(sr_pair *pair, int64_t give_up)
{
    uint32_t *state = sr_state_(pair, pair->me_);
    bool mine;
    if (sr_load32_(state) == pair->active_)
        return SR_OK;
    if (!sr_await_waker_(pair, give_up))
        return SR_IN_USE;
    if ((sr_load32_(state) & SR_STATE_MASK_) == SR_WAKING_)
        sr_clear_(&pair->event_[pair->me_]); /* it died there, perhaps in the middle of setting the event */
    bool taken = sr_take_token_(&pair->event_[pair->me_]);
    /* If a peer that left has taken its wake-up back, this was not that, but a hand-over. */
    bool recalled = (sr_exchange32_(state, pair->active_) & SR_STATE_MASK_) == SR_RECALLED_;
    return recalled && taken ? sr_accept_(pair, &mine) : SR_OK;
}

/* Unpark: from PARKED to ACTIVE; a wake-up that is on its way must not be left behind without a state that says so. */
static inline sr_reason sr_unpark_(sr_pair *pair)
{
    if (sr_cas32_(sr_state_(pair, pair->me_), sr_with_(pair->active_, SR_PARKED_), pair->active_))
        return SR_OK;
    sr_reason reason = sr_settle_wake_up_(pair, sr_deadline_(SR_MILLIS(20)));
    return reason == SR_IN_USE ? SR_OK : reason;
}

/* Hand over again, as the server, a turn t that is the client's, who may not know. *done: whether it was t still. */
static inline sr_reason sr_hand_over_again_(sr_pair *pair, uint64_t t, bool *done)
{
    uint64_t next = sr_next_turn_(t, SR_CLIENT_, 0);
    bool taken = sr_take_token_(&pair->event_[SR_CLIENT_]);
    *done = sr_cas64_(&pair->block_->turn, t, next);
    if (*done)
        return sr_notify_(pair, next);
    /* A client that left has counted it up, and a plain one is to find the token; but not who has it without. */
    t = sr_load64_(&pair->block_->turn);
    if (taken && sr_whose_(t) == SR_CLIENT_ && (t & SR_TOKEN_) != 0)
        sr_event_set(&pair->event_[SR_CLIENT_]);
    return SR_OK;
}

/* Bury: state(peer) was w, registered, and then its place was found not held. */
static inline sr_reason sr_bury_(sr_pair *pair, uint32_t w)
{
    /* The turn before the state: once that is DEAD a successor may come, and nothing of this may go through. */
    uint64_t t = sr_load64_(&pair->block_->turn);
    bool mine = sr_whose_(t) == pair->me_, done;

    /* A wake-up for the dead one may be in its event, which only I set. Who comes once it is DEAD must not find it. But
       the acknowledgement of a plain client before me, for the next server, stays. */
    if (pair->me_ == SR_SERVER_ || !mine || (t & SR_TOKEN_) == 0)
        sr_clear_(&pair->event_[sr_peer_(pair)]);
    if (!sr_cas32_(sr_state_(pair, sr_peer_(pair)), w, sr_with_(w, SR_DEAD_)))
        return SR_OK; /* it has a successor */
    /* Whoever comes finds the turn that nobody has acknowledged. */
    return pair->me_ == SR_SERVER_ && !mine ? sr_hand_over_again_(pair, t, &done) : SR_OK;
}

/* The client's turn t, of which nobody knows: a plain client that comes finds it. */
static inline void sr_leave_turn_with_plain_client_(sr_pair *pair, uint64_t t)
{
    if (sr_cas64_(&pair->block_->turn, t, sr_next_turn_(t, SR_CLIENT_, SR_TOKEN_)))
        sr_event_set(&pair->event_[SR_CLIENT_]);
}

/* Gone: state(peer) is w, CLOSED or DEAD. */
static inline sr_reason sr_gone_(sr_pair *pair, uint32_t w, sr_error *error)
{
    int peer = sr_peer_(pair);
    bool mine = false;
    char owner[32];

    if (sr_take_token_(&pair->event_[pair->me_]) && sr_accept_(pair, &mine) != SR_OK)
        return sr_corrupt_(pair, error);
    uint64_t t = sr_load64_(&pair->block_->turn);
    if (mine || sr_is_at_once_(t, pair->me_))
        return SR_OK;
    if (peer == SR_CLIENT_ && sr_is_at_once_(t, peer) && !sr_place_is_held_(pair, peer))
        sr_leave_turn_with_plain_client_(pair, t);
    if ((w & SR_STATE_MASK_) == SR_CLOSED_)
        return sr_fail_(error, SR_CLOSED, 0, "Pair \"%s\": the %s has closed it.", pair->name_, sr_side_(peer));
    return sr_fail_(error, SR_PEER_DIED, 0, "Pair \"%s\": the %s, %s, has died.", pair->name_, sr_side_(peer),
        sr_owner_text_(pair, peer, owner, sizeof owner));
}

/*
 * Await, 4: looks at the turn for the spin time: whether it is not t any more. Where that has been in vain 8 times in a
 * row, because the peer is slow or has no processor, it is tried only every 64th time.
 */
static inline bool sr_spin_(sr_pair *pair, uint64_t t, uint32_t w, int64_t deadline)
{
    int peer = sr_peer_(pair);
    if (pair->spin_ == 0 || (pair->misses_ >= 8 && (++pair->skipped_ & 63) != 0))
        return false;
    int64_t now = sr_now(), until = deadline - now < pair->spin_ ? deadline : now + pair->spin_;
    int64_t look = now + SR_LONGEST_SLEEP_;
    do {
        for (int i = 0; i < 64; i++) {
            if (sr_load64_acquire_(&pair->block_->turn) != t) {
                pair->misses_ = 0;
                return true;
            }
            sr_relax_();
        }
        now = sr_now();
        if (now >= look) {
            /* Who has asked to look for so long is to see a death in time too. */
            if (!sr_place_is_held_(pair, peer))
                return false;
            look = now + SR_LONGEST_SLEEP_;
        }
    } while (now < until && sr_load32_(sr_state_(pair, peer)) == w);
    pair->misses_++;
    return false;
}

/* Sleeps on E(me), on Windows no longer than the peer's process lives: whether it took a token. */
static inline bool sr_sleep_(sr_pair *pair, bool needs_peer, int64_t nanos)
{
#if defined(_WIN32)
    if (needs_peer) {
        HANDLE handles[2];
        uint64_t owner = sr_load64_(&pair->block_->place[sr_peer_(pair)].owner);
        if (owner != pair->process_owner_) {
            bool living;
            if (pair->process_ != NULL)
                CloseHandle(pair->process_);
            pair->process_ = sr_open_owner_(owner, &living);
            pair->process_owner_ = owner;
        }
        handles[0] = pair->event_[pair->me_].handle_;
        handles[1] = pair->process_;
        return sr_wait_(pair->process_ != NULL ? 2 : 1, handles, nanos);
    }
#endif
    (void)needs_peer;
    return sr_event_await(&pair->event_[pair->me_], nanos);
}

/*
 * Await, 6 and 7. A wake-up that is not settled, as the peer is stopped in the middle of it, is one of this sleep.
 * Unless *mine becomes true, the caller has to look again.
 */
static inline sr_reason sr_park_(
    sr_pair *pair, uint64_t t, uint32_t w, bool settled, int64_t deadline, bool *mine)
{
    uint32_t *me = sr_state_(pair, pair->me_), *peer = sr_state_(pair, sr_peer_(pair));
    uint64_t *turn = &pair->block_->turn;
    bool parks = sr_whose_(t) != pair->me_; /* otherwise the hand-over is in the event, or will be in a moment */
    uint32_t asleep = sr_with_(pair->active_, !settled ? SR_WAKING_ : parks ? SR_PARKED_ : SR_ACTIVE_);
    /* A peer that is in the middle of waking me may have said that it leaves. */
    bool registered = sr_is_registered_(w), needs_peer = registered || !settled;

    if (parks && settled) {
        /* I3: the signaller writes the turn, then reads this state; in any order one of us sees the other. */
        sr_store32_(me, asleep);
        if (sr_load64_(turn) != t || sr_load32_(peer) != w)
            return sr_unpark_(pair);
    }
    for (int64_t slice = SR_FIRST_SLEEP_;; slice = slice * 4 < SR_LONGEST_SLEEP_ ? slice * 4 : SR_LONGEST_SLEEP_) {
        int64_t left = sr_left_(deadline);
        if (sr_sleep_(pair, needs_peer, left < slice ? left : slice)) {
            bool wake_up = sr_is_being_woken_(sr_exchange32_(me, pair->active_));
            return wake_up ? SR_OK : sr_accept_(pair, mine);
        }
        if (sr_load32_(me) != asleep || sr_load64_(turn) != t || sr_load32_(peer) != w || sr_left_(deadline) == 0)
            return sr_unpark_(pair);
        if (needs_peer && !sr_place_is_held_(pair, sr_peer_(pair))) {
            sr_reason reason = sr_unpark_(pair);
            return reason == SR_OK && registered ? sr_bury_(pair, w) : reason;
        }
    }
}

/* Await, 5: whether it is time to look at the place of the peer, registered as w, and nobody holds it. */
static inline bool sr_has_died_(sr_pair *pair, uint32_t w)
{
    int64_t now = sr_now();
    if (!sr_is_registered_(w) || now - pair->looked_ < SR_LOOK_)
        return false;
    pair->looked_ = now;
    return !sr_place_is_held_(pair, sr_peer_(pair));
}

static inline sr_reason sr_timed_out_(const sr_pair *pair, sr_error *error)
{
    return sr_fail_(error, SR_TIMED_OUT, 0, "Pair \"%s\": the %s has not signalled in time.", pair->name_,
        sr_side_(sr_peer_(pair)));
}

/* Await: until I have the turn. */
static inline sr_reason sr_await_(sr_pair *pair, int64_t timeout, sr_error *error)
{
    const uint64_t *turn = &pair->block_->turn;
    sr_event *event = &pair->event_[pair->me_];
    int64_t deadline = -1; /* not known yet: who has the turn at once needs no clock */
    bool spun = timeout == 0, mine = false;

    for (unsigned looks = 0; !mine; looks++) {
        uint64_t t = sr_load64_acquire_(turn);
        bool token = (t & SR_TOKEN_) != 0, done;
        if (sr_is_at_once_(t, pair->me_))
            break;
        if (deadline < 0)
            deadline = sr_deadline_(timeout);
        if (looks > SR_MOST_TRIES_ && sr_left_(deadline) == 0)
            return sr_timed_out_(pair, error);
        uint32_t w = sr_load32_(sr_state_(pair, sr_peer_(pair)));
        /* A wake-up that is left must not be taken for a hand-over. One that a stopped peer is still in the middle of
           keeps this side from anything but sleep. */
        sr_reason reason = sr_settle_wake_up_(pair, 0);
        bool settled = reason == SR_OK;
        if (reason == SR_CORRUPT)
            return sr_corrupt_(pair, error);
        reason = SR_OK;
        if (settled && sr_is_gone_(w)) {
            reason = sr_gone_(pair, w, error);
            if (reason != SR_OK)
                return reason;
            break;
        }
        bool hears_by_memory = !token && sr_whose_(t) != pair->me_ && sr_is_registered_(w);
        if (settled && sr_whose_(t) == SR_CLIENT_ && pair->me_ == SR_SERVER_ && token && sr_is_registered_(w)) {
            /* A client that has registered meanwhile needs no token; one that died may have taken it along. */
            reason = sr_take_token_(event) ? sr_accept_(pair, &mine) : sr_hand_over_again_(pair, t, &done);
        } else if (hears_by_memory && !spun && (spun = true) && sr_spin_(pair, t, w, deadline)) {
            continue;
        } else if (sr_has_died_(pair, w)) {
            reason = sr_bury_(pair, w);
        } else if (sr_left_(deadline) > 0) {
            reason = sr_park_(pair, t, w, settled, deadline, &mine);
        } else {
            /* The time is up. If I am ACTIVE, nobody wakes me: a token that is here is a hand-over. */
            if (settled && !hears_by_memory && sr_take_token_(event))
                reason = sr_accept_(pair, &mine);
            if (reason == SR_OK && !mine && !sr_is_at_once_(sr_load64_acquire_(turn), pair->me_))
                return sr_timed_out_(pair, error);
        }
        if (reason != SR_OK)
            return sr_corrupt_(pair, error);
    }
    pair->turn_is_mine_ = true;
    return SR_OK;
}

/* Register, 1: what my state was before I came. */
static inline sr_reason sr_enter_(sr_pair *pair, uint32_t *before, sr_error *error)
{
    uint32_t *me = sr_state_(pair, pair->me_);
    int64_t give_up = sr_deadline_(SR_SECONDS(1));
    char owner[32];
    for (int tries = 0; tries < SR_MOST_TRIES_; tries++) {
        if (!sr_await_waker_(pair, give_up))
            return sr_fail_(error, SR_IN_USE, 0, "Pair \"%s\": the %s, %s, is stopped in the middle of a signal.",
                pair->name_, sr_side_(sr_peer_(pair)), sr_owner_text_(pair, sr_peer_(pair), owner, sizeof owner));
        uint32_t w = *before = sr_load32_(me);
        pair->active_ = sr_with_(w + SR_GENERATION_, SR_ACTIVE_);
        if (!sr_is_being_woken_(w)) {
            if (sr_cas32_(me, w, pair->active_))
                return SR_OK;
        } else if (sr_cas32_(me, w, sr_with_(pair->active_, SR_WOKEN_))) {
            /* The wake-up for my predecessor may be there. WOKEN says so to my successor, if I die here. */
            sr_clear_(&pair->event_[pair->me_]);
            sr_store32_(me, pair->active_);
            return SR_OK;
        }
    }
    return sr_corrupt_(pair, error);
}

/*
 * Register, 3: takes the turn if a predecessor has left it, or died with it; hands it over again if one may have died
 * over that.
 */
static inline sr_reason sr_take_over_(sr_pair *pair, uint32_t before)
{
    uint64_t *turn = &pair->block_->turn;
    bool is_server = pair->me_ == SR_SERVER_, acknowledged = false, done = false;
    for (int tries = 0; !done; tries++) {
        sr_reason reason = SR_OK;
        uint64_t t = sr_load64_(turn);
        bool token = (t & SR_TOKEN_) != 0;
        if (tries == SR_MOST_TRIES_)
            return SR_CORRUPT;
        if (sr_whose_(t) == pair->me_ && (is_server || !token)) {
            done = sr_cas64_(turn, t, sr_next_turn_(t, pair->me_, 0));
            if (done)
                sr_clear_(&pair->event_[pair->me_]);
        } else if (!is_server || sr_whose_(t) == pair->me_ || !sr_is_registered_(before)) {
            done = true;
        } else if (token) {
            /* A plain client may have acknowledged. */
            acknowledged = sr_take_token_(&pair->event_[SR_SERVER_]) || acknowledged;
            if (acknowledged)
                done = sr_cas64_(turn, t, sr_next_turn_(t, SR_SERVER_, 0));
            else
                reason = sr_hand_over_again_(pair, t, &done);
        } else {
            reason = sr_notify_(pair, t);
            done = true;
        }
        if (reason != SR_OK)
            return reason;
    }
    return SR_OK;
}

/* Register: I hold the place, and the events are open. */
static inline sr_reason sr_register_(sr_pair *pair, sr_error *error)
{
    uint64_t *turn = &pair->block_->turn;
    uint32_t *peer = sr_state_(pair, sr_peer_(pair));
    sr_event *written = &pair->event_[SR_CLIENT_];
    uint32_t before = 0;

    sr_reason reason = sr_enter_(pair, &before, error);
    if (reason != SR_OK)
        return reason;
    uint32_t peers = sr_load32_(peer);
    if ((peers & SR_STATE_MASK_) == SR_WAKING_) {
        sr_clear_(&pair->event_[sr_peer_(pair)]);
        sr_cas32_(peer, peers, sr_with_(peers, SR_WOKEN_)); /* my predecessor died in the middle of waking it */
    }
    if (sr_take_over_(pair, before) != SR_OK)
        return sr_corrupt_(pair, error);
    if (pair->me_ != SR_SERVER_)
        return SR_OK;
    uint64_t t = sr_load64_(turn);
    if (sr_whose_(t) == SR_SERVER_ && !sr_is_registered_(before) && !sr_is_registered_(sr_load32_(peer))
        && sr_take_token_(written)) {
        /* A plain server has written what nobody has read yet. */
        sr_cas64_(turn, t, sr_next_turn_(t, SR_CLIENT_, SR_TOKEN_));
        sr_event_set(written);
    }
    pair->turn_is_mine_ = sr_is_at_once_(sr_load64_(turn), SR_SERVER_);
    return SR_OK;
}

/* Leave, 1 and 2: whether the turn t is one that a plain client would have to be told of, and nobody else will. */
static inline bool sr_nobody_knows_(const sr_pair *pair, uint64_t t)
{
    uint32_t w = sr_load32_(sr_state_(pair, sr_peer_(pair)));
    return sr_is_at_once_(t, SR_CLIENT_)
        && (pair->me_ == SR_SERVER_ ? !sr_is_registered_(w) : (w & SR_STATE_MASK_) == SR_ABSENT_);
}

/* Leave, 4: takes a wake-up back from a sleeper that does not stir: a plain successor's signal would be one with it. */
static inline void sr_await_wake_up_taken_(sr_pair *pair, uint32_t woken)
{
    int peer = sr_peer_(pair);
    uint32_t *state = sr_state_(pair, peer);
    int64_t give_up = sr_deadline_(SR_SECONDS(1));
    while (sr_load32_(state) == woken && sr_place_is_held_(pair, peer)) {
        if (sr_left_(give_up) == 0) {
            if (sr_take_token_(&pair->event_[peer]))
                sr_cas32_(state, woken, sr_with_(woken, SR_RECALLED_));
            return;
        }
        sr_pause_(50000);
    }
}

/* Leave: I close in order; if the peer or the block does not let me, as if I had died here. */
static inline void sr_leave_(sr_pair *pair)
{
    uint64_t *turn = &pair->block_->turn;
    uint32_t *me = sr_state_(pair, pair->me_);
    bool is_server = pair->me_ == SR_SERVER_;
    int tries = 0;
    uint64_t t;

    if (sr_settle_wake_up_(pair, sr_deadline_(SR_SECONDS(1))) != SR_OK)
        return;
    do {
        if (tries++ == SR_MOST_TRIES_)
            return;
        /* As ACTIVE still: a death in the middle is a burial's to mend. */
        sr_store32_(me, pair->active_);
        t = sr_load64_(turn);
        if (sr_nobody_knows_(pair, t))
            sr_leave_turn_with_plain_client_(pair, t);
        sr_store32_(me, sr_with_(pair->active_, SR_CLOSED_));
        t = sr_load64_(turn);
    } while (is_server && sr_nobody_knows_(pair, t)); /* the client left at the same time */
    while (!is_server && sr_whose_(t) == SR_CLIENT_ && (t & SR_TOKEN_) != 0
           && !sr_cas64_(turn, t, sr_next_turn_(t, SR_CLIENT_, SR_TOKEN_))) {
        if (tries++ == SR_MOST_TRIES_)
            return;
        t = sr_load64_(turn); /* a server must not mend it for me any more */
    }
    uint32_t w = sr_load32_(sr_state_(pair, sr_peer_(pair)));
    if ((w & SR_STATE_MASK_) == SR_PARKED_ && (t & SR_TOKEN_) == 0)
        sr_wake_(pair, w);
    sr_await_wake_up_taken_(pair, sr_with_(w, SR_WOKEN_));
}

/* --- Pairs: opening and closing -------------------------------------------------------------------------------- */

static const char *const sr_suffix_[2] = {".read", ".written"};

/*
 * Opens the control block, or creates it, and checks it. One that is not to be created and is blank may be another
 * program's region, and counts as none.
 */
static inline sr_reason sr_block_open_(sr_pair *pair, const char *to_do, bool create, sr_error *error)
{
    sr_name_ name;
    char header[8];
    uint64_t wanted, there;
    uint16_t version = SR_BLOCK_VERSION_;

    sr_reason reason = sr_name_init_(&name, pair->name_, ".pair", error);
    if (reason == SR_OK && create)
        reason = sr_region_open_or_create_(
            &pair->region_, name.full, SR_BLOCK_SIZE_, pair->me_ == SR_SERVER_, error);
    else if (reason == SR_OK)
        reason = sr_region_open(&pair->region_, name.full, SR_READ_WRITE, SR_BLOCK_SIZE_, error);
    if (reason != SR_OK)
        return reason;
    pair->block_ = (sr_block_ *)pair->region_.memory;
    memcpy(header, "SRPair", 6);
    memcpy(header + 6, &version, sizeof version);
    memcpy(&wanted, header, sizeof wanted);
    if (create)
        sr_cas64_(&pair->block_->header, 0, wanted);
    there = sr_load64_(&pair->block_->header);
    memcpy(header, &there, sizeof there);
    memcpy(&version, header + 6, sizeof version);
    if (there == 0)
        reason = SR_NOT_FOUND;
    else if (memcmp(header, "SRPair", 6) != 0)
        reason = sr_fail_(error, SR_WRONG_KIND, 0, "Cannot %s \"%s\": the region \"%s\" is not its own.", to_do,
            pair->name_, name.full);
    else if (there != wanted)
        reason = sr_fail_(error, SR_UNSUPPORTED, 0, "Cannot %s \"%s\": its layout has version %u, this reads %d.",
            to_do, pair->name_, (unsigned)version, SR_BLOCK_VERSION_);
    if (reason != SR_OK)
        sr_region_close(&pair->region_);
    return reason;
}

/* Takes the place in the block, or gives the block back. */
static inline sr_reason sr_block_enter_(sr_pair *pair, const char *to_do, sr_error *error)
{
    int code;
    char owner[32];
    if (sr_place_take_(pair, &code))
        return SR_OK;
    sr_reason reason = code != 0
        ? sr_failed_(error, to_do, pair->name_, "taking the place in it", code)
        : sr_fail_(error, pair->me_ == SR_SERVER_ ? SR_ALREADY_EXISTS : SR_IN_USE, 0, "Cannot %s \"%s\": %s is its %s.",
            to_do, pair->name_, sr_owner_text_(pair, pair->me_, owner, sizeof owner), sr_side_(pair->me_));
    sr_region_close(&pair->region_);
    return reason;
}

/* Opens an event of the pair that exists. */
static inline sr_reason sr_pair_event_open_(sr_pair *pair, int side, sr_error *error)
{
    sr_name_ name;
    sr_event *event = &pair->event_[side];
    sr_reason reason = sr_name_init_(&name, pair->name_, sr_suffix_[side], error);
    if (reason == SR_OK)
        reason = sr_event_open_(event, &name, pair->me_ == SR_SERVER_, error);
#if !defined(_WIN32)
    if (reason == SR_OK && event->manual_) {
        sr_event_close(event);
        reason = sr_fail_(error, SR_WRONG_KIND, 0,
            "Cannot use event \"%s\" in a pair: it resets manually, and would let each side go again and again. Have "
            "its creator make it an auto-reset event.",
            name.full);
    }
#endif
    return reason;
}

/*
 * Open, as the server, 3: creates an event, or opens the one that a client has, registered or not. One that is there
 * without a client may be about to go: the system closes what a process that was ended had open one after the other.
 */
static inline sr_reason sr_pair_event_create_(sr_pair *pair, int side, sr_error *error)
{
    sr_name_ name;
    int64_t give_up = sr_deadline_(SR_SECONDS(1));
    sr_reason reason = sr_name_init_(&name, pair->name_, sr_suffix_[side], error);
    while (reason == SR_OK) {
        if (sr_place_is_held_(pair, SR_CLIENT_)) {
            sr_reason found = sr_pair_event_open_(pair, side, error);
            if (found != SR_NOT_FOUND)
                return found;
        }
        sr_reason made = sr_event_create_(&pair->event_[side], &name, SR_AUTO_RESET, error);
        if (made != SR_ALREADY_EXISTS)
            return made;
        if (sr_left_(give_up) == 0)
            return sr_fail_(error, SR_ALREADY_EXISTS, error == NULL ? 0 : error->code,
                "Cannot create pair \"%s\": event \"%s\" exists, and no client that uses this library has it. If a "
                "server has it, open the pair instead, or choose another name.",
                pair->name_, name.full);
        sr_pause_(50000);
    }
    return reason;
}

/* Both events, or neither. A client looks for "written" first, which servers make last: then both are there. */
static inline sr_reason sr_pair_events_(sr_pair *pair, sr_error *error)
{
    for (int i = 0; i < 2; i++) {
        int side = i == 0 ? pair->me_ : sr_peer_(pair); /* E(server) is "read" */
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
    sr_place_leave_(pair);
    sr_region_close(&pair->region_);
}

/* The events before the place: a server that finds the events of a client finds its place held. */
static inline void sr_pair_give_back_(sr_pair *pair)
{
    sr_event_close(&pair->event_[SR_CLIENT_]);
    sr_event_close(&pair->event_[SR_SERVER_]);
    sr_place_give_back_(pair);
}

static inline sr_reason sr_pair_init_(sr_pair *pair, const char *name, int me, int64_t spin, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, sr_suffix_[SR_CLIENT_], error); /* the longest one */
    if (reason != SR_OK)
        return reason;
    memset(pair, 0, sizeof *pair);
    memcpy(pair->name_, name, strlen(name) + 1);
    pair->me_ = me;
    pair->spin_ = !sr_has_processors_() ? 0 : spin < 0 ? 50000 : spin;
    return SR_OK;
}

/* Open, the steps after the block; gives everything back if one fails. */
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

/* Open, as the client: once. The block is made only beside the event of a server that knows no block. */
static inline sr_reason sr_pair_try_open_(sr_pair *pair, sr_error *error)
{
    static const char to_do[] = "open pair";
    sr_reason reason = sr_block_open_(pair, to_do, false, error);
    if (reason == SR_NOT_FOUND) {
        reason = sr_pair_event_open_(pair, SR_CLIENT_, error);
        if (reason != SR_OK)
            return reason;
        /* Only looked at: a server refuses an event that is held without the client's place. */
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
    while ((reason = sr_pair_try_open_(pair, error)) == SR_NOT_FOUND && sr_left_(deadline) > 0)
        sr_pause_(sr_left_(deadline) < SR_MILLIS(20) ? sr_left_(deadline) : SR_MILLIS(20));
    return reason != SR_NOT_FOUND ? reason
                                  : sr_fail_(error, reason, error == NULL ? 0 : error->code,
                                      "Cannot open pair \"%s\": there is none. Start its server first.", name);
}

static inline void sr_pair_close(sr_pair *pair)
{
    sr_leave_(pair);
#if defined(_WIN32)
    if (pair->process_ != NULL)
        CloseHandle(pair->process_);
#endif
    sr_pair_give_back_(pair);
}

/* --- Pairs: taking turns --------------------------------------------------------------------------------------- */

static inline bool sr_pair_has_turn(const sr_pair *pair) { return pair->turn_is_mine_; }

static inline sr_reason sr_check_turn_(const sr_pair *pair, int side, bool mine, const char *call, sr_error *error)
{
    if (pair->me_ != side)
        return sr_fail_(error, SR_OUT_OF_TURN, 0, "Pair \"%s\": %s is for the %s.", pair->name_, call, sr_side_(side));
    if (pair->turn_is_mine_ != mine)
        return sr_fail_(error, SR_OUT_OF_TURN, 0, "Pair \"%s\": %s, but it is %s turn.", pair->name_, call,
            mine ? "the peer's" : "this side's");
    return SR_OK;
}

static inline sr_reason sr_pair_signal_written(sr_pair *pair, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_SERVER_, true, "signal_written", error);
    return reason != SR_OK ? reason : sr_signal_(pair, error);
}

static inline sr_reason sr_pair_await_read(sr_pair *pair, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_SERVER_, false, "await_read", error);
    return reason != SR_OK ? reason : sr_await_(pair, timeout, error);
}

static inline sr_reason sr_pair_await_written(sr_pair *pair, int64_t timeout, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_CLIENT_, false, "await_written", error);
    return reason != SR_OK ? reason : sr_await_(pair, timeout, error);
}

static inline sr_reason sr_pair_signal_read(sr_pair *pair, sr_error *error)
{
    sr_reason reason = sr_check_turn_(pair, SR_CLIENT_, true, "signal_read", error);
    return reason != SR_OK ? reason : sr_signal_(pair, error);
}

#endif
