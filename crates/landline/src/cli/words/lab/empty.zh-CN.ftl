## landline lab empty

lab-empty-question = 程序发送零个字节时，有什么会到达对方？读到空数据又表示什么？
lab-empty-predict = 在 TCP 上 send 空数据：对方的 recv 会被唤醒吗？在 UDP 上呢？
lab-empty-explain =
    在 TCP 上，空的 send 返回 { $tcp_sent }，产生了 { $segments } 个报文段：流是一串字节，加上零个字节等于什么也没加。系统调用确实执行了，只是没有东西可以传送。下一次读得到的是下一次 send 的 { $tcp_read } 个字节。
    因此，发送空行再等待回显的客户端会永远等下去：服务器根本没有被唤醒。
    在 UDP 上，零字节的数据报也是数据报：它到达了，两次读分别得到 { $udp_read } 字节。
    所以在流上读到空数据只有一个意思：对方已经关闭（这里 TCP 是 { $tcp_closed }，Unix 流是 { $unix_closed }）。在数据报上，它表示一个空的数据报；对方关闭则完全不会通知，这时读会等待（{ $udp_closed }、{ $unixgram_closed }）。
lab-empty-next = `landline call tcp://127.0.0.1:9000` 正因为如此跳过空行。`landline lab close` 演示流结束时的空读。
lab-empty-table = 先 send 空数据，再 send 五个字节，然后关闭
lab-empty-column-family = 套接字类型
lab-empty-column-sent = 空 send 返回
lab-empty-column-arrives = 对方
lab-empty-column-read = 读到
lab-empty-column-closed = 关闭后再读
lab-empty-arrives = 被唤醒
lab-empty-does-not = 毫无察觉
