"""Runs a program on another machine over landline/1, with Python's standard library only.

    landline.py exec --key KEY.pem --cert CERT.pem --peer HEXID HOST:PORT -- PROGRAM ARG...

Standard input, output and error and the exit status are the program's own. PROTOCOL.md describes
what goes over the wire. `landline id --export DIR` writes key and certificate; HEXID is the
server's identity. It runs where `select` takes files and pipes: on everything but Windows.
"""

import argparse, hashlib, hmac, json, os, select, signal, socket, ssl, struct, sys

HELLO, CALL, REPLY, CREDIT, END, DONE, ERROR, SIGNAL = *range(0x81, 0x84), *range(0x86, 0x8B)
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
            refusal = json.loads(data)
            print("landline.py:", ascii(refusal["message"]), refusal["code"], file=sys.stderr)
            sys.exit({"program-missing": 127, "program-not-executable": 126}.get(refusal["code"], 255))
        if kind & 0x80:
            return kind, data if kind & 0x40 else json.loads(data)


def expect(line, wanted):
    kind, value = receive(line)
    if kind != wanted:
        fail(f"the server sent {kind:#x} where {wanted:#x} was due")
    return value


def exec(line, words, env=(), stdin=0, stdout=1, stderr=2):
    """Runs `words`, lists of bytes, and gives the exit status."""
    send(line, HELLO, {"version": 1, "software": "landline.py"})
    if not expect(line, HELLO).get("known"):
        fail("the server does not know this key: pair first")
    line.settimeout(None)
    call = {"service": "exec", "args": len(words), "env": len(env), "stdin": True, "window": WINDOW}
    send(line, CALL, call)
    strings = b"".join(text + b"\0" for text in (*words, *env))
    for at in range(0, len(strings), 0x100000):
        send(line, ARGS, strings[at : at + 0x100000])
    send(line, END, {"stream": "args"})
    credit, reading = expect(line, REPLY)["window"], True
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
            left = memoryview(value)
            while left:
                left = left[os.write(to, left) :]
            send(line, CREDIT, {"stream": stream, "bytes": len(value)})
        elif kind == CREDIT:
            credit += value["bytes"]
        elif kind == DONE:
            if "exit" in value:
                return value["exit"]
            return 128 + getattr(signal, "SIG" + value["signal"], 0)
        elif kind != END:
            fail(f"the server sent {kind:#x} in a call")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("exec")
    for option in ("--key", "--cert", "--peer"):
        verb.add_argument(option, required=True)
    verb.add_argument("address", metavar="HOST:PORT")
    verb.add_argument("words", nargs="+", type=os.fsencode, metavar="-- PROGRAM ARG")
    asked = parser.parse_args()
    try:
        sys.exit(exec(dial(asked.address, asked.key, asked.cert, asked.peer), asked.words))
    except OSError as error:
        fail(error)


if __name__ == "__main__":
    main()
