"""The tutorial's TCP echo (T2), with a thread for each client: upper(read) + b"sb"."""

import socket
import sys
import threading


def serve(client):
    with client:
        while True:
            try:
                data = client.recv(1024)
            except ConnectionError:
                return
            if not data:
                return
            client.send(data.upper() + b"sb")


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen(1024)
print("listening tcp://127.0.0.1:%d" % server.getsockname()[1], file=sys.stderr, flush=True)
while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
