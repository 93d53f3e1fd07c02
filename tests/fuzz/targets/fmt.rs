//! Format whatever comes: twice changes nothing, and tree, comments and payloads stay.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| relux_fmt::invariants::check(bytes));
