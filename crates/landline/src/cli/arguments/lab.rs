//! `lab`: what may be typed.

use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, error::Error};
use landline_lab as lab;

/// Stands for every experiment.
pub(crate) const EVERY: &str = "all";

const EXAMPLES: &str = "\
Examples:
  landline lab                                the experiments and their questions
  landline lab sticky                         many small sends: how many reads do they become, here?
  landline lab backlog --svg backlog.svg      the same as a picture in a file
  landline lab layers --write layers.pcapng   what was captured, for Wireshark
  landline lab all --json                     all of them, one object a line
";

/// Ask this machine's kernel what sockets do.
#[derive(Debug, Args)]
#[command(before_help = EXAMPLES)]
pub(crate) struct LabArguments {
    /// Which question to ask; without one: the list
    #[arg(value_parser = Names, hide_possible_values = true)]
    pub(crate) experiment: Option<String>,
    /// Also write the pictures, as SVG; - is standard output, which then has nothing else
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Also write the packets that were captured, as pcapng; - as above
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
    /// Only the first picture of each experiment
    #[arg(long, hide = true, requires = "svg")]
    pub(crate) first_picture: bool,
    /// Less of everything
    #[arg(long, hide = true)]
    pub(crate) quick: bool,
}

/// Any name, since the verb knows what to say of a wrong one; the right ones for completions.
#[derive(Clone)]
struct Names;

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = lab::ALL.iter().map(|experiment| experiment.name);
        Some(Box::new(names.chain([EVERY]).map(PossibleValue::new)))
    }
}
