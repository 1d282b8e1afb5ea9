lab-leftover-question = A program sends 1,025 bytes at once and the other end calls recv(1024): what does that call give, and where is the rest?
lab-leftover-predict = How many bytes does the first read give of 1,025? And how many does it give when only 25 were sent?
lab-leftover-table = Each read takes at most 1,024 bytes
lab-leftover-explain =
    recv(1024) says how many bytes there is room for, and nothing about messages.
    Of 1,025 bytes the first read gave { $first }, and the rest, { $rest }, stayed in the receive buffer for the next read: nothing was lost, and nothing was reported.
    Of 25 bytes a read gave 25 at once: it takes what is there and does not wait until its room is full.
    So a program that reads once for each message takes the rest of this message for the start of the next one, and from there on every answer is one behind.
    Whoever reads from a stream must read on until the message is whole, and the message itself has to say where that is: by its length in front, or by a sign at its end.
lab-leftover-next = `landline listen tcp://127.0.0.1:9000 echo` in one window and `landline call tcp://127.0.0.1:9000 --recv 5` in another: type a line of ten letters, then another. Then `landline lab remedies`, which compares the cures.
