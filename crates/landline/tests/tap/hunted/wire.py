"""What both ends of a correct program need: all of what was announced, however it comes. Addresses are
those of the tutorial's scripts, which stand in PYTHONPATH."""

import place

dialled = place.dialled
listener = place.listener


def exactly(sock, count):
    """The next `count` bytes."""
    got = b""
    while len(got) < count:
        more = sock.recv(count - len(got))
        if not more:
            raise ConnectionError("hung up within a message")
        got += more
    return got


def line(sock):
    """The next line, without its end; None when there is none."""
    got = b""
    while not got.endswith(b"\n"):
        more = sock.recv(1)
        if not more:
            return None
        got += more
    return got[:-1]
