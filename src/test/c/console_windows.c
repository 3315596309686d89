/*
 * The console pair of examples/, which uses only Win32: a peer without the library.
 *
 *     console_windows server NAME              hands over the lines of its standard input
 *     console_windows client NAME [SECONDS]    prints the lines that it receives; waits at most this time for the server
 */
#define UNICODE
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

enum { REGION_SIZE = 4096, CAPACITY = REGION_SIZE - 8, END = -1 };

/* The region; integers little-endian, as Windows has them on every processor. */
struct text {
    int32_t length;
    int32_t more;
    unsigned char bytes[CAPACITY];
};

struct pair {
    HANDLE section;
    HANDLE written;
    HANDLE read;
    struct text *text;
};

static _Noreturn void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static void event_name(wchar_t *target, const wchar_t *name, const wchar_t *suffix)
{
    if (wcslen(name) + wcslen(suffix) >= MAX_PATH)
        fail("The name is too long");
    wcscpy(target, name);
    wcscat(target, suffix);
}

static void map(struct pair *pair, DWORD access)
{
    pair->text = MapViewOfFile(pair->section, access, 0, 0, REGION_SIZE);
    if (pair->text == NULL)
        fail("MapViewOfFile failed with %lu", GetLastError());
}

static void set_event(HANDLE event)
{
    if (!SetEvent(event))
        fail("SetEvent failed with %lu", GetLastError());
}

static void await_event(HANDLE event)
{
    if (WaitForSingleObject(event, INFINITE) != WAIT_OBJECT_0)
        fail("WaitForSingleObject failed with %lu", GetLastError());
}

/* Windows removes the names with their last handle. */
static void close_pair(struct pair *pair)
{
    if (!UnmapViewOfFile(pair->text))
        fail("UnmapViewOfFile failed with %lu", GetLastError());
    if (!CloseHandle(pair->written) || !CloseHandle(pair->read) || !CloseHandle(pair->section))
        fail("CloseHandle failed with %lu", GetLastError());
}

/* --- Server ------------------------------------------------------------------------------------------------------ */

static HANDLE create_event(const wchar_t *name, const wchar_t *suffix)
{
    wchar_t full[MAX_PATH];
    event_name(full, name, suffix);
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, full); /* auto-reset, unset */
    if (event == NULL || GetLastError() == ERROR_ALREADY_EXISTS)
        fail("Cannot create the event *%ls: CreateEventW says %lu", suffix, GetLastError());
    return event;
}

/* The next byte, or EOF; a line that ends as on Windows seems to end as on Linux. */
static int next_byte(void)
{
    int next = getchar();
    if (next == '\r') {
        int after = getchar();
        if (after == '\n')
            return '\n';
        if (after != EOF)
            ungetc(after, stdin);
    }
    return next;
}

static void send_lines(struct pair *pair)
{
    int next = next_byte();

    while (next != EOF) {
        int32_t length = 0;
        while (next != EOF && next != '\n' && length < CAPACITY) {
            pair->text->bytes[length++] = (unsigned char)next;
            next = next_byte();
        }
        pair->text->length = length;
        pair->text->more = next != EOF && next != '\n';
        set_event(pair->written);
        await_event(pair->read);
        if (next == '\n')
            next = next_byte();
    }
    pair->text->length = END;
    set_event(pair->written);
    await_event(pair->read);
}

static void serve(const wchar_t *name)
{
    struct pair pair;

    pair.section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, REGION_SIZE, name);
    if (pair.section == NULL || GetLastError() == ERROR_ALREADY_EXISTS)
        fail("Cannot create the region: CreateFileMappingW says %lu", GetLastError());
    map(&pair, FILE_MAP_READ | FILE_MAP_WRITE);
    /* A client looks for "written" first, and then finds the others too. */
    pair.read = create_event(name, L".read");
    pair.written = create_event(name, L".written");
    fputs("Serving.\n", stderr);
    send_lines(&pair);
    close_pair(&pair);
}

/* --- Client ------------------------------------------------------------------------------------------------------ */

static HANDLE open_event(const wchar_t *name, const wchar_t *suffix, ULONGLONG give_up)
{
    wchar_t full[MAX_PATH];
    bool told = false;

    event_name(full, name, suffix);
    for (;;) {
        HANDLE event = OpenEventW(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, full);
        if (event != NULL)
            return event;
        if (GetLastError() != ERROR_FILE_NOT_FOUND || GetTickCount64() >= give_up)
            fail("Cannot open the event *%ls: OpenEventW failed with %lu", suffix, GetLastError());
        if (!told)
            fputs("Waiting for the server.\n", stderr);
        told = true;
        Sleep(20);
    }
}

static void print_lines(const struct pair *pair)
{
    for (;;) {
        await_event(pair->written);
        int32_t length = pair->text->length;
        if (length == END)
            break;
        if (length < 0 || length > CAPACITY)
            fail("The server wrote a text length of %d, but there is room for 0 to %d bytes", length, CAPACITY);
        fwrite(pair->text->bytes, 1, (size_t)length, stdout);
        if (pair->text->more == 0 && (putchar('\n') == EOF || fflush(stdout) != 0))
            fail("Cannot write to standard output");
        set_event(pair->read);
    }
    set_event(pair->read);
}

static void receive(const wchar_t *name, int seconds)
{
    struct pair pair;
    ULONGLONG give_up = GetTickCount64() + (ULONGLONG)seconds * 1000;

    pair.written = open_event(name, L".written", give_up);
    pair.read = open_event(name, L".read", give_up);
    pair.section = OpenFileMappingW(FILE_MAP_READ, FALSE, name);
    if (pair.section == NULL)
        fail("Cannot open the region: OpenFileMappingW failed with %lu", GetLastError());
    map(&pair, FILE_MAP_READ);
    print_lines(&pair);
    close_pair(&pair);
}

int main(void)
{
    /* main's own arguments have been through the code page, which may lack letters of the name. */
    int argc;
    wchar_t **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    if (argv == NULL)
        fail("CommandLineToArgvW failed with %lu", GetLastError());

    /* Lines are bytes: no \n becomes \r\n, and a Ctrl-Z in a file is no end. */
    if (_setmode(_fileno(stdin), _O_BINARY) == -1 || _setmode(_fileno(stdout), _O_BINARY) == -1)
        fail("Cannot read or write bytes");

    /* Who reads it from a pipe is to see it at once. */
    setvbuf(stderr, NULL, _IONBF, 0);

    if (argc == 3 && wcscmp(argv[1], L"server") == 0)
        serve(argv[2]);
    else if ((argc == 3 || argc == 4) && wcscmp(argv[1], L"client") == 0)
        receive(argv[2], argc == 4 ? _wtoi(argv[3]) : 30);
    else
        fail("Usage: console_windows server NAME | client NAME [SECONDS]");
    return 0;
}
