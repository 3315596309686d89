/*
 * One lane of a channel of two receivers that lose nothing: what src/docs/messages.md says, step by step. BroadcastModelTest
 * has spin look at every interleaving of a sender and its receivers, each of which comes, takes part and leaves at any time.
 * A record has one unit of the ring, and its position as its bytes. KILLS receivers end after any change that they make.
 * With SUCCESSOR another receiver comes to the first place, when that is free.
 *
 * A store of the tail, and of the word that a receiver is joining, becomes visible at any later time, but not after a full
 * fence of its process. All other steps have one order for all processes.
 *
 * With NO_SCAN_FENCE, EVICT_ALWAYS, EVICT_HELD_FIRST, JOINING_IS_CORRUPT or COUNT_JOINING (mistakes of the sender), and with
 * KEEP_WORD, NO_JOIN_FENCE, NO_SECOND_HEAD, RELEASE_FIRST or GIVE_UP_FIRST (mistakes of a receiver) the model must fail.
 */
#ifndef CAPACITY
#define CAPACITY 2
#endif
#ifndef RECORDS
#define RECORDS 4
#endif
#ifndef KILLS
#define KILLS 0
#endif

#define RECEIVERS 2
#define NEVER 255

/* States of the listening word. The bits above count its changes. */
#define ABSENT 0
#define JOINING 1
#define JOINED 2

#define STATE(word) ((word) & 3)
#define CHANGED(word, state) (((word) | 3) + 1 + (state))

/* The lane, and the receivers' places. */
byte tail;
byte bytes[CAPACITY];
byte head[RECEIVERS];
byte listening[RECEIVERS];
bit held[RECEIVERS];

/* Changes that only their own process sees. */
byte stored_tail;
byte stored_listening[RECEIVERS];
bool listening_delayed[RECEIVERS];

/* What the model watches. */
byte first[RECEIVERS];       /* the position from which on a receiver gets everything, or NEVER */
bool taking[RECEIVERS];      /* whether a receiver has not looked yet whether one that died is in its place */
byte kills;
bool sender_gone;
bool sender_waits;

inline show_listening(r)
{
    if
    :: listening_delayed[r] -> listening[r] = stored_listening[r]; listening_delayed[r] = false
    :: else
    fi
}

/* Makes changes visible at any time. */
proctype memory()
{
    do
    :: atomic { tail != stored_tail -> tail = stored_tail }
    :: atomic { listening_delayed[0] -> show_listening(0) }
    :: atomic { listening_delayed[1] -> show_listening(1) }
    od
}

/* Whether a receiver takes part, and lets the sender not go on. */
#define GATES(r) (STATE(listening[r]) != ABSENT && head[r] + CAPACITY <= stored_tail)
#define DEAD(r) (STATE(listening[r]) != ABSENT && !held[r] && !listening_delayed[r])

proctype sender()
{
    byte known, lowest, word, r;
    bit is_held;

    do
    :: stored_tail == RECORDS -> break
    :: stored_tail < RECORDS ->
        /* How many receivers are there? The next record reaches those that count. */
        r = 0;
        do
        :: r < RECEIVERS ->
            atomic {
                if
#ifdef COUNT_JOINING
                :: held[r] && !taking[r] && STATE(listening[r]) != ABSENT ->
#else
                :: held[r] && !taking[r] && STATE(listening[r]) == JOINED ->
#endif
                    assert(first[r] <= stored_tail)
                :: else
                fi;
                r++
            }
        :: else -> break
        od;
        r = 0;
claim:
        if
        :: stored_tail + 1 > known + CAPACITY ->
#ifndef NO_SCAN_FENCE
            atomic { tail = stored_tail };
#endif
            lowest = stored_tail;
            do
            :: r < RECEIVERS ->
                atomic { word = listening[r] };
                if
                :: STATE(word) != ABSENT ->
                    atomic {
#ifdef JOINING_IS_CORRUPT
                        assert(head[r] <= stored_tail && stored_tail <= head[r] + CAPACITY);
#endif
                        lowest = (head[r] < lowest -> head[r] : lowest)
                    }
                :: else
                fi;
                r++
            :: else -> break
            od;
            atomic { r = 0; word = 0 };
            atomic {
                known = (lowest + CAPACITY < stored_tail -> stored_tail - CAPACITY : lowest);
                lowest = 0;
                if
                :: stored_tail + 1 <= known + CAPACITY -> goto write
                :: else
                fi
            };
            /* Evict. */
            do
            :: r < RECEIVERS ->
#ifdef EVICT_HELD_FIRST
                is_held = held[r];
                word = listening[r];
#else
                word = listening[r];
                is_held = held[r];
#endif
                atomic {
                    if
#ifdef EVICT_ALWAYS
                    :: STATE(word) != ABSENT && !is_held ->
#else
                    :: STATE(word) != ABSENT && !is_held && listening[r] == word ->
#endif
                        listening[r] = CHANGED(word, ABSENT)
                    :: else
                    fi;
                    r++; word = 0; is_held = 0
                }
            :: else -> break
            od;
            atomic {
                r = 0;
                sender_waits = true
            };
            atomic {
                (!GATES(0) && !GATES(1)) || DEAD(0) || DEAD(1);
                sender_waits = false
            };
            goto claim
        :: else
        fi;
write:
        bytes[stored_tail % CAPACITY] = stored_tail;
        atomic { stored_tail++ }
    od;
    atomic { tail = stored_tail; sender_gone = true }
}

/* After a change a receiver may end. */
#define STEP \
    if \
    :: kills < KILLS -> kills++; goto killed \
    :: true \
    fi

proctype receiver(byte r)
{
    byte next, end;

    atomic { !held[r] -> held[r] = 1; taking[r] = true; STEP };
    atomic {
        taking[r] = false;
#ifndef KEEP_WORD
        if
        :: STATE(listening[r]) != ABSENT -> listening[r] = CHANGED(listening[r], ABSENT)
        :: else
        fi;
#endif
        STEP
    };
    atomic { head[r] = tail; STEP };
    /* The change is one step, but visible only later. */
    atomic {
        stored_listening[r] = CHANGED(listening[r], JOINING);
        listening_delayed[r] = true;
        STEP
    };
#ifndef NO_JOIN_FENCE
    atomic { show_listening(r) };
#endif
#ifndef NO_SECOND_HEAD
    atomic { end = tail };
    atomic { head[r] = end; STEP };
#endif
    atomic {
        show_listening(r);
        next = head[r]; end = next;
        first[r] = next;
        listening[r] = CHANGED(listening[r], JOINED);
        STEP
    };

poll:
    do
    :: next == end ->
        if
        :: atomic { tail != end -> end = tail }
        :: goto leave
        fi
    :: else ->
#ifdef RELEASE_FIRST
        atomic { head[r] = next + 1 };
#endif
        assert(bytes[next % CAPACITY] == next);
        next++;
        atomic { head[r] = next; STEP }
    od;

leave:
#ifdef GIVE_UP_FIRST
    atomic { held[r] = 0; first[r] = NEVER };
    atomic { listening[r] = CHANGED(listening[r], ABSENT) };
#else
    atomic { listening[r] = CHANGED(listening[r], ABSENT); STEP };
    atomic { held[r] = 0; first[r] = NEVER };
#endif
    goto over;

killed:
    atomic {
        /* Its stores become visible all the same. */
        show_listening(r);
        held[r] = 0; taking[r] = false; first[r] = NEVER
    };

over:
    atomic {
        next = 0; end = 0
    }
}

init {
    atomic {
        first[0] = NEVER; first[1] = NEVER;
        run sender();
        run receiver(0);
        run receiver(1);
#ifdef SUCCESSOR
        run receiver(0);
#endif
        run memory()
    };
    /* Nothing can move any more. */
    timeout -> assert(sender_gone)
}
