"""Says one thing and leaves at once, without waiting for an answer. argv: ADDRESS WORD"""

import sys

import place

client = place.dialled(sys.argv[1])
client.send(sys.argv[2].encode("utf-8"))
client.close()
