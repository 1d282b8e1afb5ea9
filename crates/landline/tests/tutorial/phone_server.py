"""T1, the server: accepts one client, reads once, answers `hello`, hangs up both ends."""

import sys

import place

phone = place.listener(sys.argv[1])
conn, addr = phone.accept()
data = conn.recv(1024)
print(data, flush=True)
conn.send(b"hello")
conn.close()
phone.close()
