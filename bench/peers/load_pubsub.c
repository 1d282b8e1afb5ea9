/* The same load as load_relay on brokers with a text protocol of their own: MEMBERS connections
 * that subscribe to one subject, and one more that publishes to it. KIND is redis or nats.
 * Prints the same JSON object. */
#include "address.h"
#include "window.h"

#include <poll.h>
#include <sys/epoll.h>

#define BATCH 256
#define STALL_MS 500
#define READY_MS 5000       /* for one line to subscribe */
#define CHUNK (256 * 1024)  /* taken from one connection at a time */
#define HELD 8192           /* of it kept until the rest of a message comes */

struct line {
    int fd, member;
    size_t held;
    char part[HELD];
};

static struct window window;
static struct line *lines, publisher;
static int epoll, nats;
static char head[128], tail[] = "\r\n", chunk[HELD + CHUNK];
static size_t head_length, stride;

/* The bytes before each payload, as a subscriber sees them. */
static void know_head(void) {
    const char *form = nats ? "MSG room 1 %d\r\n" : "*3\r\n$7\r\nmessage\r\n$4\r\nroom\r\n$%d\r\n";
    head_length = (size_t)snprintf(head, sizeof head, form, window.size);
    stride = head_length + (size_t)window.size + 2;
}

/* Blocking, before the load starts: reads until what came ends with these words. */
static void wait_for(int fd, const char *words) {
    char reply[4096];
    size_t length = 0, wanted = strlen(words);
    while (length < wanted || memcmp(reply + length - wanted, words, wanted) != 0) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        if (poll(&wait, 1, READY_MS) <= 0 || length == sizeof reply) { errno = ETIMEDOUT; die(words); }
        ssize_t n = read(fd, reply + length, sizeof reply - length);
        if (n <= 0) die("a broker hung up");
        length += (size_t)n;
    }
}

static void greet(int fd) {
    const char *words = "CONNECT {\"verbose\":false}\r\nPING\r\n";
    if (!nats) return;
    if (send_all(fd, words, strlen(words)) < 0) die("connect");
    wait_for(fd, "PONG\r\n");
}

static void subscribe(int fd) {
    const char *words = nats ? "SUB room 1\r\nPING\r\n" : "SUBSCRIBE room\r\n";
    if (send_all(fd, words, strlen(words)) < 0) die("subscribe");
    wait_for(fd, nats ? "PONG\r\n" : ":1\r\n");
}

static void open_lines(const char *text) {
    struct address a = address_parse(text);
    lines = calloc((size_t)window.members, sizeof *lines);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (lines == NULL || epoll < 0) die("no room");
    for (int i = -1; i < window.members; i++) {
        struct line *line = i < 0 ? &publisher : &lines[i];
        line->fd = address_connect(&a);
        line->member = i;
        greet(line->fd);
        if (i >= 0) subscribe(line->fd);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, line->fd, &event) < 0) die("epoll_ctl");
    }
}

/* A broker that asks whether we are there gets its answer. The number of bytes that took. */
static size_t answer_ping(struct line *line, const char *at, size_t left) {
    if (!nats || left < 6 || memcmp(at, "PING\r\n", 6) != 0) return 0;
    if (send_all(line->fd, "PONG\r\n", 6) < 0) die("pong");
    return 6;
}

/* How many whole messages lie here, one after the other. */
static int count_whole(const char *at, size_t left) {
    int whole = 0;
    for (; left >= stride && memcmp(at, head, head_length) == 0; at += stride, left -= stride) whole++;
    return whole;
}

static void take(struct line *line, int counted) {
    memcpy(chunk, line->part, line->held);
    ssize_t n = recv(line->fd, chunk + line->held, CHUNK, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) die("a broker hung up");
    const char *at = chunk, *end = chunk + line->held + n;
    while (at < end) {
        size_t left = (size_t)(end - at), skip = answer_ping(line, at, left);
        int whole = line->member < 0 ? 0 : count_whole(at, left);
        if (line->member < 0 && skip == 0) skip = left; /* what a publisher is told is of no use */
        if (whole > 0) window_take(&window, line->member, at + head_length, stride, whole, counted);
        if (whole == 0 && skip == 0) break;
        at += skip + (size_t)whole * stride;
    }
    line->held = (size_t)(end - at);
    if (line->held > HELD || line->held >= stride + 6) { errno = EBADMSG; die("not a message"); }
    memcpy(line->part, at, line->held);
}

static void send_some(int count, uint64_t now) {
    static char out[WINDOW_MAX * (2048 + 128)];
    size_t length = 0;
    const char *form = nats ? "PUB room %d\r\n" : "*3\r\n$7\r\nPUBLISH\r\n$4\r\nroom\r\n$%d\r\n";
    for (int i = 0; i < count; i++) {
        length += (size_t)sprintf(out + length, form, window.size);
        window_write(&window, out + length, now);
        length += (size_t)window.size;
        memcpy(out + length, tail, 2);
        length += 2;
    }
    if (send_all(publisher.fd, out, length) < 0) die("publish");
}

static void talk(void) {
    struct epoll_event events[BATCH];
    uint64_t now;
    while (now = now_ns(), !window_over(&window, now) || window.done < window.sent) {
        int n = epoll_wait(epoll, events, BATCH, STALL_MS);
        if (n == 0) window_give_up(&window, now_ns());
        now = now_ns();
        int counted = now >= window.from_ns && now < window.until_ns;
        for (int i = 0; i < n; i++) take(events[i].data.ptr, counted);
        now = now_ns();
        window_advance(&window, now);
        int room = window_free(&window);
        if (room > 0 && now < window.until_ns) send_some(room, now);
    }
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "load_pubsub redis|nats ADDRESS MEMBERS SIZE WINDOW SECONDS SERVER\n");
        return 2;
    }
    nats = strcmp(argv[1], "nats") == 0;
    double seconds = atof(argv[6]);
    window.server = atoi(argv[7]);
    window_open(&window, atoi(argv[3]), atoi(argv[4]), atoi(argv[5]), seconds);
    know_head();
    open_lines(argv[2]);
    window.from_ns = now_ns() + (uint64_t)(seconds * 1e8);
    window.until_ns = window.from_ns + (uint64_t)(seconds * 1e9);
    send_some(window.width, now_ns());
    talk();
    window_print(&window);
    return 0;
}
