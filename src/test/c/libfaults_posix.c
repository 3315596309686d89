/* The functions of LibC.java, each of which can be made to fail: one line for each. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

#define FLOCK_CALL(operation) \
    ((operation) == LOCK_UN ? "flock(LOCK_UN)" : (operation) & LOCK_EX ? "flock(LOCK_EX)" : "flock(LOCK_SH)")
#define FUTEX_WAITV 449
#define SYSTEM_CALL(number, operation) \
    ((number) == FUTEX_WAITV ? "futex_waitv" : (number) == SYS_membarrier ? "membarrier" \
        : (operation) == 0 ? "futex(FUTEX_WAIT)" : "futex(FUTEX_WAKE)")

FAULTY(int, open, (const char *path, int flags, int mode), (path, flags, mode), -1, 1, 0)
FAULTY(int, memfd_create, (const char *name, unsigned flags), (name, flags), -1, 1, 0)
FAULTY(int, close, (int fd), (fd), -1, -1, close(fd) == 0)
FAULTY(int, ftruncate, (int fd, off_t length), (fd, length), -1, 0, 0)
FAULTY(int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), -1, 0, fallocate(fd, mode, at, size / 2))
FAULTY(off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence), -1, 0, 0)
FAULTY(int, fchmod, (int fd, mode_t mode), (fd, mode), -1, 0, 0)
FAULTY_AS(FLOCK_CALL(how), int, flock, (int fd, int how), (fd, how), -1, 0, how == LOCK_UN && flock(fd, how))
FAULTY(int, linkat, (int fd, const char *from, int at, const char *to, int flags), (fd, from, at, to, flags), -1, 0, 0)
FAULTY(int, unlink, (const char *path), (path), -1, 0, 0)
FAULTY(int, statx, (int fd, const char *path, int flags, unsigned mask, struct statx *to), (fd, path, flags, mask, to),
    -1, 0, 0)
FAULTY(ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at), -1, 0, 0)
FAULTY(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at), -1, 0, 0)
FAULTY(void *, mmap, (void *at, size_t size, int prot, int flags, int fd, off_t from), (at, size, prot, flags, fd, from),
    MAP_FAILED, 1, 0)
FAULTY(void *, mremap, (void *at, size_t size, size_t to, int flags, void *place), (at, size, to, flags, place),
    MAP_FAILED, -1, 0)
FAULTY(int, munmap, (void *at, size_t size), (at, size), -1, -1, munmap(at, size) == 0)
FAULTY(int, munlock, (const void *at, size_t size), (at, size), -1, 0, 0)
FAULTY(int, mprotect, (void *at, size_t size, int prot), (at, size, prot), -1, 0, 0)
FAULTY(int, msync, (void *at, size_t size, int flags), (at, size, flags), -1, 0, 0)
FAULTY(int, fcntl, (int fd, int command, long argument), (fd, command, argument), -1, 0, 0)
FAULTY(int, inotify_init1, (int flags), (flags), -1, 1, 0)
FAULTY(int, inotify_add_watch, (int fd, const char *path, uint32_t mask), (fd, path, mask), -1, 1, 0)
FAULTY(int, inotify_rm_watch, (int fd, int descriptor), (fd, descriptor), -1, -1, inotify_rm_watch(fd, descriptor) == 0)
FAULTY(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size), -1, 0, 0)
FAULTY(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size), -1, 0, 0)
FAULTY(int, clock_gettime, (clockid_t clock, struct timespec *to), (clock, to), -1, 0, 0)
/* Called with the first five arguments only where the others mean nothing. */
FAULTY_AS(SYSTEM_CALL(number, how), long, syscall, (long number, long a, int how, int value, long b, long c, int d),
    (number, a, how, value, b, c, d), -1, 0, 0)
FAULTY(DIR *, opendir, (const char *path), (path), NULL, 1, 0)
SURE(struct dirent *, readdir, (DIR *directory), (directory))
FAULTY(int, closedir, (DIR *directory), (directory), -1, -1, closedir(directory) == 0)
SURE(int, getpwuid_r, (uid_t user, struct passwd *to, char *strings, size_t size, struct passwd **found),
    (user, to, strings, size, found))
SURE(int, getpagesize, (void), ())
SURE(uid_t, geteuid, (void), ())
SURE(gid_t, getegid, (void), ())
