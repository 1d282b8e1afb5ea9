## landline lab remedies

lab-remedies-question = Four remedies against sticky packets, with a reader that has other things to do at times: which keep the messages apart, and what do they cost?
lab-remedies-predict = The sender sleeps a millisecond after each of 80 messages, and the reader is away for ten milliseconds now and then: how many messages are spoiled? (a number)
lab-remedies-explain =
    Sleeping between sends spoiled { $sleep_idle } messages while the reader waited for each, which is why it seems to help; as soon as the reader was away at times, { $sleep_errors } of { $messages } stuck together. It cost { $sleep_us } microseconds for each message.
    A larger buffer takes more of the stream at once, and spoiled { $larger_errors } of { $messages }, where doing nothing spoiled { $none_errors }: an edge that is not in the stream is not found by reading more of it.
    A sign at the end of each message spoiled { $sign_errors } ({ $sign_us } microseconds each), a length in front { $length_errors } ({ $length_us } microseconds): the reader puts pieces together until a message is whole, whenever it reads.
    A sign must not stand in the message itself, or has to be escaped there; a length must be known before the message is sent.
    Without any remedy a message took { $none_us } microseconds.
lab-remedies-next = `landline lab sticky` shows where messages stick together. The plain wire of `landline get` puts a length of four bytes in front.
lab-remedies-table = Messages spoiled, and what each message cost
lab-remedies-errors = Messages spoiled while the reader was away at times
lab-remedies-nothing = none
lab-remedies-sleep = sleep 1 ms between sends
lab-remedies-larger = read 65,536 bytes at once
lab-remedies-delimiter = a line feed at the end
lab-remedies-length = a length of four bytes in front
lab-remedies-column-remedy = remedy
lab-remedies-column-idle = spoiled, reader waits
lab-remedies-column-busy = spoiled, reader away at times
lab-remedies-column-cost = time for each
lab-remedies-column-extra = bytes added
