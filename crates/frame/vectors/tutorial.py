"""The bytes of the tutorial's wire. How they are written down is write.py's."""

import hashlib
import json
import struct


def reply(length, rest=b""):
    """A length in both byte orders, then the rest."""
    return {
        "little": (struct.pack("<i", length) + rest).hex(),
        "big": (struct.pack(">i", length) + rest).hex(),
    }


def download(name, data, file_data_len=None):
    length = len(data) if file_data_len is None else file_data_len
    header = {"name": name, "md5": hashlib.md5(data).hexdigest(), "file_data_len": length}
    text = json.dumps(header)
    return {**header, "json": text, **reply(len(text), text.encode("ascii"))}


def refused(error, header):
    if isinstance(header, bytes):
        return {"error": error, "hex": header.hex()}
    return {"error": error, "json": header}


MD5 = "5d41402abc4b2a76b9719d911017c592"
EVERY_ASCII = "".join(map(chr, range(128)))


def header(**changed):
    """A good header with some keys changed; None takes a key away."""
    values = {"name": "a.txt", "md5": MD5, "file_data_len": 5, **changed}
    return json.dumps({key: value for key, value in values.items() if value is not None})


def with_length(literal):
    return '{"name": "a.txt", "md5": "%s", "file_data_len": %s}' % (MD5, literal)


TUTORIAL = {
    "lengths": [{"value": n, **reply(n)} for n in (0, 1, 255, 256, 65536, 2**31 - 1)],
    "lengths_refused": [
        {"error": "length-negative", "value": n, **reply(n)} for n in (-1, -256, -(2**31))
    ],
    "replies": [
        {"bytes": data.hex(), **reply(len(data), data)}
        for data in (b"", b"hi\n", "文件\n".encode("gbk"), bytes(range(256)))
    ],
    "downloads": [
        download("a.txt", b"hello"),
        download("empty", b""),
        download("share/文件 é.txt", b"x"),
        download("\U0001f600\U0010ffff\ud7ff\ue000\uffff.bin", b"\0"),
        download(EVERY_ASCII, b"every"),
        download("\x80\x9f\u2028\u202e", b"c1 and bidi"),
        download("over 2 GiB", b"", 2**31),
        download("largest", b"", 2**63 - 1),
    ],
    "headers_taken": [
        {"json": text, "name": name, "md5": MD5, "file_data_len": length}
        for text, name, length in [
            (with_length("5"), "a.txt", 5),
            ('{"file_data_len":0,"md5":"%s","name":"b"}' % MD5, "b", 0),
            (' \n{"name"\t: "b" , "md5": "%s",\r\n "file_data_len": 7 } \n' % MD5.upper(), "b", 7),
            ('{"n\\u0061me": "\\/b\\u00e9", "md5": "%s", "file_data_len": 1}' % MD5, "/bé", 1),
            (header(mode=[1, {"name": 2}], size=1.5, note=None), "a.txt", 5),
            ('{"name": "é", "md5": "%s", "file_data_len": 1}' % MD5, "é", 1),
            (header(name="../../etc/passwd"), "../../etc/passwd", 5),
            (header(name="C:\\x"), "C:\\x", 5),
            (header(name="a\n\x1b[2J\0"), "a\n\x1b[2J\0", 5),
            (header(name=""), "", 5),
        ]
    ],
    "headers_refused": [
        refused("header-empty", ""),
        refused("header-not-utf8", header().encode().replace(b"a.txt", b"\xff.txt")),
        refused("header-not-utf8", header(name="é").encode("utf-16")),
        refused("header-not-json", "hello"),
        refused("header-not-json", " "),
        refused("header-not-json", header()[:-1]),
        refused("header-not-json", header() + "x"),
        refused("header-not-json", header() + header()),
        refused("header-not-json", "\ufeff" + header()),
        refused("header-not-json", header().replace('"', "'")),
        refused("header-not-json", header().replace("a.txt", "a\n.txt")),
        refused("header-not-json", header(x=float("nan"))),
        refused("header-not-json", with_length("05")),
        refused("header-not-json", with_length("+5")),
        refused("header-not-json", with_length("0x5")),
        refused("header-not-an-object", "null"),
        refused("header-not-an-object", "[" + header() + "]"),
        refused("header-not-an-object", json.dumps(header())),
        refused("header-not-an-object", "5"),
        refused("header-key-missing", "{}"),
        refused("header-key-missing", header(name=None)),
        refused("header-key-missing", header(md5=None)),
        refused("header-key-missing", header(file_data_len=None)),
        refused("header-key-missing", header().replace("name", "Name")),
        refused("header-key-twice", '{"name": "x", ' + header()[1:]),
        refused("header-key-twice", '{"file_data_len": 5, ' + header()[1:]),
        refused("header-key-twice", header()[:-1] + ', "\\u006d\\u00645": 1}'),
        refused("header-wrong-type", header(name=5)),
        refused("header-wrong-type", header(name=["a.txt"])),
        refused("header-wrong-type", header(name=[97, 46, 98])),
        refused("header-wrong-type", header().replace('"a.txt"', "null")),
        refused("header-wrong-type", header(md5=0)),
        refused("header-wrong-type", header(file_data_len="5")),
        refused("header-wrong-type", header(file_data_len=True)),
        refused("header-wrong-type", header(file_data_len=[5])),
        refused("header-md5-malformed", header(md5="")),
        refused("header-md5-malformed", header(md5=MD5[1:])),
        refused("header-md5-malformed", header(md5=MD5 + "0")),
        refused("header-md5-malformed", header(md5="g" + MD5[1:])),
        refused("header-md5-malformed", header(md5="+" + MD5[1:])),
        refused("header-md5-malformed", header(md5="é" + MD5[2:])),
        refused("file-data-len-negative", header(file_data_len=-1)),
        refused("file-data-len-negative", with_length("-0")),
        refused("file-data-len-negative", with_length("-" + "9" * 100)),
        refused("file-data-len-fractional", header(file_data_len=5.0)),
        refused("file-data-len-fractional", header(file_data_len=0.5)),
        refused("file-data-len-fractional", with_length("5e0")),
        refused("file-data-len-fractional", with_length("1E999")),
        refused("file-data-len-huge", header(file_data_len=2**63)),
        refused("file-data-len-huge", header(file_data_len=2**64)),
        refused("file-data-len-huge", with_length("9" * 100)),
    ],
}
