"""The tutorial's file server (T8): one read is one file name; the reply is a native 4-byte
length, a JSON header and the bytes, all held in memory. One client at a time."""

import hashlib
import json
import os
import socket
import struct
import sys

folder = sys.argv[1]
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen(5)
print("listening tcp://127.0.0.1:%d" % server.getsockname()[1], file=sys.stderr, flush=True)
while True:
    client, _ = server.accept()
    while True:
        try:
            name = client.recv(1024).decode("utf-8")
            if not name:
                break
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            about = {
                "name": name,
                "md5": hashlib.md5(data).hexdigest(),
                "file_data_len": len(data),
            }
            header = json.dumps(about).encode("utf-8")
            client.send(struct.pack("i", len(header)) + header)
            client.sendall(data)
        except (OSError, UnicodeError):
            break
    client.close()
