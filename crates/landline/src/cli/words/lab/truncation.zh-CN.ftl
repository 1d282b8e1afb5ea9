lab-truncation-question = 收到一个 11 字节的数据报，程序却调用 recv(10)：第 11 个字节去哪里了？
lab-truncation-predict = 下一次 recv(10) 得到什么：第 11 个字节、下一个数据报，还是一个错误？
lab-truncation-table = 11 字节的消息 "hello world"，读取时只有 10 字节的空间
lab-truncation-picture = 这条消息，以及读取拿走的部分
lab-truncation-family = 套接字类型
lab-truncation-call = 调用
lab-truncation-got = 得到
lab-truncation-told = 由什么得知还有更多
lab-truncation-nothing = 没有任何提示
lab-truncation-then = 下一次读取得到
lab-truncation-lost = 丢失的字节
lab-truncation-explain =
    recv(10) 得到 "{ $text }"，即 { $sent } 字节中的 { $got } 字节。剩下的 { $lost } 字节被丢弃了：下一次读取得到的是 "{ $then }"，也就是下一个数据报。
    一次读取对应一个数据报，缓冲区放不下的部分就此消失（截断）。recv 本身什么也不说：没有错误，返回值也看不出异样。
    内核其实知道。recvmsg 会设置标志 MSG_TRUNC；调用 recv 时带上 MSG_TRUNC，返回值就是数据报的真实长度；再加上 MSG_PEEK，则什么也不取走，程序可以先问长度，再准备足够的空间。
    在字节流上，同样的调用什么也不丢：剩下的 "{ $stream_then }" 由下一次读取得到。所以，缓冲区太小时，字节流的消息会错位，数据报的消息会被截断。
    正确的做法是按可能收到的最大数据报准备空间：IPv4 上的 UDP 是 65507 字节。
lab-truncation-windows = Windows 也会给出前 10 个字节，但调用以错误 WSAEMSGSIZE（10040）失败，Python 把它作为 OSError 抛出；UDP 数据报多出的部分同样丢失（微软文档，recvfrom 函数：learn.microsoft.com/windows/win32/api/winsock/nf-winsock-recvfrom）。
lab-truncation-next = 在一个窗口运行 `landline listen udp://127.0.0.1:9000 print --recv 10`，在另一个窗口运行 `landline call udp://127.0.0.1:9000`：输入 "hello world"，看 landline 如何说明内核截断了什么。然后试试 `landline lab leftover`：字节流上的同一个问题。
