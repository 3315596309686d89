/*
 * Uses sharedregion.h in a thread after the main thread has ended.
 *
 *     mainless NAME    creates the region and the pair NAME, opens both as well, takes a turn, and prints "done", or what
 *                      was wrong
 */
#include "../../main/c/sharedregion.h"

#include <pthread.h>
#include <stdlib.h>

static sr_error error;

static void check(sr_reason reason)
{
    if (reason == SR_OK)
        return;
    printf("%s: %s\n", sr_reason_name(error.reason), error.message);
    exit(1);
}

/* Until the process's first thread is a zombie. */
static void await_end_of_main(void)
{
    for (;;) {
        char text[200] = "";
        FILE *file = fopen("/proc/self/stat", "r");
        if (file == NULL || fgets(text, sizeof text, file) == NULL)
            exit(2);
        fclose(file);
        if (strstr(text, ") Z ") != NULL)
            return;
        sr_pause_(1000000);
    }
}

static void *run(void *name)
{
    sr_region created, opened;
    sr_pair server, client;
    await_end_of_main();
    check(sr_region_create(&created, (const char *)name, 4096, &error));
    check(sr_region_open(&opened, (const char *)name, SR_READ_WRITE, 4096, &error));
    check(sr_pair_create(&server, (const char *)name, 0, &error));
    check(sr_pair_open(&client, (const char *)name, 0, 0, &error));
    uint64_t owner = sr_load64_(&server.block_->place[SR_SERVER_].owner);
    if ((uint32_t)owner == 0 || owner >> 32 != (uint64_t)getpid()) {
        printf("WRONG owner %" PRIx64 "\n", owner);
        exit(1);
    }
    check(sr_pair_signal_written(&server, &error));
    check(sr_pair_await_written(&client, SR_SECONDS(30), &error));
    sr_pair_close(&client);
    sr_pair_close(&server);
    sr_region_close(&opened);
    sr_region_close(&created);
    printf("done\n");
    exit(0);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc != 2 || pthread_create(&thread, NULL, run, argv[1]) != 0)
        return 2;
    pthread_exit(NULL);
}
