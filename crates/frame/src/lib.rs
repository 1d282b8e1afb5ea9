//! Bytes to frames and back, as pure code: no I/O, no clock. A frame is a message with edges; what
//! reads and writes the bytes, and what the messages are for, is not known here.
//!
//! ```text
//!              tutorial                               landline1
//!  asks        one read = one message                 kind flags 0 length │ payload
//!              a command line, a file's name          one header for both ways
//!  answers     length │ bytes              (command)
//!              length │ JSON header │ bytes   (file)
//!
//!              bytes ── Decoder::next(&mut input) ──> parts: a head, pieces, an end
//! ```
//!
//! All decoders have one shape: `next` takes what it can from the front of a slice, gives one part,
//! and `None` when it needs more; `owed` tells how much is still to come, for the sentence about a
//! peer that left too early. None of them sets memory aside for a length that a peer claims. All
//! errors have a `key` for a catalogue of messages and the `values` that the sentence names.
//!
//! landline1 has the order of frames too: a `ServerSession` and a `ClientSession` take the line's
//! bytes, give events, and make the bytes to be sent. PROTOCOL.md at the root describes both wires; `vectors/` holds examples of their bytes.
//!
//! The tutorial's wire, a reply that arrives in two pieces:
//!
//! ```
//! use landline_frame::tutorial::{Endian, ReplyDecoder, ReplyPart};
//!
//! let mut decoder = ReplyDecoder::new(Endian::Little);
//! let mut reply = Vec::new();
//! for mut piece in [&b"\x05\0"[..], b"\0\0hello"] {
//!     while let Some(part) = decoder.next(&mut piece)? {
//!         match part {
//!             ReplyPart::Length(length) => assert_eq!(length, 5),
//!             ReplyPart::Bytes(bytes) => reply.extend_from_slice(bytes),
//!             ReplyPart::End => assert_eq!(reply, b"hello"),
//!         }
//!     }
//! }
//! assert_eq!(decoder.owed(), None);
//! # Ok::<(), landline_frame::tutorial::LengthError>(())
//! ```
//!
//! landline/1, a body frame there and back:
//!
//! ```
//! use landline_frame::landline1::{FrameDecoder, FramePart, Header, Kind};
//!
//! let header = Header::new(Kind::Data, 0, 5)?;
//! let wire = [&header.encode()[..], b"hello"].concat();
//! let mut decoder = FrameDecoder::new();
//! let mut input = &wire[..];
//! assert_eq!(decoder.next(&mut input)?, Some(FramePart::Header(header)));
//! assert_eq!(decoder.next(&mut input)?, Some(FramePart::Body(b"hello")));
//! assert_eq!(decoder.next(&mut input)?, Some(FramePart::End));
//! decoder.finish()?;
//! # Ok::<(), landline_frame::landline1::FrameError>(())
//! ```
//!
//! landline/1, both sides of a line up to a call:
//!
//! ```
//! use landline_frame::landline1::{
//!     Asked, ClientSession, ClientSettled, Fresh, ServerEvent, ServerSession, ServerSettled,
//! };
//!
//! let (mut client, hello) = ClientSession::<Fresh>::new("a client")?;
//! let mut server = ServerSession::new();
//! server.handle_bytes(&mut &hello[..])?.expect("the client's HELLO is whole");
//! let (server, hello) = server.settle(true, "a server")?; // the key is known: trust is settled
//! let heard = client.handle_bytes(&mut &hello[..])?.expect("the server's HELLO is whole");
//!
//! let ClientSettled::Known(mut client) = client.settle(&heard)? else { return Ok(()) };
//! let ServerSettled::Known(mut server) = server else { return Ok(()) };
//! let call = client.status()?;
//! let event = server.handle_bytes(&mut &call[..])?;
//! assert_eq!(event, Some(ServerEvent::Asked(Asked::Status)));
//! # Ok::<(), landline_frame::landline1::SessionError>(())
//! ```

pub mod landline1;
mod pieces;
pub mod tutorial;
