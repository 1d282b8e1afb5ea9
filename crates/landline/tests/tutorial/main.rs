//! The tutorial's programs, T1 to T14, each spoken by the real binary at one end and by a script of
//! Python's standard library at the other, and all that a bad peer or a bad command line may try.
//! It sees landline from outside only: sockets, pipes, terminals, exit statuses.

mod stand;

mod answer;
mod backlog;
mod bad_address;
mod bad_command;
mod bad_file;
mod bad_header;
mod call;
mod command;
mod command_end;
mod datagram;
mod echo;
mod exact;
mod family;
mod file;
mod interrupted;
mod json;
mod open_files;
mod owner;
mod relay;
mod resets;
mod stop;
mod terminal;
mod usage;
mod words;
