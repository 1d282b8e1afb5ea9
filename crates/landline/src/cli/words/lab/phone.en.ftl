## landline lab phone

lab-phone-question = One telephone call over TCP: which call of one side meets which call of the other, and what does the kernel send for it?
lab-phone-predict = How many segments pass between the two kernels before accept returns? (a number)
lab-phone-explain =
    The server makes a socket, gives it a port, and listens; accept then waits for a caller, here for { $accept_us } microseconds.
    The client's connect returned after { $connect_us } microseconds, when the kernels had shaken hands{ $handshake ->
        [unseen] {""}
       *[seen] {" "}({ $handshake })
    }: the server's program had no part in that, it only took the finished connection with accept.
    Each send of one side woke the recv of the other, which gives what has come.
    The server closed first: the client's last recv gave 0 bytes, and this is how a program learns that the other side has hung up. It is no error and no exception, and a program that does not look for it reads nothing for ever.
    Each side says by itself that it ends (FIN), and the other acknowledges that{ $closing ->
        [unseen] {""}
       *[seen] : { $closing }
    }.
lab-phone-next = `landline listen tcp://127.0.0.1:9000 answer hello --once` in one window, `landline call tcp://127.0.0.1:9000` in another. `landline lab close` shows other ways to hang up.
lab-phone-times = Calls of both sides, and what passed between them
lab-phone-client = client
lab-phone-server = server
lab-phone-to-server = client to server
lab-phone-to-client = server to client
lab-phone-table = Every call, in the order in which it was made
lab-phone-column-side = side
lab-phone-column-call = call
lab-phone-column-result = returned
lab-phone-column-at = began at
lab-phone-column-took = took
