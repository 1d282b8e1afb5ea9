//! What an experiment has found: figures, in tables and pictures. It does not know how they are shown,
//! nor in which language.

/// What was found. Every figure in it was measured in this run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Tables, the most telling one first.
    pub tables: Vec<Table>,
    /// Pictures of the same.
    pub pictures: Vec<Picture>,
    /// Values that the explanation names, and that scripts read.
    pub facts: Vec<(&'static str, String)>,
    /// What could not be shown here, and why.
    pub missing: Vec<Missing>,
    /// What was captured, if it was asked for: as pcapng has it.
    pub packets: Vec<u8>,
}

/// A table. Its title and the heads of its columns are keys of sentences.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The key of its title.
    pub title: &'static str,
    /// The keys of the heads of its columns.
    pub columns: Vec<&'static str>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A count, a size.
    Count(u64),
    /// A measured number, with its unit (`us`, `ms`, `MB/s`, `%`).
    Number(f64, &'static str),
    /// Bytes, an address, a name of the kernel's, such as `ECONNRESET`: the same in every language.
    Text(String),
    /// The key of a sentence.
    Word(&'static str),
    /// Nothing.
    Empty,
}

/// A picture, drawn as text on a terminal and as SVG in a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Where writes ended, over where reads ended, along the same bytes.
    Edges {
        /// The key of its title.
        title: &'static str,
        /// One row each, such as the writes and the reads.
        rows: Vec<Edges>,
    },
    /// What happened when, on several lanes of one time line.
    Times {
        /// The key of its title.
        title: &'static str,
        /// The keys of the lanes' names.
        lanes: Vec<&'static str>,
        /// What happened, in any order.
        events: Vec<Event>,
    },
    /// Bars, one for each label.
    Bars {
        /// The key of its title.
        title: &'static str,
        /// The unit of all values.
        unit: &'static str,
        /// Label and value. A label is the same in every language.
        bars: Vec<(String, f64)>,
    },
    /// Lines over a number.
    Lines {
        /// The key of its title.
        title: &'static str,
        /// The key of the name of what runs to the right.
        across: &'static str,
        /// The unit of what runs up.
        unit: &'static str,
        /// The lines.
        lines: Vec<Series>,
    },
    /// Bytes with names for runs of them: a packet, peeled.
    Bytes {
        /// The key of its title.
        title: &'static str,
        /// The bytes.
        bytes: Vec<u8>,
        /// From where to where, and what it is: `ipv4 ttl 64`.
        fields: Vec<(std::ops::Range<usize>, String)>,
    },
}

/// One row of [`Picture::Edges`]: pieces by their sizes, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edges {
    /// The key of its name, such as that of "writes".
    pub name: &'static str,
    /// How many bytes each piece had.
    pub sizes: Vec<usize>,
}

/// One point of [`Picture::Times`].
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Which lane, from 0.
    pub lane: usize,
    /// When it began, in microseconds since the first.
    pub at_us: f64,
    /// How long it took, for a call that waited.
    pub took_us: f64,
    /// What it was, the same in every language: `recv(1024) = 25`.
    pub label: String,
}

/// One line of [`Picture::Lines`].
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name, the same in every language.
    pub name: String,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// A part of an experiment that could not be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The key of the sentence that says what it needs.
    pub needs: &'static str,
    /// What the system said, if it said something.
    pub why: String,
}
