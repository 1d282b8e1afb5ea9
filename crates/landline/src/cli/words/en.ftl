## The command line itself

not-yet = not yet: { $verb } comes with a later version of landline
variable-wrong = that value stands in the variable { $name }
unknown-verb = { $verb } is not something landline can do: `landline --help` lists what is
runtime-failed = landline could not start: { $error }
input-needed = nothing was named and --no-input forbids to ask: name it, or give it on standard input
input-failed = standard input could not be read: { $error }
output-failed = standard output could not be written: { $error }

## Config file

config-no-toml = { $path }, line { $line }: this is no TOML: { $error }
config-unknown = { $path }, line { $line }: { $option } is neither a long option nor a verb of `{ $verb }`: see `{ $verb } --help`
config-every-verb = { $path }, line { $line }: { $option } is an option of every verb: it stands once, above all tables
config-needs-table = { $path }, line { $line }: { $option } is a verb, whose options stand in a table of its own, as under [listen]
config-needs-flag = { $path }, line { $line }: { $option } takes true or false
config-needs-number = { $path }, line { $line }: { $option } takes a number
config-needs-text = { $path }, line { $line }: { $option } takes text in quotes: { $option } = "..."
config-needs-texts = { $path }, line { $line }: { $option } takes text in quotes, or a list of such: { $option } = ["...", "..."]
config-bad-value = { $path }, line { $line }: { $option }: { $error }
config-refused = { $path }: what it says does not go with what was typed: { $error }

## Lines

address-no-scheme = { $address } names no wire: write tcp://HOST:PORT, udp://HOST:PORT, unix:PATH or unixgram:PATH
address-unknown-scheme = { $address }: the wire { $value } is not known; write tcp://, udp://, unix: or unixgram:
address-no-host = { $address } names no host: write for example tcp://127.0.0.1:9000
address-bad-host = { $address }: "{ $value }" is no host; write a name or an address
address-no-port = { $address } names no port: write for example tcp://127.0.0.1:9000
address-bad-port = { $address }: "{ $value }" is no port; write a number from 0 to 65535
address-no-brackets = { $address }: an IPv6 address stands in brackets; write for example tcp://[::1]:9000
address-no-path = { $address } names no socket file: write for example unix:/tmp/landline.sock
address-path-too-long = { $address }: the path has { $value } bytes and the kernel takes 107; choose a shorter one
bind-in-use = { $address } is in use by another program: choose another, or stop that one
bind-not-permitted = { $address } may not be used by this user ({ $error }): ports below 1024 and other people's folders need more rights
bind-not-here = { $address } is not an address of this machine
bind-not-a-socket = { $address }: a file that is no socket stands there, and is left alone; choose another path
bind-no-folder = { $address }: the folder of the socket file is not there
bind-failed = { $address } could not be listened at: { $error }
dial-refused = nobody listens at { $address }
dial-not-found = { $address } was not found ({ $error })
dial-not-permitted = { $address } may not be opened by this user
dial-failed = { $address } could not be reached: { $error }
insecure-needed = { $address } is open to other machines, and this wire is neither encrypted nor authenticated: listen on 127.0.0.1, or add --insecure
insecure-open = --insecure: { $service } on { $address } is open to every machine that can reach it, unencrypted, with no password
insecure-allowed = --insecure: { $service } on { $address } lets in what comes from { $networks } and nothing else, unencrypted, with no password; the sender of a datagram can be forged
open-echo-suffix = --suffix is not for echo on datagrams beyond loopback: an answer longer than the question could be turned on somebody else
open-relay-allow = a relay beyond loopback needs --allow NETWORK, such as 192.168.1.0/24: a datagram's sender can be forged, and the answers turned on somebody else
option-misplaced = { $option } does not belong to { $service }
answer-needs-text = answer needs a text: write for example `answer hello`
service-needs-stream = { $service } needs a stream: listen on tcp:// or unix:
service-needs-datagrams = { $service } needs datagrams: listen on udp:// or unixgram:
stream-needed = { $verb } needs a stream, and { $address } carries datagrams: write tcp:// or unix:
accept-failed = no more clients can be taken for now, those that are here are served on: { $error }
client-refused = { $peer } was refused: commands run only for this machine's same user ({ $reason }); --insecure lets others in
line-failed = the line to { $peer } broke: { $error }
line-broke = the line broke: { $error }
hung-up = the other end hung up

## Secure line

secure-credentials = this machine's own certificate or key cannot be used: { $error }
secure-slow = { $peer } did not finish the secure handshake within { $error }: the line was closed
secure-truncated = { $peer } hung up without closing the secure line: what it sent last may be missing
secure-broken = the secure line to { $peer } broke: { $error }
secure-not-tls = { $peer } does not speak TLS: a plain socket is written tcp://HOST:PORT
secure-old-version = { $peer } does not speak TLS 1.3, and nothing older is taken
secure-other-protocol = { $peer } speaks TLS but not landline/1: is another program there?
secure-no-certificate = { $peer } showed no certificate, so nobody can tell who it is: the line was closed
secure-bad-certificate = the certificate of { $peer } cannot be used: { $error }
secure-not-ed25519 = the certificate of { $peer } is not for an Ed25519 key: `landline id` makes one that is
secure-not-its-key = { $peer } showed a certificate but does not have its key: somebody may be posing as another machine
secure-wrong-peer = another machine answered at { $peer }, with a key that is not the one expected: nothing was sent to it
secure-refused = { $peer } refused the secure line ({ $error })
secure-failed = the secure handshake with { $peer } failed: { $error }

## Commands (listen exec)

exec-fills-read = { $peer } sent a command that fills the read of { $recv } bytes and may be cut short: it was not run, and the line is hung up. A larger --recv takes longer commands.
exec-not-utf8 = { $peer } sent a command that is not UTF-8: it was not run.
exec-nul = { $peer } sent a command that holds a NUL character: it was not run.
exec-http = { $peer } sent an HTTP request, as a web page can make a browser do: nothing was run, and the line is hung up.
exec-not-started = The shell for { $peer } cannot be started: { $error }. The line goes on.
exec-not-held = The output of the command of { $peer } cannot be held: { $error }. The command was ended; the line goes on.
exec-too-long = The command of { $peer } was ended, since its output is longer than { $limit } bytes. --output-max sets the limit, up to 2147483647.
exec-peer-left = { $peer } left while its command ran: the command and all that it started are being ended.

## Files (listen files)

files-name-fills-read = { $peer } sent { $bytes } bytes, as many as one read takes: the file's name may be cut, so nothing was given; --recv makes the read larger
files-name-not-utf8 = { $peer } asked for a file whose name is not UTF-8; hung up
files-name-nul = { $peer } asked for { $name }: a name cannot hold a NUL; hung up
files-http = { $peer } sent an HTTP request: this is no web server, use `landline get`; hung up
files-name-absolute = { $peer } asked for { $name }: an absolute name is refused, names start at the folder served; hung up
files-name-upwards = { $peer } asked for { $name }: a name with `..` is refused; hung up
files-name-empty-part = { $peer } asked for { $name }: a name with an empty part, such as one that ends in a slash, is refused; hung up
files-missing = { $peer } asked for { $name }: there is no such file; hung up
files-denied = { $peer } asked for { $name }: this user may not read it; hung up
files-outside = { $peer } asked for { $name }: a symbolic link leads out of the folder served; hung up
files-not-a-file = { $peer } asked for { $name }: it is not a regular file; hung up
files-name-too-long = { $peer } asked for a file whose name ({ $bytes } bytes) is longer than this file system allows; hung up
files-unreadable = { $peer } asked for { $name }: it could not be read ({ $error }); hung up
files-changing = { $peer } asked for { $name }: it changed each time that it was hashed, so there is no MD5 to send; hung up
files-shrank = { $name } became shorter while { $peer } was given it: { $sent } of { $announced } bytes were sent; hung up

root-failed = the folder { $root } cannot be served: { $error }

## Datagrams (relay, echo, print)

datagram-cut = a datagram of { $size } bytes from { $peer } was cut to { $recv }: the rest is lost (a larger --recv takes all of it)
arrival-whole = { $peer } { $size } bytes: { $bytes }
arrival-cut = { $peer } { $size } bytes, cut to { $kept }: { $bytes }
arrival-nobody = (no address)
arrivals-ended = { $peer } left
datagram-refused = datagrams to { $peer } could not be sent ({ $count } of them, to all who were sent one): { $error }
datagram-dropped = { $peer } does not read what it is sent: { $count } datagrams were dropped for it and others like it
relay-joined = { $peer } joined
relay-left = { $peer } is gone
relay-expired = { $peer } was silent for too long and left
relay-full = no room for { $peer }: there are { $members } members already ({ $count } datagrams of new senders were not relayed; --members sets the limit)
relay-not-allowed = { $peer } is in no network that --allow names: { $count } datagrams from outside were not relayed
relay-too-fast = { $peer } sends faster than { $rate } datagrams a second: { $count } datagrams of hasty senders were not relayed
echo-too-fast = { $peer } sends faster than { $rate } datagrams a second: { $count } datagrams of hasty senders were not answered

## call

prompt-call = { $address }>{" "}
reply-late = no reply within { $wait }; going on, and it is shown should it come later
replies-never = replies that did not come: { $count }; hanging up
send-stuck = the other end takes no more: it does not read what it was sent
raw-needs-stream = --raw needs a stream, and { $address } carries datagrams: write tcp:// or unix:
reply-truncated = a datagram of { $whole } bytes was cut to { $kept }: the rest is lost (--recv)
datagram-too-long = a datagram cannot hold { $bytes } bytes: send a shorter line

## exec

prompt-command = command>{" "}
command-empty = the command is empty: write it after --
encoding-unknown = the encoding { $name } is not known: write for example gbk, big5, shift_jis or utf-8
reply-none = the other end hung up without a reply
reply-cut-in-length = the other end hung up within the length of its reply
reply-cut = the other end hung up within its reply: { $missing } bytes are missing
reply-length-negative = the reply says that its length is { $value }: is the byte order right? see --endian
reply-unasked = the other end sent more than the reply that it announced
exec-dashes-needed = the program and its arguments come after --, as in `landline exec office -- uname -a`
exec-program-needed = name the program after --, for example `landline exec { $host } -- uname -a`; a line for the shell there is --shell 'LINE'
exec-shell-and-program = --shell takes one line in place of a program: write either --shell 'LINE' or -- PROGRAM ARG...
exec-option-plain = { $option } is for plain sockets (tcp://, unix:): from { $host }, bytes come exactly as they are
exec-option-machine = { $option } is for machines that you trust, written HOST: the plain wire of { $address } cannot carry it
exec-program-missing = there is no program { $program } on { $host }
exec-not-executable = { $program } is there on { $host } and cannot be run
exec-words-too-long = the words and variables are longer than { $host } takes: send them on standard input
exec-dir-missing = { $dir } is no folder on { $host } that a program may start in
exec-env-refused = { $host } does not take a variable of --env: { $message }; its owner says which it takes with `landline serve --allow-env`
exec-not-granted = { $host } does not let this machine run that: its owner types there `landline trust grant PEER exec`; who may run one command only may choose neither --dir nor --env
exec-not-offered = { $host } runs no commands: its server was started without --allow-exec
exec-timed-out = the command was ended after { $timeout } (--timeout)
exec-ending = ending the command on { $host }: Ctrl-C or SIGTERM once more leaves at once

## get

prompt-get = file (Q ends)>{" "}
get-names-clash = two of the names end in { $target } and would be one file: fetch them into different folders
get-done = { $name }: { $bytes } bytes in { $path }, MD5 { $md5 } verified
get-name = "{ $name }" does not end in a file's name: write for example a.txt or folder/a.txt
get-folder = the folder { $path } cannot be opened: { $error }
get-target-is-folder = { $path } is a folder, and a file cannot take its place: choose another folder with --to
get-line-spent = { $name } was not asked for: where the next reply begins on this line cannot be told any more; call again
get-line-failed = { $name } was not fetched: the line broke ({ $error })
get-no-reply = { $name } was not fetched: the other end hung up without an answer, which is all it can do when it has no such file or may not give it
get-header-cut = { $name } was not fetched: the other end hung up before the file's header was whole
get-short = { $name } was not fetched: the other end hung up { $missing } bytes before the file's end; nothing was kept
get-md5-mismatch = { $name } was not fetched: its MD5 is { $found } and should be { $announced }; nothing was kept
get-write-failed = { $name } was not fetched: it could not be written ({ $error }); nothing was kept
get-place-failed = { $path } could not be written: { $error }; nothing was kept
get-other-name = the other end calls { $name } by another name, "{ $announced }": it was kept under the name asked for
length-negative = { $name } was not fetched: its header announces { $value } bytes, which is below zero (is the byte order right? see --endian)
header-empty = { $name } was not fetched: its header has a length of 0
header-too-long = { $name } was not fetched: its header announces { $length } bytes, and at most { $max } are taken (is the byte order right? see --endian)
header-not-utf8 = { $name } was not fetched: its header is not UTF-8
header-not-json = { $name } was not fetched: its header is not JSON (line { $line }, column { $column })
header-not-an-object = { $name } was not fetched: its header is not a JSON object
header-key-missing = { $name } was not fetched: its header lacks the key { $field }
header-key-twice = { $name } was not fetched: its header has the key { $field } twice
header-wrong-type = { $name } was not fetched: { $field } in its header is of the wrong type
header-md5-malformed = { $name } was not fetched: the MD5 in its header is not 32 hexadecimal digits
file-data-len-negative = { $name } was not fetched: its header announces a file of { $value } bytes, which is below zero
file-data-len-fractional = { $name } was not fetched: its header announces a file of { $value } bytes, which is not a whole number
file-data-len-huge = { $name } was not fetched: its header announces a file of { $value } bytes, which no file can have

## Files (get HOST, put, ls)

transfer-host-needed = { $verb } is for machines that you trust, written HOST as `landline pair` names them: the wire of { $address } cannot carry it
transfer-path-too-long = a path has at most 4096 bytes, and this one has { $bytes }
transfer-too-many-paths = these are more PATHs than one call carries ({ $error }): name fewer at once, the folder that they are in, or a pattern in quotes
get-option-machine = { $option } is for machines that you trust, written HOST: at { $address } write the names and --to DIR, without it
get-option-plain = { $option } is for plain sockets (tcp://, unix:): for { $host } leave it out
get-stdout-machine = --to - is for machines that you trust, written HOST: from { $address } files go to a folder, so write --to DIR (--to ./- for one called -)
get-name-not-text = { $name } is not UTF-8, and the plain wire has no other names
get-path-needed = name what to fetch, for example `landline get { $host } notes.txt`; `landline ls { $host }` shows what there is
get-json-and-stdout = --json and --to - both want standard output: leave out one of them
put-file-needed = name what to bring, for example `landline put { $host } notes.txt`, or - for standard input
put-stdin-and-files = standard input (-) goes alone: bring the files with a command of their own
put-name-needed = what comes on standard input needs a name: write for example `landline put { $host } - --to notes.txt`, or --as NAME
put-name-bad = --as takes a file's name, and "{ $name }" is none: the folder stands in --to
put-name-without-stdin = --as names what comes on standard input: write - in place of a file, or leave it out
put-names-clash = two of the files are called { $target } and would be one there: bring them into different folders
put-folder-missing = { $host } has no such folder that files could be put in ({ $message }): name another with --to, or leave it out
put-missing = { $name } is not here, and was not brought: { $message }
put-refused = { $name } was not brought: { $message }
transfer-folder-missing = the folder { $path } is not there: make it first (mkdir { $path }), or name another with --to
transfer-folder-unusable = { $path } is no folder that files can be put in: { $error }
transfer-folder-to-stdout = { $name } is a folder, and standard output takes files only: name the files, give a pattern in quotes ('{ $name }/*'), or a folder with --to
transfer-path-missing = { $name } is not there, or is a link that leads nowhere: `landline ls { $host }` shows what { $host } lets you see
transfer-path-refused = { $name } leads out of what is shared, or can be no path ({ $message }): write it from the folder that is served, without / at its start and without ..
transfer-share-missing = { $name }: { $host } has no such share for this machine ({ $message }); its owner shares a folder with `landline trust grant PEER { $capability }`
transfer-exists = { $name }: something else stands there already and is kept; --force replaces files and links
transfer-not-replaced = { $name }: { $message }, and nothing replaces it; move that away, or name another folder with --to
transfer-clash = { $name }: two of the things that were named would land under this name, and the second one was not taken; move each with a command of its own, to a folder of its own (--to)
transfer-unreadable = { $name } cannot be read where it is: { $message }
transfer-unwritable = { $name } cannot be written where it goes: { $message }
transfer-disk-full = { $name } does not fit where it goes: make room there, and the same command goes on where it stopped
transfer-source-changed = { $name } changed while it was sent, and was not kept: once it rests, the same command brings it as it is then
transfer-digest-differs = { $name }: what came is not what was sent, and was not kept; the same command with --check begins with what is right
transfer-not-regular = { $name } is a link, a device, a pipe or a socket, which are not sent
transfer-given-up = { $name } was given up by the other end
transfer-taken-over = { $name }: another transfer of this machine has taken it over, and goes on with it; once that has ended, the same command brings what is missing
transfer-failed = { $name } failed ({ $code }): { $message }
transfer-exists-all-the-same = { $name } is kept, --force or not: { $message }
transfer-not-granted = { $host } does not let this machine do that with { $name } ({ $message }): its owner types there `landline trust grant PEER { $capability }`
transfer-not-offered = { $host } neither gives nor takes files: is its landline older than this one?
transfer-unasked = { $host } sent { $name }, which nobody asked for: the transfer was ended
transfer-broken = the transfer with { $host } broke off: { $error }
transfer-passed-over = { $name } was passed over ({ $code }): { $message }
transfer-resumed = { $name } goes on after { $bytes } bytes that are there already
transfer-placed = { $name }: { $bytes } bytes, { $digest }
transfer-same = { $name } is there already, the same
transfer-done-one = { $name }: { $bytes } bytes in { $seconds } s ({ $rate }), { $digest }{ $rest }
transfer-done-part = { $name }: { $size } bytes, of which { $bytes } went over the line in { $seconds } s ({ $rate }), { $digest }{ $rest }
transfer-done = { $files } files, { $bytes } bytes in { $seconds } s ({ $rate }){ $rest }
transfer-done-none = nothing had to be moved{ $rest }
transfer-rest-same = ; already there, the same: { $count }
transfer-rest-passed-over = ; passed over: { $count }
transfer-rest-failed = ; not there: { $count }
transfer-interrupted = interrupted: what is whole stands, and the same command goes on where it stopped
transfer-goes-on = what is whole stands, and the same command goes on where it stopped
ls-pieces = there is more than is sorted at once: it comes in pieces, each sorted by itself; `| sort` sorts all of it
progress-files = { $over }/{ $found } files

## Trust

trust-no-home = there is no home folder to keep a key in: set LANDLINE_HOME to a folder
trust-file-read = { $path } could not be read: { $error }
trust-file-write = { $path } could not be written: { $error }; what it held before is still there
trust-file-not-a-file = { $path } is not a file: move it out of the way
trust-file-too-open = { $path } has mode { $mode }, which lets other users at it: run chmod { $change } { $path }
trust-file-foreign = { $path } belongs to user { $owner }, who could change it: make it your own, or remove it
trust-file-too-long = { $path } is longer than { $max } bytes and was not read
trust-file-bad = { $path }, line { $line }: { $what }
trust-file-busy = { $path } is being changed by another program, which does not finish: look for a landline that was stopped
trust-not-a-key = { $path } holds no Ed25519 key (PKCS#8 in PEM): put the right file there, or move it away and a new key is made
trust-export-exists = { $path } is there already and is not replaced: choose another folder, or remove it
trust-key-not-hex = a key is written as 64 hexadecimal digits, as `landline id` shows it
trust-certificate-too-long = the other end's certificate has { $bytes } bytes, and at most { $max } are taken
trust-certificate-malformed = the other end's certificate is not well formed
trust-certificate-not-ed25519 = the other end's key is not an Ed25519 key: it is no landline
trust-name-empty = a name has at least one letter
trust-name-too-long = a name has at most { $max } bytes, and this one has { $bytes }
trust-name-sign = a name must not hold { $sign }: use letters, digits, dots, dashes
trust-name-shape = { $name } would be taken for something else than a name: choose another
trust-name-looks-like-key = a name must not look like a key: choose another
trust-name-taken = another machine is called { $name } already: choose another name
trust-address-scheme = { $value } asks for a plain wire, which trusts nobody: write HOST, HOST:PORT or [V6]:PORT
trust-address-host = "{ $value }" names no host: write HOST, HOST:PORT or [V6]:PORT
trust-address-port = "{ $value }" is no port: write a number from 1 to 65535
trust-address-brackets = { $value }: an IPv6 address, and nothing else, stands in brackets; write for example [::1]:5263
trust-capability-unknown = "{ $value }" cannot be granted: write echo, exec, exec:["PROGRAM","ARG"], files:ro:DIR, files:rw:DIR, files:wo:DIR or service:NAME
trust-capability-too-long = what is granted has { $bytes } bytes, and at most { $max } are taken
trust-capability-argv = { $value } is no command: write a JSON array of strings, for example exec:["/bin/df","-h"]
trust-capability-access = { $value } does not say what is allowed: write files:ro:DIR, files:rw:DIR or files:wo:DIR
trust-capability-folder = "{ $value }" is no folder that can be granted: write its absolute path
trust-capability-service = "{ $value }" is no service's name: write 1 to 64 of a to z, 0 to 9, dot, underscore and dash
trust-key-changed = { $name } answers with another key. Either somebody stands between, or the machine was set up anew. Known: { $known }. Found: { $found }. If you know why, remove { $name } from the address book (book.toml) and pair again.
trust-machine-unknown = no machine is called { $name } in the address book: `landline pair` adds one
trust-peer-unknown = nobody here is called { $name }: `landline trust list` shows names and keys
trust-peer-ambiguous = more than one peer is called { $name }: name the one you mean by its key
trust-invite-lifetime = an invite is taken for at most 30 days, and for longer than nothing
trust-invites-too-many = { $max } invites wait already: let some be used or expire first
trust-invite-unknown = the ticket was refused: it was used already, was taken back, or was never given
trust-invite-expired = the ticket was refused: it has expired; make another with `landline trust invite`
trust-invite-forged = the ticket was refused: the proof does not fit it. Somebody guesses, or stands between the two machines.
trust-ticket-start = this is no ticket: tickets start with landline1-
trust-ticket-damaged = the ticket is damaged: copy it again, all of it, on one line
trust-ticket-version = the ticket has version { $version }, which this landline does not know: use a newer one
trust-ticket-address = the ticket holds an address that is none: ask for another
trust-ticket-addresses = a ticket has 1 to { $max } addresses, and this one would have { $count }: say with --address where this machine is reached
trust-ticket-not-hex = a ticket's id has 16 hexadecimal digits, and its proof 64

## Machines that are trusted

serve-scheme = { $address }: serve listens on the secure line alone: write HOST, HOST:PORT or [V6]:PORT; a plain socket is `landline listen`
serve-address = { $address } is nowhere to listen: write HOST, HOST:PORT or [V6]:PORT, such as 127.0.0.1:5263
serve-identity = this machine is { $words } (key { $identity })
serve-offers = it offers { $services } to machines that you let in
serve-offers-files = it offers { $services } to machines that you let in; its files are those of { $folder }
serve-here = to let one in, type here:            { $command }
serve-there = and on the other machine:            { $command }    (it asks for the line that the first one printed)
serve-then = then, there, NAME as it says:        { $command }
serve-no-exec = no commands are run here: `landline serve --allow-exec` offers them to those who are granted exec
serve-reloaded = the config file and the grants were read again: { $services } offered; where it listens changes with the next start

host-unknown = { $host } is not in the address book, so nobody could tell whether the right machine answers: pair with it first (on that machine `landline trust invite`, here `landline pair`)
host-no-address = the address book, { $book }, has no address of { $host }: write one there
host-key-changed = another machine answers at { $address }: expected key { $expected }, found { $found }. Nothing was sent to it. If that machine was set up anew, remove its entry from the address book, { $book }, and pair again
host-knows-us-not = { $address } does not know this machine's key, or has revoked it: ask for a ticket there (`landline trust invite`), and give it to `landline pair` here
dial-timed-out = nobody answers at { $address }
protocol-broken = { $peer } broke the protocol, and the line was closed: { $error }
call-refused = refused ({ $code }): { $message }
call-failed = failed there ({ $code }): { $message }
call-unsayable = that cannot be sent: { $error }

pair-prompt = ticket:{" "}
pair-nothing = no ticket: type it, or give it by --code-file or LANDLINE_CODE; `landline trust invite` on the other machine makes one
pair-ticket-typed = a ticket is a secret and is not typed as an argument, where other users can see it: type `landline pair` and paste it then, or give it by --code-file or LANDLINE_CODE
pair-code-later = not yet: short codes come with a later version; a ticket is one long line that begins with landline1-, as `landline trust invite` prints it
pair-no-ticket = that is no ticket: a ticket is one long line that begins with landline1-, as `landline trust invite` prints it
pair-code-file = { $path } could not be read: { $error }
pair-refused = the ticket was refused ({ $code }): it has been used, has expired, or is of another server; ask for a new one (`landline trust invite`)
pair-not-proven = { $peer } took the ticket but could not prove that it made it: nothing was kept here
paired = paired with { $name } at { $address } (key { $identity }); granted: { $granted }
paired-next = try it: { $command }
ping-times = { $host } ({ $address }): { $count } round trips, min { $min } ms, median { $median } ms, p99 { $p99 } ms
status =
    host     { $host }
    address  { $address }
    key      { $identity }
    version  { $software }
    uptime   { $uptime }
    peers    { $peers }
    lines    { $lines }
    calls    { $calls } ({ $total } since it started)
## id, trust

id-exported = the key is in { $key_file }, the certificate in { $certificate }: whoever has the key is this machine
trust-nobody = nobody is known here yet: `landline trust invite` makes a ticket for another machine, `landline pair` uses one
trust-kind-peer = peer
trust-kind-machine = machine
trust-kind-invite = invite
trust-granted = { $name } ({ $words }) may now: { $granted }
trust-granted-exec = { $name } may run any command here, which is as much as a shell of this account, where `landline serve` has --allow-exec
trust-revoked = { $name } ({ $words }) may do nothing here any more; a running server hangs up on it
trust-revoked-known = this machine still knows it as { $name } and may call it: the address book is { $path }
trust-revoke-machine = nothing was revoked: { $name } may do nothing here and is only in the address book, { $path }
trust-renamed = { $old } ({ $words }) is now called { $name }
trust-renamed-known = the address book, { $path }, still calls it { $name }
trust-renamed-machine = { $old } of the address book is now called { $name }; it may do nothing here
invite-made = on the other machine type `landline pair` and paste this ticket. It is a secret, good once, for { $duration }, at { $addresses }, and grants: { $granted }
invite-no-server = no `landline serve` runs here, so nobody knows where this machine is reached: start one, or say it with --address
invite-nobody-serves = no `landline serve` runs here now: start one before the ticket is used
invite-only-here = the only addresses known lead here from this machine alone: for another machine, say with --address where it reaches this one

## Lab

lab-how = `landline lab NAME` asks one of them, `landline lab all` asks them all. Every figure is measured on this machine when you ask.
lab-unknown = there is no experiment { $name }; there are: { $names }
lab-name-needed = --svg and --write take what an experiment finds: name one, as in `landline lab sticky --svg sticky.svg`
lab-one-stdout = only one thing can go to standard output: write --svg or --write to a file, or leave --json out
lab-loopback-down = the loopback interface is down here, and could not be brought up ({ $error }); most experiments need it: as root, `ip link set lo up` brings it up
lab-failed = { $name } has no result: { $error }
lab-no-picture = { $name } has no picture: { $path } was not written
lab-no-packets = { $name } captured nothing: { $path } was not written
lab-not-written = { $path } could not be written: { $error }
lab-prompt = your prediction (Enter skips):{" "}
lab-predicted = You predicted: { $prediction }. What came:
lab-missing = Not shown here: { $sentence }
lab-elsewhere = Not measured here: { $sentence }
lab-next = Try next: { $sentence }

## tap

tap-own-edges = what is shown are the reads and writes of this tap, in seconds since it began; those of the two programs may have other edges
tap-mixture = { $listen } and { $target } cannot be joined: a stream has no edges that datagrams could keep; write tcp:// or unix: for both, or udp:// or unixgram: for both
tap-move-needs-stream = { $option } is for streams: a datagram comes whole or not at all; for datagrams there are --delay, --jitter, --rate, --stall, --drop, --twice and --reorder
tap-move-needs-datagrams = { $option } is for datagrams: of a stream nothing is ever lost, doubled or out of order; for streams there are --split, --join, --cut, --reset and others
tap-reset-needs-tcp = --reset needs tcp at the end that is reset, and { $address } ({ $direction }) has no such thing: write --cut, or name the other direction before the number
tap-only-nothing = --only is for moves that name no direction, and there is none: add one, such as --split 3
tap-itself = { $target } is where this tap listens itself, and it would call itself without end: name the address of the program behind it
tap-target-port = { $address } names no port to call: port 0 is for listening; write the port of the program behind the tap
tap-capture-mixed = --write - puts the capture on standard output, where the tap shows what passes: add -q, or name a file
tap-seed = to have the same lots again, add --seed { $seed }
tap-capture-failed = { $path } cannot be written: { $error }
tap-capture-lost = the capture { $path } ends here, the traffic goes on: { $error }
tap-unreachable = { $client } was hung up on, since { $address } could not be reached: { $error }
tap-opened = opened by { $client }
tap-closed = closed
tap-ended = ended (FIN), passed on
tap-broken = broken (RST), passed on
tap-cut = ended here by --cut
tap-reset = broken here by --reset
tap-stalled = nothing passes any more (--stall)
tap-swallowed = { $bytes } bytes came behind the cut and went nowhere
tap-held = { $bytes } bytes were held here when it was over, and went nowhere
tap-dropped = { $bytes } bytes lost by --drop
tap-twice = { $bytes } bytes leave twice (--twice)
tap-reordered = it passes the one before it, of { $bytes } bytes (--reorder)
tap-lost-no-room = { $bytes } bytes lost: the tap holds as much as it may
tap-lost-no-client = { $bytes } bytes lost: there are too many clients
tap-lost-refused = a datagram that was sent did not arrive: { $error }
tap-lost-unsent = { $bytes } bytes lost: { $error }
tap-lost-quietly = { $direction }: { $what } (what else is lost in this way is not told under -q)
tap-mark-cut = cut: it began in an earlier read
tap-mark-stuck = stuck to the one before
tap-mark-unfinished = { $bytes } bytes of a message that is not whole yet
tap-mark-lost = no messages can be told apart from here on: { $error }
tap-summary = connections: { $connections }; reads and writes of this tap:
tap-summary-direction = { $direction }: { $bytes } bytes in { $reads } reads, { $written } bytes in { $writes } writes
tap-summary-messages = { "  " }messages: { $messages }, of which cut: { $cut }, stuck to the one before: { $stuck }
tap-summary-sizes = { "  " }sizes of reads:
tap-summary-lost = { "  " }datagrams lost that no move asked for: { $count }

## tap --hunt

hunt-needs-stream = --hunt needs a stream, and { $address } carries datagrams, which have their edges: write tcp:// or unix:
hunt-command-failed = { $command } could not be started: { $error }
hunt-clean-fails = the command fails without any move ({ $how }): it has to pass before there is anything to hunt for
hunt-clean-unsteady = the command fails now and then without any move ({ $how }): it has to pass each time before there is anything to hunt for
hunt-clean-differs = the command does not put out the same each time, without any move: --same-output can tell nothing of it
hunt-moves-nothing = nothing went through the tap that could be moved: have the command call { $address }, which stands in LANDLINE_TAP_ADDRESS and takes the place of {"{}"} in its words
hunt-progress-clean = run { $run }: without moves
hunt-progress = run { $run } of { $planned }: { $moves }
hunt-progress-random = run { $run }, by lot: { $moves }
hunt-progress-confirm = run { $run }, does it fail again: { $moves }
hunt-progress-shrink = run { $run }, is less enough: { $moves }
hunt-progress-probe = run { $run }, where else: { $moves }
hunt-said = the command said: { $line }
hunt-nothing = nothing found in { $runs } runs: { $points } of { $all-points } split points, { $joins } of { $all-joins } joins, and { $random } schedules by lot
hunt-found = found: { $meaning }; { $verdict }
hunt-again = to see it again, start this, and run the command with { $address } beside it:
hunt-sure = the command failed each of { $of } times ({ $how })
hunt-flaky = flaky: the command failed { $fails } of { $of } times ({ $how })
hunt-lasting = the command failed ({ $how }), and has failed without moves, too, since then: the target did not get over it, start it anew
hunt-unconfirmed = the command failed once ({ $how }), and the hunt was ended before it was tried again
hunt-how-exit = exit status { $status }
hunt-how-signal = ended by SIG{ $signal }
hunt-how-late = it did not end in time
hunt-how-differs = its output differs
hunt-the-command = the command
hunt-the-target = the target
hunt-first-reply = the first reply
hunt-reply = reply { $number }
hunt-first-message = the first message
hunt-message = message { $number }
hunt-means-whole = { $reader } takes one read for one message: it fails when byte { $byte } of { $message } comes { $gap } after byte { $before }
hunt-means-first = { $reader } takes the first { $bytes } bytes of a message with one read: it fails when byte { $byte } of { $message } comes { $gap } after byte { $before }
hunt-means-some = { $reader } takes one read for one part of a message: it fails when byte { $byte } of { $message } comes { $gap } after byte { $before }, and at { $fails } of the { $of } split points of it that were tried
hunt-means-here = { $reader } takes one read for what may come in two: it fails when byte { $byte } of { $message } comes { $gap } after byte { $before }
hunt-means-edge = { $reader } counts on { $message } to come at once: it fails when that comes { $gap } later
hunt-means-pieces = { $reader } takes one read for what may come in several: it fails when all that { $sender } says comes in pieces of { $bytes } bytes
hunt-means-join = { $reader } takes two messages that come in one read for one: it fails when byte { $byte } of { $message } comes together with byte { $before }
hunt-means-join-next = { $reader } takes two messages that come in one read for one: it fails when { $message } comes together with the one before it
hunt-means-neighbours = { $reader } takes two messages that come in one read for one: it fails when all that { $sender } says in a short time comes together
hunt-means-late = it is a matter of time and of no edge: it fails when what { $sender } says comes { $time } later
hunt-means-uneven = it is a matter of time and of no edge: it fails when what { $sender } says comes at uneven times
hunt-means-several = no single move does it: it fails when all of these come together
