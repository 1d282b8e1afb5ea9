/* The load of the echo bench: CONNECTIONS lines, each with WINDOW messages of 64 bytes in flight,
 * each reply answered by the next message, for SECONDS. Prints one JSON object.
 * REPLY is the size of a reply (the tutorial adds two bytes); SPIN_US > 0 polls so long before
 * it sleeps, on one connection. SERVER is its process id, for what a message costs it; 0 for none.
 * Content is checked when replies are as long as messages. */
#include "address.h"
#include "clock.h"

#include <poll.h>
#include <sys/epoll.h>

#define SIZE 64
#define WINDOW_MAX 64
#define BATCH 256
#define CHUNK 65536
#define STALL_MS 5000

struct line {
    int fd;
    uint64_t got;                /* bytes of replies so far */
    unsigned head, tail;         /* of the ring of send times */
    uint64_t sent_at[WINDOW_MAX];
};

struct load {
    struct line *lines;
    int connections, window, reply, epoll;
    uint64_t from_ns, until_ns, spin_ns, messages, spent_ns;
    pid_t server;
    struct histogram times;
};

static char pattern[CHUNK + SIZE], chunk[CHUNK];

static void send_some(struct line *line, int count, uint64_t now) {
    for (int i = 0; i < count; i++) line->sent_at[line->tail++ % WINDOW_MAX] = now;
    if (send_all(line->fd, pattern, (size_t)count * SIZE) < 0) die("send");
}

/* Takes what came on a line and sends as many messages as replies are whole now. */
static void take(struct load *load, struct line *line, ssize_t n) {
    if (n == 0) { errno = ECONNRESET; die("the server hung up"); }
    if (load->reply == SIZE && memcmp(chunk, pattern + line->got % SIZE, (size_t)n) != 0) {
        errno = EBADMSG;
        die("a reply differs");
    }
    uint64_t before = line->got / (uint64_t)load->reply;
    line->got += (uint64_t)n;
    int whole = (int)(line->got / (uint64_t)load->reply - before);
    if (whole == 0) return;
    uint64_t now = now_ns();
    for (int i = 0; i < whole; i++) {
        uint64_t at = line->sent_at[line->head++ % WINDOW_MAX];
        if (at >= load->from_ns && now < load->until_ns) {
            if (load->messages == 0) load->spent_ns = spent_ns(load->server);
            histogram_add(&load->times, now - at);
            load->messages++;
        }
    }
    if (now < load->until_ns) send_some(line, whole, now);
}

static void open_lines(struct load *load, const char *text) {
    struct address a = address_parse(text);
    load->lines = calloc((size_t)load->connections, sizeof *load->lines);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (load->lines == NULL || load->epoll < 0) die("no room");
    for (int i = 0; i < load->connections; i++) {
        struct line *line = &load->lines[i];
        line->fd = address_connect(&a);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
        if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, line->fd, &event) < 0) die("epoll_ctl");
    }
}

static void run_sleeping(struct load *load) {
    struct epoll_event events[BATCH];
    while (now_ns() < load->until_ns) {
        int n = epoll_wait(load->epoll, events, BATCH, STALL_MS);
        if (n == 0) { errno = ETIMEDOUT; die("no reply"); }
        for (int i = 0; i < n; i++) {
            struct line *line = events[i].data.ptr;
            ssize_t got = recv(line->fd, chunk, sizeof chunk, MSG_DONTWAIT);
            if (got < 0 && errno != EAGAIN && errno != EINTR) die("recv");
            if (got >= 0) take(load, line, got);
        }
    }
}

/* One line: asks again and again for SPIN_US, then sleeps until something comes. */
static void run_polling(struct load *load) {
    struct line *line = load->lines;
    uint64_t sleep_ns = now_ns() + load->spin_ns, now;
    while ((now = now_ns()) < load->until_ns) {
        ssize_t got = recv(line->fd, chunk, sizeof chunk, MSG_DONTWAIT);
        if (got < 0 && errno != EAGAIN && errno != EINTR) die("recv");
        if (got >= 0) {
            take(load, line, got);
            sleep_ns = now_ns() + load->spin_ns;
        } else if (now > sleep_ns) {
            struct pollfd wait = {.fd = line->fd, .events = POLLIN};
            if (poll(&wait, 1, STALL_MS) == 0) { errno = ETIMEDOUT; die("no reply"); }
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "load_echo ADDRESS CONNECTIONS WINDOW SECONDS REPLY SPIN_US SERVER\n");
        return 2;
    }
    static struct load load;
    load.connections = atoi(argv[2]);
    load.window = atoi(argv[3]);
    double seconds = atof(argv[4]);
    load.reply = atoi(argv[5]);
    load.spin_ns = (uint64_t)atoi(argv[6]) * 1000;
    load.server = atoi(argv[7]);
    if (load.connections < 1 || load.window < 1 || load.window > WINDOW_MAX || load.reply < 1) return 2;
    for (size_t i = 0; i < sizeof pattern; i++) pattern[i] = (char)('a' + i % SIZE % 26);
    open_lines(&load, argv[1]);
    uint64_t start = now_ns();
    load.from_ns = start + (uint64_t)(seconds * 1e8); /* a tenth more, to warm up */
    load.until_ns = load.from_ns + (uint64_t)(seconds * 1e9);
    for (int i = 0; i < load.connections; i++) send_some(&load.lines[i], load.window, now_ns());
    if (load.spin_ns > 0) run_polling(&load);
    else run_sleeping(&load);
    printf("{\"messages\": %llu, \"per_second\": %.1f, \"p50_us\": %.2f, \"p99_us\": %.2f",
           (unsigned long long)load.messages, (double)load.messages / seconds,
           histogram_us(&load.times, 0.50), histogram_us(&load.times, 0.99));
    double spent_us = (double)(spent_ns(load.server) - load.spent_ns) / 1e3;
    if (load.server != 0 && load.messages > 0) printf(", \"server_us\": %.4f", spent_us / (double)load.messages);
    printf("}\n");
    return 0;
}
