/*
 * One lane of a message channel: what src/docs/messages.md says, step by step. MessageModelTest has spin look at every
 * interleaving of a sender and a receiver. The ring has CAPACITY units, and a quarter of it is QUARTER units here. The
 * sender begins RECORDS records of 1 or 2 units: whole messages and, with PARTS, also messages in parts. With MAY_GIVE_UP it
 * may give up a message in parts, and a whole one that it has written. The receiver takes them in batches of any length.
 *
 * KILLS times the sender ends, and RECEIVER_KILLS times the receiver, and a successor comes, or none. A process may end
 * after each change that it makes. An end between two looks leaves nothing else behind, and neither does a close.
 *
 * A record has a header in its first unit, and a word of bytes in each, all written one after the other. Its bytes are
 * the number of the record, which also counts those that a death interrupted: so no two records have the same.
 *
 * Nothing wakes a sleeper but the event, as long as its peer does not die between the change of a position and the end of
 * the wake-up. After such a death one sleep may end by its limit. With TIMED each may.
 *
 * The model checker executes the steps in one order for all processes. With DELAYED a change of the tail or of the head
 * may become visible to the peer at any later time. If it was made before the peer said that it is asleep, that is before
 * the peer's look ends. The model does not see what any other missing fence does.
 *
 * With ROOM_OFF_BY_ONE, NO_PADDING_ROOM, PUBLISH_FIRST, LAST_SAYS_2, COUNT_FIRST, CLEAR_FIRST, COUNT_FINISHED, AT_HEAD or
 * ROOM_LOOK_FIRST (mistakes of the sender), with RELEASE_FIRST, NO_QUARTER, AT_TAIL, NO_FIRST_NEEDED, KEEP_PARTS or
 * LOOK_FIRST (mistakes of the receiver), and with DELAYED and SHORT_LOOK or SHORT_ROOM_LOOK the model must fail.
 */
#ifndef CAPACITY
#define CAPACITY 4
#endif
#ifndef QUARTER
#define QUARTER 2
#endif
#ifndef RECORDS
#define RECORDS 4
#endif
#ifndef KILLS
#define KILLS 0
#endif
#ifndef RECEIVER_KILLS
#define RECEIVER_KILLS 0
#endif

#define WHOLE 1
#define FIRST 2
#define MIDDLE 3
#define LAST 4
#define PADDING 5

/* The lane. The parts of unfinished are changed in one step, but for aborted with a mistake. */
byte tail;
byte head;
byte unfinished;
byte unfinished_at;
byte aborted;
bit sender_asleep;
byte kinds[CAPACITY];
byte lengths[CAPACITY];
byte bytes[CAPACITY];

/* The receiver's word, and the events. */
bit receiver_asleep;
bit sent;
bit freed;

#ifdef DELAYED
/* Changes that only their own process sees; whether they must be visible at the end of the peer's look. */
byte stored_tail;
byte stored_head;
bool tail_delayed;
bool head_delayed;
bool tail_due;
bool head_due;
#endif

/* What the model watches. */
byte written;                  /* records, also those that a death interrupted */
byte published;                /* records */
byte number[RECORDS];          /* of each record that was published and not released: its bytes, */
byte kind_of[RECORDS];         /* its kind, */
byte message_of[RECORDS];      /* and which message it belongs to, from 1 */
byte begun;                    /* messages */
byte finished;                 /* messages */
byte released_records;
byte open;                     /* message of the last released record, if that is not its last one, or 0 */
byte split;                    /* message whose first parts, and no more, a dead receiver has released */
byte lacking;                  /* units that a sleeping sender waits for, or 0 */
bool receiver_sleeps;
bool sender_gone;
bool receiver_gone;
bool sent_owed;                /* whether a receiver that may sleep is still to be woken */
bool freed_owed;
bool sent_forgotten;           /* by a sender that died before the wake-up: the limit ends the sleep */
bool freed_forgotten;
byte kills;
byte receiver_kills;

#define PLACE(position) ((position) % CAPACITY)
#define TELLS (unfinished == 2 || (unfinished == 1 && unfinished_at == tail))
#define POSSIBLE (head <= tail && tail <= head + CAPACITY)

#ifdef DELAYED
inline show_tail()
{
    if
    :: tail_delayed -> tail = stored_tail; tail_delayed = false; tail_due = false
    :: else
    fi
}

inline show_head()
{
    if
    :: head_delayed -> head = stored_head; head_delayed = false; head_due = false
    :: else
    fi
}

/* Makes changes visible at any time. */
proctype memory()
{
    do
    :: atomic { tail_delayed -> show_tail() }
    :: atomic { head_delayed -> show_head() }
    od
}
#endif

/* After a change the sender may end. This is in the atomic step of the change, so that it has no states of its own. */
#define STEP \
    if \
    :: kills < KILLS -> kills++; goto killed \
    :: true \
    fi

#define NEEDED (length + padding)

#ifdef ROOM_OFF_BY_ONE
#define ROOM (position + NEEDED <= known + CAPACITY + 1)
#else
#ifdef NO_PADDING_ROOM
#define ROOM (position + length <= known + CAPACITY)
#else
#define ROOM (position + NEEDED <= known + CAPACITY)
#endif
#endif

inline say_sender_asleep()
{
    atomic {
#ifdef DELAYED
        show_tail();
        head_due = head_delayed;
#endif
        sender_asleep = 1;
        STEP
    }
}

inline say_sender_awake()
{
    atomic { sender_asleep = 0; freed_owed = false; freed_forgotten = false; STEP }
}

/* No record is overwritten that was not released. */
inline write_header(at, a_kind, a_length)
{
    atomic {
        assert(at < head + CAPACITY);
        kinds[PLACE(at)] = a_kind;
        lengths[PLACE(at)] = a_length;
        STEP
    }
}

inline write_bytes(at)
{
    atomic {
        assert(at < head + CAPACITY);
        bytes[PLACE(at)] = written;
        STEP
    }
}

inline write_record()
{
    if
    :: padding > 0 -> write_header(position, PADDING, padding)
    :: else
    fi;
    write_header(position + padding, kind, length);
    write_bytes(position + padding);
    if
    :: length == 2 -> write_bytes(position + padding + 1)
    :: else
    fi
}

inline publish()
{
    atomic {
#ifdef DELAYED
        show_tail();
        stored_tail = position + NEEDED;
        tail_delayed = true;
#else
        tail = position + NEEDED;
        assert(POSSIBLE);
#endif
        number[published] = written;
        kind_of[published] = kind;
        message_of[published] = begun;
        published++;
        if
        :: kind == WHOLE || kind == LAST -> finished++
        :: else
        fi;
        in_parts = (kind == FIRST || kind == MIDDLE);
        sent_owed = true;
        STEP
    }
}

/* The sender and, after its end, its successors: they have the owner slot one after the other. */
proctype sender()
{
    byte position, known, kind, length, padding;
    bool in_parts, is_asleep;

take_the_lane:
    atomic {
        assert(POSSIBLE);
        known = head;
#ifdef AT_HEAD
        position = head
#else
        position = tail
#endif
    };
    atomic {
        if
#ifdef COUNT_FINISHED
        :: unfinished != 0 ->
#else
        :: TELLS ->
#endif
#ifdef CLEAR_FIRST
            unfinished = 0; unfinished_at = 0;
            STEP;
#endif
            aborted++;
#ifdef COUNT_FIRST
            STEP;
#endif
        :: else
        fi;
        unfinished = 0; unfinished_at = 0;
        assert(aborted == begun - finished);
        STEP
    };
    say_sender_awake();

    do
    :: written == RECORDS -> break
#ifdef MAY_GIVE_UP
    :: in_parts && written < RECORDS ->
        atomic { unfinished = 0; unfinished_at = 0; aborted++; in_parts = false; STEP }
#endif
    :: written < RECORDS ->
        atomic {
            written++;
            if
            :: !in_parts -> kind = WHOLE
#ifdef PARTS
            :: !in_parts -> kind = FIRST
            :: in_parts -> kind = MIDDLE
            :: in_parts -> kind = LAST
#endif
            fi;
            if
            :: length = 1
            :: length = 2
            fi;
            padding = (PLACE(position) + length > CAPACITY -> CAPACITY - PLACE(position) : 0)
        };

claim:
        atomic {
            if
            :: !ROOM -> known = head
            :: else
            fi;
            if
            :: ROOM ->
#ifdef LAST_SAYS_2
                unfinished = (kind == WHOLE -> 1 : 2);
#else
                unfinished = (kind == WHOLE || kind == LAST -> 1 : 2);
#endif
                unfinished_at = position;
                if
                :: kind == WHOLE || kind == FIRST -> begun++
                :: else
                fi;
                STEP;
                goto write
            :: else
            fi
        };
#ifndef ROOM_LOOK_FIRST
        say_sender_asleep();
#endif
        atomic {
#ifdef DELAYED
#ifndef SHORT_ROOM_LOOK
            if
            :: head_due -> show_head()
            :: else
            fi;
#endif
#endif
            known = head;
            lacking = (ROOM -> 0 : NEEDED)
        };
#ifdef ROOM_LOOK_FIRST
        say_sender_asleep();
#endif
        atomic {
            if
            :: lacking == 0
            :: lacking > 0 && freed -> freed = 0
            :: lacking > 0 && freed_forgotten
#ifdef TIMED
            :: lacking > 0
#endif
            fi;
            lacking = 0;
            STEP
        };
        say_sender_awake();
        goto claim;

write:
#ifdef PUBLISH_FIRST
        publish();
        write_record();
#else
        write_record();
#ifdef MAY_GIVE_UP
        if
        :: kind == WHOLE ->
            atomic { unfinished = 0; unfinished_at = 0; begun--; kind = 0; length = 0; padding = 0; STEP };
            goto next
        :: true
        fi;
#endif
        publish();
#endif
        atomic {
            position = position + NEEDED;
            kind = 0; length = 0; padding = 0;
            /* If receiver_asleep is 1: compare and set. */
            is_asleep = receiver_asleep;
            receiver_asleep = 0;
            sent_owed = is_asleep;
            STEP
        };
        if
        :: is_asleep -> atomic { sent = 1; sent_owed = false; is_asleep = false; STEP }
        :: else
        fi;
next:
        skip
    od;
    goto gone;

killed:
    atomic {
#ifdef DELAYED
        show_tail();
#endif
        position = 0; known = 0; kind = 0; length = 0; padding = 0; in_parts = false; is_asleep = false;
        if
        :: sent_owed -> sent_owed = false; sent_forgotten = true
        :: else
        fi;
        if
        :: goto take_the_lane
        :: goto gone
        fi
    };

gone:
    sender_gone = true
}

/* As STEP. */
#define RECEIVER_STEP \
    if \
    :: receiver_kills < RECEIVER_KILLS -> receiver_kills++; goto killed \
    :: true \
    fi

inline say_receiver_asleep()
{
    atomic {
#ifdef DELAYED
        show_head();
        tail_due = tail_delayed;
#endif
        receiver_asleep = 1;
        RECEIVER_STEP
    }
}

inline say_receiver_awake()
{
    atomic { receiver_asleep = 0; sent_owed = false; sent_forgotten = false; RECEIVER_STEP }
}

inline release()
{
    atomic {
#ifdef DELAYED
        show_head();
        stored_head = position;
        head_delayed = true;
#else
        head = position;
        assert(POSSIBLE);
#endif
        released = position;
        open = (kind_of[next - 1] == FIRST || kind_of[next - 1] == MIDDLE -> message_of[next - 1] : 0);
#ifdef RELEASE_FIRST
        released_records = next;
#else
        /* Without what the model needs no longer it has fewer states. */
        do
        :: released_records == next -> break
        :: else ->
            number[released_records] = 0; kind_of[released_records] = 0; message_of[released_records] = 0;
            released_records++
        od;
#endif
        unreleased = 0;
        freed_owed = true;
        RECEIVER_STEP
    };
    atomic {
        /* If sender_asleep is 1: compare and set. */
        is_asleep = sender_asleep && CAPACITY - (end - released) >= QUARTER;
        sender_asleep = sender_asleep && !is_asleep;
        freed_owed = is_asleep;
        RECEIVER_STEP
    };
    if
    :: is_asleep -> atomic { freed = 1; freed_owed = false; is_asleep = false; RECEIVER_STEP }
    :: else
    fi
}

/* The bytes are those of the next record that was published. */
inline read_bytes(at)
{
    assert(bytes[PLACE(at)] == number[next])
}

/* What was read is the next record. Of a message in parts, all parts come. */
inline hand_over()
{
    atomic {
        assert(next < published && kind == kind_of[next]);
        /* With the record at hand, a successor may get no more than a quarter of the ring and one record again. */
        assert(unreleased < QUARTER);
        if
        :: kind == WHOLE || kind == FIRST ->
#ifdef KEEP_PARTS
            parts_of = (kind == FIRST && parts_of == 0 -> message_of[next] : parts_of)
#else
            parts_of = (kind == FIRST -> message_of[next] : 0)
#endif
        :: else ->
            if
#ifdef NO_FIRST_NEEDED
            :: true ->
#else
            :: parts_of == 0 -> assert(split == message_of[next])
            :: else ->
#endif
                assert(parts_of == message_of[next]);
                parts_of = (kind == LAST -> 0 : parts_of)
            fi
        fi;
        next++;
        unreleased = unreleased + length;
        position = position + length;
        kind = 0; length = 0;
        RECEIVER_STEP;
        /* The batch goes on, or was as long as the user wanted. After a quarter it is released in any case. */
        if
#ifdef NO_QUARTER
        :: goto poll
#else
        :: position - released < QUARTER -> goto poll
#endif
        :: goto end_of_batch
        fi
    }
}

/* The receiver and, after its end, its successors: they have the owner slot one after the other. */
proctype receiver()
{
    byte position, end, released, kind, length;
    byte next;                 /* how many records were read */
    byte unreleased;           /* units of the records that were handed over and not released */
    byte parts_of;             /* message of which the first parts were read, and not yet the last, or 0 */
    bool is_asleep;

take_the_place:
    say_receiver_awake();
    atomic {
        assert(POSSIBLE);
        end = tail;
        next = released_records;
#ifdef AT_TAIL
        position = tail;
#else
        position = head;
#endif
        released = position
    };

poll:
    atomic {
        if
        :: position == end ->
            assert(end <= tail && tail <= released + CAPACITY);
            end = tail;
            if
            :: position == end -> goto end_of_batch
            :: else -> goto poll
            fi
        :: else
        fi;
        kind = kinds[PLACE(position)];
        length = lengths[PLACE(position)];
        assert(kind >= WHOLE && kind <= PADDING && length > 0);
        assert(position + length <= end && PLACE(position) + length <= CAPACITY);
        if
        :: kind == PADDING -> position = position + length; kind = 0; length = 0; goto poll
        :: else
        fi
    };
#ifdef RELEASE_FIRST
    position = position + length; next++;
    release();
    position = position - length; next--;
#endif
    read_bytes(position);
    if
    :: length == 2 -> read_bytes(position + 1)
    :: else
    fi;
    hand_over();

end_of_batch:
    if
    :: position != released -> release(); goto poll
    :: else
    fi;

#ifndef LOOK_FIRST
    say_receiver_asleep();
#endif
    atomic {
#ifdef DELAYED
#ifndef SHORT_LOOK
        if
        :: tail_due -> show_tail()
        :: else
        fi;
#endif
#endif
        end = tail;
        receiver_sleeps = (position == end)
    };
#ifdef LOOK_FIRST
    say_receiver_asleep();
#endif
    atomic {
        if
        :: !receiver_sleeps
        :: receiver_sleeps && sent -> sent = 0
        :: receiver_sleeps && sent_forgotten
#ifdef TIMED
        :: receiver_sleeps
#endif
        fi;
        receiver_sleeps = false;
        RECEIVER_STEP
    };
    say_receiver_awake();
    goto poll;

killed:
    atomic {
#ifdef DELAYED
        show_head();
#endif
        split = open;
        position = 0; end = 0; released = 0; kind = 0; length = 0; next = 0; unreleased = 0; parts_of = 0; is_asleep = false;
        if
        :: freed_owed -> freed_owed = false; freed_forgotten = true
        :: else
        fi;
        if
        :: goto take_the_place
        :: receiver_gone = true
        fi
    }
}

init {
    atomic {
        run sender();
        run receiver();
#ifdef DELAYED
        run memory()
#endif
    };
    /* Nothing can move any more. What was published is released, unless the receiver is gone. */
    timeout ->
    assert(POSSIBLE);
    assert(receiver_gone || (receiver_sleeps && head == tail && released_records == published));
    /* No sender sleeps although there is room and a quarter of the ring is free, as it is when all is released. */
    assert(sender_gone || (lacking > 0 && (tail + lacking > head + CAPACITY || tail - head > CAPACITY - QUARTER)));
    /* Each message that was begun and not finished was counted, or is told. */
    assert(!sender_gone || aborted + TELLS == begun - finished)
}
