//! Parse, validate, check, look names up, plan and fix whatever comes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| relux_fuzz::sound::check(bytes));
