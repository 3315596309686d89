/* sharedregion: regions and events on Windows. */
#ifndef SHAREDREGION_WINDOWS_H
#define SHAREDREGION_WINDOWS_H

#ifndef SHAREDREGION_H
#error "include sharedregion.h"
#endif

/* --- Owners and permissions ------------------------------------------------------------------------------------ */

/*
 * An account's id out of this process's token. WHICH is information that begins with the address of the id. Returns
 * NULL on failure; GetLastError() says why.
 */
static inline PSID sr_token_id_(TOKEN_INFORMATION_CLASS which, void *buffer, DWORD size)
{
    HANDLE token;
    DWORD length, code = 0;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    if (!GetTokenInformation(token, which, buffer, size, &length))
        code = GetLastError();
    CloseHandle(token);
    SetLastError(code);
    return code == 0 ? *(PSID *)buffer : NULL;
}

typedef union sr_token_ {
    PSID id;
    char bytes[128]; /* larger than the structure and an id, which has at most 68 bytes */
} sr_token_;

/*
 * Whether the owner is one of these: this user; the owner of this process's objects, which may be another account; the
 * system account; the administrators, who own what elevated processes create.
 */
static inline bool sr_owner_is_trusted_(PSID owner)
{
    sr_token_ token;
    static const TOKEN_INFORMATION_CLASS mine[] = {TokenUser, TokenOwner};
    /* Wine has no owner for objects that were created without a descriptor. All users of one Wine are one user. */
    if (owner == NULL || IsWellKnownSid(owner, WinLocalSystemSid) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid))
        return true;
    for (int i = 0; i < 2; i++) {
        PSID id = sr_token_id_(mine[i], &token, sizeof token);
        if (id != NULL && EqualSid(owner, id))
            return true;
    }
    return false;
}

/* The security descriptor of new objects: access for this user and the system account, as in the Java library. */
typedef struct sr_security_ {
    SECURITY_ATTRIBUTES attributes;
    SECURITY_DESCRIPTOR descriptor;
    union {
        ACL acl;
        char bytes[256]; /* larger than the list with two entries */
    } list;
} sr_security_;

static inline sr_reason sr_security_init_(
    sr_security_ *security, DWORD rights, const char *to_do, const char *name, sr_error *error)
{
    sr_token_ token, system;
    DWORD size = sizeof system;
    PSID user = sr_token_id_(TokenUser, &token, sizeof token);
    ACL *acl = &security->list.acl;
    if (user == NULL || !CreateWellKnownSid(WinLocalSystemSid, NULL, &system, &size)
        || !InitializeAcl(acl, sizeof security->list, ACL_REVISION)
        || !AddAccessAllowedAce(acl, ACL_REVISION, rights, &system)
        || !AddAccessAllowedAce(acl, ACL_REVISION, rights, user)
        || !InitializeSecurityDescriptor(&security->descriptor, SECURITY_DESCRIPTOR_REVISION)
        || !SetSecurityDescriptorDacl(&security->descriptor, TRUE, acl, FALSE)
        || !SetSecurityDescriptorControl(&security->descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED))
        return sr_failed_(error, to_do, name, "making its security descriptor", (int)GetLastError());
    security->attributes.nLength = sizeof security->attributes;
    security->attributes.lpSecurityDescriptor = &security->descriptor;
    security->attributes.bInheritHandle = FALSE;
    return SR_OK;
}

/* How an object is opened. */
typedef struct sr_opening_ {
    HANDLE (*open)(DWORD right, const wchar_t *name);
    const char *call;
    const char *to_do;
    DWORD right;
    bool own; /* whether to refuse an object of another user */
} sr_opening_;

static inline sr_reason sr_open_(const sr_opening_ *opening, const sr_name_ *name, HANDLE *handle, sr_error *error)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID owner = NULL;
    bool anothers = false;
    *handle = opening->open(opening->right | (opening->own ? READ_CONTROL : 0), name->wide);
    if (*handle == NULL && opening->own && GetLastError() == ERROR_ACCESS_DENIED) {
        /* An owner always gets READ_CONTROL, so the object belongs to another user. */
        anothers = true;
        *handle = opening->open(opening->right, name->wide);
    }
    if (*handle == NULL)
        return sr_failed_(error, opening->to_do, name->full, opening->call, (int)GetLastError());
    if (!opening->own)
        return SR_OK;
    DWORD code = ERROR_SUCCESS;
    sr_reason reason = SR_OK;
    if (!anothers)
        code = GetSecurityInfo(
            *handle, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &descriptor);
    if (code != ERROR_SUCCESS)
        reason = sr_failed_(error, opening->to_do, name->full, "GetSecurityInfo", (int)code);
    else if (anothers || !sr_owner_is_trusted_(owner))
        reason = sr_anothers_(error, opening->to_do, name->full);
    LocalFree(descriptor);
    if (reason != SR_OK)
        CloseHandle(*handle);
    return reason;
}

/* --- Regions --------------------------------------------------------------------------------------------------- */

/* Whether pages of this protection can be read, or written to. */
static inline bool sr_protection_permits_(DWORD protection, bool write)
{
    DWORD writable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
    DWORD readable = writable | PAGE_READONLY | PAGE_EXECUTE_READ;
    return (protection & PAGE_GUARD) == 0 && (protection & (write ? writable : readable)) != 0;
}

/*
 * How many bytes from the start of a view can be accessed, as VirtualQuery reports it. *image: whether the section is
 * the image of a program.
 */
static inline uint64_t sr_view_size_(const void *view, bool write, bool *image)
{
    uint64_t size = 0;
    MEMORY_BASIC_INFORMATION run;
    *image = false;
    while (VirtualQuery((const char *)view + size, &run, sizeof run) != 0 && run.State == MEM_COMMIT
        && run.AllocationBase == view) {
        if (run.Type != MEM_MAPPED) {
            *image = true;
            return 0;
        }
        if (!sr_protection_permits_(run.Protect, write))
            break;
        size += run.RegionSize;
    }
    return size;
}

static inline sr_reason sr_map_(
    sr_region *region, const sr_name_ *name, const sr_request_ *request, sr_error *error)
{
    const char *to_do = region->created ? "create region" : "open region";
    bool write = request->access == SR_READ_WRITE, image;
    region->memory =
        MapViewOfFile(region->section_, write ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ, 0, 0, 0);
    if (region->memory == NULL) {
        DWORD code = GetLastError();
        CloseHandle(region->section_);
        if (code == ERROR_INVALID_PARAMETER && write && !region->created)
            return sr_fail_(error, SR_ACCESS_DENIED, (int)code,
                "Cannot %s \"%s\": MapViewOfFile failed with ERROR_INVALID_PARAMETER (87): its creator made it "
                "read-only. Ask for SR_READ_ONLY access.",
                to_do, name->full);
        return sr_failed_(error, to_do, name->full, "MapViewOfFile", (int)code);
    }
    sr_reason reason = SR_OK;
    region->size = sr_view_size_(region->memory, write, &image);
    if (image)
        reason = sr_fail_(error, SR_WRONG_KIND, 0,
            "Cannot %s \"%s\": it is the image of a program (SEC_IMAGE), whose pages protect themselves. Choose "
            "another name.",
            to_do, name->full);
    else if (region->size == 0)
        reason = sr_fail_(error, SR_UNSUPPORTED, 0,
            "Cannot %s \"%s\": its memory is reserved only (SEC_RESERVE) or protected, and an access would end the "
            "process. Have its creator commit it.",
            to_do, name->full);
    else if (region->size < request->minimum_size)
        reason = sr_too_small_(error, to_do, name->full, region->size, request->minimum_size);
    if (reason != SR_OK) {
        UnmapViewOfFile(region->memory);
        CloseHandle(region->section_);
    }
    return reason;
}

static inline sr_reason sr_region_create(sr_region *region, const char *name, uint64_t size, sr_error *error)
{
    static const char to_do[] = "create region";
    sr_name_ checked;
    sr_security_ security;
    sr_reason reason = sr_new_region_init_(&checked, name, size, error);
    if (reason == SR_OK)
        reason = sr_security_init_(&security, SECTION_ALL_ACCESS, to_do, name, error);
    if (reason != SR_OK)
        return reason;
    region->section_ = CreateFileMappingW(INVALID_HANDLE_VALUE, &security.attributes, PAGE_READWRITE,
        (DWORD)(size >> 32), (DWORD)(size & 0xffffffffu), checked.wide);
    DWORD code = GetLastError();
    if (region->section_ != NULL && code == ERROR_ALREADY_EXISTS)
        CloseHandle(region->section_); /* on this code the call returns the existing section */
    if (region->section_ == NULL && code == ERROR_INVALID_PARAMETER)
        return sr_fail_(error, SR_NO_SPACE, (int)code,
            "Cannot %s \"%s\": CreateFileMappingW failed with ERROR_INVALID_PARAMETER (87), which means that no "
            "section can be this large (%" PRIu64 " bytes). Ask for less.",
            to_do, name, size);
    if (region->section_ == NULL)
        return sr_failed_(error, to_do, name, "CreateFileMappingW", (int)code);
    if (code == ERROR_ALREADY_EXISTS)
        return sr_exists_(error, to_do, name, "a region");
    region->created = true;
    sr_request_ request = {SR_READ_WRITE, size, false};
    reason = sr_map_(region, &checked, &request, error);
    region->size = size;
    return reason;
}

static inline HANDLE sr_section_open_(DWORD right, const wchar_t *name) { return OpenFileMappingW(right, FALSE, name); }

static inline sr_reason sr_region_open_(
    sr_region *region, const char *name, const sr_request_ *request, sr_error *error)
{
    sr_name_ checked;
    sr_reason reason = sr_name_init_(&checked, name, "", error);
    if (reason != SR_OK)
        return reason;
    DWORD right = request->access == SR_READ_WRITE ? FILE_MAP_READ | FILE_MAP_WRITE : FILE_MAP_READ;
    sr_opening_ opening = {sr_section_open_, "OpenFileMappingW", "open region", right, request->own};
    reason = sr_open_(&opening, &checked, &region->section_, error);
    if (reason != SR_OK)
        return reason;
    region->created = false;
    return sr_map_(region, &checked, request, error);
}

static inline void sr_region_close(sr_region *region)
{
    UnmapViewOfFile(region->memory);
    CloseHandle(region->section_);
}

/* --- Events ---------------------------------------------------------------------------------------------------- */

static inline sr_reason sr_event_create_(sr_event *event, const sr_name_ *name, int flags, sr_error *error)
{
    static const char to_do[] = "create event";
    sr_security_ security;
    sr_reason reason = sr_security_init_(&security, EVENT_ALL_ACCESS, to_do, name->full, error);
    if (reason != SR_OK)
        return reason;
    event->handle_ = CreateEventW(
        &security.attributes, (flags & SR_MANUAL_RESET) != 0, (flags & SR_INITIALLY_SET) != 0, name->wide);
    DWORD code = GetLastError();
    if (event->handle_ != NULL && code == ERROR_ALREADY_EXISTS)
        CloseHandle(event->handle_); /* on this code the call returns the existing event */
    if (event->handle_ == NULL)
        return sr_failed_(error, to_do, name->full, "CreateEventW", (int)code);
    return code == ERROR_ALREADY_EXISTS ? sr_exists_(error, to_do, name->full, "an event") : SR_OK;
}

static inline HANDLE sr_event_handle_open_(DWORD right, const wchar_t *name) { return OpenEventW(right, FALSE, name); }

static inline sr_reason sr_event_open_(sr_event *event, const sr_name_ *name, bool own, sr_error *error)
{
    sr_opening_ opening = {
        sr_event_handle_open_, "OpenEventW", "open event", SYNCHRONIZE | EVENT_MODIFY_STATE, own};
    return sr_open_(&opening, name, &event->handle_, error);
}

static inline void sr_event_set(sr_event *event) { SetEvent(event->handle_); }

static inline void sr_event_reset(sr_event *event) { ResetEvent(event->handle_); }

/*
 * Waits until one of the handles is signalled, or the time has passed. Returns true if the first one was signalled. If
 * the system refuses to wait, this sleeps instead, because callers call it in a loop.
 */
static inline bool sr_wait_(DWORD count, const HANDLE *handles, int64_t nanos)
{
    DWORD result = WaitForMultipleObjects(count, handles, FALSE, sr_windows_millis_(nanos));
    if (result == WAIT_FAILED)
        sr_pause_(sr_least_(nanos, SR_MILLIS(50)));
    return result == WAIT_OBJECT_0;
}

static inline bool sr_event_await(sr_event *event, int64_t timeout)
{
    int64_t deadline = sr_deadline_(timeout);
    for (;;) {
        if (sr_wait_(1, &event->handle_, sr_left_(deadline)))
            return true;
        if (sr_left_(deadline) == 0)
            return false;
    }
}

/* Clears the event. For a moment at which no other process sets it. */
static inline void sr_event_clear_(sr_event *event) { sr_event_reset(event); }

static inline void sr_event_close(sr_event *event) { CloseHandle(event->handle_); }

#endif
