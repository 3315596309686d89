/* Acts as the shared memory plugin of rFactor 2: the same on every system. */
#include "rfactor2.c"
