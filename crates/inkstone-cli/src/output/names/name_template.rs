//! `-o NAME`: the names of pictures, as the user gives them.

use std::path::{Path, PathBuf};

use tr::tr;

use crate::output::names::safe_stem::safe_part;

/// What stands in braces.
const KNOWN: [&str; 4] = ["number", "model", "seed", "time"];

/// The endings of pictures: what comes decides which it is.
const ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"];

/// A name with places to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTemplate {
    /// The directory in it, if it has one.
    directory: PathBuf,
    /// The name, without the ending of a picture.
    name: String,
}

impl NameTemplate {
    /// Reads what was given: a path, of whose name parts in braces are filled in.
    pub fn parse(given: &str) -> Result<Self, String> {
        let path = Path::new(given);
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.filter(|_| !given.ends_with(['/', '\\']) && given != "-");
        let Some(name) = name else {
            return Err(tr!(
                "not the name of a file: give one as in cat.png; --out names a directory"
            ));
        };
        let mut rest = name;
        while let Some((_, after)) = rest.split_once('{') {
            let place = after.split_once('}');
            let Some((place, after)) = place.filter(|(place, _)| KNOWN.contains(place)) else {
                return Err(tr!(
                    "what stands in braces is not known: use {number}, {model}, {seed} or {time}"
                ));
            };
            debug_assert!(!place.is_empty());
            rest = after;
        }
        let mut known = ENDINGS.iter();
        let mut is_picture = |ending| known.any(|known| known.eq_ignore_ascii_case(ending));
        let stem = match name.rsplit_once('.') {
            Some((stem, ending)) if is_picture(ending) => stem,
            _ => name,
        };
        if stem.is_empty() {
            return Err(tr!(
                "not the name of a file: give one as in cat.png; --out names a directory"
            ));
        }
        Ok(Self {
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            name: stem.to_owned(),
        })
    }

    /// The name, as [`parse`](Self::parse) reads it again.
    pub fn text(&self) -> &str {
        &self.name
    }

    /// The directory for the pictures, from that of the flag `--out`.
    pub fn directory(&self, out: &Path) -> PathBuf {
        out.join(&self.directory)
    }

    /// The name of a picture without its ending; `number` counts from 1.
    pub fn fill_in(&self, number: usize, values: &[(&str, String)]) -> String {
        let is_numbered = self.name.contains("{number}");
        let mut name = self.name.replace("{number}", &number.to_string());
        for (place, value) in values {
            name = name.replace(&format!("{{{place}}}"), &safe_part(value));
        }
        match number {
            1 => name,
            _ if is_numbered => name,
            _ => format!("{name}-{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::NameTemplate;

    #[test]
    fn a_name_is_filled_in() {
        let cases = [
            ("cat.png", ".", ["cat", "cat-2"]),
            ("cat", ".", ["cat", "cat-2"]),
            ("a/b/{model}-{number}.PNG", "./a/b", ["m--1-1", "m--1-2"]),
            ("cat.v2", ".", ["cat.v2", "cat.v2-2"]),
            ("猫{seed}.jpeg", ".", ["猫7", "猫7-2"]),
        ];
        for (given, directory, names) in cases {
            let template = NameTemplate::parse(given).expect(given);
            let values = [("model", "m:/1".to_owned()), ("seed", "7".to_owned())];
            let found = [1, 2].map(|number| template.fill_in(number, &values));
            assert_eq!(found, names, "{given}");
            assert_eq!(template.directory(Path::new(".")), Path::new(directory));
            let again = NameTemplate::parse(template.text()).map(|again| again.name);
            assert_eq!(again.as_deref(), Ok(template.text()));
        }
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for given in ["", "-", "cats/", "/", "..", "a{b}.png", "a{n", ".png", "{}"] {
            assert!(NameTemplate::parse(given).is_err(), "{given}");
        }
    }
}
