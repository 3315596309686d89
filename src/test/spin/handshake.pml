/*
 * The handshake of an event pair: what src/docs/handshake.md says, step by step, with the corrections of its review.
 * HandshakeModelTest has spin look at every interleaving of the two sides. Each side has two lives, given by SERVER_LIVES and
 * CLIENT_LIVES: registered or plain ones; KILLS registered ones die between any two steps, MAY_CLOSE lets them leave in
 * order at any time, and PATIENCE lets each leave a wait once and come back. With STOPS one may be stopped in the middle of waking
 * the other, which then does not wait for it; with KILLS, too, it may die there.
 *
 * A sleeper's looks at the peer and at its own state are modelled as guards of the sleep. Its look at the turn is not, unless it
 * waits for a token: a wake-up that is lost must not be made up for. The spinning before the sleep is left out, as a
 * waiter that spins is one that comes later. The block goes with its last registered user, the events with their last user.
 *
 * Plain peers keep to the rules: a plain one starts when a registered one has left, or its death was found; a server starts, where
 * the client is plain, when what was handed over has been acknowledged.
 *
 * With NO_RECHECK, NO_UNPARK_DRAIN, NO_LOOK_UNDER_WAKING, NO_MENDING, NO_COUNT_ON_REGISTER, NO_FINISHED_WAKING,
 * NO_LOOK_AT_THE_TURN, KEEP_WAKE_UP or WAKE_WITH_TOKEN the model has a mistake, and must fail.
 */
#ifndef TURNS
#define TURNS 2
#endif
#ifndef KILLS
#define KILLS 0
#endif
#ifndef PATIENCE
#define PATIENCE 0
#endif
#ifndef SERVER_LIVES
#define SERVER_LIVES REGISTERED, NOBODY
#endif
#ifndef CLIENT_LIVES
#define CLIENT_LIVES REGISTERED, NOBODY
#endif

#define SERVER 0
#define CLIENT 1

/* Who a side is, in one of its lives. */
#define NOBODY 0
#define REGISTERED 1
#define PLAIN 2

/* The turn word: whose, TOKEN, and a count modulo 8. */
#define TOKEN 2
byte turn;
#define WHOSE(t) ((t) & 1)
#define HAS_TOKEN(t) (((t) & TOKEN) != 0)
#define COUNTED(t) (((t) + 4) & 28)

/* The state words: state, and a generation modulo 4. */
#define ABSENT 0
#define ACTIVE 1
#define PARKED 2
#define WAKING 3
#define WOKEN 4
#define RECALLED 5
#define CLOSED 6
#define DEAD 7
byte state[2];
#define KIND(s) ((s) & 7)
#define AS(s, k) (((s) & 24) | (k))
#define NEXT(s, k) ((((s) + 8) & 24) | (k))
#define IS_REGISTERED(s) (KIND(s) >= ACTIVE && KIND(s) <= RECALLED)
#define IS_GONE(s) (KIND(s) >= CLOSED)

bool event[2];
bool held[2];

/* What the model watches. */
bool killed[2];
bool alive[2];
bool plain_side[2];
bool in_turn[2];
bool unread;
bool lost;
byte where[2];
#define BUSY 0
#define SLEEPING 1
#define POLLING 2
#define IDLE 3
#define PLAIN_WAITING 4
#define OVER 5

/* One that a side has not settled, because the peer was stopped in the middle of it: its state says so. */
#ifdef STOPS
#define WAKE_UP_LEFT(s) (held[s] && (KIND(state[s]) == WAKING || KIND(state[s]) == WOKEN))
#else
#define WAKE_UP_LEFT(s) false
#endif

inline cas(word, from, to, ok)
{
    d_step {
        if
        :: word == (from) -> word = (to); ok = true
        :: else -> ok = false
        fi
    }
}

inline take(e, ok)
{
    d_step { ok = event[e]; event[e] = false }
}

inline ended(s)
{
    if
    :: s == SERVER && held[SERVER] && !unread && (turn & 3) == (CLIENT | TOKEN) && !event[SERVER] -> unread = true
    :: else
    fi;
    held[s] = false;
    alive[s] = false;
    in_turn[s] = false;
    where[s] = OVER;
    if
    :: !held[1 - s] && alive[1 - s] && !plain_side[s] ->
        if
        :: s == CLIENT && unread -> lost = !event[CLIENT]
        :: s == CLIENT && !unread -> lost = !event[SERVER] && where[SERVER] == PLAIN_WAITING
        :: s == SERVER && unread && !event[CLIENT] && !in_turn[CLIENT] -> unread = false
        :: else
        fi;
        turn = 0;
        state[0] = 0;
        state[1] = 0
    :: !alive[1 - s] ->
        turn = 0;
        state[0] = 0;
        state[1] = 0;
        event[0] = false;
        event[1] = false;
        unread = false;
        lost = false
    :: else
    fi
}

inline gained(s)
{
    d_step {
        assert(!in_turn[1 - s]);
        assert(unread == (s == CLIENT));
        in_turn[s] = true
    }
}

/* What the caller of unpark, wake and accept does then. */
#define AGAIN 0
#define LAST_LOOK 1
#define MARK_DEAD 2
#define FROM_SIGNAL 3
#define FROM_LEAVE 4
#define FROM_LAST_TURN 5

#define peer (1 - me)

proctype side(bit me; byte now; byte later)
{
    byte t, w, u, before, turns;
    byte then, tries;
    bool ok, took, parked, patience;

    do
    :: now == REGISTERED ->
        {
            /* ---- Register ---- */
            atomic { !held[me] && !(me == SERVER && alive[peer] && plain_side[peer] && unread) ->
                held[me] = true; alive[me] = true; plain_side[me] = false; where[me] = BUSY; turns = TURNS };
#if PATIENCE
            if
            :: patience = true
            :: patience = false
            fi;
#endif
register1:
            u = state[me];
            if
            :: KIND(u) == WAKING -> !(KIND(state[me]) == WAKING && held[peer]); u = state[me]
            :: else
            fi;
            if
            :: KIND(u) == WAKING || KIND(u) == WOKEN ->
                cas(state[me], u, NEXT(u, WOKEN), ok);
                if
                :: !ok -> goto register1
                :: else
                fi;
                event[me] = false;
                state[me] = NEXT(u, ACTIVE)
            :: else ->
                cas(state[me], u, NEXT(u, ACTIVE), ok);
                if
                :: !ok -> goto register1
                :: else
                fi
            fi;
#ifndef NO_FINISHED_WAKING
            w = state[peer];
            if
            :: KIND(w) == WAKING -> cas(state[peer], w, AS(w, WOKEN), ok)
            :: else
            fi;
#endif
take_over_turn:
            t = turn;
            if
            :: WHOSE(t) == me && (me == SERVER || !HAS_TOKEN(t)) ->
#ifdef NO_COUNT_ON_REGISTER
                cas(turn, t, me | (t & 28), ok);
#else
                cas(turn, t, COUNTED(t) | me, ok);
#endif
                if
                :: !ok -> goto take_over_turn
                :: else
                fi;
                event[me] = false;
                t = COUNTED(t) | me
            :: me == SERVER && WHOSE(t) == CLIENT && IS_REGISTERED(u) ->
                if
                :: HAS_TOKEN(t) ->
                    take(SERVER, ok);
                    if
                    :: ok ->
                        cas(turn, t, COUNTED(t) | SERVER, ok);
                        if
                        :: ok -> t = COUNTED(t) | SERVER; goto registered
                        :: else -> goto take_over_turn
                        fi
                    :: else -> goto hand_over_again
                    fi
                :: else -> goto notify_peer
                fi
            :: else
            fi;
            if
            :: me == SERVER && WHOSE(t) == me && !IS_REGISTERED(u) ->
                w = state[peer];
                if
                :: !IS_REGISTERED(w) ->
                    take(CLIENT, ok);
                    if
                    :: ok ->
                        cas(turn, t, COUNTED(t) | CLIENT | TOKEN, ok);
                        event[CLIENT] = true;
                        if
                        :: ok -> t = COUNTED(t) | CLIENT | TOKEN
                        :: else
                        fi
                    :: else
                    fi
                :: else
                fi
            :: else
            fi;
registered:
            u = 0;
            if
            :: me == SERVER && t == turn && WHOSE(t) == SERVER -> gained(me)
            :: else
            fi;

            /* ---- The program ---- */
user:
            atomic { t = 0; w = 0; u = 0; before = 0; then = 0; tries = 0; ok = false; parked = false };
            if
            :: in_turn[me] && me == SERVER && turns > 0 -> goto signal
            :: in_turn[me] && me == CLIENT -> goto signal
            :: in_turn[me] && me == SERVER && turns == 0 -> where[me] = IDLE; killed[me]
            :: !in_turn[me] -> goto await
#ifdef MAY_CLOSE
            :: true -> goto leave
#endif
            fi;

            /* ---- Signal ---- */
signal:
            atomic {
                t = COUNTED(turn) | peer;
                turn = t;
                in_turn[me] = false;
                unread = (me == SERVER);
                if
                :: me == SERVER -> turns--
                :: else
                fi
            };
notify_peer:
            w = state[peer];
            if
            :: KIND(w) == PARKED -> then = FROM_SIGNAL; goto wake
            :: KIND(w) == ABSENT || (IS_GONE(w) && me == SERVER) ->
                cas(turn, t, t | TOKEN, ok);
                if
                :: ok -> event[peer] = true; goto user
                :: else ->
                    /* More often than peers can come and go: for ever. */
                    tries++;
                    assert(tries < 6);
#ifndef NO_LOOK_AT_THE_TURN
                    w = turn;
                    if
                    :: WHOSE(w) == peer && !HAS_TOKEN(w) -> t = w
                    :: else -> goto user
                    fi;
#endif
                    goto notify_peer
                fi
            :: else -> goto user
            fi;
wake:
            cas(state[peer], w, AS(w, WAKING), ok);
            if
            :: ok ->
                event[peer] = true;
                cas(state[peer], AS(w, WAKING), AS(w, WOKEN), ok);
                if
                :: then == FROM_SIGNAL -> goto user
                :: else -> goto await_wake_up_taken
                fi
            :: else ->
                if
                :: then == FROM_SIGNAL -> goto notify_peer
                :: else -> goto await_wake_up_taken
                fi
            fi;

            /* ---- Await ---- */
await:
            atomic { parked = false; t = turn };
            if
            :: WHOSE(t) == me && !HAS_TOKEN(t) -> goto mine
            :: else
            fi;
            w = state[peer];
#ifdef STOPS
            /* What is left of a wake-up in whose middle the peer was stopped: taken now, or slept for. */
            if
            :: KIND(state[me]) == WAKING && held[peer] -> parked = true; goto sleep
            :: KIND(state[me]) != ACTIVE && !(KIND(state[me]) == WAKING && held[peer]) ->
                take(me, took);
                d_step { ok = KIND(state[me]) == RECALLED; state[me] = AS(state[me], ACTIVE) };
                if
                :: ok && took -> took = false; then = AGAIN; goto accept
                :: else -> took = false; goto await
                fi
            :: KIND(state[me]) == ACTIVE
            fi;
#endif
            if
            :: IS_GONE(w) -> goto take_last_turn
#ifndef NO_MENDING
            :: me == SERVER && (t & 3) == (CLIENT | TOKEN) && IS_REGISTERED(w) ->
                take(SERVER, ok);
                if
                :: ok -> then = AGAIN; goto accept
                :: else -> goto hand_over_again
                fi
#endif
            :: else
            fi;
#if PATIENCE
            if
            :: atomic { patience -> patience = false };
                if
                :: HAS_TOKEN(t) || !IS_REGISTERED(w) ->
                    take(me, ok);
                    if
                    :: ok -> then = AGAIN; goto accept
                    :: else
                    fi
                :: true
                fi;
                goto user
            :: true
            fi;
#endif
            if
            :: WHOSE(t) == me
            :: else ->
                d_step { state[me] = AS(state[me], PARKED); parked = true };
#ifndef NO_RECHECK
                if
                :: turn != t -> then = AGAIN; goto unpark
                :: else
                fi;
                if
                :: state[peer] != w -> then = AGAIN; goto unpark
                :: else
                fi
#endif
            fi;
sleep:
            atomic { before = state[me]; where[me] = SLEEPING };
            if
            :: atomic { event[me] -> event[me] = false; where[me] = BUSY };
                if
                :: parked ->
                    cas(state[me], AS(state[me], PARKED), AS(state[me], ACTIVE), ok);
                    if
                    :: ok -> then = AGAIN; goto accept
                    :: else ->
                        d_step { ok = KIND(state[me]) == RECALLED; state[me] = AS(state[me], ACTIVE) };
                        if
                        :: ok -> then = AGAIN; goto accept
                        :: else -> goto await
                        fi
                    fi
                :: else -> then = AGAIN; goto accept
                fi
            :: atomic { parked && state[me] != before || KIND(state[me]) == WOKEN || KIND(state[me]) == RECALLED ->
                    where[me] = BUSY };
                then = AGAIN; goto unpark
            :: atomic { state[peer] != w -> where[me] = BUSY }; then = AGAIN; goto unpark
            :: atomic { !parked && turn != t -> where[me] = BUSY }; goto await
            :: atomic { patience -> patience = false; where[me] = BUSY }; then = LAST_LOOK; goto unpark
#ifndef NO_LOOK_UNDER_WAKING
            :: atomic { KIND(state[me]) == WAKING && !held[peer] -> where[me] = BUSY }; then = AGAIN; goto unpark
#endif
            :: atomic { IS_REGISTERED(w) && !held[peer] -> where[me] = BUSY }; then = MARK_DEAD; goto unpark
            fi;

unpark:
            if
            :: !parked
            :: parked ->
                cas(state[me], AS(state[me], PARKED), AS(state[me], ACTIVE), ok);
                if
                :: ok
#ifdef STOPS
                :: !ok && KIND(state[me]) == WAKING
#endif
                :: !ok ->
                    !(KIND(state[me]) == WAKING && held[peer]);
#ifndef NO_UNPARK_DRAIN
                    take(me, took);
#endif
                    d_step { ok = KIND(state[me]) == RECALLED; state[me] = AS(state[me], ACTIVE) };
                    if
                    :: ok && took -> took = false; then = AGAIN; goto accept
                    :: else -> took = false
                    fi
                fi
            fi;
            if
            :: then == AGAIN -> goto await
            :: then == LAST_LOOK ->
                if
                :: (turn & 3) == me -> goto mine
                :: else -> goto user
                fi
            :: then == MARK_DEAD -> goto mark_dead
            fi;

accept:
            t = turn;
            w = state[peer];
            if
            :: (t & 3) == me -> goto mine
            :: WHOSE(t) == me && HAS_TOKEN(t) ->
                cas(turn, t, COUNTED(t) | me, ok);
                if
                :: ok -> goto mine
                :: else -> goto accept
                fi
            :: WHOSE(t) == peer && (HAS_TOKEN(t) || !IS_REGISTERED(w)) ->
                cas(turn, t, COUNTED(t) | me, ok);
                if
                :: !ok -> goto accept
                :: else
                fi;
                if
                :: IS_GONE(w) -> cas(state[peer], w, AS(w, ABSENT), ok)
                :: else
                fi;
                goto mine
            :: else ->
                if
                :: then == AGAIN -> goto await
                :: else -> goto take_last_turn2
                fi
            fi;

take_last_turn:
            take(me, ok);
            if
            :: ok -> then = FROM_LAST_TURN; goto accept
            :: else
            fi;
take_last_turn2:
            t = turn;
            if
            :: (t & 3) == me -> goto mine
            :: me == SERVER && (t & 3) == CLIENT ->
                if
                :: !held[CLIENT] ->
                    cas(turn, t, COUNTED(t) | CLIENT | TOKEN, ok);
                    if
                    :: ok -> event[CLIENT] = true
                    :: else
                    fi
                :: else
                fi
            :: else
            fi;
            d_step { t = 0; w = 0; then = 0; ok = false };
            where[me] = POLLING;
            if
            :: atomic {
                    (!IS_GONE(state[peer]) || event[me] || (turn & 3) == me
                     || (me == SERVER && (turn & 3) == CLIENT && !held[CLIENT])) -> where[me] = BUSY
                };
                goto await
#ifdef MAY_CLOSE
            :: where[me] = BUSY; goto leave
#endif
            fi;

mark_dead:
            t = turn;
            if
            :: me == CLIENT && (t & 3) != (CLIENT | TOKEN) -> event[SERVER] = false
            :: me == SERVER -> event[CLIENT] = false
            :: else
            fi;
            cas(state[peer], w, AS(w, DEAD), ok);
            if
            :: !ok -> goto await
            :: else
            fi;
            if
            :: me == SERVER && WHOSE(t) == SERVER -> goto await
            :: me == SERVER && WHOSE(t) == CLIENT ->
hand_over_again:
                take(CLIENT, took);
                cas(turn, t, COUNTED(t) | CLIENT, ok);
                if
                :: ok -> t = COUNTED(t) | CLIENT; took = false; goto notify_peer
                :: !ok && took -> took = false;
                    if
                    :: (turn & 3) == (CLIENT | TOKEN) -> event[CLIENT] = true
                    :: else
                    fi
                :: else
                fi;
                if
                :: u != 0 -> goto take_over_turn
                :: else -> goto await
                fi
            :: me == CLIENT -> goto await
            fi;

mine:
            gained(me);
            goto user;

            /* ---- Leave ---- */
leave:
#ifdef STOPS
            if
            :: KIND(state[me]) == WAKING && held[peer] -> goto left
            :: KIND(state[me]) != ACTIVE && !(KIND(state[me]) == WAKING && held[peer]) ->
                take(me, took);
                state[me] = AS(state[me], ACTIVE);
                took = false
            :: KIND(state[me]) == ACTIVE
            fi;
#endif
leave1:
            t = turn;
            w = state[peer];
            if
            :: (t & 3) == CLIENT && (KIND(w) == ABSENT || (me == SERVER && IS_GONE(w))) ->
                cas(turn, t, t | TOKEN, ok);
                if
                :: ok -> event[CLIENT] = true
                :: else
                fi
            :: else
            fi;
            state[me] = AS(state[me], CLOSED);
counted:
            t = turn;
            w = state[peer];
            if
            :: me == CLIENT && (t & 3) == (CLIENT | TOKEN) ->
                cas(turn, t, COUNTED(t) | CLIENT | TOKEN, ok);
                if
                :: !ok -> goto counted
                :: else
                fi
            :: me == SERVER && (t & 3) == CLIENT && !IS_REGISTERED(w) -> state[me] = AS(state[me], ACTIVE); goto leave1
            :: else
            fi;
            w = state[peer];
            if
#ifdef WAKE_WITH_TOKEN
            :: KIND(w) == PARKED -> then = FROM_LEAVE; goto wake
#else
            :: KIND(w) == PARKED && !HAS_TOKEN(t) -> then = FROM_LEAVE; goto wake
#endif
            :: else
            fi;
await_wake_up_taken:
#ifndef KEEP_WAKE_UP
            w = AS(w, WOKEN);
            if
            :: state[peer] != w || !held[peer]
            :: state[peer] == w && held[peer] ->
                take(peer, ok);
                if
                :: ok -> cas(state[peer], w, AS(w, RECALLED), ok)
                :: else
                fi
            fi;
#endif
left:
            atomic { ended(me); assert(!lost) }
        } unless {
            atomic { killed[me] -> killed[me] = false }
        };
        atomic { t = 0; w = 0; u = 0; before = 0; turns = 0; then = 0; ok = false; took = false; parked = false; patience = false;
            now = later; later = NOBODY };

    :: now == PLAIN ->
        /* The rules for plain ones; see handshake.md. */
        atomic { !held[me] && !IS_REGISTERED(state[me]) && (me == CLIENT || !unread) ->
            alive[me] = true; plain_side[me] = true; where[me] = BUSY; turns = TURNS };
        do
        :: me == SERVER && turns > 0 ->
            atomic { gained(me); turns-- };
            atomic { in_turn[me] = false; unread = true; event[CLIENT] = true; where[me] = PLAIN_WAITING };
            atomic { event[SERVER] -> event[SERVER] = false; where[me] = BUSY; assert(!in_turn[CLIENT] && !unread) }
        :: me == SERVER -> break
        :: me == CLIENT ->
            where[me] = PLAIN_WAITING;
            if
            :: atomic { event[CLIENT] -> event[CLIENT] = false; where[me] = BUSY; gained(me) };
                atomic { in_turn[me] = false; unread = false; event[SERVER] = true }
            :: later != NOBODY -> where[me] = BUSY; break
            fi
        od;
        atomic { turns = 0; ended(me); now = later; later = NOBODY }

    :: now == NOBODY -> break
    :: later == NOBODY && now != NOBODY && where[me] == OVER -> now = NOBODY; break
    od
}

init {
    byte kills;

    atomic {
        select(kills : 0 .. KILLS);
        run side(SERVER, SERVER_LIVES);
        run side(CLIENT, CLIENT_LIVES)
    };
    do
    :: atomic { kills > 0 && held[SERVER] -> kills--; killed[SERVER] = true; ended(SERVER) }
    :: atomic { kills > 0 && held[CLIENT] -> kills--; killed[CLIENT] = true; ended(CLIENT) }
    :: timeout -> break
    od;
    atomic {
    assert(where[SERVER] != BUSY || !alive[SERVER]);
    assert(where[CLIENT] != BUSY || !alive[CLIENT]);
    /* Who sleeps: the turn is the other's. */
    assert(where[SERVER] != SLEEPING || (unread && WHOSE(turn) == CLIENT));
    assert(where[CLIENT] != SLEEPING || ((!unread || lost) && WHOSE(turn) == SERVER));
    assert(where[SERVER] != PLAIN_WAITING || unread || lost);
    assert(where[CLIENT] != PLAIN_WAITING || !unread || lost);
    /* Nobody waits for one that could act. */
    assert(where[SERVER] < SLEEPING || where[SERVER] > POLLING || !alive[CLIENT] || lost);
    assert(where[SERVER] != PLAIN_WAITING || !alive[CLIENT] || lost);
    assert(where[CLIENT] != SLEEPING && where[CLIENT] != PLAIN_WAITING && where[CLIENT] != POLLING
           || !alive[SERVER] || where[SERVER] == IDLE || lost);
    /* The dead are noticed. */
    assert(where[SERVER] != SLEEPING || !IS_REGISTERED(state[CLIENT]) || held[CLIENT]);
    assert(where[CLIENT] != SLEEPING || !IS_REGISTERED(state[SERVER]) || held[SERVER]);
    /* What was written can be had. */
    assert(!unread || lost || alive[CLIENT] || event[CLIENT] || (!alive[SERVER] && !alive[CLIENT]));
    /* No token without a reason. */
    assert(!event[CLIENT] || (unread && ((turn & 3) == (CLIENT | TOKEN) || plain_side[SERVER]))
           || (where[SERVER] == IDLE && !held[CLIENT] && (KIND(state[CLIENT]) == WAKING || KIND(state[CLIENT]) == WOKEN))
           || WAKE_UP_LEFT(CLIENT));
    assert(!event[SERVER] || (!unread && !alive[SERVER]
           && ((turn & 3) == (SERVER | TOKEN) || plain_side[CLIENT]
               || ((turn & 3) == (CLIENT | TOKEN) && KIND(state[SERVER]) == DEAD)))
           || WAKE_UP_LEFT(SERVER))
    }
}
