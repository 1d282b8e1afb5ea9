## landline lab empty

lab-empty-question = What arrives when a program sends no bytes at all, and what does an empty read mean?
lab-empty-predict = send with nothing in it, on TCP: is the other end's recv woken by it? And on UDP?
lab-empty-explain =
    On TCP the empty send returned { $tcp_sent } and became { $segments } segments: a stream is a row of bytes, and nothing added to it is nothing. The system call was made; there was only nothing for it to carry. The next read gave the { $tcp_read } bytes of the next send.
    So a client that sends an empty line and waits for its echo waits for ever: the server was never woken.
    On UDP a datagram of no bytes is a datagram: it arrived, and the reads gave { $udp_read } bytes.
    An empty read on a stream therefore has one meaning only: the other end has closed (here { $tcp_closed } on TCP, { $unix_closed } on a Unix stream). On datagrams it means an empty datagram, and a closed peer is not told at all: a read would have waited ({ $udp_closed }, { $unixgram_closed }).
lab-empty-next = `landline call tcp://127.0.0.1:9000` skips empty lines for this reason. `landline lab close` shows the empty read at the end of a stream.
lab-empty-table = An empty send, then one of five bytes, then close
lab-empty-column-family = family
lab-empty-column-sent = empty send returned
lab-empty-column-arrives = other end
lab-empty-column-read = reads gave
lab-empty-column-closed = read after close
lab-empty-arrives = is woken
lab-empty-does-not = sees nothing
