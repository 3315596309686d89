/*
 * The references for a lock that two processes contend for: how many short sections they do in a time.
 *
 *     lock_contention c-robust|c-lock NAME MILLIS
 *
 * c-robust is a pthread mutex that processes share and that tells of an owner's death (PTHREAD_MUTEX_ROBUST), in a
 * region of sharedregion.h. c-lock is the lock of sharedregion.h. Waits until the other process is there, and prints "sections
 * N" in the end. A section adds one to a count in memory.
 */
#include "../../main/c/sharedregion.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct shared {
    _Alignas(128) pthread_mutex_t mutex;
    _Alignas(128) _Atomic int ready;
    _Alignas(128) volatile uint64_t count;
};

static sr_error error;

static _Noreturn void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

static void make(struct shared *shared)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    if (pthread_mutex_init(&shared->mutex, &attributes) != 0)
        fail("pthread_mutex_init");
}

int main(int argc, char **argv)
{
    sr_region region;
    sr_lock lock;
    if (argc != 4)
        fail("Usage: lock_contention c-robust|c-lock NAME MILLIS");
    bool robust = strcmp(argv[1], "c-robust") == 0;
    if (sr_region_open_or_create(&region, argv[2], 4096, &error) != SR_OK
        || sr_lock_open_or_create(&lock, argv[2], &error) != SR_OK)
        fail(error.message);
    struct shared *shared = (struct shared *)region.memory;
    if (region.created)
        make(shared);
    atomic_fetch_add(&shared->ready, 1);
    while (atomic_load(&shared->ready) < 2)
        sr_pause_(SR_MILLIS(1));

    uint64_t sections = 0;
    for (int64_t end = sr_now() + SR_MILLIS(atoll(argv[3])); sr_now() < end;)
        for (int i = 0; i < 16; i++, sections++) {
            if (robust ? pthread_mutex_lock(&shared->mutex) != 0
                       : sr_lock_acquire(&lock, SR_FOREVER, &error) != SR_OK)
                fail("cannot lock");
            shared->count = shared->count + 1;
            if (robust ? pthread_mutex_unlock(&shared->mutex) != 0 : sr_lock_release(&lock, &error) != SR_OK)
                fail("cannot unlock");
        }
    printf("sections %" PRIu64 "\n", sections);
    sr_lock_close(&lock);
    sr_region_close(&region);
    return 0;
}
