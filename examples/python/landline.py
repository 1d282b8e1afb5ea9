"""Runs programs on another machine, and gets files from it, over landline/1, with Python's standard
library only.

    landline.py pair --key KEY.pem --cert CERT.pem TICKET
    landline.py exec --key KEY.pem --cert CERT.pem --peer HEXID HOST:PORT -- PROGRAM ARG...
    landline.py get  --key KEY.pem --cert CERT.pem --peer HEXID HOST:PORT PATH [--to FILE|-]

Standard input, output and error and the exit status of `exec` are the program's own. `get` brings
one file, to the file's own name here, to FILE, or to standard output (`-`). Its size and its SHA-256
are verified before a FILE gets its name; standard output has seen it by then, and the exit status
tells: 0, or 255 and a sentence on standard error. PROTOCOL.md describes what goes over the wire. `landline id --export DIR` writes key and certificate; `pair` tells HEXID
and HOST:PORT. It runs where `select` takes files and pipes: on everything but Windows.
"""

import argparse, base64, contextlib, hashlib, hmac, json, os, select, signal, socket, ssl, struct
import sys, tempfile

HELLO, CALL, REPLY, ENTRY, HAVE, CREDIT, END, DONE, ERROR, SIGNAL = range(0x81, 0x8B)
HOLE = 0x8D
DATA, DATA2, ARGS = 0xC1, 0xC2, 0xC3
WINDOW = 256 * 1024


def fail(sentence):
    print("landline.py:", sentence, file=sys.stderr)
    sys.exit(255)


def field(der, at):
    """Where the DER value at `at` has its content, and where it ends."""
    length, at = der[at + 1], at + 2
    if length > 127:
        digits = length - 128
        length, at = int.from_bytes(der[at : at + digits], "big"), at + digits
    return at, at + length


def identity(certificate):
    """The SHA-256 of a certificate's public key: the seventh field of its first part."""
    at, _ = field(certificate, field(certificate, 0)[0])
    if certificate[at] == 0xA0:  # the version, which only old certificates leave out
        at = field(certificate, at)[1]
    for _ in ("serial", "signature", "issuer", "validity", "subject"):
        at = field(certificate, at)[1]
    return hashlib.sha256(certificate[at : field(certificate, at)[1]]).hexdigest()


def dial(address, key, cert, peer):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the key is what counts
    context.set_alpn_protocols(["landline/1"])
    context.load_cert_chain(cert, key)
    host, port = address.rsplit(":", 1)
    line = context.wrap_socket(socket.create_connection((host.strip("[]"), int(port)), 10))
    if not hmac.compare_digest(identity(line.getpeercert(True)), peer.lower()):
        fail("this is not the server it should be: its key is another one")
    if line.selected_alpn_protocol() != "landline/1":
        fail("the server does not speak landline/1")
    return line


def send(line, kind, payload):
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    line.sendall(struct.pack(">BBHI", kind, 0, 0, len(data)) + data)


def exactly(line, count):
    data = bytearray()
    while len(data) < count:
        piece = line.recv(min(count - len(data), 65536))
        if not piece:
            fail("the line has ended too early")
        data += piece
    return bytes(data)


def receive(line):
    """The next frame of a known kind: its number, and its bytes or its JSON."""
    while True:
        kind, _, reserved, length = struct.unpack(">BBHI", exactly(line, 8))
        if reserved or length > (0x100000 if kind & 0x40 else 0x10000):
            fail("the server breaks the protocol")
        data = exactly(line, length)
        if kind == ERROR:
            value = json.loads(data)
            print("landline.py:", ascii(f"{value['code']}: {value['message']}"), file=sys.stderr)
            sys.exit({"program-missing": 127, "program-not-executable": 126}.get(value["code"], 255))
        if not kind:
            fail("the server breaks the protocol")
        if kind & 0x80:
            return kind, data if kind & 0x40 else json.loads(data)


def expect(line, wanted):
    kind, value = receive(line)
    if kind != wanted:
        fail(f"the server sent {kind:#x} where {wanted:#x} was due")
    return value


def greet(line):
    """Both HELLOs. Whether the server knows our key."""
    send(line, HELLO, {"version": 1, "software": "landline.py"})
    return expect(line, HELLO).get("known", False)


def read_ticket(text):
    """The server's identity, the ticket's id and secret, and the server's addresses."""
    start, _, rest = text.strip().lower().partition("-")
    data = base64.b32decode(rest.upper() + "=" * (-len(rest) % 8))
    if start != "landline1" or data[-4:] != hashlib.sha256(data[:-4]).digest()[:4]:
        fail("this is no ticket, or not all of it")
    peer, identifier, secret, addresses, at = data[1:33], data[33:41], data[41:57], [], 58
    for _ in range(data[57]):
        addresses.append(data[at + 1 : at + 1 + data[at]].decode())
        at += 1 + data[at]
    return peer, identifier.hex(), secret, addresses


def pair(line, us, peer, identifier, secret):
    """Pairs by a ticket, and gives the server's answer."""

    def proof(side):
        return hmac.digest(secret, b"landline/1 pair " + side + us + peer, "sha256").hex()

    greet(line)
    call = {"service": "pair", "ticket": identifier, "proof": proof(b"client")}
    send(line, CALL, {**call, "name": socket.gethostname()})
    reply = expect(line, REPLY)
    if not hmac.compare_digest(proof(b"server"), reply["proof"]):
        fail("the server does not hold the ticket: not paired")
    return reply


def exec(line, words, env=(), stdin=0, stdout=1, stderr=2):
    """Runs `words`, lists of bytes, and gives the exit status."""
    if not greet(line):
        fail("the server does not know this key: pair first")
    line.settimeout(None)
    call = {"service": "exec", "args": len(words), "env": len(env), "stdin": True, "window": WINDOW}
    send(line, CALL, call)
    strings = b"".join(text + b"\0" for text in (*words, *env))
    for at in range(0, len(strings), 0x100000):
        send(line, ARGS, strings[at : at + 0x100000])
    send(line, END, {"stream": "args"})
    credit, reading, came = expect(line, REPLY)["window"], True, {"out": 0, "err": 0}
    wake, woken = socket.socketpair()
    woken.setblocking(False)
    for caught in (signal.SIGINT, signal.SIGTERM):  # they go to the program, by way of `wake`
        signal.signal(caught, lambda *_: None)
    signal.set_wakeup_fd(woken.fileno())
    while True:
        watched = [line, wake] + [stdin] * (reading and credit > 0)
        pending = isinstance(line, ssl.SSLSocket) and line.pending()
        ready = select.select(watched, [], [], 0 if pending else None)[0]
        if wake in ready:
            for number in wake.recv(64):
                send(line, SIGNAL, {"signal": signal.Signals(number).name[3:]})
        if stdin in ready:
            data = os.read(stdin, min(credit, 65536))
            credit, reading = credit - len(data), bool(data)
            send(line, *((DATA, data) if data else (END, {"stream": "in"})))
        if not pending and line not in ready:
            continue
        kind, value = receive(line)
        if kind in (DATA, DATA2):
            stream, to = ("out", stdout) if kind == DATA else ("err", stderr)
            came[stream] += len(value)
            left = memoryview(value)
            while left:
                left = left[os.write(to, left) :]
            send(line, CREDIT, {"stream": stream, "bytes": len(value)})
        elif kind == CREDIT:
            credit += value["bytes"]
        elif kind == DONE:
            if any(value[stream] != count for stream, count in came.items()):
                fail("not all of the output has come")
            if "exit" in value:
                return value["exit"]
            return 128 + getattr(signal, "SIG" + value["signal"], 0)
        elif kind != END:
            fail(f"the server sent {kind:#x} in a call")


def name(path):
    """A name as it stands in JSON: text, or its bytes where it is none."""
    try:
        return os.fsencode(path).decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(os.fsencode(path)).decode()}


@contextlib.contextmanager
def placed(to):
    """A file without the name `to`, which it gets in the end if nothing has failed."""
    if to == "-":
        yield sys.stdout.buffer
        return sys.stdout.buffer.flush()
    part = tempfile.NamedTemporaryFile(dir=os.path.dirname(to) or ".", delete=False)
    try:
        with part:
            yield part
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, to)
    except BaseException:
        os.unlink(part.name)
        raise


def refused(value):
    fail(ascii(f"{value['code']}: {value['message']}"))


def get(line, path, to=None):
    """Gets the one file `path` to the file `to`, or to standard output for `-`."""
    if not greet(line):
        fail("the server does not know this key: pair first")
    line.settimeout(None)
    call = {"service": "files", "op": "get", "paths": [name(path)], "digests": ["sha256"]}
    send(line, CALL, {**call, "window": WINDOW})
    expect(line, REPLY)
    entry = expect(line, ENTRY)
    if "code" in entry:
        refused(entry)
    last = path.rpartition("/")[2]  # in which a share may stand: SHARE:NAME
    names = [text for text in (last, last.partition(":")[2]) if text and entry["name"] == name(text)]
    if entry["type"] != "file" or not names:
        fail("this is no file of that name; folders and patterns are for `landline get`")
    send(line, HAVE, {"through": 0})
    with placed(to or names[0]) as out:
        take(line, entry, out)
        if to != "-":
            os.fchmod(out.fileno(), entry["mode"] & 0o755)


def take(line, entry, out):
    """The content of the call's only file, verified, and what follows up to DONE."""
    digest, size, came, whole = hashlib.sha256(), 0, 0, False
    while True:
        kind, value = receive(line)
        if kind in (DATA, HOLE) and not whole:
            for piece in [value] if kind == DATA else zeros(value["bytes"]):
                out.write(piece)
                digest.update(piece)
                size += len(piece)
            came += len(value) if kind == DATA else 0
            cost = len(value) if kind == DATA else 4096
            send(line, CREDIT, {"stream": "out", "bytes": cost})
        elif kind == END and "code" in value:
            refused(value)
        elif kind == END and "entry" in value:
            whole = value["digest"] == digest.hexdigest() and size == entry.get("size", size)
            if not whole:
                fail("what came is not what was sent")
        elif kind == DONE and whole and value["out"] == came:
            return
        elif kind != END:
            fail(f"the server sent {kind:#x} where something else was due")


def zeros(count):
    """So many, in pieces of 1 MiB at most."""
    return (bytes(min(0x100000, count - at)) for at in range(0, count, 0x100000))


def run_exec(asked):
    return exec(dial(asked.address, asked.key, asked.cert, asked.peer), asked.words)


def run_get(asked):
    get(dial(asked.address, asked.key, asked.cert, asked.peer), asked.path, asked.to)
    return 0


def run_pair(asked):
    peer, identifier, secret, addresses = read_ticket(asked.ticket)
    with open(asked.cert) as certificate:
        us = bytes.fromhex(identity(ssl.PEM_cert_to_DER_cert(certificate.read())))
    line = dial(addresses[0], asked.key, asked.cert, peer.hex())
    reply = pair(line, us, peer, identifier, secret)
    print(f"--peer {peer.hex()} {addresses[0]}", ascii(reply["granted"]))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(required=True)
    both = argparse.ArgumentParser(add_help=False)
    both.add_argument("--key", required=True)
    both.add_argument("--cert", required=True)
    verb = verbs.add_parser("exec", parents=[both])
    verb.add_argument("--peer", required=True)
    verb.add_argument("address", metavar="HOST:PORT")
    verb.add_argument("words", nargs="+", type=os.fsencode, metavar="-- PROGRAM ARG")
    verb.set_defaults(run=run_exec)
    verb = verbs.add_parser("get", parents=[both])
    verb.add_argument("--peer", required=True)
    verb.add_argument("address", metavar="HOST:PORT")
    verb.add_argument("path")
    verb.add_argument("--to", metavar="FILE|-")
    verb.set_defaults(run=run_get)
    verb = verbs.add_parser("pair", parents=[both])
    verb.add_argument("ticket")
    verb.set_defaults(run=run_pair)
    asked = parser.parse_args()
    try:
        sys.exit(asked.run(asked))
    except (OSError, ValueError) as error:
        fail(error)


if __name__ == "__main__":
    main()
