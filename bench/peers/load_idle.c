/* The load of the memory bench: opens CONNECTIONS lines, says `open`, and keeps them until its
 * input ends. A line of input makes each connection send one message and take the reply. */
#include "address.h"

int main(int argc, char **argv) {
    char word[64];
    if (argc != 3) return 2;
    struct address a = address_parse(argv[1]);
    int count = atoi(argv[2]), *lines = calloc((size_t)count, sizeof *lines);
    if (count < 1 || lines == NULL) return 2;
    for (int i = 0; i < count; i++) lines[i] = address_connect(&a);
    printf("open\n");
    fflush(stdout);
    while (fgets(word, sizeof word, stdin) != NULL) {
        for (int i = 0; i < count; i++) {
            char reply[5];
            if (send_all(lines[i], "hello", 5) < 0 || read_all(lines[i], reply, 5) < 0) die("talk");
        }
        printf("talked\n");
        fflush(stdout);
    }
    return 0;
}
