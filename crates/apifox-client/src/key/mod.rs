//! The keys of a client: which of them a request shows, how, and that nothing else does.

mod choice;
mod keys;
mod secret;
mod show;

pub(crate) use self::choice::header_of;
pub(crate) use self::keys::Keys;
pub use self::secret::Key;
pub(crate) use self::show::show;
