"""T11, the client: sends each word, prints what comes back. argv: ADDRESS WORD..."""

import sys

import place

client, where = place.sender(sys.argv[1])
for word in sys.argv[2:]:
    client.sendto(word.encode("utf-8"), where)
    print(client.recvfrom(1024)[0], flush=True)
place.forget(client)
