//! Whether a read begins as an HTTP request: a web page can make a browser post to a port of this
//! machine, and what it posts must never be taken for a command. It does not answer HTTP.

/// The methods of RFC 9110 and 5789, and the preface of HTTP/2 (RFC 9113).
const METHODS: [&[u8]; 10] = [
    b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH", b"PRI",
];

/// What the target of a request may begin with.
const TARGETS: [&[u8]; 6] = [b"/", b"*", b"http://", b"https://", b"ws://", b"wss://"];

/// A known method before a target, cut off or not; or any first line that ends in a version.
pub(super) fn is_request(read: &[u8]) -> bool {
    has_method_and_target(read) || is_request_line(read)
}

/// Whether the first line ends in ` HTTP/` and a version, whatever the method: a page's script may
/// choose one freely.
pub(super) fn is_request_line(read: &[u8]) -> bool {
    let line = read
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    let Some(space) = line.iter().rposition(|byte| *byte == b' ') else {
        return false;
    };
    line[space + 1..]
        .strip_prefix(b"HTTP/")
        .is_some_and(is_version)
}

fn has_method_and_target(read: &[u8]) -> bool {
    METHODS.iter().any(|method| {
        read.strip_prefix(*method)
            .and_then(|rest| rest.strip_prefix(b" "))
            .is_some_and(|rest| TARGETS.iter().any(|target| rest.starts_with(target)))
    })
}

fn is_version(text: &[u8]) -> bool {
    !text.is_empty()
        && text
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_known() {
        let methods = METHODS
            .iter()
            .map(|method| [method, &b" / HTTP/1.1\r\n"[..]].concat());
        for request in methods.chain(
            [
                "GET /",
                "POST /run?x=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nrm -rf x",
                "OPTIONS * HTTP/1.1\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET http://127.0.0.1:8080/ HTTP/1.1\r\n",
                "CONNECT localhost:80 HTTP/1.1\r\n",
                "ls /tmp HTTP/1.1\r\nHost: evil\r\n",
                "PROPFIND /a HTTP/1.1\r\n",
                "GET /a HTTP/1.0",
                "POST /x\n",
            ]
            .map(|request| request.as_bytes().to_vec()),
        ) {
            assert!(is_request(&request), "{}", request.escape_ascii());
        }
    }

    #[test]
    fn commands_are_not_requests() {
        for command in [
            "",
            "GET",
            "GET ",
            "get /",
            "head -n 3",
            "HEAD -n 3",
            "GETTY /dev/tty",
            "POST data",
            "patch -p1",
            "options /x",
            "echo HTTP",
            "grep ' HTTP/1.1' access.log",
            "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc localhost 80",
            "ls\necho a HTTP/1.1",
            "wget http://localhost/",
            "echo HTTP/x",
            "echo HTTP/",
        ] {
            assert!(!is_request(command.as_bytes()), "{command:?}");
        }
    }
}
