## landline lab close

lab-close-question = 结束连接有四种方式：对方接下来的读和写各返回什么？
lab-close-predict = 你发的数据还没有被读走，对方就关闭了：你的下一次读返回什么？（0，或错误名）
lab-close-explain =
    读完全部数据再关闭的一方会发送 FIN：另一方的读返回 { $fin_read } 字节，意思是“不会再有数据了”，它并不是异常。此后第一次写返回 { $fin_first }，因为内核先收下数据，还不知道已经没有人读；对方以 RST 回应，于是第二次写返回 { $fin_second }。
    还有数据没读就关闭，内核不发 FIN，而是复位连接（RST），因为有数据丢失了：读得到 { $unread_read }；如果没有先读，第一次写得到 { $unread_first }，第二次写得到 { $unread_second }。把 SO_LINGER 的时间设为 0，就是有意这样做。
    shutdown(SHUT_WR) 只关闭一个方向（半关闭）：读得到 { $half_read }，而两次写都被收下（{ $half_first } 和 { $half_second }），{ $half_heard } 字节全部被对方听到。
    先发 FIN 的一方要把连接保留在 TIME_WAIT 状态，在这个内核上是 { $fin_seconds } 秒（3 个连接中这一方有 { $fin_waits_here } 个，另一方有 { $fin_waits_there } 个）；复位之后两边都没有（{ $unread_waits } 个）。
    因此先挂断的服务器在原端口上重启时，bind 得到 { $bind_again }。只给新套接字设置 SO_REUSEADDR，得到 { $bind_again_late }；旧套接字当初也设置过，得到 { $bind_again_reuse }，其中 0 表示成功。
lab-close-next = `landline lab crash` 杀死一端的进程；`landline lab phone` 在时间线上显示挥手的报文段。
lab-close-table = 另一方的各次调用返回什么（数字是字节数）
lab-close-waits = 先结束的一方处于 TIME_WAIT 的连接
lab-close-read = close，数据已读完
lab-close-unread = close，还有数据没读
lab-close-linger = close，SO_LINGER 0
lab-close-half = shutdown(SHUT_WR)
lab-close-column-way = 结束方式
lab-close-column-connections = 连接数
lab-close-column-read = 读
lab-close-column-first = 第一次写
lab-close-column-second = 第二次写
lab-close-column-heard = 仍听到的字节
lab-close-column-wait-here = 在这一方
lab-close-column-wait-there = 在另一方
lab-close-elsewhere-windows = 在 Windows 上复位表现为 WSAECONNRESET（10054），Python 抛出 ConnectionResetError（见微软的 Windows Sockets 错误码表）。
