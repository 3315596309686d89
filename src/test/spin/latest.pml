/*
 * The latest value: what src/docs/latest.md says, step by step. LatestModelTest has spin look at every interleaving of a
 * writer, which writes WRITES times to VALUES values of SLOTS slots, and of READERS readers. Each reader reads READS
 * times, and then awaits a newer version AWAITS times, of a value or of any. There are PLACES places: a reader that
 * finds none waits for one. KILLS times the writer ends between any two steps, and a successor comes, or none.
 * READER_KILLS times a reader ends in a wait. With MAY_GIVE_UP the first reader may end its waits without a version.
 *
 * A value is two words, which are written and read one after the other. Its content is the number of the write, which
 * also counts those that a death interrupted: so versions that were begun twice have different contents.
 *
 * Nothing wakes a sleeper but the event, as long as no writer dies between its publication and the end of the wake-up.
 * After such a death one sleep of each waiting reader may end by its limit.
 *
 * The model checker executes the steps in one order for all processes. It does not see what a missing fence does: the
 * tests in src/jcstress look for that.
 *
 * With NO_ODD, PUBLISHED_SLOT, NO_REPAIR, NO_WAKE_ALL, NEWEST_FIRST, BITS_FIRST or PLAIN_AND (mistakes of the writer), and
 * with NO_CHECK, EVEN_ONLY, NO_LOOK, BIT_LAST or WANTED_LAST (mistakes of a reader) the model must fail.
 */
#ifndef VALUES
#define VALUES 1
#endif
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef WRITES
#define WRITES 3
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef PLACES
#define PLACES 1
#endif
#ifndef READS
#define READS 0
#endif
#ifndef AWAITS
#define AWAITS 0
#endif
#ifndef KILLS
#define KILLS 0
#endif
#ifndef READER_KILLS
#define READER_KILLS 0
#endif

/*
 * The table. The values are numbered from 1, as in wanted, where 0 stands for any. So the version of value 0 is newest.
 * Slots are numbered through all values.
 */
byte latest_version[VALUES + 1];
byte latest_slot[VALUES + 1];
byte sequence[VALUES * SLOTS];
byte first_word[VALUES * SLOTS];
byte second_word[VALUES * SLOTS];
#define newest latest_version[0]

/* The region x.newer, and the events. Place n has bit n here. */
byte waiting;
byte wanted[PLACES];
bit event[PLACES];
bool held[PLACES];

/* What the model watches. */
byte begun;                    /* writes, also those that a death interrupted */
byte content[WRITES + 1];      /* of each published version */
byte published[VALUES + 1];       /* how many versions of a value */
byte highest_published;        /* version */
bool unannounced;              /* whether a publication lacks the wake-up */
bool awaiting[READERS];
bool asleep[READERS];
bool forgotten[READERS];       /* by a writer that died before the wake-up: the limit ends one sleep */
byte awaited[READERS];         /* as wanted */
byte known[READERS];           /* the version that a newer one is awaited of */
byte kills;
byte reader_kills;

#define ALL 255

#define SLOT(value, slot) ((value - 1) * SLOTS + (slot))
#define BIT(place) (1 << (place))

/* Between two steps the writer may end. */
#define STEP \
    if \
    :: kills < KILLS -> kills++; goto killed \
    :: true \
    fi

/* The bits of the readers that are to be woken. */
inline look_at_bits()
{
    bits = waiting
}

/* Wakes the readers of value CHANGED, or ALL. */
inline wake(changed)
{
    place = 0;
    do
    :: place == PLACES -> break
    :: else ->
        if
        :: bits & BIT(place) ->
            want = wanted[place];
            STEP;
            if
            :: changed == ALL || want == 0 || want == changed ->
                atomic {
                    is_set = (waiting & BIT(place)) != 0;
#ifdef PLAIN_AND
                    waiting = bits & ~BIT(place)
#else
                    waiting = waiting & ~BIT(place)
#endif
                };
                STEP;
                if
                :: is_set -> event[place] = 1; STEP
                :: else
                fi
            :: else
            fi
        :: else
        fi;
        place++
    od;
    place = 0; want = 0; is_set = 0; bits = 0
}

/* The writer and, after its end, its successors: they have the owner slot one after the other. */
proctype writer()
{
    byte value, slot, version, writes, bits, place, want;
    bit is_set;

become_the_writer:
    /* The successor alone writes to these words, so that it may read them in one step. */
    atomic {
        version = newest;
        do
        :: value == VALUES -> break
        :: else ->
            value++;
            if
            :: latest_version[value] > version -> version = latest_version[value]
            :: else
            fi
        od;
        value = 0
    };
    STEP;
#ifndef NO_REPAIR
    if
    :: version > newest ->
        atomic { newest = version; unannounced = true };
        STEP;
#ifndef NO_WAKE_ALL
        look_at_bits();
        STEP;
        wake(ALL);
#endif
        unannounced = false
    :: else
    fi;
    STEP;
#endif

    do
    :: writes == WRITES -> break
    :: else ->
        atomic {
            if
            :: value = 1
#if VALUES > 1
            :: value = 2
#endif
            fi;
            version = newest + 1;
#ifdef PUBLISHED_SLOT
            slot = SLOT(value, latest_slot[value]);
#else
            slot = SLOT(value, (latest_slot[value] + 1) % SLOTS);
#endif
            writes++;
            begun++
        };
        STEP;
#ifndef NO_ODD
        sequence[slot] = 2 * version + 1;
        STEP;
#endif
        first_word[slot] = begun;
        STEP;
        second_word[slot] = begun;
        STEP;
        sequence[slot] = 2 * version;
        STEP;
#ifdef BITS_FIRST
        look_at_bits();
        STEP;
#endif
#ifdef NEWEST_FIRST
        newest = version;
        STEP;
#endif
        atomic {
            latest_version[value] = version;
            latest_slot[value] = slot % SLOTS;
            assert(version > highest_published);
            highest_published = version;
            published[value]++;
            content[version] = begun;
            unannounced = true
        };
        STEP;
#ifndef NEWEST_FIRST
        newest = version;
        STEP;
#endif
#ifndef BITS_FIRST
        look_at_bits();
        STEP;
#endif
        wake(value);
        atomic { unannounced = false; value = 0; slot = 0; version = 0 }
    od;
    goto gone;

killed:
    atomic {
        value = 0; slot = 0; version = 0; bits = 0; place = 0; want = 0; is_set = 0;
        if
        :: unannounced ->
            do
            :: value == READERS -> break
            :: else -> forgotten[value] = awaiting[value]; value++
            od;
            value = 0;
            unannounced = false
        :: else
        fi;
        if
        :: goto become_the_writer
        :: goto gone
        fi
    };

gone:
    skip
}

/* Between two steps a reader may end. */
#define READER_STEP \
    if \
    :: reader_kills < READER_KILLS -> reader_kills++; goto killed \
    :: true \
    fi

/* A reader starts over only because of SLOTS - 1 later versions of the value. */
#define START_OVER \
    assert(published[value] - count >= SLOTS - 1); \
    first = 0; second = 0; \
    goto read_again

#define LOOK is_newer = (latest_version[awaited[me]] > known[me])

inline clear_bit()
{
    waiting = waiting & ~BIT(place)
}

proctype reader(byte me)
{
    byte value, version, slot, count, first, second, rounds, found, highest;
    byte seen[VALUES + 1]; /* the version of the last read; of any, newest at the end of the last wait */
    byte place;
    bool is_newer, has_place;

next_read:
    atomic {
        if
        :: rounds == READS -> rounds = 0; goto next_await
        :: else -> rounds++
        fi;
        if
        :: value = 1
#if VALUES > 1
        :: value = 2
#endif
        fi
    };

read_again:
    atomic {
        version = latest_version[value];
        slot = SLOT(value, latest_slot[value]);
        count = published[value];
        if
        :: version == 0 -> goto has_read
        :: else
        fi
    };
    /* The first look at the sequence may be left out. */
    atomic {
        if
#ifdef EVEN_ONLY
        :: sequence[slot] % 2 == 1 -> START_OVER
#else
        :: sequence[slot] != 2 * version -> START_OVER
#endif
        :: true
        fi
    };
    /* The copy may take the words in any order. */
    if
    :: first = first_word[slot]; second = second_word[slot]
    :: second = second_word[slot]; first = first_word[slot]
    fi;
#ifndef NO_CHECK
    atomic {
#ifdef EVEN_ONLY
        if
        :: sequence[slot] % 2 == 1 -> START_OVER
        :: else
        fi
#else
        if
        :: sequence[slot] != 2 * version -> START_OVER
        :: else
        fi
#endif
    };
#endif
    assert(first == second && first == content[version]);

has_read:
    atomic {
        assert(version >= seen[value]);
        seen[value] = version;
        first = 0; second = 0; slot = 0; count = 0;
        if
        :: !awaiting[me] -> version = 0; value = 0; goto next_read
        :: else
        fi
    };
    /* After a wait: of any, read all. */
    atomic {
        if
        :: version > highest -> highest = version
        :: else
        fi;
        if
        :: awaited[me] == 0 && value < VALUES -> value++; goto read_again
        :: else
        fi;
        assert(highest > known[me] && highest >= found);
        if
        :: awaited[me] == 0 -> seen[0] = found
        :: else
        fi;
        awaiting[me] = false; forgotten[me] = false;
        version = 0; value = 0; highest = 0; found = 0
    };

next_await:
    atomic {
        if
        :: rounds == AWAITS -> goto leave
        :: else -> rounds++
        fi;
        if
        :: awaited[me] = 0
        :: awaited[me] = 1
#if VALUES > 1
        :: awaited[me] = 2
#endif
        fi;
        known[me] = seen[awaited[me]];
        awaiting[me] = true
    };
    atomic {
        LOOK;
        if
        :: is_newer -> goto is_there
        :: else
        fi
    };
    if
    :: !has_place ->
end_waiting_for_a_place:
        atomic {
            if
            :: !held[0] -> place = 0
#if PLACES > 1
            :: held[0] && !held[1] -> place = 1
#endif
            fi;
            held[place] = true;
            has_place = true
        }
    :: else
    fi;
await_again:
    READER_STEP;
#ifndef WANTED_LAST
    wanted[place] = awaited[me];
    READER_STEP;
#endif
#ifndef BIT_LAST
    waiting = waiting | BIT(place);
    READER_STEP;
#endif
#ifndef NO_LOOK
    LOOK;
    READER_STEP;
    if
    :: is_newer -> clear_bit(); goto is_there
    :: else
    fi;
#endif
#ifdef BIT_LAST
    waiting = waiting | BIT(place);
    READER_STEP;
#endif
#ifdef WANTED_LAST
    wanted[place] = awaited[me];
    READER_STEP;
#endif
    asleep[me] = true;
    atomic {
        if
        :: event[place] -> event[place] = 0
        :: forgotten[me] -> forgotten[me] = false
#ifdef MAY_GIVE_UP
        :: me == 0
#endif
        fi;
        asleep[me] = false
    };
    READER_STEP;
    clear_bit();
    READER_STEP;
    LOOK;
    if
    :: is_newer -> goto is_there
#ifdef MAY_GIVE_UP
    :: !is_newer && me == 0 -> awaiting[me] = false; forgotten[me] = false; goto next_await
#endif
    :: !is_newer -> goto await_again
    fi;

is_there:
    atomic {
        is_newer = false;
        found = latest_version[awaited[me]];
        value = (awaited[me] == 0 -> 1 : awaited[me]);
        goto read_again
    };

killed:
leave:
    atomic {
        awaiting[me] = false; forgotten[me] = false;
        if
        :: has_place -> held[place] = false
        :: else
        fi
    }
}

init {
    byte i;
    atomic {
        run writer();
        i = 0;
        do
        :: i < READERS -> run reader(i); i++
        :: else -> break
        od
    };
    /* Nothing can move any more. No reader sleeps although there is a newer version. */
    timeout ->
    i = 0;
    do
    :: i < READERS -> assert(!asleep[i] || latest_version[awaited[i]] <= known[i]); i++
    :: else -> break
    od;
    /* What a dead writer has published is whole. */
    i = 1;
    do
    :: i <= VALUES ->
        assert(latest_version[i] == 0
            || (sequence[SLOT(i, latest_slot[i])] == 2 * latest_version[i]
                && first_word[SLOT(i, latest_slot[i])] == content[latest_version[i]]
                && second_word[SLOT(i, latest_slot[i])] == content[latest_version[i]]));
        i++
    :: else -> break
    od
}
