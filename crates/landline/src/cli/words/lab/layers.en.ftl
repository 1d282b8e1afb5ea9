lab-layers-question = A program sends "hello". What really travels, and which of the many addresses in it is for whom?
lab-layers-predict = How many bytes travel for 5 bytes of text over TCP, and how many over UDP?
lab-layers-sizes = How many bytes each layer adds
lab-layers-addresses = The addresses of each layer, from whom to whom
lab-layers-tcp = The message over TCP, field by field
lab-layers-udp = The same over UDP: what differs
lab-layers-tcp-picture = The bytes of the message over TCP
lab-layers-udp-picture = The bytes of the message over UDP
lab-layers-told = What the sockets tell without a capture
lab-layers-where = where
lab-layers-renamed = cable, new MAC
lab-layers-protocol = over
lab-layers-link = link
lab-layers-network = network
lab-layers-transport = transport
lab-layers-application = application
lab-layers-all = in all
lab-layers-mac = MAC
lab-layers-ip = IP
lab-layers-port = port
lab-layers-layer = layer
lab-layers-field = field
lab-layers-value = value
lab-layers-meaning = what it is for
lab-layers-own = its own address
lab-layers-peer = the peer's
lab-layers-read = bytes read
lab-layers-segment = most in one segment
lab-layers-mac-target = the card on this cable that shall take it
lab-layers-mac-source = the card on this cable that sent it
lab-layers-type = what comes next: who unpacks it
lab-layers-version = the version of IP, and where its header ends
lab-layers-dscp = how urgent it is, and whether the path is full
lab-layers-total = this header and all behind it
lab-layers-identification = which fragments belong together
lab-layers-fragment = DF: must not be cut; where a fragment belongs
lab-layers-ttl = how many routers it may still pass
lab-layers-follows = what comes next: TCP or UDP
lab-layers-ip-checksum = guards this header
lab-layers-ip-source = the machine that sent it, by its word
lab-layers-ip-target = the machine that shall get it
lab-layers-port-source = the sender's socket, for the answer
lab-layers-port-target = the socket that shall get it
lab-layers-sequence = where these bytes stand in the stream
lab-layers-acknowledgment = up to here the other direction has come
lab-layers-offset = where the data begins
lab-layers-flags = PSH: hand it over now; ACK: the acknowledgment counts
lab-layers-window = how much more it may be sent (scaled)
lab-layers-checksum = guards addresses, header and data
lab-layers-checksum-left = guards addresses, header and data; left to the card, and here there is none that fills it in
lab-layers-urgent = hardly used
lab-layers-options = here the clocks of both ends, to time round trips
lab-layers-length = this header and the data
lab-layers-data = what the program sent
lab-layers-explain =
    Each layer puts its own header in front of what the layer above gave it, and reads only that header.
    { $captured ->
        [yes] The { $message } bytes travelled as { $tcp } over TCP and as { $udp } over UDP: { $link } of Ethernet, { $network } of IP, and then { $udp_header } of UDP or { $tcp_header } of TCP. TCP's header has what UDP's has not: where the bytes stand in the stream, what has arrived, how much more may come.
       *[no] What travelled could not be seen here. The sockets know only their own layer: addresses, ports and sizes.
    }
    The MAC address leads over one cable only: it names a card to its neighbours, and every router on the way puts others in. The IP address leads from machine to machine across all cables, whatever network they are in. The port leads to a socket on that machine.
    { $cable ->
        [yes] A MAC address is no fixed name: the one on the cable was { $mac_cable } and, one command later, { $mac_new }. The loopback has a header of the link, too, and { $mac_loopback } in it, for there is no card.
       *[no] A MAC address is no fixed name: one command changes it, and two cards may have the same.
    }
    TCP and UDP both used port { $port } at the same time without disturbing each other: what names a socket is the protocol with the address and the port, and not the port alone.
lab-layers-next = `landline lab layers --write layers.pcapng` writes the packets to a file for Wireshark. Then `landline lab phone`, where the packets of a whole connection stand beside its calls.
