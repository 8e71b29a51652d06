//! The plain model that documents are lowered to and code is emitted from.

use apifox_runtime::Draft;
use serde_json::Value;

/// All that is generated from one document: a Rust module.
#[derive(Debug)]
pub(crate) struct Module {
    /// The modules around this one and its own name, as Rust identifiers.
    pub path: Vec<String>,
    /// The API: the document's folders, joined by `/`.
    pub api: String,
    /// The document's name.
    pub name: String,
    /// The document's file.
    pub file: String,
    /// What the document calls itself, and says of itself.
    pub docs: Docs,
    /// The types, in the order that they are declared in.
    pub types: Vec<Type>,
    /// The schemas that types are guarded with.
    pub guards: Vec<GuardedBy>,
    /// The operation, unless the document is only of types.
    pub operation: Option<Operation>,
}

/// An operation of an API.
#[derive(Debug)]
pub(crate) struct Operation {
    pub method: String,
    pub path: String,
    /// The body of the request.
    pub request: TypeId,
    /// The body of a reply that reports success.
    pub response: TypeId,
    /// The type of error bodies, as a path from the root of the generated code.
    pub error: Option<Vec<String>>,
    /// The values of the field `model`.
    pub models: Vec<String>,
    /// The corrected document.
    pub document: String,
}

/// A type's place in [`Module::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub usize);

/// A type that is declared.
#[derive(Debug)]
pub(crate) struct Type {
    pub name: String,
    pub docs: Docs,
    pub shape: Shape,
}

/// What a reader of a type is told about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Docs {
    pub title: Option<String>,
    pub description: Option<String>,
    pub default: Option<Value>,
    /// The schema's place in its document.
    pub pointer: String,
}

/// The kinds of types that are declared.
#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Struct),
    Constants(Vec<Variant>),
    Whole(Whole),
    Text(Text),
    Size(Size),
    Items(Items),
    /// An array of a fixed number of items, each of its own type.
    Tuple(Vec<Use>),
    Union(Union),
    Guarded(Guarded),
    /// A type of its own for what needs none but as the root of a schema.
    Transparent(Use),
}

/// A type that says most of a schema, checked by the schema itself.
#[derive(Debug)]
pub(crate) struct Guarded {
    pub of: Use,
    /// The document of the guard, in [`Module::guards`].
    pub by: usize,
    /// The schema's place in it.
    pub pointer: String,
    /// The keywords that restrict something, where they are few.
    pub rules: Option<String>,
}

/// A schema that guards are compiled from.
#[derive(Debug)]
pub(crate) struct GuardedBy {
    /// The name of the constant with its JSON.
    pub name: String,
    pub json: Value,
    pub draft: Draft,
}

#[derive(Debug)]
pub(crate) struct Struct {
    pub fields: Vec<Field>,
    pub additional: Additional,
}

#[derive(Debug)]
pub(crate) enum Additional {
    Denied,
    Allowed(Use),
}

#[derive(Debug)]
pub(crate) struct Field {
    /// The name in JSON.
    pub name: String,
    /// The name in Rust.
    pub ident: String,
    pub docs: Docs,
    pub of: Use,
    pub presence: Presence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
    /// Optional, and the empty string means the same.
    OrEmpty,
}

/// One of an enumeration's values.
#[derive(Debug)]
pub(crate) struct Variant {
    pub ident: String,
    pub value: Value,
    pub docs: Docs,
}

/// An integer within 64 bits.
#[derive(Debug)]
pub(crate) struct Whole {
    pub minimum: i64,
    pub maximum: i64,
    pub multiple_of: u64,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Text {
    pub min_length: u64,
    pub max_length: Option<u64>,
    pub pattern: Option<String>,
    pub truncated_length: Option<u64>,
}

/// A string such as `1024*1024`.
#[derive(Debug)]
pub(crate) struct Size {
    pub separators: Vec<char>,
    pub min_area: u64,
    pub max_area: u64,
    pub min_side: u64,
    pub max_side: u64,
    pub min_ratio: Option<(u64, u64)>,
    pub max_ratio: Option<(u64, u64)>,
}

#[derive(Debug)]
pub(crate) struct Items {
    pub of: Use,
    pub min_items: u64,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub contains: Option<Contains>,
}

#[derive(Debug)]
pub(crate) struct Contains {
    pub of: Use,
    pub min_contains: u64,
    pub max_contains: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Union {
    pub exclusive: bool,
    pub alternatives: Vec<Alternative>,
}

#[derive(Debug)]
pub(crate) struct Alternative {
    pub ident: String,
    pub of: Use,
}

/// A type where it is used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Use {
    Declared(TypeId),
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    Any,
    Object,
    Array(Box<Use>),
    Map(Box<Use>),
}

impl Module {
    pub fn get(&self, id: TypeId) -> &Type {
        &self.types[id.0]
    }
}
