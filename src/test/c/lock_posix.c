/* A user of a lock, made of sharedregion.h: the same on every system. */
#include "lock_peer.c"
