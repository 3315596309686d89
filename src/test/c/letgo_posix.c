/*
 * Servers of a pair whose place becomes free in rare ways, for the tests:
 *
 *     letgo exec NAME     takes the place, and for the first line of input becomes another program, under the same id
 *     letgo zombie NAME   has a child take the place and a grandchild hold it. For the first line of input the child is
 *                         killed, and stays a zombie. For the second one the grandchild is killed.
 *
 * Says "ready" when the place is taken, and "ok" when it has executed a line of input.
 */
#include "../../main/c/sharedregion.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

static sr_error error;
static sr_pair pair;

static int say(const char *line)
{
    printf("%s\n", line);
    return fflush(stdout);
}

static void await_line(void)
{
    for (int c = getchar(); c != '\n'; c = getchar())
        if (c == EOF)
            _exit(0);
}

static void take(const char *name)
{
    if (sr_pair_create(&pair, name, SR_SPIN_DEFAULT, &error) != SR_OK) {
        printf("%s: %s\n", sr_reason_name(error.reason), error.message);
        exit(1);
    }
}

static void become_another(void)
{
    say("ready");
    await_line();
    execlp("sleep", "sleep", "600", (char *)NULL);
}

/* Ends with the process that has the other end of the pipe. */
static void hold(const int *ends)
{
    char none;
    close(ends[1]);
    while (read(ends[0], &none, 1) != 0)
        continue;
    _exit(0);
}

static void leave_zombie(const char *name)
{
    int ends[2], holders[2];
    pid_t holder, child;

    if (pipe(ends) != 0 || pipe(holders) != 0)
        exit(1);
    child = fork();
    if (child == 0) {
        take(name);
        holder = fork();
        if (holder == 0)
            hold(ends);
        if (write(holders[1], &holder, sizeof holder) != sizeof holder)
            exit(1);
        hold(ends);
    }
    close(holders[1]);
    if (read(holders[0], &holder, sizeof holder) != sizeof holder)
        exit(1);
    say("ready");
    await_line();
    kill(child, SIGKILL);
    siginfo_t ended;
    waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT);
    say("ok");
    await_line();
    kill(holder, SIGKILL);
    say("ok");
    await_line();
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    if (strcmp(argv[1], "zombie") == 0) {
        leave_zombie(argv[2]);
    } else {
        take(argv[2]);
        become_another();
    }
    return 1;
}
