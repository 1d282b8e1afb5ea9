## landline lab partial

lab-partial-question = A program sends 16 MiB at once and nobody reads yet: how much does the kernel take?
lab-partial-predict = Of 16,777,216 bytes, how many does a send take that does not wait? (a number)
lab-partial-explain =
    send returns how many bytes it has taken, and that may be fewer than it was given.
    Without waiting (O_NONBLOCK) it took { $first } of { $bytes } bytes, as many as fit in the buffers, and when asked again at once it returned { $second }. With a time limit of { $limit_ms } ms it took { $limited }. With all the time it wants, and a reader at the other end, it returned { $whole }.
    The rest is not lost: it was never taken, and whoever does not look at what send returned loses it.
    Sending what is left again and again, and waiting for room in between, took { $calls } calls until all { $came } bytes were across.
lab-partial-next = `landline lab backpressure` shows where the bytes lie that were taken.
lab-partial-table = One message of 16 MiB
lab-partial-taken = Taken by one send
lab-partial-no-wait = does not wait, nobody reads
lab-partial-at-once = the same again at once
lab-partial-limited = waits up to its time limit, nobody reads
lab-partial-waits = waits, somebody reads
lab-partial-loop = sends the rest until it is gone, somebody reads
lab-partial-column-how = send
lab-partial-column-calls = calls
lab-partial-column-taken = returned, or bytes in all
lab-partial-column-share = share
lab-partial-elsewhere-python = Python's socket.send may take a part in the same way; socket.sendall goes on until all is taken. A Python socket with a timeout does not wait inside the kernel, so its send is of this kind (docs.python.org, socket).
