/* The load of the relay bench: MEMBERS UDP sockets that join by sending, the first of which then
 * keeps WINDOW messages of SIZE bytes in flight for SECONDS. GRO 1 lets members take runs of
 * messages in one read, as landline's own client does.
 * SERVER is the relay's process id, for what a delivery costs it; 0 for none. Prints one JSON object. */
#include "address.h"
#include "window.h"

#include <netinet/udp.h>
#include <poll.h>
#include <sys/epoll.h>

#define BATCH 256
#define STALL_MS 500    /* nothing for so long: count the rest as lost */
#define JOIN_MS 1000    /* for one try of one member to join */
#define JOIN_TRIES 5
#define ROOM (4 << 20)  /* receive buffer asked for each member */

static struct window window;
static int *members, epoll, gro;
static char slab[WINDOW_MAX][2048]; /* messages on their way out, or in, one at a time */
static char run[65536];             /* what one read with UDP_GRO gives */

/* Reads what waits at a member, at most one window of it; -1 when nothing does. */
static int take_singles(int member, int counted) {
    static struct mmsghdr heads[WINDOW_MAX];
    static struct iovec places[WINDOW_MAX];
    for (int i = 0; i < window.width; i++) {
        places[i] = (struct iovec){slab[i], sizeof slab[i]};
        heads[i].msg_hdr = (struct msghdr){.msg_iov = &places[i], .msg_iovlen = 1};
    }
    int n = recvmmsg(members[member], heads, (unsigned)window.width, MSG_DONTWAIT, NULL);
    if (n < 0) return -1;
    for (int i = 0; i < n; i++) {
        if (heads[i].msg_len == (unsigned)window.size) continue;
        window.bad++;
        return n;
    }
    window_take(&window, member, slab[0], sizeof slab[0], n, counted);
    return n;
}

/* Reads one run of messages of equal size. */
static int take_run(int member, int counted) {
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec place = {run, sizeof run};
    struct msghdr head = {.msg_iov = &place, .msg_iovlen = 1, .msg_control = control,
                          .msg_controllen = sizeof control};
    ssize_t n = recvmsg(members[member], &head, MSG_DONTWAIT);
    if (n < 0) return -1;
    int size = (int)n;
    struct cmsghdr *c = CMSG_FIRSTHDR(&head);
    if (c != NULL && c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO) memcpy(&size, CMSG_DATA(c), sizeof size);
    if (size != window.size || n % size != 0) {
        window.bad++;
        return 1;
    }
    window_take(&window, member, run, (size_t)size, (int)(n / size), counted);
    return 1;
}

static int take(int member, int counted) {
    return gro ? take_run(member, counted) : take_singles(member, counted);
}

/* A member is in when its own joining message has come back to it. */
static void join(int member) {
    uint64_t marks[2] = {JOINING, (uint64_t)member};
    char bytes[2048] = {0};
    memcpy(bytes, marks, sizeof marks);
    for (int try = 0; try < JOIN_TRIES; try++) {
        send(members[member], bytes, (size_t)window.size, 0);
        uint64_t until = now_ns() + JOIN_MS * 1000000ull;
        while (now_ns() < until) {
            struct pollfd wait = {.fd = members[member], .events = POLLIN};
            if (poll(&wait, 1, JOIN_MS) <= 0) break;
            char back[2048];
            ssize_t n = recv(members[member], back, sizeof back, MSG_DONTWAIT);
            if (n >= 16 && memcmp(back, marks, sizeof marks) == 0) return;
        }
    }
    errno = ETIMEDOUT;
    die("a member cannot join");
}

static void open_members(const char *text) {
    struct address a = address_parse(text);
    int room = ROOM, one = 1;
    members = calloc((size_t)window.members, sizeof *members);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (members == NULL || epoll < 0) die("no room");
    for (int i = 0; i < window.members; i++) {
        members[i] = address_connect(&a);
        setsockopt(members[i], SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
        if (gro && setsockopt(members[i], SOL_UDP, UDP_GRO, &one, sizeof one) < 0) die("UDP_GRO");
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, members[i], &event) < 0) die("epoll_ctl");
        join(i);
        for (int j = 0; i % 16 == 15 && j <= i; j++) /* what the others got by this */
            while (take(j, 0) > 0) {}
    }
}

static void send_some(int count, uint64_t now) {
    static struct mmsghdr heads[WINDOW_MAX];
    static struct iovec places[WINDOW_MAX];
    for (int i = 0; i < count; i++) {
        window_write(&window, slab[i], now);
        places[i] = (struct iovec){slab[i], (size_t)window.size};
        heads[i].msg_hdr = (struct msghdr){.msg_iov = &places[i], .msg_iovlen = 1};
    }
    for (int gone = 0; gone < count;) {
        int n = sendmmsg(members[0], heads + gone, (unsigned)(count - gone), 0);
        if (n < 0) die("sendmmsg");
        gone += n;
    }
}

static void talk(void) {
    struct epoll_event events[BATCH];
    uint64_t now;
    while (now = now_ns(), !window_over(&window, now) || window.done < window.sent) {
        int n = epoll_wait(epoll, events, BATCH, STALL_MS);
        if (n == 0) window_give_up(&window, now_ns());
        now = now_ns();
        int counted = now >= window.from_ns && now < window.until_ns;
        for (int i = 0; i < n; i++) take((int)events[i].data.u32, counted);
        now = now_ns();
        window_advance(&window, now);
        int room = window_free(&window);
        if (room > 0 && now < window.until_ns) send_some(room, now);
    }
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "load_relay ADDRESS MEMBERS SIZE WINDOW SECONDS GRO SERVER\n");
        return 2;
    }
    gro = atoi(argv[6]);
    double seconds = atof(argv[5]);
    window.server = atoi(argv[7]);
    window_open(&window, atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), seconds);
    open_members(argv[1]);
    window.from_ns = now_ns() + (uint64_t)(seconds * 1e8); /* joining has taken its own time */
    window.until_ns = window.from_ns + (uint64_t)(seconds * 1e9);
    send_some(window.width, now_ns());
    talk();
    window_print(&window);
    return 0;
}
