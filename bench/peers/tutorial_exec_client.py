"""The tutorial's remote command client (T7), for one command given as arguments."""

import socket
import struct
import sys

port, command = int(sys.argv[1]), sys.argv[2]
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect(("127.0.0.1", port))
client.send(command.encode("utf-8"))
total = struct.unpack("i", client.recv(4))[0]
data = b""
while len(data) < total:
    part = client.recv(1024)
    if not part:
        sys.exit(1)
    data += part
print(data.decode("utf-8"), end="")
client.close()
