//! Places of a document as whoever wrote it knows them: in the file as it is written, in
//! Swagger 2.0 too, and in the files that it refers to.

use crate::diagnostics::closest;
use crate::document::Document;
use crate::pointer::{JsonPointerExt as _, JsonValueExt as _, steps};

impl Document {
    /// The places in [`json`](Self::json) of what a file has at a JSON pointer: the document's own
    /// file as it is written, or one that it refers to. There are several where parts of the
    /// document share it, and none where nothing is there. A place in `json` itself is one as well.
    #[must_use]
    pub fn places(&self, file: &str, pointer: &str) -> Vec<String> {
        let mut found = self.texts.current(&self.file, file, pointer);
        found.retain(|place| self.json.value_at(place).is_some());
        if found.is_empty() && file == self.file && self.json.value_at(pointer).is_some() {
            found.push(pointer.to_owned());
        }
        found
    }

    /// The place in a file that was probably meant by a pointer which leads to nothing.
    #[must_use]
    pub fn closest_place(&self, file: &str, pointer: &str) -> Option<String> {
        let mut found = String::new();
        for step in steps(pointer) {
            let own = found.child(&step);
            let is_there = self.texts.names(file, &own).is_some();
            found = match is_there {
                true => own,
                false => match closest(&step, self.texts.names(file, &found)?.into_iter()) {
                    Some(closest) => found.child(closest),
                    None => return self.of_another_version(file, pointer),
                },
            };
        }
        (found != pointer).then_some(found)
    }

    /// The same where the place is one of Swagger 2.0 and the document is OpenAPI 3, or the other
    /// way round.
    fn of_another_version(&self, file: &str, pointer: &str) -> Option<String> {
        const DEFINITIONS: &str = "/definitions/";
        const SCHEMAS: &str = "/components/schemas/";
        let swapped = [(DEFINITIONS, SCHEMAS), (SCHEMAS, DEFINITIONS)];
        swapped.iter().find_map(|(from, to)| {
            let other = format!("{to}{}", pointer.strip_prefix(from)?);
            self.texts.names(file, &other).map(|_| other)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::document::Document;
    use crate::sources;

    fn swagger() -> Document {
        let text = r##"{
            "swagger": "2.0",
            "parameters": {"Body": {"name": "b", "in": "body", "schema": {"type": "object"}}},
            "definitions": {"Pet": {"properties": {"name": {"type": "string"}}}},
            "paths": {
                "/a": {"post": {"parameters": [{"$ref": "#/parameters/Body"}],
                    "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/Pet"}}}}},
                "/b": {"post": {"parameters": [{"$ref": "#/parameters/Body"}], "responses": {}}}
            }
        }"##;
        sources::read_text("shop.json", text).expect("a document")
    }

    #[test]
    fn a_place_of_swagger_is_found_where_it_is_now() {
        let shop = swagger();
        let cases: [(&str, &[&str]); 6] = [
            ("", &[""]),
            (
                "/definitions/Pet/properties/name",
                &["/components/schemas/Pet/properties/name"],
            ),
            ("/components/schemas/Pet", &["/components/schemas/Pet"]),
            (
                "/paths/~1a/post/responses/200/schema",
                &["/paths/~1a/post/responses/200/content/application~1json/schema"],
            ),
            ("/definitions/Pets", &[]),
            ("/definition", &[]),
        ];
        for (pointer, expected) in cases {
            assert_eq!(shop.places("shop.json", pointer), expected, "{pointer}");
        }
        assert!(
            !shop
                .places("shop.json", "/parameters/Body/schema")
                .is_empty()
        );
        assert!(shop.places("other.json", "/definitions/Pet").is_empty());
    }

    #[test]
    fn the_closest_place_is_told_as_it_is_written() {
        let shop = swagger();
        let cases = [
            ("/definitions/Pets", Some("/definitions/Pet")),
            (
                "/definition/Pet/propertys/name",
                Some("/definitions/Pet/properties/name"),
            ),
            ("/components/schemas/Pet", Some("/definitions/Pet")),
            ("/definitions/Order", None),
            ("/definitions/Pet", None),
        ];
        for (pointer, expected) in cases {
            let found = shop.closest_place("shop.json", pointer);
            assert_eq!(found.as_deref(), expected, "{pointer}");
        }
    }
}
