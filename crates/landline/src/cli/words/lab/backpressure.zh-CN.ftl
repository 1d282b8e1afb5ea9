## landline lab backpressure

lab-backpressure-question = 没有人读：send 能收下多少字节才会等待？这些字节在哪里？
lab-backpressure-predict = 缓冲区由内核自己决定时，send 收下多少 KB 之后才会等待？（填一个数）
lab-backpressure-explain =
    send 在内核收下数据后就返回，并不表示有人读到了数据。
    这里收下 { $sent } 字节之后 send 就要等待了：其中 { $there } 字节在接收方的缓冲区里，{ $here } 字节还留在发送方，因为接收窗口已满。
    两个缓冲区都设为 { $small_asked } 字节时，收下了 { $small_sent } 字节；内核会把要求的大小加倍，留出空间存放自己的管理信息。
    在这里等待的程序会被拖慢到与读者同速，这就是背压：它会一直传回到给程序提供数据的那一方。
    要读走 { $read } 字节之后才又有空间，因为内核不会为一点点空间就唤醒发送方。
lab-backpressure-next = `landline lab partial` 演示只被收下一部分的 send 返回什么。
lab-backpressure-table = 没有人读时收下的字节，以及写满时的缓冲区
lab-backpressure-sent = send 要等待之前收下的字节，按所要求的大小（-：由内核决定）
lab-backpressure-column-asked = 要求的大小
lab-backpressure-column-sndbuf = SO_SNDBUF
lab-backpressure-column-rcvbuf = SO_RCVBUF
lab-backpressure-column-sent = 收下
lab-backpressure-column-here = 在发送方
lab-backpressure-column-there = 在接收方
lab-backpressure-column-read = 读走多少才有空间
