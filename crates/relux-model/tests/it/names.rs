//! What the name under the cursor means.
