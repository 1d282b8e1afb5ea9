"""Takes one read for a whole answer, and waits for ever when that is less. argv: ADDRESS"""

import signal
import sys

import wire

client = wire.dialled(sys.argv[1])
client.sendall(b"hello")
if client.recv(1024) != b"HELLO":
    signal.pause()
