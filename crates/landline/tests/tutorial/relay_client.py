"""T12, the members: COUNT of them join one after another with a greeting, each then speaks once.
Prints what each of them got, in order. argv: ADDRESS COUNT [no-self]"""

import sys

import place

count = int(sys.argv[2])
own = 0 if sys.argv[3:] == ["no-self"] else 1
members = []
for number in range(count):
    sock, where = place.sender(sys.argv[1])
    members.append((sock, []))
    sock.sendto(b"join %d" % number, where)
    for member, got in members[: number + own]:
        got.append(member.recvfrom(1024)[0])
for number, (sock, _) in enumerate(members):
    sock.sendto(b"word %d" % number, where)
    for other, (member, got) in enumerate(members):
        if other != number or own:
            got.append(member.recvfrom(1024)[0])
for sock, got in members:
    print(got, flush=True)
    place.forget(sock)
