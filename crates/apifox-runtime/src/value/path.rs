//! Where in an instance a value is.

use std::fmt;

use jsonptr::Token;

/// A chain of steps from the root of an instance to one of its values.
///
/// It is a linked list on the stack while decoding, and becomes a JSON pointer
/// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) only when it is displayed.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The whole instance.
    pub const ROOT: Path<'static> = Path {
        parent: None,
        step: Step::Root,
    };

    /// The member `key` of the object here.
    #[must_use]
    pub fn key(&'a self, key: &'a str) -> Path<'a> {
        Path {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    /// The item `index` of the array here.
    #[must_use]
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path {
            parent: Some(self),
            step: Step::Index(index),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = Vec::new();
        let mut next = Some(self);
        while let Some(path) = next {
            steps.push(path.step);
            next = path.parent;
        }
        for step in steps.iter().rev() {
            match step {
                Step::Root => {}
                Step::Key(key) => write!(f, "/{}", Token::new(*key).encoded())?,
                Step::Index(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn is_a_json_pointer() {
        assert_eq!(Path::ROOT.to_string(), "");
        let root = Path::ROOT;
        let (items, odd) = (root.key("items"), root.key("a/b~c"));
        assert_eq!(items.index(2).to_string(), "/items/2");
        assert_eq!(odd.key("").to_string(), "/a~1b~0c/");
    }
}
