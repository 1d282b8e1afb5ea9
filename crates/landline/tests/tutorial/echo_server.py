"""T2, the server: one client after another, each read comes back in capitals with `sb` behind it.
argv: ADDRESS [CLIENTS, after which it ends]"""

import sys

import place

server = place.listener(sys.argv[1], 5)
left = int(sys.argv[2]) if len(sys.argv) > 2 else -1
while left != 0:
    conn, addr = server.accept()
    while True:
        try:
            data = conn.recv(1024)
            if not data:
                break
            print(data, flush=True)
            conn.send(data.upper() + b"sb")
        except ConnectionError:
            break
    conn.close()
    left -= 1
server.close()
