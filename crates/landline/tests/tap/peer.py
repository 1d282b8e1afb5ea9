"""One end of a connection that does what it is told, word by word, and says what its reads were.
argv: listen|call ADDRESS WORD...  A word is one of
  say=TEXT   one send            hear      one recv, shown          hear=N  recvs until N bytes came
  all        recvs to the end    count     as all, shows the sum    end     no more is sent
  reset      closes rudely       close     closes                   bulk=N  sends N bytes
  echo       sends back what comes, to the end     flood   sends until nobody takes more
  hold       waits until its input ends
`listen` may have several clients, one after another: their words stand behind `next`."""

import array
import hashlib
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tutorial"))
import place  # noqa: E402


def show(*words):
    print(*words, flush=True)


def hear(sock):
    """One read: its bytes, b"" at the end, None after a reset."""
    try:
        return sock.recv(1 << 20)
    except ConnectionError:
        return None


def hear_all(sock, each):
    while True:
        data = hear(sock)
        if not data:
            show("reset" if data is None else "end")
            return
        each(data)


def count(sock):
    total, digest = 0, hashlib.sha256()

    def add(data):
        nonlocal total
        total += len(data)
        digest.update(data)

    hear_all(sock, add)
    show(total, digest.hexdigest())


def bulk(count):
    """Bytes that tell their place: whoever loses, doubles or reorders one is found out."""
    return array.array("I", range(count // 4)).tobytes()


def flood(sock):
    """Sends until nothing has been taken for a second, and shows how much was."""
    sent, sock_wait = 0, sock.gettimeout()
    sock.settimeout(1)
    try:
        while True:
            sent += sock.send(bytes(65536))
    except TimeoutError:
        show(sent)
    sock.settimeout(sock_wait)


def hear_count(sock, wanted):
    got = b""
    while len(got) < wanted:
        data = hear(sock)
        if not data:
            break
        show(data)
        got += data


def do(sock, word):
    name, _, value = word.partition("=")
    if name == "say":
        sock.sendall(value.encode())
    elif name == "bulk":
        sock.sendall(bulk(int(value)))
    elif name == "flood":
        flood(sock)
    elif name == "hold":
        sys.stdin.read()
    elif name == "hear" and value:
        hear_count(sock, int(value))
    elif name == "hear":
        data = hear(sock)
        show("reset" if data is None else data or "end")
    elif name == "all":
        hear_all(sock, show)
    elif name == "count":
        count(sock)
    elif name == "echo":
        hear_all(sock, sock.sendall)
    elif name == "end":
        sock.shutdown(socket.SHUT_WR)
    elif name == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    elif name == "close":
        sock.close()
    else:
        raise SystemExit("no such word: " + word)


def play(sock, words):
    if sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(60)
    for word in words:
        do(sock, word)
    sock.close()


role, address, words = sys.argv[1], sys.argv[2], sys.argv[3:]
if role == "call":
    play(place.dialled(address), words)
else:
    listening = place.listener(address)
    while words:
        part = words[:words.index("next")] if "next" in words else words
        words = words[len(part) + 1:]
        play(listening.accept()[0], part)
    listening.close()
