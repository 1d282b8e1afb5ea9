"""A person at a terminal: runs a command whose stdin and stderr are a terminal, plays a part, and
prints what the terminal showed on stderr, what came out of stdout (a pipe, or the terminal too), and
whether the terminal is left as it was: lines are gathered, and what is typed is shown.
argv: PART (JSON) pipe|terminal COMMAND ARG...   PART is a list of [WAIT FOR, TYPE]: WAIT FOR is
looked for in what came from either place after what was looked for there before. A number to TYPE is
a signal."""

import json
import os
import pty
import select
import sys
import termios
import time

part = json.loads(sys.argv[1])
piped = sys.argv[2] == "pipe"
reader, writer = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    if piped:
        os.dup2(writer, 1)
    os.close(reader)
    os.close(writer)
    os.execvp(sys.argv[3], sys.argv[3:])
os.close(writer)

shown = {terminal: b"", reader: b""}
open_ends = {terminal, reader}
# What came from each end and was not waited for yet: the two keep no order between them.
fresh = {terminal: b"", reader: b""}
deadline = time.monotonic() + 15


def take():
    """Takes what the ends have; ends that are gone are forgotten."""
    ready = select.select(list(open_ends), [], [], max(0, deadline - time.monotonic()))[0]
    if not ready:
        print("the part was not played to its end; shown so far:", shown, file=sys.stderr)
        os.kill(pid, 9)
        sys.exit(1)
    for end in ready:
        try:
            data = os.read(end, 65536)
        except OSError:
            data = b""
        if data:
            shown[end] += data
            fresh[end] += data
        else:
            open_ends.discard(end)


for wanted, typed in part:
    while not (found := [end for end in fresh if wanted.encode() in fresh[end]]):
        if not open_ends:
            print("ended before", repr(wanted), shown, file=sys.stderr)
            sys.exit(1)
        take()
    if wanted:
        fresh[found[0]] = fresh[found[0]].split(wanted.encode(), 1)[1]
    if isinstance(typed, int):
        os.kill(pid, typed)
    else:
        os.write(terminal, typed.encode())
while open_ends:
    take()
modes = termios.tcgetattr(terminal)[3]
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({
    "terminal": shown[terminal].decode("utf-8", "replace"),
    "stdout": shown[reader].decode("utf-8", "replace"),
    "status": status,
    "left_as_it_was": bool(modes & termios.ICANON and modes & termios.ECHO),
}))
