/* A user of a table, made of sharedregion.h: the same on every system. */
#include "latest_peer.c"
