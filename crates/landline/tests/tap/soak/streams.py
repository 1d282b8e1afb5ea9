"""Both ends of connections through a tap at once: every byte that comes is compared with what was
sent, in both directions. argv: TARGET-ADDRESS CONNECTIONS BYTES SEED TO-SERVER TO-CLIENT, the last
two being what is to come of a direction: whole, cut:N, reset:N or stall:N. It says where it listens,
is told the tap's address on its input, says `settled` when nothing more is to come, and at last what
came, or what was wrong."""

import array
import errno
import json
import os
import random
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..", "tutorial"))
import place  # noqa: E402

WAYS = ("to-server", "to-client")
PATIENCE = 100


def pattern(key, way, count):
    """Bytes that tell their connection, direction and place; the first is the connection's key."""
    first = (key << 24) + (WAYS.index(way) << 23)
    numbers = array.array("I", range(first, first + count // 4 + 1))
    numbers.byteswap()
    return numbers.tobytes()[:count]


class Way:
    """One direction of one connection: who sends, who receives, and what came."""

    def __init__(self, way, expected, count):
        self.way, self.expected, self.count = way, expected, count
        self.stop, _, at = expected.partition(":")
        self.at = int(at or count)
        self.came, self.ending, self.wrong = 0, None, None
        self.news = threading.Condition()

    def send(self, sock, key, chance):
        data, at = memoryview(pattern(key, self.way, self.count)), 0
        pause = threading.Event()
        try:
            while at < self.count:
                size = chance.choice((1, 3, 7, 100, 1000, 10_000, 70_000))
                sock.sendall(data[at:at + size])
                at += size
                if chance.random() < 0.05:
                    pause.wait(chance.random() / 500)
            sock.shutdown(socket.SHUT_WR)
        except ConnectionError:
            return "reset"
        except OSError as error:
            # A reset came since: the end's other call learns of it.
            if error.errno != errno.ENOTCONN:
                raise

    def receive(self, sock, chance, learn):
        try:
            self.read(sock, chance, learn)
            ending = "end"
        except ConnectionError:
            ending = "reset"
        learn(None)
        self.note(lambda: setattr(self, "ending", ending))

    def read(self, sock, chance, learn):
        key = None
        pause = threading.Event()
        # One that waits first has its sender wait, too: the tap then holds what it cannot pass on.
        pause.wait(chance.choice((0, 0.1)))
        while data := sock.recv(chance.choice((1, 10, 1000, 65_536, 262_144))):
            if key is None:
                key = learn(data[0])
                sent = pattern(key, self.way, self.count)
            if data != sent[self.came:self.came + len(data)]:
                differ = (at for at, byte in enumerate(data) if sent[self.came + at:][:1] != bytes((byte,)))
                self.wrong = self.wrong or "byte %d of connection %d" % (self.came + next(differ), key)
            self.note(lambda: setattr(self, "came", self.came + len(data)))
            if chance.random() < 0.05:
                pause.wait(chance.random() / 200)

    def note(self, change):
        with self.news:
            change()
            self.news.notify_all()

    def settle(self):
        """Waits until it has ended, or has come as far as a stall lets it."""
        with self.news:
            far = self.news.wait_for(self.is_settled, PATIENCE)
        if not far:
            raise RuntimeError("%s (%s): only %d bytes came" % (self.way, self.expected, self.came))

    def is_settled(self):
        return self.ending or self.wrong or self.stop == "stall" and self.came >= self.at

    def verdict(self, other, saw_reset):
        """What is wrong, if anything is."""
        if self.wrong:
            return self.wrong
        if self.stop == "reset":
            right = self.came <= self.at and saw_reset
        elif other.stop == "reset":
            # Of the two calls of an end that a reset meets, one learns of it.
            right = self.came <= self.at if saw_reset else self.came == self.at
        else:
            right = self.came == self.at and (self.stop == "stall" or self.ending == "end")
        return None if right else "%d bytes came of %s, then: %s" % (self.came, self.expected, self.ending)


class Connection:
    """Both ends of it."""

    def __init__(self, words, count):
        self.ways = {way: Way(way, word, count) for way, word in zip(WAYS, words)}
        self.saw_reset = {way: False for way in WAYS}
        self.threads = []

    def play(self, sock, comes, key, seed):
        """One end: sends in one direction and receives the one that `comes`."""
        goes = WAYS[1 - WAYS.index(comes)]
        keys, known = [key], threading.Event()
        if key is not None:
            known.set()

        def learn(first):
            if keys[0] is None:
                keys[0] = first
            known.set()
            return keys[0]

        def sender():
            known.wait(PATIENCE)
            if keys[0] is not None and self.ways[goes].send(sock, keys[0], random.Random(seed)):
                self.saw_reset[comes] = True

        def receiver():
            self.ways[comes].receive(sock, random.Random(-1 - seed), learn)

        self.threads += [threading.Thread(target=it, daemon=True) for it in (sender, receiver)]
        for thread in self.threads[-2:]:
            thread.start()

    def verdicts(self):
        for thread in self.threads:
            thread.join(PATIENCE)
        for way, other in (WAYS, WAYS[::-1]):
            it = self.ways[way]
            saw_reset = self.saw_reset[way] or it.ending == "reset"
            wrong = it.verdict(self.ways[other], saw_reset)
            if wrong:
                yield way + ": " + wrong


def main(address, connections, count, seed, *words):
    listening = place.listener(address)
    # Whoever waits for what is settled sees why it is not.
    sys.stderr = sys.stdout
    tap = sys.stdin.readline().strip()
    all_of_them, socks = [], []
    for key in range(int(connections)):
        connection = Connection(words, int(count))
        client = place.dialled(tap)
        server = listening.accept()[0]
        all_of_them.append(connection)
        for sock in (client, server):
            socks.append(sock)
            sock.settimeout(PATIENCE)
            # Little, so that the tap has to hold what it cannot pass on; but with less than one segment
            # of a loopback the kernel drops what came, and waits ever longer before it sends it again.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            if sock.family != socket.AF_UNIX:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.play(server, "to-server", None, 2 * int(seed))
        connection.play(client, "to-client", key, 2 * int(seed) + 1)
    for connection in all_of_them:
        for way in connection.ways.values():
            way.settle()
    print("settled", flush=True)
    sys.stdin.read()
    wrong = [each for connection in all_of_them for each in connection.verdicts()]
    for sock in socks:
        sock.close()
    came = {way: sum(it.ways[way].came for it in all_of_them) for way in WAYS}
    print(json.dumps({**came, "wrong": wrong}), flush=True)


main(*sys.argv[1:])
