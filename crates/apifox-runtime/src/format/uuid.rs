//! UUIDs as the crate `uuid` has them.

use uuid::Uuid as Parsed;

use crate::format::texts::Uuid;

impl Uuid {
    /// The UUID.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the format is one that this reads")]
    pub fn get(&self) -> Parsed {
        Parsed::try_parse(self.as_str()).expect("a UUID")
    }
}

impl From<Uuid> for Parsed {
    fn from(value: Uuid) -> Self {
        value.get()
    }
}

impl From<Parsed> for Uuid {
    fn from(value: Parsed) -> Self {
        Self::known(value.hyphenated().to_string())
    }
}
