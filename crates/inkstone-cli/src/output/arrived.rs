//! What came of a call: a reply, or an error with as much of one as came. Both may hold
//! pictures that were paid for.

use std::io;
use std::path::{Path, PathBuf};

use apifox_runtime::DataUri;
use inkstone::{Error, Image, Reply, Violation, lenient};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::output::files;

/// The longest reply in a row of a journal or ledger, in bytes; a longer one gets a file.
pub const LONGEST_IN_ROW: usize = 64 << 10;

/// The most values of a body that a tree is made of.
const MOST_VALUES: usize = 1 << 20;

/// A reply, or what came of one.
pub trait Arrived {
    /// The body, with placeholders for the pictures in files.
    fn text(&self) -> &[u8];

    /// Whether pictures are in files.
    fn is_spooled(&self) -> bool;

    /// Writes a text that holds some of the body, with those pictures in their places.
    fn restore(&self, text: &[u8], to: &mut dyn io::Write) -> io::Result<()>;

    /// The pictures that came.
    fn images(&self) -> Vec<Image>;

    /// Another form of one of them.
    fn fallback(&self, image: &Image) -> Option<Image>;

    /// Why pictures are missing, of so many that were asked for.
    fn shortfall(&self, asked: usize) -> Vec<String>;

    fn status(&self) -> Option<u16>;

    /// The task that it names.
    fn task_id(&self) -> Option<String>;

    fn request_id(&self) -> Option<&str>;

    /// Where it deviates from its document.
    fn deviations(&self) -> &[Violation];

    /// What is wrong with it as a whole.
    fn flaw(&self) -> Option<String>;

    /// The body, where a row of a journal or ledger takes it: a text that is not too long.
    fn in_row(&self) -> Option<&str> {
        let is_short = self.text().len() <= LONGEST_IN_ROW && !self.is_spooled();
        let text = std::str::from_utf8(self.text());
        text.ok().filter(|_| is_short)
    }

    /// How many pictures the API says that it made.
    fn counted(&self) -> usize {
        counted(self.text())
    }

    /// Why pictures that are missing, for these reasons, may have been made and billed all the same.
    fn cut(&self, unmade: &[String]) -> Option<Cut> {
        match unmade.is_empty() {
            true => None,
            false if self.flaw().is_some() => Some(Cut::NotWhole),
            false => (self.counted() > self.images().len()).then_some(Cut::Counted),
        }
    }

    /// The body as JSON; as text where it is not JSON, or too much of it; and where it is no text,
    /// as the `data:` URI of its bytes.
    fn json(&self) -> Value {
        let text = self.text();
        let as_text = || match std::str::from_utf8(text) {
            Ok(text) => text.to_owned(),
            Err(_) => DataUri::encode("application/octet-stream", text),
        };
        parsed(text).unwrap_or_else(|| as_text().into())
    }

    /// Writes the full body.
    fn write(&self, to: &mut dyn io::Write) -> io::Result<()> {
        self.restore(self.text(), to)
    }

    /// Saves the full body in a new file.
    fn save(&self, directory: &Path, stem: &str) -> io::Result<PathBuf> {
        let is_json = serde_json::from_slice::<IgnoredAny>(self.text()).is_ok();
        let ending = if is_json { "json" } else { "bin" };
        files::write_new_with(directory, stem, ending, |file| self.write(file))
    }
}

/// Why pictures that are missing may have been made and billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The reply is not whole.
    NotWhole,
    /// The API counts more pictures than are in its reply.
    Counted,
}

/// A body as JSON, if it is JSON; unless it has so many values that a tree of them would need a
/// hundred times its memory.
pub fn parsed(body: &[u8]) -> Option<Value> {
    let has_too_many = lenient::has_more_values(body, MOST_VALUES);
    (!has_too_many)
        .then(|| serde_json::from_slice(body).ok())
        .flatten()
}

/// How many pictures a body says that were made, and are billed: DashScope's `usage`.
pub fn counted(body: &[u8]) -> usize {
    const COUNTS: [&str; 2] = ["/usage/image_count", "/usage/output_image_count"];
    let json = parsed(body).unwrap_or_default();
    let mut counts = COUNTS
        .iter()
        .filter_map(|place| json.pointer(place)?.as_u64());
    let count = counts.next().unwrap_or_default();
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// What a reply and an error know of the pictures that came with them.
macro_rules! own_pictures {
    ($kind:ident) => {
        fn is_spooled(&self) -> bool {
            !self.spooled().is_empty()
        }

        fn restore(&self, text: &[u8], mut to: &mut dyn io::Write) -> io::Result<()> {
            $kind::restore(self, text, &mut to)
        }

        fn images(&self) -> Vec<Image> {
            $kind::images(self)
        }

        fn fallback(&self, image: &Image) -> Option<Image> {
            $kind::fallback(self, image)
        }

        fn shortfall(&self, asked: usize) -> Vec<String> {
            $kind::shortfall(self, asked)
        }
    };
}

impl Arrived for Reply<Value> {
    fn text(&self) -> &[u8] {
        self.body()
    }

    own_pictures!(Reply);

    fn status(&self) -> Option<u16> {
        Some((**self).status())
    }

    fn task_id(&self) -> Option<String> {
        Reply::task_id(self)
    }

    fn request_id(&self) -> Option<&str> {
        (**self).request_id()
    }

    fn deviations(&self) -> &[Violation] {
        (**self).deviations()
    }

    fn flaw(&self) -> Option<String> {
        let flaw = (**self).flaw()?;
        Some(format!("the reply {flaw}"))
    }
}

impl Arrived for Error {
    fn text(&self) -> &[u8] {
        self.body().map_or(&[], |body| body)
    }

    own_pictures!(Error);

    fn status(&self) -> Option<u16> {
        (**self).status()
    }

    fn task_id(&self) -> Option<String> {
        Error::task_id(self).map(str::to_owned)
    }

    fn request_id(&self) -> Option<&str> {
        (**self).request_id()
    }

    fn deviations(&self) -> &[Violation] {
        &[]
    }

    fn flaw(&self) -> Option<String> {
        Some(self.to_string())
    }
}
