lab-truncation-question = A datagram of 11 bytes arrives and the program calls recv(10): where is the eleventh byte?
lab-truncation-predict = What does the next recv(10) give: the eleventh byte, the next datagram, or an error?
lab-truncation-table = An 11-byte message, "hello world", read with room for 10
lab-truncation-picture = The message, and what the read took of it
lab-truncation-family = family
lab-truncation-call = call
lab-truncation-got = it gave
lab-truncation-told = what told of more
lab-truncation-nothing = nothing
lab-truncation-then = the next read gave
lab-truncation-lost = bytes lost
lab-truncation-explain =
    recv(10) gave "{ $text }", { $got } bytes of { $sent }. The other { $lost } was thrown away: the next read gave "{ $then }", which is the next datagram.
    A datagram is read whole or not at all: one read takes one datagram, and what the read has no room for is gone. recv itself reports nothing, neither an error nor a different return value.
    The kernel does know. recvmsg sets the flag MSG_TRUNC, and recv returns the whole size when it is called with MSG_TRUNC; with MSG_PEEK as well it takes nothing away, so a program can ask first and then make room.
    On a stream the same call loses nothing: the rest, "{ $stream_then }", was the answer to the next read. So too small a room shifts the messages of a stream, and cuts those of a datagram socket.
    The cure is room for the largest datagram that can come: 65,507 bytes for UDP over IPv4.
lab-truncation-windows = Windows gives the first 10 bytes, too, but the call fails with WSAEMSGSIZE (10040), which Python raises as an OSError; the excess of a UDP datagram is lost there as well (Microsoft, recvfrom function: learn.microsoft.com/windows/win32/api/winsock/nf-winsock-recvfrom).
lab-truncation-next = `landline listen udp://127.0.0.1:9000 print --recv 10` in one window and `landline call udp://127.0.0.1:9000` in another: type "hello world", and see how landline tells what the kernel cut. Then `landline lab leftover`, the same question on a stream.
