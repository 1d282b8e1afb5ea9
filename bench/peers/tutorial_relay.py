"""The tutorial's group chat (T12): each datagram to every address that ever sent one.

recvfrom takes 2048 bytes where the tutorial takes 1024, so that 1200 go through whole."""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
server.bind(("127.0.0.1", 0))
print("listening udp://127.0.0.1:%d" % server.getsockname()[1], file=sys.stderr, flush=True)
members = {}
while True:
    data, address = server.recvfrom(2048)
    members[address] = True
    for member in members:
        server.sendto(data, member)
