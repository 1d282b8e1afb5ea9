//! Files between peers of whom one is hostile, by the real binary on the other side: a server that
//! sends what nobody asked for, a client that takes what it was not granted. Nothing leaves its folder,
//! and each is told in a sentence.

mod bringing;
mod calls;
mod content;
mod deaf;
mod fake;
mod flood;
mod ground;
mod killed;
mod lies;
mod listed;
mod names;
mod narrow;
mod putting;
mod resumed;
mod rights;
mod shown;
mod swapped;
mod taken;
mod words;
