//! Integration tests of the model, in one binary to save link time.

mod book;
