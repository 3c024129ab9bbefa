//! Stories of whole visits: scripted observations in, decoded batches out.
