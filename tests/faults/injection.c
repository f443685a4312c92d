/* Fails chosen calls of those that change files below one folder; see injection.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t folder_length;
static long fail_at;
static int fail_with, from_then_on;
static atomic_long calls, failed;

void injection_arm(const char *path, long at, int error, int onwards) {
    snprintf(folder, sizeof folder, "%s", path);
    fail_at = at;
    fail_with = error;
    from_then_on = onwards;
    folder_length = strlen(folder);
}

long injection_calls(void) { return calls; }
long injection_failed(void) { return failed; }

static int is_below(const char *path) {
    return folder_length && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || !path[folder_length]);
}

static int is_open_below(int descriptor) {
    char link[64], path[PATH_MAX];
    int before = errno;
    if (!folder_length)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0)
        return 0;
    path[length] = 0;
    return is_below(path);
}

/* Counts a call; whether it is one that fails. */
static int fails(void) {
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (!fail_at || (from_then_on ? number < fail_at : number != fail_at))
        return 0;
    failed++;
    errno = fail_with;
    return 1;
}

/* The same for a write: a disk that fills up takes the first half, and nothing after it. */
static int fails_writing(size_t *count) {
    if (!fails())
        return 0;
    if (!from_then_on || failed > 1 || *count < 2)
        return 1;
    *count /= 2;
    return 0;
}

#define REAL(name, type, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                   \
    int name(const char *path, int flags, ...) {                                     \
        va_list rest;                                                                \
        va_start(rest, flags);                                                       \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;    \
        va_end(rest);                                                                \
        struct stat found;                                                           \
        if (flags & O_CREAT && is_below(path) && stat(path, &found) && fails())      \
            return -1;                                                               \
        return REAL(name, int, const char *, int, ...)(path, flags, mode);           \
    }
OPEN(open)
OPEN(open64)

ssize_t write(int descriptor, const void *data, size_t count) {
    if (is_open_below(descriptor) && fails_writing(&count))
        return -1;
    return REAL(write, ssize_t, int, const void *, size_t)(descriptor, data, count);
}

#define PWRITE(name, offset_type)                                                            \
    ssize_t name(int descriptor, const void *data, size_t count, offset_type offset) {       \
        if (is_open_below(descriptor) && fails_writing(&count))                              \
            return -1;                                                                       \
        return REAL(name, ssize_t, int, const void *, size_t, offset_type)(descriptor, data, \
                                                                           count, offset);   \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_DESCRIPTOR(name, parameters, arguments, ...)      \
    int name parameters {                                    \
        if (is_open_below(descriptor) && fails())            \
            return -1;                                       \
        return REAL(name, int, __VA_ARGS__) arguments;       \
    }
ON_DESCRIPTOR(fsync, (int descriptor), (descriptor), int)
ON_DESCRIPTOR(fdatasync, (int descriptor), (descriptor), int)
ON_DESCRIPTOR(ftruncate, (int descriptor, off_t length), (descriptor, length), int, off_t)
ON_DESCRIPTOR(ftruncate64, (int descriptor, off64_t length), (descriptor, length), int, off64_t)

#define ON_PATH(name, parameters, arguments, ...)      \
    int name parameters {                              \
        if (is_below(path) && fails())                 \
            return -1;                                 \
        return REAL(name, int, __VA_ARGS__) arguments; \
    }
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
ON_PATH(rename, (const char *path, const char *to), (path, to), const char *, const char *)

/* Removing what is not there changes nothing and is not counted. */
int unlink(const char *path) {
    struct stat found;
    if (is_below(path) && !lstat(path, &found) && fails())
        return -1;
    return REAL(unlink, int, const char *)(path);
}
