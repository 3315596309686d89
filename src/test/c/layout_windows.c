/* What the header takes shared memory to look like: the same program on every system. */
#include "layout.c"
