/* Who has which message: a sender keeps WINDOW messages in flight, and one is done when every
 * member has it. Each message opens with its number (8 bytes, from 0) and ends with the number's
 * low byte. Knows nothing of sockets. */
#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RING 256           /* numbers told apart; more than the largest window */
#define WINDOW_MAX 128
#define JOINING UINT64_MAX /* the number in a message that only joins */

struct window {
    int members, size, width;
    uint64_t sent, done, *next;  /* next: the number each member waits for */
    int waiting[RING];           /* how many members wait for this number */
    uint64_t delivered, lost, bad;
    uint64_t sent_at[RING], from_ns, until_ns, spent_from, spent_ns;
    pid_t server;                /* what a delivery costs this process is printed, unless 0 */
    struct histogram times;      /* from sent to at every member */
};

static void window_open(struct window *w, int members, int size, int width, double seconds) {
    if (members < 1 || size < 16 || size > 2048 || width < 1 || width > WINDOW_MAX) exit(2);
    w->members = members;
    w->size = size;
    w->width = width;
    w->next = calloc((size_t)members, sizeof *w->next);
    if (w->next == NULL) exit(2);
    w->waiting[0] = members;
    w->from_ns = now_ns() + (uint64_t)(seconds * 1e8); /* a tenth more, to warm up */
    w->until_ns = w->from_ns + (uint64_t)(seconds * 1e9);
}

static inline int window_free(const struct window *w) { return w->width - (int)(w->sent - w->done); }

static inline void window_write(struct window *w, char *bytes, uint64_t now) {
    uint64_t number = w->sent++;
    memcpy(bytes, &number, sizeof number);
    bytes[w->size - 1] = (char)number;
    w->sent_at[number % RING] = now;
}

static inline void window_move(struct window *w, int member, uint64_t to) {
    w->waiting[w->next[member] % RING]--;
    w->next[member] = to;
    w->waiting[to % RING]++;
}

/* Counts `count` messages of equal size that lie one after the other, `stride` bytes apart. */
static inline void window_take(struct window *w, int member, const char *bytes, size_t stride, int count,
                        int counted) {
    uint64_t next = w->next[member], good = 0;
    for (int i = 0; i < count; i++, bytes += stride) {
        uint64_t number;
        memcpy(&number, bytes, sizeof number);
        if (number == JOINING) continue;
        if (number < next || number >= w->sent || bytes[w->size - 1] != (char)number) {
            w->bad++;
            continue;
        }
        w->lost += number - next;
        next = number + 1;
        good++;
    }
    if (counted && w->delivered == 0) w->spent_from = spent_ns(w->server);
    if (counted) w->delivered += good;
    window_move(w, member, next);
}

/* Finds out which messages every member has by now. */
static inline void window_advance(struct window *w, uint64_t now) {
    while (w->done < w->sent && w->waiting[w->done % RING] == 0) {
        uint64_t at = w->sent_at[w->done % RING];
        if (at >= w->from_ns) histogram_add(&w->times, now - at);
        w->done++;
    }
}

/* Nothing has come for long: what is still on its way is lost. */
static inline void window_give_up(struct window *w, uint64_t now) {
    for (int i = 0; i < w->members; i++) {
        w->lost += w->sent - w->next[i];
        window_move(w, i, w->sent);
    }
    window_advance(w, now);
}

/* Whether the time to count is over; takes the server's cost when it is. */
static inline int window_over(struct window *w, uint64_t now) {
    if (now < w->until_ns) return 0;
    if (w->spent_ns == 0) w->spent_ns = spent_ns(w->server) - w->spent_from;
    return 1;
}

static inline void window_print(const struct window *w) {
    double seconds = (double)(w->until_ns - w->from_ns) / 1e9;
    printf("{\"delivered\": %llu, \"per_second\": %.1f, \"lost\": %llu, \"bad\": %llu, "
           "\"p50_us\": %.2f, \"p99_us\": %.2f, \"server_us\": %.4f}\n",
           (unsigned long long)w->delivered, (double)w->delivered / seconds,
           (unsigned long long)w->lost, (unsigned long long)w->bad,
           histogram_us(&w->times, 0.50), histogram_us(&w->times, 0.99),
           w->delivered > 0 ? (double)w->spent_ns / 1e3 / (double)w->delivered : 0);
}

#endif
