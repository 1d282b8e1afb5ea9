## Tables and pictures that several experiments have

lab-edges-title = Where writes ended, over where reads ended
lab-edges-writes = writes
lab-edges-reads = reads
lab-column-sent = sent
lab-column-reads = reads
lab-column-sizes = sizes of the reads

## What an experiment needs and this user or machine does not have

lab-needs-namespaces = Network namespaces need CAP_SYS_ADMIN and the program ip of iproute2: run it as root, or inside `unshare -rn`
lab-needs-capture = Capturing packets needs CAP_NET_RAW: run it as root, or inside `unshare -rn`
lab-needs-two-cores = This program may use one core only: what waking another core costs cannot be measured

## Where an experiment ran

lab-place-loopback = loopback
lab-place-cable = cable
