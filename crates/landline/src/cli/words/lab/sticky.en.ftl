## landline lab sticky

lab-sticky-question = Many small sends in a row: how many reads do they become?
lab-sticky-predict = 40 sends of 25 bytes without a pause, and a reader that comes when all are there: how many reads? (a number)
lab-sticky-explain =
    TCP carries a stream of bytes.
    Nothing in it says where one send ended and the next began.
    Here { $messages } sends of { $size } bytes became { $reads_waiting } reads for a reader that waited for them, and { $reads_late } for one that came late: what lies in its buffer is one run of bytes.
    With pauses of { $pause_ms } ms the waiting reader made { $reads_waiting_paused } reads and the late one still { $reads_late_paused }: a pause hides the matter for as long as the reader keeps up, and cures nothing.
    Messages stick together at the sender too: with Nagle's algorithm, which holds small pieces back while others are unacknowledged, they left in { $segments_nagle } segments when nobody read; with TCP_NODELAY, which lifts this reason to hold back and no other, in { $segments_nodelay }.
lab-sticky-next = `landline lab remedies` shows what does help, `landline lab nagle` what holding back costs.
lab-sticky-table = Sends, segments and reads
lab-sticky-waiting = The reader waits (TCP_NODELAY, no pauses)
lab-sticky-late = The reader comes late (TCP_NODELAY, no pauses)
lab-sticky-column-place = where
lab-sticky-column-reader = reader
lab-sticky-column-nagle = Nagle
lab-sticky-column-pause = pause
lab-sticky-column-sends = sends
lab-sticky-column-segments = segments
lab-sticky-column-reads = reads
lab-sticky-column-sizes = bytes of each read
lab-sticky-on-loopback = loopback
lab-sticky-on-cable = cable (MTU 1500)
lab-sticky-is-late = late
lab-sticky-is-waiting = waits
lab-sticky-nagle-on = on
lab-sticky-nagle-off = off
lab-sticky-needs-diag = How many segments the sender sent is told by sock_diag, which does not answer here.
