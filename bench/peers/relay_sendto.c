/* The bare relay: a blocking recvfrom, then one sendto to every address that ever sent.
 * Members are found by a hash, so that a thousand cost no more to look up than ten. */
#include "address.h"

#include <stdint.h>

#define MEMBERS_MAX 1100
#define SLOTS 4096 /* power of two, under a third full */

static struct sockaddr_in members[MEMBERS_MAX];
static uint16_t slots[SLOTS]; /* index + 1 of a member, 0 when free */
static int count;

static void remember(const struct sockaddr_in *from) {
    uint32_t slot = (from->sin_port * 2654435761u) >> 20;
    for (; slots[slot % SLOTS] != 0; slot++) {
        const struct sockaddr_in *known = &members[slots[slot % SLOTS] - 1];
        if (known->sin_port == from->sin_port && known->sin_addr.s_addr == from->sin_addr.s_addr) return;
    }
    if (count == MEMBERS_MAX) return;
    members[count++] = *from;
    slots[slot % SLOTS] = (uint16_t)count;
}

int main(int argc, char **argv) {
    struct address a;
    char bytes[2048];
    int room = 4 << 20;
    if (argc != 2) return 2;
    int fd = address_listen(argv[1], &a);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t n = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);
        if (n < 0) continue;
        remember(&from);
        for (int i = 0; i < count; i++)
            sendto(fd, bytes, (size_t)n, 0, (struct sockaddr *)&members[i], sizeof members[i]);
    }
}
