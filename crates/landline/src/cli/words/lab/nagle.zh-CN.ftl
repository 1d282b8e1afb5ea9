## landline lab nagle

lab-nagle-question = 一个请求分两次写出，然后等待回答：有和没有 Nagle 算法时，一个来回各要多久？
lab-nagle-predict = 在回环接口上什么也不设置，先写两小块，再读回答：一个来回要多少毫秒？（填一个数）
lab-nagle-explain =
    Nagle 算法规定：发送方没有未被确认的数据时，小块数据才立即发出，否则要等到确认。
    接收方则采用延迟确认，希望把确认和回答一起发出；可是请求的后一半还被扣着，它还没有回答可发。双方互相等待：{ $rounds } 个来回中有 { $two_stalls } 个停顿，一半的来回用了 { $two_ms } 毫秒或更久。
    发送方设置 TCP_NODELAY 后，中位数是 { $nodelay_ms } 毫秒（{ $nodelay_stalls } 个停顿）；接收方设置 TCP_QUICKACK、立即确认，是 { $quickack_ms } 毫秒（{ $quickack_stalls } 个）。
    什么也不设置，只把两部分合成一次写，是 { $one_ms } 毫秒（{ $one_stalls } 个）：这是最好的办法，发出的报文段也更少。
    最初几个来回可能很快，因为新建立的连接会在一段时间内立即确认。
lab-nagle-next = `landline lab sticky` 演示同一算法在发送方把消息粘在一起。
lab-nagle-table = 请求与回答的来回
lab-nagle-times = 每个来回的用时
lab-nagle-round = 第几个来回
lab-nagle-two-writes = 写两次
lab-nagle-no-delay = 写两次，TCP_NODELAY
lab-nagle-quick-ack = 写两次，接收方 TCP_QUICKACK
lab-nagle-one-write = 写一次
lab-nagle-column-way = 请求方式
lab-nagle-column-stalls = 超过 20 毫秒的来回
lab-nagle-column-median = 中位数
lab-nagle-column-longest = 最长
lab-nagle-elsewhere-rfc = 确认最多可以延迟半秒（RFC 9293 第 3.8.6.3 节）；各系统实际等待的时间不同。
