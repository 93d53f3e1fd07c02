//! Makes sure that only well-formed messages reach the framework, whose reader ends the session at the first bad one.
//!
//! It copies frames from the client's stream to an inner one. What is no message is replaced by an internal one that
//! carries the error, so that the client gets its answer (id `null` where none can be read) and the session goes on.

use std::io;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tower_lsp_server::jsonrpc::{ErrorCode, Request, Response};

/// Method of the internal message that stands for a malformed one. Its parameters are `[code, message]`.
pub(crate) const MALFORMED: &str = "$/relux/malformed";

/// Larger bodies are skipped and refused: no editor sends them, and they would only fill memory.
const MAX_BODY: u64 = 512 * 1024 * 1024;
/// Longest header line that is looked at.
const MAX_HEADER: u64 = 8 * 1024;

enum Frame {
    Body(Vec<u8>),
    Bad(&'static str),
    End,
}

/// Copies messages from `input` to `output` until the client closes its side.
pub(crate) async fn copy_messages(
    input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    loop {
        match read_frame(&mut input).await? {
            Frame::End => return output.shutdown().await,
            Frame::Bad(reason) => {
                let body = malformed(&Value::Null, ErrorCode::ParseError, reason);
                write_frame(&mut output, &body).await?;
            }
            Frame::Body(body) => match check(&body) {
                Ok(()) => write_frame(&mut output, &body).await?,
                Err(replacement) => write_frame(&mut output, &replacement).await?,
            },
        }
    }
}

async fn read_frame(input: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<Frame> {
    let mut length = None;
    let mut garbage = false;
    loop {
        let mut line = Vec::new();
        if (&mut *input)
            .take(MAX_HEADER)
            .read_until(b'\n', &mut line)
            .await?
            == 0
        {
            return Ok(Frame::End);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match (line.is_empty(), length) {
            (true, Some(length)) => return read_body(input, length).await,
            (true, None) if garbage => {
                return Ok(Frame::Bad("a message starts with `Content-Length: <bytes>`"));
            }
            (true, None) => {}
            (false, _) => match content_length(line) {
                Some(found) => length = Some(found),
                // Other headers are allowed and say nothing that matters.
                None if line.starts_with("Content-") => garbage |= line.starts_with("Content-Length"),
                None => garbage = true,
            },
        }
    }
}

/// The length in a header line, also behind garbage that has no line break of its own.
fn content_length(line: &str) -> Option<u64> {
    const NAME: &str = "content-length:";
    let at = line.to_ascii_lowercase().rfind(NAME)?;
    line.get(at + NAME.len()..)?.trim().parse().ok()
}

async fn read_body(input: &mut (impl AsyncBufReadExt + Unpin), length: u64) -> io::Result<Frame> {
    if length > MAX_BODY {
        tokio::io::copy(&mut (&mut *input).take(length), &mut tokio::io::sink()).await?;
        return Ok(Frame::Bad("the message is too large"));
    }
    let mut body = Vec::new();
    let read = (&mut *input).take(length).read_to_end(&mut body).await?;
    Ok(if read as u64 == length {
        Frame::Body(body)
    } else {
        Frame::End
    })
}

async fn write_frame(output: &mut (impl AsyncWrite + Unpin), body: &[u8]) -> io::Result<()> {
    let header = format!("Content-Length: {}\r\n\r\n", body.len());
    output.write_all(header.as_bytes()).await?;
    output.write_all(body).await?;
    output.flush().await
}

/// Whether the framework will accept the body; otherwise what to send on instead.
fn check(body: &[u8]) -> Result<(), Vec<u8>> {
    let bad = |id: &Value, code, message: &str| Err(malformed(id, code, message));
    let Ok(text) = std::str::from_utf8(body) else {
        return bad(&Value::Null, ErrorCode::ParseError, "the message is not UTF-8");
    };
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return bad(&Value::Null, ErrorCode::ParseError, &error.to_string()),
    };
    let request = Request::deserialize(&value).is_ok_and(|request| !request.method().is_empty());
    if request || Response::deserialize(&value).is_ok() {
        return Ok(());
    }
    let id = value.get("id").filter(|id| id.is_i64() || id.is_string());
    let id = id.unwrap_or(&Value::Null);
    bad(
        id,
        ErrorCode::InvalidRequest,
        "not a JSON-RPC 2.0 request, notification or response",
    )
}

fn malformed(id: &Value, code: ErrorCode, message: &str) -> Vec<u8> {
    json!({"jsonrpc": "2.0", "id": id, "method": MALFORMED, "params": [code.code(), message]})
        .to_string()
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn through(input: &[u8]) -> Vec<Value> {
        let mut output = Vec::new();
        copy_messages(input, &mut output)
            .await
            .expect("memory does not fail");
        let mut found = Vec::new();
        let mut rest = &output[..];
        loop {
            match read_frame(&mut rest).await.expect("memory does not fail") {
                Frame::Body(body) => found.push(serde_json::from_slice(&body).expect("only JSON comes out")),
                Frame::End => return found,
                Frame::Bad(reason) => panic!("wrote a bad frame: {reason}"),
            }
        }
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

    /// What comes out for `bad` followed by a good message: the error code and id, after which the good one must arrive.
    async fn refusal(bad: &str) -> (i64, Value) {
        let found = through(format!("{bad}{}", framed(GOOD)).as_bytes()).await;
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0]["method"], MALFORMED);
        assert_eq!(found[1]["method"], "exit");
        (
            found[0]["params"][0].as_i64().expect("a code"),
            found[0]["id"].clone(),
        )
    }

    #[tokio::test]
    async fn good_messages_pass_unchanged() {
        let response = r#"{"jsonrpc":"2.0","id":1,"result":null}"#;
        let input = format!(
            "{}content-length: {}\nX-Other: 1\r\n\r\n{response}",
            framed(GOOD),
            response.len()
        );
        // An unknown header alone is no reason to refuse a message whose length is known.
        assert_eq!(through(input.as_bytes()).await.len(), 2);
    }

    #[tokio::test]
    async fn what_is_no_message_is_answered_and_skipped() {
        let nested = "[".repeat(10_000);
        for (bad, code) in [
            (framed("{\"jsonrpc\":"), -32700),
            (framed(&nested), -32700),
            (framed("[]"), -32600),
            (framed("{}"), -32600),
            (framed(r#"{"jsonrpc":"1.0","method":"exit"}"#), -32600),
            (framed(r#"{"jsonrpc":"2.0","method":7}"#), -32600),
            (framed(r#"{"jsonrpc":"2.0","method":"x","id":{}}"#), -32600),
            ("Content-Length: many\r\n\r\n".to_owned(), -32700),
            ("hello\r\n\r\n".to_owned(), -32700),
        ] {
            assert_eq!(refusal(&bad).await, (code, Value::Null), "{bad:.40}");
        }
        let with_id = framed(r#"{"jsonrpc":"2.0","id":"a"}"#);
        assert_eq!(refusal(&with_id).await, (-32600, "a".into()));
    }

    #[tokio::test]
    async fn invalid_utf8_and_cut_off_bodies_are_no_messages() {
        let found = through(b"Content-Length: 2\r\n\r\n\xff\xfe").await;
        assert_eq!(found[0]["params"][0], -32700);
        assert_eq!(through(b"Content-Length: 20\r\n\r\n{").await, Vec::<Value>::new());
    }
}
