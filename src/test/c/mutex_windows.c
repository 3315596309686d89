/*
 * A program with a mutex of its own, for the tests of NamedMutex:
 *
 *     mutex NAME [held]     creates the mutex, with "held" as its first owner, and says "ready"
 *
 * Executes one line of input at a time:
 *
 *     hold              waits for the mutex, and says "held", or "abandoned" if its last owner ended
 *     try               the same, without waiting, and says "busy" if another has it
 *     release           releases it, and says "released"
 *     count REGION N    adds 1 to the first int of the region N times, each time with the mutex, and says "counted"
 *
 * At the end of the input it ends, without releasing the mutex.
 */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static HANDLE mutex;

static int say(const char *line)
{
    printf("%s\n", line);
    return fflush(stdout);
}

static int take(DWORD millis)
{
    switch (WaitForSingleObject(mutex, millis)) {
    case WAIT_OBJECT_0:
        return say("held");
    case WAIT_ABANDONED:
        return say("abandoned");
    case WAIT_TIMEOUT:
        return say("busy");
    default:
        printf("error %lu\n", GetLastError());
        return fflush(stdout);
    }
}

static int count(const char *region, int times)
{
    HANDLE section = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, region);
    volatile int *counter = section == NULL ? NULL : MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);

    if (counter == NULL)
        return say("no region");
    for (int i = 0; i < times; i++) {
        DWORD result = WaitForSingleObject(mutex, INFINITE);
        if (result != WAIT_OBJECT_0)
            return say("not held");
        int before = *counter;
        SwitchToThread(); /* a second owner would now read the same number */
        *counter = before + 1;
        ReleaseMutex(mutex);
    }
    return say("counted");
}

int main(int argc, char **argv)
{
    char line[512], region[256];
    int times;

    if (argc < 2)
        return 2;
    mutex = CreateMutexA(NULL, argc > 2 && strcmp(argv[2], "held") == 0, argv[1]);
    if (mutex == NULL)
        return 1;
    say("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = 0;
        if (strcmp(line, "hold") == 0)
            take(INFINITE);
        else if (strcmp(line, "try") == 0)
            take(0);
        else if (strcmp(line, "release") == 0)
            say(ReleaseMutex(mutex) ? "released" : "not the owner");
        else if (sscanf(line, "count %255s %d", region, &times) == 2)
            count(region, times);
        else
            say("?");
    }
    return 0;
}
