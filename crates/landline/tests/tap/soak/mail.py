"""Both ends of datagrams through a tap at once: what came is compared, one by one and in its order,
with what was sent and what the tap told of it. argv: TARGET-ADDRESS CLIENTS COUNT SEED MOVE..., the
moves being the tap's. It says where it listens, is told the tap's address and the file that the tap's
objects go to on its input, says `settled` when nothing more is to come, and at last what came, or
what was wrong."""

import collections
import json
import os
import random
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..", "tutorial"))
import place  # noqa: E402

WAYS = ("to-server", "to-client")
PATIENCE = 100
TOLD = {"--drop": "dropped", "--twice": "twice", "--reorder": "reordered", "--stall": "stopped"}
BATCH = 8


class Told:
    """What the tap told of one direction of one client: what it read, and what is to come of that."""

    def __init__(self):
        self.reads, self.order, self.writes = [], [], []

    def take(self, event, data):
        if event == "read":
            self.reads.append(data)
            self.order.append(data)
        elif event in ("dropped", "stopped"):
            self.order.pop()
        elif event == "twice":
            self.order.append(self.reads[-1])
        elif event == "reordered":
            if self.order[-2] != data:
                raise RuntimeError("the tap says that another was passed than the one before")
            self.order[-2:] = self.order[:-3:-1]
        else:
            self.writes.append(data)


class Tap:
    """The tap's objects, as far as they are written."""

    def __init__(self, path, moves):
        self.file, self.rest = open(path, "rb"), b""
        self.names, self.counts = {}, collections.Counter()
        self.told = collections.defaultdict(Told)
        pairs = zip(moves[::2], moves[1::2])
        self.allowed = {(way, TOLD[option]) for option, value in pairs if option in TOLD
                        for way in WAYS if ":" not in value or value.startswith(way)}

    def look(self):
        *lines, self.rest = (self.rest + self.file.read()).split(b"\n")
        for line in lines:
            self.take(json.loads(line))

    def take(self, object):
        event, way = object["event"], object.get("direction")
        if event == "opened":
            # A path, or a port: the host of a client that sends from anywhere is its own matter.
            self.names[object["connection"]] = object["client"].rpartition(":")[2]
        elif event in ("read", "write") or (way, event) in self.allowed:
            data = bytes.fromhex(object["hex"]) if "hex" in object else object.get("text", "").encode()
            self.told[self.names[object["connection"]], way].take(event, data)
            self.counts[way, event] += 1
        elif event not in ("closed", "summary"):
            raise RuntimeError("no move asked for this: %s" % object)


class Ends:
    """The client's sockets and the target's, what went into them and what came out."""

    def __init__(self, target, tap, clients):
        self.target, self.tap = target, tap
        self.clients = [place.sender(tap)[0] for _ in range(clients)]
        self.to_tap = place.split(tap)[2]
        self.places = {}
        self.sent, self.came = collections.defaultdict(list), collections.defaultdict(list)
        for sock in (target, *self.clients):
            sock.settimeout(PATIENCE)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)

    def say(self, key, way, data):
        self.sent[key, way].append(data)
        if way == "to-server":
            self.clients[key].sendto(data, self.to_tap)
        else:
            self.target.sendto(data, self.places[key])

    def hear(self, wait):
        ready = select.select((self.target, *self.clients), (), (), wait)[0]
        for sock in ready:
            data, sender = sock.recvfrom(1 << 20, socket.MSG_DONTWAIT)
            if sock is self.target:
                if sender not in self.places.values():
                    self.places[int(data.split()[1])] = sender
                key = next(key for key, place in self.places.items() if place == sender)
                self.came[key, "to-server"].append(data)
            else:
                self.came[self.clients.index(sock), "to-client"].append(data)
        return ready

    def name(self, key):
        """The client as the tap's objects are kept by: its path or port."""
        where = self.clients[key].getsockname()
        return where if isinstance(where, str) else str(where[1])


def settle(ends, tap):
    """Waits until the tap has read all that was sent, and all has come that it keeps."""
    until = time.monotonic() + PATIENCE
    while True:
        tap.look()
        heard = ends.hear(0.001)
        open_ones = [(key, way) for key, way in ends.sent if not is_settled(ends, tap, key, way)]
        if not open_ones and not heard:
            return
        if time.monotonic() > until:
            key, way = open_ones[0]
            told = tap.told[ends.name(key), way]
            counts = [len(it) for it in (ends.sent[key, way], told.reads, told.order, told.writes)]
            raise RuntimeError("client %d %s: of %d sent %d were read, of %d kept %d written, and %d came"
                             % (key, way, *counts, len(ends.came[key, way])))


def is_settled(ends, tap, key, way):
    told = tap.told[ends.name(key), way]
    return (len(told.reads) == len(ends.sent[key, way])
            and len(told.order) == len(told.writes) == len(ends.came[key, way]))


def greet(ends, tap):
    """Each client is known to the target once a greeting gets through."""
    for key in range(len(ends.clients)):
        while key not in ends.places:
            ends.say(key, "to-server", b"client %d" % key)
            settle(ends, tap)


def talk(ends, tap, count, chance):
    """Some datagrams from everybody at a time: so few that the queues of the kernel lose none."""
    number = 0
    while number < count:
        large = chance.randrange(BATCH)
        for place_in_batch in range(BATCH):
            number += 1
            for key in range(len(ends.clients)):
                for way in WAYS:
                    size = chance.choice((0, 1, 20, 200, 1400))
                    if place_in_batch == large and key == number % len(ends.clients):
                        size = 20_000
                    text = b"%d %s %d " % (key, way.encode(), number)
                    ends.say(key, way, (text + chance.randbytes(size))[:max(size, 0)])
        settle(ends, tap)


def verdicts(ends, tap):
    for key, way in list(ends.sent):
        told, came = tap.told[ends.name(key), way], ends.came[key, way]
        for one, other, what in (
            (ends.sent[key, way], told.reads, "it reads something else than was sent"),
            (told.order, told.writes, "it writes something else than what it told"),
            (told.writes, came, "something else comes than what it wrote"),
        ):
            if one != other:
                pairs = enumerate(zip(one, other))
                at = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
                yield "client %d %s, number %d: %s" % (key, way, at, what)


def main(address, clients, count, seed, *moves):
    target = place.receiver(address)
    # Whoever waits for what is settled sees why it is not.
    sys.stderr = sys.stdout
    where, path = sys.stdin.readline().split()
    tap, ends = Tap(path, moves), Ends(target, where, int(clients))
    greet(ends, tap)
    talk(ends, tap, int(count), random.Random(int(seed)))
    print("settled", flush=True)
    sys.stdin.read()
    tap.look()
    while ends.hear(0):
        pass
    wrong = list(verdicts(ends, tap))
    for sock in ends.clients:
        place.forget(sock)
    said = {way: {event: tap.counts[way, event] for event in ("read", "write", *TOLD.values())} for way in WAYS}
    for way in WAYS:
        said[way]["bytes"] = sum(len(data) for key, each in ends.came if each == way
                                 for data in ends.came[key, way])
    print(json.dumps({**said, "wrong": wrong}), flush=True)


main(*sys.argv[1:])
