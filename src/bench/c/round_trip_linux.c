/* The reference on Linux: memory in /dev/shm; parked, an event as src/docs/linux-objects.md describes it. */
#include "round_trip.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SIGNAL = 1, LOOK_UP = 2 };

/* After so long a waiter looks whether its peer is still there. */
static const struct timespec LOOK_INTERVAL = {0, 50 * 1000 * 1000};

static uint64_t nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void path_of(char *path, size_t size, const char *name)
{
    if (snprintf(path, size, "/dev/shm/%s", name) >= (int)size)
        fail("The name is too long");
}

static struct shared *map(enum side me, const char *name)
{
    alarm(600); /* nobody else ends it if the harness is killed */
    char path[256];
    path_of(path, sizeof path, name);
    int fd = open(path, me == ASKER ? O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC : O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || (me == ASKER && ftruncate(fd, sizeof(struct shared)) != 0))
        fail("%s: %s", path, strerror(errno));
    void *address = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (address == MAP_FAILED)
        fail("%s: %s", path, strerror(errno));
    close(fd);
    return address;
}

static void unmap(enum side me, const char *name)
{
    char path[256];
    path_of(path, sizeof path, name);
    munmap(shared, sizeof *shared);
    if (me == ASKER)
        unlink(path);
}

static long futex(_Atomic uint32_t *word, int operation, uint32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

static bool take_release(struct event *event)
{
    int32_t releases = atomic_load(&event->releases);
    while (releases > 0)
        if (atomic_compare_exchange_weak(&event->releases, &releases, releases - 1))
            return true;
    return false;
}

static bool take_signal(struct event *event)
{
    uint32_t state = atomic_load(&event->state);
    while (state & SIGNAL)
        if (atomic_compare_exchange_weak(&event->state, &state, state & ~SIGNAL))
            return true;
    return false;
}

static void set_event(enum side of)
{
    struct event *event = &shared->events[of];
    atomic_fetch_add(&event->releases, 1);
    atomic_fetch_add(&event->state, LOOK_UP);
    if (futex(&event->state, FUTEX_WAKE, 1, NULL) > 0 || !take_release(event))
        return;
    atomic_fetch_or(&event->state, SIGNAL);
    futex(&event->state, FUTEX_WAKE, 1, NULL);
}

static void await_event(enum side me)
{
    struct event *event = &shared->events[me];
    bool woken = false;
    for (;;) {
        uint32_t state = atomic_load(&event->state);
        if (woken && take_release(event)) {
            if (atomic_load(&event->state) & SIGNAL)
                futex(&event->state, FUTEX_WAKE, 1, NULL);
            return;
        }
        if (take_signal(event))
            return;
        woken = futex(&event->state, FUTEX_WAIT, state & ~SIGNAL, &LOOK_INTERVAL) == 0;
    }
}
