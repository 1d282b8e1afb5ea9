//! Files through the library: what a transfer does that nobody waits for any more.

use std::fs;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};

use landline::frame::landline1::Name;
use landline::{GetRequest, GetTo, Offer, TransferEvent, TransferRules};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::stand::{Stand, soon};

/// Tells of each write, and takes it once it may.
struct Gate {
    begun: UnboundedSender<()>,
    may: Receiver<()>,
}

impl Gate {
    /// A gate that opens when the last of these is dropped.
    fn new(begun: UnboundedSender<()>) -> (Self, Sender<()>) {
        let (opens, may) = channel();
        (Self { begun, may }, opens)
    }
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The test may have ended.
        let _ = self.begun.send(());
        let _ = self.may.recv();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_get_that_is_dropped_touches_nothing_any_more() {
    let folder = tempfile::tempdir().expect("a place for files");
    fs::write(folder.path().join("large"), vec![1; 4_000_000]).expect("it takes a file");
    let may_read = format!("files:ro:{}", folder.path().display());
    let offer = Offer::new().files(folder.path());
    let stand = Stand::offering(offer, &[&may_read]).await;
    let mut line = stand.dial().await;
    let (begun, mut writes) = unbounded_channel();
    let (told, mut events) = unbounded_channel();
    let (gate, opens) = Gate::new(begun);
    let request = GetRequest {
        paths: vec![Name::new(b"large").expect("a name")],
        to: GetTo::Stream(Box::new(gate)),
        rules: TransferRules::default(),
    };
    let watch = move |event: TransferEvent| drop(told.send(event));
    tokio::select! {
        got = line.get(request, watch) => panic!("{got:?}"),
        first = soon(writes.recv()) => first.expect("it writes"),
    }
    while events.try_recv().is_ok() {}
    drop(opens);
    let (write, event) = soon(async { tokio::join!(writes.recv(), events.recv()) }).await;
    assert_eq!((write, event.map(|it| format!("{it:?}"))), (None, None));
    soon(line.ping()).await.expect("the line is free");
}
