//! What the routes answer: pictures, tasks, files.

pub mod generation;
pub mod picture_download;
pub mod task_routes;
pub mod uploads;
