/* The receiver of the files bench: asks for NAME COUNT times over one connection, reads the header
 * and throws the bytes away, 256 KiB at a time. KIND is tutorial or http. Prints one JSON object;
 * the time runs from the question to the last byte. */
#include "address.h"
#include "clock.h"

#define CHUNK (256 * 1024)
#define HEADER_MAX 4096

static char chunk[CHUNK], header[HEADER_MAX + 1];

/* What stands after this word in the header, as a number. */
static uint64_t number_after(const char *word) {
    const char *at = strcasestr(header, word);
    if (at == NULL) { errno = EBADMSG; die(header); }
    return strtoull(at + strlen(word), NULL, 10);
}

static uint64_t ask_tutorial(int fd, const char *name) {
    int32_t length;
    if (send_all(fd, name, strlen(name)) < 0) die("send");
    if (read_all(fd, &length, sizeof length) < 0) die("no length");
    if (length < 2 || length > HEADER_MAX) { errno = EBADMSG; die("header length"); }
    if (read_all(fd, header, (size_t)length) < 0) die("no header");
    header[length] = 0;
    return number_after("\"file_data_len\": ");
}

/* Reads the header by bytes; its few hundred cost nothing beside a body of a gigabyte. */
static uint64_t ask_http(int fd, const char *name) {
    int length = snprintf(header, sizeof header, "GET /%s HTTP/1.1\r\nHost: bench\r\n\r\n", name);
    if (send_all(fd, header, (size_t)length) < 0) die("send");
    for (length = 0; length < HEADER_MAX; length++) {
        if (read_all(fd, header + length, 1) < 0) die("no header");
        header[length + 1] = 0;
        if (length >= 3 && memcmp(header + length - 3, "\r\n\r\n", 4) == 0) break;
    }
    if (strncmp(header, "HTTP/1.1 200", 12) != 0) { errno = EBADMSG; die(header); }
    return number_after("Content-Length:");
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "load_file ADDRESS tutorial|http NAME COUNT\n");
        return 2;
    }
    struct address a = address_parse(argv[1]);
    int fd = address_connect(&a), http = strcmp(argv[2], "http") == 0;
    struct timeval patience = {.tv_sec = 30};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    uint64_t total = 0, start = now_ns();
    for (int i = 0; i < atoi(argv[4]); i++) {
        uint64_t left = http ? ask_http(fd, argv[3]) : ask_tutorial(fd, argv[3]);
        for (total += left; left > 0;) {
            ssize_t n = recv(fd, chunk, left < CHUNK ? (size_t)left : CHUNK, 0);
            if (n <= 0) die("cut short");
            left -= (uint64_t)n;
        }
    }
    double seconds = (double)(now_ns() - start) / 1e9;
    printf("{\"bytes\": %llu, \"seconds\": %.6f, \"gigabytes_per_second\": %.4f}\n",
           (unsigned long long)total, seconds, (double)total / seconds / 1e9);
    return 0;
}
