"""Goes so many steps towards a server, or with a client, says `ready`, and waits to be killed.

    steps.py FOLDER client STEP KEY CERT PEER HOST:PORT
    steps.py FOLDER server STEP KEY CERT        says `listening HOST:PORT` first

FOLDER is where landline.py is, which speaks landline/1.
"""

import signal, socket, ssl, sys

folder, side, step, key, cert, *rest = sys.argv[1:]
sys.path.insert(0, folder)
sys.dont_write_bytecode = True
import landline


def reached(name):
    if name == step:
        print("ready", flush=True)
        signal.pause()


def words(*argv):
    return b"".join(word.encode() + b"\0" for word in argv)


def call(line, argv):
    asked = {"service": "exec", "args": len(argv), "stdin": True, "window": 65536}
    landline.send(line, landline.CALL, asked)


def run(line, *argv):
    call(line, argv)
    landline.send(line, landline.ARGS, words(*argv))
    landline.send(line, landline.END, {"stream": "args"})
    landline.expect(line, landline.REPLY)


def client(peer, address):
    host, port = address.rsplit(":", 1)
    if step == "connect":
        held = socket.create_connection((host, int(port)))
        reached("connect")
    line = landline.dial(address, key, cert, peer)
    reached("tls")
    landline.greet(line)
    reached("hello")
    if step in ("call", "words"):
        call(line, ["sleep", "1000"])
        reached("call")
        landline.send(line, landline.ARGS, words("sleep"))
        reached("words")
    if step == "run":
        # A program that holds on, and one that has left it.
        run(line, "sh", "-c", "trap '' TERM HUP; setsid sleep 1000 & sleep 1000")
        reached("run")
    if step == "stream":
        run(line, "yes")
        landline.expect(line, landline.DATA)
        reached("stream")
    run(line, "cat")
    line.sendall(bytes([landline.DATA, 0, 0, 0, 0, 0, 1, 0]) + b"half of it\n")
    reached("input")


def server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["landline/1"])
    context.load_cert_chain(cert, key)
    # What is asked of a client is judged by nobody: it is only asked.
    context.verify_mode = ssl.CERT_NONE
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    stream = listener.accept()[0]
    reached("accept")
    line = context.wrap_socket(stream, server_side=True)
    reached("tls")
    landline.expect(line, landline.HELLO)
    landline.send(line, landline.HELLO, {"version": 1, "software": "steps", "known": True})
    reached("hello")
    landline.expect(line, landline.CALL)
    reached("call")
    while landline.receive(line)[0] != landline.END:
        pass
    landline.send(line, landline.REPLY, {"window": 65536})
    reached("reply")
    landline.send(line, landline.DATA, b"some of it\n")
    reached("data")
    line.sendall(bytes([landline.DATA, 0, 0, 0, 0, 0, 1, 0]) + b"half of it\n")
    reached("half")
    line.sendall(b"x" * 245)
    landline.send(line, landline.END, {"stream": "out"})
    landline.send(line, landline.END, {"stream": "err"})
    reached("end")


client(*rest) if side == "client" else server()
