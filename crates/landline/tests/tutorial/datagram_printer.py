"""T10 and T13, the receiver: prints COUNT datagrams, each as one recvfrom(RECV) gives it.
argv: ADDRESS RECV COUNT"""

import sys

import place

server = place.receiver(sys.argv[1])
for _ in range(int(sys.argv[3])):
    data, addr = server.recvfrom(int(sys.argv[2]))
    print(data, flush=True)
server.close()
