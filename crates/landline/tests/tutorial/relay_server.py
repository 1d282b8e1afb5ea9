"""T12, the server: remembers every address that ever sent, and sends each datagram, unchanged, to
all of them. argv: ADDRESS"""

import sys

import place

server = place.receiver(sys.argv[1])
members = []
while True:
    data, addr = server.recvfrom(1024)
    print(data, flush=True)
    if addr not in members:
        members.append(addr)
    for member in members:
        server.sendto(data, member)
