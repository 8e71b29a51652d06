//! Batches on many machines, with a real PostgreSQL and a real S3 server.

mod accounts;
mod between;
mod control;
mod endings;
mod kept;
mod killed;
mod large;
mod restored;
mod same;
mod scene;
mod stores;
mod tasks;
mod telemetry;
