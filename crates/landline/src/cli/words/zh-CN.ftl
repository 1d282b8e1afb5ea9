## The command line itself

not-yet = 尚未提供：{ $verb } 将在 landline 以后的版本中加入（not yet）
variable-wrong = 这个值来自变量 { $name }
unknown-verb = landline 没有 { $verb } 这个命令：用 `landline --help` 查看全部命令
runtime-failed = landline 无法启动：{ $error }
input-needed = 没有给出内容，而 --no-input 不允许询问：请写明，或从标准输入给出
input-failed = 无法读取标准输入：{ $error }
output-failed = 无法写入标准输出：{ $error }

## Config file

config-no-toml = { $path } 第 { $line } 行：不是有效的 TOML：{ $error }
config-unknown = { $path } 第 { $line } 行：{ $option } 既不是 `{ $verb }` 的长选项，也不是它的子命令：见 `{ $verb } --help`
config-every-verb = { $path } 第 { $line } 行：{ $option } 是所有命令共有的选项：请写在所有表之前，只写一次
config-needs-table = { $path } 第 { $line } 行：{ $option } 是命令，它的选项要写在自己的表里，例如写在 [listen] 之下
config-needs-flag = { $path } 第 { $line } 行：{ $option } 的值是 true 或 false
config-needs-number = { $path } 第 { $line } 行：{ $option } 的值是一个数
config-needs-text = { $path } 第 { $line } 行：{ $option } 的值是引号中的文字：{ $option } = "..."
config-needs-texts = { $path } 第 { $line } 行：{ $option } 的值是引号中的文字，或这样的列表：{ $option } = ["...", "..."]
config-bad-value = { $path } 第 { $line } 行：{ $option }：{ $error }
config-refused = { $path }：其中的设置与命令行不能并用：{ $error }

## Lines

address-no-scheme = { $address } 没有写明协议：请写 tcp://主机:端口、udp://主机:端口、unix:路径 或 unixgram:路径
address-unknown-scheme = { $address }：不认识协议 { $value }；请写 tcp://、udp://、unix: 或 unixgram:
address-no-host = { $address } 没有写明主机：例如 tcp://127.0.0.1:9000
address-bad-host = { $address }：“{ $value }”不是主机；请写名字或地址
address-no-port = { $address } 没有写明端口：例如 tcp://127.0.0.1:9000
address-bad-port = { $address }：“{ $value }”不是端口；请写 0 到 65535 之间的数
address-no-brackets = { $address }：IPv6 地址要放在方括号里；例如 tcp://[::1]:9000
address-no-path = { $address } 没有写明套接字文件：例如 unix:/tmp/landline.sock
address-path-too-long = { $address }：路径有 { $value } 字节，而内核最多接受 107 字节；请换一个更短的路径
bind-in-use = { $address } 已被另一个程序占用：请换一个地址，或先停止那个程序
bind-not-permitted = 当前用户不能使用 { $address }（{ $error }）：1024 以下的端口和他人的目录需要更高的权限
bind-not-here = { $address } 不是本机的地址
bind-not-a-socket = { $address }：那里有一个不是套接字的文件，没有动它；请换一个路径
bind-no-folder = { $address }：套接字文件所在的目录不存在
bind-failed = 无法监听 { $address }：{ $error }
dial-refused = { $address } 上没有程序在监听
dial-not-found = 找不到 { $address }（{ $error }）
dial-not-permitted = 当前用户不能打开 { $address }
dial-failed = 无法连接 { $address }：{ $error }
insecure-needed = { $address } 对其他机器开放，而这种线路既不加密也不认证：请监听 127.0.0.1，或加上 --insecure
insecure-open = --insecure：{ $address } 上的 { $service } 对所有能连到它的机器开放，不加密，也没有密码
insecure-allowed = --insecure：{ $address } 上的 { $service } 只接收来自 { $networks } 的数据报，不加密，也没有密码；数据报的发送者可以伪造
open-echo-suffix = 对外开放的数据报 echo 不能加 --suffix：比提问更长的回答可能被用来攻击别人
open-relay-allow = 对外开放的 relay 需要 --allow 网段，例如 192.168.1.0/24：数据报的发送者可以伪造，回答可能被用来攻击别人
option-misplaced = { $option } 不是 { $service } 的选项
answer-needs-text = answer 需要一段文字：例如 `answer hello`
service-needs-stream = { $service } 需要字节流：请监听 tcp:// 或 unix:
service-needs-datagrams = { $service } 需要数据报：请监听 udp:// 或 unixgram:
stream-needed = { $verb } 需要字节流，而 { $address } 传的是数据报：请写 tcp:// 或 unix:
accept-failed = 暂时不能再接受新的客户端，已有的继续服务：{ $error }
client-refused = 已拒绝 { $peer }：命令只为本机的同一用户执行（{ $reason }）；加上 --insecure 才允许其他用户
line-failed = 与 { $peer } 的线路断了：{ $error }
line-broke = 线路断了：{ $error }
hung-up = 对方挂断了

## Secure line

secure-credentials = 本机自己的证书或密钥无法使用：{ $error }
secure-slow = { $peer } 没有在 { $error } 内完成安全握手：线路已关闭
secure-truncated = { $peer } 没有正常关闭安全线路就挂断了：它最后发送的内容可能不完整
secure-broken = 与 { $peer } 的安全线路断了：{ $error }
secure-not-tls = { $peer } 使用的不是 TLS：普通套接字请写 tcp://主机:端口
secure-old-version = { $peer } 不支持 TLS 1.3，而更旧的版本一概不接受
secure-other-protocol = { $peer } 使用 TLS，但不支持 landline/1：那里是不是别的程序？
secure-no-certificate = { $peer } 没有出示证书，无法确认它是谁：线路已关闭
secure-bad-certificate = { $peer } 的证书无法使用：{ $error }
secure-not-ed25519 = { $peer } 的证书用的不是 Ed25519 密钥：`landline id` 可以生成合适的证书
secure-not-its-key = { $peer } 出示了证书，却没有与之对应的密钥：可能有人在冒充另一台机器
secure-wrong-peer = 在 { $peer } 应答的是另一台机器，它的密钥与预期的不同：没有向它发送任何内容
secure-refused = { $peer } 拒绝了安全线路（{ $error }）
secure-failed = 与 { $peer } 的安全握手失败：{ $error }

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

files-name-fills-read = { $peer } 发来 { $bytes } 字节，正好占满一次读取：文件名可能被截断，因此没有发送任何文件；可用 --recv 加大每次读取的字节数
files-name-not-utf8 = { $peer } 请求的文件名不是 UTF-8；已挂断
files-name-nul = { $peer } 请求 { $name }：文件名不能含有 NUL 字符；已挂断
files-http = { $peer } 发来的是 HTTP 请求：这里不是网页服务器，请用 `landline get`；已挂断
files-name-absolute = { $peer } 请求 { $name }：不接受绝对路径，文件名要从所提供的目录算起；已挂断
files-name-upwards = { $peer } 请求 { $name }：不接受含有 `..` 的名字；已挂断
files-name-empty-part = { $peer } 请求 { $name }：名字里有空的部分（例如以斜杠结尾），不予接受；已挂断
files-missing = { $peer } 请求 { $name }：没有这个文件；已挂断
files-denied = { $peer } 请求 { $name }：当前用户无权读取它；已挂断
files-outside = { $peer } 请求 { $name }：路径中的符号链接指向所提供的目录之外；已挂断
files-not-a-file = { $peer } 请求 { $name }：它不是普通文件；已挂断
files-name-too-long = { $peer } 请求的文件名（{ $bytes } 字节）超过了文件系统允许的长度；已挂断
files-unreadable = { $peer } 请求 { $name }：无法读取（{ $error }）；已挂断
files-changing = { $peer } 请求 { $name }：每次计算 MD5 时它都在变化，因此没有可发送的 MD5；已挂断
files-shrank = 向 { $peer } 发送 { $name } 时它变短了：{ $announced } 字节中只发出 { $sent } 字节；已挂断

root-failed = 无法提供目录 { $root }：{ $error }

## Datagrams (relay, echo, print)

datagram-cut = 来自 { $peer } 的数据报共 { $size } 字节，只收下了前 { $recv } 字节，其余已丢失（调大 --recv 可完整接收）
arrival-whole = { $peer } { $size } 字节：{ $bytes }
arrival-cut = { $peer } { $size } 字节，截断为 { $kept } 字节：{ $bytes }
arrival-nobody = （无地址）
arrivals-ended = { $peer } 已离开
datagram-refused = 发往 { $peer } 的数据报未能发出（连同发往其他成员的共 { $count } 个）：{ $error }
datagram-dropped = { $peer } 没有读取发给它的数据：已为它和类似的成员丢弃 { $count } 个数据报
relay-joined = { $peer } 加入了
relay-left = { $peer } 已经不在了
relay-expired = { $peer } 太久没有发言，已离开
relay-full = 没有位置留给 { $peer }：已有 { $members } 个成员（新来者的 { $count } 个数据报未被转发；上限由 --members 设定）
relay-not-allowed = { $peer } 不在 --allow 指定的任何网络内：来自外部的 { $count } 个数据报未被转发
relay-too-fast = { $peer } 每秒发送超过 { $rate } 个数据报：发送过快者的 { $count } 个数据报未被转发
echo-too-fast = { $peer } 每秒发送超过 { $rate } 个数据报：发送过快者的 { $count } 个数据报未得到回应

## call

prompt-call = { $address }>{" "}
reply-late = { $wait } 内没有收到回复；先继续，晚到的回复仍会显示
replies-never = 有 { $count } 条回复始终没有收到；挂断
send-stuck = 对方不再接收：它没有读取已发给它的数据
raw-needs-stream = --raw 需要字节流，而 { $address } 传的是数据报：请写 tcp:// 或 unix:
reply-truncated = 一个 { $whole } 字节的数据报被截成 { $kept } 字节：其余的丢失了（--recv）
datagram-too-long = 一个数据报装不下 { $bytes } 字节：请发送更短的一行

## exec

prompt-command = 命令>{" "}
command-empty = 命令是空的：请写在 -- 后面
encoding-unknown = 不认识编码 { $name }：例如 gbk、big5、shift_jis 或 utf-8
reply-none = 对方没有回复就挂断了
reply-cut-in-length = 对方在发送回复长度时挂断了
reply-cut = 对方在回复中途挂断了：还差 { $missing } 字节
reply-length-negative = 回复声明的长度是 { $value }：字节序对吗？见 --endian
reply-unasked = 对方发来的数据比它声明的回复还多
exec-dashes-needed = 程序和它的参数写在 -- 之后，例如 `landline exec office -- uname -a`
exec-program-needed = 请在 -- 后面写出程序，例如 `landline exec { $host } -- uname -a`；要交给那边的 shell 执行一行，请用 --shell 'LINE'
exec-shell-and-program = --shell 用一行命令代替程序：请只写 --shell 'LINE' 或只写 -- PROGRAM ARG...
exec-option-plain = { $option } 只用于明文套接字（tcp://、unix:）：来自 { $host } 的字节原样到达
exec-option-machine = { $option } 只用于受信任的机器，写作 HOST：{ $address } 的明文线路无法携带它
exec-program-missing = { $host } 上没有程序 { $program }
exec-not-executable = { $host } 上有 { $program }，但无法运行
exec-words-too-long = 参数和变量的总长超过了 { $host } 所能接受的：请改从标准输入发送
exec-dir-missing = { $dir } 不是 { $host } 上可供程序启动的文件夹
exec-env-refused = { $host } 不接受 --env 中的某个变量：{ $message }；它的主人用 `landline serve --allow-env` 指定可接受的变量
exec-not-granted = { $host } 不允许本机运行这个命令：它的主人可在那里输入 `landline trust grant PEER exec`；只获准运行某一条命令的，不能另选 --dir 和 --env
exec-not-offered = { $host } 不运行命令：它的服务器启动时没有加 --allow-exec
exec-timed-out = 命令在 { $timeout } 后被终止（--timeout）
exec-ending = 正在终止 { $host } 上的命令：再按一次 Ctrl-C 或再收到 SIGTERM 就立即离开

## get

prompt-get = 文件名（Q 结束）>{" "}
get-names-clash = 有两个名字的最后一段都是 { $target }，会变成同一个文件：请放到不同的目录
get-done = { $name }：{ $bytes } 字节，存为 { $path }，MD5 { $md5 } 已核对
get-name = “{ $name }”不是以文件名结尾：例如 a.txt 或 folder/a.txt
get-folder = 无法打开目录 { $path }：{ $error }
get-target-is-folder = { $path } 是一个目录，不能用文件取代它：请用 --to 另选目录
get-line-spent = 没有请求 { $name }：已无法判断这条线路上下一个回复从哪里开始；请重新连接
get-line-failed = 没有取得 { $name }：线路断了（{ $error }）
get-no-reply = 没有取得 { $name }：对方没有回答就挂断了；对方没有这个文件或不能给出它时，只能这样做
get-header-cut = 没有取得 { $name }：文件头还没收完，对方就挂断了
get-short = 没有取得 { $name }：还差 { $missing } 字节时对方挂断了；没有保留任何内容
get-md5-mismatch = 没有取得 { $name }：它的 MD5 是 { $found }，应为 { $announced }；没有保留任何内容
get-write-failed = 没有取得 { $name }：写入失败（{ $error }）；没有保留任何内容
get-place-failed = 无法写入 { $path }：{ $error }；没有保留任何内容
get-other-name = 对方给 { $name } 的名字是“{ $announced }”，与所请求的不同：已按所请求的名字保存
length-negative = 没有取得 { $name }：声明的文件头长度 { $value } 小于零（字节序对吗？见 --endian）
header-empty = 没有取得 { $name }：声明的文件头长度为 0
header-too-long = 没有取得 { $name }：声明的文件头有 { $length } 字节，最多只接受 { $max } 字节（字节序对吗？见 --endian）
header-not-utf8 = 没有取得 { $name }：文件头不是 UTF-8
header-not-json = 没有取得 { $name }：文件头不是 JSON（第 { $line } 行，第 { $column } 列）
header-not-an-object = 没有取得 { $name }：文件头不是 JSON 对象
header-key-missing = 没有取得 { $name }：文件头缺少键 { $field }
header-key-twice = 没有取得 { $name }：文件头中键 { $field } 出现了两次
header-wrong-type = 没有取得 { $name }：文件头中 { $field } 的类型不对
header-md5-malformed = 没有取得 { $name }：文件头中的 MD5 不是 32 位十六进制数字
file-data-len-negative = 没有取得 { $name }：文件头声明的文件长度 { $value } 小于零
file-data-len-fractional = 没有取得 { $name }：文件头声明的文件长度 { $value } 不是整数
file-data-len-huge = 没有取得 { $name }：文件头声明的文件长度 { $value } 大于任何文件可能的长度

## Files (get HOST, put, ls)

transfer-host-needed = { $verb } 只用于受信任的机器，写作 HOST（`landline pair` 给出的名字）：{ $address } 的线路无法携带它
transfer-path-too-long = 路径最多 4096 字节，而这个有 { $bytes } 字节
transfer-too-many-paths = PATH 太多，一次调用装不下（{ $error }）：请分几次，或写它们所在的文件夹，或用引号中的模式
get-option-machine = { $option } 只用于受信任的机器，写作 HOST：对 { $address } 请去掉它，只写文件名和 --to DIR
get-option-plain = { $option } 只用于明文套接字（tcp://、unix:）：对 { $host } 请去掉它
get-stdout-machine = --to - 只用于受信任的机器，写作 HOST：来自 { $address } 的文件要放进文件夹，请写 --to DIR（名为 - 的文件夹写作 --to ./-）
get-name-not-text = { $name } 不是 UTF-8，而明文线路上没有别的名字
get-path-needed = 请写明要取什么，例如 `landline get { $host } notes.txt`；`landline ls { $host }` 会列出那里有什么
get-json-and-stdout = --json 和 --to - 都要用标准输出：请去掉其中一个
put-file-needed = 请写明要送什么，例如 `landline put { $host } notes.txt`，或用 - 表示标准输入
put-stdin-and-files = 标准输入（-）只能单独发送：其他文件请另用一条命令
put-name-needed = 从标准输入来的内容需要名字：例如 `landline put { $host } - --to notes.txt`，或用 --as NAME
put-name-bad = --as 要的是文件名，而“{ $name }”不是：文件夹请写在 --to 里
put-name-without-stdin = --as 为标准输入的内容命名：请用 - 代替文件，或去掉它
put-names-clash = 有两个文件都叫 { $target }，在那边会变成同一个：请分别送到不同的文件夹
put-folder-missing = { $host } 上没有这样一个可以放文件的文件夹（{ $message }）：用 --to 另指一个，或者不写 --to
put-missing = 这里没有 { $name }，没有送出：{ $message }
put-refused = 没有送出 { $name }：{ $message }
transfer-folder-missing = 文件夹 { $path } 不存在：请先建好（mkdir { $path }），或用 --to 另选一个
transfer-folder-unusable = 无法把文件放进 { $path }：{ $error }
transfer-folder-to-stdout = { $name } 是文件夹，而标准输出只接收文件：请写出文件名，或给出加引号的模式（'{ $name }/*'），或用 --to 指定文件夹
transfer-path-missing = 没有 { $name }，或者它是一个指向不存在之处的链接：`landline ls { $host }` 会列出 { $host } 让您看到的内容
transfer-path-refused = { $name } 通向共享范围之外，或不能作为路径（{ $message }）：请从所提供的文件夹写起，开头不带 /，其中不含 ..
transfer-share-missing = { $name }：{ $host } 没有为本机提供这样的共享（{ $message }）；它的主人可用 `landline trust grant PEER { $capability }` 共享一个文件夹
transfer-exists = { $name }：那里已有不同的内容，予以保留；--force 会取代文件和链接
transfer-not-replaced = { $name }：那里已有不会被取代的内容（{ $message }）；请先将其移走，或用 --to 另选文件夹
transfer-clash = { $name }：所写的内容中有两个会落在这个名字上，后一个没有接收；请用 --to 分别送到不同的文件夹，一条命令送一个
transfer-unreadable = 无法读取 { $name }：{ $message }
transfer-unwritable = 无法写入 { $name }：{ $message }
transfer-disk-full = 放不下 { $name }：请在目的地腾出空间，再用同一条命令从停下的地方继续
transfer-source-changed = { $name } 在传送过程中发生了变化，没有保留：等它不再变化后，用同一条命令取得那时的内容
transfer-digest-differs = { $name }：收到的与发出的不同，没有保留；同一条命令加上 --check 会从正确的部分继续
transfer-not-regular = { $name } 是链接、设备、管道或套接字，这些都不会发送
transfer-given-up = 对方放弃了 { $name }
transfer-taken-over = { $name }：本机的另一次传送接手了它，正在继续；等那一次结束后，用同一条命令可补上缺少的内容
transfer-failed = { $name } 失败（{ $code }）：{ $message }
transfer-exists-all-the-same = { $name } 予以保留，--force 也不会取代它：{ $message }
transfer-not-granted = { $host } 不允许本机对 { $name } 这样做（{ $message }）：它的主人可在那里输入 `landline trust grant PEER { $capability }`
transfer-not-offered = { $host } 不提供也不接收文件：那里的 landline 是不是比这里的旧？
transfer-unasked = { $host } 发来了没有人要的 { $name }：传送已终止
transfer-broken = 与 { $host } 的传输中断了：{ $error }
transfer-passed-over = 跳过了 { $name }（{ $code }）：{ $message }
transfer-resumed = { $name } 从已有的 { $bytes } 字节之后继续
transfer-placed = { $name }：{ $bytes } 字节，{ $digest }
transfer-same = { $name } 已在那里，内容相同
transfer-done-one = { $name }：{ $bytes } 字节，用时 { $seconds } 秒（{ $rate }），{ $digest }{ $rest }
transfer-done-part = { $name }：{ $size } 字节，其中 { $bytes } 字节经线路传送，用时 { $seconds } 秒（{ $rate }），{ $digest }{ $rest }
transfer-done = { $files } 个文件，{ $bytes } 字节，用时 { $seconds } 秒（{ $rate }）{ $rest }
transfer-done-none = 没有需要传送的内容{ $rest }
transfer-rest-same = ；已在那里且相同：{ $count }
transfer-rest-passed-over = ；跳过：{ $count }
transfer-rest-failed = ；没有到达：{ $count }
transfer-interrupted = 已中断：完整的文件已就位，用同一条命令可从停下的地方继续
transfer-goes-on = 完整的文件已就位，用同一条命令可从停下的地方继续
ls-pieces = 条目太多，不会一次全部排序：分段输出，每段各自排序；接上 `| sort` 可整体排序
progress-files = { $over }/{ $found } 个文件

## Trust

trust-no-home = 没有可存放密钥的主目录：请用 LANDLINE_HOME 指定一个目录
trust-file-read = 无法读取 { $path }：{ $error }
trust-file-write = 无法写入 { $path }：{ $error }；原来的内容没有改变
trust-file-not-a-file = { $path } 不是文件：请把它移走
trust-file-too-open = { $path } 的权限是 { $mode }，其他用户可以动它：请运行 chmod { $change } { $path }
trust-file-foreign = { $path } 属于用户 { $owner }，对方可以改动它：请改为自己所有，或删除它
trust-file-too-long = { $path } 超过 { $max } 字节，没有读取
trust-file-bad = { $path } 第 { $line } 行：{ $what }
trust-file-busy = 另一个程序正在修改 { $path }，迟迟没有完成：请检查是否有被暂停的 landline
trust-not-a-key = { $path } 里没有 Ed25519 密钥（PEM 格式的 PKCS#8）：请放入正确的文件，或把它移走以便生成新密钥
trust-export-exists = { $path } 已经存在，不会覆盖：请换一个目录，或先删除它
trust-key-not-hex = 密钥要写成 64 位十六进制数，就像 `landline id` 显示的那样
trust-certificate-too-long = 对方的证书有 { $bytes } 字节，而最多接受 { $max } 字节
trust-certificate-malformed = 对方的证书格式不正确
trust-certificate-not-ed25519 = 对方的密钥不是 Ed25519 密钥：那不是 landline
trust-name-empty = 名字至少要有一个字
trust-name-too-long = 名字最多 { $max } 字节，这个有 { $bytes } 字节
trust-name-sign = 名字里不能有 { $sign }：请用文字、数字、点和连字符
trust-name-shape = { $name } 会被误认为不是名字：请换一个
trust-name-looks-like-key = 名字不能写得像密钥：请换一个
trust-name-taken = 已经有另一台机器叫 { $name }：请换一个名字
trust-address-scheme = { $value } 指的是不作信任检查的普通线路：请写 主机、主机:端口 或 [IPv6]:端口
trust-address-host = “{ $value }”不是主机：请写 主机、主机:端口 或 [IPv6]:端口
trust-address-port = “{ $value }”不是端口：请写 1 到 65535 之间的数
trust-address-brackets = { $value }：方括号里只能是 IPv6 地址，而 IPv6 地址必须放在方括号里；例如 [::1]:5263
trust-capability-unknown = 不能授予“{ $value }”：请写 echo、exec、exec:["程序","参数"]、files:ro:目录、files:rw:目录、files:wo:目录 或 service:名字
trust-capability-too-long = 要授予的内容有 { $bytes } 字节，而最多接受 { $max } 字节
trust-capability-argv = { $value } 不是命令：请写成 JSON 字符串数组，例如 exec:["/bin/df","-h"]
trust-capability-access = { $value } 没有写明允许做什么：请写 files:ro:目录、files:rw:目录 或 files:wo:目录
trust-capability-folder = “{ $value }”不是可以授予的目录：请写绝对路径
trust-capability-service = “{ $value }”不是服务的名字：请写 1 到 64 个字符，只用 a 到 z、0 到 9、点、下划线和连字符
trust-key-changed = { $name } 用另一把密钥应答。要么有人插在中间，要么那台机器重新安装过。已知：{ $known }。收到：{ $found }。如果你清楚原因，请从地址簿（book.toml）中删除 { $name }，再重新配对。
trust-machine-unknown = 地址簿里没有叫 { $name } 的机器：可用 `landline pair` 添加
trust-peer-unknown = 这里没有叫 { $name } 的对方：`landline trust list` 会列出名字和密钥
trust-peer-ambiguous = 不止一个对方叫 { $name }：请用密钥指明是哪一个
trust-invite-lifetime = 邀请的有效期必须大于零，最长 30 天
trust-invites-too-many = 已有 { $max } 份邀请未使用：请等其中一些被使用或过期
trust-invite-unknown = 票据被拒绝：它已经用过、被收回，或从未发出
trust-invite-expired = 票据被拒绝：它已过期；请用 `landline trust invite` 再生成一份
trust-invite-forged = 票据被拒绝：证明与它不符。有人在猜测，或有人插在两台机器中间。
trust-ticket-start = 这不是票据：票据以 landline1- 开头
trust-ticket-damaged = 票据已损坏：请把整行重新完整复制一遍
trust-ticket-version = 票据的版本是 { $version }，当前的 landline 不认识：请使用更新的版本
trust-ticket-address = 票据里有无效的地址：请对方再生成一份
trust-ticket-addresses = 票据要有 1 到 { $max } 个地址，而这一份会有 { $count } 个：请用 --address 写明本机的地址
trust-ticket-not-hex = 票据的编号是 16 位十六进制数，证明是 64 位

## 受信任的机器

serve-scheme = { $address }：serve 只在加密线路上监听：请写 HOST、HOST:PORT 或 [V6]:PORT；明文套接字请用 `landline listen`
serve-address = 无法在 { $address } 监听：请写 HOST、HOST:PORT 或 [V6]:PORT，例如 127.0.0.1:5263
serve-identity = 本机是 { $words }（密钥 { $identity }）
serve-offers = 向您放行的机器提供：{ $services }
serve-offers-files = 向您放行的机器提供：{ $services }；文件来自 { $folder }
serve-here = 要放行一台机器，在本机输入：    { $command }
serve-there = 再到那台机器上输入：            { $command }    （它会要求输入上一条命令打印的那一行）
serve-then = 然后在那台机器上（NAME 见提示）：{ $command }
serve-no-exec = 本机不运行命令：`landline serve --allow-exec` 会向获得 exec 授权的机器提供
serve-reloaded = 已重新读取配置文件和授权：提供 { $services }；监听地址要到下次启动才会改变

host-unknown = 地址簿里没有 { $host }，无法判断应答的是不是那台机器：请先配对（在那台机器上 `landline trust invite`，在本机 `landline pair`）
host-no-address = 地址簿 { $book } 里没有 { $host } 的地址：请在那里写一个
host-key-changed = 在 { $address } 应答的是另一台机器：应为密钥 { $expected }，实为 { $found }。没有向它发送任何内容。如果那台机器重新安装过，请从地址簿 { $book } 删除它的条目，再重新配对
host-knows-us-not = { $address } 不认识本机的密钥，或已将其吊销：请在那里取得票据（`landline trust invite`），再交给本机的 `landline pair`
dial-timed-out = { $address } 没有应答
protocol-broken = { $peer } 违反了协议，线路已关闭：{ $error }
call-refused = 被拒绝（{ $code }）：{ $message }
call-failed = 对方出错（{ $code }）：{ $message }
call-unsayable = 无法发送：{ $error }

pair-prompt = 票据：{" "}
pair-nothing = 没有票据：请输入，或用 --code-file 或 LANDLINE_CODE 提供；在另一台机器上用 `landline trust invite` 生成
pair-ticket-typed = 票据是秘密，不要写成参数，否则其他用户看得到：先输入 `landline pair`，再粘贴它；或用 --code-file 或 LANDLINE_CODE 给出
pair-code-later = 尚未提供（not yet）：短码将在以后的版本提供；票据是以 landline1- 开头的一长行，由 `landline trust invite` 打印
pair-no-ticket = 这不是票据：票据是以 landline1- 开头的一长行，由 `landline trust invite` 打印
pair-code-file = 无法读取 { $path }：{ $error }
pair-refused = 票据被拒绝（{ $code }）：已用过、已过期，或属于另一台服务器；请重新索取（`landline trust invite`）
pair-not-proven = { $peer } 收下了票据，却不能证明票据由它生成：本机没有保存任何内容
paired = 已与 { $address } 的 { $name } 配对（密钥 { $identity }）；授权：{ $granted }
paired-next = 试一试：{ $command }
ping-times = { $host }（{ $address }）：往返 { $count } 次，最短 { $min } 毫秒，中位数 { $median } 毫秒，p99 { $p99 } 毫秒
status =
    主机      { $host }
    地址      { $address }
    密钥      { $identity }
    版本      { $software }
    运行时间  { $uptime }
    连接方    { $peers }
    线路      { $lines }
    调用      { $calls }（启动以来共 { $total } 次）
## id, trust

id-exported = 密钥在 { $key_file }，证书在 { $certificate }：谁有这把密钥，谁就是这台机器
trust-nobody = 这里还不认识任何人：`landline trust invite` 为另一台机器生成票据，`landline pair` 使用票据
trust-kind-peer = 对方
trust-kind-machine = 机器
trust-kind-invite = 邀请
trust-granted = { $name }（{ $words }）现在可以：{ $granted }
trust-granted-exec = { $name } 可以在这里执行任何命令，等于拥有这个账户的 shell，只要 `landline serve` 带有 --allow-exec
trust-revoked = { $name }（{ $words }）在这里不再有任何权限；正在运行的服务器会挂断它
trust-revoked-known = 本机仍以 { $name } 这个名字认识它，也可以呼叫它：地址簿是 { $path }
trust-revoke-machine = 没有撤销任何权限：{ $name } 在这里本来就没有权限，它只在地址簿 { $path } 里
trust-renamed = { $old }（{ $words }）现在叫 { $name }
trust-renamed-known = 地址簿 { $path } 里它仍叫 { $name }
trust-renamed-machine = 地址簿里的 { $old } 现在叫 { $name }；它在这里没有任何权限
invite-made = 请在另一台机器上输入 `landline pair` 并粘贴这个票据。它是机密，只能用一次，有效期 { $duration }，地址 { $addresses }，授予：{ $granted }
invite-no-server = 这里没有运行 `landline serve`，无法知道从哪里能连到本机：请先启动它，或用 --address 写明
invite-nobody-serves = 这里现在没有运行 `landline serve`：请在使用票据之前启动它
invite-only-here = 已知的地址只能从本机自己连通：要给另一台机器用，请用 --address 写明它从哪里能连到本机

## Lab

lab-how = `landline lab NAME` 做其中一个实验，`landline lab all` 做全部实验。每个数字都是运行时在这台机器上测得的。
lab-unknown = 没有叫 { $name } 的实验；现有：{ $names }
lab-name-needed = --svg 和 --write 保存的是实验的结果：请写明实验的名字，例如 `landline lab sticky --svg sticky.svg`
lab-one-stdout = 标准输出只能用于一种内容：请把 --svg 或 --write 写入文件，或去掉 --json
lab-loopback-down = 这里的回环接口没有启用，也无法启用（{ $error }）；多数实验需要它：请以 root 身份运行 `ip link set lo up`
lab-failed = { $name } 没有得到结果：{ $error }
lab-no-picture = { $name } 没有图：没有写入 { $path }
lab-no-packets = { $name } 没有抓到任何包：没有写入 { $path }
lab-not-written = 无法写入 { $path }：{ $error }
lab-prompt = 您的预测（按回车跳过）：{" "}
lab-predicted = 您的预测：{ $prediction }。实际结果：
lab-missing = 这里未能展示：{ $sentence }
lab-elsewhere = 并非在此测得：{ $sentence }
lab-next = 接下来可以试试：{ $sentence }

## tap

tap-own-edges = 所显示的是 tap 自己的读和写，时间为启动以来的秒数；两端程序的读写边界可能与此不同
tap-mixture = { $listen } 与 { $target } 不能相连：字节流没有数据报可以保留的边界；请两边都写 tcp:// 或 unix:，或两边都写 udp:// 或 unixgram:
tap-move-needs-stream = { $option } 只用于字节流：数据报要么完整到达，要么不到；数据报可用 --delay、--jitter、--rate、--stall、--drop、--twice 和 --reorder
tap-move-needs-datagrams = { $option } 只用于数据报：字节流从不丢失、重复或乱序；字节流可用 --split、--join、--cut、--reset 等
tap-reset-needs-tcp = --reset 要求被重置的一端是 tcp，而 { $address }（{ $direction }）没有重置：请用 --cut，或在数字前写明另一个方向
tap-only-nothing = --only 用于没有写明方向的改动，而这里一个也没有：请加上一个，例如 --split 3
tap-itself = { $target } 就是本 tap 自己监听的地址，它会不停地调用自己：请写它后面那个程序的地址
tap-target-port = { $address } 没有可以呼叫的端口：端口 0 只用于监听；请写 tap 后面那个程序的端口
tap-capture-mixed = --write - 把抓包写到标准输出，而 tap 也在那里显示经过的内容：请加上 -q，或写一个文件名
tap-seed = 想得到同样的随机结果，请加上 --seed { $seed }
tap-capture-failed = 无法写入 { $path }：{ $error }
tap-capture-lost = 抓包文件 { $path } 到此为止，通信继续：{ $error }
tap-unreachable = 已挂断 { $client }，因为无法连接 { $address }：{ $error }
tap-opened = { $client } 连入
tap-closed = 已关闭
tap-ended = 已结束（FIN），已转告对方
tap-broken = 已断开（RST），已转告对方
tap-cut = 由 --cut 在此结束
tap-reset = 由 --reset 在此断开
tap-stalled = 从此不再传递（--stall）
tap-swallowed = 截断之后又来了 { $bytes } 字节，没有传给任何一方
tap-held = 结束时这里还留着 { $bytes } 字节，没有送出
tap-dropped = { $bytes } 字节由 --drop 丢弃
tap-twice = { $bytes } 字节将发出两次（--twice）
tap-reordered = 它超过了前一个 { $bytes } 字节的数据报（--reorder）
tap-lost-no-room = 丢失 { $bytes } 字节：tap 已存满
tap-lost-no-client = 丢失 { $bytes } 字节：客户端太多
tap-lost-refused = 一个已发出的数据报没有送达：{ $error }
tap-lost-unsent = 丢失 { $bytes } 字节：{ $error }
tap-lost-quietly = { $direction }：{ $what }（使用 -q 时，此后同样的丢失不再提示）
tap-mark-cut = 被切开：它在更早的一次读中开始
tap-mark-stuck = 与前一条粘在一起
tap-mark-unfinished = 一条尚未完整的消息的 { $bytes } 字节
tap-mark-lost = 从这里起无法再区分消息：{ $error }
tap-summary = 连接数：{ $connections }；tap 自己的读和写：
tap-summary-direction = { $direction }：{ $reads } 次读共 { $bytes } 字节，{ $writes } 次写共 { $written } 字节
tap-summary-messages = { "  " }消息：{ $messages } 条，其中被切开 { $cut } 条，与前一条粘在一起 { $stuck } 条
tap-summary-sizes = { "  " }每次读的大小：
tap-summary-lost = { "  " }并非改动所致而丢失的数据报：{ $count } 个

## tap --hunt

hunt-needs-stream = --hunt 需要流，而 { $address } 传的是数据报，边界本来就在：请写 tcp:// 或 unix:
hunt-command-failed = 无法启动 { $command }：{ $error }
hunt-clean-fails = 没有任何挪动时命令就失败了（{ $how }）：它必须先能通过，才谈得上查找
hunt-clean-unsteady = 没有任何挪动时命令时而失败（{ $how }）：它必须每次都通过，才谈得上查找
hunt-clean-differs = 没有任何挪动时命令每次的输出也不一样：--same-output 无从判断
hunt-moves-nothing = 没有可以挪动的字节经过：请让命令连接 { $address }，它在 LANDLINE_TAP_ADDRESS 里，也会替换命令各词中的 {"{}"}
hunt-progress-clean = 第 { $run } 次运行：没有挪动
hunt-progress = 第 { $run } 次运行，共 { $planned } 次：{ $moves }
hunt-progress-random = 第 { $run } 次运行，随机：{ $moves }
hunt-progress-confirm = 第 { $run } 次运行，是否还会失败：{ $moves }
hunt-progress-shrink = 第 { $run } 次运行，更少是否也够：{ $moves }
hunt-progress-probe = 第 { $run } 次运行，别处是否也会：{ $moves }
hunt-said = 命令说：{ $line }
hunt-nothing = { $runs } 次运行中什么也没找到：切分点 { $points }/{ $all-points } 个，合并 { $joins }/{ $all-joins } 处，随机安排 { $random } 个
hunt-found = 找到了：{ $meaning }；{ $verdict }
hunt-again = 要再看一次，请启动下面这条命令，并在旁边让原来的命令连接 { $address }：
hunt-sure = { $of } 次中命令每次都失败（{ $how }）
hunt-flaky = 时好时坏：{ $of } 次中命令失败 { $fails } 次（{ $how }）
hunt-lasting = 命令失败了（{ $how }），此后没有挪动也失败：目标没有恢复过来，请重新启动它
hunt-unconfirmed = 命令失败了一次（{ $how }），还没再试，查找就结束了
hunt-how-exit = 退出状态 { $status }
hunt-how-signal = 被 SIG{ $signal } 结束
hunt-how-late = 没有按时结束
hunt-how-differs = 输出不同
hunt-the-command = 命令
hunt-the-target = 目标
hunt-first-reply = 第一个应答
hunt-reply = 第 { $number } 个应答
hunt-first-message = 第一条消息
hunt-message = 第 { $number } 条消息
hunt-means-whole = { $reader }把一次读取当成一条消息：{ $message }的第 { $byte } 个字节比第 { $before } 个字节晚到 { $gap } 时就失败
hunt-means-first = { $reader }用一次读取去拿消息的前 { $bytes } 个字节：{ $message }的第 { $byte } 个字节比第 { $before } 个字节晚到 { $gap } 时就失败
hunt-means-some = { $reader }把一次读取当成消息的一部分：{ $message }的第 { $byte } 个字节比第 { $before } 个字节晚到 { $gap } 时就失败，在试过的 { $of } 个切分点中有 { $fails } 个如此
hunt-means-here = { $reader }对可能分两次到达的内容只读一次：{ $message }的第 { $byte } 个字节比第 { $before } 个字节晚到 { $gap } 时就失败
hunt-means-edge = { $reader }指望{ $message }立刻到达：它晚到 { $gap } 时就失败
hunt-means-pieces = { $reader }对可能分几次到达的内容只读一次：{ $sender }所说的都以 { $bytes } 字节一块到达时就失败
hunt-means-join = { $reader }把一次读到的两条消息当成一条：{ $message }的第 { $byte } 个字节与第 { $before } 个字节一起到达时就失败
hunt-means-join-next = { $reader }把一次读到的两条消息当成一条：{ $message }与前一条一起到达时就失败
hunt-means-neighbours = { $reader }把一次读到的两条消息当成一条：{ $sender }短时间内所说的一起到达时就失败
hunt-means-late = 问题在时间而不在边界：{ $sender }所说的晚到 { $time } 时就失败
hunt-means-uneven = 问题在时间而不在边界：{ $sender }所说的到达时间不均匀时就失败
hunt-means-several = 单独一个挪动不够：这些同时出现时就失败
