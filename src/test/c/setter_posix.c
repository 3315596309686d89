/* Sets events: the same on every system. */
#include "setter.c"
