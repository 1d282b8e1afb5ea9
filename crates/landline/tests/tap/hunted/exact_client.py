"""T7, the client, as it should be: it reads until all is there that was announced. It sends several
commands, each a line or a read, once the reply to the one before is there. argv: ADDRESS line|read COMMAND EXPECTED..."""

import struct
import sys

import wire

client = wire.dialled(sys.argv[1])
end = b"\n" if sys.argv[2] == "line" else b""
for command, expected in zip(sys.argv[3::2], sys.argv[4::2]):
    client.sendall(command.encode("utf-8") + end)
    total = struct.unpack("i", wire.exactly(client, 4))[0]
    got = wire.exactly(client, total)
    if got != expected.encode("utf-8"):
        print("not the reply:", got, file=sys.stderr)
        sys.exit(1)
client.close()
