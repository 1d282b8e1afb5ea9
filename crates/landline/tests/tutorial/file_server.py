"""T8, the server: each read is a file name; back go 4 bytes of length, a JSON header, the bytes.
argv: ADDRESS FOLDER"""

import hashlib
import json
import os
import struct
import sys

import place

server = place.listener(sys.argv[1], 5)
while True:
    conn, addr = server.accept()
    while True:
        try:
            name = conn.recv(1024).decode("utf-8")
            if not name:
                break
            print(name.encode("utf-8"), flush=True)
            with open(os.path.join(sys.argv[2], name), "rb") as file:
                data = file.read()
            head = {
                "name": name,
                "md5": hashlib.md5(data).hexdigest(),
                "file_data_len": len(data),
            }
            head_bytes = json.dumps(head).encode("utf-8")
            conn.send(struct.pack("i", len(head_bytes)))
            conn.send(head_bytes)
            conn.sendall(data)
        except OSError:
            break
    conn.close()
