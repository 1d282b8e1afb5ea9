## landline lab deadlock

lab-deadlock-question = A child writes a million bytes to stdout or stderr, and its parent reads one pipe to its end, then the other: when do both stand still?
lab-deadlock-predict = The child writes a million bytes to stderr, then a million to stdout. Which may be read first without standing still: stdout, stderr, either, or neither?
lab-deadlock-explain =
    A pipe holds a limited number of bytes, here { $held }; who writes more waits until somebody reads.
    A child that fills stderr waits there, while its parent waits for the end of stdout, which comes when the child ends: neither goes on ({ $writes_err_reads_out }). Reading stderr first goes through for this child ({ $writes_err_reads_err }), but stands still for one that fills stdout ({ $writes_out_reads_err }), and for one that fills both either order does ({ $writes_both_reads_out }, { $writes_both_reads_err }).
    So no order is right. Reading both at once was done for every child ({ $writes_err_reads_both }, { $writes_out_reads_both }, { $writes_both_reads_both }).
    Each wait was ended after { $patience_ms } ms without a byte, by draining the other pipe.
lab-deadlock-next = `landline listen unix:/tmp/lab.sock exec` reads both pipes at once; try it with `sh -c 'head -c 1000000 /dev/zero >&2'`.
lab-deadlock-table = Who writes where, who reads in which order
lab-deadlock-times = How long it took (1 is stdout, 2 is stderr)
lab-deadlock-column-writes = child fills
lab-deadlock-column-reads = parent reads
lab-deadlock-column-end = end
lab-deadlock-column-held = left in the other pipe
lab-deadlock-column-took = took
lab-deadlock-to-stderr = stderr
lab-deadlock-to-stdout = stdout
lab-deadlock-to-both = stderr, then stdout
lab-deadlock-stdout-first = stdout, then stderr
lab-deadlock-stderr-first = stderr, then stdout
lab-deadlock-both = both at once
lab-deadlock-is-stuck = stood still
lab-deadlock-is-done = done
lab-deadlock-elsewhere-python = Python's Popen.communicate() reads both pipes at once, and its documentation warns of Popen.stdout.read() for this reason (docs.python.org, subprocess).
