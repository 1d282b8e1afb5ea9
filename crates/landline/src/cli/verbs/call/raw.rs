//! `call --raw`: bytes both ways, each direction closed by itself, as nc does.

use std::io::IsTerminal;
use std::process::ExitCode;

use landline::line::{ReadHalf, Stream, WriteHalf};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_buf};

use crate::cli::ending::Ending;

/// How much each direction holds, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// Copies both ways until both directions are at their end; the end of one closes it alone. What is
/// typed has an end only when somebody says so, so then the other end's is enough.
pub(super) async fn run(line: Stream) -> Result<ExitCode, Ending> {
    let sending = tokio::spawn(send(line.writer));
    receive(line.reader).await?;
    if !std::io::stdin().is_terminal() {
        // It may fail: who has said all often does not listen either.
        let _ = sending.await;
    }
    Ok(ExitCode::SUCCESS)
}

async fn receive(reader: ReadHalf) -> Result<(), Ending> {
    let broken = |error| Ending::failed("line-broke").with("error", error);
    let mut incoming = BufReader::with_capacity(BUFFER_BYTES, reader);
    let mut output = tokio::io::stdout();
    loop {
        let bytes = incoming.fill_buf().await.map_err(broken)?;
        let count = bytes.len();
        output.write_all(bytes).await.map_err(Ending::output)?;
        output.flush().await.map_err(Ending::output)?;
        if count == 0 {
            return Ok(());
        }
        incoming.consume(count);
    }
}

async fn send(mut writer: WriteHalf) -> std::io::Result<()> {
    let mut input = BufReader::with_capacity(BUFFER_BYTES, tokio::io::stdin());
    copy_buf(&mut input, &mut writer).await?;
    writer.shutdown().await
}
