## landline lab close

lab-close-question = Four ways to end a connection: what do the other end's next read and writes return?
lab-close-predict = The other end closes while bytes that you sent lie there unread: what does your next read return? (0, or the name of an error)
lab-close-explain =
    An end that has read everything and closes says so with a FIN: the other end's read returned { $fin_read } bytes, which means "no more will come", and is no exception. The first write after it returned { $fin_first }, for the kernel takes the bytes before it knows that nobody will read them; they are answered with a reset, and the second write returned { $fin_second }.
    An end that closes with bytes unread does not say FIN but resets the connection (RST), since data is lost: read gave { $unread_read }, and if nobody read, the first write gave { $unread_first }, the second { $unread_second }. SO_LINGER with time 0 does the same on purpose.
    shutdown(SHUT_WR) ends one direction only: read gave { $half_read }, yet both writes were taken ({ $half_first } and { $half_second }) and all { $half_heard } bytes were heard.
    The end that says FIN first keeps the connection in TIME_WAIT, for { $fin_seconds } seconds on this kernel ({ $fin_waits_here } of 3 connections there, { $fin_waits_there } at the other end); after a reset nobody does ({ $unread_waits }).
    So a server that hung up first and starts again on its port got { $bind_again } from bind. With SO_REUSEADDR on the new socket alone it got { $bind_again_late }; with it on the old one, too, { $bind_again_reuse }, where 0 is success.
lab-close-next = `landline lab crash` kills one end; `landline lab phone` shows the closing segments on a time line.
lab-close-table = What the other end's calls return (a number is a count of bytes)
lab-close-waits = Connections in TIME_WAIT at the end that ended first
lab-close-read = close, all was read
lab-close-unread = close, bytes unread
lab-close-linger = close, SO_LINGER 0
lab-close-half = shutdown(SHUT_WR)
lab-close-column-way = ended by
lab-close-column-connections = connections
lab-close-column-read = read
lab-close-column-first = 1st write
lab-close-column-second = 2nd write
lab-close-column-heard = bytes still heard
lab-close-column-wait-here = there
lab-close-column-wait-there = at the other end
lab-close-elsewhere-windows = On Windows a reset is WSAECONNRESET (10054), which Python raises as ConnectionResetError (Microsoft's list of Windows Sockets error codes).
