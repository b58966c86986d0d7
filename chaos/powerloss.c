/* A disk that keeps only what was synced: preloaded (LD_PRELOAD) into the processes of a store.
 *
 * Files below CHAOS_STORE are written as always, so that processes see one another's writes. Each fsync or fdatasync of
 * such a file brings its copy in CHAOS_SHADOW up to date, a flat folder: '/' of its path is '%' there. After everything was killed the shadow is
 * what a disk must hold; what differs from it was never promised.
 *
 * The file is read through the caller's own descriptor: to open and close another one would drop the process's POSIX
 * locks on it, which SQLite lives by (fcntl(2)).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536

typedef int (*sync_call)(int);

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return -1;
    path[length] = 0;
    return 0;
}

static int copy(int from, int to, off_t size) {
    static __thread char wanted[BLOCK], there[BLOCK];
    for (off_t at = 0; at < size; at += BLOCK) {
        ssize_t length = pread(from, wanted, BLOCK, at);
        if (length < 0) return -1;
        ssize_t known = pread(to, there, length, at);
        if (known == length && memcmp(wanted, there, length) == 0) continue;
        if (pwrite(to, wanted, length, at) != length) return -1;
    }
    return ftruncate(to, size);
}

/* Whoever cannot keep the shadow must not go on: a check of it would say nothing. */
static void keep(int fd) {
    const char *store = getenv("CHAOS_STORE"), *shadow = getenv("CHAOS_SHADOW");
    char path[PATH_MAX], target[PATH_MAX];
    struct stat about;
    if (!store || !shadow || path_of(fd, path)) return;
    size_t length = strlen(store);
    if (strncmp(path, store, length) || path[length] != '/') return;
    for (char *mark = path + length + 1; (mark = strchr(mark, '/'));) *mark = '%';
    if (fstat(fd, &about) || !S_ISREG(about.st_mode)) return;
    if (snprintf(target, sizeof target, "%s%s", shadow, path + length) >= (int)sizeof target) abort();
    int to = open(target, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (to < 0 || flock(to, LOCK_EX) || fstat(fd, &about) || copy(fd, to, about.st_size)) abort();
    close(to);
}

static int synced(int fd, const char *name) {
    int before = errno;
    keep(fd);
    errno = before;
    return ((sync_call)dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return synced(fd, "fsync"); }

int fdatasync(int fd) { return synced(fd, "fdatasync"); }
