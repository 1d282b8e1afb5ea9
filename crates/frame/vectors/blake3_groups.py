"""BLAKE3 as its paper writes it down, so far as files need it: hashes, and the chaining values of
groups. Slow, and made of nothing but Python."""

import functools
import struct

IV = (
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
)  # fmt: skip
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
CHUNK, GROUP = 1024, 1024 * 1024
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
MIXED = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip


def turned(word, bits):
    return (word >> bits | word << (32 - bits)) & 0xFFFFFFFF


def compress(value, block, counter, length, flags):
    """One block into a chaining value."""
    words = struct.unpack("<16I", block.ljust(64, b"\0"))
    state = [*value, *IV[:4], counter & 0xFFFFFFFF, counter >> 32, length, flags]
    for _ in range(7):
        for at, (a, b, c, d) in enumerate(MIXED):
            for word, by_d, by_b in ((words[2 * at], 16, 12), (words[2 * at + 1], 8, 7)):
                state[a] = (state[a] + state[b] + word) & 0xFFFFFFFF
                state[d] = turned(state[d] ^ state[a], by_d)
                state[c] = (state[c] + state[d]) & 0xFFFFFFFF
                state[b] = turned(state[b] ^ state[c], by_b)
        words = [words[at] for at in ORDER]
    return tuple(state[at] ^ state[at + 8] for at in range(8))


def chunk(data, number, root=0):
    """The value of at most 1 KiB that is the chunk of this number."""
    value, last = IV, max(0, len(data) - 1) // 64
    for at in range(last + 1):
        block = data[64 * at : 64 * at + 64]
        ends = (CHUNK_START if at == 0 else 0) | (CHUNK_END | root if at == last else 0)
        value = compress(value, block, number, len(block), ends)
    return value


def parent(left, right, root=0):
    """The value of two subtrees that stand side by side."""
    return compress(IV, struct.pack("<16I", *left, *right), 0, 64, PARENT | root)


@functools.cache
def subtree(data, first, root=0):
    """The value of data whose first chunk has the number `first`. The left side is the largest
    power of two of chunks that leaves something to the right."""
    if len(data) <= CHUNK:
        return chunk(data, first, root)
    left = 1 << ((len(data) - 1) // CHUNK).bit_length() - 1
    at = left * CHUNK
    return parent(subtree(data[:at], first), subtree(data[at:], first + left), root)


def written(value):
    return struct.pack("<8I", *value).hex()


def blake3(data):
    return written(subtree(data, 0, ROOT))


def groups_of(count):
    """Where the subtrees of so many groups begin and end: the largest first, one for each binary
    one of `count`."""
    spans, at = [], 0
    for bit in reversed(range(count.bit_length())):
        if count >> bit & 1:
            spans.append((at, at + (1 << bit)))
            at += 1 << bit
    return spans


def values(data, count):
    """What a receiver says that it has, of a file's first `count` groups."""
    spans = [(first * GROUP, end * GROUP) for first, end in groups_of(count)]
    return [written(subtree(data[at:end], at // CHUNK)) for at, end in spans]


# From the paper's own test vectors: the input counts up to 250, over and over.
assert blake3(b"").startswith("af1349b9f5f9a1a6a0404dea36dcc949")
