## landline lab backpressure

lab-backpressure-question = Nobody reads: how many bytes does send take before it would wait, and where do they lie?
lab-backpressure-predict = With buffers as the kernel chooses them: how many kilobytes are taken before send would wait? (a number)
lab-backpressure-explain =
    send returns when the kernel has taken the bytes, which says nothing about whether anybody has read them.
    Here { $sent } bytes were taken until it would have waited: { $there } lay in the receiver's buffer, { $here } were still at the sender, since the receiver's window was full.
    With both buffers set to { $small_asked } bytes { $small_sent } were taken; the kernel doubles what it is asked for, to have room for its own records.
    A program that waits there is slowed down to the speed of its reader: this is backpressure, and it goes all the way back to whoever feeds the program.
    { $read } bytes had to be read before there was room again, for the kernel does not wake a sender for a little.
lab-backpressure-next = `landline lab partial` shows what a send returns that is taken only in part.
lab-backpressure-table = Bytes taken while nobody reads, and the buffers when they were full
lab-backpressure-sent = Taken until send would wait, by the size that was asked for (-: the kernel's own)
lab-backpressure-column-asked = asked for
lab-backpressure-column-sndbuf = SO_SNDBUF
lab-backpressure-column-rcvbuf = SO_RCVBUF
lab-backpressure-column-sent = taken
lab-backpressure-column-here = at sender
lab-backpressure-column-there = at receiver
lab-backpressure-column-read = read for room
