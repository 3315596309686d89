/*
 * The reference on Windows: a region by the calls that the library makes, in its order. The security descriptor is the
 * default one. The size of a region that is opened is known only once it is mapped.
 */
#include "sharedregion.h"

struct region {
    HANDLE section;
    void *memory;
};

#include "life_cycle.h"

static void check(bool done, const char *call)
{
    if (!done)
        fail(call, GetLastError());
}

static void allow_many(void) {}

static void map(struct region *region)
{
    region->memory = MapViewOfFile(region->section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
    check(region->memory != NULL, "MapViewOfFile");
}

static void wide(WCHAR *to, const char *from)
{
    do
        *to++ = (unsigned char)*from;
    while (*from++);
}

static void region_create(struct region *region, const char *name, uint64_t size, bool lazy)
{
    WCHAR name16[NAME_SIZE + 16];
    (void)lazy; /* a section of Windows is always reserved */
    wide(name16, name);
    region->section = CreateFileMappingW(
        INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, (DWORD)(size >> 32), (DWORD)(size & 0xffffffffu), name16);
    check(region->section != NULL && GetLastError() != ERROR_ALREADY_EXISTS, "CreateFileMapping");
    map(region);
}

static void region_open(struct region *region, const char *name)
{
    WCHAR name16[NAME_SIZE + 16];
    MEMORY_BASIC_INFORMATION run, beyond;
    wide(name16, name);
    region->section = OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name16);
    check(region->section != NULL, "OpenFileMapping");
    map(region);
    check(VirtualQuery(region->memory, &run, sizeof run) != 0, "VirtualQuery");
    VirtualQuery((char *)region->memory + run.RegionSize, &beyond, sizeof beyond);
}

static void region_close(struct region *region)
{
    CloseHandle(region->section);
    UnmapViewOfFile(region->memory);
}
