/* The sides of a pair, made of sharedregion.h: the same on every system. */
#include "pair_peer.c"
