/*
 * Makes functions of the system fail when a test asks for it: libfaults_posix.c and libfaults_windows.c include it.
 * The test binds the library's declarations to faulty_NAME instead of NAME. faulty_NAME calls NAME and counts the
 * calls. Faults.java is the Java side of this.
 */
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#define EXPORT __declspec(dllexport)
typedef DWORD thread_id;
#define THIS_THREAD GetCurrentThreadId()
#define SET_CODE(code) SetLastError((DWORD) (code))
#else
#include <errno.h>
#include <pthread.h>
#define EXPORT __attribute__((visibility("default")))
typedef pthread_t thread_id;
#define THIS_THREAD pthread_self()
#define SET_CODE(code) (errno = (code))
#include <signal.h>
#endif

enum { MOST_CALLS = 10000 };

/* Of the thread that armed: what it called since, and what is to fail. */
static volatile thread_id armed_thread;
static volatile int armed;
static const char *calls[MOST_CALLS];
static volatile int made;
static int failing;
static int failing_code;
static int following_code;
static int stopping;

/* Of all threads: the one function whose next calls are to fail, and how many of them. */
static char everywhere[64];
static volatile int everywhere_code;
static volatile int everywhere_times;

/* How much of the system the calls have taken, and not given back: descriptors, handles, mappings. */
static volatile int held;

/* Has the NTH call of this thread from now, counted from 1, fail with the code; the one after it, too, unless that is 0. */
EXPORT void faults_arm(int nth, int code, int following)
{
    armed = 0;
    made = 0;
    stopping = 0;
    failing = nth;
    failing_code = code;
    following_code = following;
    armed_thread = THIS_THREAD;
    armed = 1;
}

#ifndef _WIN32
/* Stops the process before the NTH call of this thread from now, counted from 1. */
EXPORT void faults_stop(int nth)
{
    faults_arm(0, 0, 0);
    stopping = nth;
}
#endif

/* Has the next calls of one function fail, whatever thread makes them. */
EXPORT void faults_arm_everywhere(const char *name, int code, int times)
{
    strncpy(everywhere, name, sizeof everywhere - 1);
    everywhere_times = times;
    everywhere_code = code;
}

/* Ends that, and tells how many calls the thread has made. */
EXPORT int faults_disarm(void)
{
    armed = 0;
    everywhere_code = 0;
    return made < MOST_CALLS ? made : MOST_CALLS;
}

EXPORT int faults_made(void)
{
    return made;
}

/* What the INDEXth call was, counted from 0. */
EXPORT const char *faults_call(int index)
{
    return calls[index];
}

EXPORT int faults_held(void)
{
    return held;
}

#ifndef _WIN32
/* The functions whose next call is to pause, and the file that is there while it does. */
static char pausing[128];
static char pause_file[1024];

/* Has the next call of one of the functions, whatever thread makes it, create the file and wait until that is removed. */
EXPORT void faults_pause(const char *names, const char *file)
{
    strncpy(pause_file, file, sizeof pause_file - 1);
    strncpy(pausing, names, sizeof pausing - 1);
}

static void faults_pause_here(const char *call)
{
    if (pausing[0] != 0 && strstr(pausing, call) != NULL) {
        pausing[0] = 0;
        close(creat(pause_file, 0600));
        while (access(pause_file, F_OK) == 0) {
            usleep(1000);
        }
    }
}
#else
#define faults_pause_here(call) ((void) 0)
#endif

/* Notes a call, and tells the code that it is to fail with, or 0. */
static int faults_enter(const char *call)
{
    int code = everywhere_code;
    faults_pause_here(call);
    if (code != 0 && strcmp(call, everywhere) == 0) {
        everywhere_code = --everywhere_times == 0 ? 0 : code;
        return code;
    }
    if (!armed || armed_thread != THIS_THREAD) {
        return 0;
    }
    if (made < MOST_CALLS) {
        calls[made] = call;
    }
    made++;
#ifndef _WIN32
    if (made == stopping) {
        raise(SIGSTOP);
    }
#endif
    return made == failing ? failing_code : made == failing + 1 ? following_code : 0;
}

static void faults_hold(int gain)
{
    __atomic_add_fetch(&held, gain, __ATOMIC_SEQ_CST);
}

/*
 * A function that can be made to fail.
 *
 * call     how the books call it
 * failure  what it returns when it fails
 * gain     1 if it takes something of the system when it succeeds, -1 if it gives it back
 * even_so  what it does of its work when it is made to fail, 0 if nothing; not 0 says that all is done
 *
 * calls_NAME counts the calls of all threads.
 */
#define FAULTY_AS(call, type, name, parameters, arguments, failure, gain, even_so) \
    EXPORT volatile int calls_##name; \
    EXPORT type faulty_##name parameters \
    { \
        __atomic_add_fetch(&calls_##name, 1, __ATOMIC_SEQ_CST); \
        int code = faults_enter(call); \
        if (code != 0) { \
            if (even_so) { \
                faults_hold(gain); \
            } \
            SET_CODE(code); \
            return failure; \
        } \
        type result = name arguments; \
        if (result != (type) (failure)) { \
            faults_hold(gain); \
        } \
        return result; \
    }

#define FAULTY(type, name, parameters, arguments, failure, gain, even_so) \
    FAULTY_AS(#name, type, name, parameters, arguments, failure, gain, even_so)

/* A function that cannot fail. */
#define SURE(type, name, parameters, arguments) \
    EXPORT type faulty_##name parameters \
    { \
        return name arguments; \
    }
