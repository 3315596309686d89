/* The reference on Windows: a section; parked, named auto-reset events, waited for as the library does. */
#include "round_trip.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

/* After so long a waiter looks whether its peer is still there. */
enum { LOOK_INTERVAL_MILLIS = 50 };

static HANDLE section;
static HANDLE events[2];

/* What the waits of this process end on: its event, one that would interrupt it, and the peer's process. */
static HANDLE handles[3];

static uint64_t nanos(void)
{
    static LARGE_INTEGER frequency;
    if (frequency.QuadPart == 0)
        QueryPerformanceFrequency(&frequency);
    LARGE_INTEGER now;
    QueryPerformanceCounter(&now);
    uint64_t whole = now.QuadPart / frequency.QuadPart;
    uint64_t rest = now.QuadPart % frequency.QuadPart;
    return whole * 1000000000 + rest * 1000000000 / frequency.QuadPart;
}

static HANDLE event_of(const char *name, const char *suffix)
{
    char full[MAX_PATH];
    if (snprintf(full, sizeof full, "%s%s", name, suffix) >= (int)sizeof full)
        fail("The name is too long");
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, full);
    if (event == NULL)
        fail("CreateEvent failed with %lu", GetLastError());
    return event;
}

static struct shared *map(enum side me, const char *name)
{
    section = me == ASKER
            ? CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(struct shared), name)
            : OpenFileMappingA(FILE_MAP_WRITE, FALSE, name);
    if (section == NULL)
        fail("The section cannot be had: %lu", GetLastError());
    struct shared *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, sizeof(struct shared));
    if (view == NULL)
        fail("MapViewOfFile failed with %lu", GetLastError());
    events[ASKER] = event_of(name, ".read");
    events[ANSWERER] = event_of(name, ".written");
    handles[0] = events[me];
    handles[1] = CreateEventA(NULL, FALSE, FALSE, NULL);
    atomic_store(&view->pids[me], GetCurrentProcessId());
    return view;
}

static void unmap(enum side me, const char *name)
{
    (void)me, (void)name; /* names go with their last handle */
    UnmapViewOfFile(shared);
    CloseHandle(section);
}

static void set_event(enum side of)
{
    if (!SetEvent(events[of]))
        fail("SetEvent failed with %lu", GetLastError());
}

static void await_event(enum side me)
{
    for (;;) {
        if (handles[2] == NULL && atomic_load(&shared->pids[1 - me]) != 0)
            handles[2] = OpenProcess(SYNCHRONIZE, FALSE, atomic_load(&shared->pids[1 - me]));
        DWORD result = WaitForMultipleObjects(handles[2] == NULL ? 2 : 3, handles, FALSE, LOOK_INTERVAL_MILLIS);
        if (result == WAIT_OBJECT_0)
            return;
        if (result != WAIT_TIMEOUT)
            fail("The peer has ended, or WaitForMultipleObjects failed: %lu, %lu", result, GetLastError());
    }
}
