//! `leftover`: what `recv(1024)` gives of 1,025 bytes, and of 25.

use std::io::{Read, Write};

use crate::experiment::{Bench, Experiment, LabError};
use crate::report::{Cell, Edges, Picture, Report, Table};
use crate::sockets::{self, WAIT};

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "leftover",
    question: "lab-leftover-question",
    predict: "lab-leftover-predict",
    explain: "lab-leftover-explain",
    next: "lab-leftover-next",
    elsewhere: &[],
    run,
};

/// One read of the tutorial's programs, in bytes.
const RECV_BYTES: usize = 1024;

fn run(_: &mut Bench) -> Result<Report, LabError> {
    let mut report = Report::default();
    let mut rows = Vec::new();
    for sent in [25, 1025] {
        let reads = reads_of(sent)?;
        rows.push(vec![
            Cell::Count(sent as u64),
            Cell::Count(reads.len() as u64),
            Cell::Text(
                reads
                    .iter()
                    .map(usize::to_string)
                    .collect::<Vec<_>>()
                    .join(" + "),
            ),
        ]);
        if sent > RECV_BYTES {
            report.facts.push(("first", reads[0].to_string()));
            report
                .facts
                .push(("rest", reads[1..].iter().sum::<usize>().to_string()));
            report.pictures.push(Picture::Edges {
                title: "lab-edges-title",
                rows: vec![
                    Edges {
                        name: "lab-edges-writes",
                        sizes: vec![sent],
                    },
                    Edges {
                        name: "lab-edges-reads",
                        sizes: reads,
                    },
                ],
            });
        }
    }
    report.tables.push(Table {
        title: "lab-leftover-table",
        columns: vec!["lab-column-sent", "lab-column-reads", "lab-column-sizes"],
        rows,
    });
    Ok(report)
}

/// Sends so many bytes at once over loopback, and reads until all are there: how many bytes each read
/// gave. The bytes lie in the receiver's buffer before the first read.
fn reads_of(sent: usize) -> Result<Vec<usize>, LabError> {
    let (mut client, mut server) = sockets::pair()?;
    client
        .write_all(&vec![b'x'; sent])
        .map_err(LabError::of("send"))?;
    sockets::comes(WAIT, || Ok(sockets::unread(&server)? >= sent as u64))?;
    // The end says that all has come.
    drop(client);
    let mut buffer = vec![0; RECV_BYTES];
    let mut reads = Vec::new();
    loop {
        match server.read(&mut buffer).map_err(LabError::of("recv"))? {
            0 => return Ok(reads),
            count => reads.push(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_gives_no_more_than_it_has_room_for_and_the_rest_stays() {
        assert_eq!(reads_of(25).expect("loopback works"), [25]);
        assert_eq!(reads_of(1025).expect("loopback works"), [1024, 1]);
    }
}
