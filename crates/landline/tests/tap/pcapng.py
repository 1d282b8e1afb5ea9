"""Reads a pcapng of raw IP, by the book and nothing of landline's: one line for each packet with bytes
or marks, as `INTERFACE SOURCE > TARGET FLAGS SEQ ACK HEX MISSING COMMENT`, checked on the way; MISSING
is how many bytes the packet had that were not kept. argv: FILE"""

import ipaddress
import struct
import sys


def blocks(data):
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length % 4 == 0 and at + length <= len(data), "a block is cut"
        assert struct.unpack_from("<I", data, at + length - 4)[0] == length
        yield kind, data[at + 8:at + length - 4]
        at += length


def added(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data[:len(data) // 2 * 2]))
    if len(data) % 2:
        total += data[-1] << 8
    while total >> 16:
        total = (total >> 16) + (total & 0xffff)
    return total


def address(raw, port):
    ip = ipaddress.ip_address(raw)
    return ("[%s]:%d" if ip.version == 6 else "%s:%d") % (ip, port)


def packet(interface, data, missing, comment):
    if data[0] >> 4 == 4:
        assert struct.unpack_from(">H", data, 2)[0] == len(data) and added(data[:20]) == 0xffff
        protocol, ends, body = data[9], data[12:20], data[20:]
    else:
        assert struct.unpack_from(">H", data, 4)[0] == len(data) - 40
        protocol, ends, body = data[6], data[8:40], data[40:]
    pseudo = ends + struct.pack(">HH", protocol, len(body))
    assert added(pseudo + body) == 0xffff, "the checksum is wrong"
    half = len(ends) // 2
    source, target, length = struct.unpack_from(">HHH", body)
    assert protocol != 17 or length == len(body)
    source, target = address(ends[:half], source), address(ends[half:], target)
    if protocol == 17:
        print(interface, source, ">", target, "UDP 0 0", body[8:].hex(), missing, comment)
        return
    seq, ack, _, flags = struct.unpack_from(">IIBB", body, 4)
    names = "".join(n for n, bit in zip("FSRPA", (1, 2, 4, 8, 16)) if flags & bit)
    print(interface, source, ">", target, names, seq, ack, body[20:].hex(), missing, comment)


def comment_of(options):
    """The comment among the options of a block, or nothing."""
    at = 0
    while at < len(options):
        code, length = struct.unpack_from("<HH", options, at)
        if code == 1:
            return options[at + 4:at + 4 + length].decode()
        at += 4 + (length + 3) // 4 * 4
    return ""


interfaces = 0
for kind, body in blocks(open(sys.argv[1], "rb").read()):
    if kind == 0x0A0D0D0A:
        assert struct.unpack_from("<I", body)[0] == 0x1A2B3C4D
    elif kind == 1:
        assert struct.unpack_from("<H", body)[0] == 101, "raw IP"
        interfaces += 1
    elif kind == 6:
        interface, _, _, caught, whole = struct.unpack_from("<IIIII", body)
        assert interface < interfaces and caught <= whole
        comment = comment_of(body[20 + (caught + 3) // 4 * 4:])
        packet(interface, body[20:20 + caught], whole - caught, comment)
