## landline lab phone

lab-phone-question = 用 TCP 打一通电话：一方的每个调用对应另一方的哪个调用，内核为此发送了什么？
lab-phone-predict = 在 accept 返回之前，两边的内核之间要经过几个报文段？（填一个数）
lab-phone-explain =
    服务器创建套接字、绑定端口、开始监听，然后 accept 等待来电，这里等了 { $accept_us } 微秒。
    客户端的 connect 用了 { $connect_us } 微秒，返回时两边的内核已经完成三次握手{ $handshake ->
        [unseen] {""}
       *[seen] （{ $handshake }）
    }：服务器程序并没有参与握手，它只是用 accept 取走已建立的连接。
    一方每次 send 都会唤醒另一方的 recv，recv 返回已经到达的数据。
    服务器先关闭：客户端最后一次 recv 得到 0 字节，程序就是这样知道对方已经挂断的。它不是错误，也不是异常；不检查它的程序会永远读到空数据。
    每一方各自声明自己发完了（FIN），对方再确认{ $closing ->
        [unseen] {""}
       *[seen] ：{ $closing }
    }。
lab-phone-next = 在一个窗口运行 `landline listen tcp://127.0.0.1:9000 answer hello --once`，在另一个窗口运行 `landline call tcp://127.0.0.1:9000`。`landline lab close` 演示挂断的其他方式。
lab-phone-times = 双方的调用，以及两者之间经过的报文段
lab-phone-client = 客户端
lab-phone-server = 服务器
lab-phone-to-server = 客户端 → 服务器
lab-phone-to-client = 服务器 → 客户端
lab-phone-table = 全部调用，按开始的先后
lab-phone-column-side = 一方
lab-phone-column-call = 调用
lab-phone-column-result = 返回
lab-phone-column-at = 开始时刻
lab-phone-column-took = 用时
