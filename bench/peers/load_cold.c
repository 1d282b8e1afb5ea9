/* The load of the cold client's bench: starts PROGRAM COUNT times, one after the other, with INPUT
 * as its stdin, and takes the time from before the start to the exit. Each must exit 0 and print
 * what WORDS say, and a newline. Prints one JSON object. */
#include "address.h"
#include "clock.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#define PATIENCE_MS 10000 /* for one run */

extern char **environ;

static struct histogram times;

static void run(const char *input, const char *words, char **argv) {
    int out[2], status;
    char got[256];
    size_t length = 0, wanted = strlen(words);
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (pipe2(out, O_CLOEXEC) < 0) die("pipe2");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    errno = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    if (errno != 0) die(argv[0]);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    for (;;) {
        struct pollfd wait = {.fd = out[0], .events = POLLIN};
        if (poll(&wait, 1, PATIENCE_MS) <= 0) {
            kill(pid, SIGKILL);
            errno = ETIMEDOUT;
            die(argv[0]);
        }
        ssize_t n = read(out[0], got + length, sizeof got - length);
        if (n <= 0) break;
        length += (size_t)n;
    }
    close(out[0]);
    if (waitpid(pid, &status, 0) < 0) die("waitpid");
    if (status != 0 || length != wanted + 1 || memcmp(got, words, wanted) != 0) {
        errno = EBADMSG;
        die("not what it should print, or not exit 0");
    }
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "load_cold COUNT INPUT WORDS PROGRAM...\n");
        return 2;
    }
    int count = atoi(argv[1]);
    uint64_t most = 0;
    for (int i = 0; i < count; i++) {
        uint64_t before = now_ns();
        run(argv[2], argv[3], argv + 4);
        uint64_t took = now_ns() - before;
        histogram_add(&times, took);
        if (took > most) most = took;
    }
    printf("{\"runs\": %d, \"p50_us\": %.2f, \"p99_us\": %.2f, \"max_us\": %.2f}\n", count,
           histogram_us(&times, 0.5), histogram_us(&times, 0.99), (double)most / 1e3);
    return 0;
}
