//! `tap LISTEN TARGET`: what may be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use landline::tap::{Directed, Direction, Format, MoveKind};

use super::{HuntArguments, duration};

const EXAMPLES: &str = "\
Examples:
  landline tap tcp://127.0.0.1:9100 tcp://127.0.0.1:9000             show each read and write
  landline tap tcp://127.0.0.1:9100 tcp://127.0.0.1:9000 --as lines  and where messages are cut
  landline tap tcp://127.0.0.1:9100 tcp://127.0.0.1:9000 --split 3   each write in pieces of 3 bytes
  landline tap unix:/tmp/tap.sock unix:/tmp/run.sock --split-at to-client:4,20ms
  landline tap tcp://127.0.0.1:9100 unix:/tmp/run.sock --join 20ms --only to-server
  landline tap udp://127.0.0.1:9102 udp://127.0.0.1:9002 --drop 0.1 --seed 7
  landline tap tcp://127.0.0.1:9100 tcp://127.0.0.1:9000 -q --write both.pcapng
  landline tap --hunt tcp://127.0.0.1:0 tcp://127.0.0.1:9000 -- ./client-test {}
";

const MOVES: &str = "\
A move is for both directions; `to-client:` or `to-server:` before its value, or --only, makes it for one.
The same moves with the same --seed draw the same lots. What is shown are the tap's own reads and writes.
Of datagrams it knows 1,024 senders at a time. One through whom nothing passes for 2 minutes is forgotten; until
then what others send is lost, and that is said.
";

/// Stand between two programs: show the edges of what they say, and move them.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = MOVES)]
pub(crate) struct TapArguments {
    /// Where clients come: tcp://HOST:PORT, udp://HOST:PORT, unix:PATH or unixgram:PATH
    pub(crate) listen: String,
    /// Where each of them is passed on to
    pub(crate) target: String,

    /// How bytes are shown, or which messages are looked for in them
    #[arg(long = "as", value_name = "DECODER", default_value = "text")]
    pub(crate) shown_as: ShownAs,
    /// Keep what passes as a capture for Wireshark; - is standard output, with -q
    #[arg(long, value_name = "FILE.pcapng")]
    pub(crate) write: Option<PathBuf>,
    /// Show at most so many bytes of each read and write
    #[arg(long, value_name = "BYTES", default_value_t = 256)]
    pub(crate) show: u32,
    /// How long connections that hold bytes may go on after Ctrl-C or SIGTERM
    #[arg(long, value_name = "DUR", default_value = "2s", value_parser = duration,
        env = "LANDLINE_GRACE")]
    pub(crate) grace: Duration,
    /// Allow other machines in: the wire is neither encrypted nor authenticated
    #[arg(long)]
    pub(crate) insecure: bool,

    #[command(flatten)]
    pub(crate) moves: MoveArguments,
    #[command(flatten)]
    pub(crate) hunt: HuntArguments,
}

/// The moves and what they are drawn from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Moves")]
pub(crate) struct MoveArguments {
    /// Each write in pieces of N bytes, a gap between them [default gap: 1ms]
    #[arg(long, value_name = "N[,GAP]", value_parser = of(MoveKind::Split))]
    split: Vec<Directed>,
    /// A write ends before the byte at this offset, which comes a gap later; may be given again
    #[arg(long, value_name = "OFFSET[,GAP]", value_parser = of(MoveKind::SplitAt))]
    split_at: Vec<Directed>,
    /// What comes within this time leaves in one write
    #[arg(long, value_name = "DUR", value_parser = of(MoveKind::Join))]
    join: Vec<Directed>,
    /// A write that would end before this offset waits for what follows; may be given again [default
    /// wait: 100ms]
    #[arg(long, value_name = "OFFSET[,WAIT]", value_parser = of(MoveKind::JoinAt))]
    join_at: Vec<Directed>,
    /// All leaves so much later
    #[arg(long, value_name = "DUR", value_parser = of(MoveKind::Delay))]
    delay: Vec<Directed>,
    /// Each write leaves later by a random time up to this one, in order
    #[arg(long, value_name = "DUR", value_parser = of(MoveKind::Jitter))]
    jitter: Vec<Directed>,
    /// At most so many bytes a second
    #[arg(long, value_name = "BYTES", value_parser = of(MoveKind::Rate))]
    rate: Vec<Directed>,
    /// The direction ends after so many bytes (FIN)
    #[arg(long, value_name = "BYTES", value_parser = of(MoveKind::Cut))]
    cut: Vec<Directed>,
    /// The connection breaks after so many bytes (RST)
    #[arg(long, value_name = "BYTES", value_parser = of(MoveKind::Reset))]
    reset: Vec<Directed>,
    /// Nothing passes after so many bytes, and nothing is closed
    #[arg(long, value_name = "BYTES", value_parser = of(MoveKind::Stall))]
    stall: Vec<Directed>,
    /// Datagrams: each is lost with this chance, from 0 to 1
    #[arg(long, value_name = "P", value_parser = of(MoveKind::Drop))]
    drop: Vec<Directed>,
    /// Datagrams: each comes twice with this chance
    #[arg(long, value_name = "P", value_parser = of(MoveKind::Twice))]
    twice: Vec<Directed>,
    /// Datagrams: each comes after the next one with this chance
    #[arg(long, value_name = "P", value_parser = of(MoveKind::Reorder))]
    reorder: Vec<Directed>,
    /// The direction of moves that name none [default: both]
    #[arg(long, value_name = "to-client|to-server", value_parser = direction)]
    pub(crate) only: Option<Direction>,
    /// What chance is drawn from, to have a run again [default: another each time]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

impl MoveArguments {
    /// All that were given, in the order of the help.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Directed> {
        let lists = [
            &self.split,
            &self.split_at,
            &self.join,
            &self.join_at,
            &self.delay,
            &self.jitter,
            &self.rate,
            &self.cut,
            &self.reset,
            &self.stall,
            &self.drop,
            &self.twice,
            &self.reorder,
        ];
        lists.into_iter().flatten()
    }
}

/// A way to show bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShownAs {
    /// Text, other bytes as escapes, a backslash as two
    Text,
    /// Hexadecimal digits
    Hex,
    /// A message ends with a newline
    Lines,
    /// Four bytes of length before each message, highest first
    U32be,
    /// Four bytes of length before each message, lowest first
    U32le,
    /// The tutorial's wire: commands and files
    Tutorial,
    /// Frames of landline/1, or the records of TLS around them
    Landline,
}

impl ShownAs {
    /// The messages that are looked for, if any are.
    pub(crate) fn format(self) -> Option<Format> {
        match self {
            Self::Text | Self::Hex => None,
            Self::Lines => Some(Format::Lines),
            Self::U32be => Some(Format::U32Be),
            Self::U32le => Some(Format::U32Le),
            Self::Tutorial => Some(Format::Tutorial),
            Self::Landline => Some(Format::Landline),
        }
    }
}

fn of(kind: MoveKind) -> impl Fn(&str) -> Result<Directed, String> + Clone + Send + Sync + 'static {
    move |text| Directed::parse(kind, text).map_err(|error| error.to_string())
}

fn direction(text: &str) -> Result<Direction, String> {
    text.parse()
        .map_err(|error: landline::tap::WordsError| error.to_string())
}
