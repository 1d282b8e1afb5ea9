"""A server that reads until a line is whole, and takes all that it read for that one line: two lines
that come in one read are answered once. argv: ADDRESS"""

import sys

import wire

server = wire.listener(sys.argv[1])
while True:
    conn, addr = server.accept()
    try:
        got = conn.recv(1024)
        while got:
            while not got.endswith(b"\n"):
                got += conn.recv(1024)
            conn.sendall(b"%d\n" % len(got))
            got = conn.recv(1024)
    except ConnectionError:
        pass
    conn.close()
