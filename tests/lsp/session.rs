//! How a session with the server ends.

pub(crate) use relux_e2e::LspSession as Session;
use relux_e2e::Scratch;
use serde_json::json;

#[test]
fn the_exit_status_tells_how_the_session_ended() {
    let scratch = Scratch::new("");
    Session::start(&scratch).finish();

    let mut abrupt = Session::start(&scratch);
    abrupt.client.notify("exit", json!(null));
    assert_eq!(abrupt.wait().code(), Some(1));

    let mut crashed = Session::start(&scratch);
    crashed.client.hang_up();
    assert_eq!(crashed.wait().code(), Some(1));
}
