//! What is known to go wrong in runners for this language, one file per weakness, by the number it has in the list that
//! we keep of them. Each test fails if ours does the same.

mod w01_background_groups_survive;
mod w02_blocked_sends;
mod w03_missing_work_is_never_green;
mod w04_status_and_identity;
mod w05_start_up;
mod w06_fail_patterns_sleep;
mod w07_exits;
mod w08_status_at_once;
mod w09_invalid_utf_8;
mod w10_quadratic_scans;
mod w11_one_thread;
mod w12_cleanups;
mod w13_cleanup_after_failed_effects;
mod w14_order_of_the_end;
mod w15_verdicts_by_read_size;
mod w16_echo;
mod w17_canonical_limit;
mod w18_empty_patterns;
mod w19_logs_never_collide;
mod w20_ports;
mod w21_cancellation;
mod w22_trailing_sends;
