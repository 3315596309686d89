/* The functions of Kernel32.java, each of which can be made to fail: one line for each. */
#include "faults.h"

/* A section that fails may have grown its file before. Nothing is held then. */
static int grown(HANDLE file, DWORD high, DWORD low)
{
    LARGE_INTEGER is;
    LARGE_INTEGER end;
    end.HighPart = (LONG) high;
    end.LowPart = low;
    if (file != INVALID_HANDLE_VALUE && GetFileSizeEx(file, &is) && is.QuadPart < end.QuadPart) {
        SetFilePointerEx(file, end, NULL, FILE_BEGIN);
        SetEndOfFile(file);
    }
    return 0;
}

FAULTY(HANDLE, CreateFileMappingW,
    (HANDLE file, SECURITY_ATTRIBUTES *security, DWORD protect, DWORD high, DWORD low, const WCHAR *name),
    (file, security, protect, high, low, name), NULL, 1, grown(file, high, low))
FAULTY(HANDLE, OpenFileMappingW, (DWORD access, BOOL inherit, const WCHAR *name), (access, inherit, name), NULL, 1, 0)
FAULTY(void *, MapViewOfFile, (HANDLE section, DWORD access, DWORD high, DWORD low, SIZE_T length),
    (section, access, high, low, length), NULL, 1, 0)
FAULTY(BOOL, UnmapViewOfFile, (const void *at), (at), FALSE, -1, UnmapViewOfFile(at))
FAULTY(BOOL, FlushViewOfFile, (const void *at, SIZE_T length), (at, length), FALSE, 0, 0)
FAULTY(SIZE_T, VirtualQuery, (const void *at, MEMORY_BASIC_INFORMATION *to, SIZE_T length), (at, to, length), 0, 0, 0)
FAULTY(HANDLE, CreateFileW,
    (const WCHAR *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD how, DWORD flags, HANDLE model),
    (path, access, share, security, how, flags, model), INVALID_HANDLE_VALUE, 1, 0)
FAULTY(DWORD, GetFileType, (HANDLE file), (file), FILE_TYPE_UNKNOWN, 0, 0)
FAULTY(BOOL, GetFileSizeEx, (HANDLE file, LARGE_INTEGER *size), (file, size), FALSE, 0, 0)
FAULTY(BOOL, GetFileInformationByHandle, (HANDLE file, BY_HANDLE_FILE_INFORMATION *information), (file, information), FALSE, 0, 0)
FAULTY(BOOL, SetFileInformationByHandle, (HANDLE file, FILE_INFO_BY_HANDLE_CLASS which, void *from, DWORD length),
    (file, which, from, length), FALSE, 0, 0)
FAULTY(BOOL, FlushFileBuffers, (HANDLE file), (file), FALSE, 0, 0)
FAULTY(HANDLE, CreateEventW, (SECURITY_ATTRIBUTES *security, BOOL manual, BOOL set, const WCHAR *name),
    (security, manual, set, name), NULL, 1, 0)
FAULTY(HANDLE, OpenEventW, (DWORD access, BOOL inherit, const WCHAR *name), (access, inherit, name), NULL, 1, 0)
FAULTY(BOOL, SetEvent, (HANDLE event), (event), FALSE, 0, 0)
FAULTY(BOOL, ResetEvent, (HANDLE event), (event), FALSE, 0, 0)
FAULTY(HANDLE, OpenMutexW, (DWORD access, BOOL inherit, const WCHAR *name), (access, inherit, name), NULL, 1, 0)
FAULTY(HANDLE, OpenSemaphoreW, (DWORD access, BOOL inherit, const WCHAR *name), (access, inherit, name), NULL, 1, 0)
SURE(BOOL, ProcessIdToSessionId, (DWORD process, DWORD *session), (process, session))
FAULTY(BOOL, ReleaseMutex, (HANDLE mutex), (mutex), FALSE, 0, 0)
FAULTY(DWORD, WaitForSingleObject, (HANDLE handle, DWORD millis), (handle, millis), WAIT_FAILED, 0, 0)
FAULTY(DWORD, WaitForMultipleObjects, (DWORD count, const HANDLE *handles, BOOL all, DWORD millis),
    (count, handles, all, millis), WAIT_FAILED, 0, 0)
SURE(void, FlushProcessWriteBuffers, (void), ())
FAULTY(HANDLE, OpenProcess, (DWORD access, BOOL inherit, DWORD id), (access, inherit, id), NULL, 1, 0)
SURE(HANDLE, GetCurrentProcess, (void), ())
FAULTY(BOOL, GetProcessTimes, (HANDLE process, FILETIME *creation, FILETIME *exit, FILETIME *kernel, FILETIME *user),
    (process, creation, exit, kernel, user), FALSE, 0, 0)
FAULTY(BOOL, DuplicateHandle,
    (HANDLE of, HANDLE from, HANDLE in, HANDLE *to, DWORD access, BOOL inherit, DWORD options),
    (of, from, in, to, access, inherit, options), FALSE, 1, 0)
FAULTY(BOOL, CloseHandle, (HANDLE handle), (handle), FALSE, -1, CloseHandle(handle))
