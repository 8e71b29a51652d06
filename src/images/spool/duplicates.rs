//! Finds the pictures of a reply that have the same bytes.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::fs::File;
use std::hash::{BuildHasher as _, Hasher};
use std::io::{self, Read as _};

use super::spooled::{Form, Spooled};

/// As much of a file as is read at once.
const PIECE: usize = 64 << 10;

/// The pictures that came so far, each once. One more costs what reading it does, however many
/// there are: only those with the same hash are compared, save with the first of their length,
/// which needs none as long as lengths differ.
#[derive(Default)]
pub(super) struct Distinct {
    by_length: HashMap<(u64, Form), Spooled>,
    by_content: HashMap<(u64, Form, u64), Spooled>,
    /// A server can't know which of its pictures have the same hash.
    hashes: RandomState,
}

impl Distinct {
    /// The picture, or one that came before with the same bytes. One whose file can't be read
    /// is like no other.
    pub fn shared(&mut self, spooled: Spooled) -> Spooled {
        let (length, form) = (spooled.length(), spooled.form());
        let first = match self.by_length.entry((length, form)) {
            Entry::Occupied(first) => first.into_mut(),
            Entry::Vacant(free) => return free.insert(spooled).clone(),
        };
        if is_same(first, &spooled) {
            return first.clone();
        }
        let Ok(hash) = hash(&spooled, self.hashes.build_hasher()) else {
            return spooled;
        };
        match self.by_content.entry((length, form, hash)) {
            Entry::Occupied(other) if is_same(other.get(), &spooled) => other.get().clone(),
            Entry::Occupied(_) => spooled,
            Entry::Vacant(free) => free.insert(spooled).clone(),
        }
    }
}

fn hash(spooled: &Spooled, mut hasher: impl Hasher) -> io::Result<u64> {
    let mut pieces = Pieces::open(spooled)?;
    loop {
        match pieces.next()? {
            [] => return Ok(hasher.finish()),
            piece => hasher.write(piece),
        }
    }
}

fn is_same(one: &Spooled, other: &Spooled) -> bool {
    contents_match(one, other).unwrap_or(false)
}

fn contents_match(one: &Spooled, other: &Spooled) -> io::Result<bool> {
    let (mut one, mut other) = (Pieces::open(one)?, Pieces::open(other)?);
    loop {
        let (one, other) = (one.next()?, other.next()?);
        if one != other {
            return Ok(false);
        }
        if one.is_empty() {
            return Ok(true);
        }
    }
}

/// A file, piece by piece.
struct Pieces {
    file: File,
    piece: Vec<u8>,
}

impl Pieces {
    fn open(spooled: &Spooled) -> io::Result<Self> {
        let file = spooled.open()?;
        let piece = Vec::with_capacity(PIECE);
        Ok(Self { file, piece })
    }

    /// What comes next: a whole piece, or less at the end of the file.
    fn next(&mut self) -> io::Result<&[u8]> {
        self.piece.clear();
        let mut next = (&mut self.file).take(PIECE as u64);
        next.read_to_end(&mut self.piece)?;
        Ok(&self.piece)
    }
}
