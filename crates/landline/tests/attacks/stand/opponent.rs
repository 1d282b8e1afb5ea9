//! An opponent that gets as far as TLS and then says what it likes: raw bytes, and frames that break
//! any rule. It keeps no session, so that nothing stops it.

use landline::frame::landline1::Kind;
use landline::line::{Credentials, Dialer, SecureStream, Stream, TlsError};
use landline::trust::Identity;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A secure line of an opponent, on either side.
pub(crate) struct Line(pub(crate) SecureStream);

/// Who calls servers.
pub(crate) struct Opponent(Dialer);

/// What an identity shows in a handshake.
pub(crate) fn credentials(identity: &Identity) -> Credentials {
    Credentials {
        certificate_der: identity.certificate_der().to_vec(),
        key_der: identity.key_der().to_vec(),
    }
}

/// A frame's bytes, whatever they say.
pub(crate) fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload");
    [&[kind, 0, 0, 0], &length.to_be_bytes()[..], payload].concat()
}

/// A HELLO's bytes.
pub(crate) fn hello() -> Vec<u8> {
    let hello = json!({"version": 1, "software": "opponent"});
    frame(Kind::Hello.number(), hello.to_string().as_bytes())
}

/// A CALL's bytes.
pub(crate) fn call(call: &Value) -> Vec<u8> {
    frame(Kind::Call.number(), call.to_string().as_bytes())
}

impl Opponent {
    /// One with a key of its own, that nobody knows.
    pub(crate) fn stranger() -> Self {
        Self::of(&Identity::make())
    }

    pub(crate) fn of(identity: &Identity) -> Self {
        Self::showing(&credentials(identity))
    }

    pub(crate) fn showing(credentials: &Credentials) -> Self {
        Self(Dialer::new(credentials).expect("an Ed25519 key and its certificate"))
    }

    /// A line whose handshake is done, to whoever answers.
    pub(crate) async fn dial(&self, address: &str) -> Result<Line, TlsError> {
        let address = format!("tcp://{address}").parse().expect("an address");
        self.shake(landline::line::dial(&address).await?).await
    }

    /// The handshake alone, on a stream that stands.
    pub(crate) async fn shake(&self, stream: Stream) -> Result<Line, TlsError> {
        self.0.dial(stream, |_| true).await.map(Line)
    }

    /// A line whose greeting is done, and what the server said.
    pub(crate) async fn greet(&self, address: &str) -> (Line, Value) {
        let mut line = self.dial(address).await.expect("the server shakes hands");
        line.send(&hello()).await;
        let (kind, payload) = line.frame().await.expect("it greets");
        assert_eq!(kind, Kind::Hello.number());
        let hello = serde_json::from_slice(&payload).expect("an object");
        (line, hello)
    }
}

impl Line {
    /// Sends bytes; the server may have closed the line already.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        let written = self.0.writer.write_all(bytes).await;
        written.is_ok() && self.0.writer.flush().await.is_ok()
    }

    /// The next frame; none once the line has ended, however that was.
    pub(crate) async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut header = [0; 8];
        self.0.reader.read_exact(&mut header).await.ok()?;
        let length = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
        let mut payload = vec![0; length as usize];
        self.0.reader.read_exact(&mut payload).await.ok()?;
        Some((header[0], payload))
    }

    /// The next frame, which is a control frame of `kind`.
    #[track_caller]
    pub(crate) fn expect(&mut self, kind: Kind) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        async move {
            let frame = self.frame().await;
            let (number, payload) = frame.unwrap_or_else(|| panic!("the line ended at {place}"));
            let text = String::from_utf8_lossy(&payload).into_owned();
            assert_eq!(number, kind.number(), "{text} at {place}");
            serde_json::from_str(&text).expect("an object")
        }
    }

    /// The code of the next ERROR, with the frames before it passed over; none when the line ends
    /// without one.
    pub(crate) async fn error(&mut self) -> Option<String> {
        while let Some((kind, payload)) = self.frame().await {
            if kind == Kind::Error.number() {
                let error: Value = serde_json::from_slice(&payload).expect("an object");
                return error["code"].as_str().map(str::to_owned);
            }
        }
        None
    }

    /// All bytes that come until the line ends, however it ends.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut all = Vec::new();
        // How it ends is of no interest.
        let _ = self.0.reader.read_to_end(&mut all).await;
        all
    }

    /// Waits until nothing more comes.
    pub(crate) async fn ended(&mut self) {
        while self.frame().await.is_some() {}
    }

    /// Says that this is the end, and waits for the other side's.
    pub(crate) async fn close(mut self) {
        // It may be closed already.
        let _ = self.0.writer.shutdown().await;
        self.rest().await;
    }
}
