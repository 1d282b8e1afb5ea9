/* The load of idle lines: opens CONNECTIONS of them, says `open`, and keeps them until its input
 * ends. With `hello` each sends the first message of a TLS 1.3 handshake and reads nothing. A line
 * of input makes each connection send one message and take the reply. */
#include "address.h"

/* RFC 8446 4.1.2: one suite, X25519 alone with the base point as the key, the signatures that
 * landline has, and its ALPN. The random is all zeros: nobody compares it. */
static const unsigned char hello[] = {
    0x16, 3, 1, 0, 129, 1, 0, 0, 125, 3, 3,                    /* record, message, version */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,            /* random */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 2, 0x13, 1, 1, 0, 0, 82,                             /* no session, one suite, extensions */
    0, 43, 0, 3, 2, 3, 4,                                      /* TLS 1.3 */
    0, 13, 0, 4, 0, 2, 8, 7,                                   /* Ed25519 */
    0, 10, 0, 4, 0, 2, 0, 29,                                  /* X25519 */
    0, 51, 0, 38, 0, 36, 0, 29, 0, 32,                         /* its key */
    9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 16, 0, 13, 0, 11, 10, 'l', 'a', 'n', 'd', 'l', 'i', 'n', 'e', '/', '1',
};
_Static_assert(sizeof hello == 5 + 129, "the lengths in it");

/* The answer is a handshake record, or the hello is wrong. */
static void expect_hello(int fd) {
    char kind;
    if (read_all(fd, &kind, 1) < 0 || kind != 0x16) { errno = EBADMSG; die("no server's hello"); }
}

int main(int argc, char **argv) {
    char word[64];
    if (argc != 3 && argc != 4) return 2;
    struct address a = address_parse(argv[1]);
    int count = atoi(argv[2]), *lines = calloc((size_t)count, sizeof *lines);
    if (count < 1 || lines == NULL) return 2;
    for (int i = 0; i < count; i++) {
        lines[i] = address_connect(&a);
        if (argc == 3) continue;
        if (send_all(lines[i], (const char *)hello, sizeof hello) < 0) die("hello");
        if (i == 0) expect_hello(lines[i]);
    }
    printf("open\n");
    fflush(stdout);
    while (fgets(word, sizeof word, stdin) != NULL) {
        for (int i = 0; i < count; i++) {
            char reply[5];
            if (send_all(lines[i], "hello", 5) < 0 || read_all(lines[i], reply, 5) < 0) die("talk");
        }
        printf("talked\n");
        fflush(stdout);
    }
    return 0;
}
