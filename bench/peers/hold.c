/* Runs a program that ends when the bench ends, however that comes about: the kernel sends it
 * SIGTERM when its parent dies. Gives it all the open files that are allowed. */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct rlimit files;
    if (argc < 2) return 2;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == 1) return 1; /* the bench died before the line above */
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
