"""Writes tutorial.json and landline1.json beside itself: the bytes of both wires, as Python's
standard library makes them. Run it after a change, and read the diff: what is on a wire stays.

Bytes are hexadecimal. `error` is the key of an error, as the library and PROTOCOL.md name it."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

from landline1 import LANDLINE1  # noqa: E402
from landline1_files import FILES  # noqa: E402
from tutorial import TUTORIAL  # noqa: E402


def write(name, tables):
    """One entry a line, so that a diff shows what changed."""
    rows = [
        f"{json.dumps(table)}: [\n"
        + ",\n".join("  " + json.dumps(entry, ensure_ascii=True) for entry in entries)
        + "\n]"
        for table, entries in tables.items()
    ]
    text = "{\n" + ",\n".join(rows) + "\n}\n"
    pathlib.Path(__file__).with_name(name).write_text(text, encoding="ascii")


write("tutorial.json", TUTORIAL)
write("landline1.json", {**LANDLINE1, **FILES, **{
    table: LANDLINE1[table] + FILES[table] for table in LANDLINE1.keys() & FILES.keys()
}})  # fmt: skip
