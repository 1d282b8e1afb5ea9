"""OpenSSL's opinion of both ends, by Python's ssl: who is let in how, and who is not.

    judge.py client MODE KEY CERT HOST:PORT     prints `taken`, and what was agreed on, or `refused`
    judge.py server MODE KEY CERT               says `listening HOST:PORT`, prints what it hears
"""

import socket, ssl, sys

side, mode, key, cert, *rest = sys.argv[1:]
client = side == "client"
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if client else ssl.PROTOCOL_TLS_SERVER)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
if mode != "nobody":
    context.load_cert_chain(cert, key)
if mode == "old":
    context.maximum_version = ssl.TLSVersion.TLSv1_2
if mode != "no-protocol":
    context.set_alpn_protocols(["landline/2" if mode == "other-protocol" else "landline/1"])

HELLO = b'{"version":1,"software":"judge"}'
HELLO = bytes([0x81, 0, 0, 0, 0, 0, 0, len(HELLO)]) + HELLO

if client:
    host, port = rest[0].rsplit(":", 1)
    try:
        line = context.wrap_socket(socket.create_connection((host, int(port)), 10))
        line.sendall(HELLO)
        # A client of TLS 1.3 learns at its first read whether its certificate was taken.
        if not line.recv(8):
            raise OSError("hung up")
        print("taken", line.version(), line.selected_alpn_protocol(), line.cipher()[0])
        print("tickets:", line.session is not None and line.session.has_ticket)
    except OSError as error:
        print("refused", type(error).__name__, getattr(error, "reason", error))
else:
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    try:
        line = context.wrap_socket(listener.accept()[0], server_side=True)
        print("heard", line.recv(100000))
    except OSError as error:
        print("refused", type(error).__name__, getattr(error, "reason", error))
