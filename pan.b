	switch (t->back) {
	default: Uerror("bad return move");
	case  0: goto R999; /* nothing to undo */

		 /* PROC :init: */

	case 3: // STATE 1
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;

	case 4: // STATE 2
		;
		;
		delproc(0, now._nr_pr-1);
		;
		goto R999;
;
		;
		;
		;
		;
		;
		;
		;
		;
		;
		
	case 10: // STATE 9
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC receiver */

	case 11: // STATE 3
		;
		now.sent_forgotten = trpt->bup.ovals[2];
		now.sent_owed = trpt->bup.ovals[1];
		now.receiver_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 13: // STATE 6
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 14: // STATE 16
		;
		((P1 *)_this)->released = trpt->bup.ovals[3];
		((P1 *)_this)->position = trpt->bup.ovals[2];
		((P1 *)_this)->next = trpt->bup.ovals[1];
		((P1 *)_this)->end = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 15: // STATE 20
		;
		((P1 *)_this)->end = trpt->bup.oval;
		;
		goto R999;
;
		
	case 16: // STATE 24
		goto R999;

	case 17: // STATE 31
		;
		((P1 *)_this)->length = trpt->bup.ovals[1];
		((P1 *)_this)->kind = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 18: // STATE 37
		;
		((P1 *)_this)->length = trpt->bup.ovals[2];
		((P1 *)_this)->kind = trpt->bup.ovals[1];
		((P1 *)_this)->position = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		;
		;
		;
		;
		;
		
	case 22: // STATE 51
		goto R999;

	case 23: // STATE 70
		;
		((P1 *)_this)->length = trpt->bup.ovals[5];
		((P1 *)_this)->kind = trpt->bup.ovals[4];
		((P1 *)_this)->position = trpt->bup.ovals[3];
		((P1 *)_this)->unreleased = trpt->bup.ovals[2];
		((P1 *)_this)->next = trpt->bup.ovals[1];
		((P1 *)_this)->parts_of = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 24: // STATE 70
		;
		((P1 *)_this)->length = trpt->bup.ovals[4];
		((P1 *)_this)->kind = trpt->bup.ovals[3];
		((P1 *)_this)->position = trpt->bup.ovals[2];
		((P1 *)_this)->unreleased = trpt->bup.ovals[1];
		((P1 *)_this)->next = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;

	case 25: // STATE 70
		;
		((P1 *)_this)->length = trpt->bup.ovals[5];
		((P1 *)_this)->kind = trpt->bup.ovals[4];
		((P1 *)_this)->position = trpt->bup.ovals[3];
		((P1 *)_this)->unreleased = trpt->bup.ovals[2];
		((P1 *)_this)->next = trpt->bup.ovals[1];
		((P1 *)_this)->parts_of = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 26: // STATE 70
		;
		((P1 *)_this)->length = trpt->bup.ovals[4];
		((P1 *)_this)->kind = trpt->bup.ovals[3];
		((P1 *)_this)->position = trpt->bup.ovals[2];
		((P1 *)_this)->unreleased = trpt->bup.ovals[1];
		((P1 *)_this)->next = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 28: // STATE 73
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 30: // STATE 85
		;
		now.freed_owed = trpt->bup.ovals[4];
		((P1 *)_this)->unreleased = trpt->bup.ovals[3];
		now.released_records = trpt->bup.ovals[2];
		((P1 *)_this)->released = trpt->bup.ovals[1];
		now.head = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 32: // STATE 88
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 33: // STATE 93
		;
		((P1 *)_this)->is_asleep = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 35: // STATE 96
		;
		now.sender_asleep = trpt->bup.ovals[1];
		((P1 *)_this)->is_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 37: // STATE 99
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 39: // STATE 105
		;
		now.freed = trpt->bup.oval;
		;
		goto R999;

	case 40: // STATE 113
		;
		((P1 *)_this)->is_asleep = trpt->bup.ovals[1];
		now.freed_owed = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 42: // STATE 116
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 45: // STATE 136
		;
		now.freed_owed = trpt->bup.ovals[4];
		((P1 *)_this)->unreleased = trpt->bup.ovals[3];
		now.released_records = trpt->bup.ovals[2];
		((P1 *)_this)->released = trpt->bup.ovals[1];
		now.head = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 47: // STATE 139
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 48: // STATE 144
		;
		((P1 *)_this)->is_asleep = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 50: // STATE 147
		;
		now.sender_asleep = trpt->bup.ovals[1];
		((P1 *)_this)->is_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 52: // STATE 150
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 54: // STATE 156
		;
		now.freed = trpt->bup.oval;
		;
		goto R999;

	case 55: // STATE 164
		;
		((P1 *)_this)->is_asleep = trpt->bup.ovals[1];
		now.freed_owed = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 57: // STATE 167
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 58: // STATE 177
		;
		now.receiver_asleep = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 60: // STATE 180
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 61: // STATE 186
		;
		((P1 *)_this)->end = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 63: // STATE 189
		;
		now.receiver_sleeps = trpt->bup.oval;
		;
		goto R999;

	case 64: // STATE 195
		;
		now.receiver_sleeps = trpt->bup.ovals[1];
		now.sent = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 65: // STATE 195
		;
		now.receiver_sleeps = trpt->bup.oval;
		;
		goto R999;

	case 66: // STATE 195
		;
		now.receiver_sleeps = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 68: // STATE 198
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 69: // STATE 208
		;
		now.sent_forgotten = trpt->bup.ovals[2];
		now.sent_owed = trpt->bup.ovals[1];
		now.receiver_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 71: // STATE 211
		;
		now.receiver_kills = trpt->bup.oval;
		;
		goto R999;

	case 72: // STATE 232
		;
		((P1 *)_this)->is_asleep = trpt->bup.ovals[9];
		((P1 *)_this)->parts_of = trpt->bup.ovals[8];
		((P1 *)_this)->unreleased = trpt->bup.ovals[7];
		((P1 *)_this)->next = trpt->bup.ovals[6];
		((P1 *)_this)->length = trpt->bup.ovals[5];
		((P1 *)_this)->kind = trpt->bup.ovals[4];
		((P1 *)_this)->released = trpt->bup.ovals[3];
		((P1 *)_this)->end = trpt->bup.ovals[2];
		((P1 *)_this)->position = trpt->bup.ovals[1];
		now.split = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 10);
		goto R999;

	case 73: // STATE 232
		;
		((P1 *)_this)->is_asleep = trpt->bup.ovals[9];
		((P1 *)_this)->parts_of = trpt->bup.ovals[8];
		((P1 *)_this)->unreleased = trpt->bup.ovals[7];
		((P1 *)_this)->next = trpt->bup.ovals[6];
		((P1 *)_this)->length = trpt->bup.ovals[5];
		((P1 *)_this)->kind = trpt->bup.ovals[4];
		((P1 *)_this)->released = trpt->bup.ovals[3];
		((P1 *)_this)->end = trpt->bup.ovals[2];
		((P1 *)_this)->position = trpt->bup.ovals[1];
		now.split = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 10);
		goto R999;

	case 74: // STATE 232
		;
		((P1 *)_this)->is_asleep = trpt->bup.ovals[8];
		((P1 *)_this)->parts_of = trpt->bup.ovals[7];
		((P1 *)_this)->unreleased = trpt->bup.ovals[6];
		((P1 *)_this)->next = trpt->bup.ovals[5];
		((P1 *)_this)->length = trpt->bup.ovals[4];
		((P1 *)_this)->kind = trpt->bup.ovals[3];
		((P1 *)_this)->released = trpt->bup.ovals[2];
		((P1 *)_this)->end = trpt->bup.ovals[1];
		((P1 *)_this)->position = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 9);
		goto R999;

	case 75: // STATE 235
		;
		now.freed_forgotten = trpt->bup.ovals[1];
		now.freed_owed = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		
	case 76: // STATE 242
		goto R999;

	case 77: // STATE 240
		;
		now.receiver_gone = trpt->bup.oval;
		;
		goto R999;

	case 78: // STATE 244
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC sender */

	case 79: // STATE 3
		;
		((P0 *)_this)->position = trpt->bup.ovals[1];
		((P0 *)_this)->known = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 80: // STATE 11
		;
		now.unfinished_at = trpt->bup.ovals[2];
		now.unfinished = trpt->bup.ovals[1];
		now.aborted = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 81: // STATE 11
		;
		now.unfinished_at = trpt->bup.ovals[1];
		now.unfinished = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 83: // STATE 15
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 84: // STATE 22
		;
		now.freed_forgotten = trpt->bup.ovals[2];
		now.freed_owed = trpt->bup.ovals[1];
		now.sender_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 86: // STATE 25
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 89: // STATE 34
		;
		now.written = trpt->bup.oval;
		;
		goto R999;

	case 90: // STATE 36
		;
		((P0 *)_this)->kind = trpt->bup.oval;
		;
		goto R999;

	case 91: // STATE 43
		;
		((P0 *)_this)->padding = trpt->bup.ovals[1];
		((P0 *)_this)->length = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 92: // STATE 43
		;
		((P0 *)_this)->padding = trpt->bup.oval;
		;
		goto R999;

	case 93: // STATE 43
		;
		((P0 *)_this)->padding = trpt->bup.ovals[1];
		((P0 *)_this)->length = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 94: // STATE 46
		;
		((P0 *)_this)->known = trpt->bup.oval;
		;
		goto R999;
;
		
	case 95: // STATE 50
		goto R999;

	case 96: // STATE 56
		;
		now.sender_asleep = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 98: // STATE 59
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 99: // STATE 65
		;
		((P0 *)_this)->known = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 101: // STATE 68
		;
		now.sender_sleeps = trpt->bup.oval;
		;
		goto R999;

	case 102: // STATE 74
		;
		now.sender_sleeps = trpt->bup.ovals[1];
		now.freed = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 103: // STATE 74
		;
		now.sender_sleeps = trpt->bup.oval;
		;
		goto R999;

	case 104: // STATE 74
		;
		now.sender_sleeps = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 106: // STATE 77
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 107: // STATE 87
		;
		now.freed_forgotten = trpt->bup.ovals[2];
		now.freed_owed = trpt->bup.ovals[1];
		now.sender_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;
;
		;
		
	case 109: // STATE 90
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 110: // STATE 98
		;
		now.unfinished_at = trpt->bup.ovals[1];
		now.unfinished = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 111: // STATE 100
		;
		now.begun = trpt->bup.oval;
		;
		goto R999;
;
		
	case 112: // STATE 103
		goto R999;
;
		;
		
	case 114: // STATE 106
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 116: // STATE 114
		;
		now.lengths[ Index((((P0 *)_this)->position%4), 4) ] = trpt->bup.ovals[1];
		now.kinds[ Index((((P0 *)_this)->position%4), 4) ] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 118: // STATE 117
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 119: // STATE 128
		;
		now.lengths[ Index(((((P0 *)_this)->position+((P0 *)_this)->padding)%4), 4) ] = trpt->bup.ovals[1];
		now.kinds[ Index(((((P0 *)_this)->position+((P0 *)_this)->padding)%4), 4) ] = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 121: // STATE 131
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 122: // STATE 138
		;
		now.bytes[ Index(((((P0 *)_this)->position+((P0 *)_this)->padding)%4), 4) ] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 124: // STATE 141
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 126: // STATE 149
		;
		now.bytes[ Index((((((P0 *)_this)->position+((P0 *)_this)->padding)+1)%4), 4) ] = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 128: // STATE 152
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 129: // STATE 167
		;
		now.published = trpt->bup.ovals[4];
		now.message_of[ Index(now.published, 4) ] = trpt->bup.ovals[3];
		now.kind_of[ Index(now.published, 4) ] = trpt->bup.ovals[2];
		now.number[ Index(now.published, 4) ] = trpt->bup.ovals[1];
		now.tail = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;

	case 130: // STATE 174
		;
		now.sent_owed = trpt->bup.ovals[2];
		((P0 *)_this)->in_parts = trpt->bup.ovals[1];
		now.finished = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 131: // STATE 174
		;
		now.sent_owed = trpt->bup.ovals[1];
		((P0 *)_this)->in_parts = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 133: // STATE 177
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 134: // STATE 186
		;
		((P0 *)_this)->padding = trpt->bup.ovals[3];
		((P0 *)_this)->length = trpt->bup.ovals[2];
		((P0 *)_this)->kind = trpt->bup.ovals[1];
		((P0 *)_this)->position = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 4);
		goto R999;

	case 135: // STATE 188
		;
		((P0 *)_this)->is_asleep = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 137: // STATE 191
		;
		now.receiver_asleep = trpt->bup.ovals[1];
		((P0 *)_this)->is_asleep = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 139: // STATE 194
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 141: // STATE 200
		;
		now.sent = trpt->bup.oval;
		;
		goto R999;

	case 142: // STATE 208
		;
		((P0 *)_this)->is_asleep = trpt->bup.ovals[1];
		now.sent_owed = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 144: // STATE 211
		;
		now.kills = trpt->bup.oval;
		;
		goto R999;

	case 145: // STATE 227
		;
		((P0 *)_this)->is_asleep = trpt->bup.ovals[6];
		((P0 *)_this)->in_parts = trpt->bup.ovals[5];
		((P0 *)_this)->padding = trpt->bup.ovals[4];
		((P0 *)_this)->length = trpt->bup.ovals[3];
		((P0 *)_this)->kind = trpt->bup.ovals[2];
		((P0 *)_this)->known = trpt->bup.ovals[1];
		((P0 *)_this)->position = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 7);
		goto R999;

	case 146: // STATE 230
		;
		now.sent_forgotten = trpt->bup.ovals[1];
		now.sent_owed = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 147: // STATE 239
		;
		now.sender_gone = trpt->bup.oval;
		;
		goto R999;

	case 148: // STATE 240
		;
		p_restor(II);
		;
		;
		goto R999;
	}

