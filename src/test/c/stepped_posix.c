/* A side of a pair that can be stopped at each change of the block: the same program on every system. */
#include "stepped.c"
