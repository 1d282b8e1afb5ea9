## landline lab partial

lab-partial-question = 程序一次发送 16 MiB，对方还没有读：内核能收下多少？
lab-partial-predict = 16777216 字节中，不等待的 send 收下多少字节？（填一个数）
lab-partial-explain =
    send 返回它收下的字节数，这个数可能比交给它的少。
    不等待时（O_NONBLOCK），{ $bytes } 字节中它收下 { $first } 字节，也就是两个缓冲区能放下的量；立刻再发一次，返回 { $second }。限时 { $limit_ms } 毫秒时，它收下 { $limited } 字节。不限时间、对方又在读时，它返回 { $whole }。
    其余的数据并没有在传输中丢失，而是根本没有被收下；不看 send 返回值的程序就会丢掉它们。
    把剩下的反复发送，中间等待出现空间，共调用 { $calls } 次，{ $came } 字节全部送达。
lab-partial-next = `landline lab backpressure` 演示被收下的字节在哪里。
lab-partial-table = 一条 16 MiB 的消息
lab-partial-taken = 一次 send 收下的量
lab-partial-no-wait = 不等待，没有人读
lab-partial-at-once = 立刻再发一次
lab-partial-limited = 等到时限为止，没有人读
lab-partial-waits = 一直等待，有人读
lab-partial-loop = 反复发送剩下的，有人读
lab-partial-column-how = send 的方式
lab-partial-column-calls = 调用次数
lab-partial-column-taken = 返回值，或总字节数
lab-partial-column-share = 比例
lab-partial-elsewhere-python = Python 的 socket.send 同样可能只收下一部分；socket.sendall 会一直发到全部收下。设置了超时的 Python 套接字在内核中并不等待，它的 send 属于这一类（docs.python.org，socket）。
