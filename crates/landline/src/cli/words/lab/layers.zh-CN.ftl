lab-layers-question = 程序发送 "hello"。真正在线路上传输的是什么，其中的各种地址又是给谁看的？
lab-layers-predict = 5 字节的文字，用 TCP 一共要传多少字节？用 UDP 呢？
lab-layers-sizes = 每一层加上多少字节
lab-layers-addresses = 各层的地址：从谁到谁
lab-layers-tcp = TCP 上的这条消息，逐个字段
lab-layers-udp = UDP 上的同一条消息：不同之处
lab-layers-tcp-picture = TCP 上这条消息的全部字节
lab-layers-udp-picture = UDP 上这条消息的全部字节
lab-layers-told = 不抓包，套接字自己能说明的
lab-layers-where = 地点
lab-layers-renamed = 网线，换了 MAC
lab-layers-protocol = 协议
lab-layers-link = 链路层
lab-layers-network = 网络层
lab-layers-transport = 传输层
lab-layers-application = 应用层
lab-layers-all = 合计
lab-layers-mac = MAC
lab-layers-ip = IP
lab-layers-port = 端口
lab-layers-layer = 层
lab-layers-field = 字段
lab-layers-value = 值
lab-layers-meaning = 用途
lab-layers-own = 自己的地址
lab-layers-peer = 对方的地址
lab-layers-read = 读到的字节数
lab-layers-segment = 每段最多字节数
lab-layers-mac-target = 这段网线上应当接收它的网卡
lab-layers-mac-source = 这段网线上发出它的网卡
lab-layers-type = 里面是什么：交给谁拆
lab-layers-version = IP 的版本，以及首部到哪里为止
lab-layers-dscp = 优先级，以及路径是否拥塞
lab-layers-total = 本首部及其后所有内容的长度
lab-layers-identification = 哪些分片属于同一个包
lab-layers-fragment = DF：禁止分片；分片在原包中的位置
lab-layers-ttl = 还可以经过多少个路由器
lab-layers-follows = 里面是什么：TCP 还是 UDP
lab-layers-ip-checksum = 保护本首部
lab-layers-ip-source = 发送它的主机（由它自己填写）
lab-layers-ip-target = 应当收到它的主机
lab-layers-port-source = 发送方的套接字，回答时用
lab-layers-port-target = 应当收到它的套接字
lab-layers-sequence = 这些字节在字节流中的位置
lab-layers-acknowledgment = 反方向已经收到哪里
lab-layers-offset = 数据从哪里开始
lab-layers-flags = PSH：立即交给应用；ACK：确认号有效
lab-layers-window = 还能接收多少（按比例放大）
lab-layers-checksum = 保护地址、首部和数据
lab-layers-checksum-left = 保护地址、首部和数据；留给网卡计算，而这里没有真正的网卡，所以没有填
lab-layers-urgent = 几乎不用
lab-layers-options = 这里是双方的时间戳，用来测量往返时间
lab-layers-length = 本首部和数据的长度
lab-layers-data = 程序发送的内容
lab-layers-explain =
    每一层都在上一层交来的内容前面加上自己的首部，也只看自己的首部。
    { $captured ->
        [yes] 这 { $message } 字节，在 TCP 上传输时一共是 { $tcp } 字节，在 UDP 上是 { $udp } 字节：以太网首部 { $link } 字节，IP 首部 { $network } 字节，然后是 UDP 首部 { $udp_header } 字节，或 TCP 首部 { $tcp_header } 字节。TCP 首部比 UDP 多出的是：这些字节在字节流中的位置、对方已经收到哪里、还能接收多少。
       *[no] 这里看不到线路上传输的内容。套接字只知道自己那一层：地址、端口和长度。
    }
    MAC 地址只管一段网线：它向邻居指明一块网卡，路上每个路由器都会换上别的 MAC 地址。IP 地址管的是跨过所有网线、从主机到主机，不论它们在哪个网络里。端口则指向那台主机上的一个套接字。
    { $cable ->
        [yes] MAC 地址不是固定不变的名字：网线上的先是 { $mac_cable }，一条命令之后就成了 { $mac_new }。回环也有链路层首部，其中的地址是 { $mac_loopback }，因为那里没有网卡。
       *[no] MAC 地址不是固定不变的名字：一条命令就能改掉它，两块网卡也可能相同。
    }
    TCP 和 UDP 同时使用了端口 { $port }，互不干扰：标识一个套接字的是协议、地址和端口三者，而不只是端口。
lab-layers-next = `landline lab layers --write layers.pcapng` 把抓到的包写入文件，可用 Wireshark 打开。然后试试 `landline lab phone`：一次完整连接的包与各个调用并排显示。
