//! Batches on many machines, with a real PostgreSQL and a real S3 server.

mod control;
mod killed;
mod same;
mod scene;
mod stores;
