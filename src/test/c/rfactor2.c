/*
 * Acts as the shared memory plugin of rFactor 2, with nothing but the system's calls. There are three vehicles. The one
 * with the id 7 is the player's. The argument is the number of updates a second. Ends when its input ends.
 */
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

enum { TELEMETRY_SIZE = 241680, SCORING_SIZE = 75312, VEHICLES = 3, PLAYER = 7 };

#ifdef _WIN32
static const char *const TELEMETRY = "$rFactor2SMMP_Telemetry$";
static const char *const SCORING = "$rFactor2SMMP_Scoring$";

static char *map(const char *name, size_t size)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)size, name);
    return section == NULL ? NULL : MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, size);
}

/* The section goes with this process. */
static void unmap(const char *name)
{
    (void)name;
}

static void pause_for(int milliseconds)
{
    Sleep(milliseconds);
}

static DWORD WINAPI wait_for_end(void *ended)
{
    while (getchar() != EOF) {
    }
    atomic_store((atomic_int *)ended, 1);
    return 0;
}

static int input_has_ended(void)
{
    static atomic_int ended;
    static HANDLE thread;
    if (thread == NULL) {
        thread = CreateThread(NULL, 0, wait_for_end, &ended, 0, NULL);
    }
    return atomic_load(&ended);
}
#else
static const char *const TELEMETRY = "/$rFactor2SMMP_Telemetry$";
static const char *const SCORING = "/$rFactor2SMMP_Scoring$";

static char *map(const char *name, size_t size)
{
    int file = shm_open(name, O_RDWR | O_CREAT, 0600);
    if (file < 0 || ftruncate(file, (off_t)size) != 0) {
        return NULL;
    }
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return memory == MAP_FAILED ? NULL : memory;
}

static void unmap(const char *name)
{
    shm_unlink(name);
}

static void pause_for(int milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

static int input_has_ended(void)
{
    struct pollfd input = {0, POLLIN, 0};
    char byte;
    return poll(&input, 1, 0) == 1 && read(0, &byte, 1) == 0;
}
#endif

static void put_int(char *place, int32_t value)
{
    memcpy(place, &value, sizeof value);
}

static void put_double(char *place, double value)
{
    memcpy(place, &value, sizeof value);
}

/* The two versions in front of the data. */
static atomic_int *begin(char *memory)
{
    return (atomic_int *)memory;
}

static atomic_int *end(char *memory)
{
    return (atomic_int *)(memory + 4);
}

static void score(char *memory)
{
    atomic_fetch_add(begin(memory), 1);
    strcpy(memory + 12, "Fake Ring");
    put_int(memory + 12 + 104, VEHICLES);
    for (int i = 0; i < VEHICLES; i++) {
        char *vehicle = memory + 560 + 584 * i;
        put_int(vehicle, PLAYER - i);
        strcpy(vehicle + 4, "Fake Driver");
        vehicle[196] = i == 0;
        vehicle[199] = (char)(i + 1);
    }
    atomic_fetch_add(end(memory), 1);
}

static void write_vehicles(char *memory, double seconds)
{
    double part = seconds / 15 - (long)(seconds / 15); /* of the way from one corner to the next */
    double speed = 60 + 230 * (part < 0.5 ? 2 * part : 2 - 2 * part);
    int gear = 1 + (int)(speed / 50);
    atomic_fetch_add(begin(memory), 1);
    put_int(memory + 12, VEHICLES);
    for (int i = 0; i < VEHICLES; i++) {
        char *vehicle = memory + 16 + 1888 * i;
        put_int(vehicle, PLAYER - i);
        strcpy(vehicle + 32, "Fake GT3");
        strcpy(vehicle + 96, "Fake Ring");
        put_double(vehicle + 160, 1000 * part);
        put_double(vehicle + 200, -speed / 3.6);
        put_int(vehicle + 352, gear);
        put_double(vehicle + 356, 2000 + 120 * (speed - 50 * (gear - 1)));
        put_double(vehicle + 524, 100 - seconds * 0.03);
    }
    atomic_fetch_add(end(memory), 1);
}

int main(int argc, char **argv)
{
    int rate = argc > 1 ? atoi(argv[1]) : 50;
    char *telemetry = map(TELEMETRY, TELEMETRY_SIZE);
    char *scoring = map(SCORING, SCORING_SIZE);
    if (telemetry == NULL || scoring == NULL || rate < 1) {
        fputs("cannot map the memory\n", stderr);
        return 1;
    }
    memset(telemetry, 0, TELEMETRY_SIZE);
    memset(scoring, 0, SCORING_SIZE);
    for (int update = 0; !input_has_ended(); update++) {
        if (update % 10 == 0) {
            score(scoring);
        }
        write_vehicles(telemetry, (double)update / rate);
        pause_for(1000 / rate);
    }
    unmap(TELEMETRY);
    unmap(SCORING);
    return 0;
}
