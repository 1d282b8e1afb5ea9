/* What the kernel allows a relay: drains all that waits with recvmmsg, then hands each member the
 * whole run in one UDP_SEGMENT send. A yardstick for the bench, no program for use: it takes
 * messages of one size only and keeps no limits. */
#include "address.h"

#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>

#define MEMBERS_MAX 1100
#define RUN 64
#define SIZE_MAX_BYTES 1400

static struct sockaddr_in members[MEMBERS_MAX], from[RUN];
static struct mmsghdr heads[RUN];
static struct iovec places[RUN];
static char bytes[RUN][SIZE_MAX_BYTES], packed[RUN * SIZE_MAX_BYTES];
static uint8_t known[65536];
static int count;

static void send_run(int fd, size_t length, uint16_t size) {
    char control[CMSG_SPACE(sizeof size)] = {0};
    struct iovec place = {packed, length};
    struct msghdr head = {.msg_iov = &place, .msg_iovlen = 1};
    if (length > size) {
        head.msg_control = control;
        head.msg_controllen = sizeof control;
        struct cmsghdr *c = CMSG_FIRSTHDR(&head);
        c->cmsg_level = SOL_UDP;
        c->cmsg_type = UDP_SEGMENT;
        c->cmsg_len = CMSG_LEN(sizeof size);
        memcpy(CMSG_DATA(c), &size, sizeof size);
    }
    for (int i = 0; i < count; i++) {
        head.msg_name = &members[i];
        head.msg_namelen = sizeof members[i];
        sendmsg(fd, &head, 0);
    }
}

int main(int argc, char **argv) {
    struct address a;
    int room = 4 << 20;
    if (argc != 2) return 2;
    int fd = address_listen(argv[1], &a);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    for (;;) {
        for (int i = 0; i < RUN; i++) {
            places[i] = (struct iovec){bytes[i], SIZE_MAX_BYTES};
            heads[i].msg_hdr = (struct msghdr){.msg_iov = &places[i], .msg_iovlen = 1,
                                               .msg_name = &from[i], .msg_namelen = sizeof from[i]};
        }
        int n = recvmmsg(fd, heads, RUN, MSG_WAITFORONE, NULL);
        size_t length = 0, size = n > 0 ? heads[0].msg_len : 0;
        for (int i = 0; i < n; i++) {
            uint16_t port = from[i].sin_port;
            if (!known[port] && count < MEMBERS_MAX) members[count++] = from[i];
            known[port] = 1;
            if ((length + heads[i].msg_len) > 65000) { /* as much as one send takes */
                send_run(fd, length, (uint16_t)size);
                length = 0;
            }
            memcpy(packed + length, bytes[i], heads[i].msg_len);
            length += heads[i].msg_len;
        }
        if (length > 0) send_run(fd, length, (uint16_t)size);
    }
}
