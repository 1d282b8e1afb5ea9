"""T7, the client, that takes one read for a whole reply, as it does work on loopback: the length and
what follows. Exits 1 when the reply is not what the command puts out. argv: ADDRESS COMMAND EXPECTED"""

import struct
import sys

import wire

client = wire.dialled(sys.argv[1])
client.send(sys.argv[2].encode("utf-8"))
reply = client.recv(1024)
client.close()
expected = sys.argv[3].encode("utf-8")
if reply != struct.pack("i", len(expected)) + expected:
    print("not the reply:", reply, file=sys.stderr)
    sys.exit(1)
