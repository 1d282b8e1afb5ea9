"""T11, the server: each datagram goes back to its sender in capitals. argv: ADDRESS"""

import sys

import place

server = place.receiver(sys.argv[1])
while True:
    data, addr = server.recvfrom(1024)
    print(data, flush=True)
    server.sendto(data.upper(), addr)
