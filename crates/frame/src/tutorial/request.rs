//! What a client asks: one read is one message, a command line or a file's name. It does not run
//! commands or open files.

use super::http;

/// Why a read cannot be taken as a message. All of it is the peer's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It is as long as a read can be, so it may be the start of something longer.
    #[error("the message fills the read, so it may be cut short")]
    FillsRead,
    /// It is not UTF-8.
    #[error("the message is not UTF-8")]
    NotUtf8,
    /// It begins as an HTTP request.
    #[error("the message is an HTTP request, which does not belong here")]
    Http,
    /// It holds a NUL, which neither a command line nor a file's name can carry.
    #[error("the message holds a NUL character")]
    Nul,
}

impl RequestError {
    /// The key of its sentence in a catalogue of messages.
    pub fn key(&self) -> &'static str {
        match self {
            Self::FillsRead => "request-fills-read",
            Self::NotUtf8 => "request-not-utf8",
            Self::Http => "request-http",
            Self::Nul => "request-nul",
        }
    }
}

/// The command line in one read that could have taken `recv` bytes, newline and all.
///
/// A read of no bytes is no message but the peer leaving: it is not for here.
pub fn command_line(read: &[u8], recv: usize) -> Result<&str, RequestError> {
    if http::is_request(read) {
        return Err(RequestError::Http);
    }
    text(read, recv)
}

/// The file's name in one read that could have taken `recv` bytes.
///
/// Only a whole request line is taken for HTTP here, line end included: `GET /a` may be a file.
/// The name may still lead anywhere: whoever opens it keeps it beneath a root.
pub fn file_name(read: &[u8], recv: usize) -> Result<&str, RequestError> {
    let has_line_end = read.windows(2).any(|pair| pair == b"\r\n");
    if has_line_end && http::is_request_line(read) {
        return Err(RequestError::Http);
    }
    text(read, recv)
}

fn text(read: &[u8], recv: usize) -> Result<&str, RequestError> {
    if read.len() >= recv {
        return Err(RequestError::FillsRead);
    }
    let text = std::str::from_utf8(read).map_err(|_| RequestError::NotUtf8)?;
    if text.contains('\0') {
        return Err(RequestError::Nul);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_fills_the_buffer_may_be_cut() {
        assert_eq!(command_line(b"ls -l", 6), Ok("ls -l"));
        assert_eq!(command_line(b"ls -la", 6), Err(RequestError::FillsRead));
        assert_eq!(file_name(&[b'a'; 1000], 1024).map(str::len), Ok(1000));
        assert_eq!(file_name(&[b'a'; 1024], 1024), Err(RequestError::FillsRead));
    }

    #[test]
    fn only_text_without_nul_is_a_message() {
        for parse in [command_line, file_name] {
            assert_eq!(parse("文件".as_bytes(), 1024), Ok("文件"));
            assert_eq!(parse(b"\xc4\xe3", 1024), Err(RequestError::NotUtf8));
            assert_eq!(parse(b"a\0b", 1024), Err(RequestError::Nul));
        }
    }

    #[test]
    fn http_is_named_before_anything_else() {
        let long = [&b"POST /"[..], &[0xff; 2000]].concat();
        assert_eq!(command_line(&long[..1024], 1024), Err(RequestError::Http));
        assert_eq!(
            command_line(b"GET / HTTP/1.1\r\n\0", 9),
            Err(RequestError::Http)
        );
        assert_eq!(
            file_name(b"GET / HTTP/1.1\r\nA: b", 9),
            Err(RequestError::Http)
        );
        assert_eq!(file_name(b"GET /a", 1024), Ok("GET /a"));
        assert_eq!(file_name(b"notes HTTP/1.1", 1024), Ok("notes HTTP/1.1"));
    }
}
