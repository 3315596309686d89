#define rand	pan_rand
#define pthread_equal(a,b)	((a)==(b))
#if defined(HAS_CODE) && defined(VERBOSE)
	#ifdef BFS_PAR
		bfs_printf("Pr: %d Tr: %d\n", II, t->forw);
	#else
		cpu_printf("Pr: %d Tr: %d\n", II, t->forw);
	#endif
#endif
	switch (t->forw) {
	default: Uerror("bad forward move");
	case 0:	/* if without executable clauses */
		continue;
	case 1: /* generic 'goto' or 'skip' */
		IfNotBlocked
		_m = 3; goto P999;
	case 2: /* generic 'else' */
		IfNotBlocked
		if (trpt->o_pm&1) continue;
		_m = 3; goto P999;

		 /* PROC :init: */
	case 3: // STATE 1 - src/test/spin/message.pml:635 - [(run sender())] (0:0:0 - 1)
		IfNotBlocked
		reached[2][1] = 1;
		if (!(addproc(II, 1, 0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 4: // STATE 2 - src/test/spin/message.pml:636 - [(run receiver())] (0:0:0 - 1)
		IfNotBlocked
		reached[2][2] = 1;
		if (!(addproc(II, 1, 1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 5: // STATE 4 - src/test/spin/message.pml:642 - [(timeout)] (0:0:0 - 1)
		IfNotBlocked
		reached[2][4] = 1;
		if (!(((trpt->tau)&1)))
			continue;
		_m = 1; goto P999; /* 0 */
	case 6: // STATE 5 - src/test/spin/message.pml:643 - [assert(((head<=tail)&&(tail<=(head+4))))] (0:0:0 - 1)
		IfNotBlocked
		reached[2][5] = 1;
		spin_assert(((((int)now.head)<=((int)now.tail))&&(((int)now.tail)<=(((int)now.head)+4))), "((head<=tail)&&(tail<=(head+4)))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 7: // STATE 6 - src/test/spin/message.pml:644 - [assert((receiver_gone||((receiver_sleeps&&(head==tail))&&(released_records==published))))] (0:0:0 - 1)
		IfNotBlocked
		reached[2][6] = 1;
		spin_assert((((int)now.receiver_gone)||((((int)now.receiver_sleeps)&&(((int)now.head)==((int)now.tail)))&&(((int)now.released_records)==((int)now.published)))), "(receiver_gone||((receiver_sleeps&&(head==tail))&&(released_records==published)))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 8: // STATE 7 - src/test/spin/message.pml:646 - [assert((sender_gone||(sender_sleeps&&receiver_gone)))] (0:0:0 - 1)
		IfNotBlocked
		reached[2][7] = 1;
		spin_assert((((int)now.sender_gone)||(((int)now.sender_sleeps)&&((int)now.receiver_gone))), "(sender_gone||(sender_sleeps&&receiver_gone))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 9: // STATE 8 - src/test/spin/message.pml:648 - [assert((!(sender_gone)||((aborted+((unfinished==2)||((unfinished==1)&&(unfinished_at==tail))))==(begun-finished))))] (0:0:0 - 1)
		IfNotBlocked
		reached[2][8] = 1;
		spin_assert(( !(((int)now.sender_gone))||((((int)now.aborted)+((((int)now.unfinished)==2)||((((int)now.unfinished)==1)&&(((int)now.unfinished_at)==((int)now.tail)))))==(((int)now.begun)-((int)now.finished)))), "( !(sender_gone)||((aborted+((unfinished==2)||((unfinished==1)&&(unfinished_at==tail))))==(begun-finished)))", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 10: // STATE 9 - src/test/spin/message.pml:649 - [-end-] (0:0:0 - 1)
		IfNotBlocked
		reached[2][9] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC receiver */
	case 11: // STATE 1 - src/test/spin/message.pml:422 - [receiver_asleep = 0] (0:9:3 - 1)
		IfNotBlocked
		reached[1][1] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.receiver_asleep);
		now.receiver_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver_asleep", ((int)now.receiver_asleep));
#endif
		;
		/* merge: sent_owed = 0(9, 2, 9) */
		reached[1][2] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sent_owed);
		now.sent_owed = 0;
#ifdef VAR_RANGES
		logval("sent_owed", ((int)now.sent_owed));
#endif
		;
		/* merge: sent_forgotten = 0(9, 3, 9) */
		reached[1][3] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.sent_forgotten);
		now.sent_forgotten = 0;
#ifdef VAR_RANGES
		logval("sent_forgotten", ((int)now.sent_forgotten));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 12: // STATE 5 - src/test/spin/message.pml:423 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][5] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 13: // STATE 6 - src/test/spin/message.pml:423 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][6] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 14: // STATE 12 - src/test/spin/message.pml:512 - [assert(((head<=tail)&&(tail<=(head+4))))] (0:29:4 - 1)
		IfNotBlocked
		reached[1][12] = 1;
		spin_assert(((((int)now.head)<=((int)now.tail))&&(((int)now.tail)<=(((int)now.head)+4))), "((head<=tail)&&(tail<=(head+4)))", II, tt, t);
		/* merge: end = tail(29, 13, 29) */
		reached[1][13] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->end);
		((P1 *)_this)->end = ((int)now.tail);
#ifdef VAR_RANGES
		logval("receiver:end", ((int)((P1 *)_this)->end));
#endif
		;
		/* merge: next = released_records(29, 14, 29) */
		reached[1][14] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = ((int)now.released_records);
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: position = head(29, 15, 29) */
		reached[1][15] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = ((int)now.head);
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: released = position(29, 16, 29) */
		reached[1][16] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->released);
		((P1 *)_this)->released = ((int)((P1 *)_this)->position);
#ifdef VAR_RANGES
		logval("receiver:released", ((int)((P1 *)_this)->released));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 15: // STATE 18 - src/test/spin/message.pml:526 - [((position==end))] (27:0:1 - 1)
		IfNotBlocked
		reached[1][18] = 1;
		if (!((((int)((P1 *)_this)->position)==((int)((P1 *)_this)->end))))
			continue;
		/* merge: assert(((end<=tail)&&(tail<=(released+4))))(27, 19, 27) */
		reached[1][19] = 1;
		spin_assert(((((int)((P1 *)_this)->end)<=((int)now.tail))&&(((int)now.tail)<=(((int)((P1 *)_this)->released)+4))), "((end<=tail)&&(tail<=(released+4)))", II, tt, t);
		/* merge: end = tail(27, 20, 27) */
		reached[1][20] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->end);
		((P1 *)_this)->end = ((int)now.tail);
#ifdef VAR_RANGES
		logval("receiver:end", ((int)((P1 *)_this)->end));
#endif
		;
		/* merge: .(goto)(0, 23, 27) */
		reached[1][23] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 16: // STATE 24 - src/test/spin/message.pml:532 - [((position==end))] (175:0:0 - 1)
		IfNotBlocked
		reached[1][24] = 1;
		if (!((((int)((P1 *)_this)->position)==((int)((P1 *)_this)->end))))
			continue;
		/* merge: goto end_of_batch(0, 25, 175) */
		reached[1][25] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 17: // STATE 30 - src/test/spin/message.pml:537 - [kind = kinds[(position%4)]] (0:40:2 - 1)
		IfNotBlocked
		reached[1][30] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = ((int)now.kinds[ Index((((int)((P1 *)_this)->position)%4), 4) ]);
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = lengths[(position%4)](40, 31, 40) */
		reached[1][31] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = ((int)now.lengths[ Index((((int)((P1 *)_this)->position)%4), 4) ]);
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		/* merge: assert((((kind>=1)&&(kind<=5))&&(length>0)))(40, 32, 40) */
		reached[1][32] = 1;
		spin_assert((((((int)((P1 *)_this)->kind)>=1)&&(((int)((P1 *)_this)->kind)<=5))&&(((int)((P1 *)_this)->length)>0)), "(((kind>=1)&&(kind<=5))&&(length>0))", II, tt, t);
		/* merge: assert((((position+length)<=end)&&(((position%4)+length)<=4)))(40, 33, 40) */
		reached[1][33] = 1;
		spin_assert((((((int)((P1 *)_this)->position)+((int)((P1 *)_this)->length))<=((int)((P1 *)_this)->end))&&(((((int)((P1 *)_this)->position)%4)+((int)((P1 *)_this)->length))<=4)), "(((position+length)<=end)&&(((position%4)+length)<=4))", II, tt, t);
		_m = 3; goto P999; /* 3 */
	case 18: // STATE 34 - src/test/spin/message.pml:542 - [((kind==5))] (29:0:3 - 1)
		IfNotBlocked
		reached[1][34] = 1;
		if (!((((int)((P1 *)_this)->kind)==5)))
			continue;
		/* merge: position = (position+length)(29, 35, 29) */
		reached[1][35] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = (((int)((P1 *)_this)->position)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: kind = 0(29, 36, 29) */
		reached[1][36] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(29, 37, 29) */
		reached[1][37] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		/* merge: goto poll(29, 38, 29) */
		reached[1][38] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 19: // STATE 43 - src/test/spin/message.pml:461 - [assert((bytes[(position%4)]==number[next]))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][43] = 1;
		spin_assert((((int)now.bytes[ Index((((int)((P1 *)_this)->position)%4), 4) ])==((int)now.number[ Index(((int)((P1 *)_this)->next), 4) ])), "(bytes[(position%4)]==number[next])", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 20: // STATE 45 - src/test/spin/message.pml:553 - [((length==2))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][45] = 1;
		if (!((((int)((P1 *)_this)->length)==2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 21: // STATE 46 - src/test/spin/message.pml:461 - [assert((bytes[((position+1)%4)]==number[next]))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][46] = 1;
		spin_assert((((int)now.bytes[ Index(((((int)((P1 *)_this)->position)+1)%4), 4) ])==((int)now.number[ Index(((int)((P1 *)_this)->next), 4) ])), "(bytes[((position+1)%4)]==number[next])", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 22: // STATE 51 - src/test/spin/message.pml:468 - [assert(((next<published)&&(kind==kind_of[next])))] (0:64:0 - 1)
		IfNotBlocked
		reached[1][51] = 1;
		spin_assert(((((int)((P1 *)_this)->next)<((int)now.published))&&(((int)((P1 *)_this)->kind)==((int)now.kind_of[ Index(((int)((P1 *)_this)->next), 4) ]))), "((next<published)&&(kind==kind_of[next]))", II, tt, t);
		/* merge: assert((unreleased<2))(64, 52, 64) */
		reached[1][52] = 1;
		spin_assert((((int)((P1 *)_this)->unreleased)<2), "(unreleased<2)", II, tt, t);
		_m = 3; goto P999; /* 1 */
	case 23: // STATE 53 - src/test/spin/message.pml:472 - [(((kind==1)||(kind==2)))] (76:0:6 - 1)
		IfNotBlocked
		reached[1][53] = 1;
		if (!(((((int)((P1 *)_this)->kind)==1)||(((int)((P1 *)_this)->kind)==2))))
			continue;
		/* merge: assert((parts_of<message_of[next]))(76, 54, 76) */
		reached[1][54] = 1;
		spin_assert((((int)((P1 *)_this)->parts_of)<((int)now.message_of[ Index(((int)((P1 *)_this)->next), 4) ])), "(parts_of<message_of[next])", II, tt, t);
		/* merge: parts_of = ( ((kind==2)) -> (message_of[next]) : (0) )(76, 55, 76) */
		reached[1][55] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->parts_of);
		((P1 *)_this)->parts_of = ( ((((int)((P1 *)_this)->kind)==2)) ? (((int)now.message_of[ Index(((int)((P1 *)_this)->next), 4) ])) : (0) );
#ifdef VAR_RANGES
		logval("receiver:parts_of", ((int)((P1 *)_this)->parts_of));
#endif
		;
		/* merge: .(goto)(76, 65, 76) */
		reached[1][65] = 1;
		;
		/* merge: next = (next+1)(76, 66, 76) */
		reached[1][66] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = (((int)((P1 *)_this)->next)+1);
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = (unreleased+length)(76, 67, 76) */
		reached[1][67] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = (((int)((P1 *)_this)->unreleased)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: position = (position+length)(76, 68, 76) */
		reached[1][68] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = (((int)((P1 *)_this)->position)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: kind = 0(76, 69, 76) */
		reached[1][69] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(76, 70, 76) */
		reached[1][70] = 1;
		(trpt+1)->bup.ovals[5] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		_m = 3; goto P999; /* 8 */
	case 24: // STATE 57 - src/test/spin/message.pml:483 - [((parts_of==0))] (76:0:5 - 1)
		IfNotBlocked
		reached[1][57] = 1;
		if (!((((int)((P1 *)_this)->parts_of)==0)))
			continue;
		/* merge: assert((split==message_of[next]))(76, 58, 76) */
		reached[1][58] = 1;
		spin_assert((((int)now.split)==((int)now.message_of[ Index(((int)((P1 *)_this)->next), 4) ])), "(split==message_of[next])", II, tt, t);
		/* merge: .(goto)(76, 63, 76) */
		reached[1][63] = 1;
		;
		/* merge: .(goto)(76, 65, 76) */
		reached[1][65] = 1;
		;
		/* merge: next = (next+1)(76, 66, 76) */
		reached[1][66] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = (((int)((P1 *)_this)->next)+1);
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = (unreleased+length)(76, 67, 76) */
		reached[1][67] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = (((int)((P1 *)_this)->unreleased)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: position = (position+length)(76, 68, 76) */
		reached[1][68] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = (((int)((P1 *)_this)->position)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: kind = 0(76, 69, 76) */
		reached[1][69] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(76, 70, 76) */
		reached[1][70] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		_m = 3; goto P999; /* 8 */
	case 25: // STATE 60 - src/test/spin/message.pml:488 - [assert((parts_of==message_of[next]))] (0:76:6 - 1)
		IfNotBlocked
		reached[1][60] = 1;
		spin_assert((((int)((P1 *)_this)->parts_of)==((int)now.message_of[ Index(((int)((P1 *)_this)->next), 4) ])), "(parts_of==message_of[next])", II, tt, t);
		/* merge: parts_of = ( ((kind==4)) -> (0) : (parts_of) )(76, 61, 76) */
		reached[1][61] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->parts_of);
		((P1 *)_this)->parts_of = ( ((((int)((P1 *)_this)->kind)==4)) ? (0) : (((int)((P1 *)_this)->parts_of)) );
#ifdef VAR_RANGES
		logval("receiver:parts_of", ((int)((P1 *)_this)->parts_of));
#endif
		;
		/* merge: .(goto)(76, 63, 76) */
		reached[1][63] = 1;
		;
		/* merge: .(goto)(76, 65, 76) */
		reached[1][65] = 1;
		;
		/* merge: next = (next+1)(76, 66, 76) */
		reached[1][66] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = (((int)((P1 *)_this)->next)+1);
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = (unreleased+length)(76, 67, 76) */
		reached[1][67] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = (((int)((P1 *)_this)->unreleased)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: position = (position+length)(76, 68, 76) */
		reached[1][68] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = (((int)((P1 *)_this)->position)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: kind = 0(76, 69, 76) */
		reached[1][69] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(76, 70, 76) */
		reached[1][70] = 1;
		(trpt+1)->bup.ovals[5] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		_m = 3; goto P999; /* 8 */
	case 26: // STATE 66 - src/test/spin/message.pml:492 - [next = (next+1)] (0:76:5 - 5)
		IfNotBlocked
		reached[1][66] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = (((int)((P1 *)_this)->next)+1);
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = (unreleased+length)(76, 67, 76) */
		reached[1][67] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = (((int)((P1 *)_this)->unreleased)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: position = (position+length)(76, 68, 76) */
		reached[1][68] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = (((int)((P1 *)_this)->position)+((int)((P1 *)_this)->length));
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: kind = 0(76, 69, 76) */
		reached[1][69] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(76, 70, 76) */
		reached[1][70] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 27: // STATE 72 - src/test/spin/message.pml:497 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][72] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 28: // STATE 73 - src/test/spin/message.pml:497 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][73] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 29: // STATE 79 - src/test/spin/message.pml:559 - [(((position-released)>=2))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][79] = 1;
		if (!(((((int)((P1 *)_this)->position)-((int)((P1 *)_this)->released))>=2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 30: // STATE 80 - src/test/spin/message.pml:434 - [head = position] (0:91:5 - 1)
		IfNotBlocked
		reached[1][80] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.head);
		now.head = ((int)((P1 *)_this)->position);
#ifdef VAR_RANGES
		logval("head", ((int)now.head));
#endif
		;
		/* merge: assert(((head<=tail)&&(tail<=(head+4))))(91, 81, 91) */
		reached[1][81] = 1;
		spin_assert(((((int)now.head)<=((int)now.tail))&&(((int)now.tail)<=(((int)now.head)+4))), "((head<=tail)&&(tail<=(head+4)))", II, tt, t);
		/* merge: released = position(91, 82, 91) */
		reached[1][82] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->released);
		((P1 *)_this)->released = ((int)((P1 *)_this)->position);
#ifdef VAR_RANGES
		logval("receiver:released", ((int)((P1 *)_this)->released));
#endif
		;
		/* merge: released_records = next(91, 83, 91) */
		reached[1][83] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.released_records);
		now.released_records = ((int)((P1 *)_this)->next);
#ifdef VAR_RANGES
		logval("released_records", ((int)now.released_records));
#endif
		;
		/* merge: unreleased = 0(91, 84, 91) */
		reached[1][84] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = 0;
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: freed_owed = 1(91, 85, 91) */
		reached[1][85] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.freed_owed);
		now.freed_owed = 1;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		_m = 3; goto P999; /* 5 */
	case 31: // STATE 87 - src/test/spin/message.pml:442 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][87] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 32: // STATE 88 - src/test/spin/message.pml:442 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][88] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 33: // STATE 93 - src/test/spin/message.pml:443 - [is_asleep = sender_asleep] (0:0:1 - 2)
		IfNotBlocked
		reached[1][93] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = ((int)now.sender_asleep);
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 34: // STATE 94 - src/test/spin/message.pml:445 - [((is_asleep&&((4-(end-released))>=2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][94] = 1;
		if (!((((int)((P1 *)_this)->is_asleep)&&((4-(((int)((P1 *)_this)->end)-((int)((P1 *)_this)->released)))>=2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 35: // STATE 95 - src/test/spin/message.pml:446 - [is_asleep = sender_asleep] (0:102:2 - 1)
		IfNotBlocked
		reached[1][95] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = ((int)now.sender_asleep);
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		/* merge: sender_asleep = 0(102, 96, 102) */
		reached[1][96] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sender_asleep);
		now.sender_asleep = 0;
#ifdef VAR_RANGES
		logval("sender_asleep", ((int)now.sender_asleep));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 36: // STATE 98 - src/test/spin/message.pml:447 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][98] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 37: // STATE 99 - src/test/spin/message.pml:447 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][99] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 38: // STATE 104 - src/test/spin/message.pml:449 - [(is_asleep)] (0:0:0 - 1)
		IfNotBlocked
		reached[1][104] = 1;
		if (!(((int)((P1 *)_this)->is_asleep)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 39: // STATE 105 - src/test/spin/message.pml:449 - [freed = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][105] = 1;
		(trpt+1)->bup.oval = ((int)now.freed);
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 40: // STATE 112 - src/test/spin/message.pml:454 - [freed_owed = 0] (0:119:2 - 1)
		IfNotBlocked
		reached[1][112] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.freed_owed);
		now.freed_owed = 0;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		/* merge: is_asleep = 0(119, 113, 119) */
		reached[1][113] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 41: // STATE 115 - src/test/spin/message.pml:455 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][115] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 42: // STATE 116 - src/test/spin/message.pml:455 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][116] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 43: // STATE 126 - src/test/spin/message.pml:566 - [((position!=released))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][126] = 1;
		if (!((((int)((P1 *)_this)->position)!=((int)((P1 *)_this)->released))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 44: // STATE 130 - src/test/spin/message.pml:571 - [((position!=released))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][130] = 1;
		if (!((((int)((P1 *)_this)->position)!=((int)((P1 *)_this)->released))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 45: // STATE 131 - src/test/spin/message.pml:434 - [head = position] (0:142:5 - 1)
		IfNotBlocked
		reached[1][131] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.head);
		now.head = ((int)((P1 *)_this)->position);
#ifdef VAR_RANGES
		logval("head", ((int)now.head));
#endif
		;
		/* merge: assert(((head<=tail)&&(tail<=(head+4))))(142, 132, 142) */
		reached[1][132] = 1;
		spin_assert(((((int)now.head)<=((int)now.tail))&&(((int)now.tail)<=(((int)now.head)+4))), "((head<=tail)&&(tail<=(head+4)))", II, tt, t);
		/* merge: released = position(142, 133, 142) */
		reached[1][133] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->released);
		((P1 *)_this)->released = ((int)((P1 *)_this)->position);
#ifdef VAR_RANGES
		logval("receiver:released", ((int)((P1 *)_this)->released));
#endif
		;
		/* merge: released_records = next(142, 134, 142) */
		reached[1][134] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.released_records);
		now.released_records = ((int)((P1 *)_this)->next);
#ifdef VAR_RANGES
		logval("released_records", ((int)now.released_records));
#endif
		;
		/* merge: unreleased = 0(142, 135, 142) */
		reached[1][135] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = 0;
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: freed_owed = 1(142, 136, 142) */
		reached[1][136] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.freed_owed);
		now.freed_owed = 1;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		_m = 3; goto P999; /* 5 */
	case 46: // STATE 138 - src/test/spin/message.pml:442 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][138] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 47: // STATE 139 - src/test/spin/message.pml:442 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][139] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 48: // STATE 144 - src/test/spin/message.pml:443 - [is_asleep = sender_asleep] (0:0:1 - 2)
		IfNotBlocked
		reached[1][144] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = ((int)now.sender_asleep);
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 49: // STATE 145 - src/test/spin/message.pml:445 - [((is_asleep&&((4-(end-released))>=2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][145] = 1;
		if (!((((int)((P1 *)_this)->is_asleep)&&((4-(((int)((P1 *)_this)->end)-((int)((P1 *)_this)->released)))>=2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 50: // STATE 146 - src/test/spin/message.pml:446 - [is_asleep = sender_asleep] (0:153:2 - 1)
		IfNotBlocked
		reached[1][146] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = ((int)now.sender_asleep);
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		/* merge: sender_asleep = 0(153, 147, 153) */
		reached[1][147] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sender_asleep);
		now.sender_asleep = 0;
#ifdef VAR_RANGES
		logval("sender_asleep", ((int)now.sender_asleep));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 51: // STATE 149 - src/test/spin/message.pml:447 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][149] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 52: // STATE 150 - src/test/spin/message.pml:447 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][150] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 53: // STATE 155 - src/test/spin/message.pml:449 - [(is_asleep)] (0:0:0 - 1)
		IfNotBlocked
		reached[1][155] = 1;
		if (!(((int)((P1 *)_this)->is_asleep)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 54: // STATE 156 - src/test/spin/message.pml:449 - [freed = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][156] = 1;
		(trpt+1)->bup.oval = ((int)now.freed);
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 55: // STATE 163 - src/test/spin/message.pml:454 - [freed_owed = 0] (0:170:2 - 1)
		IfNotBlocked
		reached[1][163] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.freed_owed);
		now.freed_owed = 0;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		/* merge: is_asleep = 0(170, 164, 170) */
		reached[1][164] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 56: // STATE 166 - src/test/spin/message.pml:455 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][166] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 57: // STATE 167 - src/test/spin/message.pml:455 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][167] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 58: // STATE 177 - src/test/spin/message.pml:411 - [receiver_asleep = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][177] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_asleep);
		now.receiver_asleep = 1;
#ifdef VAR_RANGES
		logval("receiver_asleep", ((int)now.receiver_asleep));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 59: // STATE 179 - src/test/spin/message.pml:417 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][179] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 60: // STATE 180 - src/test/spin/message.pml:417 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][180] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 61: // STATE 186 - src/test/spin/message.pml:587 - [end = tail] (0:0:1 - 1)
		IfNotBlocked
		reached[1][186] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->end);
		((P1 *)_this)->end = ((int)now.tail);
#ifdef VAR_RANGES
		logval("receiver:end", ((int)((P1 *)_this)->end));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 62: // STATE 188 - src/test/spin/message.pml:593 - [((position==end))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][188] = 1;
		if (!((((int)((P1 *)_this)->position)==((int)((P1 *)_this)->end))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 63: // STATE 189 - src/test/spin/message.pml:594 - [receiver_sleeps = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][189] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_sleeps);
		now.receiver_sleeps = 1;
#ifdef VAR_RANGES
		logval("receiver_sleeps", ((int)now.receiver_sleeps));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 64: // STATE 190 - src/test/spin/message.pml:597 - [(sent)] (201:0:2 - 1)
		IfNotBlocked
		reached[1][190] = 1;
		if (!(((int)now.sent)))
			continue;
		/* merge: sent = 0(201, 191, 201) */
		reached[1][191] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.sent);
		now.sent = 0;
#ifdef VAR_RANGES
		logval("sent", ((int)now.sent));
#endif
		;
		/* merge: .(goto)(201, 194, 201) */
		reached[1][194] = 1;
		;
		/* merge: receiver_sleeps = 0(201, 195, 201) */
		reached[1][195] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.receiver_sleeps);
		now.receiver_sleeps = 0;
#ifdef VAR_RANGES
		logval("receiver_sleeps", ((int)now.receiver_sleeps));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 65: // STATE 194 - src/test/spin/message.pml:603 - [.(goto)] (0:201:1 - 2)
		IfNotBlocked
		reached[1][194] = 1;
		;
		/* merge: receiver_sleeps = 0(201, 195, 201) */
		reached[1][195] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_sleeps);
		now.receiver_sleeps = 0;
#ifdef VAR_RANGES
		logval("receiver_sleeps", ((int)now.receiver_sleeps));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 66: // STATE 192 - src/test/spin/message.pml:598 - [(sent_forgotten)] (201:0:1 - 1)
		IfNotBlocked
		reached[1][192] = 1;
		if (!(((int)now.sent_forgotten)))
			continue;
		/* merge: .(goto)(201, 194, 201) */
		reached[1][194] = 1;
		;
		/* merge: receiver_sleeps = 0(201, 195, 201) */
		reached[1][195] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_sleeps);
		now.receiver_sleeps = 0;
#ifdef VAR_RANGES
		logval("receiver_sleeps", ((int)now.receiver_sleeps));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 67: // STATE 197 - src/test/spin/message.pml:605 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][197] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 68: // STATE 198 - src/test/spin/message.pml:605 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][198] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 69: // STATE 206 - src/test/spin/message.pml:422 - [receiver_asleep = 0] (0:214:3 - 1)
		IfNotBlocked
		reached[1][206] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.receiver_asleep);
		now.receiver_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver_asleep", ((int)now.receiver_asleep));
#endif
		;
		/* merge: sent_owed = 0(214, 207, 214) */
		reached[1][207] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sent_owed);
		now.sent_owed = 0;
#ifdef VAR_RANGES
		logval("sent_owed", ((int)now.sent_owed));
#endif
		;
		/* merge: sent_forgotten = 0(214, 208, 214) */
		reached[1][208] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.sent_forgotten);
		now.sent_forgotten = 0;
#ifdef VAR_RANGES
		logval("sent_forgotten", ((int)now.sent_forgotten));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 70: // STATE 210 - src/test/spin/message.pml:423 - [((receiver_kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][210] = 1;
		if (!((((int)now.receiver_kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 71: // STATE 211 - src/test/spin/message.pml:423 - [receiver_kills = (receiver_kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][211] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_kills);
		now.receiver_kills = (((int)now.receiver_kills)+1);
#ifdef VAR_RANGES
		logval("receiver_kills", ((int)now.receiver_kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 72: // STATE 218 - src/test/spin/message.pml:617 - [(((released_records>0)&&((kind_of[(released_records-1)]==2)||(kind_of[(released_records-1)]==3))))] (237:0:10 - 1)
		IfNotBlocked
		reached[1][218] = 1;
		if (!(((((int)now.released_records)>0)&&((((int)now.kind_of[ Index((((int)now.released_records)-1), 4) ])==2)||(((int)now.kind_of[ Index((((int)now.released_records)-1), 4) ])==3)))))
			continue;
		/* merge: split = message_of[(released_records-1)](237, 219, 237) */
		reached[1][219] = 1;
		(trpt+1)->bup.ovals = grab_ints(10);
		(trpt+1)->bup.ovals[0] = ((int)now.split);
		now.split = ((int)now.message_of[ Index((((int)now.released_records)-1), 4) ]);
#ifdef VAR_RANGES
		logval("split", ((int)now.split));
#endif
		;
		/* merge: .(goto)(237, 223, 237) */
		reached[1][223] = 1;
		;
		/* merge: position = 0(237, 224, 237) */
		reached[1][224] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = 0;
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: end = 0(237, 225, 237) */
		reached[1][225] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->end);
		((P1 *)_this)->end = 0;
#ifdef VAR_RANGES
		logval("receiver:end", ((int)((P1 *)_this)->end));
#endif
		;
		/* merge: released = 0(237, 226, 237) */
		reached[1][226] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->released);
		((P1 *)_this)->released = 0;
#ifdef VAR_RANGES
		logval("receiver:released", ((int)((P1 *)_this)->released));
#endif
		;
		/* merge: kind = 0(237, 227, 237) */
		reached[1][227] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(237, 228, 237) */
		reached[1][228] = 1;
		(trpt+1)->bup.ovals[5] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		/* merge: next = 0(237, 229, 237) */
		reached[1][229] = 1;
		(trpt+1)->bup.ovals[6] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = 0(237, 230, 237) */
		reached[1][230] = 1;
		(trpt+1)->bup.ovals[7] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = 0;
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: parts_of = 0(237, 231, 237) */
		reached[1][231] = 1;
		(trpt+1)->bup.ovals[8] = ((int)((P1 *)_this)->parts_of);
		((P1 *)_this)->parts_of = 0;
#ifdef VAR_RANGES
		logval("receiver:parts_of", ((int)((P1 *)_this)->parts_of));
#endif
		;
		/* merge: is_asleep = 0(237, 232, 237) */
		reached[1][232] = 1;
		(trpt+1)->bup.ovals[9] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 11 */
	case 73: // STATE 221 - src/test/spin/message.pml:619 - [split = 0] (0:237:10 - 1)
		IfNotBlocked
		reached[1][221] = 1;
		(trpt+1)->bup.ovals = grab_ints(10);
		(trpt+1)->bup.ovals[0] = ((int)now.split);
		now.split = 0;
#ifdef VAR_RANGES
		logval("split", ((int)now.split));
#endif
		;
		/* merge: .(goto)(237, 223, 237) */
		reached[1][223] = 1;
		;
		/* merge: position = 0(237, 224, 237) */
		reached[1][224] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = 0;
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: end = 0(237, 225, 237) */
		reached[1][225] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->end);
		((P1 *)_this)->end = 0;
#ifdef VAR_RANGES
		logval("receiver:end", ((int)((P1 *)_this)->end));
#endif
		;
		/* merge: released = 0(237, 226, 237) */
		reached[1][226] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->released);
		((P1 *)_this)->released = 0;
#ifdef VAR_RANGES
		logval("receiver:released", ((int)((P1 *)_this)->released));
#endif
		;
		/* merge: kind = 0(237, 227, 237) */
		reached[1][227] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(237, 228, 237) */
		reached[1][228] = 1;
		(trpt+1)->bup.ovals[5] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		/* merge: next = 0(237, 229, 237) */
		reached[1][229] = 1;
		(trpt+1)->bup.ovals[6] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = 0(237, 230, 237) */
		reached[1][230] = 1;
		(trpt+1)->bup.ovals[7] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = 0;
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: parts_of = 0(237, 231, 237) */
		reached[1][231] = 1;
		(trpt+1)->bup.ovals[8] = ((int)((P1 *)_this)->parts_of);
		((P1 *)_this)->parts_of = 0;
#ifdef VAR_RANGES
		logval("receiver:parts_of", ((int)((P1 *)_this)->parts_of));
#endif
		;
		/* merge: is_asleep = 0(237, 232, 237) */
		reached[1][232] = 1;
		(trpt+1)->bup.ovals[9] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 10 */
	case 74: // STATE 224 - src/test/spin/message.pml:621 - [position = 0] (0:237:9 - 3)
		IfNotBlocked
		reached[1][224] = 1;
		(trpt+1)->bup.ovals = grab_ints(9);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->position);
		((P1 *)_this)->position = 0;
#ifdef VAR_RANGES
		logval("receiver:position", ((int)((P1 *)_this)->position));
#endif
		;
		/* merge: end = 0(237, 225, 237) */
		reached[1][225] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->end);
		((P1 *)_this)->end = 0;
#ifdef VAR_RANGES
		logval("receiver:end", ((int)((P1 *)_this)->end));
#endif
		;
		/* merge: released = 0(237, 226, 237) */
		reached[1][226] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P1 *)_this)->released);
		((P1 *)_this)->released = 0;
#ifdef VAR_RANGES
		logval("receiver:released", ((int)((P1 *)_this)->released));
#endif
		;
		/* merge: kind = 0(237, 227, 237) */
		reached[1][227] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P1 *)_this)->kind);
		((P1 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("receiver:kind", ((int)((P1 *)_this)->kind));
#endif
		;
		/* merge: length = 0(237, 228, 237) */
		reached[1][228] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P1 *)_this)->length);
		((P1 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("receiver:length", ((int)((P1 *)_this)->length));
#endif
		;
		/* merge: next = 0(237, 229, 237) */
		reached[1][229] = 1;
		(trpt+1)->bup.ovals[5] = ((int)((P1 *)_this)->next);
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("receiver:next", ((int)((P1 *)_this)->next));
#endif
		;
		/* merge: unreleased = 0(237, 230, 237) */
		reached[1][230] = 1;
		(trpt+1)->bup.ovals[6] = ((int)((P1 *)_this)->unreleased);
		((P1 *)_this)->unreleased = 0;
#ifdef VAR_RANGES
		logval("receiver:unreleased", ((int)((P1 *)_this)->unreleased));
#endif
		;
		/* merge: parts_of = 0(237, 231, 237) */
		reached[1][231] = 1;
		(trpt+1)->bup.ovals[7] = ((int)((P1 *)_this)->parts_of);
		((P1 *)_this)->parts_of = 0;
#ifdef VAR_RANGES
		logval("receiver:parts_of", ((int)((P1 *)_this)->parts_of));
#endif
		;
		/* merge: is_asleep = 0(237, 232, 237) */
		reached[1][232] = 1;
		(trpt+1)->bup.ovals[8] = ((int)((P1 *)_this)->is_asleep);
		((P1 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver:is_asleep", ((int)((P1 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 8 */
	case 75: // STATE 233 - src/test/spin/message.pml:623 - [(freed_owed)] (241:0:2 - 1)
		IfNotBlocked
		reached[1][233] = 1;
		if (!(((int)now.freed_owed)))
			continue;
		/* merge: freed_owed = 0(241, 234, 241) */
		reached[1][234] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.freed_owed);
		now.freed_owed = 0;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		/* merge: freed_forgotten = 1(241, 235, 241) */
		reached[1][235] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.freed_forgotten);
		now.freed_forgotten = 1;
#ifdef VAR_RANGES
		logval("freed_forgotten", ((int)now.freed_forgotten));
#endif
		;
		/* merge: .(goto)(0, 238, 241) */
		reached[1][238] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 76: // STATE 242 - src/test/spin/message.pml:630 - [.(goto)] (0:244:0 - 1)
		IfNotBlocked
		reached[1][242] = 1;
		;
		_m = 3; goto P999; /* 0 */
	case 77: // STATE 240 - src/test/spin/message.pml:628 - [receiver_gone = 1] (0:244:1 - 1)
		IfNotBlocked
		reached[1][240] = 1;
		(trpt+1)->bup.oval = ((int)now.receiver_gone);
		now.receiver_gone = 1;
#ifdef VAR_RANGES
		logval("receiver_gone", ((int)now.receiver_gone));
#endif
		;
		/* merge: .(goto)(244, 242, 244) */
		reached[1][242] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 78: // STATE 244 - src/test/spin/message.pml:631 - [-end-] (0:0:0 - 1)
		IfNotBlocked
		reached[1][244] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC sender */
	case 79: // STATE 1 - src/test/spin/message.pml:229 - [assert(((head<=tail)&&(tail<=(head+4))))] (0:13:2 - 1)
		IfNotBlocked
		reached[0][1] = 1;
		spin_assert(((((int)now.head)<=((int)now.tail))&&(((int)now.tail)<=(((int)now.head)+4))), "((head<=tail)&&(tail<=(head+4)))", II, tt, t);
		/* merge: known = head(13, 2, 13) */
		reached[0][2] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->known);
		((P0 *)_this)->known = ((int)now.head);
#ifdef VAR_RANGES
		logval("sender:known", ((int)((P0 *)_this)->known));
#endif
		;
		/* merge: position = tail(13, 3, 13) */
		reached[0][3] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->position);
		((P0 *)_this)->position = ((int)now.tail);
#ifdef VAR_RANGES
		logval("sender:position", ((int)((P0 *)_this)->position));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 80: // STATE 5 - src/test/spin/message.pml:242 - [(((unfinished==2)||((unfinished==1)&&(unfinished_at==tail))))] (18:0:3 - 1)
		IfNotBlocked
		reached[0][5] = 1;
		if (!(((((int)now.unfinished)==2)||((((int)now.unfinished)==1)&&(((int)now.unfinished_at)==((int)now.tail))))))
			continue;
		/* merge: aborted = (aborted+1)(18, 6, 18) */
		reached[0][6] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.aborted);
		now.aborted = (((int)now.aborted)+1);
#ifdef VAR_RANGES
		logval("aborted", ((int)now.aborted));
#endif
		;
		/* merge: .(goto)(18, 9, 18) */
		reached[0][9] = 1;
		;
		/* merge: unfinished = 0(18, 10, 18) */
		reached[0][10] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.unfinished);
		now.unfinished = 0;
#ifdef VAR_RANGES
		logval("unfinished", ((int)now.unfinished));
#endif
		;
		/* merge: unfinished_at = 0(18, 11, 18) */
		reached[0][11] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.unfinished_at);
		now.unfinished_at = 0;
#ifdef VAR_RANGES
		logval("unfinished_at", ((int)now.unfinished_at));
#endif
		;
		/* merge: assert((aborted==(begun-finished)))(18, 12, 18) */
		reached[0][12] = 1;
		spin_assert((((int)now.aborted)==(((int)now.begun)-((int)now.finished))), "(aborted==(begun-finished))", II, tt, t);
		_m = 3; goto P999; /* 5 */
	case 81: // STATE 10 - src/test/spin/message.pml:254 - [unfinished = 0] (0:18:2 - 3)
		IfNotBlocked
		reached[0][10] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.unfinished);
		now.unfinished = 0;
#ifdef VAR_RANGES
		logval("unfinished", ((int)now.unfinished));
#endif
		;
		/* merge: unfinished_at = 0(18, 11, 18) */
		reached[0][11] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.unfinished_at);
		now.unfinished_at = 0;
#ifdef VAR_RANGES
		logval("unfinished_at", ((int)now.unfinished_at));
#endif
		;
		/* merge: assert((aborted==(begun-finished)))(18, 12, 18) */
		reached[0][12] = 1;
		spin_assert((((int)now.aborted)==(((int)now.begun)-((int)now.finished))), "(aborted==(begun-finished))", II, tt, t);
		_m = 3; goto P999; /* 2 */
	case 82: // STATE 14 - src/test/spin/message.pml:257 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][14] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 83: // STATE 15 - src/test/spin/message.pml:257 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][15] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 84: // STATE 20 - src/test/spin/message.pml:158 - [sender_asleep = 0] (0:28:3 - 1)
		IfNotBlocked
		reached[0][20] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.sender_asleep);
		now.sender_asleep = 0;
#ifdef VAR_RANGES
		logval("sender_asleep", ((int)now.sender_asleep));
#endif
		;
		/* merge: freed_owed = 0(28, 21, 28) */
		reached[0][21] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.freed_owed);
		now.freed_owed = 0;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		/* merge: freed_forgotten = 0(28, 22, 28) */
		reached[0][22] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.freed_forgotten);
		now.freed_forgotten = 0;
#ifdef VAR_RANGES
		logval("freed_forgotten", ((int)now.freed_forgotten));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 85: // STATE 24 - src/test/spin/message.pml:159 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][24] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 86: // STATE 25 - src/test/spin/message.pml:159 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][25] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 87: // STATE 31 - src/test/spin/message.pml:261 - [((written==4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][31] = 1;
		if (!((((int)now.written)==4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 88: // STATE 33 - src/test/spin/message.pml:267 - [((written<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][33] = 1;
		if (!((((int)now.written)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 89: // STATE 34 - src/test/spin/message.pml:269 - [written = (written+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][34] = 1;
		(trpt+1)->bup.oval = ((int)now.written);
		now.written = (((int)now.written)+1);
#ifdef VAR_RANGES
		logval("written", ((int)now.written));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 90: // STATE 35 - src/test/spin/message.pml:271 - [(!(in_parts))] (41:0:1 - 1)
		IfNotBlocked
		reached[0][35] = 1;
		if (!( !(((int)((P0 *)_this)->in_parts))))
			continue;
		/* merge: kind = 1(0, 36, 41) */
		reached[0][36] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->kind);
		((P0 *)_this)->kind = 1;
#ifdef VAR_RANGES
		logval("sender:kind", ((int)((P0 *)_this)->kind));
#endif
		;
		/* merge: .(goto)(0, 38, 41) */
		reached[0][38] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 91: // STATE 39 - src/test/spin/message.pml:279 - [length = 1] (0:55:2 - 1)
		IfNotBlocked
		reached[0][39] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->length);
		((P0 *)_this)->length = 1;
#ifdef VAR_RANGES
		logval("sender:length", ((int)((P0 *)_this)->length));
#endif
		;
		/* merge: .(goto)(55, 42, 55) */
		reached[0][42] = 1;
		;
		/* merge: padding = ( ((((position%4)+length)>4)) -> ((4-(position%4))) : (0) )(55, 43, 55) */
		reached[0][43] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->padding);
		((P0 *)_this)->padding = ( ((((((int)((P0 *)_this)->position)%4)+((int)((P0 *)_this)->length))>4)) ? ((4-(((int)((P0 *)_this)->position)%4))) : (0) );
#ifdef VAR_RANGES
		logval("sender:padding", ((int)((P0 *)_this)->padding));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 92: // STATE 42 - src/test/spin/message.pml:282 - [.(goto)] (0:55:1 - 2)
		IfNotBlocked
		reached[0][42] = 1;
		;
		/* merge: padding = ( ((((position%4)+length)>4)) -> ((4-(position%4))) : (0) )(55, 43, 55) */
		reached[0][43] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->padding);
		((P0 *)_this)->padding = ( ((((((int)((P0 *)_this)->position)%4)+((int)((P0 *)_this)->length))>4)) ? ((4-(((int)((P0 *)_this)->position)%4))) : (0) );
#ifdef VAR_RANGES
		logval("sender:padding", ((int)((P0 *)_this)->padding));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 93: // STATE 40 - src/test/spin/message.pml:280 - [length = 2] (0:55:2 - 1)
		IfNotBlocked
		reached[0][40] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->length);
		((P0 *)_this)->length = 2;
#ifdef VAR_RANGES
		logval("sender:length", ((int)((P0 *)_this)->length));
#endif
		;
		/* merge: .(goto)(55, 42, 55) */
		reached[0][42] = 1;
		;
		/* merge: padding = ( ((((position%4)+length)>4)) -> ((4-(position%4))) : (0) )(55, 43, 55) */
		reached[0][43] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->padding);
		((P0 *)_this)->padding = ( ((((((int)((P0 *)_this)->position)%4)+((int)((P0 *)_this)->length))>4)) ? ((4-(((int)((P0 *)_this)->position)%4))) : (0) );
#ifdef VAR_RANGES
		logval("sender:padding", ((int)((P0 *)_this)->padding));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 94: // STATE 45 - src/test/spin/message.pml:288 - [(!(((position+(length+padding))<=(known+4))))] (53:0:1 - 1)
		IfNotBlocked
		reached[0][45] = 1;
		if (!( !(((((int)((P0 *)_this)->position)+(((int)((P0 *)_this)->length)+((int)((P0 *)_this)->padding)))<=(((int)((P0 *)_this)->known)+4)))))
			continue;
		/* merge: known = head(0, 46, 53) */
		reached[0][46] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->known);
		((P0 *)_this)->known = ((int)now.head);
#ifdef VAR_RANGES
		logval("sender:known", ((int)((P0 *)_this)->known));
#endif
		;
		/* merge: .(goto)(0, 49, 53) */
		reached[0][49] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 95: // STATE 50 - src/test/spin/message.pml:292 - [(((position+(length+padding))<=(known+4)))] (104:0:0 - 1)
		IfNotBlocked
		reached[0][50] = 1;
		if (!(((((int)((P0 *)_this)->position)+(((int)((P0 *)_this)->length)+((int)((P0 *)_this)->padding)))<=(((int)((P0 *)_this)->known)+4))))
			continue;
		/* merge: goto has_room(0, 51, 104) */
		reached[0][51] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 96: // STATE 56 - src/test/spin/message.pml:147 - [sender_asleep = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][56] = 1;
		(trpt+1)->bup.oval = ((int)now.sender_asleep);
		now.sender_asleep = 1;
#ifdef VAR_RANGES
		logval("sender_asleep", ((int)now.sender_asleep));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 97: // STATE 58 - src/test/spin/message.pml:153 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][58] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 98: // STATE 59 - src/test/spin/message.pml:153 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][59] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 99: // STATE 65 - src/test/spin/message.pml:308 - [known = head] (0:0:1 - 1)
		IfNotBlocked
		reached[0][65] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->known);
		((P0 *)_this)->known = ((int)now.head);
#ifdef VAR_RANGES
		logval("sender:known", ((int)((P0 *)_this)->known));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 100: // STATE 67 - src/test/spin/message.pml:314 - [(!(((position+(length+padding))<=(known+4))))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][67] = 1;
		if (!( !(((((int)((P0 *)_this)->position)+(((int)((P0 *)_this)->length)+((int)((P0 *)_this)->padding)))<=(((int)((P0 *)_this)->known)+4)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 101: // STATE 68 - src/test/spin/message.pml:315 - [sender_sleeps = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][68] = 1;
		(trpt+1)->bup.oval = ((int)now.sender_sleeps);
		now.sender_sleeps = 1;
#ifdef VAR_RANGES
		logval("sender_sleeps", ((int)now.sender_sleeps));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 102: // STATE 69 - src/test/spin/message.pml:318 - [(freed)] (80:0:2 - 1)
		IfNotBlocked
		reached[0][69] = 1;
		if (!(((int)now.freed)))
			continue;
		/* merge: freed = 0(80, 70, 80) */
		reached[0][70] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.freed);
		now.freed = 0;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		/* merge: .(goto)(80, 73, 80) */
		reached[0][73] = 1;
		;
		/* merge: sender_sleeps = 0(80, 74, 80) */
		reached[0][74] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sender_sleeps);
		now.sender_sleeps = 0;
#ifdef VAR_RANGES
		logval("sender_sleeps", ((int)now.sender_sleeps));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 103: // STATE 73 - src/test/spin/message.pml:324 - [.(goto)] (0:80:1 - 2)
		IfNotBlocked
		reached[0][73] = 1;
		;
		/* merge: sender_sleeps = 0(80, 74, 80) */
		reached[0][74] = 1;
		(trpt+1)->bup.oval = ((int)now.sender_sleeps);
		now.sender_sleeps = 0;
#ifdef VAR_RANGES
		logval("sender_sleeps", ((int)now.sender_sleeps));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 104: // STATE 71 - src/test/spin/message.pml:319 - [(freed_forgotten)] (80:0:1 - 1)
		IfNotBlocked
		reached[0][71] = 1;
		if (!(((int)now.freed_forgotten)))
			continue;
		/* merge: .(goto)(80, 73, 80) */
		reached[0][73] = 1;
		;
		/* merge: sender_sleeps = 0(80, 74, 80) */
		reached[0][74] = 1;
		(trpt+1)->bup.oval = ((int)now.sender_sleeps);
		now.sender_sleeps = 0;
#ifdef VAR_RANGES
		logval("sender_sleeps", ((int)now.sender_sleeps));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 105: // STATE 76 - src/test/spin/message.pml:326 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][76] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 106: // STATE 77 - src/test/spin/message.pml:326 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][77] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 107: // STATE 85 - src/test/spin/message.pml:158 - [sender_asleep = 0] (0:93:3 - 1)
		IfNotBlocked
		reached[0][85] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.sender_asleep);
		now.sender_asleep = 0;
#ifdef VAR_RANGES
		logval("sender_asleep", ((int)now.sender_asleep));
#endif
		;
		/* merge: freed_owed = 0(93, 86, 93) */
		reached[0][86] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.freed_owed);
		now.freed_owed = 0;
#ifdef VAR_RANGES
		logval("freed_owed", ((int)now.freed_owed));
#endif
		;
		/* merge: freed_forgotten = 0(93, 87, 93) */
		reached[0][87] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.freed_forgotten);
		now.freed_forgotten = 0;
#ifdef VAR_RANGES
		logval("freed_forgotten", ((int)now.freed_forgotten));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 108: // STATE 89 - src/test/spin/message.pml:159 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][89] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 109: // STATE 90 - src/test/spin/message.pml:159 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][90] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 110: // STATE 97 - src/test/spin/message.pml:337 - [unfinished = ( (((kind==1)||(kind==4))) -> (1) : (2) )] (0:102:2 - 1)
		IfNotBlocked
		reached[0][97] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.unfinished);
		now.unfinished = ( (((((int)((P0 *)_this)->kind)==1)||(((int)((P0 *)_this)->kind)==4))) ? (1) : (2) );
#ifdef VAR_RANGES
		logval("unfinished", ((int)now.unfinished));
#endif
		;
		/* merge: unfinished_at = position(102, 98, 102) */
		reached[0][98] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.unfinished_at);
		now.unfinished_at = ((int)((P0 *)_this)->position);
#ifdef VAR_RANGES
		logval("unfinished_at", ((int)now.unfinished_at));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 111: // STATE 99 - src/test/spin/message.pml:341 - [(((kind==1)||(kind==2)))] (109:0:1 - 1)
		IfNotBlocked
		reached[0][99] = 1;
		if (!(((((int)((P0 *)_this)->kind)==1)||(((int)((P0 *)_this)->kind)==2))))
			continue;
		/* merge: begun = (begun+1)(109, 100, 109) */
		reached[0][100] = 1;
		(trpt+1)->bup.oval = ((int)now.begun);
		now.begun = (((int)now.begun)+1);
#ifdef VAR_RANGES
		logval("begun", ((int)now.begun));
#endif
		;
		/* merge: .(goto)(109, 103, 109) */
		reached[0][103] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 112: // STATE 103 - src/test/spin/message.pml:344 - [.(goto)] (0:109:0 - 2)
		IfNotBlocked
		reached[0][103] = 1;
		;
		_m = 3; goto P999; /* 0 */
	case 113: // STATE 105 - src/test/spin/message.pml:345 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][105] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 114: // STATE 106 - src/test/spin/message.pml:345 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][106] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 115: // STATE 111 - src/test/spin/message.pml:185 - [((padding>0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][111] = 1;
		if (!((((int)((P0 *)_this)->padding)>0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 116: // STATE 112 - src/test/spin/message.pml:166 - [assert((position<(head+4)))] (0:120:2 - 1)
		IfNotBlocked
		reached[0][112] = 1;
		spin_assert((((int)((P0 *)_this)->position)<(((int)now.head)+4)), "(position<(head+4))", II, tt, t);
		/* merge: kinds[(position%4)] = 5(120, 113, 120) */
		reached[0][113] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.kinds[ Index((((int)((P0 *)_this)->position)%4), 4) ]);
		now.kinds[ Index((((P0 *)_this)->position%4), 4) ] = 5;
#ifdef VAR_RANGES
		logval("kinds[(sender:position%4)]", ((int)now.kinds[ Index((((int)((P0 *)_this)->position)%4), 4) ]));
#endif
		;
		/* merge: lengths[(position%4)] = padding(120, 114, 120) */
		reached[0][114] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.lengths[ Index((((int)((P0 *)_this)->position)%4), 4) ]);
		now.lengths[ Index((((P0 *)_this)->position%4), 4) ] = ((int)((P0 *)_this)->padding);
#ifdef VAR_RANGES
		logval("lengths[(sender:position%4)]", ((int)now.lengths[ Index((((int)((P0 *)_this)->position)%4), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 117: // STATE 116 - src/test/spin/message.pml:170 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][116] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 118: // STATE 117 - src/test/spin/message.pml:170 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][117] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 119: // STATE 126 - src/test/spin/message.pml:166 - [assert(((position+padding)<(head+4)))] (0:134:2 - 1)
		IfNotBlocked
		reached[0][126] = 1;
		spin_assert(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))<(((int)now.head)+4)), "((position+padding)<(head+4))", II, tt, t);
		/* merge: kinds[((position+padding)%4)] = kind(134, 127, 134) */
		reached[0][127] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.kinds[ Index(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))%4), 4) ]);
		now.kinds[ Index(((((P0 *)_this)->position+((P0 *)_this)->padding)%4), 4) ] = ((int)((P0 *)_this)->kind);
#ifdef VAR_RANGES
		logval("kinds[((sender:position+sender:padding)%4)]", ((int)now.kinds[ Index(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))%4), 4) ]));
#endif
		;
		/* merge: lengths[((position+padding)%4)] = length(134, 128, 134) */
		reached[0][128] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.lengths[ Index(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))%4), 4) ]);
		now.lengths[ Index(((((P0 *)_this)->position+((P0 *)_this)->padding)%4), 4) ] = ((int)((P0 *)_this)->length);
#ifdef VAR_RANGES
		logval("lengths[((sender:position+sender:padding)%4)]", ((int)now.lengths[ Index(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))%4), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 2 */
	case 120: // STATE 130 - src/test/spin/message.pml:170 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][130] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 121: // STATE 131 - src/test/spin/message.pml:170 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][131] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 122: // STATE 137 - src/test/spin/message.pml:176 - [assert(((position+padding)<(head+4)))] (0:144:1 - 1)
		IfNotBlocked
		reached[0][137] = 1;
		spin_assert(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))<(((int)now.head)+4)), "((position+padding)<(head+4))", II, tt, t);
		/* merge: bytes[((position+padding)%4)] = written(144, 138, 144) */
		reached[0][138] = 1;
		(trpt+1)->bup.oval = ((int)now.bytes[ Index(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))%4), 4) ]);
		now.bytes[ Index(((((P0 *)_this)->position+((P0 *)_this)->padding)%4), 4) ] = ((int)now.written);
#ifdef VAR_RANGES
		logval("bytes[((sender:position+sender:padding)%4)]", ((int)now.bytes[ Index(((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))%4), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 123: // STATE 140 - src/test/spin/message.pml:179 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][140] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 124: // STATE 141 - src/test/spin/message.pml:179 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][141] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 125: // STATE 147 - src/test/spin/message.pml:191 - [((length==2))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][147] = 1;
		if (!((((int)((P0 *)_this)->length)==2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 126: // STATE 148 - src/test/spin/message.pml:176 - [assert((((position+padding)+1)<(head+4)))] (0:155:1 - 1)
		IfNotBlocked
		reached[0][148] = 1;
		spin_assert((((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))+1)<(((int)now.head)+4)), "(((position+padding)+1)<(head+4))", II, tt, t);
		/* merge: bytes[(((position+padding)+1)%4)] = written(155, 149, 155) */
		reached[0][149] = 1;
		(trpt+1)->bup.oval = ((int)now.bytes[ Index((((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))+1)%4), 4) ]);
		now.bytes[ Index((((((P0 *)_this)->position+((P0 *)_this)->padding)+1)%4), 4) ] = ((int)now.written);
#ifdef VAR_RANGES
		logval("bytes[(((sender:position+sender:padding)+1)%4)]", ((int)now.bytes[ Index((((((int)((P0 *)_this)->position)+((int)((P0 *)_this)->padding))+1)%4), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 127: // STATE 151 - src/test/spin/message.pml:179 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][151] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 128: // STATE 152 - src/test/spin/message.pml:179 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][152] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 129: // STATE 162 - src/test/spin/message.pml:204 - [tail = (position+(length+padding))] (0:171:5 - 1)
		IfNotBlocked
		reached[0][162] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.tail);
		now.tail = (((int)((P0 *)_this)->position)+(((int)((P0 *)_this)->length)+((int)((P0 *)_this)->padding)));
#ifdef VAR_RANGES
		logval("tail", ((int)now.tail));
#endif
		;
		/* merge: assert(((head<=tail)&&(tail<=(head+4))))(171, 163, 171) */
		reached[0][163] = 1;
		spin_assert(((((int)now.head)<=((int)now.tail))&&(((int)now.tail)<=(((int)now.head)+4))), "((head<=tail)&&(tail<=(head+4)))", II, tt, t);
		/* merge: number[published] = written(171, 164, 171) */
		reached[0][164] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.number[ Index(((int)now.published), 4) ]);
		now.number[ Index(now.published, 4) ] = ((int)now.written);
#ifdef VAR_RANGES
		logval("number[published]", ((int)now.number[ Index(((int)now.published), 4) ]));
#endif
		;
		/* merge: kind_of[published] = kind(171, 165, 171) */
		reached[0][165] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.kind_of[ Index(((int)now.published), 4) ]);
		now.kind_of[ Index(now.published, 4) ] = ((int)((P0 *)_this)->kind);
#ifdef VAR_RANGES
		logval("kind_of[published]", ((int)now.kind_of[ Index(((int)now.published), 4) ]));
#endif
		;
		/* merge: message_of[published] = begun(171, 166, 171) */
		reached[0][166] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.message_of[ Index(((int)now.published), 4) ]);
		now.message_of[ Index(now.published, 4) ] = ((int)now.begun);
#ifdef VAR_RANGES
		logval("message_of[published]", ((int)now.message_of[ Index(((int)now.published), 4) ]));
#endif
		;
		/* merge: published = (published+1)(171, 167, 171) */
		reached[0][167] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.published);
		now.published = (((int)now.published)+1);
#ifdef VAR_RANGES
		logval("published", ((int)now.published));
#endif
		;
		_m = 3; goto P999; /* 5 */
	case 130: // STATE 168 - src/test/spin/message.pml:212 - [(((kind==1)||(kind==4)))] (180:0:3 - 1)
		IfNotBlocked
		reached[0][168] = 1;
		if (!(((((int)((P0 *)_this)->kind)==1)||(((int)((P0 *)_this)->kind)==4))))
			continue;
		/* merge: finished = (finished+1)(180, 169, 180) */
		reached[0][169] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)now.finished);
		now.finished = (((int)now.finished)+1);
#ifdef VAR_RANGES
		logval("finished", ((int)now.finished));
#endif
		;
		/* merge: .(goto)(180, 172, 180) */
		reached[0][172] = 1;
		;
		/* merge: in_parts = ((kind==2)||(kind==3))(180, 173, 180) */
		reached[0][173] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->in_parts);
		((P0 *)_this)->in_parts = ((((int)((P0 *)_this)->kind)==2)||(((int)((P0 *)_this)->kind)==3));
#ifdef VAR_RANGES
		logval("sender:in_parts", ((int)((P0 *)_this)->in_parts));
#endif
		;
		/* merge: sent_owed = 1(180, 174, 180) */
		reached[0][174] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.sent_owed);
		now.sent_owed = 1;
#ifdef VAR_RANGES
		logval("sent_owed", ((int)now.sent_owed));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 131: // STATE 173 - src/test/spin/message.pml:215 - [in_parts = ((kind==2)||(kind==3))] (0:180:2 - 3)
		IfNotBlocked
		reached[0][173] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->in_parts);
		((P0 *)_this)->in_parts = ((((int)((P0 *)_this)->kind)==2)||(((int)((P0 *)_this)->kind)==3));
#ifdef VAR_RANGES
		logval("sender:in_parts", ((int)((P0 *)_this)->in_parts));
#endif
		;
		/* merge: sent_owed = 1(180, 174, 180) */
		reached[0][174] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sent_owed);
		now.sent_owed = 1;
#ifdef VAR_RANGES
		logval("sent_owed", ((int)now.sent_owed));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 132: // STATE 176 - src/test/spin/message.pml:218 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][176] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 133: // STATE 177 - src/test/spin/message.pml:218 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][177] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 134: // STATE 183 - src/test/spin/message.pml:362 - [position = (position+(length+padding))] (0:188:4 - 1)
		IfNotBlocked
		reached[0][183] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->position);
		((P0 *)_this)->position = (((int)((P0 *)_this)->position)+(((int)((P0 *)_this)->length)+((int)((P0 *)_this)->padding)));
#ifdef VAR_RANGES
		logval("sender:position", ((int)((P0 *)_this)->position));
#endif
		;
		/* merge: kind = 0(188, 184, 188) */
		reached[0][184] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->kind);
		((P0 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("sender:kind", ((int)((P0 *)_this)->kind));
#endif
		;
		/* merge: length = 0(188, 185, 188) */
		reached[0][185] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P0 *)_this)->length);
		((P0 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("sender:length", ((int)((P0 *)_this)->length));
#endif
		;
		/* merge: padding = 0(188, 186, 188) */
		reached[0][186] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P0 *)_this)->padding);
		((P0 *)_this)->padding = 0;
#ifdef VAR_RANGES
		logval("sender:padding", ((int)((P0 *)_this)->padding));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 135: // STATE 188 - src/test/spin/message.pml:363 - [is_asleep = receiver_asleep] (0:0:1 - 1)
		IfNotBlocked
		reached[0][188] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->is_asleep);
		((P0 *)_this)->is_asleep = ((int)now.receiver_asleep);
#ifdef VAR_RANGES
		logval("sender:is_asleep", ((int)((P0 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 136: // STATE 189 - src/test/spin/message.pml:365 - [(is_asleep)] (0:0:0 - 1)
		IfNotBlocked
		reached[0][189] = 1;
		if (!(((int)((P0 *)_this)->is_asleep)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 137: // STATE 190 - src/test/spin/message.pml:366 - [is_asleep = receiver_asleep] (0:197:2 - 1)
		IfNotBlocked
		reached[0][190] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->is_asleep);
		((P0 *)_this)->is_asleep = ((int)now.receiver_asleep);
#ifdef VAR_RANGES
		logval("sender:is_asleep", ((int)((P0 *)_this)->is_asleep));
#endif
		;
		/* merge: receiver_asleep = 0(197, 191, 197) */
		reached[0][191] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.receiver_asleep);
		now.receiver_asleep = 0;
#ifdef VAR_RANGES
		logval("receiver_asleep", ((int)now.receiver_asleep));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 138: // STATE 193 - src/test/spin/message.pml:367 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][193] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 139: // STATE 194 - src/test/spin/message.pml:367 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][194] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 140: // STATE 199 - src/test/spin/message.pml:369 - [(is_asleep)] (0:0:0 - 1)
		IfNotBlocked
		reached[0][199] = 1;
		if (!(((int)((P0 *)_this)->is_asleep)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 141: // STATE 200 - src/test/spin/message.pml:369 - [sent = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][200] = 1;
		(trpt+1)->bup.oval = ((int)now.sent);
		now.sent = 1;
#ifdef VAR_RANGES
		logval("sent", ((int)now.sent));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 142: // STATE 207 - src/test/spin/message.pml:374 - [sent_owed = 0] (0:214:2 - 1)
		IfNotBlocked
		reached[0][207] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.sent_owed);
		now.sent_owed = 0;
#ifdef VAR_RANGES
		logval("sent_owed", ((int)now.sent_owed));
#endif
		;
		/* merge: is_asleep = 0(214, 208, 214) */
		reached[0][208] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->is_asleep);
		((P0 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("sender:is_asleep", ((int)((P0 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 143: // STATE 210 - src/test/spin/message.pml:375 - [((kills<0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][210] = 1;
		if (!((((int)now.kills)<0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 144: // STATE 211 - src/test/spin/message.pml:375 - [kills = (kills+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][211] = 1;
		(trpt+1)->bup.oval = ((int)now.kills);
		now.kills = (((int)now.kills)+1);
#ifdef VAR_RANGES
		logval("kills", ((int)now.kills));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 145: // STATE 221 - src/test/spin/message.pml:386 - [position = 0] (0:232:7 - 1)
		IfNotBlocked
		reached[0][221] = 1;
		(trpt+1)->bup.ovals = grab_ints(7);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->position);
		((P0 *)_this)->position = 0;
#ifdef VAR_RANGES
		logval("sender:position", ((int)((P0 *)_this)->position));
#endif
		;
		/* merge: known = 0(232, 222, 232) */
		reached[0][222] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->known);
		((P0 *)_this)->known = 0;
#ifdef VAR_RANGES
		logval("sender:known", ((int)((P0 *)_this)->known));
#endif
		;
		/* merge: kind = 0(232, 223, 232) */
		reached[0][223] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P0 *)_this)->kind);
		((P0 *)_this)->kind = 0;
#ifdef VAR_RANGES
		logval("sender:kind", ((int)((P0 *)_this)->kind));
#endif
		;
		/* merge: length = 0(232, 224, 232) */
		reached[0][224] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P0 *)_this)->length);
		((P0 *)_this)->length = 0;
#ifdef VAR_RANGES
		logval("sender:length", ((int)((P0 *)_this)->length));
#endif
		;
		/* merge: padding = 0(232, 225, 232) */
		reached[0][225] = 1;
		(trpt+1)->bup.ovals[4] = ((int)((P0 *)_this)->padding);
		((P0 *)_this)->padding = 0;
#ifdef VAR_RANGES
		logval("sender:padding", ((int)((P0 *)_this)->padding));
#endif
		;
		/* merge: in_parts = 0(232, 226, 232) */
		reached[0][226] = 1;
		(trpt+1)->bup.ovals[5] = ((int)((P0 *)_this)->in_parts);
		((P0 *)_this)->in_parts = 0;
#ifdef VAR_RANGES
		logval("sender:in_parts", ((int)((P0 *)_this)->in_parts));
#endif
		;
		/* merge: is_asleep = 0(232, 227, 232) */
		reached[0][227] = 1;
		(trpt+1)->bup.ovals[6] = ((int)((P0 *)_this)->is_asleep);
		((P0 *)_this)->is_asleep = 0;
#ifdef VAR_RANGES
		logval("sender:is_asleep", ((int)((P0 *)_this)->is_asleep));
#endif
		;
		_m = 3; goto P999; /* 6 */
	case 146: // STATE 228 - src/test/spin/message.pml:388 - [(sent_owed)] (236:0:2 - 1)
		IfNotBlocked
		reached[0][228] = 1;
		if (!(((int)now.sent_owed)))
			continue;
		/* merge: sent_owed = 0(236, 229, 236) */
		reached[0][229] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.sent_owed);
		now.sent_owed = 0;
#ifdef VAR_RANGES
		logval("sent_owed", ((int)now.sent_owed));
#endif
		;
		/* merge: sent_forgotten = 1(236, 230, 236) */
		reached[0][230] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.sent_forgotten);
		now.sent_forgotten = 1;
#ifdef VAR_RANGES
		logval("sent_forgotten", ((int)now.sent_forgotten));
#endif
		;
		/* merge: .(goto)(0, 233, 236) */
		reached[0][233] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 147: // STATE 239 - src/test/spin/message.pml:398 - [sender_gone = 1] (0:0:1 - 6)
		IfNotBlocked
		reached[0][239] = 1;
		(trpt+1)->bup.oval = ((int)now.sender_gone);
		now.sender_gone = 1;
#ifdef VAR_RANGES
		logval("sender_gone", ((int)now.sender_gone));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 148: // STATE 240 - src/test/spin/message.pml:399 - [-end-] (0:0:0 - 1)
		IfNotBlocked
		reached[0][240] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */
	case  _T5:	/* np_ */
		if (!((!(trpt->o_pm&4) && !(trpt->tau&128))))
			continue;
		/* else fall through */
	case  _T2:	/* true */
		_m = 3; goto P999;
#undef rand
	}

