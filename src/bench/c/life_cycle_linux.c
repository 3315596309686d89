/* The reference on Linux: a region by the calls that src/docs/linux-objects.md describes, and nothing else. */
#include "sharedregion.h"

struct region {
    char path[256];
    int fd;
    struct stat stat;
    void *memory;
};

#include "life_cycle.h"

#include <sys/resource.h>

static void check(bool done, const char *call)
{
    if (!done)
        fail(call, errno);
}

static void allow_many(void)
{
    struct rlimit limit;
    check(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
    limit.rlim_cur = limit.rlim_max; /* as a JVM does */
    check(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
}

static bool name_leads_here(const struct region *region)
{
    struct stat there;
    return lstat(region->path, &there) == 0 && there.st_dev == region->stat.st_dev
        && there.st_ino == region->stat.st_ino;
}

static void map(struct region *region, uint64_t size)
{
    region->memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, region->fd, 0);
    check(region->memory != MAP_FAILED, "mmap");
}

static void region_create(struct region *region, const char *name, uint64_t size, bool lazy)
{
    struct stat there;
    char self[32];
    snprintf(region->path, sizeof region->path, "/dev/shm/%s", name);
    check(lstat(region->path, &there) != 0, "lstat");
    region->fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    check(region->fd >= 0, "open");
    check((lazy ? ftruncate(region->fd, size) : posix_fallocate(region->fd, 0, size)) == 0, "posix_fallocate");
    check(fchmod(region->fd, 0600 | S_ISVTX) == 0, "fchmod");
    check(flock(region->fd, LOCK_SH | LOCK_NB) == 0, "flock");
    check(fstat(region->fd, &region->stat) == 0, "fstat");
    snprintf(self, sizeof self, "/proc/self/fd/%d", region->fd);
    check(linkat(AT_FDCWD, self, AT_FDCWD, region->path, AT_SYMLINK_FOLLOW) == 0, "linkat");
    map(region, size);
}

static void region_open(struct region *region, const char *name)
{
    snprintf(region->path, sizeof region->path, "/dev/shm/%s", name);
    region->fd = open(region->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    check(region->fd >= 0, "open");
    check(fstat(region->fd, &region->stat) == 0, "fstat");
    check(flock(region->fd, LOCK_EX | LOCK_NB) != 0, "flock");
    check(flock(region->fd, LOCK_SH | LOCK_NB) == 0, "flock");
    check(name_leads_here(region), "lstat");
    map(region, region->stat.st_size);
}

static void region_close(struct region *region)
{
    if (flock(region->fd, LOCK_EX | LOCK_NB) == 0 && name_leads_here(region))
        unlink(region->path);
    flock(region->fd, LOCK_UN);
    close(region->fd);
    munmap(region->memory, region->stat.st_size);
}
