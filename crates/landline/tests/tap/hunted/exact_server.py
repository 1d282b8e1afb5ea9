"""T6, the server, as it should be: a command ends with its line, however it comes. argv: ADDRESS"""

import struct
import subprocess
import sys

import wire

server = wire.listener(sys.argv[1])
while True:
    conn, addr = server.accept()
    try:
        while (command := wire.line(conn)) is not None:
            done = subprocess.run(command.decode("utf-8"), shell=True, capture_output=True)
            reply = done.stderr + done.stdout
            conn.sendall(struct.pack("i", len(reply)) + reply)
    except ConnectionError:
        pass
    conn.close()
