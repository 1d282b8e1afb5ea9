lab-relay-question = A UDP relay sends each datagram to everybody who ever sent one. Who can make it flood somebody who never spoke to it?
lab-relay-predict = An attacker sends 20 datagrams in the name of eight of the victim's ports. How many arrive at the victim?
lab-relay-table = 20 datagrams of the attacker, and what became of them
lab-relay-picture = Datagrams that came to the victim
lab-relay-way = the relay
lab-relay-open = open, as in the tutorial
lab-relay-members = at most 2 members
lab-relay-allow = --allow a network without the victim
lab-relay-inside = --allow the victim's network
lab-relay-rate = the same, 1 datagram a second from each source
lab-relay-private = listens on loopback only
lab-relay-checked = open, but the attacker's network checks sources
lab-relay-ports = ports forged
lab-relay-sent = attacker sent
lab-relay-reached = relay got
lab-relay-got = victim got
lab-relay-bytes = bytes
lab-relay-factor = factor
lab-relay-explain =
    Nothing in a datagram proves who sent it: the source address is what the sender wrote there. The attacker, { $attacker }, wrote { $victim }, and the relay took the victim for a member and sent everything to it.
    In the name of one port { $sent } datagrams brought the victim { $one }. In the name of { $ports } ports the same { $sent } brought { $many }, { $factor } times as many: the relay multiplies by its members. And the victim sees the relay, { $sender }, as the sender, and never the attacker.
    landline's relay therefore listens on loopback unless --insecure is given, and even then refuses to start without --allow and a network: the same attack on a relay with such a list brought { $friends }.
    A list is no proof either. With the victim inside the allowed network { $inside } arrived; with one datagram a second from each source (--rate) { $slow }, and with two members at most (--members) { $few }. --allow says on whom a relay can be turned at worst: name your own network, and nobody else's.
    { $apart ->
        [yes] On loopback alone the relay got nothing, and the victim { $private }. Where the attacker's own network lets out no addresses that are not its own, nothing arrived at all: { $checked }.
       *[no] There were no namespaces here, so all three were on loopback, where the attacker had held the victim's address before. That a relay on loopback hears nothing from outside, and that a network can keep forged addresses in, was not shown.
    }
lab-relay-internet = Large networks are attacked in this way through open DNS, NTP and memcached servers, with factors up to tens of thousands (US-CERT, alert TA14-017A). What helps is that each network checks the addresses that leave it (BCP 38, RFC 2827), and not every network does.
lab-relay-next = `landline listen udp://0.0.0.0:9002 relay` says what is missing. `landline listen udp://127.0.0.1:9002 relay --no-self` is a group chat on this machine.
