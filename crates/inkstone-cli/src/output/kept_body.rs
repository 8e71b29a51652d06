//! A reply that was kept in full, with what else was noted of it.

use std::io;

use inkstone::{Image, Violation};

use crate::output::arrived::Arrived;

/// A reply that was kept.
#[derive(Default)]
pub struct KeptBody {
    pub body: Vec<u8>,
    /// Why pictures that were asked for were not made.
    pub unmade: Vec<String>,
    /// What is wrong with it as a whole.
    pub flaw: Option<String>,
    pub request_id: Option<String>,
}

impl From<Vec<u8>> for KeptBody {
    fn from(body: Vec<u8>) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }
}

impl Arrived for KeptBody {
    fn text(&self) -> &[u8] {
        &self.body
    }

    fn is_spooled(&self) -> bool {
        false
    }

    fn restore(&self, text: &[u8], to: &mut dyn io::Write) -> io::Result<()> {
        to.write_all(text)
    }

    fn images(&self) -> Vec<Image> {
        Image::find(&self.body)
    }

    fn fallback(&self, image: &Image) -> Option<Image> {
        image.fallback_in(&self.body)
    }

    fn shortfall(&self, _: usize) -> Vec<String> {
        self.unmade.clone()
    }

    fn status(&self) -> Option<u16> {
        None
    }

    fn task_id(&self) -> Option<String> {
        None
    }

    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn deviations(&self) -> &[Violation] {
        &[]
    }

    fn flaw(&self) -> Option<String> {
        self.flaw.clone()
    }
}
