/* Monotonic time, time on a processor, and a histogram of times with buckets of a 32nd of their size (3 %), from
 * 1 ns up. Knows nothing of sockets. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define STEPS 32 /* buckets in each doubling */

struct histogram {
    uint64_t count;
    uint32_t buckets[64 * STEPS];
};

static inline uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The time on a processor that a process has had, all its threads, ended ones too; 0 for none. */
static inline uint64_t spent_ns(pid_t process) {
    clockid_t clock;
    struct timespec t;
    if (process == 0 || clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &t) != 0) return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void histogram_add(struct histogram *h, uint64_t ns) {
    unsigned index = (unsigned)ns;
    if (ns >= STEPS) {
        unsigned shift = 58u - (unsigned)__builtin_clzll(ns); /* leaves 6 bits: 32 to 63 */
        index = (shift + 1) * STEPS + (unsigned)((ns >> shift) & (STEPS - 1));
    }
    h->buckets[index]++;
    h->count++;
}

/* The time, in microseconds, that this part (0 to 1) of all stayed under. */
static inline double histogram_us(const struct histogram *h, double part) {
    uint64_t seen = 0, wanted = (uint64_t)(part * (double)h->count);
    for (unsigned i = 0; i < 64 * STEPS; i++) {
        seen += h->buckets[i];
        if (seen > wanted) {
            if (i < STEPS) return i / 1e3;
            unsigned shift = i / STEPS - 1;
            return (double)((uint64_t)(STEPS + i % STEPS) << shift) / 1e3;
        }
    }
    return 0;
}

#endif
