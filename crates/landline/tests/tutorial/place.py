"""Sockets from one word, so that every script runs on each family: tcp://HOST:PORT, unix:PATH,
udp://HOST:PORT, unixgram:PATH. It knows nothing of what is said on them."""

import itertools
import os
import socket
import sys

numbers = itertools.count()


def split(address):
    """The family, the kind and the socket address that `address` names."""
    if address.startswith("unix:"):
        return socket.AF_UNIX, socket.SOCK_STREAM, address[len("unix:"):]
    if address.startswith("unixgram:"):
        return socket.AF_UNIX, socket.SOCK_DGRAM, address[len("unixgram:"):]
    scheme, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    kind = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}[scheme]
    if host.startswith("["):
        return socket.AF_INET6, kind, (host[1:-1], int(port))
    return socket.AF_INET, kind, (host, int(port))


def say_where(bound, address):
    """Says `listening ADDRESS` on stderr, as landline does, with the port that was chosen."""
    if bound.family != socket.AF_UNIX:
        address = address.rpartition(":")[0] + ":" + str(bound.getsockname()[1])
    print("listening", address, file=sys.stderr, flush=True)


def listener(address, backlog=5):
    """A listening stream socket."""
    family, kind, where = split(address)
    sock = socket.socket(family, kind)
    sock.bind(where)
    sock.listen(backlog)
    say_where(sock, address)
    return sock


def dialled(address):
    """A connected stream socket."""
    family, kind, where = split(address)
    sock = socket.socket(family, kind)
    sock.connect(where)
    return sock


def receiver(address):
    """A bound datagram socket."""
    family, kind, where = split(address)
    sock = socket.socket(family, kind)
    sock.bind(where)
    say_where(sock, address)
    return sock


def sender(address):
    """A datagram socket that can be answered, and where to send: on unixgram that takes a path."""
    family, kind, where = split(address)
    sock = socket.socket(family, kind)
    sock.settimeout(20)
    if family == socket.AF_UNIX:
        sock.bind("%s.%d.%d" % (where, os.getpid(), next(numbers)))
    return sock, where


def forget(sock):
    """Closes a datagram socket and takes its path away."""
    path = sock.getsockname() if sock.family == socket.AF_UNIX else None
    sock.close()
    if path:
        os.unlink(path)
