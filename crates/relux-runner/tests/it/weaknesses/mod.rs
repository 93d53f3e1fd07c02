//! What is known to go wrong in runners for this language, one file per weakness, by the number it has in the list that
//! we keep of them. Each test fails if ours does the same.

mod w06_fail_patterns_sleep;
mod w09_invalid_utf_8;
mod w10_quadratic_scans;
mod w15_verdicts_by_read_size;
mod w16_echo;
mod w18_empty_patterns;
