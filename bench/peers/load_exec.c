/* The load of the exec bench: one connection that sends COMMAND, takes the 4-byte length and the
 * bytes, and again, for SECONDS (0: once). Prints one JSON object. Every reply to one command
 * must have the same length. */
#include "address.h"
#include "clock.h"

#define CHUNK (256 * 1024)

static struct histogram times;
static char chunk[CHUNK];

/* The length of one reply, all of it read. */
static uint64_t ask(int fd, const char *command) {
    int32_t length;
    if (send_all(fd, command, strlen(command)) < 0) die("send");
    if (read_all(fd, &length, sizeof length) < 0) die("no length");
    if (length < 0) { errno = EBADMSG; die("a length below zero"); }
    for (int64_t left = length; left > 0;) {
        ssize_t n = recv(fd, chunk, left < CHUNK ? (size_t)left : CHUNK, 0);
        if (n <= 0) die("a reply cut short");
        left -= n;
    }
    return (uint64_t)length;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "load_exec ADDRESS SECONDS COMMAND\n");
        return 2;
    }
    struct address a = address_parse(argv[1]);
    int fd = address_connect(&a);
    struct timeval patience = {.tv_sec = 30};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    uint64_t wanted = (uint64_t)(atof(argv[2]) * 1e9), first = 0, bytes = 0;
    if (wanted > 0) ask(fd, argv[3]); /* to warm up */
    uint64_t start = now_ns(), now = start;
    do {
        uint64_t before = now, length = ask(fd, argv[3]);
        now = now_ns();
        histogram_add(&times, now - before);
        if (times.count == 1) first = length;
        if (length != first) { errno = EBADMSG; die("replies differ in length"); }
        bytes += length;
    } while (now - start < wanted);
    double seconds = (double)(now - start) / 1e9;
    printf("{\"commands\": %llu, \"bytes\": %llu, \"seconds\": %.6f, \"per_second\": %.1f, "
           "\"p50_us\": %.2f, \"p99_us\": %.2f}\n",
           (unsigned long long)times.count, (unsigned long long)bytes, seconds,
           (double)times.count / seconds, histogram_us(&times, 0.5), histogram_us(&times, 0.99));
    return 0;
}
