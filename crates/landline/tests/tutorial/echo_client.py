"""T3 and T5, the client: each word is sent without a newline, then one read of RECV bytes is
printed. argv: ADDRESS RECV WORD..."""

import sys

import place

client = place.dialled(sys.argv[1])
for word in sys.argv[3:]:
    if not word:
        continue
    client.send(word.encode("utf-8"))
    print(client.recv(int(sys.argv[2])), flush=True)
client.close()
