//! `timeout-longer-than-test`: a wait that the test itself does not live to see.

use std::time::Duration;

use relux_syntax::{Diagnostic, Severity};

use super::Flow;
use crate::bodies::body::{DefKind, TimeoutId};
use crate::codes;
use crate::manifest::manifest;
use crate::plan::{Timeout, TimeoutKind};

/// How long a test may take where nothing says otherwise.
const DEFAULT: Duration = Duration::from_secs(300);

pub(super) fn check(flow: &mut Flow<'_, '_, '_>, timeout: TimeoutId) {
    // Which tests start an effect or call a function is not known here.
    if flow.definition.kind != DefKind::Test {
        return;
    }
    let timeout = flow.bodies.timeout(timeout);
    let Some(own) = timeout.value else { return };
    let header = flow
        .definition
        .timeout
        .and_then(|id| flow.bodies.timeout(id).value);
    let test = header.unwrap_or_else(|| Timeout {
        kind: TimeoutKind::Tolerance,
        duration: manifest(flow.cx.db, flow.cx.suite)
            .test_timeout
            .unwrap_or(DEFAULT),
    });
    // A slow machine stretches tolerances, so the one of the test may be longer than an assertion there.
    let may_grow = test.kind == TimeoutKind::Tolerance && own.kind == TimeoutKind::Assertion;
    if own.duration <= test.duration || may_grow {
        return;
    }
    let limit = humantime::format_duration(test.duration);
    flow.cx.found.push(
        Diagnostic::new(
            codes::TIMEOUT_LONGER_THAN_TEST,
            Severity::Warning,
            timeout.range,
            format!("the test itself may take {limit}, so this is never reached"),
        )
        .with_help("give the test a longer time in its header: `test \"…\" ~10m {`"),
    );
}
