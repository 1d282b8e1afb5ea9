"""T7, the client: sends each command, reads 4 bytes of length and that many more, prints them.
argv: ADDRESS COMMAND..."""

import struct
import sys

import place

client = place.dialled(sys.argv[1])
for cmd in sys.argv[2:]:
    if not cmd:
        continue
    client.send(cmd.encode("utf-8"))
    total = struct.unpack("i", client.recv(4))[0]
    got = b""
    while len(got) < total:
        more = client.recv(total - len(got))
        if not more:
            break
        got += more
    print(total, got, flush=True)
client.close()
