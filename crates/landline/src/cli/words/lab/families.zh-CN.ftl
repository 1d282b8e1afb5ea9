lab-families-question = 同样几条消息，分别通过 tcp、unix、unixgram 和 udp：哪些保持消息边界，哪些会丢消息，往返一次要多久？
lab-families-predict = 哪一种最快？哪个影响更大：套接字的类型，还是对方程序在另一个核上运行？
lab-families-manners = 先写三条 3 字节的消息再读取；然后发送没人读取的 1 KiB 消息
lab-families-cost = 64 字节往返一次的中位数
lab-families-picture = 64 字节往返一次
lab-families-family = 类型
lab-families-reads = 每次读取的大小
lab-families-edges = 保持边界
lab-families-order = 保持顺序
lab-families-yes = 是
lab-families-no = 否
lab-families-taken = 没人读取时内核收下
lab-families-then = 然后
lab-families-goes-on = 继续收下
lab-families-lost = 丢失
lab-families-wake = 只唤醒，不用套接字
lab-families-one = 两端在同一个核
lab-families-two = 在两个核
lab-families-more = 差
lab-families-explain =
    tcp 和 unix 是字节流：三次写入，一次就全读出来了。unixgram 和 udp 是数据报：每次读取正好得到一条消息。是否保持边界，取决于套接字的类型（字节流还是数据报），与对方是否在本机无关。
    接收端不读取时，tcp 收下了 { $tcp_taken } KiB，unix { $unix_taken } KiB，unixgram { $unixgram_taken } KiB，然后发送方必须等待（EAGAIN，或 send 阻塞，也就是背压）：什么也没丢。udp 从不要求等待，{ $unread } 条消息丢了 { $udp_lost } 条。
    所以 unixgram 是不会丢的数据报：在同一台机器上，它才是许多人心目中的 UDP。
    两端在同一个核上时，往返一次的代价是：unixgram { $unixgram_one } µs，unix { $unix_one } µs，udp { $udp_one } µs，tcp { $tcp_one } µs：差别在于中间隔着多少协议。
    { $waking ->
        [dear] 对方在另一个核上时，依次是 { $unixgram_two }、{ $unix_two }、{ $udp_two } 和 { $tcp_two } µs。这并不是套接字的代价：两个线程只是互相唤醒，同一个核上要 { $wake_one } µs，两个核之间要 { $wake_two } µs。对短消息来说，唤醒一个睡着的核比整个网络协议栈还贵。
        [cheap] 对方在另一个核上时，依次是 { $unixgram_two }、{ $unix_two }、{ $udp_two } 和 { $tcp_two } µs。两个线程只是互相唤醒，同一个核上要 { $wake_one } µs，两个核之间要 { $wake_two } µs：这里唤醒另一个核的代价很小，空闲的核不睡眠而是轮询时就会这样。
       *[unknown] 这里无法测量另一个核带来的代价。
    }
lab-families-network = udp 保持了顺序，这只适用于本机：经过网络时，数据报可能乱序、重复或丢失（RFC 768；RFC 8085，3.3 节）。tcp 会自己恢复顺序（RFC 9293）。
lab-families-next = `landline listen unixgram:/tmp/talk.sock echo` 和 `landline call unixgram:/tmp/talk.sock`：与 udp:// 上同样的对话，但不会丢。然后试试 `landline lab mtu`，看 udp 在哪里丢数据。
