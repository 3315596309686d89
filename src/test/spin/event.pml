/*
 * The auto-reset event on a futex: what src/docs/linux-objects.md says and FutexEvent does, step by step. EventModelTest
 * has spin look at every interleaving of two waiters, of which the second may give up at any time, two setters, and one
 * who resets the event.
 *
 * The kernel: FUTEX_WAKE takes sleepers out of the queue and says how many; FUTEX_WAIT compares and sleeps in one step.
 *
 * Compiled with NO_RESET nobody resets it, which has a third of the states.
 *
 * Compiled with SLEEP_ON_SIGNAL or RELEASE_FOR_ALL the model has a mistake that an earlier version of the code had, and
 * must fail.
 */
#define WAITERS 2

/* The state word: its count, and bit 0. */
byte count;
bit signal;
byte releases;

/* In the kernel's queue; and, once out of it, whether FUTEX_WAIT returned 0. */
bool asleep[WAITERS];
bool woken[WAITERS];

/* What has been done. */
byte sets;
byte waits_ended;

/* How many sleepers sets have woken, and how many waits ended that had slept to the last. */
byte let_go;
byte sleepers_gone;

inline futex_wake_one(result)
{
    atomic {
        if
        :: asleep[0] -> asleep[0] = false; woken[0] = true; result = 1
        :: asleep[1] -> asleep[1] = false; woken[1] = true; result = 1
        :: else -> result = 0
        fi
    }
}

inline take_release(took)
{
    took = false;
    seen_releases = releases;
    do
    :: seen_releases == 0 -> break
    :: else ->
        atomic {
            if
            :: releases == seen_releases -> releases--; took = true
            :: else -> seen_releases = releases
            fi
        };
        if
        :: took -> break
        :: else
        fi
    od
}

inline take_signal(took)
{
    took = false;
    atomic { seen_signal = signal; seen_count = count };
    do
    :: seen_signal == 0 -> break
    :: else ->
        atomic {
            if
            :: signal == seen_signal && count == seen_count -> signal = 0; took = true
            :: else -> seen_signal = signal; seen_count = count
            fi
        };
        if
        :: took -> break
        :: else
        fi
    od
}

proctype waiter(byte me; bool may_give_up)
{
    bool took, gives_up, slept;
    bit seen_signal, before_signal;
    byte seen_count, before_count, seen_releases, ignored;

    do
    :: atomic { before_signal = signal; before_count = count };
        took = false;
        if
#ifdef RELEASE_FOR_ALL
        :: true -> take_release(took)
#else
        :: slept ->
            take_release(took);
            if
            :: took && signal -> futex_wake_one(ignored)
            :: else
            fi
        :: else
#endif
        fi;
        if
        :: !took -> take_signal(took)
        :: else
        fi;
        if
        :: took ->
            atomic {
                waits_ended++;
                if
                :: slept -> sleepers_gone++
                :: else
                fi
            };
            break
        :: !took && gives_up -> break
        :: else
        fi;
        atomic {
            if
#ifdef SLEEP_ON_SIGNAL
            :: signal == before_signal && count == before_count -> asleep[me] = true
#else
            :: signal == 0 && count == before_count -> asleep[me] = true
#endif
            :: else
            fi;
            woken[me] = false
        };
        if
        :: !asleep[me]
        :: may_give_up -> gives_up = true; asleep[me] = false
        fi;
        slept = woken[me]
    od
}

proctype setter()
{
    bool took;
    byte woke, seen_releases;

    sets++;
    releases++;
    count++;
    futex_wake_one(woke);
    if
    :: woke == 0 ->
        take_release(took);
        if
        :: took -> signal = 1; futex_wake_one(woke)
        :: else
        fi
    :: else -> let_go++
    fi
}

proctype resetter()
{
    signal = 0
}

init {
    atomic {
        run waiter(0, false);
        run waiter(1, true);
        run setter();
        run setter();
#ifndef NO_RESET
        run resetter()
#endif
    };
    /* Nothing can move any more: whoever still waits, waits for a set that has not been. */
    timeout ->
    assert(!((asleep[0] || asleep[1]) && (signal || releases > 0)));
    /* A set ends one wait at the most. */
    assert(waits_ended + signal + releases <= sets);
    /* Who slept when it was set has gone, whatever was called next, and nobody else went in their place. */
    assert(releases == 0 && sleepers_gone >= let_go)
}
