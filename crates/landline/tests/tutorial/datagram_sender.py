"""T10 and T13, the sender: sends each word as one datagram, prints where it was sent from.
argv: ADDRESS WORD..."""

import sys

import place

client, where = place.sender(sys.argv[1])
for word in sys.argv[2:]:
    client.sendto(word.encode("utf-8"), where)
print(client.getsockname(), flush=True)
place.forget(client)
