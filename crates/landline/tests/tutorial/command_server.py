"""T6, the server: each read is a command line for the shell; back go 4 bytes of length, all of
stderr, all of stdout. argv: ADDRESS [STRUCT (i)] [ENCODING of what a command prints]"""

import struct
import subprocess
import sys

import place

shape = sys.argv[2] if len(sys.argv) > 2 else "i"
encoding = sys.argv[3] if len(sys.argv) > 3 else None
server = place.listener(sys.argv[1], 5)
while True:
    conn, addr = server.accept()
    while True:
        try:
            cmd = conn.recv(1024)
            if not cmd:
                break
            print(cmd, flush=True)
            obj = subprocess.Popen(
                cmd.decode("utf-8"), shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            stdout = obj.stdout.read()
            stderr = obj.stderr.read()
            obj.wait()
            reply = stderr + stdout
            if encoding:
                reply = reply.decode("utf-8").encode(encoding)
            conn.send(struct.pack(shape, len(reply)))
            conn.sendall(reply)
        except ConnectionError:
            break
    conn.close()
