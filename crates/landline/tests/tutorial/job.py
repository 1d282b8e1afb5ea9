"""A shell with one job, for `terminal.py`: runs COMMAND ARG... in a group of its own at the terminal. A
stop (SIGTSTP) of this shell is the job's. Then the terminal is set for lines and `stopped` is said; a
line that is typed has the job go on. Its exit status is the shell's."""

import os
import signal
import sys
import termios

lines = termios.tcgetattr(0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if job == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTSTP, lambda number, _: os.kill(job, number))
while os.WIFSTOPPED(status := os.waitpid(job, os.WUNTRACED)[1]):
    os.tcsetpgrp(0, os.getpgrp())
    termios.tcsetattr(0, termios.TCSADRAIN, lines)
    os.write(2, b"stopped")
    os.read(0, 100)
    os.tcsetpgrp(0, job)
    os.killpg(job, signal.SIGCONT)
os.tcsetpgrp(0, os.getpgrp())
sys.exit(os.waitstatus_to_exitcode(status))
