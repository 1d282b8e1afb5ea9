## The command line itself

## Lines

## Commands (listen exec)

exec-fills-read = { $peer } 发来的命令占满了一次读取的 { $recv } 字节，可能已被截断：命令没有执行，线路已挂断。要接收更长的命令，请加大 --recv。
exec-not-utf8 = { $peer } 发来的命令不是 UTF-8 编码：没有执行。
exec-nul = { $peer } 发来的命令含有 NUL 字符：没有执行。
exec-http = { $peer } 发来的是 HTTP 请求（网页可以让浏览器发出这种请求）：什么都没有执行，线路已挂断。
exec-not-started = 无法为 { $peer } 启动 shell：{ $error }。线路继续可用。
exec-not-held = 无法暂存 { $peer } 的命令输出：{ $error }。命令已终止，线路继续可用。
exec-too-long = { $peer } 的命令输出超过 { $limit } 字节，已终止。上限由 --output-max 设定，最大 2147483647。
exec-peer-left = { $peer } 在命令运行时离开了：正在终止该命令及其启动的所有进程。

## Files (listen files)

## Datagrams (relay, echo, print)

## call

## exec

## get
