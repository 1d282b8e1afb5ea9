lab-mtu-question = UDP 数据报可以有多大：从多大开始要分片，多大就发不出去，超过 512 字节真的会丢数据吗？
lab-mtu-predict = 能用一个包通过以太网线的最大数据是多少字节？接收端不读取时，1000 个 512 字节的数据报会丢多少个？
lab-mtu-limits = 通过尝试找到的最大数据长度
lab-mtu-sizes = 每种长度各发一个数据报
lab-mtu-loss = 大量的小数据报和大数据报，接收端读取或不读取
lab-mtu-picture = 一个数据报变成多少个 IP 包
lab-mtu-loss-picture = 丢失的数据报
lab-mtu-place = 地点
lab-mtu-version = 协议
lab-mtu-interface = MTU
lab-mtu-whole = 一个包装得下的最大长度
lab-mtu-df = 禁止分片时的最大长度
lab-mtu-largest = 能发送的最大长度
lab-mtu-payload = 数据字节数
lab-mtu-sent = send 返回
lab-mtu-packets = IP 包数
lab-mtu-largest-packet = 最大的包（字节）
lab-mtu-arrived = 读到的字节数
lab-mtu-reader = 接收端
lab-mtu-reading = 立即读取
lab-mtu-idle = 不读取
lab-mtu-buffer = SO_RCVBUF
lab-mtu-many = 发送
lab-mtu-kept = 收到
lab-mtu-lost = 丢失
lab-mtu-dropped = 内核统计的丢弃
lab-mtu-explain =
    512 字节不是 UDP 的界限。接收端不读取时，{ $sent } 个 512 字节的数据报丢了 { $lost_512 } 个，{ $sent } 个 1400 字节的丢了 { $lost_1400 } 个；接收端随到随读时，分别丢了 { $lost_512_reading } 个和 { $lost_1400_reading } 个。
    丢失发生在已满的接收缓冲区门前：内核在套接字上记下了丢弃数，一共 { $dropped } 个。send 对此一无所知，因为数据报一离开，它的任务就完成了。加大 SO_RCVBUF 只能推迟丢失；接收端读得够快才能避免。
    { $cable ->
        [yes] 长度影响的是另一件事：IP 首部占 20 字节，UDP 首部占 8 字节，所以超过 { $whole } 字节的数据装不进 MTU 为 1500 的网线上的一个包。IP 会把它分片，这里最多分成 { $packets } 片；只要丢一片，整个数据报就丢了。如果禁止分片（IP_MTU_DISCOVER），超过 { $whole_df } 字节时 send 会失败。
       *[no] 长度影响的是另一件事：路径上一个包装不下的数据，会被 IP 分片。在以太网线上，数据超过 1472 字节就要分片；这里没有网线，所以没有测量，而回环的 MTU 装得下 IPv4 的任何数据报。
    }
    超过 { $largest } 字节时，send 本身就会失败，错误是 { $error }：IPv4 最多只能表示 65535 字节的包，两个首部也算在内。
lab-mtu-origin = 512 来自 DNS：它曾经承诺 UDP 消息不超过 512 字节（RFC 1035，2.3.4 节），因为每台主机都必须能接收 576 字节的 IP 包（RFC 791，3.1 节），更大的则不一定。
lab-mtu-next = `landline lab relay` 展示数据报的发送者还有什么管不了的事；`landline lab families` 比较那些什么也不丢的套接字。
