/* A user of a channel, made of sharedregion.h: the same on every system. */
#include "messages_peer.c"
