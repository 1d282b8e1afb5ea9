//! A transfer that goes to a stream.

use std::io::{self, Write};

use bytes::Bytes;
use landline_frame::landline1::DigestKind;

use super::super::StreamPlacer;
use super::sender::{Piece, Sender, Source};
use super::*;

#[test]
fn files_go_one_after_the_other() {
    let mut out = Vec::new();
    let hole = vec![
        Piece::Bytes(Bytes::from_static(b"<")),
        Piece::Hole(200_000),
        Piece::Bytes(Bytes::from_static(b">")),
    ];
    let sources = vec![
        Source::file("a", b"first "),
        Source::folder("d"),
        Source::file("d/b", b"never"),
        Source::pieces("c", hole),
        Source::file("e", b" wrong").ending(Ok([1; 32])),
        Source::file("f", b" last").with(|entry| entry.size = None),
    ];
    let mut placer = StreamPlacer::new(&mut out, DigestKind::Blake3);
    let went = run(Sender::of(sources), &mut placer, Receiving::default());
    assert!(placer.into_error().is_none());
    let report = went.done.clone().expect("it goes to its end");
    assert_eq!((report.placed, report.refused, report.failed), (3, 2, 1));
    assert_eq!(went.codes()["e"], "digest-differs");
    let zeros = vec![0; 200_000];
    assert!(out == [b"first <", &zeros[..], b"> wrong last"].concat());
}

/// A stream whose reader leaves after so many bytes.
struct Left(usize);

impl Write for Left {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_who_leaves_ends_what_comes() {
    let sources = (0..3).map(|number| Source::file(number.to_string(), &[0; 10_000_000]));
    let mut placer = StreamPlacer::new(Left(1000), DigestKind::Blake3);
    let sender = Sender::of(sources.collect());
    let went = run(sender, &mut placer, Receiving::default());
    let error = placer.into_error().expect("it takes no more");
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(went.done.clone().expect("it goes to its end").failed, 3);
    assert!(went.codes().values().all(|code| code == "unwritable"));
    assert!(went.sender.sent() < 10_000_000, "the sender stops early");
}
