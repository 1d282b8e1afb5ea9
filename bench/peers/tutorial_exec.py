"""The tutorial's remote command server (T6): one read is one command line for the shell; the
reply is a native 4-byte length, then stderr, then stdout. One client at a time."""

import socket
import struct
import subprocess
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", 0))
server.listen(5)
print("listening tcp://127.0.0.1:%d" % server.getsockname()[1], file=sys.stderr, flush=True)
while True:
    client, _ = server.accept()
    while True:
        try:
            command = client.recv(1024)
            if not command:
                break
            child = subprocess.Popen(
                command.decode("utf-8"),
                shell=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            error = child.stderr.read()
            output = child.stdout.read()
            child.stderr.close()
            child.stdout.close()
            child.wait()
            client.send(struct.pack("i", len(error) + len(output)))
            client.sendall(error)
            client.sendall(output)
        except ConnectionError:
            break
    client.close()
