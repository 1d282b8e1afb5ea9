## landline lab deadlock

lab-deadlock-question = 子进程向 stdout 或 stderr 写一百万字节，父进程先把一个管道读到底，再读另一个：什么时候双方都卡住？
lab-deadlock-predict = 子进程先向 stderr 写一百万字节，再向 stdout 写一百万字节。先读哪一个不会卡住：stdout、stderr、都可以，还是都不行？
lab-deadlock-explain =
    管道能容纳的字节有限，这里是 { $held } 字节；写得更多的一方要等别人来读。
    子进程写满 stderr 后停在那里，父进程却在等 stdout 结束，而 stdout 要等子进程退出才结束：谁也走不下去，这就是死锁（{ $writes_err_reads_out }）。对这个子进程先读 stderr 能走通（{ $writes_err_reads_err }），遇到写满 stdout 的子进程却会卡住（{ $writes_out_reads_err }）；两个都写满的子进程，哪种顺序都会卡住（{ $writes_both_reads_out }、{ $writes_both_reads_err }）。
    所以没有哪种顺序是对的。同时读两个管道，每个子进程都能走通（{ $writes_err_reads_both }、{ $writes_out_reads_both }、{ $writes_both_reads_both }）。这里 stuck 表示卡住，done 表示完成。
    每次卡住都在 { $patience_ms } 毫秒没有任何数据之后，由实验把另一个管道读空来结束。
lab-deadlock-next = `landline listen unix:/tmp/lab.sock exec` 同时读取两个管道；用 `sh -c 'head -c 1000000 /dev/zero >&2'` 试一试。
lab-deadlock-table = 谁往哪里写，谁按什么顺序读
lab-deadlock-times = 用时（1 是 stdout，2 是 stderr）
lab-deadlock-column-writes = 子进程写满
lab-deadlock-column-reads = 父进程读
lab-deadlock-column-end = 结果
lab-deadlock-column-held = 留在另一个管道里
lab-deadlock-column-took = 用时
lab-deadlock-to-stderr = stderr
lab-deadlock-to-stdout = stdout
lab-deadlock-to-both = 先 stderr，后 stdout
lab-deadlock-stdout-first = 先 stdout，后 stderr
lab-deadlock-stderr-first = 先 stderr，后 stdout
lab-deadlock-both = 两个同时
lab-deadlock-is-stuck = 卡住
lab-deadlock-is-done = 完成
lab-deadlock-elsewhere-python = Python 的 Popen.communicate() 同时读取两个管道，文档正是因此提醒不要用 Popen.stdout.read()（docs.python.org，subprocess）。
