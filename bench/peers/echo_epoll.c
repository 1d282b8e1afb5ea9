/* The bare echo server: one thread, one epoll loop, one read answered by one write.
 * What a reply does not fit into the socket ends the line: the bench never lets that happen. */
#include "address.h"

#include <fcntl.h>
#include <sys/epoll.h>

#define BATCH 256

static void take_all(int epoll, int listener, int family) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        no_delay(fd, family);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
    }
}

static void answer(int fd) {
    char bytes[4096];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0 || send(fd, bytes, (size_t)n, MSG_NOSIGNAL) != n) close(fd);
}

int main(int argc, char **argv) {
    struct address a;
    struct epoll_event events[BATCH];
    if (argc != 2) return 2;
    int listener = address_listen(argv[1], &a), epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) die("epoll");
    fcntl(listener, F_SETFL, O_NONBLOCK); /* take_all accepts until none is left */
    for (;;) {
        int n = epoll_wait(epoll, events, BATCH, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener) take_all(epoll, listener, a.family);
            else answer(events[i].data.fd);
        }
    }
}
