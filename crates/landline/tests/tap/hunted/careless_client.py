"""T7, the client, as it is often typed: it counts 10 bytes for every read, whatever came, and so stops
too soon when a read brings less. Exits 1 when the reply is not what the command puts out.
argv: ADDRESS COMMAND EXPECTED"""

import struct
import sys

import wire

client = wire.dialled(sys.argv[1])
client.send(sys.argv[2].encode("utf-8"))
total = struct.unpack("i", wire.exactly(client, 4))[0]
got = b""
counted = 0
while counted < total:
    got += client.recv(10)
    counted += 10
client.close()
sys.exit(0 if got == sys.argv[3].encode("utf-8") else 1)
