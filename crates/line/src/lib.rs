//! What joins two programs and carries bytes or messages: dial and listen, one file a transport.
