## landline lab remedies

lab-remedies-question = 解决粘包的四种办法，在接收方不时要忙别的事情时，哪些能把消息分开，代价又是多少？
lab-remedies-predict = 发送方发 80 条消息，每条之间停 1 毫秒；接收方不时离开 10 毫秒：有多少条消息会出错？（填一个数）
lab-remedies-explain =
    接收方一直等着读时，发送之间停顿只错了 { $sleep_idle } 条，所以看上去有效；接收方一旦不时离开，{ $messages } 条中就有 { $sleep_errors } 条粘在一起。它的代价是每条消息 { $sleep_us } 微秒。
    加大缓冲区只是一次从流中取走更多，{ $messages } 条中错了 { $larger_errors } 条，而什么也不做错了 { $none_errors } 条：流里本来就没有边界，读得再多也找不出来。
    在消息末尾加结束标记，错了 { $sign_errors } 条（每条 { $sign_us } 微秒）；在前面加长度，错了 { $length_errors } 条（每条 { $length_us } 微秒）：无论什么时候来读，接收方都把片段拼起来，直到消息完整。
    结束标记不能出现在消息内容里，否则要转义；长度则必须在发送之前就知道。
    什么也不做时，每条消息用时 { $none_us } 微秒。
lab-remedies-next = `landline lab sticky` 演示消息在哪里粘在一起。`landline get` 使用的明文协议就是在前面加四字节长度。
lab-remedies-table = 出错的消息数，以及每条消息的代价
lab-remedies-errors = 接收方不时离开时出错的消息
lab-remedies-nothing = 什么也不做
lab-remedies-sleep = 发送之间停 1 毫秒
lab-remedies-larger = 一次读 65536 字节
lab-remedies-delimiter = 末尾加换行符
lab-remedies-length = 前面加四字节长度
lab-remedies-column-remedy = 办法
lab-remedies-column-idle = 出错（接收方一直等着）
lab-remedies-column-busy = 出错（接收方不时离开）
lab-remedies-column-cost = 每条用时
lab-remedies-column-extra = 增加的字节
