"""T9, the client: asks for each name, reads the header and the body, writes the file into FOLDER
and prints the header's bytes and the body's length and digest. argv: ADDRESS FOLDER NAME..."""

import hashlib
import json
import os
import struct
import sys

import place

client = place.dialled(sys.argv[1])
for name in sys.argv[3:]:
    client.send(name.encode("utf-8"))
    length = client.recv(4)
    if not length:
        print("hung up", flush=True)
        break
    head_bytes = client.recv(struct.unpack("i", length)[0])
    print(head_bytes, flush=True)
    head = json.loads(head_bytes.decode("utf-8"))
    left = head["file_data_len"]
    digest = hashlib.md5()
    with open(os.path.join(sys.argv[2], os.path.basename(head["name"])), "wb") as file:
        while left > 0:
            data = client.recv(min(left, 65536))
            if not data:
                break
            digest.update(data)
            file.write(data)
            left -= len(data)
    print("left", left, "md5", "same" if digest.hexdigest() == head["md5"] else "differs", flush=True)
client.close()
