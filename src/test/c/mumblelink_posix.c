/*
 * Loads the link plugin of Mumble 1.3, its argument, as Mumble does. This needs neither a display nor a server. Waits
 * until the plugin finds a game, and prints its name. Then prints for each line of its input what the plugin reads.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>
#include <wchar.h>

/* A std::string or std::wstring of libstdc++. A short text stands in the object itself. */
struct text {
    void *characters;
    size_t length;
    char own[16];
};

/* The start of what getMumblePlugin returns. */
struct plugin {
    unsigned magic;
    const struct text *description;
    const struct text *name;
    void *about;
    void *configure;
    int (*try_lock)(void);
    void (*unlock)(void);
    void *long_description;
    int (*fetch)(float *, float *, float *, float *, float *, float *, struct text *, struct text *);
};

static void print_state(const struct plugin *plugin)
{
    float avatar[9], camera[9];
    struct text context = {0}, identity = {0};
    context.characters = context.own;
    identity.characters = identity.own;
    int found = plugin->fetch(avatar, avatar + 3, avatar + 6, camera, camera + 3, camera + 6, &context, &identity);
    printf("%d|%ls|%s", found, (wchar_t *)identity.characters, (char *)context.characters);
    printf("|%.1f|%.1f\n", avatar[0], avatar[2]);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    const struct plugin *(*get)(void) = NULL;
    if (library != NULL) {
        *(void **)&get = dlsym(library, "getMumblePlugin");
    }
    if (get == NULL) {
        fprintf(stderr, "not a plugin of Mumble 1.3: %s\n", argc == 2 ? argv[1] : "");
        return 1;
    }
    const struct plugin *plugin = get();
    puts("waiting");
    fflush(stdout);
    while (!plugin->try_lock()) {
        usleep(10000);
    }
    printf("%ls\n", (wchar_t *)plugin->name->characters);
    fflush(stdout);
    for (int byte = getchar(); byte != EOF; byte = getchar()) {
        if (byte == '\n') {
            print_state(plugin);
        }
    }
    plugin->unlock();
    return 0;
}
