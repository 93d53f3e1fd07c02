//! What must hold for any bytes. The targets call it with what libFuzzer makes up, an ordinary test with the corpora.

pub mod sound;
