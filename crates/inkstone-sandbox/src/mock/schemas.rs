//! The schemas of a document that were compiled, as far as there is room.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;

use crate::documents::schema::Schema;

/// How long the texts of the kept schemas may be together. Each has all that it refers to, and
/// takes some twenty times its text: in a large document that is most of it, again and again.
const MOST_TEXT: usize = 8 << 20;

// A panic elsewhere can't leave it half changed: each change is of what is there.
#[derive(Default)]
pub struct Schemas(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    schemas: HashMap<String, Arc<Schema>>,
    /// The places, the oldest first, each with the length of its text.
    order: VecDeque<(String, usize)>,
    text: usize,
}

impl Schemas {
    pub fn get(&self, place: &str) -> Option<Arc<Schema>> {
        self.0.lock().schemas.get(place).cloned()
    }

    /// Keeps a schema whose text is so long, in place of the oldest where there is no room.
    pub fn keep(&self, place: &str, schema: Arc<Schema>, text: usize) {
        let mut kept = self.0.lock();
        if kept.schemas.insert(place.to_owned(), schema).is_some() {
            return;
        }
        kept.order.push_back((place.to_owned(), text));
        kept.text += text;
        while kept.text > MOST_TEXT && kept.order.len() > 1 {
            if let Some((oldest, text)) = kept.order.pop_front() {
                kept.schemas.remove(&oldest);
                kept.text -= text;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::{MOST_TEXT, Schemas};
    use crate::documents::schema::Schema;

    #[test]
    fn the_oldest_make_room() {
        let schemas = Schemas::default();
        let schema = Arc::new(Schema::new(&json!({})).unwrap_or_else(|_| unreachable!()));
        for place in ["/a", "/b", "/a", "/c"] {
            schemas.keep(place, schema.clone(), MOST_TEXT / 2);
        }
        let there = ["/a", "/b", "/c"].map(|place| schemas.get(place).is_some());
        assert_eq!(there, [false, true, true]);
        schemas.keep("/d", schema, 2 * MOST_TEXT);
        let there = ["/b", "/c", "/d"].map(|place| schemas.get(place).is_some());
        assert_eq!(there, [false, false, true]);
    }
}
