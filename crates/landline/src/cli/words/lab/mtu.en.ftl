lab-mtu-question = How large may a UDP datagram be: from which size on is it cut up, which size cannot be sent, and is it true that above 512 bytes data gets lost?
lab-mtu-predict = What is the largest payload that crosses an Ethernet cable in one packet, and of 1,000 datagrams of 512 bytes, how many are lost when the reader does not read?
lab-mtu-limits = The largest payloads, found by trying
lab-mtu-sizes = One datagram of each size
lab-mtu-loss = Many datagrams, small and large, to a reader that reads and to one that does not
lab-mtu-picture = How many IP packets one datagram becomes
lab-mtu-loss-picture = Datagrams lost
lab-mtu-place = where
lab-mtu-version = over
lab-mtu-interface = MTU
lab-mtu-whole = largest in one packet
lab-mtu-df = largest with fragments forbidden
lab-mtu-largest = largest at all
lab-mtu-payload = payload, bytes
lab-mtu-sent = send returned
lab-mtu-packets = IP packets
lab-mtu-largest-packet = largest packet, bytes
lab-mtu-arrived = read, bytes
lab-mtu-reader = the reader
lab-mtu-reading = reads at once
lab-mtu-idle = does not read
lab-mtu-buffer = SO_RCVBUF
lab-mtu-many = sent
lab-mtu-kept = there
lab-mtu-lost = lost
lab-mtu-dropped = dropped, says the kernel
lab-mtu-explain =
    The limit of 512 bytes is not one of UDP. The reader that did not read lost { $lost_512 } of { $sent } datagrams of 512 bytes and { $lost_1400 } of { $sent } of 1,400; the reader that read each one at once lost { $lost_512_reading } and { $lost_1400_reading }.
    What is lost is lost in front of a full receive buffer: the kernel counts those at the socket, { $dropped } in all. send reports nothing of it, since it was done when the datagram left. A larger SO_RCVBUF only puts the loss off; a reader that keeps up prevents it.
    { $cable ->
        [yes] A size changes something elsewhere: a payload above { $whole } bytes does not fit into one packet of a cable with an MTU of 1500, since the headers of IP and UDP take 20 and 8. IP cuts it into fragments, up to { $packets } here, and if one of them is lost the whole datagram is. Where fragments are forbidden (IP_MTU_DISCOVER), send fails above { $whole_df } bytes.
       *[no] A size changes something elsewhere: what does not fit into one packet of the path is cut into fragments by IP. On an Ethernet cable that begins above 1472 bytes of payload; it was not measured here, because there was no cable, and a loopback's MTU has room for any datagram of IPv4.
    }
    Above { $largest } bytes send itself fails with { $error }: IPv4 can name no more than 65,535 bytes for a packet, and the two headers are among them.
lab-mtu-origin = The 512 comes from DNS, which once promised never to send more over UDP (RFC 1035, section 2.3.4), because every host must accept an IP packet of 576 bytes (RFC 791, section 3.1) but need not accept a larger one.
lab-mtu-next = `landline lab relay` shows what else a datagram's sender does not control; `landline lab families` compares sockets that lose nothing.
