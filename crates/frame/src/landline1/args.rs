//! The words and the environment of a command: strings of any bytes but NUL, each ended by NUL. It
//! does not know which words name a program, nor which variables are welcome.

use super::code::Code;

/// The most that words and environment take together, in bytes: 2 MiB, as much as Linux gives to a
/// program by default. A server holds this once for each call that is being asked.
pub const ARGS_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The most words and variables together: 131,072, or one for each 16 bytes.
pub const ARGS_COUNT_MAX: u32 = 131_072;

/// Words and environment that are within their bounds, kept as they travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    bytes: Vec<u8>,
    words: usize,
}

/// Why words and environment cannot be sent, or bytes are none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgsError {
    /// Together they are longer than [`ARGS_BYTES_MAX`].
    #[error("words and environment are longer than {ARGS_BYTES_MAX} bytes")]
    TooLong,
    /// Together they are more than [`ARGS_COUNT_MAX`], or there is no word.
    #[error("{count} words and variables are none, or more than {ARGS_COUNT_MAX}")]
    Count {
        /// How many there are.
        count: usize,
    },
    /// A string holds a NUL, which ends it.
    #[error("a word or a variable holds a NUL")]
    Nul,
    /// The last string is not ended.
    #[error("the last word or variable is not ended by NUL")]
    Unended,
    /// There are more or fewer strings than the CALL said.
    #[error("the call says {said} words and variables, and {came} came")]
    CountDiffers {
        /// How many the CALL says.
        said: usize,
        /// How many came.
        came: usize,
    },
    /// A variable has no name, or no `=`.
    #[error("variable {index} is not of the form NAME=VALUE")]
    NotAVariable {
        /// Which one, from 0.
        index: usize,
    },
}

impl ArgsError {
    /// Its row in the table of errors.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLong | Self::Count { .. } => Code::TooLarge,
            _ => Code::Protocol,
        }
    }

    /// Its name in PROTOCOL.md and in the vectors.
    pub fn key(&self) -> &'static str {
        match self {
            Self::TooLong => "args-too-long",
            Self::Count { .. } => "args-count",
            Self::Nul => "args-nul",
            Self::Unended => "args-unended",
            Self::CountDiffers { .. } => "args-count-differs",
            Self::NotAVariable { .. } => "args-not-a-variable",
        }
    }
}

impl Args {
    /// Words and variables to be sent. A word may be empty; a variable's name may not, and holds no
    /// `=`.
    pub fn new<W, N, V>(
        words: impl IntoIterator<Item = W>,
        env: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ArgsError>
    where
        W: AsRef<[u8]>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let mut args = Self::default();
        for word in words {
            args.push(&[word.as_ref()])?;
            args.words += 1;
        }
        let mut variables = 0;
        for (name, value) in env {
            let name = name.as_ref();
            if name.is_empty() || name.contains(&b'=') {
                return Err(ArgsError::NotAVariable { index: variables });
            }
            args.push(&[name, b"=", value.as_ref()])?;
            variables += 1;
        }
        check_count(args.words, variables)?;
        Ok(args)
    }

    /// Reads the payloads of ARGS frames, put together, of which the CALL says that they hold so
    /// many words and variables.
    pub fn decode(bytes: Vec<u8>, words: u32, env: u32) -> Result<Self, ArgsError> {
        let (words, env) = (words as usize, env as usize);
        check_count(words, env)?;
        if bytes.len() > ARGS_BYTES_MAX {
            return Err(ArgsError::TooLong);
        }
        if bytes.last().is_some_and(|last| *last != 0) {
            return Err(ArgsError::Unended);
        }
        let (said, came) = (words + env, bytes.iter().filter(|byte| **byte == 0).count());
        if said != came {
            return Err(ArgsError::CountDiffers { said, came });
        }
        let args = Self { bytes, words };
        let no_variable = |text: &[u8]| split(text).is_none_or(|(name, _)| name.is_empty());
        let wrong = args.strings().skip(words).position(no_variable);
        wrong.map_or(Ok(args), |index| Err(ArgsError::NotAVariable { index }))
    }

    /// The bytes as they travel.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The words, of which the first is the program.
    pub fn words(&self) -> impl Iterator<Item = &[u8]> {
        self.strings().take(self.words)
    }

    /// The variables: name and value.
    pub fn env(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.strings().skip(self.words).filter_map(split)
    }

    /// How many words and how many variables there are, as a CALL says it.
    pub fn counts(&self) -> (u32, u32) {
        let env = self.strings().count() - self.words;
        let count = |count: usize| u32::try_from(count).expect("at most ARGS_COUNT_MAX");
        (count(self.words), count(env))
    }

    fn push(&mut self, parts: &[&[u8]]) -> Result<(), ArgsError> {
        for part in parts {
            if part.contains(&0) {
                return Err(ArgsError::Nul);
            }
            if part.len() >= ARGS_BYTES_MAX - self.bytes.len() {
                return Err(ArgsError::TooLong);
            }
            self.bytes.extend_from_slice(part);
        }
        self.bytes.push(0);
        Ok(())
    }

    fn strings(&self) -> impl Iterator<Item = &[u8]> {
        let ended = self.bytes.split_inclusive(|byte| *byte == 0);
        ended.map(|text| &text[..text.len() - 1])
    }
}

fn check_count(words: usize, env: usize) -> Result<(), ArgsError> {
    let count = words + env;
    if words == 0 || count > ARGS_COUNT_MAX as usize {
        return Err(ArgsError::Count { count });
    }
    Ok(())
}

fn split(variable: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = variable.iter().position(|byte| *byte == b'=')?;
    Some((&variable[..at], &variable[at + 1..]))
}
