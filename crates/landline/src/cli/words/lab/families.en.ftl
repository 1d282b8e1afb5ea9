lab-families-question = The same few messages over tcp, unix, unixgram and udp: which of them keep the edges of the messages, which lose some, and what does a round trip cost?
lab-families-predict = Which family is fastest, and what costs more: the family, or that the other program runs on another core?
lab-families-manners = Three messages of 3 bytes before the first read; then messages of 1 KiB that nobody reads
lab-families-cost = A round trip of 64 bytes, median
lab-families-picture = A round trip of 64 bytes
lab-families-family = family
lab-families-reads = sizes of the reads
lab-families-edges = edges kept
lab-families-order = order kept
lab-families-yes = yes
lab-families-no = no
lab-families-taken = unread: taken by the kernel
lab-families-then = and then
lab-families-goes-on = goes on taking
lab-families-lost = lost
lab-families-wake = waking alone, no socket
lab-families-one = both ends on one core
lab-families-two = on two cores
lab-families-more = the difference
lab-families-explain =
    tcp and unix are streams: three writes came out of one read. unixgram and udp carry datagrams: each read gave one message as it was written. The edges depend on the kind of socket, stream or datagram, and not on whether the other end is on this machine.
    With a reader that does not read, tcp took { $tcp_taken } KiB, unix { $unix_taken } and unixgram { $unixgram_taken }, and then the sender has to wait (EAGAIN, or a send that blocks): nothing is lost. udp never said to wait and lost { $udp_lost } of { $unread } messages.
    So unixgram is a datagram that is not lost: on one machine it is what many take UDP for.
    On one core a round trip cost { $unixgram_one } µs over unixgram, { $unix_one } over unix, { $udp_one } over udp and { $tcp_one } over tcp: what differs is how much protocol lies in between.
    { $waking ->
        [dear] With the other end on another core the same took { $unixgram_two }, { $unix_two }, { $udp_two } and { $tcp_two } µs. The socket is not what costs that: two threads that only wake each other need { $wake_one } µs on one core and { $wake_two } on two. For short messages waking a core that sleeps is dearer than the whole network stack.
        [cheap] With the other end on another core the same took { $unixgram_two }, { $unix_two }, { $udp_two } and { $tcp_two } µs. Two threads that only wake each other need { $wake_one } µs on one core and { $wake_two } on two: here another core is woken for little, as where idle cores do not sleep but poll.
       *[unknown] What another core adds could not be measured here.
    }
lab-families-network = That udp kept the order holds for this machine: across a network datagrams may come in another order, twice, or not at all (RFC 768; RFC 8085, section 3.3). tcp puts the order right itself (RFC 9293).
lab-families-next = `landline listen unixgram:/tmp/talk.sock echo` and `landline call unixgram:/tmp/talk.sock`: the same talk as over udp://, without a loss. Then `landline lab mtu`, which shows where udp loses.
