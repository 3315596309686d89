/* sharedregion: errors, time, atomics and names, for all parts. */
#ifndef SHAREDREGION_BASE_H
#define SHAREDREGION_BASE_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

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

/*
 * The failure of a system call. TO_DO is what was wanted of the object NAME, such as "open region". The hints are those
 * of the Java library.
 */
static inline sr_reason sr_failed_(sr_error *error, const char *to_do, const char *name, const char *call, int code)
{
    static const char choose_name[] = "Open it instead, or choose another name";
    static const char ask_less[] = "Ask for less, or free some memory or disk space";
    static const char close_some[] = "Close regions and events that are no longer used, or raise the limit";
    static const char ask_or_grant[] = "Ask for less access, or have the owner grant this user more";
    static const struct {
        int code;
        sr_reason reason;
        const char *name;
        const char *hint;
    } known[] = {
#if defined(_WIN32)
        {ERROR_FILE_NOT_FOUND, SR_NOT_FOUND, "ERROR_FILE_NOT_FOUND",
            "Start the process that creates it first, or check the Local\\ or Global\\ prefix"},
        {ERROR_PATH_NOT_FOUND, SR_NOT_FOUND, "ERROR_PATH_NOT_FOUND", "Check the name or the path"},
        {ERROR_ALREADY_EXISTS, SR_ALREADY_EXISTS, "ERROR_ALREADY_EXISTS", choose_name},
        {ERROR_ACCESS_DENIED, SR_ACCESS_DENIED, "ERROR_ACCESS_DENIED", ask_or_grant},
        {ERROR_INVALID_HANDLE, SR_WRONG_KIND, "ERROR_INVALID_HANDLE",
            "Choose another name: this one belongs to another kind of object"},
        {ERROR_NOT_ENOUGH_MEMORY, SR_NO_SPACE, "ERROR_NOT_ENOUGH_MEMORY", ask_less},
        {ERROR_OUTOFMEMORY, SR_NO_SPACE, "ERROR_OUTOFMEMORY", ask_less},
        {ERROR_BAD_EXE_FORMAT, SR_WRONG_KIND, "ERROR_BAD_EXE_FORMAT",
            "Choose another name: this one belongs to the image of a program"},
        {ERROR_NOT_ENOUGH_QUOTA, SR_NO_SPACE, "ERROR_NOT_ENOUGH_QUOTA",
            "Ask for less, or raise the memory limit of this process or its job"},
        {ERROR_NO_SYSTEM_RESOURCES, SR_NO_SPACE, "ERROR_NO_SYSTEM_RESOURCES", ask_less},
        {ERROR_COMMITMENT_LIMIT, SR_NO_SPACE, "ERROR_COMMITMENT_LIMIT", ask_less},
        {ERROR_DISK_FULL, SR_NO_SPACE, "ERROR_DISK_FULL", ask_less},
        {ERROR_TOO_MANY_OPEN_FILES, SR_TOO_MANY_OPEN, "ERROR_TOO_MANY_OPEN_FILES", close_some},
        {ERROR_INVALID_NAME, SR_BAD_NAME, "ERROR_INVALID_NAME", "Check the name or the path"},
        {ERROR_FILENAME_EXCED_RANGE, SR_BAD_NAME, "ERROR_FILENAME_EXCED_RANGE", "Shorten the name"},
#else
        {ENOENT, SR_NOT_FOUND, "ENOENT", "Start the process that creates it first"},
        {EEXIST, SR_ALREADY_EXISTS, "EEXIST", choose_name},
        {EACCES, SR_ACCESS_DENIED, "EACCES", ask_or_grant},
        {EPERM, SR_ACCESS_DENIED, "EPERM", "Run as the user who owns it"},
        {EROFS, SR_ACCESS_DENIED, "EROFS", "Ask for SR_READ_ONLY access"},
        {EISDIR, SR_WRONG_KIND, "EISDIR", "Give a regular file: this is a directory"},
        {ELOOP, SR_WRONG_KIND, "ELOOP", "Choose another name, or remove the symbolic link that has it"},
        {ENXIO, SR_WRONG_KIND, "ENXIO", "Give a regular file: this is a device, pipe or socket"},
        {ENOMEM, SR_NO_SPACE, "ENOMEM", ask_less},
        {ENOSPC, SR_NO_SPACE, "ENOSPC",
            "Ask for less, or free some memory or disk space (df shows how much is free; a container's /dev/shm is "
            "small by default)"},
        {EFBIG, SR_NO_SPACE, "EFBIG", ask_less},
        {EOVERFLOW, SR_NO_SPACE, "EOVERFLOW", ask_less},
        {EMFILE, SR_TOO_MANY_OPEN, "EMFILE", close_some},
        {ENFILE, SR_TOO_MANY_OPEN, "ENFILE", close_some},
        {ENOLCK, SR_TOO_MANY_OPEN, "ENOLCK", close_some},
        {ENAMETOOLONG, SR_BAD_NAME, "ENAMETOOLONG", "Shorten the name"},
        {EOPNOTSUPP, SR_UNSUPPORTED, "EOPNOTSUPP", "Mount a file system there that supports this, such as tmpfs"},
        {ENOSYS, SR_UNSUPPORTED, "ENOSYS", "Use Linux 4.11 or newer, outside a sandbox that forbids it"},
#endif
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return sr_fail_(error, known[i].reason, code, "Cannot %s \"%s\": %s failed with %s (%d). %s.", to_do, name,
                call, known[i].name, code, known[i].hint);
    return sr_fail_(error, SR_SYSTEM_ERROR, code,
        "Cannot %s \"%s\": %s failed with error %d. Look the code up in the system's documentation.", to_do, name,
        call, code);
}

/* The failure for an object of this name that exists. WHICH describes the object. */
static inline sr_reason sr_exists_(sr_error *error, const char *to_do, const char *name, const char *which)
{
#if defined(_WIN32)
    int code = ERROR_ALREADY_EXISTS;
#else
    int code = EEXIST;
#endif
    return sr_fail_(error, SR_ALREADY_EXISTS, code,
        "Cannot %s \"%s\": it exists (%s). Open it instead, or choose another name.", to_do, name, which);
}

/* The failure for an object of another user where an object of this user was expected. */
static inline sr_reason sr_anothers_(sr_error *error, const char *to_do, const char *name)
{
    return sr_exists_(
        error, to_do, name, "owned by another user, and what this program creates lets no other users in");
}

/* The failure for an object that another version of the library has created. */
static inline sr_reason sr_wrong_version_(
    sr_error *error, const char *to_do, const char *name, int32_t version, int known)
{
    return sr_fail_(error, SR_UNSUPPORTED, 0,
        "Cannot %s \"%s\": its layout has version %" PRId32
        ", and this library reads version %d. Use the same version of the library everywhere.",
        to_do, name, version, known);
}

/* --- Time ------------------------------------------------------------------------------------------------------ */

/* The pause before a loop looks again for a step of another process. Such a step takes microseconds. */
#define SR_PAUSE_ ((int64_t)50000)

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

/* The time on the clock of sr_now at which the timeout ends. INT64_MAX stands for no limit. */
static inline int64_t sr_deadline_(int64_t timeout)
{
    int64_t now = sr_now();
    return timeout < 0 || timeout > INT64_MAX - now ? INT64_MAX : now + timeout;
}

/* The nanoseconds until the deadline, or 0 after it. INT64_MAX stands for no limit. */
static inline int64_t sr_left_(int64_t deadline)
{
    int64_t left = deadline == INT64_MAX ? deadline : deadline - sr_now();
    return left > 0 ? left : 0;
}

static inline int64_t sr_least_(int64_t a, int64_t b) { return a < b ? a : b; }

#if defined(_WIN32)
/* Nanoseconds in milliseconds. Rounded up, so that no wait ends before its time. */
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

/* The pause between two attempts to open what is not there yet. */
#define SR_OPEN_PAUSE_ SR_MILLIS(20)

/* Whether to try again to open what was not found. Pauses before. */
static inline bool sr_opens_again_(sr_reason reason, int64_t deadline)
{
    int64_t left = sr_left_(deadline);
    if (reason != SR_NOT_FOUND || left == 0)
        return false;
    sr_pause_(sr_least_(left, SR_OPEN_PAUSE_));
    return true;
}

/* Tells the processor that this loop polls the memory. */
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

/* For between two looks. Without that, the looks keep the word's cache line from the side that is to write it. */
static inline void sr_relax_times_(int count)
{
    for (int i = 0; i < count; i++)
        sr_relax_();
}

/* Whether this process may use several processors. With one, no other process writes while this process polls. */
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

/* --- Atomics: sequentially consistent, except where the name says otherwise ------------------------------------ */

#if defined(_MSC_VER) && !defined(__clang__)
/* As in MSVC's <atomic>: the Interlocked functions are full barriers. A load must stay before what follows it. */
#if defined(_M_ARM64)
#define SR_BARRIER_() __dmb(_ARM64_BARRIER_ISH)
#else
/* x64 keeps all but a load before an earlier store. The compiler calls this function deprecated, but <atomic> uses it. */
#define SR_BARRIER_() __pragma(warning(suppress : 4996)) _ReadWriteBarrier()
#endif
static inline uint64_t sr_load64_(const uint64_t *p)
{
    uint64_t value = *(const volatile uint64_t *)p;
    SR_BARRIER_();
    return value;
}
static inline uint32_t sr_load32_(const uint32_t *p)
{
    uint32_t value = *(const volatile uint32_t *)p;
    SR_BARRIER_();
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
static inline uint64_t sr_and64_(uint64_t *p, uint64_t bits)
{
    return (uint64_t)_InterlockedAnd64((volatile __int64 *)p, (__int64)bits);
}
static inline void sr_or64_(uint64_t *p, uint64_t bits) { _InterlockedOr64((volatile __int64 *)p, (__int64)bits); }
static inline uint64_t sr_load64_relaxed_(const uint64_t *p) { return *(const volatile uint64_t *)p; }
static inline void sr_store64_relaxed_(uint64_t *p, uint64_t value) { *(volatile uint64_t *)p = value; }
static inline void sr_store64_release_(uint64_t *p, uint64_t value)
{
    SR_BARRIER_();
    *(volatile uint64_t *)p = value;
}
static inline void sr_fence_acquire_(void) { SR_BARRIER_(); }
static inline void sr_fence_release_(void) { SR_BARRIER_(); }
static inline void sr_fence_(void) { MemoryBarrier(); }
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
static inline uint64_t sr_and64_(uint64_t *p, uint64_t bits) { return __atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST); }
static inline void sr_or64_(uint64_t *p, uint64_t bits) { __atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST); }
static inline uint64_t sr_load64_relaxed_(const uint64_t *p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
static inline void sr_store64_relaxed_(uint64_t *p, uint64_t value) { __atomic_store_n(p, value, __ATOMIC_RELAXED); }
static inline void sr_store64_release_(uint64_t *p, uint64_t value) { __atomic_store_n(p, value, __ATOMIC_RELEASE); }
static inline void sr_fence_acquire_(void) { __atomic_thread_fence(__ATOMIC_ACQUIRE); }
static inline void sr_fence_release_(void) { __atomic_thread_fence(__ATOMIC_RELEASE); }
static inline void sr_fence_(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
#endif

/* --- Names ----------------------------------------------------------------------------------------------------- */

typedef struct sr_name_ {
    char full[SR_NAME_SIZE_]; /* the name as it was given, and the suffix */
    const char *base;         /* the part of full after the namespace */
#if defined(_WIN32)
    wchar_t wide[SR_NAME_UNITS_];
#endif
} sr_name_;

/* The next character, or -1 if this is not well-formed UTF-8. Surrogates and overlong forms are not well-formed. */
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

/* Whether Windows reserves the name in each namespace, for a directory or a link to one. */
static inline bool sr_name_is_kept_(const char *base)
{
    static const char *const kept[] = {"global", "local", "session", "restricted"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        size_t at = 0;
        while (kept[i][at] != '\0' && (base[at] | 0x20) == kept[i][at]) /* 0x20: in lower case */
            at++;
        if (kept[i][at] == '\0' && base[at] == '\0')
            return true;
    }
    return false;
}

/* Checks the name with the suffix by the rules of both systems, so that the name works on the other system, too. */
static inline sr_reason sr_name_init_(sr_name_ *checked, const char *name, const char *suffix, sr_error *error)
{
    static const char too_long[] = "it has more than 255 bytes in UTF-8. Linux takes at most 255";
    size_t length = strlen(name), suffix_length = strlen(suffix);

    if (length + suffix_length >= sizeof checked->full)
        return sr_bad_name_(error, name, suffix, too_long);
    memcpy(checked->full, name, length + 1);
    char *base = checked->full;
    base += strncmp(base, "Local\\", 6) == 0 ? 6 : strncmp(base, "Global\\", 7) == 0 ? 7 : 0;
    checked->base = base;
    if (*base == '\0')
        return sr_bad_name_(error, name, "", "it is empty. Give a name of at least one character");
    if (strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
        return sr_bad_name_(error, name, "", "it stands for a directory on Linux. Give another name");
    if (sr_name_is_kept_(base))
        return sr_bad_name_(
            error, name, "", "Windows reserves it for one of its own directories. Give another name");
    if (strchr(base, '/') != NULL)
        return sr_bad_name_(error, name, "",
            "it has a '/'. Leave it out: what C calls shm_open(\"/x\") is named \"x\" here");
    if (strchr(base, '\\') != NULL)
        return sr_bad_name_(error, name, "",
            "it has a '\\' that is not part of a leading Local\\ or Global\\. Leave it out, and spell the prefix "
            "exactly like this");
    memcpy(checked->full + length, suffix, suffix_length + 1);
    if (strlen(base) > 255)
        return sr_bad_name_(error, name, suffix, too_long);

    size_t units = 0; /* of UTF-16 */
    for (const unsigned char *at = (const unsigned char *)checked->full; *at != '\0';) {
        int32_t c = sr_next_character_(&at);
        if (c < 0)
            return sr_bad_name_(error, name, suffix, "it is not well-formed UTF-8. Give well-formed Unicode");
        if (units + (c > 0xffff ? 2 : 1) >= SR_NAME_UNITS_)
            return sr_bad_name_(error, name, suffix, "it has more than 259 characters. Windows takes at most 259");
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

/* Checks the name and the size of a region that is to be created. */
static inline sr_reason sr_new_region_init_(sr_name_ *checked, const char *name, uint64_t size, sr_error *error)
{
    sr_reason reason = sr_name_init_(checked, name, "", error);
    if (reason == SR_OK && size == 0)
        reason = sr_fail_(error, SR_BAD_ARGUMENT, 0, 
            "The size of region \"%s\" is not positive: 0. Give a number of bytes.", name);
    return reason;
}

/* What the caller asks of a region that it opens. */
typedef struct sr_request_ {
    sr_access access;
    uint64_t minimum_size;
    bool own; /* whether to fail if another user may have created it */
} sr_request_;

static inline sr_reason sr_too_small_(
    sr_error *error, const char *to_do, const char *name, uint64_t size, uint64_t minimum_size)
{
    return sr_fail_(error, SR_TOO_SMALL, 0,
        "Cannot %s \"%s\": it has %" PRIu64 " bytes, but at least %" PRIu64
        " are needed. Ask for less, or have its creator make it larger.",
        to_do, name, size, minimum_size);
}

#endif
