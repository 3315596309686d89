/* sharedregion: regions and events on Linux, by the steps of src/docs/linux-objects.md. */
#ifndef SHAREDREGION_LINUX_H
#define SHAREDREGION_LINUX_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

/* --- Objects in /dev/shm: src/docs/linux-objects.md, "Lifetime" ------------------------------------------------ */

typedef enum sr_kind_ { SR_KIND_REGION_, SR_KIND_EVENT_, SR_KIND_ALIAS_ } sr_kind_;

/* How long a creator waits for a process that is removing an object. A removal takes microseconds. */
#define SR_REMOVAL_TIME_ SR_SECONDS(5)

/* How long open keeps looking for a living object after it has found one that is being removed. */
#define SR_OPEN_TIME_ SR_MILLIS(50)

/* Whether this library created the object, in C or in Java. The mark is the sticky bit: regular files do not need it. */
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

/* The caller holds the exclusive lock. Returns false if the system does not let this user remove the name. */
static inline bool sr_object_remove_name_(const sr_object_ *object)
{
    return !sr_object_name_leads_here_(object) || unlink(object->path) == 0 || errno == ENOENT;
}

typedef enum sr_join_ {
    SR_JOINED_, /* this process now uses the object, or the object is another program's */
    SR_GONE_,   /* the object had no user. It is removed, or will be in a moment: look again */
    SR_STUCK_   /* the object has no user, and this user may not remove it */
} sr_join_;

/* Becomes a user of the object. Does not wait for a lock: a lock that the system refuses tells what others do. */
static inline sr_join_ sr_object_join_(const sr_object_ *object)
{
    if (!sr_object_is_ours_(object))
        return SR_JOINED_;
    if (flock(object->fd, LOCK_EX | LOCK_NB) == 0)
        return sr_object_remove_name_(object) ? SR_GONE_ : SR_STUCK_;
    if (flock(object->fd, LOCK_SH | LOCK_NB) != 0)
        return SR_GONE_; /* another process holds the exclusive lock: it is removing the object */
    return sr_object_name_leads_here_(object) ? SR_JOINED_ : SR_GONE_;
}

/*
 * Stops being a user. The last user removes the name. Unlocks explicitly, because a remaining mapping keeps the open
 * file, and so its lock.
 */
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
    /* A region may have any content, also that of an event. So the owner's right to execute marks our events and
       aliases. */
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

/* The failure for a name that belongs to another kind of object: a region instead of an event, or the reverse. */
static inline sr_reason sr_wrong_kind_(sr_error *error, const char *to_do, const char *name, bool is_event)
{
    return sr_fail_(error, SR_WRONG_KIND, 0, "Cannot %s \"%s\": the name belongs to %s. Choose another name.", to_do,
        name, is_event ? "an event" : "a region");
}

/* Opens the file, and reads its status. */
static inline sr_reason sr_object_look_(
    sr_object_ *object, const sr_name_ *name, const char *to_do, int flags, sr_error *error)
{
    /* O_NONBLOCK: open would wait for the other end of a FIFO. */
    object->fd = open(object->path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (object->fd < 0)
        return sr_failed_(error, to_do, name->full, "open", errno);
    if (fstat(object->fd, &object->stat) != 0 || !S_ISREG(object->stat.st_mode)) {
        close(object->fd);
        return sr_fail_(error, SR_WRONG_KIND, 0, "Cannot %s \"%s\": it is not a regular file. Choose another name.",
            to_do, name->full);
    }
    return SR_OK;
}

static inline sr_reason sr_object_open_(
    sr_object_ *object, const sr_name_ *name, const char *to_do, sr_access access, sr_error *error)
{
    int64_t give_up = sr_deadline_(SR_OPEN_TIME_);
    sr_object_path_(object, name);
    for (;;) {
        sr_reason reason = sr_object_look_(object, name, to_do, access == SR_READ_WRITE ? O_RDWR : O_RDONLY, error);
        if (reason != SR_OK)
            return reason;
        sr_join_ join = sr_object_join_(object);
        if (join == SR_JOINED_)
            return SR_OK;
        close(object->fd);
        if (join == SR_STUCK_ || sr_left_(give_up) == 0)
            return sr_failed_(error, to_do, name->full, "open", ENOENT);
        sr_pause_(SR_PAUSE_);
    }
}

/*
 * Fails if this user could not have created the object with mode 0600: it belongs to another user, lets in other users,
 * or has a second name. Any user can give a second name to an object that the user may write to.
 */
static inline sr_reason sr_object_check_own_(
    const sr_object_ *object, const char *to_do, const char *name, sr_error *error)
{
    const struct stat *stat = &object->stat;
    char which[80];
    if (stat->st_uid != 0 && stat->st_uid != geteuid())
        return sr_anothers_(error, to_do, name);
    if ((stat->st_mode & 077) != 0) {
        snprintf(which, sizeof which, "its mode %04o lets in more users than the 0600 that was asked for",
            (unsigned)stat->st_mode & 0666);
        return sr_exists_(error, to_do, name, which);
    }
    if (stat->st_nlink > 1)
        return sr_fail_(error, SR_ALREADY_EXISTS, EEXIST,
            "Cannot %s \"%s\": it exists, and its file has %ju names. Another user may have created this one. Remove "
            "%s if none of your programs created it, or choose another name.",
            to_do, name, (uintmax_t)stat->st_nlink, object->path);
    return SR_OK;
}

/* The failure of a creation whose name belongs to a living object or to another program's. */
static inline sr_reason sr_occupied_(
    const sr_object_ *there, const char *to_do, const char *name, bool event, sr_error *error)
{
    char which[80];
    sr_kind_ kind = sr_object_kind_(there);
    if ((kind == SR_KIND_EVENT_) != event)
        return sr_wrong_kind_(error, to_do, name, kind == SR_KIND_EVENT_);
    if (kind == SR_KIND_REGION_)
        snprintf(which, sizeof which, "%jd bytes%s", (intmax_t)there->stat.st_size,
            sr_object_is_ours_(there) ? "" : ", created by another program or persistent");
    else
        snprintf(which, sizeof which, "%s", event ? "an event" : "the name of a file");
    return sr_exists_(error, to_do, name, which);
}

/* Fails if the name is taken. Removes a leftover of this library. */
static inline sr_reason sr_refuse_occupied_(const sr_name_ *name, const char *to_do, bool event, sr_error *error)
{
    int64_t give_up = sr_deadline_(SR_REMOVAL_TIME_);
    sr_object_ there;
    sr_object_path_(&there, name);
    for (;;) {
        sr_reason reason = sr_object_look_(&there, name, to_do, O_RDONLY, error);
        if (reason == SR_NOT_FOUND)
            return SR_OK;
        if (reason == SR_ACCESS_DENIED)
            return sr_exists_(
                error, to_do, name->full, "owned by another user, and this user may not open it");
        if (reason != SR_OK)
            return reason;
        sr_join_ join = sr_object_join_(&there);
        /* A process that looks at a dead object may have had the lock. Then this process is the only user now. */
        if (join == SR_JOINED_ && sr_object_is_ours_(&there) && flock(there.fd, LOCK_EX | LOCK_NB) == 0)
            join = sr_object_remove_name_(&there) ? SR_GONE_ : SR_STUCK_;
        if (join == SR_JOINED_) {
            reason = sr_occupied_(&there, to_do, name->full, event, error);
            sr_object_close_(&there);
            return reason;
        }
        int code = errno; /* of unlink */
        close(there.fd);
        if (join == SR_STUCK_)
            return sr_fail_(error, SR_ACCESS_DENIED, code,
                "Cannot %s \"%s\": a process of another user left an object of this name behind, and this user may not "
                "remove it. Have that user or root remove it, or choose another name.",
                to_do, name->full);
        if (sr_left_(give_up) == 0)
            return sr_fail_(error, SR_IN_USE, 0,
                "Cannot %s \"%s\": another process is removing an object of this name and does not finish. Find the "
                "process that has it open (lsof), and let it continue or end it.",
                to_do, name->full);
        sr_pause_(SR_PAUSE_);
    }
}

/*
 * Creates the object. It has its memory, its content and its first user before it has its name, so that no process
 * finds it half made. An event has content, a region has none.
 */
static inline sr_reason sr_object_create_(
    sr_object_ *object, const sr_name_ *name, uint64_t size, const sr_event_layout_ *content, sr_error *error)
{
    const char *to_do = content != NULL ? "create event" : "create region";
    char self[40];
    const char *call = "posix_fallocate"; /* reserves the memory, so that no later access runs out of it */
    int code;

    sr_reason reason = sr_refuse_occupied_(name, to_do, content != NULL, error);
    if (reason != SR_OK)
        return reason;
    /* If a process makes a file larger than this limit, the system ends the process (SIGXFSZ). */
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && size > limit.rlim_cur)
        return sr_fail_(error, SR_NO_SPACE, EFBIG,
            "Cannot %s \"%s\": this process may not create a file of %" PRIu64 " bytes (EFBIG). Ask for less, or raise "
            "its limit (ulimit -f).",
            to_do, name->full, size);
    sr_object_path_(object, name);
    object->fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (object->fd < 0 && (errno == ENOENT || errno == EISDIR))
        return sr_fail_(error, SR_UNSUPPORTED, errno,
            "Cannot %s \"%s\": there is no /dev/shm/ that supports unnamed files. Mount a tmpfs there (mount -t tmpfs "
            "tmpfs /dev/shm).",
            to_do, name->full);
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
        && (fchmod(object->fd, (content == NULL ? 0600 : 0700) | S_ISVTX) != 0
            || flock(object->fd, LOCK_SH | LOCK_NB) != 0 || fstat(object->fd, &object->stat) != 0)) {
        call = "fchmod, flock or fstat";
        code = errno;
    }
    /* Not /proc/self, which leads nowhere after the main thread has ended. */
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

/* --- Regions --------------------------------------------------------------------------------------------------- */

/* Maps region->size bytes of the open file. On failure closes everything that the region has open. */
static inline sr_reason sr_map_(sr_region *region, const char *name, const sr_request_ *request, sr_error *error)
{
    const char *to_do = region->created ? "create region" : "open region";
    sr_reason reason = SR_OK;
    int protection = request->access == SR_READ_WRITE ? PROT_READ | PROT_WRITE : PROT_READ;
    int fd = region->file_ >= 0 ? region->file_ : region->object_.fd;

    if (region->size == 0)
        reason = sr_fail_(error, SR_NOT_FOUND, 0,
            "Cannot %s \"%s\": the program that created it has not given it a size yet. Try again later.", to_do, name);
    else if (region->size < request->minimum_size)
        reason = sr_too_small_(error, to_do, name, region->size, request->minimum_size);
    else {
        region->memory = mmap(NULL, (size_t)region->size, protection, MAP_SHARED, fd, 0);
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
    sr_name_ checked;
    sr_request_ request = {SR_READ_WRITE, size, false};
    sr_reason reason = sr_new_region_init_(&checked, name, size, error);
    if (reason == SR_OK)
        reason = sr_object_create_(&region->object_, &checked, size, NULL, error);
    if (reason != SR_OK)
        return reason;
    region->size = size;
    region->created = true;
    region->file_ = -1;
    return sr_map_(region, name, &request, error);
}

/*
 * Opens the file that an alias leads to. An alias is trusted only if this user or root wrote it and no other user can
 * write to it: the alias of another user could name any file that this process may open.
 */
static inline sr_reason sr_alias_follow_(sr_region *region, const char *name, sr_access access, sr_error *error)
{
    static const char to_do[] = "open region";
    sr_alias_layout_ alias;
    const struct stat *stat = &region->object_.stat;
    struct stat file;

    if ((stat->st_uid != 0 && stat->st_uid != geteuid()) || (stat->st_mode & 022) != 0)
        return sr_fail_(error, SR_ACCESS_DENIED, 0,
            "Cannot open region \"%s\": another user gave this name to a file. Map the file itself.", name);
    if (pread(region->object_.fd, &alias, sizeof alias, 0) != (ssize_t)sizeof alias)
        return sr_failed_(error, to_do, name, "pread", errno);
    if (alias.version != SR_ALIAS_VERSION_)
        return sr_wrong_version_(error, to_do, name, alias.version, SR_ALIAS_VERSION_);
    if (access == SR_READ_WRITE && (alias.flags & SR_ALIAS_WRITABLE_) == 0)
        return sr_fail_(error, SR_ACCESS_DENIED, 0,
            "Cannot open region \"%s\": its creator maps the file without writing to it. Ask for SR_READ_ONLY access.",
            name);
    alias.path[sizeof alias.path - 1] = '\0';
    region->file_ = open(alias.path, (access == SR_READ_WRITE ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
    if (region->file_ < 0)
        return sr_failed_(error, to_do, name, "open of its file", errno);
    /* Each user of the file holds this lock. No check for an exclusive user: it gave the file a name, for others to
       open. */
    flock(region->file_, LOCK_SH | LOCK_NB);
    sr_reason reason = SR_OK;
    if (fstat(region->file_, &file) != 0 || alias.inode != file.st_ino
        || alias.device != (int64_t)((uint64_t)major(file.st_dev) << 32 | minor(file.st_dev)))
        reason = sr_fail_(error, SR_NOT_FOUND, 0,
            "Cannot open region \"%s\": its file was replaced by another one. Restart the process that created the "
            "region.",
            name);
    else if (alias.size <= 0 || file.st_size < alias.size)
        reason = sr_too_small_(error, to_do, name, (uint64_t)file.st_size, (uint64_t)alias.size);
    if (reason != SR_OK)
        close(region->file_);
    region->size = (uint64_t)alias.size;
    return reason;
}

static inline sr_reason sr_region_open_(
    sr_region *region, const char *name, const sr_request_ *request, sr_error *error)
{
    static const char to_do[] = "open region";
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, "", error);
    if (reason == SR_OK)
        reason = sr_object_open_(&region->object_, &checked, to_do, request->access, error);
    if (reason != SR_OK)
        return reason;
    region->size = (uint64_t)region->object_.stat.st_size;
    region->created = false;
    region->file_ = -1;
    sr_kind_ kind = sr_object_kind_(&region->object_);
    if (request->own)
        reason = sr_object_check_own_(&region->object_, to_do, name, error);
    if (reason == SR_OK && kind == SR_KIND_EVENT_)
        reason = sr_wrong_kind_(error, to_do, name, true);
    else if (reason == SR_OK && kind == SR_KIND_ALIAS_)
        reason = sr_alias_follow_(region, name, request->access, error);
    if (reason != SR_OK) {
        sr_object_close_(&region->object_);
        return reason;
    }
    return sr_map_(region, name, request, error);
}

static inline void sr_region_close(sr_region *region)
{
    munmap(region->memory, (size_t)region->size);
    if (region->file_ >= 0)
        close(region->file_);
    sr_object_close_(&region->object_);
}

/* --- Events: src/docs/linux-objects.md, "Event" ---------------------------------------------------------------- */

/*
 * After this many failed compare-and-swaps a caller acts as if there were nothing to take. Only a program that keeps
 * overwriting the event makes so many fail.
 */
#define SR_MOST_EVENT_RACES_ 100000

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
    if (reason == SR_OK && version != SR_EVENT_VERSION_) {
        reason = sr_wrong_version_(error, to_do, name, version, SR_EVENT_VERSION_);
        munmap(memory, SR_EVENT_SIZE_);
    }
    if (reason != SR_OK)
        sr_object_close_(&event->object_);
    return reason;
}

static inline sr_reason sr_event_create_(sr_event *event, const sr_name_ *name, int flags, sr_error *error)
{
    sr_event_layout_ content;
    memset(&content, 0, sizeof content);
    memcpy(content.magic, sr_event_magic_, sizeof content.magic);
    content.version = SR_EVENT_VERSION_;
    content.flags = (flags & SR_MANUAL_RESET) != 0;
    content.state = (flags & SR_INITIALLY_SET) != 0 ? SR_SIGNAL_ : 0;
    sr_reason reason = sr_object_create_(&event->object_, name, sizeof content, &content, error);
    return reason != SR_OK ? reason : sr_event_map_(event, name->full, "create event", error);
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
        reason = sr_wrong_kind_(error, to_do, name->full, false);
    if (reason != SR_OK) {
        sr_object_close_(&event->object_);
        return reason;
    }
    return sr_event_map_(event, name->full, to_do, error);
}

/* Without FUTEX_PRIVATE_FLAG, because several processes share the word. */
static inline long sr_futex_(sr_event_layout_ *e, int operation, uint32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, &e->state, operation, value, timeout, NULL, 0);
}

/* Takes a release. For a waiter that was woken, and for a setter that takes its own release back. */
static inline bool sr_take_release_(sr_event_layout_ *e)
{
    for (int race = 0; race < SR_MOST_EVENT_RACES_; race++) {
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
    for (int race = 0; race < SR_MOST_EVENT_RACES_; race++) {
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
    /* If a sleeper was woken, the release is that sleeper's. If the release is gone, a waiter has taken it. Either way
       the signal has arrived. */
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
                sr_futex_(e, FUTEX_WAKE, 1, NULL); /* this wake may have been meant for the signal: pass it on */
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
        /* The expected value is without the signal, so that the system does not let this thread sleep while the signal
           is there. */
        woken = sr_futex_(e, FUTEX_WAIT, state & ~(uint32_t)SR_SIGNAL_, left == INT64_MAX ? NULL : &time) == 0;
    }
}

/*
 * Clears the event. For a moment at which no other process sets it. A waiter that was killed after it was woken leaves
 * its release behind, and so does a setter that was killed in the middle. Later such a release would count as a second
 * signal.
 */
static inline void sr_event_clear_(sr_event *event)
{
    sr_event_reset(event);
    sr_store32_(&event->layout_->releases, 0);
}

static inline void sr_event_close(sr_event *event)
{
    munmap(event->layout_, SR_EVENT_SIZE_);
    sr_object_close_(&event->object_);
}

#endif
