//! Editor features over the model: plain data in and out.
