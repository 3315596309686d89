#ifdef PEG
struct T_SRC {
	char *fl; int ln;
} T_SRC[NTRANS];

void
tr_2_src(int m, char *file, int ln)
{	T_SRC[m].fl = file;
	T_SRC[m].ln = ln;
}

void
putpeg(int n, int m)
{	printf("%5d	trans %4d ", m, n);
	printf("%s:%d\n",
		T_SRC[n].fl, T_SRC[n].ln);
}
#endif

void
settable(void)
{	Trans *T;
	Trans *settr(int, int, int, int, int, char *, int, int, int);

	trans = (Trans ***) emalloc(4*sizeof(Trans **));

	/* proctype 2: :init: */

	trans[2] = (Trans **) emalloc(10*sizeof(Trans *));

	T = trans[ 2][3] = settr(486,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(486,2,1,0,0,"ATOMIC", 0, 2, 0);
	trans[2][1]	= settr(484,2,2,3,3,"(run sender())", 0, 2, 0);
	trans[2][2]	= settr(485,0,4,4,4,"(run receiver())", 0, 2, 0);
	trans[2][4]	= settr(487,0,5,5,0,"(timeout)", 1, 3000, 0);
	trans[2][5]	= settr(488,0,6,6,0,"assert(((head<=tail)&&(tail<=(head+4))))", 1, 2, 0);
	trans[2][6]	= settr(489,0,7,7,0,"assert((receiver_gone||((receiver_sleeps&&(head==tail))&&(released_records==published))))", 1, 2, 0);
	trans[2][7]	= settr(490,0,8,8,0,"assert((sender_gone||(sender_sleeps&&receiver_gone)))", 1, 2, 0);
	trans[2][8]	= settr(491,0,9,9,0,"assert((!(sender_gone)||((aborted+((unfinished==2)||((unfinished==1)&&(unfinished_at==tail))))==(begun-finished))))", 1, 2, 0);
	trans[2][9]	= settr(492,0,0,10,10,"-end-", 0, 3500, 0);

	/* proctype 1: receiver */

	trans[1] = (Trans **) emalloc(245*sizeof(Trans *));

	T = trans[ 1][11] = settr(250,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(250,0,4,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][4] = settr(243,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(243,2,1,0,0,"ATOMIC", 1, 2, 0);
	trans[1][1]	= settr(240,4,9,11,11,"receiver_asleep = 0", 1, 2, 0); /* m: 2 -> 0,9 */
	reached1[2] = 1;
	trans[1][2]	= settr(0,0,0,0,0,"sent_owed = 0",0,0,0);
	trans[1][3]	= settr(0,0,0,0,0,"sent_forgotten = 0",0,0,0);
	T = trans[1][9] = settr(248,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(248,0,5,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(248,0,8,0,0,"IF", 0, 2, 0);
	trans[1][5]	= settr(244,0,6,12,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][6]	= settr(245,0,243,13,13,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][7]	= settr(246,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][10]	= settr(249,0,17,1,0,".(goto)", 0, 2, 0);
	trans[1][8]	= settr(247,0,17,1,0,"(1)", 0, 2, 0);
	T = trans[ 1][17] = settr(256,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(256,2,12,0,0,"ATOMIC", 1, 2, 0);
	trans[1][12]	= settr(251,4,29,14,14,"assert(((head<=tail)&&(tail<=(head+4))))", 1, 2, 0); /* m: 13 -> 0,29 */
	reached1[13] = 1;
	trans[1][13]	= settr(0,0,0,0,0,"end = tail",0,0,0);
	trans[1][14]	= settr(0,0,0,0,0,"next = released_records",0,0,0);
	trans[1][15]	= settr(0,0,0,0,0,"position = head",0,0,0);
	trans[1][16]	= settr(0,0,0,0,0,"released = position",0,0,0);
	T = trans[ 1][29] = settr(268,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(268,2,22,0,0,"ATOMIC", 1, 2, 0);
	T = trans[1][22] = settr(261,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(261,2,18,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(261,2,21,0,0,"IF", 1, 2, 0);
	trans[1][18]	= settr(257,2,27,15,15,"((position==end))", 1, 2, 0); /* m: 19 -> 27,0 */
	reached1[19] = 1;
	trans[1][19]	= settr(0,0,0,0,0,"assert(((end<=tail)&&(tail<=(released+4))))",0,0,0);
	trans[1][20]	= settr(0,0,0,0,0,"end = tail",0,0,0);
	trans[1][23]	= settr(262,2,27,1,0,".(goto)", 1, 2, 0);
	trans[1][21]	= settr(260,2,27,2,0,"else", 1, 2, 0);
	T = trans[1][27] = settr(266,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(266,2,24,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(266,2,26,0,0,"IF", 1, 2, 0);
	trans[1][24]	= settr(263,4,175,16,16,"((position==end))", 1, 2, 0); /* m: 25 -> 175,0 */
	reached1[25] = 1;
	trans[1][25]	= settr(264,0,175,1,0,"goto end_of_batch", 1, 2, 0);
	trans[1][28]	= settr(267,0,42,1,0,".(goto)", 1, 2, 0);
	trans[1][26]	= settr(265,2,28,2,0,"else", 1, 2, 0);
	T = trans[ 1][42] = settr(281,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(281,2,30,0,0,"ATOMIC", 1, 2, 0);
	trans[1][30]	= settr(269,2,40,17,17,"kind = kinds[(position%4)]", 1, 2, 0); /* m: 31 -> 0,40 */
	reached1[31] = 1;
	trans[1][31]	= settr(0,0,0,0,0,"length = lengths[(position%4)]",0,0,0);
	trans[1][32]	= settr(0,0,0,0,0,"assert((((kind>=1)&&(kind<=5))&&(length>0)))",0,0,0);
	trans[1][33]	= settr(0,0,0,0,0,"assert((((position+length)<=end)&&(((position%4)+length)<=4)))",0,0,0);
	T = trans[1][40] = settr(279,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(279,2,34,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(279,2,39,0,0,"IF", 1, 2, 0);
	trans[1][34]	= settr(273,4,29,18,18,"((kind==5))", 1, 2, 0); /* m: 35 -> 29,0 */
	reached1[35] = 1;
	trans[1][35]	= settr(0,0,0,0,0,"position = (position+length)",0,0,0);
	trans[1][36]	= settr(0,0,0,0,0,"kind = 0",0,0,0);
	trans[1][37]	= settr(0,0,0,0,0,"length = 0",0,0,0);
	trans[1][38]	= settr(277,0,29,1,0,"goto poll", 1, 2, 0);
	trans[1][41]	= settr(280,0,44,1,0,".(goto)", 1, 2, 0);
	trans[1][39]	= settr(278,2,41,2,0,"else", 1, 2, 0);
	T = trans[ 1][44] = settr(283,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(283,0,43,0,0,"sub-sequence", 0, 2, 0);
	trans[1][43]	= settr(282,0,49,19,0,"assert((bytes[(position%4)]==number[next]))", 1, 2, 0);
	T = trans[1][49] = settr(288,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(288,0,45,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(288,0,48,0,0,"IF", 0, 2, 0);
	trans[1][45]	= settr(284,0,47,20,0,"((length==2))", 0, 2, 0);
	T = trans[ 1][47] = settr(286,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(286,0,46,0,0,"sub-sequence", 0, 2, 0);
	trans[1][46]	= settr(285,0,78,21,0,"assert((bytes[((position+1)%4)]==number[next]))", 1, 2, 0);
	trans[1][50]	= settr(289,0,78,1,0,".(goto)", 0, 2, 0);
	trans[1][48]	= settr(287,0,78,2,0,"else", 0, 2, 0);
	T = trans[ 1][78] = settr(317,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(317,0,71,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][71] = settr(310,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(310,2,51,0,0,"ATOMIC", 1, 2, 0);
	trans[1][51]	= settr(290,2,64,22,22,"assert(((next<published)&&(kind==kind_of[next])))", 1, 2, 0); /* m: 52 -> 0,64 */
	reached1[52] = 1;
	trans[1][52]	= settr(0,0,0,0,0,"assert((unreleased<2))",0,0,0);
	T = trans[1][64] = settr(303,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(303,2,53,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(303,2,56,0,0,"IF", 1, 2, 0);
	trans[1][53]	= settr(292,4,76,23,23,"(((kind==1)||(kind==2)))", 1, 2, 0); /* m: 54 -> 76,0 */
	reached1[54] = 1;
	trans[1][54]	= settr(0,0,0,0,0,"assert((parts_of<message_of[next]))",0,0,0);
	trans[1][55]	= settr(0,0,0,0,0,"parts_of = ( ((kind==2)) -> (message_of[next]) : (0) )",0,0,0);
	trans[1][65]	= settr(304,2,66,1,0,".(goto)", 1, 2, 0); /* m: 66 -> 0,76 */
	reached1[66] = 1;
	trans[1][56]	= settr(295,2,62,2,0,"else", 1, 2, 0);
	T = trans[1][62] = settr(301,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(301,2,57,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(301,2,59,0,0,"IF", 1, 2, 0);
	trans[1][57]	= settr(296,4,76,24,24,"((parts_of==0))", 1, 2, 0); /* m: 58 -> 76,0 */
	reached1[58] = 1;
	trans[1][58]	= settr(0,0,0,0,0,"assert((split==message_of[next]))",0,0,0);
	trans[1][63]	= settr(302,2,66,1,0,".(goto)", 1, 2, 0); /* m: 66 -> 0,76 */
	reached1[66] = 1;
	trans[1][59]	= settr(298,2,60,2,0,"else", 1, 2, 0);
	trans[1][60]	= settr(299,4,76,25,25,"assert((parts_of==message_of[next]))", 1, 2, 0); /* m: 61 -> 0,76 */
	reached1[61] = 1;
	trans[1][61]	= settr(0,0,0,0,0,"parts_of = ( ((kind==4)) -> (0) : (parts_of) )",0,0,0);
	trans[1][66]	= settr(305,4,76,26,26,"next = (next+1)", 1, 2, 0); /* m: 67 -> 0,76 */
	reached1[67] = 1;
	trans[1][67]	= settr(0,0,0,0,0,"unreleased = (unreleased+length)",0,0,0);
	trans[1][68]	= settr(0,0,0,0,0,"position = (position+length)",0,0,0);
	trans[1][69]	= settr(0,0,0,0,0,"kind = 0",0,0,0);
	trans[1][70]	= settr(0,0,0,0,0,"length = 0",0,0,0);
	T = trans[1][76] = settr(315,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(315,0,72,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(315,0,75,0,0,"IF", 0, 2, 0);
	trans[1][72]	= settr(311,0,73,27,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][73]	= settr(312,0,243,28,28,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][74]	= settr(313,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][77]	= settr(316,0,123,1,0,".(goto)", 0, 2, 0);
	trans[1][75]	= settr(314,0,123,1,0,"(1)", 0, 2, 0);
	T = trans[1][123] = settr(362,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(362,0,79,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(362,0,122,0,0,"IF", 0, 2, 0);
	trans[1][79]	= settr(318,0,121,29,0,"(((position-released)>=2))", 0, 2, 0);
	T = trans[ 1][121] = settr(360,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(360,0,86,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][86] = settr(325,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(325,2,80,0,0,"ATOMIC", 1, 2, 0);
	trans[1][80]	= settr(319,4,91,30,30,"head = position", 1, 2, 0); /* m: 81 -> 0,91 */
	reached1[81] = 1;
	trans[1][81]	= settr(0,0,0,0,0,"assert(((head<=tail)&&(tail<=(head+4))))",0,0,0);
	trans[1][82]	= settr(0,0,0,0,0,"released = position",0,0,0);
	trans[1][83]	= settr(0,0,0,0,0,"released_records = next",0,0,0);
	trans[1][84]	= settr(0,0,0,0,0,"unreleased = 0",0,0,0);
	trans[1][85]	= settr(0,0,0,0,0,"freed_owed = 1",0,0,0);
	T = trans[1][91] = settr(330,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(330,0,87,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(330,0,90,0,0,"IF", 0, 2, 0);
	trans[1][87]	= settr(326,0,88,31,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][88]	= settr(327,0,243,32,32,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][89]	= settr(328,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][92]	= settr(331,0,93,1,0,".(goto)", 0, 2, 0);
	trans[1][90]	= settr(329,0,93,1,0,"(1)", 0, 2, 0);
	trans[1][93]	= settr(332,0,110,33,33,"is_asleep = sender_asleep", 1, 2, 0);
	T = trans[1][110] = settr(349,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(349,0,94,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(349,0,109,0,0,"IF", 0, 2, 0);
	trans[1][94]	= settr(333,0,97,34,0,"((is_asleep&&((4-(end-released))>=2)))", 0, 2, 0);
	T = trans[ 1][97] = settr(336,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(336,2,95,0,0,"ATOMIC", 1, 2, 0);
	trans[1][95]	= settr(334,4,102,35,35,"is_asleep = sender_asleep", 1, 2, 0); /* m: 96 -> 0,102 */
	reached1[96] = 1;
	trans[1][96]	= settr(0,0,0,0,0,"sender_asleep = 0",0,0,0);
	T = trans[1][102] = settr(341,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(341,0,98,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(341,0,101,0,0,"IF", 0, 2, 0);
	trans[1][98]	= settr(337,0,99,36,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][99]	= settr(338,0,243,37,37,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][100]	= settr(339,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][103]	= settr(342,0,107,1,0,".(goto)", 0, 2, 0);
	trans[1][101]	= settr(340,0,107,1,0,"(1)", 0, 2, 0);
	T = trans[1][107] = settr(346,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(346,0,104,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(346,0,106,0,0,"IF", 0, 2, 0);
	trans[1][104]	= settr(343,0,105,38,0,"(is_asleep)", 0, 2, 0);
	trans[1][105]	= settr(344,0,114,39,39,"freed = 1", 1, 2, 0);
	trans[1][108]	= settr(347,0,114,1,0,".(goto)", 0, 2, 0);
	trans[1][106]	= settr(345,0,114,2,0,"else", 0, 2, 0);
	trans[1][111]	= settr(350,0,114,1,0,".(goto)", 0, 2, 0);
	trans[1][109]	= settr(348,0,114,2,0,"else", 0, 2, 0);
	T = trans[ 1][114] = settr(353,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(353,2,112,0,0,"ATOMIC", 1, 2, 0);
	trans[1][112]	= settr(351,4,119,40,40,"freed_owed = 0", 1, 2, 0); /* m: 113 -> 0,119 */
	reached1[113] = 1;
	trans[1][113]	= settr(0,0,0,0,0,"is_asleep = 0",0,0,0);
	T = trans[1][119] = settr(358,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(358,0,115,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(358,0,118,0,0,"IF", 0, 2, 0);
	trans[1][115]	= settr(354,0,116,41,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][116]	= settr(355,0,243,42,42,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][117]	= settr(356,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][120]	= settr(359,0,128,1,0,".(goto)", 0, 2, 0);
	trans[1][118]	= settr(357,0,128,1,0,"(1)", 0, 2, 0);
	trans[1][124]	= settr(363,0,128,1,0,".(goto)", 0, 2, 0);
	trans[1][122]	= settr(361,0,128,2,0,"else", 0, 2, 0);
	T = trans[1][128] = settr(367,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(367,0,125,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(367,0,126,0,0,"IF", 0, 2, 0);
	trans[1][125]	= settr(364,0,29,1,0,"goto poll", 0, 2, 0);
	trans[1][129]	= settr(368,0,175,1,0,".(goto)", 0, 2, 0);
	trans[1][126]	= settr(365,0,175,43,0,"((position!=released))", 0, 2, 0);
	trans[1][127]	= settr(366,0,175,1,0,"goto end_of_batch", 0, 2, 0);
	T = trans[1][175] = settr(414,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(414,0,130,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(414,0,174,0,0,"IF", 0, 2, 0);
	trans[1][130]	= settr(369,0,172,44,0,"((position!=released))", 0, 2, 0);
	T = trans[ 1][172] = settr(411,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(411,0,137,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][137] = settr(376,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(376,2,131,0,0,"ATOMIC", 1, 2, 0);
	trans[1][131]	= settr(370,4,142,45,45,"head = position", 1, 2, 0); /* m: 132 -> 0,142 */
	reached1[132] = 1;
	trans[1][132]	= settr(0,0,0,0,0,"assert(((head<=tail)&&(tail<=(head+4))))",0,0,0);
	trans[1][133]	= settr(0,0,0,0,0,"released = position",0,0,0);
	trans[1][134]	= settr(0,0,0,0,0,"released_records = next",0,0,0);
	trans[1][135]	= settr(0,0,0,0,0,"unreleased = 0",0,0,0);
	trans[1][136]	= settr(0,0,0,0,0,"freed_owed = 1",0,0,0);
	T = trans[1][142] = settr(381,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(381,0,138,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(381,0,141,0,0,"IF", 0, 2, 0);
	trans[1][138]	= settr(377,0,139,46,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][139]	= settr(378,0,243,47,47,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][140]	= settr(379,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][143]	= settr(382,0,144,1,0,".(goto)", 0, 2, 0);
	trans[1][141]	= settr(380,0,144,1,0,"(1)", 0, 2, 0);
	trans[1][144]	= settr(383,0,161,48,48,"is_asleep = sender_asleep", 1, 2, 0);
	T = trans[1][161] = settr(400,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(400,0,145,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(400,0,160,0,0,"IF", 0, 2, 0);
	trans[1][145]	= settr(384,0,148,49,0,"((is_asleep&&((4-(end-released))>=2)))", 0, 2, 0);
	T = trans[ 1][148] = settr(387,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(387,2,146,0,0,"ATOMIC", 1, 2, 0);
	trans[1][146]	= settr(385,4,153,50,50,"is_asleep = sender_asleep", 1, 2, 0); /* m: 147 -> 0,153 */
	reached1[147] = 1;
	trans[1][147]	= settr(0,0,0,0,0,"sender_asleep = 0",0,0,0);
	T = trans[1][153] = settr(392,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(392,0,149,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(392,0,152,0,0,"IF", 0, 2, 0);
	trans[1][149]	= settr(388,0,150,51,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][150]	= settr(389,0,243,52,52,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][151]	= settr(390,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][154]	= settr(393,0,158,1,0,".(goto)", 0, 2, 0);
	trans[1][152]	= settr(391,0,158,1,0,"(1)", 0, 2, 0);
	T = trans[1][158] = settr(397,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(397,0,155,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(397,0,157,0,0,"IF", 0, 2, 0);
	trans[1][155]	= settr(394,0,156,53,0,"(is_asleep)", 0, 2, 0);
	trans[1][156]	= settr(395,0,165,54,54,"freed = 1", 1, 2, 0);
	trans[1][159]	= settr(398,0,165,1,0,".(goto)", 0, 2, 0);
	trans[1][157]	= settr(396,0,165,2,0,"else", 0, 2, 0);
	trans[1][162]	= settr(401,0,165,1,0,".(goto)", 0, 2, 0);
	trans[1][160]	= settr(399,0,165,2,0,"else", 0, 2, 0);
	T = trans[ 1][165] = settr(404,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(404,2,163,0,0,"ATOMIC", 1, 2, 0);
	trans[1][163]	= settr(402,4,170,55,55,"freed_owed = 0", 1, 2, 0); /* m: 164 -> 0,170 */
	reached1[164] = 1;
	trans[1][164]	= settr(0,0,0,0,0,"is_asleep = 0",0,0,0);
	T = trans[1][170] = settr(409,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(409,0,166,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(409,0,169,0,0,"IF", 0, 2, 0);
	trans[1][166]	= settr(405,0,167,56,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][167]	= settr(406,0,243,57,57,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][168]	= settr(407,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][171]	= settr(410,0,29,1,0,".(goto)", 0, 2, 0);
	trans[1][169]	= settr(408,0,29,1,0,"(1)", 0, 2, 0);
	trans[1][173]	= settr(412,0,29,1,0,"goto poll", 0, 2, 0);
	trans[1][176]	= settr(415,0,185,1,0,".(goto)", 0, 2, 0);
	trans[1][174]	= settr(413,0,185,2,0,"else", 0, 2, 0);
	T = trans[ 1][185] = settr(424,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(424,0,178,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][178] = settr(417,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(417,2,177,0,0,"ATOMIC", 1, 2, 0);
	trans[1][177]	= settr(416,0,183,58,58,"receiver_asleep = 1", 1, 2, 0);
	T = trans[1][183] = settr(422,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(422,0,179,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(422,0,182,0,0,"IF", 0, 2, 0);
	trans[1][179]	= settr(418,0,180,59,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][180]	= settr(419,0,243,60,60,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][181]	= settr(420,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][184]	= settr(423,0,187,1,0,".(goto)", 0, 2, 0);
	trans[1][182]	= settr(421,0,187,1,0,"(1)", 0, 2, 0);
	T = trans[ 1][187] = settr(426,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(426,2,186,0,0,"ATOMIC", 1, 2, 0);
	trans[1][186]	= settr(425,0,204,61,61,"end = tail", 1, 2, 0);
	T = trans[1][204] = settr(443,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(443,0,188,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(443,0,203,0,0,"IF", 0, 2, 0);
	trans[1][188]	= settr(427,0,189,62,0,"((position==end))", 0, 2, 0);
	trans[1][189]	= settr(428,0,196,63,63,"receiver_sleeps = 1", 1, 2, 0);
	T = trans[ 1][196] = settr(435,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(435,2,193,0,0,"ATOMIC", 1, 2, 0);
	T = trans[1][193] = settr(432,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(432,2,190,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(432,2,192,0,0,"IF", 1, 2, 0);
	trans[1][190]	= settr(429,4,201,64,64,"(sent)", 1, 2, 0); /* m: 191 -> 201,0 */
	reached1[191] = 1;
	trans[1][191]	= settr(0,0,0,0,0,"sent = 0",0,0,0);
	trans[1][194]	= settr(433,4,201,65,65,".(goto)", 1, 2, 0); /* m: 195 -> 0,201 */
	reached1[195] = 1;
	trans[1][192]	= settr(431,4,201,66,66,"(sent_forgotten)", 1, 2, 0); /* m: 194 -> 201,0 */
	reached1[194] = 1;
	trans[1][195]	= settr(0,0,0,0,0,"receiver_sleeps = 0",0,0,0);
	T = trans[1][201] = settr(440,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(440,0,197,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(440,0,200,0,0,"IF", 0, 2, 0);
	trans[1][197]	= settr(436,0,198,67,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][198]	= settr(437,0,243,68,68,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][199]	= settr(438,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][202]	= settr(441,0,216,1,0,".(goto)", 0, 2, 0);
	trans[1][200]	= settr(439,0,216,1,0,"(1)", 0, 2, 0);
	trans[1][205]	= settr(444,0,216,1,0,".(goto)", 0, 2, 0);
	trans[1][203]	= settr(442,0,216,2,0,"else", 0, 2, 0);
	T = trans[ 1][216] = settr(455,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(455,0,209,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][209] = settr(448,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(448,2,206,0,0,"ATOMIC", 1, 2, 0);
	trans[1][206]	= settr(445,4,214,69,69,"receiver_asleep = 0", 1, 2, 0); /* m: 207 -> 0,214 */
	reached1[207] = 1;
	trans[1][207]	= settr(0,0,0,0,0,"sent_owed = 0",0,0,0);
	trans[1][208]	= settr(0,0,0,0,0,"sent_forgotten = 0",0,0,0);
	T = trans[1][214] = settr(453,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(453,0,210,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(453,0,213,0,0,"IF", 0, 2, 0);
	trans[1][210]	= settr(449,0,211,70,0,"((receiver_kills<0))", 1, 2, 0);
	trans[1][211]	= settr(450,0,243,71,71,"receiver_kills = (receiver_kills+1)", 1, 2, 0);
	trans[1][212]	= settr(451,0,243,1,0,"goto killed", 0, 2, 0);
	trans[1][215]	= settr(454,0,29,1,0,".(goto)", 0, 2, 0);
	trans[1][213]	= settr(452,0,29,1,0,"(1)", 0, 2, 0);
	trans[1][217]	= settr(456,0,29,1,0,"goto poll", 0, 2, 0);
	T = trans[ 1][243] = settr(482,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(482,2,222,0,0,"ATOMIC", 1, 2, 0);
	T = trans[1][222] = settr(461,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(461,2,218,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(461,2,220,0,0,"IF", 1, 2, 0);
	trans[1][218]	= settr(457,2,237,72,72,"(((released_records>0)&&((kind_of[(released_records-1)]==2)||(kind_of[(released_records-1)]==3))))", 1, 2, 0); /* m: 219 -> 237,0 */
	reached1[219] = 1;
	trans[1][219]	= settr(0,0,0,0,0,"split = message_of[(released_records-1)]",0,0,0);
	trans[1][223]	= settr(462,2,224,1,0,".(goto)", 1, 2, 0); /* m: 224 -> 0,237 */
	reached1[224] = 1;
	trans[1][220]	= settr(459,2,221,2,0,"else", 1, 2, 0);
	trans[1][221]	= settr(460,2,237,73,73,"split = 0", 1, 2, 0); /* m: 224 -> 0,237 */
	reached1[224] = 1;
	trans[1][224]	= settr(463,2,237,74,74,"position = 0", 1, 2, 0); /* m: 225 -> 0,237 */
	reached1[225] = 1;
	trans[1][225]	= settr(0,0,0,0,0,"end = 0",0,0,0);
	trans[1][226]	= settr(0,0,0,0,0,"released = 0",0,0,0);
	trans[1][227]	= settr(0,0,0,0,0,"kind = 0",0,0,0);
	trans[1][228]	= settr(0,0,0,0,0,"length = 0",0,0,0);
	trans[1][229]	= settr(0,0,0,0,0,"next = 0",0,0,0);
	trans[1][230]	= settr(0,0,0,0,0,"unreleased = 0",0,0,0);
	trans[1][231]	= settr(0,0,0,0,0,"parts_of = 0",0,0,0);
	trans[1][232]	= settr(0,0,0,0,0,"is_asleep = 0",0,0,0);
	T = trans[1][237] = settr(476,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(476,2,233,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(476,2,236,0,0,"IF", 1, 2, 0);
	trans[1][233]	= settr(472,2,241,75,75,"(freed_owed)", 1, 2, 0); /* m: 234 -> 241,0 */
	reached1[234] = 1;
	trans[1][234]	= settr(0,0,0,0,0,"freed_owed = 0",0,0,0);
	trans[1][235]	= settr(0,0,0,0,0,"freed_forgotten = 1",0,0,0);
	trans[1][238]	= settr(477,2,241,1,0,".(goto)", 1, 2, 0);
	trans[1][236]	= settr(475,2,241,2,0,"else", 1, 2, 0);
	T = trans[1][241] = settr(480,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(480,2,239,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(480,2,240,0,0,"IF", 1, 2, 0);
	trans[1][239]	= settr(478,0,11,1,0,"goto take_the_place", 1, 2, 0);
	trans[1][242]	= settr(481,0,244,76,76,".(goto)", 1, 2, 0);
	trans[1][240]	= settr(479,4,244,77,77,"receiver_gone = 1", 1, 2, 0); /* m: 242 -> 0,244 */
	reached1[242] = 1;
	trans[1][244]	= settr(483,0,0,78,78,"-end-", 0, 3500, 0);

	/* proctype 0: sender */

	trans[0] = (Trans **) emalloc(241*sizeof(Trans *));

	T = trans[ 0][4] = settr(3,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(3,2,1,0,0,"ATOMIC", 1, 2, 0);
	trans[0][1]	= settr(0,4,13,79,79,"assert(((head<=tail)&&(tail<=(head+4))))", 1, 2, 0); /* m: 2 -> 0,13 */
	reached0[2] = 1;
	trans[0][2]	= settr(0,0,0,0,0,"known = head",0,0,0);
	trans[0][3]	= settr(0,0,0,0,0,"position = tail",0,0,0);
	T = trans[ 0][13] = settr(12,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(12,2,8,0,0,"ATOMIC", 1, 2, 0);
	T = trans[0][8] = settr(7,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(7,2,5,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(7,2,7,0,0,"IF", 1, 2, 0);
	trans[0][5]	= settr(4,4,18,80,80,"(((unfinished==2)||((unfinished==1)&&(unfinished_at==tail))))", 1, 2, 0); /* m: 6 -> 18,0 */
	reached0[6] = 1;
	trans[0][6]	= settr(0,0,0,0,0,"aborted = (aborted+1)",0,0,0);
	trans[0][9]	= settr(8,2,10,1,0,".(goto)", 1, 2, 0); /* m: 10 -> 0,18 */
	reached0[10] = 1;
	trans[0][7]	= settr(6,2,10,2,0,"else", 1, 2, 0);
	trans[0][10]	= settr(9,4,18,81,81,"unfinished = 0", 1, 2, 0); /* m: 11 -> 0,18 */
	reached0[11] = 1;
	trans[0][11]	= settr(0,0,0,0,0,"unfinished_at = 0",0,0,0);
	trans[0][12]	= settr(0,0,0,0,0,"assert((aborted==(begun-finished)))",0,0,0);
	T = trans[0][18] = settr(17,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(17,0,14,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(17,0,17,0,0,"IF", 0, 2, 0);
	trans[0][14]	= settr(13,0,15,82,0,"((kills<0))", 1, 2, 0);
	trans[0][15]	= settr(14,0,238,83,83,"kills = (kills+1)", 1, 2, 0);
	trans[0][16]	= settr(15,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][19]	= settr(18,0,30,1,0,".(goto)", 0, 2, 0);
	trans[0][17]	= settr(16,0,30,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][30] = settr(29,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(29,0,23,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][23] = settr(22,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(22,2,20,0,0,"ATOMIC", 1, 2, 0);
	trans[0][20]	= settr(19,4,28,84,84,"sender_asleep = 0", 1, 2, 0); /* m: 21 -> 0,28 */
	reached0[21] = 1;
	trans[0][21]	= settr(0,0,0,0,0,"freed_owed = 0",0,0,0);
	trans[0][22]	= settr(0,0,0,0,0,"freed_forgotten = 0",0,0,0);
	T = trans[0][28] = settr(27,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(27,0,24,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(27,0,27,0,0,"IF", 0, 2, 0);
	trans[0][24]	= settr(23,0,25,85,0,"((kills<0))", 1, 2, 0);
	trans[0][25]	= settr(24,0,238,86,86,"kills = (kills+1)", 1, 2, 0);
	trans[0][26]	= settr(25,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][29]	= settr(28,0,217,1,0,".(goto)", 0, 2, 0);
	trans[0][27]	= settr(26,0,217,1,0,"(1)", 0, 2, 0);
	trans[0][218]	= settr(217,0,217,1,0,".(goto)", 0, 2, 0);
	T = trans[0][217] = settr(216,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(216,0,31,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(216,0,33,0,0,"DO", 0, 2, 0);
	trans[0][31]	= settr(30,0,239,87,0,"((written==4))", 1, 2, 0);
	trans[0][32]	= settr(31,0,239,1,0,"goto :b0", 0, 2, 0);
	trans[0][33]	= settr(32,0,44,88,0,"((written<4))", 1, 2, 0);
	T = trans[ 0][44] = settr(43,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(43,2,34,0,0,"ATOMIC", 1, 2, 0);
	trans[0][34]	= settr(33,2,37,89,89,"written = (written+1)", 1, 2, 0);
	T = trans[0][37] = settr(36,2,0,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(36,2,35,0,0,"IF", 1, 2, 0);
	trans[0][35]	= settr(34,2,41,90,90,"(!(in_parts))", 1, 2, 0); /* m: 36 -> 41,0 */
	reached0[36] = 1;
	trans[0][36]	= settr(0,0,0,0,0,"kind = 1",0,0,0);
	trans[0][38]	= settr(37,2,41,1,0,".(goto)", 1, 2, 0);
	T = trans[0][41] = settr(40,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(40,2,39,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(40,2,40,0,0,"IF", 1, 2, 0);
	trans[0][39]	= settr(38,4,55,91,91,"length = 1", 1, 2, 0); /* m: 42 -> 0,55 */
	reached0[42] = 1;
	trans[0][42]	= settr(41,4,55,92,92,".(goto)", 1, 2, 0); /* m: 43 -> 0,55 */
	reached0[43] = 1;
	trans[0][40]	= settr(39,4,55,93,93,"length = 2", 1, 2, 0); /* m: 42 -> 0,55 */
	reached0[42] = 1;
	trans[0][43]	= settr(0,0,0,0,0,"padding = ( ((((position%4)+length)>4)) -> ((4-(position%4))) : (0) )",0,0,0);
	T = trans[ 0][55] = settr(54,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(54,2,48,0,0,"ATOMIC", 1, 2, 0);
	T = trans[0][48] = settr(47,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(47,2,45,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(47,2,47,0,0,"IF", 1, 2, 0);
	trans[0][45]	= settr(44,2,53,94,94,"(!(((position+(length+padding))<=(known+4))))", 1, 2, 0); /* m: 46 -> 53,0 */
	reached0[46] = 1;
	trans[0][46]	= settr(0,0,0,0,0,"known = head",0,0,0);
	trans[0][49]	= settr(48,2,53,1,0,".(goto)", 1, 2, 0);
	trans[0][47]	= settr(46,2,53,2,0,"else", 1, 2, 0);
	T = trans[0][53] = settr(52,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(52,2,50,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(52,2,52,0,0,"IF", 1, 2, 0);
	trans[0][50]	= settr(49,4,104,95,95,"(((position+(length+padding))<=(known+4)))", 1, 2, 0); /* m: 51 -> 104,0 */
	reached0[51] = 1;
	trans[0][51]	= settr(50,0,104,1,0,"goto has_room", 1, 2, 0);
	trans[0][54]	= settr(53,0,64,1,0,".(goto)", 1, 2, 0);
	trans[0][52]	= settr(51,2,54,2,0,"else", 1, 2, 0);
	T = trans[ 0][64] = settr(63,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(63,0,57,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][57] = settr(56,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(56,2,56,0,0,"ATOMIC", 1, 2, 0);
	trans[0][56]	= settr(55,0,62,96,96,"sender_asleep = 1", 1, 2, 0);
	T = trans[0][62] = settr(61,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(61,0,58,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(61,0,61,0,0,"IF", 0, 2, 0);
	trans[0][58]	= settr(57,0,59,97,0,"((kills<0))", 1, 2, 0);
	trans[0][59]	= settr(58,0,238,98,98,"kills = (kills+1)", 1, 2, 0);
	trans[0][60]	= settr(59,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][63]	= settr(62,0,66,1,0,".(goto)", 0, 2, 0);
	trans[0][61]	= settr(60,0,66,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][66] = settr(65,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(65,2,65,0,0,"ATOMIC", 1, 2, 0);
	trans[0][65]	= settr(64,0,83,99,99,"known = head", 1, 2, 0);
	T = trans[0][83] = settr(82,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(82,0,67,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(82,0,82,0,0,"IF", 0, 2, 0);
	trans[0][67]	= settr(66,0,68,100,0,"(!(((position+(length+padding))<=(known+4))))", 0, 2, 0);
	trans[0][68]	= settr(67,0,75,101,101,"sender_sleeps = 1", 1, 2, 0);
	T = trans[ 0][75] = settr(74,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(74,2,72,0,0,"ATOMIC", 1, 2, 0);
	T = trans[0][72] = settr(71,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(71,2,69,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(71,2,71,0,0,"IF", 1, 2, 0);
	trans[0][69]	= settr(68,4,80,102,102,"(freed)", 1, 2, 0); /* m: 70 -> 80,0 */
	reached0[70] = 1;
	trans[0][70]	= settr(0,0,0,0,0,"freed = 0",0,0,0);
	trans[0][73]	= settr(72,4,80,103,103,".(goto)", 1, 2, 0); /* m: 74 -> 0,80 */
	reached0[74] = 1;
	trans[0][71]	= settr(70,4,80,104,104,"(freed_forgotten)", 1, 2, 0); /* m: 73 -> 80,0 */
	reached0[73] = 1;
	trans[0][74]	= settr(0,0,0,0,0,"sender_sleeps = 0",0,0,0);
	T = trans[0][80] = settr(79,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(79,0,76,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(79,0,79,0,0,"IF", 0, 2, 0);
	trans[0][76]	= settr(75,0,77,105,0,"((kills<0))", 1, 2, 0);
	trans[0][77]	= settr(76,0,238,106,106,"kills = (kills+1)", 1, 2, 0);
	trans[0][78]	= settr(77,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][81]	= settr(80,0,95,1,0,".(goto)", 0, 2, 0);
	trans[0][79]	= settr(78,0,95,1,0,"(1)", 0, 2, 0);
	trans[0][84]	= settr(83,0,95,1,0,".(goto)", 0, 2, 0);
	trans[0][82]	= settr(81,0,95,2,0,"else", 0, 2, 0);
	T = trans[ 0][95] = settr(94,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(94,0,88,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][88] = settr(87,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(87,2,85,0,0,"ATOMIC", 1, 2, 0);
	trans[0][85]	= settr(84,4,93,107,107,"sender_asleep = 0", 1, 2, 0); /* m: 86 -> 0,93 */
	reached0[86] = 1;
	trans[0][86]	= settr(0,0,0,0,0,"freed_owed = 0",0,0,0);
	trans[0][87]	= settr(0,0,0,0,0,"freed_forgotten = 0",0,0,0);
	T = trans[0][93] = settr(92,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(92,0,89,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(92,0,92,0,0,"IF", 0, 2, 0);
	trans[0][89]	= settr(88,0,90,108,0,"((kills<0))", 1, 2, 0);
	trans[0][90]	= settr(89,0,238,109,109,"kills = (kills+1)", 1, 2, 0);
	trans[0][91]	= settr(90,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][94]	= settr(93,0,55,1,0,".(goto)", 0, 2, 0);
	trans[0][92]	= settr(91,0,55,1,0,"(1)", 0, 2, 0);
	trans[0][96]	= settr(95,0,55,1,0,"goto claim", 0, 2, 0);
	T = trans[ 0][104] = settr(103,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(103,2,97,0,0,"ATOMIC", 1, 2, 0);
	trans[0][97]	= settr(96,2,102,110,110,"unfinished = ( (((kind==1)||(kind==4))) -> (1) : (2) )", 1, 2, 0); /* m: 98 -> 0,102 */
	reached0[98] = 1;
	trans[0][98]	= settr(0,0,0,0,0,"unfinished_at = position",0,0,0);
	T = trans[0][102] = settr(101,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(101,2,99,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(101,2,101,0,0,"IF", 1, 2, 0);
	trans[0][99]	= settr(98,4,109,111,111,"(((kind==1)||(kind==2)))", 1, 2, 0); /* m: 100 -> 109,0 */
	reached0[100] = 1;
	trans[0][100]	= settr(0,0,0,0,0,"begun = (begun+1)",0,0,0);
	trans[0][103]	= settr(102,0,109,112,112,".(goto)", 1, 2, 0);
	trans[0][101]	= settr(100,2,103,2,0,"else", 1, 2, 0);
	T = trans[0][109] = settr(108,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(108,0,105,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(108,0,108,0,0,"IF", 0, 2, 0);
	trans[0][105]	= settr(104,0,106,113,0,"((kills<0))", 1, 2, 0);
	trans[0][106]	= settr(105,0,238,114,114,"kills = (kills+1)", 1, 2, 0);
	trans[0][107]	= settr(106,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][110]	= settr(109,0,161,1,0,".(goto)", 0, 2, 0);
	trans[0][108]	= settr(107,0,161,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][161] = settr(160,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(160,0,124,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][124] = settr(123,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(123,0,111,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(123,0,123,0,0,"IF", 0, 2, 0);
	trans[0][111]	= settr(110,0,122,115,0,"((padding>0))", 0, 2, 0);
	T = trans[ 0][122] = settr(121,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(121,0,115,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][115] = settr(114,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(114,2,112,0,0,"ATOMIC", 1, 2, 0);
	trans[0][112]	= settr(111,4,120,116,116,"assert((position<(head+4)))", 1, 2, 0); /* m: 113 -> 0,120 */
	reached0[113] = 1;
	trans[0][113]	= settr(0,0,0,0,0,"kinds[(position%4)] = 5",0,0,0);
	trans[0][114]	= settr(0,0,0,0,0,"lengths[(position%4)] = padding",0,0,0);
	T = trans[0][120] = settr(119,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(119,0,116,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(119,0,119,0,0,"IF", 0, 2, 0);
	trans[0][116]	= settr(115,0,117,117,0,"((kills<0))", 1, 2, 0);
	trans[0][117]	= settr(116,0,238,118,118,"kills = (kills+1)", 1, 2, 0);
	trans[0][118]	= settr(117,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][121]	= settr(120,0,136,1,0,".(goto)", 0, 2, 0);
	trans[0][119]	= settr(118,0,136,1,0,"(1)", 0, 2, 0);
	trans[0][125]	= settr(124,0,136,1,0,".(goto)", 0, 2, 0);
	trans[0][123]	= settr(122,0,136,2,0,"else", 0, 2, 0);
	T = trans[ 0][136] = settr(135,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(135,0,129,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][129] = settr(128,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(128,2,126,0,0,"ATOMIC", 1, 2, 0);
	trans[0][126]	= settr(125,4,134,119,119,"assert(((position+padding)<(head+4)))", 1, 2, 0); /* m: 127 -> 0,134 */
	reached0[127] = 1;
	trans[0][127]	= settr(0,0,0,0,0,"kinds[((position+padding)%4)] = kind",0,0,0);
	trans[0][128]	= settr(0,0,0,0,0,"lengths[((position+padding)%4)] = length",0,0,0);
	T = trans[0][134] = settr(133,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(133,0,130,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(133,0,133,0,0,"IF", 0, 2, 0);
	trans[0][130]	= settr(129,0,131,120,0,"((kills<0))", 1, 2, 0);
	trans[0][131]	= settr(130,0,238,121,121,"kills = (kills+1)", 1, 2, 0);
	trans[0][132]	= settr(131,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][135]	= settr(134,0,146,1,0,".(goto)", 0, 2, 0);
	trans[0][133]	= settr(132,0,146,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][146] = settr(145,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(145,0,139,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][139] = settr(138,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(138,2,137,0,0,"ATOMIC", 1, 2, 0);
	trans[0][137]	= settr(136,4,144,122,122,"assert(((position+padding)<(head+4)))", 1, 2, 0); /* m: 138 -> 0,144 */
	reached0[138] = 1;
	trans[0][138]	= settr(0,0,0,0,0,"bytes[((position+padding)%4)] = written",0,0,0);
	T = trans[0][144] = settr(143,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(143,0,140,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(143,0,143,0,0,"IF", 0, 2, 0);
	trans[0][140]	= settr(139,0,141,123,0,"((kills<0))", 1, 2, 0);
	trans[0][141]	= settr(140,0,238,124,124,"kills = (kills+1)", 1, 2, 0);
	trans[0][142]	= settr(141,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][145]	= settr(144,0,159,1,0,".(goto)", 0, 2, 0);
	trans[0][143]	= settr(142,0,159,1,0,"(1)", 0, 2, 0);
	T = trans[0][159] = settr(158,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(158,0,147,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(158,0,158,0,0,"IF", 0, 2, 0);
	trans[0][147]	= settr(146,0,157,125,0,"((length==2))", 0, 2, 0);
	T = trans[ 0][157] = settr(156,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(156,0,150,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][150] = settr(149,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(149,2,148,0,0,"ATOMIC", 1, 2, 0);
	trans[0][148]	= settr(147,4,155,126,126,"assert((((position+padding)+1)<(head+4)))", 1, 2, 0); /* m: 149 -> 0,155 */
	reached0[149] = 1;
	trans[0][149]	= settr(0,0,0,0,0,"bytes[(((position+padding)+1)%4)] = written",0,0,0);
	T = trans[0][155] = settr(154,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(154,0,151,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(154,0,154,0,0,"IF", 0, 2, 0);
	trans[0][151]	= settr(150,0,152,127,0,"((kills<0))", 1, 2, 0);
	trans[0][152]	= settr(151,0,238,128,128,"kills = (kills+1)", 1, 2, 0);
	trans[0][153]	= settr(152,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][156]	= settr(155,0,182,1,0,".(goto)", 0, 2, 0);
	trans[0][154]	= settr(153,0,182,1,0,"(1)", 0, 2, 0);
	trans[0][160]	= settr(159,0,182,1,0,".(goto)", 0, 2, 0);
	trans[0][158]	= settr(157,0,182,2,0,"else", 0, 2, 0);
	T = trans[ 0][182] = settr(181,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(181,0,175,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][175] = settr(174,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(174,2,162,0,0,"ATOMIC", 1, 2, 0);
	trans[0][162]	= settr(161,2,171,129,129,"tail = (position+(length+padding))", 1, 2, 0); /* m: 163 -> 0,171 */
	reached0[163] = 1;
	trans[0][163]	= settr(0,0,0,0,0,"assert(((head<=tail)&&(tail<=(head+4))))",0,0,0);
	trans[0][164]	= settr(0,0,0,0,0,"number[published] = written",0,0,0);
	trans[0][165]	= settr(0,0,0,0,0,"kind_of[published] = kind",0,0,0);
	trans[0][166]	= settr(0,0,0,0,0,"message_of[published] = begun",0,0,0);
	trans[0][167]	= settr(0,0,0,0,0,"published = (published+1)",0,0,0);
	T = trans[0][171] = settr(170,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(170,2,168,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(170,2,170,0,0,"IF", 1, 2, 0);
	trans[0][168]	= settr(167,4,180,130,130,"(((kind==1)||(kind==4)))", 1, 2, 0); /* m: 169 -> 180,0 */
	reached0[169] = 1;
	trans[0][169]	= settr(0,0,0,0,0,"finished = (finished+1)",0,0,0);
	trans[0][172]	= settr(171,2,173,1,0,".(goto)", 1, 2, 0); /* m: 173 -> 0,180 */
	reached0[173] = 1;
	trans[0][170]	= settr(169,2,173,2,0,"else", 1, 2, 0);
	trans[0][173]	= settr(172,4,180,131,131,"in_parts = ((kind==2)||(kind==3))", 1, 2, 0); /* m: 174 -> 0,180 */
	reached0[174] = 1;
	trans[0][174]	= settr(0,0,0,0,0,"sent_owed = 1",0,0,0);
	T = trans[0][180] = settr(179,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(179,0,176,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(179,0,179,0,0,"IF", 0, 2, 0);
	trans[0][176]	= settr(175,0,177,132,0,"((kills<0))", 1, 2, 0);
	trans[0][177]	= settr(176,0,238,133,133,"kills = (kills+1)", 1, 2, 0);
	trans[0][178]	= settr(177,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][181]	= settr(180,0,187,1,0,".(goto)", 0, 2, 0);
	trans[0][179]	= settr(178,0,187,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][187] = settr(186,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(186,2,183,0,0,"ATOMIC", 0, 2, 0);
	trans[0][183]	= settr(182,4,188,134,134,"position = (position+(length+padding))", 0, 2, 0); /* m: 184 -> 0,188 */
	reached0[184] = 1;
	trans[0][184]	= settr(0,0,0,0,0,"kind = 0",0,0,0);
	trans[0][185]	= settr(0,0,0,0,0,"length = 0",0,0,0);
	trans[0][186]	= settr(0,0,0,0,0,"padding = 0",0,0,0);
	trans[0][188]	= settr(187,0,205,135,135,"is_asleep = receiver_asleep", 1, 2, 0);
	T = trans[0][205] = settr(204,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(204,0,189,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(204,0,204,0,0,"IF", 0, 2, 0);
	trans[0][189]	= settr(188,0,192,136,0,"(is_asleep)", 0, 2, 0);
	T = trans[ 0][192] = settr(191,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(191,2,190,0,0,"ATOMIC", 1, 2, 0);
	trans[0][190]	= settr(189,4,197,137,137,"is_asleep = receiver_asleep", 1, 2, 0); /* m: 191 -> 0,197 */
	reached0[191] = 1;
	trans[0][191]	= settr(0,0,0,0,0,"receiver_asleep = 0",0,0,0);
	T = trans[0][197] = settr(196,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(196,0,193,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(196,0,196,0,0,"IF", 0, 2, 0);
	trans[0][193]	= settr(192,0,194,138,0,"((kills<0))", 1, 2, 0);
	trans[0][194]	= settr(193,0,238,139,139,"kills = (kills+1)", 1, 2, 0);
	trans[0][195]	= settr(194,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][198]	= settr(197,0,202,1,0,".(goto)", 0, 2, 0);
	trans[0][196]	= settr(195,0,202,1,0,"(1)", 0, 2, 0);
	T = trans[0][202] = settr(201,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(201,0,199,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(201,0,201,0,0,"IF", 0, 2, 0);
	trans[0][199]	= settr(198,0,200,140,0,"(is_asleep)", 0, 2, 0);
	trans[0][200]	= settr(199,0,209,141,141,"sent = 1", 1, 2, 0);
	trans[0][203]	= settr(202,0,209,1,0,".(goto)", 0, 2, 0);
	trans[0][201]	= settr(200,0,209,2,0,"else", 0, 2, 0);
	trans[0][206]	= settr(205,0,209,1,0,".(goto)", 0, 2, 0);
	trans[0][204]	= settr(203,0,209,2,0,"else", 0, 2, 0);
	T = trans[ 0][209] = settr(208,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(208,2,207,0,0,"ATOMIC", 1, 2, 0);
	trans[0][207]	= settr(206,4,214,142,142,"sent_owed = 0", 1, 2, 0); /* m: 208 -> 0,214 */
	reached0[208] = 1;
	trans[0][208]	= settr(0,0,0,0,0,"is_asleep = 0",0,0,0);
	T = trans[0][214] = settr(213,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(213,0,210,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(213,0,213,0,0,"IF", 0, 2, 0);
	trans[0][210]	= settr(209,0,211,143,0,"((kills<0))", 1, 2, 0);
	trans[0][211]	= settr(210,0,238,144,144,"kills = (kills+1)", 1, 2, 0);
	trans[0][212]	= settr(211,0,238,1,0,"goto killed", 0, 2, 0);
	trans[0][215]	= settr(214,0,216,1,0,".(goto)", 0, 2, 0);
	trans[0][213]	= settr(212,0,216,1,0,"(1)", 0, 2, 0);
	trans[0][216]	= settr(215,0,217,1,0,"(1)", 0, 2, 0);
	trans[0][219]	= settr(218,0,239,1,0,"break", 0, 2, 0);
	trans[0][220]	= settr(219,0,239,1,0,"goto gone", 0, 2, 0);
	T = trans[ 0][238] = settr(237,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(237,2,221,0,0,"ATOMIC", 1, 2, 0);
	trans[0][221]	= settr(220,2,232,145,145,"position = 0", 1, 2, 0); /* m: 222 -> 0,232 */
	reached0[222] = 1;
	trans[0][222]	= settr(0,0,0,0,0,"known = 0",0,0,0);
	trans[0][223]	= settr(0,0,0,0,0,"kind = 0",0,0,0);
	trans[0][224]	= settr(0,0,0,0,0,"length = 0",0,0,0);
	trans[0][225]	= settr(0,0,0,0,0,"padding = 0",0,0,0);
	trans[0][226]	= settr(0,0,0,0,0,"in_parts = 0",0,0,0);
	trans[0][227]	= settr(0,0,0,0,0,"is_asleep = 0",0,0,0);
	T = trans[0][232] = settr(231,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(231,2,228,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(231,2,231,0,0,"IF", 1, 2, 0);
	trans[0][228]	= settr(227,2,236,146,146,"(sent_owed)", 1, 2, 0); /* m: 229 -> 236,0 */
	reached0[229] = 1;
	trans[0][229]	= settr(0,0,0,0,0,"sent_owed = 0",0,0,0);
	trans[0][230]	= settr(0,0,0,0,0,"sent_forgotten = 1",0,0,0);
	trans[0][233]	= settr(232,2,236,1,0,".(goto)", 1, 2, 0);
	trans[0][231]	= settr(230,2,236,2,0,"else", 1, 2, 0);
	T = trans[0][236] = settr(235,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(235,2,234,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(235,2,235,0,0,"IF", 1, 2, 0);
	trans[0][234]	= settr(233,0,4,1,0,"goto take_the_lane", 1, 2, 0);
	trans[0][237]	= settr(236,0,239,1,0,".(goto)", 1, 2, 0);
	trans[0][235]	= settr(234,0,239,1,0,"goto gone", 1, 2, 0);
	trans[0][239]	= settr(238,0,240,147,147,"sender_gone = 1", 1, 2, 0);
	trans[0][240]	= settr(239,0,0,148,148,"-end-", 0, 3500, 0);
	/* np_ demon: */
	trans[_NP_] = (Trans **) emalloc(3*sizeof(Trans *));
	T = trans[_NP_][0] = settr(9997,0,1,_T5,0,"(np_)", 1,2,0);
	    T->nxt	  = settr(9998,0,0,_T2,0,"(1)",   0,2,0);
	T = trans[_NP_][1] = settr(9999,0,1,_T5,0,"(np_)", 1,2,0);
}

Trans *
settr(	int t_id, int a, int b, int c, int d,
	char *t, int g, int tpe0, int tpe1)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	tmp->atom  = a&(6|32);	/* only (2|8|32) have meaning */
	if (!g) tmp->atom |= 8;	/* no global references */
	tmp->st    = b;
	tmp->tpe[0] = tpe0;
	tmp->tpe[1] = tpe1;
	tmp->tp    = t;
	tmp->t_id  = t_id;
	tmp->forw  = c;
	tmp->back  = d;
	return tmp;
}

Trans *
cpytr(Trans *a)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	int i;
	tmp->atom  = a->atom;
	tmp->st    = a->st;
#ifdef HAS_UNLESS
	tmp->e_trans = a->e_trans;
	for (i = 0; i < HAS_UNLESS; i++)
		tmp->escp[i] = a->escp[i];
#endif
	tmp->tpe[0] = a->tpe[0];
	tmp->tpe[1] = a->tpe[1];
	for (i = 0; i < 6; i++)
	{	tmp->qu[i] = a->qu[i];
		tmp->ty[i] = a->ty[i];
	}
	tmp->tp    = (char *) emalloc(strlen(a->tp)+1);
	strcpy(tmp->tp, a->tp);
	tmp->t_id  = a->t_id;
	tmp->forw  = a->forw;
	tmp->back  = a->back;
	return tmp;
}

#ifndef NOREDUCE
int
srinc_set(int n)
{	if (n <= 2) return LOCAL;
	if (n <= 2+  DELTA) return Q_FULL_F; /* 's' or nfull  */
	if (n <= 2+2*DELTA) return Q_EMPT_F; /* 'r' or nempty */
	if (n <= 2+3*DELTA) return Q_EMPT_T; /* empty */
	if (n <= 2+4*DELTA) return Q_FULL_T; /* full  */
	if (n ==   5*DELTA) return GLOBAL;
	if (n ==   6*DELTA) return TIMEOUT_F;
	if (n ==   7*DELTA) return ALPHA_F;
	Uerror("cannot happen srinc_class");
	return BAD;
}
int
srunc(int n, int m)
{	switch(m) {
	case Q_FULL_F: return n-2;
	case Q_EMPT_F: return n-2-DELTA;
	case Q_EMPT_T: return n-2-2*DELTA;
	case Q_FULL_T: return n-2-3*DELTA;
	case ALPHA_F:
	case TIMEOUT_F: return 257; /* non-zero, and > MAXQ */
	}
	Uerror("cannot happen srunc");
	return 0;
}
#endif
int cnt;
#ifdef HAS_UNLESS
int
isthere(Trans *a, int b)
{	Trans *t;
	for (t = a; t; t = t->nxt)
		if (t->t_id == b)
			return 1;
	return 0;
}
#endif
#ifndef NOREDUCE
int
mark_safety(Trans *t) /* for conditional safety */
{	int g = 0, i, j, k;

	if (!t) return 0;
	if (t->qu[0])
		return (t->qu[1])?2:1;	/* marked */

	for (i = 0; i < 2; i++)
	{	j = srinc_set(t->tpe[i]);
		if (j >= GLOBAL && j != ALPHA_F)
			return -1;
		if (j != LOCAL)
		{	k = srunc(t->tpe[i], j);
			if (g == 0
			||  t->qu[0] != k
			||  t->ty[0] != j)
			{	t->qu[g] = k;
				t->ty[g] = j;
				g++;
	}	}	}
	return g;
}
#endif
void
retrans(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
	/* process n, with m states, is=initial state */
{	Trans *T0, *T1, *T2, *T3;
	Trans *T4, *T5; /* t_reverse or has_unless */
	int i;
#if defined(HAS_UNLESS) || !defined(NOREDUCE)
	int k;
#endif
#ifndef NOREDUCE
	int g, h, j, aa;
#endif
#ifdef HAS_UNLESS
	int p;
#endif
	if (state_tables >= 4)
	{	printf("STEP 1 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	do {
		for (i = 1, cnt = 0; i < m; i++)
		{	T2 = trans[n][i];
			T1 = T2?T2->nxt:(Trans *)0;
/* prescan: */		for (T0 = T1; T0; T0 = T0->nxt)
/* choice in choice */	{	if (T0->st && trans[n][T0->st]
				&&  trans[n][T0->st]->nxt)
					break;
			}
#if 0
		if (T0)
		printf("\tstate %d / %d: choice in choice\n",
		i, T0->st);
#endif
			if (T0)
			for (T0 = T1; T0; T0 = T0->nxt)
			{	T3 = trans[n][T0->st];
				if (!T3->nxt)
				{	T2->nxt = cpytr(T0);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
					continue;
				}
				do {	T3 = T3->nxt;
					T2->nxt = cpytr(T3);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
				} while (T3->nxt);
				cnt++;
			}
		}
	} while (cnt);
	if (state_tables >= 3)
	{	printf("STEP 2 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	for (i = 1; i < m; i++)
	{	if (trans[n][i] && trans[n][i]->nxt) /* optimize */
		{	T1 = trans[n][i]->nxt;
#if 0
			printf("\t\tpull %d (%d) to %d\n",
			T1->st, T1->forw, i);
#endif
			srcln[i] = srcln[T1->st];	/* Oyvind Teig, 5.2.0 */

			if (!trans[n][T1->st]) continue;
			T0 = cpytr(trans[n][T1->st]);
			trans[n][i] = T0;
			reach[T1->st] = 1;
			imed(T0, T1->st, n, i);
			for (T1 = T1->nxt; T1; T1 = T1->nxt)
			{
#if 0
			printf("\t\tpull %d (%d) to %d\n",
				T1->st, T1->forw, i);
#endif
		/*		srcln[i] = srcln[T1->st];  gh: not useful */
				if (!trans[n][T1->st]) continue;
				T0->nxt = cpytr(trans[n][T1->st]);
				T0 = T0->nxt;
				reach[T1->st] = 1;
				imed(T0, T1->st, n, i);
	}	}	}
	if (state_tables >= 2)
	{	printf("STEP 3 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
#ifdef HAS_UNLESS
	for (i = 1; i < m; i++)
	{	if (!trans[n][i]) continue;
		/* check for each state i if an
		 * escape to some state p is defined
		 * if so, copy and mark p's transitions
		 * and prepend them to the transition-
		 * list of state i
		 */
	 if (!like_java) /* the default */
	 {	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->e_trans = p;
				T2->nxt = trans[n][i];
				trans[n][i] = T2;
		}	}
	 } else /* outermost unless checked first */
	 {	T4 = T3 = (Trans *) 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->nxt = (Trans *) 0;
				T2->e_trans = p;
				if (T3)	T3->nxt = T2;
				else	T4 = T2;
				T3 = T2;
		}	}
		if (T4)
		{	T3->nxt = trans[n][i];
			trans[n][i] = T4;
		}
	 }
	}
#endif
#ifndef NOREDUCE
	for (i = 1; i < m; i++)
	{	if (a_cycles)
		{ /* moves through these states are visible */
	#if PROG_LAB>0 && defined(HAS_NP)
			if (progstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (progstate[n][T1->st])
					goto degrade;
	#endif
			if (accpstate[n][i] || visstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (accpstate[n][T1->st])
					goto degrade;
		}
		T1 = trans[n][i];
		if (!T1) continue;
		g = mark_safety(T1);	/* V3.3.1 */
		if (g < 0) goto degrade; /* global */
		/* check if mixing of guards preserves reduction */
		if (T1->nxt)
		{	k = 0;
			for (T0 = T1; T0; T0 = T0->nxt)
			{	if (!(T0->atom&8))
					goto degrade;
				for (aa = 0; aa < 2; aa++)
				{	j = srinc_set(T0->tpe[aa]);
					if (j >= GLOBAL && j != ALPHA_F)
						goto degrade;
					if (T0->tpe[aa]
					&&  T0->tpe[aa]
					!=  T1->tpe[0])
						k = 1;
			}	}
			/* g = 0;	V3.3.1 */
			if (k)	/* non-uniform selection */
			for (T0 = T1; T0; T0 = T0->nxt)
			for (aa = 0; aa < 2; aa++)
			{	j = srinc_set(T0->tpe[aa]);
				if (j != LOCAL)
				{	k = srunc(T0->tpe[aa], j);
					for (h = 0; h < 6; h++)
						if (T1->qu[h] == k
						&&  T1->ty[h] == j)
							break;
					if (h >= 6)
					{	T1->qu[g%6] = k;
						T1->ty[g%6] = j;
						g++;
			}	}	}
			if (g > 6)
			{	T1->qu[0] = 0;	/* turn it off */
				printf("pan: warning, line %d, ",
					srcln[i]);
			 	printf("too many stmnt types (%d)",
					g);
			  	printf(" in selection\n");
			  goto degrade;
			}
		}
		/* mark all options global if >=1 is global */
		for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			if (!(T1->atom&8)) break;
		if (T1)
degrade:	for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			T1->atom &= ~8;	/* mark as unsafe */
		/* can only mix 'r's or 's's if on same chan */
		/* and not mixed with other local operations */
		T1 = trans[n][i];
		if (!T1 || T1->qu[0]) continue;
		j = T1->tpe[0];
		if (T1->nxt && T1->atom&8)
		{ if (j == 5*DELTA)
		  {	printf("warning: line %d ", srcln[i]);
			printf("mixed condition ");
			printf("(defeats reduction)\n");
			goto degrade;
		  }
		  for (T0 = T1; T0; T0 = T0->nxt)
		  for (aa = 0; aa < 2; aa++)
		  if  (T0->tpe[aa] && T0->tpe[aa] != j)
		  {	printf("warning: line %d ", srcln[i]);
			printf("[%d-%d] mixed %stion ",
				T0->tpe[aa], j, 
				(j==5*DELTA)?"condi":"selec");
			printf("(defeats reduction)\n");
			printf("	'%s' <-> '%s'\n",
				T1->tp, T0->tp);
			goto degrade;
		} }
	}
#endif
	for (i = 1; i < m; i++)
	{	T2 = trans[n][i];
		if (!T2
		||  T2->nxt
		||  strncmp(T2->tp, ".(goto)", 7)
		||  !stopstate[n][i])
			continue;
		stopstate[n][T2->st] = 1;
	}
	if (state_tables && !verbose)
	{	if (dodot)
		{	char buf[256], *q = buf, *p = procname[n];
			while (*p != '\0')
			{	if (*p != ':')
				{	*q++ = *p;
				}
				p++;
			}
			*q = '\0';
			printf("digraph ");
			switch (Btypes[n]) {
			case I_PROC:  printf("init {\n"); break;
			case N_CLAIM: printf("claim_%s {\n", buf); break;
			case E_TRACE: printf("notrace {\n"); break;
			case N_TRACE: printf("trace {\n"); break;
			default:      printf("p_%s {\n", buf); break;
			}
			printf("size=\"8,10\";\n");
			printf("  GT [shape=box,style=dotted,label=\"%s\"];\n", buf);
			printf("  GT -> S%d;\n", is);
		} else
		{	switch (Btypes[n]) {
			case I_PROC:  printf("init\n"); break;
			case N_CLAIM: printf("claim %s\n", procname[n]); break;
			case E_TRACE: printf("notrace assertion\n"); break;
			case N_TRACE: printf("trace assertion\n"); break;
			default:      printf("proctype %s\n", procname[n]); break;
		}	}
		for (i = 1; i < m; i++)
		{	reach[i] = 1;
		}
		tagtable(n, m, is, srcln, reach);
		if (dodot) printf("}\n");
	} else
	for (i = 1; i < m; i++)
	{	int nrelse;
		if (Btypes[n] != N_CLAIM)
		{	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			{	if (T0->st == i
				&& strcmp(T0->tp, "(1)") == 0)
				{	printf("error: proctype '%s' ",
						procname[n]);
		  			printf("line %d, state %d: has un",
						srcln[i], i);
					printf("conditional self-loop\n");
					pan_exit(1);
		}	}	}
		nrelse = 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		{	if (strcmp(T0->tp, "else") == 0)
				nrelse++;
		}
		if (nrelse > 1)
		{	printf("error: proctype '%s' state",
				procname[n]);
		  	printf(" %d, inherits %d", i, nrelse);
		  	printf(" 'else' stmnts\n");
			pan_exit(1);
	}	}
#if !defined(LOOPSTATE) && !defined(BFS_PAR)
	if (state_tables)
#endif
	do_dfs(n, m, is, srcln, reach, lpstate);

	if (!t_reverse)
	{	return;
	}
	/* process n, with m states, is=initial state -- reverse list */
	if (!state_tables && Btypes[n] != N_CLAIM)
	{	for (i = 1; i < m; i++)
		{	Trans *Tx = (Trans *) 0; /* list of escapes */
			Trans *Ty = (Trans *) 0; /* its tail element */
			T1 = (Trans *) 0; /* reversed list */
			T2 = (Trans *) 0; /* its tail */
			T3 = (Trans *) 0; /* remembers possible 'else' */

			/* find unless-escapes, they should go first */
			T4 = T5 = T0 = trans[n][i];
	#ifdef HAS_UNLESS
			while (T4 && T4->e_trans) /* escapes are first in orig list */
			{	T5 = T4;	  /* remember predecessor */
				T4 = T4->nxt;
			}
	#endif
			/* T4 points to first non-escape, T5 to its parent, T0 to original list */
			if (T4 != T0)		 /* there was at least one escape */
			{	T3 = T5->nxt;		 /* start of non-escapes */
				T5->nxt = (Trans *) 0;	 /* separate */
				Tx = T0;		 /* start of the escapes */
				Ty = T5;		 /* its tail */
				T0 = T3;		 /* the rest, to be reversed */
			}
			/* T0 points to first non-escape, Tx to the list of escapes, Ty to its tail */

			/* first tail-add non-escape transitions, reversed */
			T3 = (Trans *) 0;
			for (T5 = T0; T5; T5 = T4)
			{	T4 = T5->nxt;
	#ifdef HAS_UNLESS
				if (T5->e_trans)
				{	printf("error: cannot happen!\n");
					continue;
				}
	#endif
				if (strcmp(T5->tp, "else") == 0)
				{	T3 = T5;
					T5->nxt = (Trans *) 0;
				} else
				{	T5->nxt = T1;
					if (!T1) { T2 = T5; }
					T1 = T5;
			}	}
			/* T3 points to a possible else, which is removed from the list */
			/* T1 points to the reversed list so far (without escapes) */
			/* T2 points to the tail element -- where the else should go */
			if (T2 && T3)
			{	T2->nxt = T3;	/* add else */
			} else
			{	if (T3) /* there was an else, but there's no tail */
				{	if (!T1)	/* and no reversed list */
					{	T1 = T3; /* odd, but possible */
					} else		/* even stranger */
					{	T1->nxt = T3;
			}	}	}

			/* add in the escapes, to that they appear at the front */
			if (Tx && Ty) { Ty->nxt = T1; T1 = Tx; }

			trans[n][i] = T1;
			/* reversed, with escapes first and else last */
	}	}
	if (state_tables && verbose)
	{	printf("FINAL proctype %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
	}
}
void
imed(Trans *T, int v, int n, int j)	/* set intermediate state */
{	progstate[n][T->st] |= progstate[n][v];
	accpstate[n][T->st] |= accpstate[n][v];
	stopstate[n][T->st] |= stopstate[n][v];
	mapstate[n][j] = T->st;
}
void
tagtable(int n, int m, int is, short srcln[], uchar reach[])
{	Trans *z;

	if (is >= m || !trans[n][is]
	||  is <= 0 || reach[is] == 0)
		return;
	reach[is] = 0;
	if (state_tables)
	for (z = trans[n][is]; z; z = z->nxt)
	{	if (dodot)
			dot_crack(n, is, z);
		else
			crack(n, is, z, srcln);
	}

	for (z = trans[n][is]; z; z = z->nxt)
	{
#ifdef HAS_UNLESS
		int i, j;
#endif
		tagtable(n, m, z->st, srcln, reach);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			tagtable(n, m, j, srcln, reach);
		}
#endif
	}
}

extern Trans *t_id_lkup[];

void
dfs_table(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	Trans *z;

	if (is >= m || is <= 0 || !trans[n][is])
		return;
	if ((reach[is] & (4|8|16)) != 0)
	{	if ((reach[is] & (8|16)) == 16)	/* on stack, not yet recorded */
		{	lpstate[is] = 1;
			reach[is] |= 8; /* recorded */
			if (state_tables && verbose)
			{	printf("state %d line %d is a loopstate\n", is, srcln[is]);
		}	}
		return;
	}
	reach[is] |= (4|16);	/* visited | onstack */
	for (z = trans[n][is]; z; z = z->nxt)
	{	t_id_lkup[z->t_id] = z;
#ifdef HAS_UNLESS
		int i, j;
#endif
		dfs_table(n, m, z->st, srcln, reach, lpstate);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			dfs_table(n, m, j, srcln, reach, lpstate);
		}
#endif
	}
	reach[is] &= ~16; /* no longer on stack */
}
void
do_dfs(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	int i;
	dfs_table(n, m, is, srcln, reach, lpstate);
	for (i = 0; i < m; i++)
		reach[i] &= ~(4|8|16);
}
void
crack(int n, int j, Trans *z, short srcln[])
{	int i;

	if (!z) return;
	printf("	state %3d -(tr %3d)-> state %3d  ",
		j, z->forw, z->st);
	printf("[id %3d tp %3d", z->t_id, z->tpe[0]);
	if (z->tpe[1]) printf(",%d", z->tpe[1]);
#ifdef HAS_UNLESS
	if (z->e_trans)
		printf(" org %3d", z->e_trans);
	else if (state_tables >= 2)
	for (i = 0; i < HAS_UNLESS; i++)
	{	if (!z->escp[i]) break;
		printf(" esc %d", z->escp[i]);
	}
#endif
	printf("]");
	printf(" [%s%s%s%s%s] %s:%d => ",
		z->atom&6?"A":z->atom&32?"D":"-",
		accpstate[n][j]?"a" :"-",
		stopstate[n][j]?"e" : "-",
		progstate[n][j]?"p" : "-",
		z->atom & 8 ?"L":"G",
		PanSource, srcln[j]);
	for (i = 0; z->tp[i]; i++)
		if (z->tp[i] == '\n')
			printf("\\n");
		else
			putchar(z->tp[i]);
	if (verbose && z->qu[0])
	{	printf("\t[");
		for (i = 0; i < 6; i++)
			if (z->qu[i])
				printf("(%d,%d)",
				z->qu[i], z->ty[i]);
		printf("]");
	}
	printf("\n");
	fflush(stdout);
}
/* spin -a m.pml; cc -o pan pan.c; ./pan -D | dot -Tps > foo.ps; ps2pdf foo.ps */
void
dot_crack(int n, int j, Trans *z)
{	int i;

	if (!z) return;
	printf("	S%d -> S%d  [color=black", j, z->st);

	if (z->atom&6) printf(",style=dashed");
	else if (z->atom&32) printf(",style=dotted");
	else if (z->atom&8) printf(",style=solid");
	else printf(",style=bold");

	printf(",label=\"");
	for (i = 0; z->tp[i]; i++)
	{	if (z->tp[i] == '\\'
		&&  z->tp[i+1] == 'n')
		{	i++; printf(" ");
		} else
		{	putchar(z->tp[i]);
	}	}
	printf("\"];\n");
	if (accpstate[n][j]) printf("  S%d [color=red,style=bold];\n", j);
	else if (progstate[n][j]) printf("  S%d [color=green,style=bold];\n", j);
	if (stopstate[n][j]) printf("  S%d [color=blue,style=bold,shape=box];\n", j);
}

#ifdef VAR_RANGES
#define BYTESIZE	32	/* 2^8 : 2^3 = 256:8 = 32 */

typedef struct Vr_Ptr {
	char	*nm;
	uchar	vals[BYTESIZE];
	struct Vr_Ptr *nxt;
} Vr_Ptr;
Vr_Ptr *ranges = (Vr_Ptr *) 0;

void
logval(char *s, int v)
{	Vr_Ptr *tmp;

	if (v<0 || v > 255) return;
	for (tmp = ranges; tmp; tmp = tmp->nxt)
		if (!strcmp(tmp->nm, s))
			goto found;
	tmp = (Vr_Ptr *) emalloc(sizeof(Vr_Ptr));
	tmp->nxt = ranges;
	ranges = tmp;
	tmp->nm = s;
found:
	tmp->vals[(v)/8] |= 1<<((v)%8);
}

void
dumpval(uchar X[], int range)
{	int w, x, i, j = -1;

	for (w = i = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
from:		if ((X[w] & (1<<x)))
		{	printf("%d", i);
			j = i;
			goto upto;
	}	}
	return;
	for (w = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
upto:		if (!(X[w] & (1<<x)))
		{	if (i-1 == j)
				printf(", ");
			else
				printf("-%d, ", i-1);
			goto from;
	}	}
	if (j >= 0 && j != 255)
		printf("-255");
}

void
dumpranges(void)
{	Vr_Ptr *tmp;
	printf("\nValues assigned within ");
	printf("interval [0..255]:\n");
	for (tmp = ranges; tmp; tmp = tmp->nxt)
	{	printf("\t%s\t: ", tmp->nm);
		dumpval(tmp->vals, BYTESIZE);
		printf("\n");
	}
}
#endif
