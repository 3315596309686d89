/*
 * The console pair of examples/, which uses only Linux: a peer without the library. It knows only the layout of the
 * library's objects (src/docs/linux-objects.md).
 *
 *     console_posix server NAME              hands over the lines of its standard input
 *     console_posix client NAME [SECONDS]    prints the lines that it receives; waits at most this time for the server
 *
 * The server's objects do not carry the library's mark, the sticky bit: it removes them itself. The client is a full
 * user of a library server's objects: it holds a shared lock on them, and the last one out removes the name.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { REGION_SIZE = 4096, END = -1, PATH_SIZE = 300 };

/* The region; integers little-endian. */
struct text {
    int32_t length;
    int32_t more;
    unsigned char bytes[];
};

/* An event, in the byte order of the machine. */
struct event {
    char magic[8];
    int32_t version;
    int32_t flags;
    _Atomic uint32_t state;   /* the futex; bit 0: set */
    _Atomic int32_t releases; /* let go, though not set any more */
    char reserved[40];
};

_Static_assert(sizeof(struct event) == 64, "the size that the library expects");

/* An object in /dev/shm that this process has mapped. */
struct object {
    char path[PATH_SIZE];
    int fd;
    size_t size;
    void *memory;
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

static void set_path(struct object *object, const char *name, const char *suffix)
{
    int length = snprintf(object->path, PATH_SIZE, "/dev/shm/%s%s", name, suffix);
    if (length >= PATH_SIZE || *name == '\0' || strchr(name, '/') != NULL)
        fail("\"%s\" cannot name a shared object", name);
}

static void map(struct object *object, size_t size, int protection)
{
    object->size = size;
    object->memory = mmap(NULL, size, protection, MAP_SHARED, object->fd, 0);
    if (object->memory == MAP_FAILED)
        fail("Cannot map %s: %s", object->path, strerror(errno));
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

/* What the system call returns, but for EAGAIN, the state has changed, as was hoped for, and EINTR: -1. */
static long futex(struct event *event, int operation, uint32_t value)
{
    /* Not FUTEX_PRIVATE: the other side is another process. */
    long result = syscall(SYS_futex, &event->state, operation, value, NULL, NULL, 0);
    if (result < 0 && errno != EAGAIN && errno != EINTR)
        fail("futex: %s", strerror(errno));
    return result;
}

/* Leaves the signal for one waiter; the library, which also counts who sleeps, may leave a release instead. */
static void set_event(struct event *event)
{
    atomic_fetch_or(&event->state, 1);
    futex(event, FUTEX_WAKE, 1);
}

static bool take_release(struct event *event)
{
    int32_t releases = atomic_load(&event->releases);
    while (releases > 0)
        if (atomic_compare_exchange_weak(&event->releases, &releases, releases - 1)) {
            /* Woken for the signal, perhaps, and not for this: then another is to have that. */
            if ((atomic_load(&event->state) & 1) != 0)
                futex(event, FUTEX_WAKE, 1);
            return true;
        }
    return false;
}

static bool take_signal(struct event *event)
{
    uint32_t state = atomic_load(&event->state);
    while ((state & 1) != 0)
        if (atomic_compare_exchange_weak(&event->state, &state, state & ~1u))
            return true;
    return false;
}

static void await_event(struct event *event)
{
    bool woken = false;
    for (;;) {
        /* Read before the look: what comes after it changes the state, and so keeps this from sleeping. */
        uint32_t seen = atomic_load(&event->state);
        if ((woken && take_release(event)) || take_signal(event))
            return;
        woken = futex(event, FUTEX_WAIT, seen & ~1u) == 0;
    }
}

/* --- Server ------------------------------------------------------------------------------------------------------ */

static void create_region(struct object *region, const char *name)
{
    set_path(region, name, "");
    region->fd = shm_open(strrchr(region->path, '/'), O_RDWR | O_CREAT | O_EXCL, 0600);
    if (region->fd < 0)
        fail("Cannot create %s: %s", region->path, strerror(errno));
    if (ftruncate(region->fd, REGION_SIZE) != 0)
        fail("Cannot give %s a size: %s", region->path, strerror(errno));
    map(region, REGION_SIZE, PROT_READ | PROT_WRITE);
}

/* An event must never be seen half made: it is written first, and given its name then. */
static bool create_event(struct object *object, const char *name, const char *suffix)
{
    static const struct event unset = {.magic = {'S', 'R', 'E', 'v', 'e', 'n', 't', '\n'}, .version = 1};
    char self[32];

    set_path(object, name, suffix);
    object->fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
    if (object->fd < 0 || write(object->fd, &unset, sizeof unset) != sizeof unset)
        fail("Cannot make %s: %s", object->path, strerror(errno));
    map(object, sizeof unset, PROT_READ | PROT_WRITE);
    snprintf(self, sizeof self, "/proc/thread-self/fd/%d", object->fd);
    return linkat(AT_FDCWD, self, AT_FDCWD, object->path, AT_SYMLINK_FOLLOW) == 0;
}

static void remove_object(struct object *object)
{
    munmap(object->memory, object->size);
    close(object->fd);
    shm_unlink(strrchr(object->path, '/'));
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

static void send_lines(struct text *text, struct event *written, struct event *read)
{
    const int32_t capacity = REGION_SIZE - (int32_t)sizeof *text;
    int next = next_byte();

    while (next != EOF) {
        int32_t length = 0;
        while (next != EOF && next != '\n' && length < capacity) {
            text->bytes[length++] = (unsigned char)next;
            next = next_byte();
        }
        text->length = (int32_t)htole32((uint32_t)length);
        text->more = (int32_t)htole32(next != EOF && next != '\n');
        set_event(written);
        await_event(read);
        if (next == '\n')
            next = next_byte();
    }
    text->length = (int32_t)htole32((uint32_t)END);
    set_event(written);
    await_event(read);
}

static void serve(const char *name)
{
    struct object region, written, read;

    create_region(&region, name);
    /* A client looks for "written" first, and then finds the others too. */
    if (!create_event(&read, name, ".read")) {
        int reason = errno;
        remove_object(&region);
        fail("Cannot create %s: %s", read.path, strerror(reason));
    }
    if (!create_event(&written, name, ".written")) {
        int reason = errno;
        remove_object(&read);
        remove_object(&region);
        fail("Cannot create %s: %s", written.path, strerror(reason));
    }
    fprintf(stderr, "Serving \"%s\".\n", name);
    send_lines(region.memory, written.memory, read.memory);
    remove_object(&written);
    remove_object(&read);
    remove_object(&region);
}

/* --- Client ------------------------------------------------------------------------------------------------------ */

static bool leads_to(const char *path, const struct stat *opened)
{
    struct stat there;
    return lstat(path, &there) == 0 && there.st_dev == opened->st_dev && there.st_ino == opened->st_ino;
}

/* Opens an object that has users; false with ENOENT if there is none. */
static bool try_open(struct object *object, int flags)
{
    struct stat opened;

    object->fd = open(object->path, flags | O_NOFOLLOW | O_CLOEXEC);
    if (object->fd < 0)
        return false;
    if (fstat(object->fd, &opened) != 0 || !S_ISREG(opened.st_mode))
        fail("%s is not a shared object", object->path);
    object->size = (size_t)opened.st_size;
    if ((opened.st_mode & S_ISVTX) == 0)
        return true; /* Not of the library: not counted by locks. */
    if (flock(object->fd, LOCK_EX | LOCK_NB) == 0) {
        /* Nobody else has it: a leftover, or on its way out. */
        if (leads_to(object->path, &opened))
            unlink(object->path);
    } else if (flock(object->fd, LOCK_SH | LOCK_NB) == 0 && leads_to(object->path, &opened)) {
        return true;
    }
    close(object->fd);
    errno = ENOENT;
    return false;
}

static void close_object(struct object *object)
{
    struct stat opened;

    munmap(object->memory, object->size);
    if (fstat(object->fd, &opened) == 0 && (opened.st_mode & S_ISVTX) != 0
        && flock(object->fd, LOCK_EX | LOCK_NB) == 0 && leads_to(object->path, &opened))
        unlink(object->path); /* The last one out. */
    close(object->fd);
}

static void open_event(struct object *object, const char *name, const char *suffix, time_t give_up)
{
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
    bool told = false;

    set_path(object, name, suffix);
    while (!try_open(object, O_RDWR)) {
        if (errno != ENOENT || time(NULL) >= give_up)
            fail("Cannot open %s: %s", object->path, strerror(errno));
        if (!told)
            fprintf(stderr, "Waiting for the server of \"%s\".\n", name);
        told = true;
        nanosleep(&pause, NULL);
    }
    if (object->size != sizeof(struct event))
        fail("%s is not an event", object->path);
    map(object, object->size, PROT_READ | PROT_WRITE);
    const struct event *event = object->memory;
    if (memcmp(event->magic, "SREvent\n", sizeof event->magic) != 0 || event->version != 1)
        fail("%s is not an event", object->path);
}

static void print_lines(const struct text *text, size_t region_size, struct event *written, struct event *read)
{
    const int32_t capacity = (int32_t)(region_size - sizeof *text);

    for (;;) {
        await_event(written);
        int32_t length = (int32_t)le32toh((uint32_t)text->length);
        if (length == END)
            break;
        if (length < 0 || length > capacity)
            fail("The server wrote a text length of %d, but there is room for 0 to %d bytes", length, capacity);
        fwrite(text->bytes, 1, (size_t)length, stdout);
        if (text->more == 0 && (putchar('\n') == EOF || fflush(stdout) != 0))
            fail("Cannot write: %s", strerror(errno));
        set_event(read);
    }
    set_event(read);
}

static void receive(const char *name, time_t seconds)
{
    struct object region, written, read;
    time_t give_up = time(NULL) + seconds;

    open_event(&written, name, ".written", give_up);
    open_event(&read, name, ".read", give_up);
    set_path(&region, name, "");
    if (!try_open(&region, O_RDONLY))
        fail("Cannot open %s: %s", region.path, strerror(errno));
    if (region.size < sizeof(struct text))
        fail("%s has only %zu bytes", region.path, region.size);
    map(&region, region.size, PROT_READ);
    print_lines(region.memory, region.size, written.memory, read.memory);
    close_object(&written);
    close_object(&read);
    close_object(&region);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "server") == 0)
        serve(argv[2]);
    else if ((argc == 3 || argc == 4) && strcmp(argv[1], "client") == 0)
        receive(argv[2], argc == 4 ? atoi(argv[3]) : 30);
    else
        fail("Usage: console_posix server NAME | client NAME [SECONDS]");
    return 0;
}
