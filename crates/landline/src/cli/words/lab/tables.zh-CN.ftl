## 几个实验共用的表格和图

lab-edges-title = 上面是每次写入的边界，下面是每次读取的边界
lab-edges-writes = 写入
lab-edges-reads = 读取
lab-column-sent = 发送
lab-column-reads = 读取次数
lab-column-sizes = 每次读取的大小

## 实验需要、而当前用户或机器没有的条件

lab-needs-namespaces = 网络命名空间需要 CAP_SYS_ADMIN 权限和 iproute2 的 ip 程序：请以 root 身份运行，或在 `unshare -rn` 中运行
lab-needs-capture = 抓包需要 CAP_NET_RAW 权限：请以 root 身份运行，或在 `unshare -rn` 中运行
lab-needs-two-cores = 本程序只能使用一个核：无法测量唤醒另一个核的代价

## 实验在哪里进行

lab-place-loopback = 回环
lab-place-cable = 网线
