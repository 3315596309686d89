/*
 * The waits in steps of src/docs/linux-objects.md: a wait that registers with a waiter thread and may leave at any moment,
 * the waiter thread, a waiter that sleeps in the kernel itself, and two setters. WaiterModelTest has spin look at every
 * interleaving. The event is that of event.pml.
 *
 * The kernel: FUTEX_WAKE takes a sleeper out of the queue of its word and counts it. futex_waitv compares all words and
 * sleeps in one step. When one of its words is woken, it takes itself out of the other queues a moment later; until then
 * a wake of another word still counts it.
 *
 * Compiled with ONE_SET there is one setter, which has a hundredth of the states.
 *
 * Compiled with NOT_SYNCHRONOUS, NOT_COMPARED, RELEASES_IGNORED or NOT_GIVEN_BACK the model has a mistake and must fail.
 */

/* The state word: its count, and bit 0. */
byte count;
bit signal;
byte releases;

/* The waiter that sleeps in the kernel: in the queue of the event; and, once out of it, whether FUTEX_WAIT returned 0. */
bool asleep;
bool woken;

/* The waiter thread: in the queues of its own word and of the event; whether a wake has taken it out of either. */
byte own;
bool own_queued, event_queued;
bool own_woken, event_woken;

/* Guarded by the waiter thread's lock, which is an atomic step here. */
bool thread_asleep;
bool registered, prepared, leaves;
byte value;

/* How the registration ended. */
bool done, signalled, slept;

byte sets;
byte waits_ended;
bool plain_ended, steps_ended;

inline futex_wake_one(result)
{
    atomic {
        if
        :: asleep -> asleep = false; woken = true; result = 1
        :: event_queued -> event_queued = false; event_woken = true; result = 1
        :: else -> result = 0
        fi
    }
}

inline take_release(took)
{
    took = false;
    atomic {
        if
        :: releases > 0 -> releases--; took = true
        :: else
        fi
    }
}

inline take_signal(took)
{
    took = false;
    atomic {
        if
        :: signal -> signal = 0; took = true
        :: else
        fi
    }
}

/* As a waiter that was woken. */
inline take_woken_release(took)
{
    take_release(took);
    if
    :: took && signal -> futex_wake_one(ignored)
    :: else
    fi
}

inline set()
{
    releases++;
    count++;
    futex_wake_one(ignored);
    if
    :: ignored == 0 ->
        take_release(took);
        if
        :: took -> signal = 1; futex_wake_one(ignored)
        :: else
        fi
    :: else
    fi
}

proctype plain()
{
    bool took, was_asleep;
    byte before, ignored;

    do
    :: before = count;
        took = false;
        if
        :: was_asleep -> take_woken_release(took)
        :: else
        fi;
        if
        :: !took -> take_signal(took)
        :: else
        fi;
        if
        :: took -> atomic { waits_ended++; plain_ended = true }; break
        :: else
        fi;
        atomic {
            woken = false;
            if
            :: signal == 0 && count == before -> asleep = true
            :: else
            fi
        };
        !asleep;
        was_asleep = woken
    od
}

/* Has the waiter thread look again. With the lock. */
inline kick()
{
    if
    :: thread_asleep ->
        thread_asleep = false;
        own++;
        if
        :: own_queued -> own_queued = false; own_woken = true
        :: else
        fi
    :: else
    fi
}

inline leave()
{
    atomic {
        if
        :: !registered
        :: registered && prepared -> leaves = true; kick()
        :: registered && !prepared -> registered = false; done = true; signalled = false
        fi
    };
#ifdef NOT_SYNCHRONOUS
    atomic { registered = false; done = true };
#else
    done;
#endif
}

/* What came for the registration; the wait ends without it. */
inline give_back()
{
    if
    :: signalled && slept ->
        take_release(took);
        if
        :: took -> set()
        :: !took && signal -> futex_wake_one(ignored)
        :: else
        fi
    :: else
    fi
}

inline look()
{
    before = count;
    took = false;
    if
    :: done && signalled && slept -> take_woken_release(took)
    :: else
    fi;
    done = false;
    if
    :: !took -> take_signal(took)
    :: else
    fi
}

proctype in_steps()
{
    bool took;
    byte before, ignored;

    do
    :: look();
        if
        :: took -> waits_ended++; break
        :: !took -> break
        :: !took ->
            atomic {
                registered = true; prepared = false; leaves = false;
                signalled = false; slept = false;
                value = before;
                kick()
            };
            if
            :: done
            :: true ->
                /* It leaves, for example because of an interrupt. */
                leave();
#ifndef NOT_GIVEN_BACK
                if
                :: true ->
                    look();
                    if
                    :: took -> waits_ended++
                    :: else
                    fi
                :: true -> give_back()
                fi;
#endif
                break
            fi
        fi
    od;
    steps_ended = true
}

active proctype waiter_thread()
{
    byte own_seen;
    bool kernel_woke;

end: do
    :: atomic { prepared = registered; thread_asleep = true; own_seen = own };
        atomic {
            own_woken = false; event_woken = false; kernel_woke = false;
            if
            :: own == own_seen && (!prepared || signal == 0 && count == value) ->
                own_queued = true; event_queued = prepared
            :: else
            fi
        };
end_asleep:
        !own_queued || (prepared && !event_queued);
        atomic {
            kernel_woke = own_woken || event_woken;
            own_queued = false; event_queued = false
        };
        atomic {
            thread_asleep = false;
            if
            :: prepared && registered ->
                slept = kernel_woke;
#ifdef NOT_COMPARED
                signalled = event_woken && !own_woken;
#else
                signalled = signal || count != value;
#ifndef RELEASES_IGNORED
                signalled = signalled || kernel_woke && releases > 0;
#endif
#endif
                if
                :: signalled || leaves -> registered = false; done = true
                :: else
                fi
            :: else
            fi;
            prepared = false
        }
    od
}

proctype setter()
{
    bool took;
    byte ignored;

    sets++;
    set()
}

init {
    atomic {
        run plain();
        run in_steps();
#ifndef ONE_SET
        run setter();
#endif
        run setter()
    };
    /* Nothing can move any more: what still waits, waits for a set that has not been. */
    timeout ->
    assert(!(!plain_ended && (signal || releases > 0)));
    assert(!(!steps_ended && (signal || releases > 0)));
    /* A set ends one wait at the most, and no release is left for a wait that has gone. */
    assert(waits_ended + signal + releases <= sets);
    assert(releases == 0);
    /* Of two sets, one may come to nothing only if the signal of the first was still there. */
    assert(waits_ended + signal >= 1)
}
