/* The bare spool: answers each read with the output of `sh -c`, which it holds until it knows the
 * length, in plain memory or (MEMFD 1) in a memfd. One client at a time; stderr is not taken. */
#include "address.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

#define STEP (1 << 20)      /* of one read, and of the pipe */
#define HELD ((size_t)1 << 31)

extern char **environ;

static int spawn(char *command, pid_t *pid) {
    int out[2];
    char *argv[] = {"sh", "-c", command, NULL};
    posix_spawn_file_actions_t actions;
    if (pipe2(out, O_CLOEXEC) < 0) die("pipe2");
    fcntl(out[0], F_SETPIPE_SZ, STEP);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    errno = posix_spawn(pid, "/bin/sh", &actions, NULL, argv, environ);
    if (errno != 0) die("posix_spawn");
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    return out[0];
}

static int send_length(int fd, size_t length) {
    int32_t native = (int32_t)length;
    int more = length > 0 ? MSG_MORE : 0; /* with nothing to follow it would wait 200 ms for it */
    return send(fd, &native, sizeof native, MSG_NOSIGNAL | more) == sizeof native ? 0 : -1;
}

/* Room that the kernel fills as it is read into, and takes back afterwards. */
static int answer_memory(int fd, int pipe) {
    char *held = mmap(NULL, HELD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    size_t length = 0;
    ssize_t n;
    if (held == MAP_FAILED) die("mmap");
    while (length < HELD && (n = read(pipe, held + length, STEP)) > 0) length += (size_t)n;
    int gone = send_length(fd, length) < 0 || send_all(fd, held, length) < 0;
    munmap(held, HELD);
    return gone;
}

static int answer_memfd(int fd, int pipe) {
    int held = memfd_create("spool", MFD_CLOEXEC);
    size_t length = 0;
    ssize_t n;
    if (held < 0) die("memfd_create");
    while ((n = splice(pipe, NULL, held, NULL, STEP, SPLICE_F_MOVE)) > 0) length += (size_t)n;
    off_t at = 0;
    int gone = send_length(fd, length) < 0;
    while (!gone && (size_t)at < length) gone = sendfile(fd, held, &at, length - (size_t)at) <= 0;
    close(held);
    return gone;
}

int main(int argc, char **argv) {
    struct address a;
    if (argc != 3) return 2;
    int listener = address_listen(argv[1], &a), memfd = atoi(argv[2]);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), gone = 0;
        if (fd < 0) continue;
        no_delay(fd, a.family);
        while (!gone) {
            char command[1025];
            ssize_t n = recv(fd, command, sizeof command - 1, 0);
            if (n <= 0) break;
            command[n] = 0;
            pid_t pid;
            int pipe = spawn(command, &pid), status;
            gone = memfd ? answer_memfd(fd, pipe) : answer_memory(fd, pipe);
            close(pipe);
            waitpid(pid, &status, 0);
        }
        close(fd);
    }
}
