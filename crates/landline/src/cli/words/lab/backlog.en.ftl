## landline lab backlog

lab-backlog-question = A listener with listen(n) accepts nobody: how many clients connect, and what does the next one see?
lab-backlog-predict = listen(1), and nobody is accepted: how many clients have connected? (a number)
lab-backlog-explain =
    The kernel finishes handshakes by itself: a client is connected before the program calls accept.
    The number given to listen sizes the queue of those finished handshakes, and this kernel lets in one more: with listen(1) { $connected } clients connected, and { $queue } waited in the queue.
    It does not size the queue of half-open handshakes, which are counted apart ({ $half_open } here).
    The next client was told nothing: its SYN was dropped because the queue was full, it stood in state { $next }, and sends its SYN again after about a second; as soon as something is accepted, it gets in.
    The machine has a limit of its own, net.core.somaxconn = { $somaxconn }: listen({ $asked }) was given { $given }.
lab-backlog-next = `landline listen tcp://127.0.0.1:9000 echo --backlog 1 --one-at-a-time`, then call it four times; `ss -lnt` shows the queue.
lab-backlog-table = Clients of a listener that accepts nobody
lab-backlog-connected = Clients that connected
lab-backlog-column-call = call
lab-backlog-column-connected = connected
lab-backlog-column-waiting = waiting
lab-backlog-column-refused = refused
lab-backlog-column-queue = queue
lab-backlog-column-limit = limit
lab-backlog-column-half-open = half-open
lab-backlog-column-entered = next gets in after
lab-backlog-elsewhere-half-open = Half-open handshakes have a limit of their own on Linux, net.ipv4.tcp_max_syn_backlog (listen(2)). Newer kernels also keep no more of them for one listener than its queue may hold, and answer the rest with SYN cookies (inet_csk_reqsk_queue_is_full in include/net/inet_connection_sock.h).
lab-backlog-elsewhere-windows = Windows refuses the next client with WSAECONNREFUSED (Microsoft's page on the listen function).
lab-backlog-needs-diag = The limit of the queue is told by sock_diag, which does not answer here.
