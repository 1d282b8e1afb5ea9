## landline lab sticky

lab-sticky-question = 连续发送许多小消息，接收方会分几次读到？
lab-sticky-predict = 不停顿地发送 40 次，每次 25 字节；接收方等全部到齐才来读：要读几次？（填一个数）
lab-sticky-explain =
    TCP 传输的是字节流，流里没有任何标记说明一次 send 在哪里结束、下一次从哪里开始。
    这里 { $messages } 次、每次 { $size } 字节的发送，一直等着读的接收方读了 { $reads_waiting } 次，晚来的接收方只读了 { $reads_late } 次：缓冲区里的数据就是连成一片的字节。
    每次发送之间停 { $pause_ms } 毫秒，一直等着的接收方读了 { $reads_waiting_paused } 次，晚来的仍然只读 { $reads_late_paused } 次：停顿只在接收方跟得上时把问题掩盖住，并没有解决粘包。
    发送方也会粘包：Nagle 算法在还有数据未被确认时会扣住小块数据，没人读的时候它们合成了 { $segments_nagle } 个报文段发出；设置 TCP_NODELAY 后是 { $segments_nodelay } 个，它只去掉这一个扣住数据的理由。
lab-sticky-next = `landline lab remedies` 演示真正有效的办法，`landline lab nagle` 测量扣住小块数据的代价。
lab-sticky-table = 发送次数、报文段数与读取次数
lab-sticky-waiting = 接收方一直等着读（TCP_NODELAY，不停顿）
lab-sticky-late = 接收方晚来（TCP_NODELAY，不停顿）
lab-sticky-column-place = 位置
lab-sticky-column-reader = 接收方
lab-sticky-column-nagle = Nagle 算法
lab-sticky-column-pause = 停顿
lab-sticky-column-sends = 发送次数
lab-sticky-column-segments = 报文段
lab-sticky-column-reads = 读取次数
lab-sticky-column-sizes = 每次读到的字节数
lab-sticky-on-loopback = 回环接口
lab-sticky-on-cable = 虚拟网线（MTU 1500）
lab-sticky-is-late = 晚来
lab-sticky-is-waiting = 一直等着
lab-sticky-nagle-on = 开
lab-sticky-nagle-off = 关
lab-sticky-needs-diag = 发送方发出了多少报文段要问 sock_diag，它在这里没有回答。
