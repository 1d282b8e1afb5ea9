/* Runs a program that ends when the bench ends, however that comes about: the kernel sends it
 * SIGTERM when its parent dies. The bench blocks that signal, to wait for it, and a program inherits
 * what is blocked: here nothing is any more. Gives it all the open files that are allowed. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct rlimit files;
    sigset_t none;
    if (argc < 2) return 2;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == 1) return 1; /* the bench died before the line above */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
