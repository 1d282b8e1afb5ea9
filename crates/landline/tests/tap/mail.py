"""One end of datagrams. argv: listen ADDRESS COUNT: shows COUNT datagrams and answers each in
capitals; call ADDRESS COUNT TEXT...: sends each TEXT (`*N` stands for N bytes), then shows COUNT answers in the
order of coming."""

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
else:
    sock, where = place.sender(address)
    for text in texts:
        sock.sendto(b"x" * int(text[1:]) if text.startswith("*") else text.encode(), where)
    for _ in range(count):
        data = sock.recv(1 << 20)
        print(len(data), data[:40], flush=True)
    place.forget(sock)
