## landline lab crash

lab-crash-question = The process at one end is killed (kill -9) and cannot say goodbye: what does the other end see?
lab-crash-predict = The other process is killed while nothing lies unread: what does your read return? (0, or the name of an error)
lab-crash-explain =
    A process cannot clean up when it is killed, but its kernel does: it closes all its sockets, as close would.
    With nothing unread the other end got a FIN, { $told_us } microseconds after the kill: read gave { $clean_read }, the same empty read as after an orderly goodbye, and no exception. The first write was even taken ({ $clean_write } bytes).
    With bytes unread it was a reset: read gave { $unread_read }, and a write after it { $unread_write }.
    If another process holds the same socket, as after a fork, nothing ends: read would have waited ({ $shared_read }) and a write was taken ({ $shared_write } bytes).
    So the empty read does not tell whether the other side was done: a protocol has to say that itself, by a length or a last message.
lab-crash-next = `landline lab close` shows what each way of closing looks like from the other end.
lab-crash-table = What the end that lives sees
lab-crash-nothing = nothing unread
lab-crash-unread = bytes unread
lab-crash-shared = another process has the socket
lab-crash-column-before = before the kill
lab-crash-column-read = read
lab-crash-column-write = write
lab-crash-column-told = told after
lab-crash-elsewhere-power = A machine that loses its power or its cable sends nothing at all: its peer's read waits on, until keepalive asks, which is off by default and begins after two hours on Linux (tcp(7), tcp_keepalive_time).
