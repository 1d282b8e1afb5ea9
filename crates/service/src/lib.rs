//! What answers a call: echo, exec, files, relay and their small kin, one file a service.
//!
//! A service sees the two ends of a call and never learns which line carried it.
//!
//! ```text
//!   line (tcp, unix, memory)  --joined by `landline`-->  Call  -->  StreamService
//!   line (udp, unixgram)      --joined by `landline`-->  Post  -->  DatagramService
//!                                                 Journal <-- what is worth telling a person
//! ```
//!
//! A service is tried without any socket, on [`Call::pair`]:
//!
//! ```
//! use landline_service::{Call, Echo, StreamService};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
//! let (call, mut peer) = Call::pair();
//! let echo = Echo { upper: true, suffix: b"sb".to_vec(), ..Echo::default() };
//! let serving = tokio::spawn(async move { echo.serve(call).await });
//! peer.write_all(b"hello").await?;
//! let mut reply = [0; 7];
//! peer.read_exact(&mut reply).await?;
//! assert_eq!(&reply, b"HELLOsb");
//! drop(peer);
//! serving.await.expect("the service does not panic")
//! # }
//! ```

mod answer;
mod call;
#[cfg(target_os = "linux")]
mod command;
mod echo;
#[cfg(target_os = "linux")]
mod exec;
mod files;
mod journal;
#[cfg(target_os = "linux")]
mod nameless;
mod opaque;
mod outbox;
mod post;
#[cfg(test)]
mod post_memory;
mod print;
#[cfg(target_os = "linux")]
mod process;
mod relay;
mod run;
mod stop;
mod tally;
mod token_bucket;
mod transfer;

pub use answer::Answer;
pub use call::{
    BoxFuture, Call, CallReader, CallWriter, LINGER_MAX, Settings, StreamService, copy_file,
};
#[cfg(target_os = "linux")]
pub use command::{
    CHUNK_BYTES_MAX, Command, CommandCall, CommandDone, CommandEnd, CommandError, CommandInput,
    CommandOutput, CommandPeer, CommandRequest, Control, ENV_ALLOW_DEFAULT, KILL_GRACE,
    MemoryStdin, MemoryStream, OutputStream, Running,
};
pub use echo::{ECHO_SOURCES_MAX, Echo};
#[cfg(target_os = "linux")]
pub use exec::Exec;
pub use files::Files;
pub use journal::{Journal, Kept, Notice, Silent};
#[cfg(target_os = "linux")]
pub use nameless::Nameless;
pub use outbox::{BACKLOG_BYTES_MAX, OUTBOX_BYTES_MAX};
pub use post::{Batch, DatagramService, Message, Post, Unsent};
pub use print::{Arrival, Print, Sink};
pub use relay::{EXPIRE_DEFAULT, MEMBERS_MAX_DEFAULT, Relay};
pub use run::{Run, RunBuffer};
pub use stop::{Stop, StopOnDrop};
pub use tally::TALLY_PAUSE;
pub use transfer::{
    Arrived, Belongs, Digester, Fold, Found, Glob, Misplaced, Outcome, Piece, Placer, Reading,
    ReceiveEvent, ReceiveReport, Receiving, SendEvent, SendReport, Sending, Settle, Settled, Share,
    ShareAccess, ShareNeed, Shares, Source, StreamPlacer, TransferEnd, TransferFault, TransferLine,
    Walk, asked_for, is_asked, receive, send_files, tell_files,
};
#[cfg(target_os = "linux")]
pub use transfer::{Claims, FolderPlacer, Landing, PART_SYNC_BYTES, RESUME_BYTES_MIN, boot_id};
