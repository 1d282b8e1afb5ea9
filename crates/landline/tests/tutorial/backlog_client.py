"""T4, the clients: one is served, COUNT more connect without waiting, each then says who it is and
leaves when it was answered. Prints how each connect went, then the answers in the order in which
they came. argv: ADDRESS COUNT"""

import errno
import select
import socket
import sys

import place

family, kind, where = place.split(sys.argv[1])
first = place.dialled(sys.argv[1])
first.send(b"0")
print(first.recv(1024), flush=True)

waiting = []
for number in range(1, int(sys.argv[2]) + 1):
    sock = socket.socket(family, kind)
    sock.setblocking(False)
    state = sock.connect_ex(where)
    if state == errno.EINPROGRESS:
        # On loopback the handshake is over before connect returns; 0.3 s is for a busy machine.
        done = select.select([], [sock], [], 0.3)[1]
        state = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) if done else errno.EINPROGRESS
    print(number, "waits" if state == 0 else errno.errorcode[state], flush=True)
    if state == 0:
        sock.setblocking(True)
        sock.send(b"%d" % number)
        waiting.append(sock)
    else:
        sock.close()

first.close()
while waiting:
    ready = select.select(waiting, [], [], 20)[0]
    assert ready, "nobody else is served"
    for sock in ready:
        print(sock.recv(1024), "alone" if len(ready) == 1 else "with others", flush=True)
        waiting.remove(sock)
        sock.close()
