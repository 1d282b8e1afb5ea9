"""One end of datagrams. argv: listen ADDRESS COUNT: shows COUNT datagrams and answers each in
capitals; call ADDRESS COUNT TEXT...: sends each TEXT (`*N` stands for N bytes), then shows COUNT
answers in the order of coming; crowd ADDRESS COUNT EXTRA: COUNT senders, each with an address of its
own, which get an answer each; then EXTRA more, which get none; then the first one once more."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tutorial"))
import place  # noqa: E402

role, address, count, texts = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
if role == "listen":
    sock = place.receiver(address)
    for _ in range(count):
        data, sender = sock.recvfrom(1 << 20)
        print(len(data), data[:40], flush=True)
        if sender:
            sock.sendto(data.upper(), sender)
    sock.close()
elif role == "crowd":
    _, kind, where = place.split(address)

    def own(number):
        """A socket of an address that no other has: all of 127.0.0.0/8 is this machine."""
        sock = socket.socket(socket.AF_INET, kind)
        sock.settimeout(20)
        sock.bind(("127.1.%d.%d" % (number >> 8, number & 255), 0))
        sock.connect(where)
        return sock

    first = own(0)
    for number in range(count):
        sock = own(number) if number else first
        sock.send(b"a")
        assert sock.recv(9) == b"A", number
    for number in range(int(texts[0])):
        own(count + number).send(b"b")
    first.send(b"c")
    assert first.recv(9) == b"C"
else:
    sock, where = place.sender(address)
    for text in texts:
        sock.sendto(b"x" * int(text[1:]) if text.startswith("*") else text.encode(), where)
    for _ in range(count):
        data = sock.recv(1 << 20)
        print(len(data), data[:40], flush=True)
    place.forget(sock)
