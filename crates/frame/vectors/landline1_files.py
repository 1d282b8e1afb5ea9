"""The bytes of files calls. Their frames are made as landline1.py makes all of them."""

import hashlib

from blake3_groups import GROUP, blake3, values
from landline1 import client, control, greeting, server, session, without, wrong

SHA256 = hashlib.sha256(b"hello").hexdigest()
NAME = {"b64": "YS//"}  # a/ and a byte that is no text
GET = {
    "service": "files", "op": "get", "paths": ["project"], "digests": ["blake3", "sha256"],
    "check": False, "window": 1048576,
}  # fmt: skip
PUT = {
    "service": "files", "op": "put", "to": "in", "digests": ["sha256"], "force": False,
    "check": False,
}  # fmt: skip
LIST = {"service": "files", "op": "list", "paths": ["project"]}
MISSING = {"code": "path-missing", "message": "no such path"}
SPENT = {"code": "disk-full", "message": "no room"}

# A file whose byte at `i` is `i % 251`, and the BLAKE3 of it.
PATTERN = bytes(at % 251 for at in range(3 * GROUP + 7))
WHOLE = blake3(PATTERN)


def entry(name, size=None, kind="file", mode=0o644, **more):
    """Keys in the order of PROTOCOL.md."""
    told = {"name": name, "type": kind, "size": size, "mode": mode, "mtime": 1700000000, **more}
    order = ("name", "type", "ask", "size", "stored", "mode", "mtime", "mtime_ns", "source")
    keys = [key for key in order if key in told] + [key for key in told if key not in order]
    return {key: told[key] for key in keys if told[key] is not None}


def folder(name):
    return entry(name, kind="folder", mode=0o755)


def have(through, **answer):
    return {"through": through, **answer}


def resume(through, groups):
    return have(through, groups=groups, values=values(PATTERN, groups))


def end(number, data=b"hello"):
    return {"entry": number, "digest": hashlib.sha256(data).hexdigest()}


def failed(number, code="given-up"):
    return {"entry": number, "code": code, "message": "no more"}


def done(out, taken):
    return server("DONE", {"out": out, "err": 0, "in": taken, "timed_out": False})


FILE = entry("a", 5)
# A call of each sort up to its REPLY; SENT_* up to a file whose content has gone.
GOT = (*greeting(), client("CALL", GET), server("REPLY", {"window": 0, "digest": "sha256"}))
GOT_BLAKE3 = (*GOT[:-1], server("REPLY", {"window": 0, "digest": "blake3"}))
GIVEN = (*greeting(), client("CALL", PUT), server("REPLY", {"window": 8, "digest": "sha256"}))
LISTED = (*greeting(), client("CALL", LIST), server("REPLY", {"window": 0}))
ASKED = (*GOT, server("ENTRY", FILE), server("ENTRY", FILE))
WANTED = (*ASKED, client("HAVE", have(1)))
GIVEN_ALL = (
    *GIVEN, client("ENTRY", FILE), server("HAVE", have(0)), client("DATA", b"hello"),
    client("END", end(0)), client("END", {"stream": "in"}),
)  # fmt: skip
LARGE = entry("large", len(PATTERN), source="1-2f-9c")
RESUMED = (*GOT_BLAKE3, server("ENTRY", LARGE), client("HAVE", resume(0, 3)))


def get_a_folder():
    return session(
        "get: a folder, of which some is skipped, refused, given up or cannot be read",
        *GOT,
        server("ENTRY", folder("project")),
        server("ENTRY", entry("project/a", 5, mtime_ns=5)),
        server("ENTRY", entry("project/b", 7)),
        server("ENTRY", {**entry("project/link", kind="link", mode=0o777),
                         "code": "not-regular", "message": "a link"}),
        client("HAVE", have(1)),
        client("HAVE", have(2, skip=True)),
        client("HAVE", have(3)),
        server("ENTRY", entry("project/disk", 8194, stored=4096)),
        server("DATA", b"hel"),
        server("ENTRY", entry("project/empty", 0)),
        server("DATA", b"lo"),
        server("END", end(1)),
        client("CREDIT", {"stream": "out", "bytes": 5}),
        client("HAVE", have(5)),
        server("HOLE", {"bytes": 8192}),
        server("DATA", b"xy"),
        server("END", end(4, bytes(8192) + b"xy")),
        server("END", end(5, b"")),
        server("ENTRY", entry("project/s", 9)),
        server("ENTRY", entry("project/t", 9)),
        server("ENTRY", entry("project/u", 9)),
        client("HAVE", have(6)),
        client("HAVE", have(7, code="exists", message="a folder stands there")),
        client("HAVE", have(8)),
        server("DATA", b"12345"),
        client("END", {"entry": 6, **SPENT}),
        server("END", failed(6)),
        server("END", failed(8, "unreadable")),
        server("END", {"stream": "out"}),
        done(12, 0),
        client("CALL", {"service": "status"}),
    )  # fmt: skip


TAKEN = [
    get_a_folder(),
    session(
        "get: a file of which three groups are there already",
        *RESUMED,
        server("DATA", PATTERN[3 * GROUP :]),
        server("END", {"entry": 0, "digest": WHOLE}),
        server("END", {"stream": "out"}),
        done(7, 0),
    ),
    session(
        "get: only two of them are right, and then the file changes",
        *RESUMED,
        server("HAVE", {"entry": 0, "groups": 2}),
        server("DATA", b"hello"),
        server("END", failed(0, "source-changed")),
        server("END", {"stream": "out"}),
        done(5, 0),
    ),
    session(
        "get: a stream whose size nobody knows",
        *GOT,
        server("ENTRY", entry("a")),
        client("HAVE", have(0)),
        server("DATA", b"hello"),
        server("END", end(0)),
        server("END", {"stream": "out"}),
        done(5, 0),
    ),
    session(
        "put: two files, of which one is there already",
        *GIVEN,
        client("ENTRY", FILE),
        client("ENTRY", entry("b", 5)),
        client("ENTRY", entry("c", 5)),
        server("HAVE", have(0)),
        server("HAVE", have(1, code="exists", message="it stands there")),
        server("HAVE", have(2)),
        client("DATA", b"hello"),
        client("END", end(0)),
        client("DATA", b"hel"),
        server("END", end(0)),
        server("CREDIT", {"stream": "in", "bytes": 5}),
        client("DATA", b"lo"),
        client("END", end(2)),
        client("END", {"stream": "in"}),
        server("END", {"entry": 2, **SPENT}),
        server("END", {"stream": "out"}),
        done(0, 10),
    ),
    session(
        "put: cancelled in the middle of a file",
        *GIVEN,
        client("ENTRY", FILE),
        server("HAVE", have(0)),
        client("DATA", b"hel"),
        client("CANCEL", {}),
        server("END", {"stream": "out"}),
        done(0, 3),
    ),
    session(
        "list; a put to where no folder is; stat of what is not there",
        *LISTED,
        server("ENTRY", folder("src")),
        server("ENTRY", entry("Makefile", 300)),
        server("ENTRY", entry(NAME, 1)),
        server("END", {"stream": "out"}),
        done(0, 0),
        client("CALL", PUT),
        server("ERROR", {"code": "path-missing", "message": "no such folder", "retry": False}),
        client("CALL", {**LIST, "op": "stat"}),
        server("REPLY", {"window": 0}),
        server("ENTRY", {**entry("project", kind="other", mode=0), **MISSING}),
        server("END", {"stream": "out"}),
        done(0, 0),
    ),
]


# Whatever breaks a rule, last of its steps.
BROKEN = {
    "a digest that was not offered": (
        *GIVEN[:-1], server("REPLY", {"window": 0, "digest": "blake3"})),
    "no digest": (*GOT[:-1], server("REPLY", {"window": 0})),
    "an entry from the receiver": (*GOT, client("ENTRY", FILE)),
    "an entry before REPLY": (*GIVEN[:-1], client("ENTRY", FILE)),
    "an entry in another call": (
        *greeting(), client("CALL", {"service": "echo", "window": 8}),
        server("REPLY", {"window": 8}), client("ENTRY", FILE)),
    "an entry of a path that was not asked for": (*GOT, server("ENTRY", entry("a", 5, ask=1))),
    "an answer from the sender": (*GOT, server("ENTRY", FILE), server("HAVE", have(0))),
    "an answer in a list": (*LISTED, server("ENTRY", FILE), client("HAVE", have(0))),
    "content in a list": (*LISTED, server("ENTRY", FILE), server("DATA", b"hello")),
    "an answer to what is not announced": (*ASKED, client("HAVE", have(2))),
    "a second answer": (*ASKED, client("HAVE", have(0)), client("HAVE", have(0))),
    "two refused at once": (*ASKED, client("HAVE", have(1, **SPENT))),
    "two resumed at once": (
        *GOT_BLAKE3, *ASKED[-2:], client("HAVE", resume(1, 1))),
    "a folder is resumed": (
        *GOT_BLAKE3, server("ENTRY", folder("a")), client("HAVE", resume(0, 1))),
    "a stream is resumed": (
        *GOT_BLAKE3, server("ENTRY", entry("a")), client("HAVE", resume(0, 1))),
    "a file is resumed with sha256": (
        *GOT, server("ENTRY", LARGE), client("HAVE", resume(0, 1))),
    "nothing is left of a resumed file": (
        *GOT_BLAKE3, server("ENTRY", entry("a", GROUP)), client("HAVE", resume(0, 1))),
    "content of what is not wanted": (*ASKED, server("DATA", b"h")),
    "a hole in what is not wanted": (*ASKED, server("HOLE", {"bytes": 5})),
    "content from the receiver": (*GIVEN, client("ENTRY", FILE), server("DATA", b"h")),
    "more than the file": (*WANTED, server("DATA", b"hello!")),
    "a hole beyond the file": (*WANTED, server("HOLE", {"bytes": 6})),
    "a short hole": (*RESUMED[:-1], client("HAVE", have(0)), server("HOLE", {"bytes": 4095})),
    "a hole beyond the credit": (
        *GIVEN, client("ENTRY", FILE), server("HAVE", have(0)), client("HOLE", {"bytes": 5})),
    "another file ends": (*WANTED, server("END", failed(1))),
    "what is not wanted ends": (*ASKED, server("END", failed(0))),
    "a digest of half a file": (*WANTED, server("DATA", b"hell"), server("END", end(0))),
    "a whole file begins elsewhere": (*WANTED, server("HAVE", {"entry": 0, "groups": 0})),
    "a file begins beyond": (*RESUMED, server("HAVE", {"entry": 0, "groups": 4})),
    "a file begins after its first byte": (
        *RESUMED, server("DATA", b"h"), server("HAVE", {"entry": 0, "groups": 2})),
    "a file begins twice": (
        *RESUMED, server("HAVE", {"entry": 0, "groups": 2}),
        server("HAVE", {"entry": 0, "groups": 2})),
    "the receiver ends what it does not want": (
        *ASKED, client("HAVE", have(0, skip=True)), client("END", failed(0))),
    "the receiver ends a file twice": (
        *WANTED, client("END", failed(0)), client("END", failed(0))),
    "the receiver has a file before it ends": (*WANTED, client("END", end(0))),
    "the stream ends before an answer": (*ASKED, server("END", {"stream": "out"})),
    "the stream ends before a file": (*WANTED, server("END", {"stream": "out"})),
    "an entry after the end": (*GOT, server("END", {"stream": "out"}), server("ENTRY", FILE)),
    "the receiver's stream ends first": (*GIVEN, server("END", {"stream": "out"})),
    "the receiver's stream ends before its word on a file": (
        *GIVEN_ALL, server("END", {"stream": "out"})),
    "DONE does not say what was taken": (
        *GOT, server("END", {"stream": "out"}),
        server("DONE", {"out": 0, "err": 0, "timed_out": False})),
    "DONE has taken less": (
        *GIVEN_ALL, server("END", end(0)), server("END", {"stream": "out"}), done(0, 4)),
}  # fmt: skip

FILES = {
    "controls": [
        control("CALL", GET),
        control("CALL", {**GET, "paths": ["a*", NAME], "check": True, "window": 0}),
        control("CALL", PUT),
        control("CALL", {**PUT, "to": "", "digests": ["sha256", "blake3"], "force": True}),
        control("CALL", LIST),
        control("CALL", {**LIST, "op": "stat", "paths": ["", "."]}),
        control("REPLY", {"window": 0, "digest": "blake3"}),
        control("REPLY", {"window": 1048576, "digest": "sha256"}),
        control("ENTRY", folder("文件/é")),
        control("ENTRY", entry(NAME, 0, mode=0)),
        control("ENTRY", entry("a", None, ask=1)),
        control("ENTRY", entry("a", 2**63 - 1, stored=4096, mtime_ns=999999999, source="0-z")),
        control("ENTRY", {**entry("a", 1), "mtime": -1}),
        control("ENTRY", {**entry("a/b", 3, "link"), "code": "not-regular", "message": ""}),
        control("ENTRY", entry("a", 0, "other")),
        control("HAVE", have(0)),
        control("HAVE", have(2**64 - 1, skip=True)),
        control("HAVE", resume(3, 1)),
        control("HAVE", resume(3, 3)),
        control("HAVE", have(9, code="exists", message="it stands there")),
        control("HAVE", {"entry": 3, "groups": 0}),
        control("HOLE", {"bytes": 4096}),
        control("HOLE", {"bytes": 2**63 - 1}),
        control("END", end(0)),
        control("END", {**end(0), "same": True}),
        control("END", failed(7)),
        control("END", {**failed(7, "of-tomorrow"), "retry": True}),
        control("DONE", {"out": 5, "err": 0, "in": 0, "timed_out": False}),
    ],
    "controls_refused": [
        *(wrong("control-key-missing", "CALL", without(GET, key))
          for key in ("op", "paths", "digests", "window")),
        *(wrong("control-key-missing", "CALL", without(PUT, key)) for key in ("to", "digests")),
        wrong("control-key-missing", "CALL", without(LIST, "paths")),
        wrong("control-wrong-type", "CALL", {**GET, "paths": "a"}),
        wrong("control-wrong-type", "CALL", {**GET, "paths": [1]}),
        wrong("control-wrong-type", "CALL", {**GET, "digests": "blake3"}),
        wrong("control-wrong-type", "CALL", {**PUT, "to": {"b46": "YQ=="}}),
        wrong("control-out-of-range", "CALL", {**GET, "op": "move"}),
        wrong("control-out-of-range", "CALL", {**GET, "paths": []}),
        wrong("control-out-of-range", "CALL", {**GET, "paths": ["a\0b"]}),
        wrong("control-out-of-range", "CALL", {**GET, "paths": ["a" * 4097]}),
        wrong("control-out-of-range", "CALL", {**GET, "digests": ["md5"]}),
        wrong("control-out-of-range", "CALL", {**GET, "window": 16777217}),
        wrong("control-out-of-range", "CALL", {**PUT, "to": {"b64": "YS//="}}),
        *(wrong("control-key-missing", "ENTRY", without(FILE, key))
          for key in ("name", "type", "mode", "mtime")),
        wrong("control-key-missing", "ENTRY", {**FILE, "code": "unreadable"}),
        wrong("control-key-missing", "ENTRY", {**FILE, "message": "no"}),
        wrong("control-wrong-type", "ENTRY", {**FILE, "size": -1}),
        wrong("control-wrong-type", "ENTRY", {**FILE, "size": "5"}),
        wrong("control-wrong-type", "ENTRY", {**FILE, "mtime": 0.5}),
        wrong("control-wrong-type", "ENTRY", {**FILE, "name": ["a"]}),
        *(wrong("control-out-of-range", "ENTRY", {**FILE, "name": name})
          for name in ("", "/a", "a/", "a//b", ".", "..", "a/../b", "a\0", "a" * 4097,
                       {"b64": ""}, {"b64": "Li4="}, {"b64": "YQA="}, {"b64": "YQ"})),
        wrong("control-out-of-range", "ENTRY", {**FILE, "type": "File"}),
        wrong("control-out-of-range", "ENTRY", {**FILE, "size": 2**63}),
        wrong("control-out-of-range", "ENTRY", {**folder("a"), "size": 0}),
        wrong("control-out-of-range", "ENTRY", {**FILE, "stored": 6}),
        wrong("control-out-of-range", "ENTRY", {**folder("a"), "stored": 0}),
        wrong("control-out-of-range", "ENTRY", {**FILE, "mode": 0o1000}),
        wrong("control-out-of-range", "ENTRY", {**FILE, "mtime_ns": 10**9}),
        *(wrong("control-out-of-range", "ENTRY", {**FILE, "source": source})
          for source in ("", "A", "a" * 65)),
        wrong("control-out-of-range", "ENTRY", {**folder("a"), "source": "1"}),
        wrong("control-key-missing", "HAVE", {}),
        wrong("control-key-missing", "HAVE", {"entry": 0}),
        wrong("control-key-missing", "HAVE", without(resume(0, 1), "groups")),
        wrong("control-key-missing", "HAVE", without(resume(0, 1), "values")),
        wrong("control-out-of-range", "HAVE", {"through": 0, "entry": 0, "groups": 0}),
        wrong("control-out-of-range", "HAVE", {**resume(0, 1), "skip": True}),
        wrong("control-out-of-range", "HAVE", {**resume(0, 1), **SPENT}),
        wrong("control-out-of-range", "HAVE", have(0, skip=True, **SPENT)),
        wrong("control-out-of-range", "HAVE", {**resume(0, 1), "groups": 3}),
        wrong("control-out-of-range", "HAVE", have(0, groups=0, values=[])),
        wrong("control-out-of-range", "HAVE", have(0, groups=2**43, values=[WHOLE])),
        wrong("control-out-of-range", "HAVE", have(0, groups=1, values=[WHOLE[1:]])),
        wrong("control-out-of-range", "HAVE", {"entry": 0, "groups": 2**43}),
        wrong("control-key-missing", "HOLE", {}),
        wrong("control-out-of-range", "HOLE", {"bytes": 0}),
        wrong("control-out-of-range", "HOLE", {"bytes": 2**63}),
        wrong("control-key-missing", "END", {"entry": 0}),
        wrong("control-out-of-range", "END", {**end(0), "stream": "out"}),
        wrong("control-out-of-range", "END", {**end(0), **SPENT}),
        wrong("control-out-of-range", "END", {"entry": 0, "digest": SHA256[1:]}),
        wrong("control-wrong-type", "END", {**end(0), "same": 1}),
        wrong("control-wrong-type", "DONE", {"out": 0, "in": "0"}),
    ],
    "sessions": [
        *TAKEN,
        *(session(f"files: {name}", *steps, error="protocol") for name, steps in BROKEN.items()),
    ],
    "resumes": [
        {"size": len(PATTERN), "groups": count, "values": values(PATTERN, count), "digest": WHOLE}
        for count in (1, 2, 3)
    ],
}  # fmt: skip
