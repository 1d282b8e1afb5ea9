/* The floor of the exec bench: posix_spawn of `sh -c COMMAND`, or of PROGRAM itself, with two pipes,
 * both drained, and wait, again and again for SECONDS, with no socket anywhere. Prints one JSON
 * object. */
#include "address.h"
#include "clock.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static struct histogram times;

/* Reads both pipes to their ends; how many bytes came. */
static size_t drain(int *fds) {
    static char bytes[65536];
    struct pollfd waits[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
    size_t total = 0;
    for (int open = 2; open > 0;) {
        if (poll(waits, 2, -1) < 0) die("poll");
        for (int i = 0; i < 2; i++) {
            if (waits[i].fd < 0 || waits[i].revents == 0) continue;
            ssize_t n = read(waits[i].fd, bytes, sizeof bytes);
            if (n > 0) { total += (size_t)n; continue; }
            close(waits[i].fd);
            waits[i].fd = -1;
            open--;
        }
    }
    return total;
}

static size_t spawn(const char *program, char **argv) {
    int out[2], err[2], status;
    pid_t pid;
    posix_spawn_file_actions_t actions;
    if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0) die("pipe2");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    errno = posix_spawn(&pid, program, &actions, NULL, argv, environ);
    if (errno != 0) die("posix_spawn");
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    size_t total = drain((int[]){out[0], err[0]});
    if (waitpid(pid, &status, 0) < 0) die("waitpid");
    return total;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "spawn_local SECONDS COMMAND | SECONDS -- PROGRAM ARG...\n");
        return 2;
    }
    char *shell[] = {"sh", "-c", argv[2], NULL}, **words = shell;
    const char *program = "/bin/sh";
    if (argc > 3 && strcmp(argv[2], "--") == 0) program = argv[3], words = argv + 3;
    uint64_t start = now_ns(), wanted = (uint64_t)(atof(argv[1]) * 1e9), bytes = 0, now = start;
    do {
        uint64_t before = now;
        bytes += spawn(program, words);
        now = now_ns();
        histogram_add(&times, now - before);
    } while (now - start < wanted);
    double seconds = (double)(now - start) / 1e9;
    printf("{\"commands\": %llu, \"bytes\": %llu, \"seconds\": %.6f, \"per_second\": %.1f, "
           "\"mean_us\": %.2f, \"p50_us\": %.2f, \"p99_us\": %.2f}\n",
           (unsigned long long)times.count, (unsigned long long)bytes, seconds,
           (double)times.count / seconds, seconds * 1e6 / (double)times.count,
           histogram_us(&times, 0.5), histogram_us(&times, 0.99));
    return 0;
}
