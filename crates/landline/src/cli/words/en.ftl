## The command line itself

## Lines

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

## Datagrams (relay, echo, print)

## call

## exec

## get
