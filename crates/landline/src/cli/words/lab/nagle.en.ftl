## landline lab nagle

lab-nagle-question = A request is sent in two writes, and its answer is awaited: how long does a round take, with and without Nagle's algorithm?
lab-nagle-predict = Two small writes, then a read, on loopback with nothing set: how many milliseconds does a round take? (a number)
lab-nagle-explain =
    Nagle's algorithm sends a small piece at once only while nothing of the sender's is unacknowledged; otherwise it waits for the acknowledgement.
    The receiver delays its acknowledgement in the hope of sending it along with an answer, and has no answer yet, for half of the request is still held back. Both wait: { $two_stalls } of { $rounds } rounds stood still, and half of them took { $two_ms } ms or more.
    With TCP_NODELAY at the sender the median was { $nodelay_ms } ms ({ $nodelay_stalls } stood still); with TCP_QUICKACK at the receiver, which acknowledges at once, { $quickack_ms } ms ({ $quickack_stalls }).
    With both parts in one write it was { $one_ms } ms ({ $one_stalls }) with nothing set at all: this is the best cure, since it also sends fewer segments.
    The first rounds may be quick: a new connection acknowledges at once for a while.
lab-nagle-next = `landline lab sticky` shows the same algorithm joining messages at the sender.
lab-nagle-table = Rounds of a request and its answer
lab-nagle-times = How long each round took
lab-nagle-round = round
lab-nagle-two-writes = two writes
lab-nagle-no-delay = two writes, TCP_NODELAY
lab-nagle-quick-ack = two writes, TCP_QUICKACK at the receiver
lab-nagle-one-write = one write
lab-nagle-column-way = request
lab-nagle-column-stalls = rounds over 20 ms
lab-nagle-column-median = median
lab-nagle-column-longest = longest
lab-nagle-elsewhere-rfc = An acknowledgement may be delayed by up to half a second (RFC 9293, 3.8.6.3); systems differ in how long they wait.
