/* Sends its arguments with OutputDebugString, one message each. Prints its process id first. */
#include <stdio.h>
#include <windows.h>

int main(int argc, char **argv) {
    printf("%lu\n", GetCurrentProcessId());
    fflush(stdout);
    for (int i = 1; i < argc; i++) {
        OutputDebugStringA(argv[i]);
    }
    return 0;
}
