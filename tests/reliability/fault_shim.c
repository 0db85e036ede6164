/* LD_PRELOAD: counts what a process does to files under one folder, and at the chosen one kills it or fails.
 *
 * FAULT_ROOT   the folder watched (absolute, resolved)
 * FAULT_PLAN   "count" | "kill:N" | "enospc:N" | "enospc+:N" | "eio:N" | "eio+:N" | "erofs+:1" | "read:N"
 *              (N counts from 1; + means from N on; read fails the Nth read with EIO; a killed write is half done)
 * FAULT_LOG    a file outside the root: one line "kind path" an operation
 * FAULT_NET    a file: one line for each attempt to reach an address that is not local
 * FAULT_CLOCK  seconds added to the wall clock
 * Counts are shared by the threads of a process; a forked child counts on its own (fault_arm). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum plan { OFF, COUNT, KILL, FAIL, FAIL_ON, READ };
static enum plan plan;
static int failure;
static long at_number;
static atomic_long counted;
static char root[PATH_MAX];
static size_t root_length;
static int log_fd = -1, net_fd = -1;
static long clock_shift;

static int open_log(const char *name) {
    const char *path = getenv(name);
    if (!path) return -1;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return fd < 0 ? -1 : (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
}

/* Also called by a forked child through ctypes: counts begin anew. */
void fault_arm(const char *words) {
    const char *colon = words ? strchr(words, ':') : NULL;
    at_number = colon ? atol(colon + 1) : 0;
    atomic_store(&counted, 0);
    plan = !words ? OFF : !strncmp(words, "count", 5) ? COUNT : !strncmp(words, "kill", 4) ? KILL
         : !strncmp(words, "read", 4) ? READ : FAIL;
    if (plan == FAIL) {
        failure = !strncmp(words, "enospc", 6) ? ENOSPC : !strncmp(words, "erofs", 5) ? EROFS : EIO;
        if (colon && colon[-1] == '+') plan = FAIL_ON;
    }
}

long fault_count(void) { return atomic_load(&counted); }

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("FAULT_ROOT"), *shift = getenv("FAULT_CLOCK");
    if (where) { strncpy(root, where, sizeof root - 1); root_length = strlen(root); }
    clock_shift = shift ? atol(shift) : 0;
    log_fd = open_log("FAULT_LOG");
    net_fd = open_log("FAULT_NET");
    fault_arm(getenv("FAULT_PLAN"));
}

static int inside(const char *path) {
    return root_length && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int path_of(int folder, const char *name, char *out) {
    char cell[64];
    if (name && name[0] == '/') { strncpy(out, name, PATH_MAX - 1); out[PATH_MAX - 1] = 0; return 1; }
    if (folder == AT_FDCWD) { if (syscall(SYS_getcwd, out, PATH_MAX) < 0) return 0; }
    else {
        snprintf(cell, sizeof cell, "/proc/self/fd/%d", folder);
        ssize_t size = readlink(cell, out, PATH_MAX - 1);
        if (size < 0) return 0;
        out[size] = 0;
    }
    if (name) { strncat(out, "/", PATH_MAX - 1 - strlen(out)); strncat(out, name, PATH_MAX - 1 - strlen(out)); }
    return 1;
}

/* Counts an operation; 1 when it is to fail now, 2 when the process is to die in it. */
static int struck(const char *kind, int folder, const char *name, int reading) {
    char path[PATH_MAX], line[PATH_MAX + 32];
    if (plan == OFF || reading != (plan == READ) || !path_of(folder, name, path) || !inside(path)) return 0;
    long number = atomic_fetch_add(&counted, 1) + 1;
    if (log_fd >= 0) {
        int size = snprintf(line, sizeof line, "%s %s\n", kind, path + root_length);
        syscall(SYS_write, log_fd, line, size);
    }
    if (plan == KILL && number == at_number) return 2;
    if (plan == READ && number == at_number) { errno = EIO; return 1; }
    if (failure == ENOSPC && !strcmp(kind, "unlink")) return 0; /* a full disk lets go */
    if ((plan == FAIL && number == at_number) || (plan == FAIL_ON && number >= at_number)) {
        errno = failure;
        return 1;
    }
    return 0;
}

static void die(void) { syscall(SYS_kill, syscall(SYS_getpid), SIGKILL); for (;;) pause(); }

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)
#define STRIKE(kind, fd, name, reading, bad) \
    switch (struck(kind, fd, name, reading)) { case 2: die(); break; case 1: return bad; default: break; }
#define STRIKE_WRITE(kind, fd, half) \
    switch (struck(kind, fd, NULL, 0)) { case 2: half; die(); break; case 1: return -1; default: break; }

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    STRIKE_WRITE("write", fd, real(fd, data, size / 2));
    return real(fd, data, size);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    STRIKE_WRITE("pwrite", fd, real(fd, data, size / 2, at));
    return real(fd, data, size, at);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    STRIKE_WRITE("writev", fd, real(fd, parts, count / 2));
    return real(fd, parts, count);
}
size_t fwrite(const void *data, size_t size, size_t count, FILE *file) {
    REAL(size_t, "fwrite", const void *, size_t, size_t, FILE *);
    switch (struck("fwrite", fileno(file), NULL, 0)) {
    case 2: real(data, size, count / 2, file); fflush(file); die(); break;
    case 1: return 0;
    default: break;
    }
    return real(data, size, count, file);
}
int fflush(FILE *file) {
    REAL(int, "fflush", FILE *);
    if (file) STRIKE("fflush", fileno(file), NULL, 0, EOF);
    return real(file);
}
int fclose(FILE *file) {
    REAL(int, "fclose", FILE *);
    switch (struck("fclose", fileno(file), NULL, 0)) {
    case 2: die(); break;
    case 1: { int kept = errno; real(file); errno = kept; return EOF; }
    default: break;
    }
    return real(file);
}
int fsync(int fd) {
    REAL(int, "fsync", int);
    STRIKE("fsync", fd, NULL, 0, -1);
    return real(fd);
}
int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    STRIKE("fdatasync", fd, NULL, 0, -1);
    return real(fd);
}
int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    STRIKE("ftruncate", fd, NULL, 0, -1);
    return real(fd, size);
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    STRIKE("rename", AT_FDCWD, to, 0, -1);
    return real(from, to);
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    STRIKE("rename", to_at, to, 0, -1);
    return real(from_at, from, to_at, to);
}
int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    STRIKE("link", AT_FDCWD, to, 0, -1);
    return real(from, to);
}
int linkat(int from_at, const char *from, int to_at, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    STRIKE("link", to_at, to, 0, -1);
    return real(from_at, from, to_at, to, flags);
}
int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    STRIKE("unlink", AT_FDCWD, path, 0, -1);
    return real(path);
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    STRIKE("unlink", folder, path, 0, -1);
    return real(folder, path, flags);
}
int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    STRIKE("mkdir", AT_FDCWD, path, 0, -1);
    return real(path, mode);
}

static mode_t mode_in(int flags, va_list rest) {
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, int) : 0;
}
/* Opening is counted where it makes or empties a file; on a read-only disk every opening to write fails. */
static int changes(int flags) {
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    return (writes && (flags & (O_CREAT | O_TRUNC))) || (writes && failure == EROFS && plan == FAIL_ON);
}
#define OPENS(name, folder, path, call) \
    va_list rest; va_start(rest, flags); mode_t mode = mode_in(flags, rest); va_end(rest); \
    if (changes(flags)) STRIKE("open", folder, path, 0, -1); \
    return call
int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    OPENS("open", AT_FDCWD, path, real(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    OPENS("open64", AT_FDCWD, path, real(path, flags, mode));
}
int openat(int folder, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...);
    OPENS("openat", folder, path, real(folder, path, flags, mode));
}
int openat64(int folder, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, ...);
    OPENS("openat64", folder, path, real(folder, path, flags, mode));
}
FILE *fopen64(const char *path, const char *how) {
    REAL(FILE *, "fopen64", const char *, const char *);
    if (how[0] != 'r') STRIKE("open", AT_FDCWD, path, 0, NULL);
    return real(path, how);
}
FILE *fopen(const char *path, const char *how) {
    REAL(FILE *, "fopen", const char *, const char *);
    if (how[0] != 'r') STRIKE("open", AT_FDCWD, path, 0, NULL);
    return real(path, how);
}
ssize_t read(int fd, void *data, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    if (plan == READ) STRIKE("read", fd, NULL, 1, -1);
    return real(fd, data, size);
}
ssize_t pread64(int fd, void *data, size_t size, off64_t at) {
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    if (plan == READ) STRIKE("pread", fd, NULL, 1, -1);
    return real(fd, data, size, at);
}
ssize_t pread(int fd, void *data, size_t size, off_t at) { return pread64(fd, data, size, at); }

/* -- the clock ------------------------------------------------------------------------------------------ */
int clock_gettime(clockid_t which, struct timespec *out) {
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int done = real(which, out);
    if (!done && which == CLOCK_REALTIME) out->tv_sec += clock_shift;
    return done;
}
int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    REAL(int, "gettimeofday", struct timeval *restrict, void *restrict);
    int done = real(out, zone);
    if (!done) out->tv_sec += clock_shift;
    return done;
}
time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

/* -- the network ---------------------------------------------------------------------------------------- */
static void noted(const char *kind, const char *where) {
    char line[512];
    if (net_fd < 0) return;
    int size = snprintf(line, sizeof line, "%s %s\n", kind, where ? where : "");
    syscall(SYS_write, net_fd, line, size);
}
static int far(const struct sockaddr *address, char *where) {
    if (!address) return 0;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &v4->sin_addr, where, INET6_ADDRSTRLEN);
        return (ntohl(v4->sin_addr.s_addr) >> 24) != 127;
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &v6->sin6_addr, where, INET6_ADDRSTRLEN);
        return !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
    }
    return 0;
}
int connect(int fd, const struct sockaddr *address, socklen_t size) {
    REAL(int, "connect", int, const struct sockaddr *, socklen_t);
    char where[INET6_ADDRSTRLEN];
    if (far(address, where)) noted("connect", where);
    return real(fd, address, size);
}
ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(ssize_t, "sendto", int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    char where[INET6_ADDRSTRLEN];
    if (far(to, where)) noted("sendto", where);
    return real(fd, data, size, flags, to, length);
}
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    REAL(int, "getaddrinfo", const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (node && strcmp(node, "localhost") && strncmp(node, "127.", 4) && strcmp(node, "::1")) noted("lookup", node);
    return real(node, service, hints, found);
}
