//! Every keyword of JSON Schema, and what the generator does about it.
//!
//! This table is the one place that knows them: a keyword that is missing here
//! is refused unless its name says that it is an extension (`x-…`).

use std::fmt;

/// The type of instance that a keyword has something to say about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// To instances of every type.
    Any,
    /// To numbers, integers among them.
    Number,
    /// To strings.
    String,
    /// To arrays.
    Array,
    /// To objects.
    Object,
}

/// What the generator does about a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// The generated type accepts what the keyword accepts.
    Enforced(Applies),
    /// The keyword restricts nothing; titles, descriptions and the like become
    /// documentation.
    Annotation,
    /// The keyword identifies a schema, or where others are.
    Identifier,
    /// A schema with this keyword is refused.
    Refused(Applies),
}

/// A keyword and what is done about it.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// The keyword's name.
    pub name: &'static str,
    /// What the generator does about it.
    pub treatment: Treatment,
}

use Applies::{Any, Array, Number, Object, String as Text};
use Treatment::{Annotation, Enforced, Identifier, Refused};

/// The table, sorted by name.
pub const KEYWORDS: &[Keyword] = &[
    keyword("$anchor", Identifier),
    keyword("$comment", Annotation),
    keyword("$defs", Identifier),
    keyword("$dynamicAnchor", Refused(Any)),
    keyword("$dynamicRef", Refused(Any)),
    keyword("$id", Identifier),
    keyword("$ref", Enforced(Any)),
    keyword("$schema", Identifier),
    keyword("$vocabulary", Annotation),
    keyword("additionalItems", Refused(Array)),
    keyword("additionalProperties", Enforced(Object)),
    keyword("allOf", Refused(Any)),
    keyword("anyOf", Enforced(Any)),
    keyword("const", Enforced(Any)),
    keyword("contains", Enforced(Array)),
    keyword("contentEncoding", Annotation),
    keyword("contentMediaType", Annotation),
    keyword("contentSchema", Annotation),
    keyword("default", Annotation),
    keyword("definitions", Identifier),
    keyword("dependencies", Refused(Object)),
    keyword("dependentRequired", Refused(Object)),
    keyword("dependentSchemas", Refused(Object)),
    keyword("deprecated", Annotation),
    keyword("description", Annotation),
    keyword("else", Refused(Any)),
    keyword("enum", Enforced(Any)),
    keyword("example", Annotation),
    keyword("examples", Annotation),
    keyword("exclusiveMaximum", Enforced(Number)),
    keyword("exclusiveMinimum", Enforced(Number)),
    keyword("format", Annotation),
    keyword("if", Refused(Any)),
    keyword("items", Enforced(Array)),
    keyword("maxContains", Enforced(Array)),
    keyword("maxItems", Enforced(Array)),
    keyword("maxLength", Enforced(Text)),
    keyword("maxProperties", Refused(Object)),
    keyword("maximum", Enforced(Number)),
    keyword("minContains", Enforced(Array)),
    keyword("minItems", Enforced(Array)),
    keyword("minLength", Enforced(Text)),
    keyword("minProperties", Refused(Object)),
    keyword("minimum", Enforced(Number)),
    keyword("mock", Annotation),
    keyword("multipleOf", Enforced(Number)),
    keyword("not", Refused(Any)),
    keyword("oneOf", Enforced(Any)),
    keyword("pattern", Enforced(Text)),
    keyword("patternProperties", Refused(Object)),
    keyword("prefixItems", Refused(Array)),
    keyword("properties", Enforced(Object)),
    keyword("propertyNames", Refused(Object)),
    keyword("readOnly", Annotation),
    keyword("required", Enforced(Object)),
    keyword("then", Refused(Any)),
    keyword("title", Annotation),
    keyword("type", Enforced(Any)),
    keyword("unevaluatedItems", Refused(Array)),
    keyword("unevaluatedProperties", Refused(Object)),
    keyword("uniqueItems", Enforced(Array)),
    keyword("writeOnly", Annotation),
    keyword("x-area", Enforced(Text)),
    keyword("x-aspect-ratio", Enforced(Text)),
    keyword("x-empty-means-absent", Annotation),
    keyword("x-truncated-length", Annotation),
];

const fn keyword(name: &'static str, treatment: Treatment) -> Keyword {
    Keyword { name, treatment }
}

/// What is done about the keyword `name`; `None` when it is unknown.
#[must_use]
pub fn treatment(name: &str) -> Option<Treatment> {
    match KEYWORDS.binary_search_by(|keyword| keyword.name.cmp(name)) {
        Ok(at) => Some(KEYWORDS[at].treatment),
        Err(_) if name.starts_with("x-") => Some(Annotation),
        Err(_) => None,
    }
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Enforced(_) => "enforced",
            Annotation => "annotation",
            Identifier => "identifier",
            Refused(_) => "refused",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::KEYWORDS;

    #[test]
    fn the_table_is_sorted_and_without_doubles() {
        for pair in KEYWORDS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
    }
}
