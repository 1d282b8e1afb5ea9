/* Addresses as landline writes them (tcp://127.0.0.1:PORT, udp://127.0.0.1:PORT, unix:PATH):
 * how to listen on one, connect to one and say that one is ready. Knows IPv4 loopback only. */
#ifndef BENCH_ADDRESS_H
#define BENCH_ADDRESS_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

struct address {
    int family, type;
    struct sockaddr_storage name;
    socklen_t length;
};

static struct address address_parse(const char *text) {
    struct address a = {.family = AF_INET, .type = SOCK_STREAM};
    if (strncmp(text, "unix:", 5) == 0) {
        struct sockaddr_un *un = (struct sockaddr_un *)&a.name;
        a.family = un->sun_family = AF_UNIX;
        if (strlen(text + 5) >= sizeof un->sun_path) { errno = ENAMETOOLONG; die(text); }
        strcpy(un->sun_path, text + 5);
        a.length = sizeof *un;
        return a;
    }
    if (strncmp(text, "udp://", 6) == 0) a.type = SOCK_DGRAM;
    const char *colon = strrchr(text, ':');
    if (strlen(text) < 6 || strstr(text, "://") == NULL || colon == NULL) { errno = EINVAL; die(text); }
    struct sockaddr_in *in = (struct sockaddr_in *)&a.name;
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in->sin_port = htons((uint16_t)atoi(colon + 1));
    a.length = sizeof *in;
    return a;
}

/* Small messages leave at once, on every side alike. */
static void no_delay(int fd, int family) {
    int one = 1;
    if (family == AF_INET) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* Binds, listens if it is a stream, and prints the line that the bench waits for. */
static inline int address_listen(const char *text, struct address *a) {
    *a = address_parse(text);
    int one = 1, fd = socket(a->family, a->type | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&a->name, a->length) < 0) die("bind");
    if (a->type == SOCK_STREAM && listen(fd, 4096) < 0) die("listen");
    if (a->family == AF_UNIX) {
        fprintf(stderr, "listening %s\n", text);
    } else {
        struct sockaddr_in in;
        socklen_t length = sizeof in;
        if (getsockname(fd, (struct sockaddr *)&in, &length) < 0) die("getsockname");
        const char *scheme = a->type == SOCK_DGRAM ? "udp" : "tcp";
        fprintf(stderr, "listening %s://127.0.0.1:%d\n", scheme, ntohs(in.sin_port));
    }
    return fd;
}

static inline int address_connect(const struct address *a) {
    int fd = socket(a->family, a->type | SOCK_CLOEXEC, 0);
    if (fd < 0) die("socket");
    if (connect(fd, (const struct sockaddr *)&a->name, a->length) < 0) die("connect");
    if (a->type == SOCK_STREAM) no_delay(fd, a->family);
    return fd;
}

/* Sends all of it on a blocking socket; 0, or -1 when the other end is gone. */
static inline int send_all(int fd, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = send(fd, at, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

/* Reads exactly so many bytes; 0, or -1 when the other end is gone before. */
static inline int read_all(int fd, void *bytes, size_t length) {
    char *at = bytes;
    while (length > 0) {
        ssize_t n = read(fd, at, length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

#endif
