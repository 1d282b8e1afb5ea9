"""The bytes of landline/1. How they are written down is write.py's."""

import hashlib
import json
import struct

CONTROL = 64 * 1024
BODY = 1024 * 1024
KINDS = {
    "HELLO": 0x81, "CALL": 0x82, "REPLY": 0x83, "ENTRY": 0x84, "HAVE": 0x85, "CREDIT": 0x86,
    "END": 0x87, "DONE": 0x88, "ERROR": 0x89, "SIGNAL": 0x8A, "CANCEL": 0x8B, "PAIR": 0x8C,
    "HOLE": 0x8D,
    "EVENT": 0x01, "RESIZE": 0x02, "PING": 0x03, "PONG": 0x04,
    "DATA": 0xC1, "DATA2": 0xC2, "ARGS": 0xC3,
}  # fmt: skip


def frame_header(kind, length, flags=0, reserved=0):
    return struct.pack(">BBHI", kind, flags, reserved, length)


def frame(name, payload, flags=0):
    head = frame_header(KINDS[name], len(payload), flags)
    return {"kind": name, "flags": flags, "payload": payload.hex(), "hex": (head + payload).hex()}


def limit(kind):
    return BODY if kind & 0x40 else CONTROL


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def control(name, value):
    """A control frame as the library writes it: no spaces, keys in the order of PROTOCOL.md."""
    text = compact(value)
    head = frame_header(KINDS[name], len(text.encode()))
    return {"kind": name, "json": text, "hex": (head + text.encode()).hex()}


def wrong(error, name, value):
    """A payload that is no frame of this kind."""
    if isinstance(value, bytes):
        return {"error": error, "kind": name, "hex": value.hex()}
    text = value if isinstance(value, str) else compact(value)
    return {"error": error, "kind": name, "hex": text.encode().hex()}


def words(argv, env):
    variables = [name + b"=" + value for name, value in env]
    return {
        "argv": [word.hex() for word in argv],
        "env": [[name.hex(), value.hex()] for name, value in env],
        "hex": b"".join(text + b"\0" for text in argv + variables).hex(),
    }


def wrong_words(error, data, argv, env):
    return {"error": error, "hex": data.hex(), "args": argv, "env": env}


PROOF = hashlib.sha256(b"proof").hexdigest()
EXEC = {
    "service": "exec", "args": 2, "env": 1, "dir": None, "timeout_ms": None,
    "shell": False, "stdin": True, "window": 262144,
}  # fmt: skip
PAIR = {"service": "pair", "ticket": "0123456789abcdef", "proof": PROOF, "name": "laptop"}
PAIRED = {"name": "box", "granted": ["echo", 'exec:["/bin/df","-h"]'], "proof": PROOF}
STATUS = {
    "software": "landline 0.1.0", "uptime_s": 3600, "peers": 1, "lines": 2, "calls": 1,
    "calls_total": 42,
}  # fmt: skip


def without(value, key):
    return {name: held for name, held in value.items() if name != key}


def hello(known=None):
    value = {"version": 1, "software": "example 1"}
    return value if known is None else {**value, "known": known}


def client(name, value):
    return step("client", name, value)


def server(name, value):
    return step("server", name, value)


def step(side, name, value):
    payload = value if isinstance(value, bytes) else compact(value).encode()
    return {"from": side, "kind": name, "hex": frame(name, payload)["hex"]}


def session(name, *steps, error=None):
    """A line from its first frame to its last. `error` is what the last frame makes at the side
    that takes it."""
    return {"name": name, "steps": list(steps), **({"error": error} if error else {})}


def greeting(known=True):
    return client("HELLO", hello()), server("HELLO", hello(known))


WORDS = b"cat\0-\0LANG=C\0"
CALLED = (
    *greeting(),
    client("CALL", EXEC),
    client("ARGS", WORDS[:5]),
    client("ARGS", WORDS[5:]),
    client("END", {"stream": "args"}),
)
OPENED = (*CALLED, server("REPLY", {"window": 10}))
ENDED = (server("END", {"stream": "out"}), server("END", {"stream": "err"}))
ECHO = {"service": "echo", "window": 8}


def done(**value):
    return server("DONE", {**value, "timed_out": False})


LANDLINE1 = {
    "kinds": [{"name": name, "number": kind, "max": limit(kind)} for name, kind in KINDS.items()],
    "frames": [
        frame("PING", b"{}"),
        frame("EVENT", '{"x": "文件"}'.encode()),
        frame("DATA", b"hello"),
        frame("DATA", b""),
        frame("DATA2", bytes(range(256)), flags=0x80),
        frame("ARGS", b"ls\0-l\0\xff\0"),
    ],
    "headers_taken": [
        {"kind": name, "length": limit(kind), "hex": frame_header(kind, limit(kind)).hex()}
        for name, kind in KINDS.items()
    ],
    "headers_skipped": [
        {"number": kind, "length": length, "hex": frame_header(kind, length, flags).hex()}
        for kind, length, flags in [
            (0x05, 0, 0), (0x3F, CONTROL, 0), (0x40, 1, 0), (0x7F, BODY, 0xFF),
        ]  # fmt: skip
    ],
    "headers_refused": [
        {"error": error, "hex": head.hex()}
        for error, head in [
            ("frame-kind-zero", frame_header(0, 0)),
            ("frame-kind-zero", frame_header(0, 2**32 - 1)),
            ("frame-kind-unknown", frame_header(0x80, 0)),
            ("frame-kind-unknown", frame_header(0x8E, 2**32 - 1)),
            ("frame-kind-unknown", frame_header(0xFF, 0)),
            ("frame-reserved", frame_header(KINDS["DATA"], 0, reserved=1)),
            ("frame-reserved", frame_header(KINDS["DATA"], 2**32 - 1, reserved=0x100)),
            ("frame-reserved", frame_header(0xFF, 0, reserved=0xFFFF)),
            ("frame-too-long", frame_header(0x3F, CONTROL + 1)),
            ("frame-too-long", frame_header(0x7F, BODY + 1)),
            ("frame-too-long", frame_header(KINDS["PING"], 2**32 - 1)),
            *(("frame-too-long", frame_header(kind, limit(kind) + 1)) for kind in KINDS.values()),
        ]
    ],
    "controls": [
        control("HELLO", hello()),
        control("HELLO", {"version": 1, "software": "landline 0.1.0", "known": False}),
        control("CALL", EXEC),
        control("CALL", {**EXEC, "dir": "/tmp/文件 é", "timeout_ms": 1500, "stdin": False}),
        control("CALL", {**EXEC, "args": 1, "env": 0, "shell": True, "window": 16777216}),
        control("CALL", ECHO),
        control("CALL", {**ECHO, "service": "x-1", "parameters": {"a": [1, None]}}),
        control("CALL", PAIR),
        control("CALL", {"service": "status"}),
        control("REPLY", {"window": 0}),
        control("REPLY", PAIRED),
        control("REPLY", STATUS),
        control("CREDIT", {"stream": "in", "bytes": 1}),
        control("CREDIT", {"stream": "out", "bytes": 16777216}),
        control("END", {"stream": "args"}),
        control("END", {"stream": "err"}),
        control("DONE", {"exit": 0, "out": 0, "err": 0, "timed_out": False}),
        control("DONE", {"exit": -1, "out": 2**63, "err": 7, "timed_out": False}),
        control("DONE", {"signal": "KILL", "out": 1, "err": 0, "timed_out": True}),
        control("DONE", {"out": 5, "err": 0, "timed_out": False}),
        control("ERROR", {"code": "not-granted", "message": "no \"exec\"\n", "retry": False}),
        control("ERROR", {"code": "of-tomorrow", "message": "", "retry": True}),
        control("SIGNAL", {"signal": "INT"}),
        control("CANCEL", {}),
        control("PING", {"data": "文件"}),
        control("PONG", {"data": ""}),
    ],
    "controls_refused": [
        wrong("control-not-utf8", "PING", b'{"data":"\xff"}'),
        wrong("control-not-utf8", "PING", '{"data":"x"}'.encode("utf-16")),
        wrong("control-not-json", "PING", ""),
        wrong("control-not-json", "PING", "x"),
        wrong("control-not-json", "PING", '{"data":"x"'),
        wrong("control-not-json", "PING", '{"data":"x"}{}'),
        wrong("control-not-json", "PING", '\ufeff{"data":"x"}'),
        wrong("control-not-json", "PING", "{'data':'x'}"),
        wrong("control-not-an-object", "CANCEL", "null"),
        wrong("control-not-an-object", "CANCEL", [{}]),
        wrong("control-not-an-object", "EVENT", "7"),
        wrong("control-too-deep", "PING", '{"x":' + "[" * 16 + "]" * 16 + "}"),
        wrong("control-too-deep", "PING", "[" * 10000),
        wrong("control-too-many-keys", "PING", {str(key): key for key in range(65)}),
        wrong("control-key-twice", "PING", '{"data":"x","data":"y"}'),
        wrong("control-key-twice", "PING", '{"x":1,"x":1}'),
        wrong("control-key-twice", "HELLO", compact(hello())[:-1] + ',"\\u0076ersion":1}'),
        *(wrong("control-key-missing", "HELLO", without(hello(), key)) for key in hello()),
        *(wrong("control-key-missing", "CALL", without(PAIR, key)) for key in PAIR),
        *(wrong("control-key-missing", "CALL", without(EXEC, key)) for key in ("args", "window")),
        wrong("control-key-missing", "HELLO", {**hello(), "version": None}),
        wrong("control-key-missing", "CREDIT", {"stream": "in"}),
        wrong("control-key-missing", "END", {}),
        wrong("control-key-missing", "DONE", {"exit": 0}),
        wrong("control-key-missing", "ERROR", {"code": "busy"}),
        wrong("control-key-missing", "SIGNAL", {}),
        wrong("control-wrong-type", "HELLO", {**hello(), "version": "1"}),
        wrong("control-wrong-type", "HELLO", {**hello(), "version": 1.0}),
        wrong("control-wrong-type", "HELLO", {**hello(), "version": -1}),
        wrong("control-wrong-type", "HELLO", {**hello(), "version": 2**32}),
        wrong("control-wrong-type", "HELLO", {**hello(), "software": 1}),
        wrong("control-wrong-type", "HELLO", {**hello(), "known": "true"}),
        wrong("control-wrong-type", "CALL", {**EXEC, "args": "2"}),
        wrong("control-wrong-type", "CALL", {**EXEC, "dir": ["/"]}),
        wrong("control-wrong-type", "CALL", {**EXEC, "timeout_ms": 0.5}),
        wrong("control-wrong-type", "CALL", {**EXEC, "shell": 0}),
        wrong("control-wrong-type", "PING", {"data": 1}),
        wrong("control-wrong-type", "PING", '{"data":"\\ud800"}'),
        wrong("control-out-of-range", "CALL", {**EXEC, "service": "Exec"}),
        wrong("control-out-of-range", "CALL", {**EXEC, "service": ""}),
        wrong("control-out-of-range", "CALL", {**EXEC, "service": "x" * 65}),
        wrong("control-out-of-range", "CALL", {**EXEC, "args": 0}),
        wrong("control-out-of-range", "CALL", {**EXEC, "args": 131073}),
        wrong("control-out-of-range", "CALL", {**EXEC, "env": 131071}),
        wrong("control-out-of-range", "CALL", {**EXEC, "shell": True}),
        wrong("control-out-of-range", "CALL", {**EXEC, "dir": "a\0b"}),
        wrong("control-out-of-range", "CALL", {**EXEC, "window": 16777217}),
        wrong("control-out-of-range", "CALL", {**PAIR, "proof": PROOF[1:]}),
        wrong("control-out-of-range", "CALL", {**PAIR, "proof": "g" + PROOF[1:]}),
        wrong("control-out-of-range", "CREDIT", {"stream": "IN", "bytes": 1}),
        wrong("control-out-of-range", "CREDIT", {"stream": "in", "bytes": 0}),
        wrong("control-out-of-range", "CREDIT", {"stream": "in", "bytes": 16777217}),
        wrong("control-out-of-range", "END", {"stream": "all"}),
        wrong("control-out-of-range", "DONE", {"exit": 0, "signal": "INT", "out": 0}),
        wrong("control-out-of-range", "SIGNAL", {"signal": ""}),
        wrong("control-out-of-range", "SIGNAL", {"signal": "int"}),
        wrong("control-out-of-range", "SIGNAL", {"signal": "X" * 17}),
    ],
    "words": [
        words([b"ls"], []),
        words([b"printf", b"", b"a b\n", b"\xff\xfe", b"--"], []),
        words([b"env"], [(b"LANG", b"C"), (b"EMPTY", b""), (b"A", b"b=c"), (b"\xff", b"\xff")]),
    ],
    "words_refused": [
        wrong_words("args-unended", b"ls", 1, 0),
        wrong_words("args-count-differs", b"", 1, 0),
        wrong_words("args-count-differs", b"ls\0", 2, 0),
        wrong_words("args-count-differs", b"ls\0-l\0", 1, 0),
        wrong_words("args-not-a-variable", b"ls\0A\0", 1, 1),
        wrong_words("args-not-a-variable", b"ls\0=b\0", 1, 1),
        wrong_words("args-not-a-variable", b"ls\0\0", 1, 1),
        wrong_words("args-count", b"", 0, 0),
        wrong_words("args-count", b"", 131072, 1),
    ],
    "sessions": [
        session(
            "exec, then status, then ping",
            *OPENED,
            client("DATA", b"hello"),
            client("DATA", b"world"),
            server("DATA", b"hello"),
            server("CREDIT", {"stream": "in", "bytes": 5}),
            client("CREDIT", {"stream": "out", "bytes": 5}),
            server("DATA2", b"oh\n"),
            client("DATA", b"!"),
            client("END", {"stream": "in"}),
            server("DATA", b"world!"),
            *ENDED,
            done(exit=0, out=11, err=3),
            client("CALL", {"service": "status"}),
            server("REPLY", STATUS),
            client("PING", {"data": "1"}),
            server("PONG", {"data": "1"}),
        ),
        session(
            "a signal",
            *OPENED,
            client("SIGNAL", {"signal": "TERM"}),
            *ENDED,
            server("DONE", {"signal": "TERM", "out": 0, "err": 0, "timed_out": False}),
        ),
        session(
            "echo",
            *greeting(),
            client("CALL", ECHO),
            server("REPLY", {"window": 8}),
            client("DATA", b"hi"),
            server("DATA", b"hi"),
            client("END", {"stream": "in"}),
            server("END", {"stream": "out"}),
            done(out=2, err=0),
        ),
        session(
            "a call is refused, and the next one is taken",
            *CALLED,
            server("ERROR", {"code": "not-granted", "message": "no", "retry": False}),
            client("CALL", ECHO),
            server("REPLY", {"window": 8}),
            client("CANCEL", {}),
            server("END", {"stream": "out"}),
            done(out=0, err=0),
        ),
        session("pair", *greeting(False), client("CALL", PAIR), server("REPLY", PAIRED)),
        session(
            "a stranger calls exec", *greeting(False), client("CALL", EXEC), error="unknown-peer"
        ),
        session("a call before HELLO", client("CALL", EXEC), error="protocol"),
        session(
            "version 2", client("HELLO", {"version": 2, "software": "x"}), error="unsupported"
        ),
        session("two HELLOs", *greeting(), client("HELLO", hello()), error="protocol"),
        session("bytes between calls", *greeting(), client("DATA", b"x"), error="protocol"),
        session("bytes before REPLY", *CALLED, client("DATA", b"x"), error="protocol"),
        session("a call in a call", *OPENED, client("CALL", ECHO), error="protocol"),
        session("a ping in a call", *OPENED, client("PING", {"data": ""}), error="protocol"),
        session("an empty body", *OPENED, client("DATA", b""), error="protocol"),
        session("beyond the credit", *OPENED, client("DATA", b"x" * 11), error="protocol"),
        session("the server's stream", *OPENED, client("DATA2", b"x"), error="protocol"),
        session(
            "bytes after END",
            *OPENED,
            client("END", {"stream": "in"}),
            client("DATA", b"x"),
            error="protocol",
        ),
        session(
            "too much credit",
            *OPENED,
            client("CREDIT", {"stream": "out", "bytes": 16777216}),
            error="protocol",
        ),
        session("the wrong END", *OPENED, client("END", {"stream": "out"}), error="protocol"),
        session(
            "words that the call does not count",
            *CALLED[:3],
            client("ARGS", b"cat\0"),
            client("END", {"stream": "args"}),
            error="protocol",
        ),
        session("PAIR is not defined yet", *greeting(), client("PAIR", {}), error="protocol"),
        session("DONE before END", *OPENED, done(exit=0, out=0, err=0), error="protocol"),
        session(
            "DONE counts otherwise", *OPENED, *ENDED, done(exit=0, out=1, err=0), error="protocol"
        ),
        session(
            "DONE without an end", *OPENED, *ENDED, done(out=0, err=0), error="protocol"
        ),
        session("output before REPLY", *CALLED, server("DATA", b"x"), error="protocol"),
        session(
            "beyond the client's credit",
            *greeting(),
            client("CALL", ECHO),
            server("REPLY", {"window": 0}),
            server("DATA", b"x" * 9),
            error="protocol",
        ),
    ],
}
