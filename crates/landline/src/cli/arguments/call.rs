//! `call ADDRESS`: what may be typed.

use std::time::Duration;

use clap::Args;

use super::duration;

const EXAMPLES: &str = "\
Examples:
  landline call tcp://127.0.0.1:9000
  printf 'one\\ntwo\\n' | landline call tcp://127.0.0.1:9000 --recv 5
  landline call udp://127.0.0.1:9002 --duplex
  landline call tcp://127.0.0.1:80 --raw < request.txt
";

const NOTES: &str = "\
With --json, standard output carries one object a line:
  {\"v\":1,\"event\":\"reply\",\"size\":5,\"kept\":5,\"text\":\"HELLO\"}   \"hex\" where it is not UTF-8
--raw passes bytes as they are, whatever --json says.
";

/// Talk to the program at a plain socket, a line at a time.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES, after_help = NOTES)]
pub(crate) struct CallArguments {
    /// tcp://HOST:PORT, udp://HOST:PORT, unix:PATH or unixgram:PATH
    pub(crate) address: String,
    /// The most that one read takes
    #[arg(long, value_name = "BYTES", default_value_t = 1024, env = "LANDLINE_RECV",
        value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub(crate) recv: u32,
    /// How long to wait for a reply
    #[arg(long, value_name = "DUR", default_value = "2s", value_parser = duration,
        env = "LANDLINE_WAIT")]
    pub(crate) wait: Duration,
    /// Print everything as it comes, whether or not something was sent
    #[arg(long, conflicts_with = "raw")]
    pub(crate) duplex: bool,
    /// Bytes both ways with half-close, as nc does
    #[arg(long)]
    pub(crate) raw: bool,
}
