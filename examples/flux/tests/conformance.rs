//! Every example of the documents, and values at the limits of their schemas and beyond.

apifox_conformance::tests!();
