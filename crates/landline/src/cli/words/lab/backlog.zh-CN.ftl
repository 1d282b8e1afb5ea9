## landline lab backlog

lab-backlog-question = 服务器调用了 listen(n) 却一个也不 accept：有几个客户端能连上？下一个会看到什么？
lab-backlog-predict = listen(1)，一个也不 accept：有几个客户端连上了？（填一个数）
lab-backlog-explain =
    三次握手由内核自己完成：程序还没调用 accept，客户端就已经连上了。
    listen 的参数规定的是全连接队列（已完成握手、等待 accept 的连接）的长度，而这个内核会多放进一个：listen(1) 时有 { $connected } 个客户端连上，{ $queue } 个在全连接队列里等待。
    它规定的不是半连接队列，半连接另外计数（这里是 { $half_open } 个）。
    再下一个客户端得不到任何答复：全连接队列已满，它的 SYN 被丢弃，它停在 { $next } 状态，大约一秒后重发 SYN；只要有连接被 accept，它就能连上。
    机器本身还有一个上限 net.core.somaxconn = { $somaxconn }：listen({ $asked }) 实际得到的是 { $given }。
lab-backlog-next = 运行 `landline listen tcp://127.0.0.1:9000 echo --backlog 1 --one-at-a-time`，再拨四次；用 `ss -lnt` 可以看到队列。
lab-backlog-table = 一个也不 accept 的服务器的客户端
lab-backlog-connected = 连上的客户端数
lab-backlog-column-call = 调用
lab-backlog-column-connected = 已连上
lab-backlog-column-waiting = 等待
lab-backlog-column-refused = 被拒绝
lab-backlog-column-queue = 全连接队列
lab-backlog-column-limit = 队列上限
lab-backlog-column-half-open = 半连接
lab-backlog-column-entered = 多久后连上
lab-backlog-elsewhere-half-open = Linux 的半连接另有上限 net.ipv4.tcp_max_syn_backlog（见 listen(2)）。较新的内核为每个监听套接字保留的半连接也不超过其全连接队列的长度，超出的用 SYN cookie 应答（内核源码 include/net/inet_connection_sock.h 的 inet_csk_reqsk_queue_is_full）。
lab-backlog-elsewhere-windows = Windows 会以 WSAECONNREFUSED 拒绝下一个客户端（见微软的 listen 函数文档）。
lab-backlog-needs-diag = 队列上限要问 sock_diag，它在这里没有回答。
