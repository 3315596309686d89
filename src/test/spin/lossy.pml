/*
 * One lane of a lossy channel: what src/docs/messages.md says, step by step. LossyModelTest has spin look at every
 * interleaving of a sender, which never waits, and a receiver. The ring has 8 units, 2 in each quarter. The sender writes
 * RECORDS messages of 1, 2 or 4 units, one unit after the other. With MAY_GIVE_UP it may give one up that it has written.
 * KILLS times it ends, after any change that it makes, and a successor comes, or none.
 *
 * Each unit has the number of its write, which also counts those that a death interrupted: so no two records have the
 * same. The receiver knows how many messages have begun before each position: it looks up what must be there.
 *
 * The model checker executes the steps in one order for all processes. Some mistakes do what a missing fence does.
 *
 * With CHECK_FIRST, NO_TAIL_CHECK, OLDER_UNCHECKED or COUNT_UNCHECKED (mistakes of the receiver), and with INTENT_LATE,
 * LOWER_INTENT, MARK_LATE, PADDING_TOGETHER, KEEP_SKIPPED or COUNT_LATE (mistakes of the sender) the model must fail.
 */
#ifndef RECORDS
#define RECORDS 5
#endif
#ifndef KILLS
#define KILLS 0
#endif

#define CAPACITY 8
#define QUARTER 2
#define NONE 255

#define WHOLE 1
#define PADDING 2

#define PLACE(position) ((position) % CAPACITY)
#define MARK(position) (((position) / QUARTER) % 4)

/* The lane. */
byte tail;
byte intent;
byte mark_position[4];
byte mark_begun[4];
byte kinds[CAPACITY];
byte lengths[CAPACITY];
byte numbers[CAPACITY];

/* What the model watches. */
byte written;                /* records, also those that were not published */
byte published;              /* messages */
byte number_of[RECORDS];     /* of each published message: the number in its units */
byte kills;
bool sender_gone;
bool receiver_waits;

/* After a change the sender may end. */
#define STEP \
    if \
    :: kills < KILLS -> kills++; goto killed \
    :: true \
    fi

inline set_intent(end)
{
    atomic {
#ifdef LOWER_INTENT
        intent = end;
#else
        intent = (end > intent -> end : intent);
#endif
        STEP
    }
}

inline write_unit(at, a_kind)
{
    atomic {
        kinds[PLACE(at)] = a_kind;
        lengths[PLACE(at)] = length;
        numbers[PLACE(at)] = written;
        STEP
    }
}

/* Marks the quarter that a new position begins, and takes away the marks of those that it leaves out. */
inline move_marks(next, begun)
{
    if
    :: position / QUARTER != (next) / QUARTER ->
#ifndef KEEP_SKIPPED
        atomic { quarter = position / QUARTER + 1 };
        do
        :: quarter < (next) / QUARTER ->
            atomic { mark_position[quarter % 4] = NONE; quarter++; STEP }
        :: else -> break
        od;
        quarter = 0;
#endif
        atomic { mark_position[MARK(next)] = next; STEP };
        atomic { mark_begun[MARK(next)] = begun; STEP }
    :: else
    fi
}

/* The sender and, after its end, its successors. */
proctype sender()
{
    byte position, length, gap, at, count, quarter;

take_the_lane:
    atomic {
        position = tail;
        /* The records from the mark on are there: nobody else writes. */
        at = mark_position[MARK(position)];
        count = mark_begun[MARK(position)];
        assert(at <= position && position - at < QUARTER);
        do
        :: at == position -> break
        :: else ->
            count = count + (kinds[PLACE(at)] == WHOLE -> 1 : 0);
            at = at + (kinds[PLACE(at)] == WHOLE -> lengths[PLACE(at)] : CAPACITY - PLACE(at))
        od;
        assert(count == published);
        assert(intent >= tail && intent - tail <= CAPACITY / 2);
        at = 0
    };

    do
    :: written == RECORDS -> break
    :: written < RECORDS ->
        atomic {
            written++;
            if
            :: length = 1
            :: length = 2
            :: length = 4
            fi;
            gap = (PLACE(position) + length > CAPACITY -> CAPACITY - PLACE(position) : 0)
        };
#ifdef PADDING_TOGETHER
        set_intent(position + gap + length);
#endif
        if
        :: gap > 0 ->
#ifndef PADDING_TOGETHER
            set_intent(position + gap);
#endif
            write_unit(position, PADDING);
            move_marks(position + gap, count);
            atomic { position = position + gap; tail = position; gap = 0; STEP }
        :: else
        fi;
#ifndef PADDING_TOGETHER
#ifndef INTENT_LATE
        set_intent(position + length);
#endif
#endif
        at = position;
        do
        :: at < position + length -> write_unit(at, WHOLE); at++
        :: else -> break
        od;
        at = 0;
#ifdef INTENT_LATE
        set_intent(position + length);
#endif
#ifdef MAY_GIVE_UP
        if
        :: length = 0; goto next
        :: true
        fi;
#endif
#ifndef MARK_LATE
#ifdef COUNT_LATE
        move_marks(position + length, count);
#else
        move_marks(position + length, count + 1);
#endif
#endif
        atomic {
            tail = position + length;
            number_of[published] = written;
            published++;
            count++;
            STEP
        };
#ifdef MARK_LATE
        move_marks(position + length, count);
#endif
        atomic { position = position + length; length = 0 };
next:
        skip
    od;
    goto gone;

killed:
    atomic {
        position = 0; length = 0; gap = 0; at = 0; count = 0; quarter = 0;
        if
        :: goto take_the_lane
        :: goto gone
        fi
    };

gone:
    sender_gone = true
}

/* Looks at the tail, and for the first record of its quarter: mark and mark_count. */
inline find_mark()
{
    do
    :: end = tail;
        mark = mark_position[MARK(end)];
        mark_count = mark_begun[MARK(end)];
        if
#ifdef NO_TAIL_CHECK
        :: true -> break
#else
        :: tail - end <= QUARTER -> break
        :: else
#endif
        fi
    od;
    assert(mark <= end && end - mark < QUARTER)
}

inline prefer_older()
{
    if
    :: end >= QUARTER ->
        older = mark_position[MARK(end - QUARTER)];
        older_count = mark_begun[MARK(end - QUARTER)];
        atomic {
            if
#ifdef OLDER_UNCHECKED
            :: older <= end && older / QUARTER == (end - QUARTER) / QUARTER ->
#else
            :: older <= end && older / QUARTER == (end - QUARTER) / QUARTER && intent - older <= CAPACITY / 2 ->
#endif
                mark = older; mark_count = older_count
            :: else
            fi;
            older = 0; older_count = 0
        }
    :: else
    fi
}

#define OVERTAKEN(position) (intent > (position) + CAPACITY)

proctype receiver()
{
    byte next, end, begun;
    byte mark, mark_count, older, older_count;
    byte kind, length, at, number;
    bool torn;

    /* Join: count from the mark to the tail. */
join:
    find_mark();
    atomic { next = mark; begun = mark_count };
    do
    :: next == end -> break
    :: else ->
        atomic { kind = kinds[PLACE(next)]; length = lengths[PLACE(next)] };
        length = (kind == PADDING -> CAPACITY - PLACE(next) : length);
        if
        :: kind == 0 || length == 0 || next + length > end -> torn = true; break
        :: else
        fi;
        atomic { begun = begun + (kind == WHOLE -> 1 : 0); next = next + length }
    od;
    atomic {
        if
#ifdef COUNT_UNCHECKED
        :: false
#else
        :: OVERTAKEN(mark) -> torn = false; goto join
#endif
        :: else -> assert(!torn)
        fi;
        mark = 0; mark_count = 0; kind = 0; length = 0
    };

    do
    :: next == end ->
        receiver_waits = true;
        atomic { tail != end -> receiver_waits = false; end = tail }
    :: else ->
        atomic {
            kind = kinds[PLACE(next)]; length = lengths[PLACE(next)]; number = numbers[PLACE(next)];
            length = (kind == PADDING -> CAPACITY - PLACE(next) : length);
            torn = (kind == 0 || length == 0 || PLACE(next) + length > CAPACITY || next + length > end)
        };
#ifdef CHECK_FIRST
        if
        :: OVERTAKEN(next) -> goto overtaken
        :: else
        fi;
#endif
        at = next + 1;
        do
        :: !torn && kind == WHOLE && at < next + length ->
            atomic { torn = torn || numbers[PLACE(at)] != number; at++ }
        :: else -> break
        od;
        at = 0;
        atomic {
            if
#ifndef CHECK_FIRST
            :: OVERTAKEN(next) -> goto overtaken
#endif
            :: else
            fi;
            /* It is handed over. */
            assert(!torn);
            assert(kind == PADDING || number == number_of[begun]);
            begun = begun + (kind == WHOLE -> 1 : 0);
            next = next + length;
            kind = 0; length = 0; number = 0
        };
        goto taken;
overtaken:
        atomic { kind = 0; length = 0; number = 0; torn = false; at = 0 };
        find_mark();
        prefer_older();
        atomic {
            /* The rest is lost: begun says how much that is. */
            assert(mark > next && mark_count >= begun && mark_count - begun <= mark - next);
            next = mark; begun = mark_count;
            mark = 0; mark_count = 0
        };
taken:
        skip
    od
}

init {
    atomic {
        run sender();
        run receiver()
    };
    /* Nothing can move any more: each message was received or is lost, and counted. */
    timeout -> assert(sender_gone && receiver_waits && receiver:begun == published && receiver:next == tail)
}
