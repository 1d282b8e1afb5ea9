//! `serve`, `pair`, `ping` and `status` by the real binary, with a home for each side: what they say,
//! what a reload changes, and how they end.

mod first_contact;
#[path = "../tutorial/stand/inside.rs"]
mod inside;
mod reload;
#[path = "../tutorial/stand/stage.rs"]
mod stage;
mod stand;
mod starting;
mod stopping;
