lab-relay-question = UDP 中继把每个数据报转发给所有曾经发过数据报的人。谁能让它去轰炸一个从未与它说过话的人？
lab-relay-predict = 攻击者冒用受害者的 8 个端口，发出 20 个数据报。受害者会收到多少个？
lab-relay-table = 攻击者的 20 个数据报的结果
lab-relay-picture = 受害者收到的数据报
lab-relay-way = 中继
lab-relay-open = 开放，与教程中一样
lab-relay-members = 最多 2 个成员
lab-relay-allow = --allow 的网段不包含受害者
lab-relay-inside = --allow 受害者所在的网段
lab-relay-rate = 同上，每个来源每秒 1 个数据报
lab-relay-private = 只监听回环
lab-relay-checked = 开放，但攻击者的网络检查源地址
lab-relay-ports = 冒用的端口数
lab-relay-sent = 攻击者发出
lab-relay-reached = 中继收到
lab-relay-got = 受害者收到
lab-relay-bytes = 字节
lab-relay-factor = 倍数
lab-relay-explain =
    数据报里没有任何东西能证明它是谁发的：源地址是发送者自己填的。攻击者 { $attacker } 填的是 { $victim }，中继就把受害者当成成员，把一切都转发给它。
    冒用 1 个端口时，{ $sent } 个数据报让受害者收到 { $one } 个；冒用 { $ports } 个端口时，同样 { $sent } 个变成了 { $many } 个，是 { $factor } 倍：中继按成员数放大流量。受害者看到的发送者是中继 { $sender }，永远看不到攻击者。
    因此，landline 的 relay 默认只监听回环；即使加上 --insecure，没有用 --allow 写明网段也拒绝启动：对有这种名单的中继发动同样的攻击，受害者收到 { $friends } 个。
    名单也不是证明。受害者就在允许的网段里时，收到 { $inside } 个；再限制每个来源每秒 1 个（--rate），收到 { $slow } 个；最多两个成员（--members）时，收到 { $few } 个。--allow 决定的是中继最坏能被用来攻击谁：只写自己的网段，不要写别人的。
    { $apart ->
        [yes] 只监听回环时，中继什么也没收到，受害者收到 { $private } 个。如果攻击者所在的网络不放行不属于自己的源地址，则根本没有数据报到达：{ $checked } 个。
       *[no] 这里没有网络命名空间，所以三方都在回环上，攻击者事先占用过受害者的地址。监听回环的中继听不到外面、网络可以拦下伪造的地址，这两点没有演示。
    }
lab-relay-internet = 互联网上的大规模攻击正是这样利用开放的 DNS、NTP 和 memcached 服务器，放大倍数可达数万（US-CERT 警报 TA14-017A）。有效的办法是每个网络都检查从自己发出的源地址（BCP 38，RFC 2827），但并非每个网络都这样做。
lab-relay-next = `landline listen udp://0.0.0.0:9002 relay` 会说明缺少什么。`landline listen udp://127.0.0.1:9002 relay --no-self` 是本机上的群聊。
