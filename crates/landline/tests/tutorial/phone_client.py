"""T1, the client: sends one message, prints the answer, then what follows it (b'' is a hang-up)."""

import sys

import place

phone = place.dialled(sys.argv[1])
phone.send(sys.argv[2].encode("utf-8"))
print(phone.recv(1024), flush=True)
print(phone.recv(1024), flush=True)
phone.close()
