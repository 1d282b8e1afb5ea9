## Tables and pictures that several experiments have

lab-edges-title = Where writes ended, over where reads ended
lab-edges-writes = writes
lab-edges-reads = reads
lab-column-sent = sent
lab-column-reads = reads
lab-column-sizes = sizes of the reads
