/*
 * The lock: what src/docs/lock.md says, step by step. LockModelTest has spin look at every interleaving of USERS
 * processes, of which there are more than places, so that one takes the place of another that has left or died. Each
 * acquires and releases ROUNDS times; KILLS of them die, and STOPS are stopped for ever, between any two steps. With
 * MAY_GIVE_UP the first may end its wait, and with POLLS it does not wait.
 *
 * Nothing wakes a sleeper but the event, and the end of the owner, as long as all go on: a wake-up that is lost must not
 * be made up for by the limit of the sleep. Once a process has died or was stopped, a sleep may end by its limit.
 *
 * With NO_WAITERS, FORGET_WAITERS, NO_LOOK, NO_SETTLE, ROB_THE_LIVING, NO_GENERATION or UNTOLD the model has a mistake,
 * and must fail.
 */
#ifndef USERS
#define USERS 3
#endif
#ifndef PLACES
#define PLACES 2
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef KILLS
#define KILLS 0
#endif
#ifndef STOPS
#define STOPS 0
#endif

#define NOBODY 255

/* The word. */
byte owner;
bit waiters;
bit inconsistent;
byte generation;

/* An auto-reset event; and whether a process holds a place. */
bit event;
bool held[PLACES + 1];

/* What the model watches: who has the lock, and whether an owner has died without a repair since. */
byte holder = NOBODY;
bool broken;
byte kills;
byte stops;
bool asleep[USERS];

#ifdef NO_GENERATION
#define NEXT
#else
#define NEXT generation++;
#endif

#define UNCHANGED (owner == w_owner && waiters == w_waiters && inconsistent == w_inconsistent && generation == w_generation)

/* Between two steps a process may end, or be stopped. */
#define STEP \
    if \
    :: kills < KILLS -> kills++; goto killed \
    :: stops < STOPS -> stops++; goto stopped \
    :: true \
    fi

inline look()
{
    atomic { w_owner = owner; w_waiters = waiters; w_inconsistent = inconsistent; w_generation = generation }
}

/* The lock is mine by this step: it must have been nobody's, and a death must be told. */
inline mine()
{
    assert(holder == NOBODY);
    assert(broken == inconsistent);
    holder = me;
    acquired = true
}

inline try_acquire(with_waiters)
{
    look();
    STEP;
    atomic {
        if
        :: w_owner == 0 && UNCHANGED ->
            owner = place;
#ifndef FORGET_WAITERS
            waiters = waiters | with_waiters;
#endif
            mine()
        :: else
        fi
    }
}

inline take_over()
{
    atomic {
        if
        :: UNCHANGED ->
            owner = place;
            NEXT
#ifndef UNTOLD
            inconsistent = 1;
#endif
            mine()
        :: else
        fi
    }
}

proctype user(byte me)
{
    byte place, w_owner, w_generation, rounds;
    bit w_waiters, w_inconsistent;
    bool acquired, announced, dead;

    /* Open: the first place that is not held. */
end_waiting_for_a_place:
    atomic {
        if
        :: !held[1] -> place = 1
        :: held[1] && !held[2] -> place = 2
#if PLACES > 2
        :: held[1] && held[2] && !held[3] -> place = 3
#endif
        fi;
        held[place] = true
    };
    STEP;
#ifndef NO_SETTLE
    look();
    STEP;
    do
    :: w_owner == place ->
        atomic {
            if
            :: UNCHANGED -> owner = 0; NEXT inconsistent = 1; waiters = 0; w_owner = 0
            :: else -> look()
            fi
        };
        STEP;
        if
        :: w_owner == 0 && w_waiters -> event = 1
        :: else
        fi
    :: else -> break
    od;
    STEP;
#endif

    do
    :: rounds == ROUNDS -> break
    :: else ->
        rounds++;
        acquired = false;
        try_acquire(0);
#ifdef POLLS
        if
        :: me == 0 && !acquired ->
            STEP;
            look();
            dead = w_owner != 0 && !held[w_owner];
            STEP;
            if
            :: dead -> take_over()
            :: else
            fi;
            STEP;
            if
            :: acquired -> goto had
            :: else -> goto next
            fi
        :: else
        fi;
#endif
        do
        :: acquired -> break
        :: else ->
            STEP;
            try_acquire(1);
            if
            :: acquired -> goto had
            :: else
            fi;
            STEP;
            look();
            announced = false;
            STEP;
            if
            :: w_owner == 0 -> goto again
            :: else
            fi;
#ifdef NO_WAITERS
            announced = true;
#else
            atomic {
                if
                :: w_waiters -> announced = true
                :: !w_waiters && UNCHANGED -> waiters = 1; w_waiters = 1; announced = true
                :: else
                fi
            };
#endif
            STEP;
            if
            :: !announced -> goto again
            :: else
            fi;
#ifdef MAY_GIVE_UP
            if
            :: me == 0 -> goto leave
            :: true
            fi;
#endif
#ifndef NO_LOOK
#ifdef ROB_THE_LIVING
            dead = true;
#else
            dead = !held[w_owner];
#endif
            STEP;
            if
            :: dead -> take_over()
            :: else
            fi;
            if
            :: acquired -> goto had
            :: else
            fi;
#endif
            /* Sleep. */
            asleep[me] = true;
            atomic {
                if
                :: event -> event = 0
#ifndef NO_LOOK
                :: owner != 0 && !held[owner]
                :: kills + stops > 0 && owner == 0
#endif
                fi;
                asleep[me] = false
            };
            STEP;
again:
            skip
        od;
had:
        STEP;
        /* In the section. It may repair what a dead owner has left. */
        look();
        STEP;
        do
        :: atomic {
                if
                :: UNCHANGED ->
                    assert(holder == me && owner == place);
                    owner = 0;
                    NEXT
                    waiters = 0;
                    holder = NOBODY;
                    if
                    :: broken -> broken = false; inconsistent = 0
                    :: true
                    fi;
                    acquired = false
                :: else
                fi
            };
            STEP;
            if
            :: !acquired -> break
            :: else -> look()
            fi;
            STEP
        od;
        if
        :: w_waiters -> event = 1
        :: else
        fi;
        STEP;
next:
        skip
    od;
leave:
    held[place] = false;
    goto gone;

killed:
    atomic {
        if
        :: holder == me -> holder = NOBODY; broken = true
        :: else
        fi;
        held[place] = false;
        goto gone
    };

stopped:
end_stopped:
    false;

gone:
    skip
}

init {
    byte i;
    atomic {
        i = 0;
        do
        :: i < USERS -> run user(i); i++
        :: else -> break
        od
    };
    /* Nothing can move any more: a process that still sleeps waits for one that is stopped. */
    timeout ->
    i = 0;
    do
    :: i < USERS ->
        assert(!asleep[i] || (owner != 0 && held[owner] && stops > 0));
        i++
    :: else -> break
    od
}
