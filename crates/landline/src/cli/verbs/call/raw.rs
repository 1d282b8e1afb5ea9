//! `call --raw`: bytes both ways, each direction closed by itself, as nc does.

use std::io::IsTerminal;
use std::process::ExitCode;

use landline::line::{Stream, WriteHalf};
use tokio::io::{AsyncWriteExt, BufReader, copy_buf};

use crate::cli::ending::Ending;

/// How much each direction holds, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// Copies both ways until both directions are at their end; the end of one closes it alone. What is
/// typed has an end only when somebody says so, so then the other end's is enough.
pub(super) async fn run(line: Stream) -> Result<ExitCode, Ending> {
    let sending = tokio::spawn(send(line.writer));
    let mut incoming = BufReader::with_capacity(BUFFER_BYTES, line.reader);
    let mut output = tokio::io::stdout();
    let received = copy_buf(&mut incoming, &mut output).await;
    let flushed = output.flush().await;
    if !std::io::stdin().is_terminal() && received.is_ok() {
        // It may fail: who has said all often does not listen either.
        let _ = sending.await;
    }
    received
        .and(flushed.map(|()| 0))
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => Ending::output(error),
            _ => Ending::failed("line-broke").with("error", error),
        })?;
    Ok(ExitCode::SUCCESS)
}

async fn send(mut writer: WriteHalf) -> std::io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, tokio::io::stdin());
    copy_buf(&mut input, &mut writer).await?;
    writer.shutdown().await
}
