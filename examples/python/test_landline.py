"""Checks landline.py against the golden vectors, without a server: `python3 test_landline.py`."""

import base64, contextlib, hashlib, hmac, io, json, os, pathlib, shutil, signal, socket, ssl, struct
import subprocess, sys, tempfile, threading, unittest

sys.dont_write_bytecode = True
import landline

VECTORS = pathlib.Path(__file__).parents[2] / "crates/frame/vectors/landline1.json"
TABLES = json.loads(VECTORS.read_text())


def der(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    return bytes([tag, length] if length < 128 else [tag, 130, *divmod(length, 256)]) + content


def algorithm():
    return der(0x30, der(6, bytes([0x2B, 0x65, 0x70])))


class Case(unittest.TestCase):
    def pair(self):
        ends = socket.socketpair()
        for end in ends:
            end.settimeout(10)
            self.addCleanup(end.close)
        return ends


class Frames(Case):
    def test_kinds_are_those_of_the_vectors(self):
        for row in TABLES["kinds"]:
            number = getattr(landline, row["name"], row["number"])
            self.assertEqual(number, row["number"], row["name"])

    def test_frames_come_and_go(self):
        for row in TABLES["controls"]:
            kind, wire = landline.__dict__.get(row["kind"]), bytes.fromhex(row["hex"])
            if kind is None or kind == landline.ERROR:
                continue
            with self.subTest(row["json"]):
                near, far = self.pair()
                far.sendall(wire)
                self.assertEqual(landline.receive(near), (kind, json.loads(row["json"])))
                landline.send(near, kind, row["json"].encode())
                self.assertEqual(landline.exactly(far, len(wire)), wire)

    def test_headers_that_break_the_rules_end_it(self):
        for row in TABLES["headers_refused"]:
            if row["error"] in ("frame-reserved", "frame-too-long", "frame-kind-zero"):
                near, far = self.pair()
                far.sendall(bytes.fromhex(row["hex"]))
                with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                    landline.receive(near)

    def test_what_may_be_passed_over_is(self):
        near, far = self.pair()
        for row in TABLES["headers_skipped"]:
            if row["length"] < 2:
                far.sendall(bytes.fromhex(row["hex"]) + b"x" * row["length"])
        far.sendall(struct.pack(">BBHI", landline.DATA, 0, 0, 1) + b"y")
        self.assertEqual(landline.receive(near), (landline.DATA, b"y"))

    def test_a_refusal_says_why_and_gives_its_status(self):
        for code, status in (("program-missing", 127), ("not-granted", 255)):
            near, far = self.pair()
            landline.send(far, landline.ERROR, {"code": code, "message": "\x1b[2J"})
            said = io.StringIO()
            with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as end:
                landline.receive(near)
            self.assertEqual(end.exception.code, status)
            self.assertNotIn("\x1b", said.getvalue())

    def test_a_certificate_gives_its_own_key(self):
        """Another key's bytes stand in its issuer, where a search would find them first."""
        key, other = (der(0x30, algorithm(), der(3, b"\0" + bytes([n]) * 32)) for n in (1, 2))
        for version in (b"", der(0xA0, der(2, b"\2"))):
            parts = [der(2, b"\1"), algorithm(), der(0x30, other * 6), der(0x30), der(0x30), key]
            whole = der(0x30, der(0x30, version, *parts), algorithm(), der(3, b"\0"))
            self.assertEqual(landline.identity(whole), hashlib.sha256(key).hexdigest())


@unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificates")
class Dial(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.key, self.cert = folder.name + "/key.pem", folder.name + "/cert.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=x"]
        out = ["-keyout", self.key, "-out", self.cert]
        subprocess.run(make + out, check=True, stderr=subprocess.DEVNULL)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.cert, self.key)
        certificate = ssl.PEM_cert_to_DER_cert(pathlib.Path(self.cert).read_text())
        self.peer = landline.identity(certificate)

    def dial(self, peer, *protocols):
        self.context.set_alpn_protocols(protocols)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            with contextlib.suppress(OSError), listener.accept()[0] as end:
                end.settimeout(10)
                with self.context.wrap_socket(end, server_side=True) as line:
                    line.sendall(b"\x8b\0\0\0\0\0\0\2{}")
                    line.recv(1)

        server = threading.Thread(target=serve)
        server.start()
        self.addCleanup(server.join)
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        line = landline.dial(address, self.key, self.cert, peer)
        self.addCleanup(line.close)
        return line

    def test_the_key_that_was_asked_for(self):
        line = self.dial(self.peer.upper(), "landline/1")
        self.assertEqual(landline.receive(line), (0x8B, {}))

    def test_another_key_ends_it(self):
        self.refuses("key", "0" * 64, "landline/1")

    def test_another_protocol_ends_it(self):
        self.refuses("landline/1", self.peer)

    def refuses(self, why, *asked):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as end:
            self.dial(*asked)
        self.assertEqual(end.exception.code, 255)
        self.assertIn(why, said.getvalue())


class Pair(Case):
    """A ticket of these parts, and a server that knows its secret or does not."""

    US, PEER, SECRET = b"\1" * 32, b"\2" * 32, b"\3" * 16

    def ticket(self):
        addresses = b"".join(bytes([len(text)]) + text for text in (b"a:1", b"[::1]:5263"))
        data = b"\1" + self.PEER + bytes(range(8)) + self.SECRET + b"\2" + addresses
        data += hashlib.sha256(data).digest()[:4]
        return "landline1-" + base64.b32encode(data).decode().rstrip("=").lower()

    def test_a_ticket_has_its_parts(self):
        for text in (self.ticket(), self.ticket().upper() + "\n"):
            parts = (self.PEER, "0001020304050607", self.SECRET, ["a:1", "[::1]:5263"])
            self.assertEqual(landline.read_ticket(text), parts)

    def test_a_changed_ticket_is_none(self):
        changed = self.ticket().replace("landline1-ae", "landline1-ai")
        self.assertNotEqual(changed, self.ticket())
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            landline.read_ticket(changed)

    def test_both_prove_that_they_hold_the_secret(self):
        call, reply = self.answered_by(self.SECRET)
        self.assertEqual((call["service"], call["ticket"]), ("pair", "00"))
        self.assertEqual(call["proof"], self.proof(self.SECRET, b"client"))
        self.assertEqual(reply["granted"], ["echo"])

    def test_a_server_without_the_secret_is_refused(self):
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            self.answered_by(b"\4" * 16)

    def proof(self, secret, side):
        message = b"landline/1 pair " + side + self.US + self.PEER
        return hmac.new(secret, message, hashlib.sha256).hexdigest()

    def answered_by(self, secret):
        near, far = self.pair()
        landline.send(far, landline.HELLO, {"version": 1, "software": "x", "known": False})
        reply = {"name": "x", "granted": ["echo"], "proof": self.proof(secret, b"server")}
        landline.send(far, landline.REPLY, reply)
        reply = landline.pair(near, self.US, self.PEER, "00", self.SECRET)
        landline.receive(far)
        return landline.receive(far)[1], reply


class Exec(Case):
    """The first line of the vectors, with landline.py in the client's place."""

    def setUp(self):
        for caught in (signal.SIGINT, signal.SIGTERM):
            self.addCleanup(signal.signal, caught, signal.getsignal(caught))
        self.addCleanup(signal.set_wakeup_fd, -1)

    def run_against(self, steps, words, env, stdin):
        near, far = self.pair()
        received = []

        def serve():
            for step in steps:
                if step["from"] == "server":
                    far.sendall(bytes.fromhex(step["hex"]))
                else:
                    received.append(landline.receive(far))

        server = threading.Thread(target=serve)
        server.start()
        read, write = os.pipe()
        os.write(write, stdin)
        os.close(write)
        outputs = [os.pipe(), os.pipe()]
        status = landline.exec(near, words, env, read, outputs[0][1], outputs[1][1])
        server.join()
        for end in (read, outputs[0][1], outputs[1][1]):
            os.close(end)
        said = [os.read(output[0], 100) for output in outputs]
        for end in (outputs[0][0], outputs[1][0]):
            os.close(end)
        return status, said, received

    def steps(self, name, until=None):
        row = next(row for row in TABLES["sessions"] if row["name"] == name)
        return row["steps"][:until]

    def test_the_vectors_exec(self):
        steps = self.steps("exec, then status, then ping")
        server = [step for step in steps if step["from"] == "server"]
        until = next(at for at, step in enumerate(server) if step["kind"] == "DONE") + 1
        client = [{"from": "client"}] * 4  # HELLO, CALL, ARGS, END
        script = [client[0], server[0], *client[1:], *server[1:until]]
        status, said, received = self.run_against(
            script, [b"cat", b"-"], [b"LANG=C"], b"helloworld"
        )
        self.assertEqual((status, said), (0, [b"helloworld!", b"oh\n"]))
        hello, call, words, end = received
        self.assertEqual(call[1]["service"], "exec")
        self.assertEqual((call[1]["args"], call[1]["env"]), (2, 1))
        sent = b"".join(
            bytes.fromhex(step["hex"])[8:] for step in steps if step["kind"] == "ARGS"
        )
        self.assertEqual(words, (landline.ARGS, sent))
        self.assertEqual(end, (landline.END, {"stream": "args"}))

    def test_less_than_was_sent_is_no_good_end(self):
        done = json.dumps({"exit": 0, "out": 100, "err": 0, "in": 0, "timed_out": False}).encode()
        wire = struct.pack(">BBHI", landline.DONE, 0, 0, len(done)) + done
        steps = self.steps("a signal")
        server = [step for step in steps if step["from"] == "server"]
        reply = next(at for at, step in enumerate(server) if step["kind"] == "REPLY") + 1
        client = [{"from": "client"}] * 4
        last = {"from": "server", "hex": wire.hex()}
        script = [client[0], server[0], *client[1:], *server[1:reply], last]
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit):
            self.run_against(script, [b"cat"], [], b"")
        self.assertIn("not all of the output", said.getvalue())

    def test_a_signal_is_its_status(self):
        server = [step for step in self.steps("a signal") if step["from"] == "server"]
        client = [{"from": "client"}] * 4
        script = [client[0], server[0], *client[1:], *server[1:]]
        status, _, _ = self.run_against(script, [b"cat"], [], b"")
        self.assertEqual(status, 128 + signal.SIGTERM)


class Get(Case):
    """Lines of the vectors, with landline.py in the client's place."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def get(self, frames, path="in/a", to=None):
        """What the client has sent, and where the file should be."""
        near, far = self.pair()
        far.sendall(b"".join(frames))
        far.shutdown(socket.SHUT_WR)
        to = to or str(self.folder / "here")
        landline.get(near, path, to)
        near.close()
        said = []
        with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
            while True:
                said.append(landline.receive(far))
        return said, pathlib.Path(to)

    def fails(self, why, frames, path="in/a"):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as end:
            self.get(frames, path)
        self.assertEqual(end.exception.code, 255)
        self.assertIn(why, said.getvalue())
        self.assertEqual(list(self.folder.iterdir()), [], "nothing is left behind")

    def server(self, name="get: a stream whose size nobody knows"):
        row = next(row for row in TABLES["sessions"] if row["name"] == name)
        return [bytes.fromhex(step["hex"]) for step in row["steps"] if step["from"] == "server"]

    def frame(self, kind, value):
        payload = value if isinstance(value, bytes) else json.dumps(value).encode()
        return struct.pack(">BBHI", kind, 0, 0, len(payload)) + payload

    def changed(self, at, kind, value):
        """A line of the vectors with another frame at one place. In order these are HELLO, REPLY,
        ENTRY, DATA, END of the file, END, DONE."""
        frames = self.server()
        frames[at] = self.frame(kind, value)
        return frames

    def test_the_vectors_get(self):
        (_, call, have, credit), here = self.get(self.server())
        self.assertEqual(here.read_bytes(), b"hello")
        self.assertEqual(here.stat().st_mode & 0o777, 0o644)
        self.assertEqual(call[1]["paths"], ["in/a"])
        self.assertEqual(have, (landline.HAVE, {"through": 0}))
        self.assertEqual(credit, (landline.CREDIT, {"stream": "out", "bytes": 5}))

    def test_holes_are_zeros(self):
        digest = hashlib.sha256(b"hello" + bytes(3 << 20)).hexdigest()
        frames = self.server()
        frames[4:5] = [
            self.frame(landline.HOLE, {"bytes": 3 << 20}),
            self.frame(landline.END, {"entry": 0, "digest": digest}),
        ]
        said, here = self.get(frames)
        self.assertEqual(here.read_bytes(), b"hello" + bytes(3 << 20))
        self.assertEqual(said[-1][1]["bytes"], 4096)

    def test_names_need_not_be_text(self):
        path = os.fsdecode(b"docs:\xff")
        entry = {"name": {"b64": "/w=="}, "type": "file", "mode": 0o600, "mtime": 0}
        (_, call, _, _), _ = self.get(self.changed(2, landline.ENTRY, entry), path)
        self.assertEqual(call[1]["paths"], [{"b64": "ZG9jczr/"}])

    def test_what_is_not_the_file_is_not_kept(self):
        entry = {"name": "a", "type": "file", "mode": 0o600, "mtime": 0}
        for why, frames in (
            ("not what was sent", self.changed(4, landline.END, {"entry": 0, "digest": "0" * 64})),
            ("not what was sent", self.changed(2, landline.ENTRY, {**entry, "size": 6})),
            ("gone", self.changed(4, landline.END, {"entry": 0, "code": "gone", "message": ""})),
            ("gone", self.changed(2, landline.ENTRY, {**entry, "code": "gone", "message": ""})),
            ("no file", self.changed(2, landline.ENTRY, {**entry, "name": "../a"})),
            ("no file", self.changed(2, landline.ENTRY, {**entry, "type": "folder"})),
            ("0x88", self.changed(6, landline.DONE, {"out": 6, "in": 0})),
            ("0x84", self.changed(4, landline.ENTRY, entry)),
            ("0xc1", self.changed(5, landline.DATA, b"more")),
            ("too early", self.server()[:-1]),
            ("busy", self.changed(1, landline.ERROR, {"code": "busy", "message": ""})),
        ):
            with self.subTest(why):
                self.fails(why, frames)


if __name__ == "__main__":
    unittest.main()
