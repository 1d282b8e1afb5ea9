## landline lab crash

lab-crash-question = 一端的进程被杀死（kill -9），来不及告别：另一端会看到什么？
lab-crash-predict = 对方进程被杀死，没有未读的数据：你的读返回什么？（0，或错误名）
lab-crash-explain =
    被杀死的进程自己无法收尾，但内核会替它做：像调用 close 一样关闭它的全部套接字。
    没有未读数据时，另一端在进程被杀 { $told_us } 微秒后收到 FIN：读返回 { $clean_read }，与正常告别后的空读完全一样，也没有异常。第一次写甚至被收下了（{ $clean_write } 字节）。
    有未读数据时则是复位：读得到 { $unread_read }，之后的写得到 { $unread_write }。
    如果还有另一个进程持有同一个套接字（例如 fork 之后），连接就不会结束：读会等待（{ $shared_read }），写被收下（{ $shared_write } 字节）。
    所以空读并不能说明对方是否已经说完：这要由协议自己表明，例如用长度，或用一条结束消息。
lab-crash-next = `landline lab close` 演示每种关闭方式在另一端看来是什么样子。
lab-crash-table = 活着的一端看到什么
lab-crash-nothing = 没有未读数据
lab-crash-unread = 有未读数据
lab-crash-shared = 另一个进程持有套接字
lab-crash-column-before = 被杀之前
lab-crash-column-read = 读
lab-crash-column-write = 写
lab-crash-column-told = 多久后得知
lab-crash-elsewhere-power = 断电或断网的机器什么也不会发送：对方的读会一直等下去，直到 keepalive 探测；它默认关闭，在 Linux 上两小时后才开始（tcp(7)，tcp_keepalive_time）。
