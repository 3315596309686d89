/* Prints the layouts of shared memory that the header uses. The program is the same on every system. */
#include "layout.c"
