/* A disk that fails: preloaded into the program under test, it lets every write to a file
 * below FAILING_DISK_DIR pass until the write whose number is FAILING_DISK_AT. From then on a
 * file can't grow, nor be made, as on a full disk; with FAILING_DISK_KILL the program is
 * killed there instead. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long setting(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static int is_below(const char *path) {
    const char *directory = getenv("FAILING_DISK_DIR");
    return directory && strncmp(path, directory, strlen(directory)) == 0;
}

/* Whether the next change fails, or ends the program. */
static int fails(void) {
    static long count;
    long number = __sync_add_and_fetch(&count, 1);
    long at = setting("FAILING_DISK_AT");
    if (at == 0 || number < at) return 0;
    if (setting("FAILING_DISK_KILL")) kill(getpid(), SIGKILL);
    errno = ENOSPC;
    return 1;
}

/* Whether writing up to this offset of a file fails: what is there already can be written
 * over. */
static int refuses(int file, off_t end) {
    char link[64], path[PATH_MAX];
    struct stat found;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (!is_below(path) || fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) return 0;
    if (end <= found.st_size && !setting("FAILING_DISK_KILL")) return 0;
    return fails();
}

ssize_t write(int file, const void *bytes, size_t length) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (file > 2 && refuses(file, lseek(file, 0, SEEK_CUR) + (off_t)length)) return -1;
    return real(file, bytes, length);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    if (refuses(file, at + (off_t)length)) return -1;
    return real(file, bytes, length, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    if (refuses(file, at + (off_t)length)) return -1;
    return real(file, bytes, length, at);
}

static int makes(const char *path, int flags) {
    return (flags & O_CREAT) && is_below(path) && access(path, F_OK) != 0 && fails();
}

#define OPEN(name)                                                       \
    int name(const char *path, int flags, ...) {                         \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name);   \
        va_list rest;                                                    \
        va_start(rest, flags);                                           \
        mode_t mode = va_arg(rest, mode_t);                              \
        va_end(rest);                                                    \
        return makes(path, flags) ? -1 : real(path, flags, mode);        \
    }
OPEN(open)
OPEN(open64)

int mkdir(const char *path, mode_t mode) {
    int (*real)(const char *, mode_t) = dlsym(RTLD_NEXT, "mkdir");
    return is_below(path) && access(path, F_OK) != 0 && fails() ? -1 : real(path, mode);
}
