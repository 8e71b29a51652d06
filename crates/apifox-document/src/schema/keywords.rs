//! Every keyword of JSON Schema, and what the generator does about it.
//!
//! This table is the one place that knows them: a keyword that is missing here
//! is refused unless its name says that it is an extension (`x-…`).

use std::fmt;

use apifox_runtime::Draft;

/// The type of instance that a keyword restricts.
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
    /// The generated type accepts exactly what the keyword accepts.
    Enforced(Applies),
    /// The keyword restricts nothing; titles, descriptions and the like become
    /// documentation.
    Annotation,
    /// The keyword identifies a schema, or holds schemas to refer to.
    Identifier,
    /// A schema with this keyword is refused.
    Refused(&'static str),
}

/// What the value of a keyword has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Anything.
    Free,
    /// A schema.
    Schema,
    /// An array of schemas, not empty.
    Schemas,
    /// A schema, or (in draft 7) an array of them.
    SchemaOrSchemas,
    /// An object of schemas.
    NamedSchemas,
    /// An object of schemas or arrays of strings.
    Dependencies,
    /// An array of any values.
    Values,
    /// The name of a type, or an array of such names.
    Types,
    /// A whole number from 0.
    Count,
    /// A number.
    Number,
    /// A number above 0.
    Positive,
    /// A string.
    Text,
    /// A regular expression of ECMA-262.
    Pattern,
    /// `true` or `false`.
    Flag,
    /// An array of strings.
    Names,
    /// An object of arrays of strings.
    NamedNames,
    /// An object that says what pictures an API accepts.
    Picture,
}

/// A keyword and what is done about it.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// The keyword's name.
    pub name: &'static str,
    /// What the generator does about it.
    pub treatment: Treatment,
    /// What its value has to be.
    pub form: Form,
    /// The only draft that has it, unless both do.
    pub only: Option<Draft>,
}

use Applies::{Any, Array, Number, Object, String as Text};
use Form::{
    Count, Dependencies, Flag, Free, NamedNames, NamedSchemas, Names, Pattern, Positive, Schema,
    SchemaOrSchemas, Schemas, Types, Values,
};
use Treatment::{Annotation, Enforced, Identifier, Refused};

const OF_2019: Treatment = Refused("is a keyword of draft 2019-09");

/// The table, sorted by name.
pub const KEYWORDS: &[Keyword] = &[
    both("$anchor", Identifier, Form::Text),
    both("$comment", Annotation, Free),
    both("$defs", Identifier, NamedSchemas),
    latest("$dynamicAnchor", Identifier, Form::Text),
    latest("$dynamicRef", Enforced(Any), Form::Text),
    both("$id", Identifier, Form::Text),
    both("$recursiveAnchor", OF_2019, Free),
    both("$recursiveRef", OF_2019, Free),
    both("$ref", Enforced(Any), Form::Text),
    both("$schema", Identifier, Form::Text),
    latest("$vocabulary", Annotation, Free),
    seven("additionalItems", Enforced(Array), Schema),
    both("additionalProperties", Enforced(Object), Schema),
    both("allOf", Enforced(Any), Schemas),
    both("anyOf", Enforced(Any), Schemas),
    both("const", Enforced(Any), Free),
    both("contains", Enforced(Array), Schema),
    both("contentEncoding", Annotation, Free),
    both("contentMediaType", Annotation, Free),
    both("contentSchema", Annotation, Free),
    both("default", Annotation, Free),
    both("definitions", Identifier, NamedSchemas),
    seven("dependencies", Enforced(Object), Dependencies),
    latest("dependentRequired", Enforced(Object), NamedNames),
    latest("dependentSchemas", Enforced(Object), NamedSchemas),
    both("deprecated", Annotation, Free),
    both("description", Annotation, Free),
    both("else", Enforced(Any), Schema),
    both("enum", Enforced(Any), Values),
    both("example", Annotation, Free),
    both("examples", Annotation, Free),
    both("exclusiveMaximum", Enforced(Number), Form::Number),
    both("exclusiveMinimum", Enforced(Number), Form::Number),
    both("format", Annotation, Free),
    both("if", Enforced(Any), Schema),
    both("items", Enforced(Array), SchemaOrSchemas),
    latest("maxContains", Enforced(Array), Count),
    both("maxItems", Enforced(Array), Count),
    both("maxLength", Enforced(Text), Count),
    both("maxProperties", Enforced(Object), Count),
    both("maximum", Enforced(Number), Form::Number),
    latest("minContains", Enforced(Array), Count),
    both("minItems", Enforced(Array), Count),
    both("minLength", Enforced(Text), Count),
    both("minProperties", Enforced(Object), Count),
    both("minimum", Enforced(Number), Form::Number),
    both("mock", Annotation, Free),
    both("multipleOf", Enforced(Number), Positive),
    both("not", Enforced(Any), Schema),
    both("oneOf", Enforced(Any), Schemas),
    both("pattern", Enforced(Text), Pattern),
    both("patternProperties", Enforced(Object), NamedSchemas),
    latest("prefixItems", Enforced(Array), Schemas),
    both("properties", Enforced(Object), NamedSchemas),
    both("propertyNames", Enforced(Object), Schema),
    both("readOnly", Annotation, Free),
    both("required", Enforced(Object), Names),
    both("then", Enforced(Any), Schema),
    both("title", Annotation, Free),
    both("type", Enforced(Any), Types),
    latest("unevaluatedItems", Enforced(Array), Schema),
    latest("unevaluatedProperties", Enforced(Object), Schema),
    both("uniqueItems", Enforced(Array), Flag),
    both("writeOnly", Annotation, Free),
    both("x-area", Enforced(Text), Free),
    both("x-aspect-ratio", Enforced(Text), Free),
    both("x-empty-means-absent", Annotation, Flag),
    both("x-format", Enforced(Text), Form::Text),
    both("x-image", Annotation, Form::Picture),
    both("x-same-length", Enforced(Any), Free),
    both("x-side", Enforced(Text), Free),
    both("x-sum", Enforced(Array), Free),
    both("x-tags", Annotation, Free),
    both("x-truncated-length", Annotation, Count),
    both("x-warning", Annotation, Form::Text),
];

const fn both(name: &'static str, treatment: Treatment, form: Form) -> Keyword {
    Keyword {
        name,
        treatment,
        form,
        only: None,
    }
}

const fn seven(name: &'static str, treatment: Treatment, form: Form) -> Keyword {
    Keyword {
        only: Some(Draft::Seven),
        ..both(name, treatment, form)
    }
}

const fn latest(name: &'static str, treatment: Treatment, form: Form) -> Keyword {
    Keyword {
        only: Some(Draft::Latest),
        ..both(name, treatment, form)
    }
}

/// An extension that this table does not know: an annotation.
const EXTENSION: Keyword = both("x-…", Annotation, Free);

/// What is known of the keyword `name`; `None` when it is unknown.
#[must_use]
pub fn keyword(name: &str) -> Option<&'static Keyword> {
    match KEYWORDS.binary_search_by(|keyword| keyword.name.cmp(name)) {
        Ok(at) => Some(&KEYWORDS[at]),
        Err(_) if name.starts_with("x-") => Some(&EXTENSION),
        Err(_) => None,
    }
}

/// What the keyword `name` restricts, if it restricts anything.
#[must_use]
pub fn applies(name: &str) -> Option<Applies> {
    match keyword(name)?.treatment {
        Enforced(applies) => Some(applies),
        Annotation | Identifier | Refused(_) => None,
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
