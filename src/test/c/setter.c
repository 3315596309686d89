/*
 * Sets events, as any program in C may: by the header's functions on Linux, by those of Win32 on Windows. Each line of
 * its input is the name of an event, which it sets, and then says so.
 */
#ifdef _WIN32
#include <windows.h>
#else
#include "../../main/c/sharedregion.h"
#endif
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
static int set(const char *name)
{
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
    int done = event != NULL && SetEvent(event);
    CloseHandle(event);
    return done;
}
#else
static int set(const char *name)
{
    sr_event event;
    sr_error error;
    if (sr_event_open(&event, name, &error) != SR_OK) {
        return 0;
    }
    sr_event_set(&event);
    sr_event_close(&event);
    return 1;
}
#endif

int main(void)
{
    char name[256];
    while (fgets(name, sizeof name, stdin) != NULL) {
        name[strcspn(name, "\r\n")] = 0;
        puts(set(name) ? "set" : "failed");
        fflush(stdout);
    }
    return 0;
}
