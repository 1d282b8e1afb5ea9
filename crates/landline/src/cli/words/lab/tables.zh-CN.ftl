## 几个实验共用的表格和图

lab-edges-title = 上面是每次写入的边界，下面是每次读取的边界
lab-edges-writes = 写入
lab-edges-reads = 读取
lab-column-sent = 发送
lab-column-reads = 读取次数
lab-column-sizes = 每次读取的大小
