//! `print`: shows what arrives, and answers nothing.

use std::fmt::Display;
use std::io;
use std::pin::pin;
use std::sync::Arc;

use crate::call::{BoxFuture, Call, Settings, StreamService};
use crate::post::{Batch, DatagramService, Message, Post, note_cut};
use crate::stop::Stop;

/// How many datagrams are taken in one go.
const BATCH_DATAGRAMS: usize = 64;

/// One read of a stream, or one datagram.
#[derive(Clone, Copy)]
pub struct Arrival<'a> {
    /// Who sent it, as a person would name it. `None`: a datagram without an address.
    pub peer: Option<&'a (dyn Display + Sync)>,
    /// What arrived, at most the `--recv` size.
    pub bytes: &'a [u8],
    /// The whole size of a datagram that was cut.
    pub cut_from: Option<usize>,
}

/// Where arrivals are shown. An error ends the service: nobody can see it any more.
pub trait Sink: Send + Sync {
    /// Shows one arrival.
    fn show(&self, arrival: &Arrival<'_>) -> io::Result<()>;

    /// Shows that a stream's peer has left.
    fn ended(&self, peer: &str) -> io::Result<()>;
}

/// Shows what arrives. A datagram that was cut is told of as a notice, too.
#[derive(Clone)]
pub struct Print {
    /// Where it is shown.
    pub sink: Arc<dyn Sink>,
    /// The read size and the journal.
    pub settings: Settings,
}

impl Print {
    fn show<Member: Display + Sync>(&self, message: Message<'_, Member>) -> io::Result<()> {
        if let Some(size) = message.cut_from {
            note_cut(&self.settings, message.sender, size);
        }
        self.sink.show(&Arrival {
            peer: message.sender.map(|sender| sender as &(dyn Display + Sync)),
            bytes: message.bytes,
            cut_from: message.cut_from,
        })
    }
}

impl StreamService for Print {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let mut buffer = vec![0; self.settings.recv];
            while let Some(count) = call.receive(&mut buffer).await? {
                self.sink.show(&Arrival {
                    peer: Some(&call.peer),
                    bytes: &buffer[..count],
                    cut_from: None,
                })?;
            }
            self.sink.ended(&call.peer)
        })
    }
}

impl DatagramService for Print {
    async fn serve<P: Post>(&self, mut post: P, stop: Stop, once: bool) -> io::Result<()> {
        let datagrams = if once { 1 } else { BATCH_DATAGRAMS };
        let mut batch = post.batch(datagrams, self.settings.recv);
        let mut stopped = pin!(stop.cancelled());
        loop {
            tokio::select! {
                biased;
                () = &mut stopped => return Ok(()),
                drained = post.drain(&mut batch) => drained?,
            }
            for index in 0..batch.len() {
                self.show(batch.message(index))?;
            }
            if once {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::journal::Kept;
    use crate::post_memory::MemoryPost;

    #[derive(Default)]
    struct Lines(Mutex<Vec<String>>);

    impl Lines {
        fn push(&self, line: String) -> io::Result<()> {
            self.0.lock().expect("no test panics inside").push(line);
            Ok(())
        }

        fn all(&self) -> Vec<String> {
            self.0.lock().expect("no test panics inside").clone()
        }
    }

    impl Sink for Lines {
        fn show(&self, arrival: &Arrival<'_>) -> io::Result<()> {
            let text = String::from_utf8_lossy(arrival.bytes);
            let peer = arrival.peer.map(ToString::to_string);
            self.push(format!("{peer:?} {text} {:?}", arrival.cut_from))
        }

        fn ended(&self, peer: &str) -> io::Result<()> {
            self.push(format!("{peer} left"))
        }
    }

    fn print() -> (Print, Arc<Lines>, Arc<Kept>) {
        let (sink, journal) = (Arc::new(Lines::default()), Arc::new(Kept::default()));
        let settings = Settings {
            recv: 5,
            journal: journal.clone(),
        };
        let print = Print {
            sink: sink.clone(),
            settings,
        };
        (print, sink, journal)
    }

    #[tokio::test]
    async fn a_stream_is_shown_read_by_read_and_then_its_end() {
        let (print, sink, _) = print();
        let (call, mut peer) = Call::pair();
        peer.write_all(b"hello world").await.unwrap();
        drop(peer);
        StreamService::serve(&print, call).await.unwrap();
        let expected = [
            r#"Some("memory") hello None"#,
            r#"Some("memory")  worl None"#,
            r#"Some("memory") d None"#,
            "memory left",
        ];
        assert_eq!(sink.all(), expected);
    }

    #[tokio::test]
    async fn a_datagram_is_shown_with_its_sender_and_what_was_cut() {
        let (print, sink, journal) = print();
        let post = MemoryPost::default();
        post.arrive((Some(7), b"hello".to_vec(), Some(11)));
        DatagramService::serve(&print, post.clone(), Stop::new(), true)
            .await
            .unwrap();
        post.arrive((None, b"".to_vec(), None));
        DatagramService::serve(&print, post, Stop::new(), true)
            .await
            .unwrap();
        assert_eq!(sink.all(), [r#"Some("7") hello Some(11)"#, "None  None"]);
        assert_eq!(journal.keys(), ["datagram-cut"]);
    }
}
