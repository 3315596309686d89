/*
 * sharedregion: owner slots. An owner slot is a word of a region that at most one process holds, and only while that
 * process lives: src/docs/handshake.md, "Holding a place".
 */
#ifndef SHAREDREGION_OWNER_H
#define SHAREDREGION_OWNER_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

typedef struct sr_owner_slot_ {
    uint64_t *owner; /* upper half: process id; lower half: its creation time (Windows) or id namespace (Linux) */
#if defined(_WIN32)
    HANDLE process;         /* the owner's process, to wait for its end, or NULL */
    uint64_t process_owner; /* the value of the word when the process was opened */
#else
    int fd;   /* the region's; a lock on the word's first byte holds the slot */
    off_t at; /* the offset of the word in the region */
#endif
} sr_owner_slot_;

/* The slot at this offset of a region, in bytes. The region has to stay open until sr_owner_close_. */
static inline void sr_owner_init_(sr_owner_slot_ *slot, const sr_region *region, size_t at)
{
    memset(slot, 0, sizeof *slot);
    slot->owner = (uint64_t *)(void *)((char *)region->memory + at);
#if !defined(_WIN32)
    slot->fd = region->object_.fd;
    slot->at = (off_t)at;
#endif
}

/* The owner in messages: "process 1234". If the word has no number, "another process". */
static inline const char *sr_owner_text_(const sr_owner_slot_ *slot, char *text, size_t size)
{
    uint32_t id = (uint32_t)(sr_load64_(slot->owner) >> 32);
    if (id != 0)
        snprintf(text, size, "process %" PRIu32, id);
    else
        snprintf(text, size, "another process");
    return text;
}

#if defined(_WIN32)
/* After this many failed attempts to replace an owner that has ended, the slot counts as held. */
#define SR_MOST_OWNER_RACES_ 1000

/*
 * The process of that id and creation time, if it has not ended; otherwise NULL. *living: whether it may still run. It
 * counts as living if it cannot be opened, except if the system says that there is no such process: a slot must not be
 * taken from a living process.
 */
static inline HANDLE sr_owner_open_(uint64_t owner, bool *living)
{
    FILETIME creation, exit_time, kernel, user;
    *living = false;
    if (owner == 0)
        return NULL;
    HANDLE process = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, (DWORD)(owner >> 32));
    if (process == NULL) {
        *living = GetLastError() != ERROR_INVALID_PARAMETER; /* ERROR_ACCESS_DENIED: a process of another user */
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

static inline bool sr_owner_is_living_(uint64_t owner)
{
    bool living;
    HANDLE process = sr_owner_open_(owner, &living);
    if (process != NULL)
        CloseHandle(process);
    return living;
}

/* Whether a living process holds the slot. */
static inline bool sr_owner_is_held_(const sr_owner_slot_ *slot)
{
    return sr_owner_is_living_(sr_load64_(slot->owner));
}

/*
 * Takes the slot for this process. Returns false on failure; *code is then 0 if a living process holds the slot, or the
 * system's code.
 */
static inline bool sr_owner_take_(const sr_owner_slot_ *slot, int *code)
{
    FILETIME creation, exit_time, kernel, user;
    *code = 0;
    if (!GetProcessTimes(GetCurrentProcess(), &creation, &exit_time, &kernel, &user)) {
        *code = (int)GetLastError();
        return false;
    }
    uint64_t mine = (uint64_t)GetCurrentProcessId() << 32 | creation.dwLowDateTime;
    for (int race = 0; race < SR_MOST_OWNER_RACES_; race++) {
        uint64_t there = sr_load64_(slot->owner);
        if (sr_owner_is_living_(there))
            return false;
        if (sr_cas64_(slot->owner, there, mine))
            return true;
    }
    return false;
}

static inline void sr_owner_leave_(const sr_owner_slot_ *slot) { sr_store64_(slot->owner, 0); }

/* Waits for an event that the slot's owner sets. Returns true if it was set. The owner's end ends this wait, too. */
static inline bool sr_owner_await_event_(sr_owner_slot_ *slot, sr_event *event, int64_t nanos)
{
    HANDLE handles[2];
    uint64_t owner = sr_load64_(slot->owner);
    if (owner != slot->process_owner) {
        bool living;
        if (slot->process != NULL)
            CloseHandle(slot->process);
        slot->process = sr_owner_open_(owner, &living);
        slot->process_owner = owner;
    }
    handles[0] = event->handle_;
    handles[1] = slot->process;
    return sr_wait_(slot->process != NULL ? 2 : 1, handles, nanos);
}

static inline void sr_owner_close_(sr_owner_slot_ *slot)
{
    if (slot->process != NULL)
        CloseHandle(slot->process);
    slot->process = NULL;
}
#else
static inline int sr_owner_lock_(const sr_owner_slot_ *slot, int command, short type, struct flock *lock)
{
    memset(lock, 0, sizeof *lock);
    lock->l_type = type;
    lock->l_whence = SEEK_SET;
    lock->l_start = slot->at;
    lock->l_len = 1;
    return fcntl(slot->fd, command, lock);
}

/* Whether another living process, or another open file of this process, holds the slot. */
static inline bool sr_owner_is_held_(const sr_owner_slot_ *slot)
{
    struct flock lock;
    return sr_owner_lock_(slot, F_OFD_GETLK, F_WRLCK, &lock) != 0 || lock.l_type != F_UNLCK;
}

/*
 * Takes the slot for this process. Returns false on failure; *code is then 0 if a living process holds the slot, or the
 * system's code.
 */
static inline bool sr_owner_take_(const sr_owner_slot_ *slot, int *code)
{
    struct flock lock;
    struct stat space; /* the namespace in which the process id is valid */
    if (sr_owner_lock_(slot, F_OFD_SETLK, F_WRLCK, &lock) != 0) {
        *code = errno == EAGAIN || errno == EACCES ? 0 : errno;
        return false;
    }
    uint32_t inode = stat("/proc/thread-self/ns/pid", &space) == 0 ? (uint32_t)space.st_ino : 0;
    sr_store64_(slot->owner, (uint64_t)(uint32_t)getpid() << 32 | inode);
    return true;
}

static inline void sr_owner_leave_(const sr_owner_slot_ *slot)
{
    struct flock lock;
    sr_store64_(slot->owner, 0);
    sr_owner_lock_(slot, F_OFD_SETLK, F_UNLCK, &lock);
}

/* Waits for an event that the slot's owner sets. Returns true if it was set. The owner's end does not end this wait. */
static inline bool sr_owner_await_event_(sr_owner_slot_ *slot, sr_event *event, int64_t nanos)
{
    (void)slot;
    return sr_event_await(event, nanos);
}

static inline void sr_owner_close_(sr_owner_slot_ *slot) { (void)slot; }
#endif

#endif
