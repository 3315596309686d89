/*
 * How the threads of one side of a pair get out of each other's way: src/docs/handshake.md, "Threads of one side", and
 * PairSide and Bias, step by step. BiasModelTest has spin check every interleaving of two threads that signal, wait and
 * act, and of a third that closes the side. Each of the two gets the bias after its first signal without it.
 *
 * The peer answers each turn at once. The two threads have store buffers: a plain store is seen by others later, in
 * order. An atomic change waits until the thread's own buffer is empty. The fence empties both.
 *
 * Compiled with NO_FENCE, NO_WAIT, NO_STATE, NULL_BEFORE_FENCE, STALE_BIAS or CLOSE_WITHOUT_REVOKING, the model has a
 * mistake and must fail.
 */
#define USERS 2
#define CLOSER USERS
#define OPERATIONS 3
#define BIASES 2
#define NONE BIASES

/* The values of turn. */
#define MINE 0
#define ACTING 1
#ifdef NO_STATE
#define BIASED MINE
#else
#define BIASED 2
#endif
#define PEERS 3
#define AWAITED 4
#define SIGNALLING 5

/* What a store in a buffer is to: an index of inside, or the turn. */
#define TURN BIASES

byte turn = MINE;
bool closed;
byte bias = NONE;
bool locked;

/* The biases: how many were made, of which thread each is, and their fields. */
byte made;
byte thread[BIASES];
bool inside[BIASES];
bool revoked[BIASES];

/* Where, what, and what stands there when it arrives. */
chan stores[USERS + 1] = [4] of { byte, byte, byte };
byte turns_in_buffer[USERS];
byte own_turn[USERS];

/* What happened: the side has the turn; a thread is in the protocol; the side has left its place. */
bool has_turn = true;
bool in_protocol;
bool left;

/* Each atomic block of a thread has one access to what the threads share. Locals are reset, for fewer states. */

inline drain(user)
{
    stores[user] ? where, value, was;
    if
    :: where == TURN ->
        assert(turn == was);
        turn = value;
        turns_in_buffer[user]--;
        own_turn[user] = (turns_in_buffer[user] > 0 -> own_turn[user] : 0)
    :: else -> inside[where] = value
    fi;
    where = 0;
    value = 0;
    was = 0
}

/* The processor of a user. */
active [USERS] proctype processor()
{
    byte where, value, was;
end:
    do
    :: atomic { nempty(stores[_pid]) -> drain(_pid) }
    od
}

inline store_turn(value, was)
{
    atomic { stores[me] ! TURN, value, was; own_turn[me] = value; turns_in_buffer[me]++ }
}

/* By the thread that read it: its own stores come before those of others. */
#define SEEN_TURN (turns_in_buffer[me] > 0 -> own_turn[me] : turn)

inline change_turn(from, to)
{
    atomic {
        empty(stores[me]) ->
        changed = turn == from;
        turn = (changed -> to : turn)
    }
}

inline hand_over()
{
    atomic { assert(!in_protocol && !left && has_turn); in_protocol = true };
    atomic { has_turn = false; in_protocol = false }
}

inline run_fence()
{
#ifndef NO_FENCE
    atomic {
        do
        :: len(stores[0]) > 0 -> drain(0)
        :: len(stores[1]) > 0 -> drain(1)
        :: else -> break
        od
    }
#else
    skip
#endif
}

inline revoke_bias()
{
    atomic { !locked && empty(stores[me]) -> locked = true; revoking = bias };
    if
    :: revoking != NONE ->
#ifdef NULL_BEFORE_FENCE
        bias = NONE;
        locked = false;
#endif
        revoked[revoking] = true;
        run_fence();
#ifndef NO_WAIT
        !inside[revoking];
#endif
        bias = NONE
    :: else
    fi;
    revoking = 0;
    atomic {
        turn = (turn == BIASED -> MINE : turn);
        locked = false
    }
}

inline begin(from, to)
{
    do
    :: change_turn(from, to);
        if
        :: atomic { changed -> break }
        :: atomic { !changed && (from != MINE || SEEN_TURN != BIASED) -> break }
        :: atomic { !changed && from == MINE && SEEN_TURN == BIASED -> skip };
            revoke_bias()
        fi
    od
}

inline give_bias()
{
    if
    :: atomic { bias == NONE && made < BIASES -> skip };
        atomic { !locked && empty(stores[me]) -> thread[made] = me; bias = made; made++ }
    :: atomic { bias != NONE || made == BIASES -> skip }
    fi
}

/* Whether this thread has a bias that is not revoked: done. */
inline enter()
{
    atomic { own = (bias != NONE && thread[bias] == me -> bias : NONE) };
    if
    :: own != NONE ->
        stores[me] ! own, true, 0;
        atomic { done = !revoked[own] }
    :: else
    fi
}

inline leave()
{
    atomic {
        if
        :: own != NONE -> stores[me] ! own, false, 0
        :: else
        fi;
        own = NONE
    }
}

inline signal(from, biased)
{
    done = false;
    enter();
    if
    :: done -> atomic { done = SEEN_TURN == biased };
        if
        :: done -> hand_over(); store_turn(PEERS, biased)
        :: else
        fi
    :: else
    fi;
    leave();
    if
    :: !done ->
        begin(from, SIGNALLING);
        if
        :: changed ->
            changed = false;
            if
            :: closed -> store_turn(from, SIGNALLING)
            :: !closed -> give_bias(); hand_over(); store_turn(PEERS, SIGNALLING); done = true
            fi
        :: else
        fi
    :: else
    fi
}

inline await()
{
    change_turn(PEERS, AWAITED);
    if
    :: changed ->
        changed = false;
        if
        :: closed -> store_turn(PEERS, AWAITED)
        :: !closed ->
            has_turn = true;
            if
            :: bias == NONE -> store_turn(MINE, AWAITED)
            :: bias != NONE -> store_turn(BIASED, AWAITED)
            fi
        fi
    :: else
    fi
}

inline act()
{
    done = false;
#ifdef STALE_BIAS
    own = (bias != NONE && thread[bias] == me -> bias : NONE);
    if
    :: own != NONE -> change_turn(BIASED, ACTING); done = changed
    :: else
    fi;
    own = NONE;
#else
    enter();
    if
    :: done -> atomic { done = SEEN_TURN == BIASED };
        if
        :: done -> store_turn(ACTING, BIASED)
        :: else
        fi
    :: else
    fi;
    leave();
#endif
    changed = false;
    if
    :: !done -> begin(MINE, ACTING)
    :: else
    fi;
    if
    :: done || changed ->
        changed = false;
        signal(ACTING, ACTING);
        if
        :: !done -> store_turn(MINE, ACTING)
        :: else
        fi
    :: else
    fi
}

proctype user(byte me)
{
    byte operations, own = NONE, revoking, where, value, was;
    bool changed, done;

    do
    :: operations == OPERATIONS -> break
    :: operations < OPERATIONS ->
        operations++;
        if
        :: signal(MINE, BIASED)
        :: await()
        :: act()
        fi;
        atomic { done = false; changed = false }
    od
}

/* Makes only volatile stores, so that its buffer is always empty. */
proctype closer(byte me)
{
    byte revoking, where, value, was;

    closed = true;
#ifndef CLOSE_WITHOUT_REVOKING
    revoke_bias();
#endif
    turn < AWAITED;
    atomic { left = true; assert(!in_protocol) }
}

init {
    atomic { run user(0); run user(1); run closer(CLOSER) }
}
