//! `answer`: one read, a fixed answer, and the line is hung up (the tutorial's phone call).

use std::io;

use crate::call::{BoxFuture, Call, Settings, StreamService};

/// Answers each call with the same bytes.
pub struct Answer {
    /// What is answered.
    pub text: Vec<u8>,
    /// The read size and the journal.
    pub settings: Settings,
}

impl StreamService for Answer {
    fn serve<'a>(&'a self, mut call: Call) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let mut read = vec![0; self.settings.recv];
            if call.receive(&mut read).await?.is_some() {
                call.send(&self.text).await?;
            }
            call.hang_up().await
        })
    }
}
