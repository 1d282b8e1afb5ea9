"""Sends two lines and waits for both answers then. It gives the target time to read the first alone, as
a person who types does. Exits 1 when an answer is wrong or does not come. argv: ADDRESS"""

import select
import sys

import wire

client = wire.dialled(sys.argv[1])
client.settimeout(0.5)
client.sendall(b"one\n")
# Whether the answer to the first is there by then is all the same: it is not read.
select.select([client], [], [], 0.06)
client.sendall(b"three\n")
try:
    answers = [wire.line(client), wire.line(client)]
except TimeoutError:
    answers = []
sys.exit(0 if answers == [b"4", b"6"] else 1)
