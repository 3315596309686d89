/* sharedregion: the headers of the system. */
#ifndef SHAREDREGION_SYSTEM_H
#define SHAREDREGION_SYSTEM_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

#if defined(_WIN32)
#if !defined(_WIN64)
#error "sharedregion.h is for 64-bit programs"
#endif
#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#endif
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <windows.h>
/* After windows.h, which it needs. */
#include <aclapi.h>
#if defined(_MSC_VER)
#pragma comment(lib, "advapi32")
#if !defined(__clang__)
#include <intrin.h>
#endif
#endif
#elif defined(__linux__) && defined(__LP64__)
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>
#if !defined(O_TMPFILE) || !defined(F_OFD_SETLK)
#error "define _GNU_SOURCE, or include sharedregion.h before all other headers"
#endif
#else
#error "sharedregion.h is for 64-bit Linux and Windows"
#endif

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#endif
