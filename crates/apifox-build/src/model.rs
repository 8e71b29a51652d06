//! The plain model that documents are lowered to and code is emitted from.

use std::collections::BTreeSet;

use apifox_runtime::{BoundedInt, Draft, Format, Limit, Location, Serialization, SizeRules};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use apifox_document::api::{FieldEncoding, Requirement, Server};
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

use crate::pages::Pages;

/// All that is generated from one document: a Rust module.
#[derive(Debug, Default)]
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
    /// The operations; none where the document is only of types.
    pub operations: Vec<Operation>,
    /// The servers that the document lists.
    pub servers: Vec<Server>,
    /// Whether it is of many operations, and an API by itself.
    pub is_collection: bool,
    /// Whether requests can be sent.
    pub has_endpoints: bool,
    /// The corrected document.
    pub document: Value,
    /// The operations that were omitted, and why.
    pub omitted: Vec<OmittedOperation>,
    /// The settings of names that are of this document.
    pub renamed: BTreeSet<String>,
    /// What the document calls its schemas and operations, if any is to have another name.
    pub known: Vec<String>,
    pub chosen: Chosen,
    /// What is wrong in the document and was skipped.
    pub skipped: Vec<Diagnostic>,
    /// What is not supported, though nothing is wrong with it.
    pub unsupported: Vec<Diagnostic>,
}

/// What a document has of the operations that the settings name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Chosen {
    /// The names of the settings that are of this document.
    pub used: BTreeSet<String>,
    /// What its operations may be called, if any are to be chosen by name.
    pub known: Vec<String>,
    /// The paths of its operations, if any are to be chosen by that.
    pub paths: BTreeSet<String>,
    /// Their tags, if any are to be chosen by that.
    pub tags: BTreeSet<String>,
    /// Whether any operation is chosen.
    pub is_any: bool,
}

/// An operation that was omitted, since no types could be made for it.
#[derive(Clone, Debug)]
pub(crate) struct OmittedOperation {
    /// Its method and path.
    pub operation: String,
    pub problems: Diagnostics,
}

impl OmittedOperation {
    /// Its problems, each of which names the operation.
    pub fn problems(self) -> impl Iterator<Item = Diagnostic> {
        let Self {
            operation,
            problems,
        } = self;
        problems.0.into_iter().map(move |mut problem| {
            problem.message = format!("{} ({operation} is omitted)", problem.message);
            problem
        })
    }
}

/// An operation of an API.
#[derive(Debug)]
pub(crate) struct Operation {
    /// The operation's own module, as a Rust identifier.
    pub module: String,
    /// Whether it has a module of its own within the document's.
    pub in_own_module: bool,
    /// Whether the API sends it, as a webhook or a callback: it has types only.
    pub is_incoming: bool,
    /// What it is called: its module as the document would write it.
    pub name: String,
    pub docs: Docs,
    pub method: String,
    pub path: String,
    /// The parameters beside the body; `None` where the request is its body.
    pub parameters: Option<Vec<Parameter>>,
    /// Headers that every request has to have.
    pub headers: Vec<(String, String)>,
    /// What callers are to show: any one of these sets.
    pub security: Vec<Vec<Requirement>>,
    pub servers: Vec<Server>,
    /// What the request's body is sent as.
    pub body: Option<Media>,
    /// The members of the body that are files.
    pub files: Vec<String>,
    /// How fields of the body are written, where the document says so.
    pub encoding: Vec<FieldEncoding>,
    /// What the body of a reply that reports success comes as.
    pub reply: Media,
    /// The media types that it is read as; none where it may be any.
    pub accept: Vec<String>,
    pub request: TypeId,
    /// The body of a reply that reports success.
    pub response: TypeRef,
    pub error: ErrorBody,
    pub responses: Vec<Response>,
    /// The statuses that report success without a body in JSON, where others have one.
    pub bodiless: Vec<u16>,
    /// Those that report no success and have no schema, where their hundred or the default has.
    pub schemaless: Vec<(u16, u16)>,
    /// What comes as events, where a reply does.
    pub event: Option<TypeRef>,
    /// The headers of its replies.
    pub reply_headers: Vec<ReplyHeaders>,
    /// How its pages follow each other, where a caller of the generator says so.
    pub pages: Option<Pages>,
    /// The same once that is known to be there.
    pub paged: Option<Paged>,
    /// The values of the field `model`.
    pub models: Vec<String>,
    /// The operation's place in the document.
    pub pointer: String,
}

/// An operation whose replies are pages of a list.
#[derive(Clone, Debug)]
pub(crate) struct Paged {
    /// How they follow each other; the parameter is a JSON pointer into the request.
    pub pages: Pages,
    pub item: TypeRef,
}

/// A parameter beside the body.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub location: Location,
    pub name: String,
    pub serialization: Serialization,
}

/// What a body is sent or comes as.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Media {
    Json,
    Form,
    Multipart,
    Parts(String),
    Text(String),
    Sequence(String),
    Binary(String),
}

/// A reply that the document describes with a schema.
#[derive(Debug)]
pub(crate) struct Response {
    pub status: u16,
    pub is_range: bool,
    pub name: String,
    pub pointer: String,
    pub of: TypeRef,
    /// Whether it is one of many that come one after the other.
    pub is_event: bool,
    /// Whether it comes as text.
    pub is_text: bool,
}

/// The headers of a reply.
#[derive(Debug)]
pub(crate) struct ReplyHeaders {
    /// What their type is called in the operation's module.
    pub name: String,
    pub id: TypeId,
    /// The headers, each with the type of its value.
    pub headers: Vec<(Parameter, TypeRef)>,
}

/// The body of a reply that reports a failure.
#[derive(Clone, Debug)]
pub(crate) enum ErrorBody {
    /// The document says nothing of it.
    Unknown,
    /// A type of the document.
    Described(TypeRef),
    /// A type of another document, as a path from the root of the generated code.
    Elsewhere(Vec<String>),
}

/// A type's place in [`Module::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub usize);

/// The module that a type is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum ModuleScope {
    /// The document's.
    #[default]
    Document,
    /// That of an operation, by its place in [`Module::operations`].
    Operation(usize),
}

/// A type that is declared.
#[derive(Debug)]
pub(crate) struct Type {
    pub name: String,
    pub scope: ModuleScope,
    pub docs: Docs,
    pub shape: Shape,
}

/// What a reader of a type is told about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Docs {
    pub title: Option<String>,
    pub description: Option<String>,
    pub default: Option<Value>,
    /// Whether the document says that it is deprecated.
    pub is_deprecated: bool,
    /// The schema's place in its document.
    pub pointer: String,
}

/// The kinds of types that are declared.
#[derive(Debug)]
pub(crate) enum Shape {
    Struct(Struct),
    Constants(Vec<Variant>),
    Suggestions(Suggestions),
    /// An integer within 64 bits.
    BoundedInt(BoundedInt),
    BoundedNumber(BoundedNumber),
    Text(Text),
    /// A string such as `1024*1024`.
    Size(SizeRules),
    Items(Items),
    /// An array of a fixed number of items, each of its own type.
    Tuple(Vec<TypeRef>),
    Union(Union),
    Guarded(Guarded),
    /// A type of its own for what needs none but as the root of a schema.
    Transparent(TypeRef),
    /// A type of the caller's, at this path.
    Foreign(String),
}

/// A type that says most of a schema, checked by the schema itself.
#[derive(Debug)]
pub(crate) struct Guarded {
    pub of: TypeRef,
    /// The document of the guard, in [`Module::guards`].
    pub by: usize,
    /// The schema's place in it.
    pub pointer: String,
    /// The keywords that restrict something, where they are few.
    pub rules: Option<String>,
    /// Whether the guard checks only rules across fields: the type within enforces what
    /// the schema says of its type, its fields and its items.
    pub cross_field_only: bool,
}

/// A schema that guards are compiled from.
#[derive(Debug)]
pub(crate) struct GuardedBy {
    /// The name of the constant with its JSON.
    pub name: String,
    pub json: Value,
    /// Where the same stands in the module's document, if it does.
    pub place: Option<String>,
    pub draft: Draft,
}

/// The field that keeps what a struct has no field for.
pub(crate) const ADDITIONAL: &str = "additional";

#[derive(Debug)]
pub(crate) struct Struct {
    pub fields: Vec<Field>,
    pub additional: Additional,
}

#[derive(Debug)]
pub(crate) enum Additional {
    Denied,
    Allowed(TypeRef),
}

#[derive(Debug)]
pub(crate) struct Field {
    /// The name in JSON.
    pub name: String,
    /// The name in Rust.
    pub ident: String,
    pub docs: Docs,
    pub of: TypeRef,
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

/// Values that a document names, of a type whose others are accepted as well.
#[derive(Debug)]
pub(crate) struct Suggestions {
    pub of: TypeRef,
    pub variants: Vec<Variant>,
    /// The variant for all other values.
    pub other: String,
}

/// A number with bounds that 64 bits need not keep.
#[derive(Debug)]
pub(crate) struct BoundedNumber {
    /// [`TypeRef::Integer`] or [`TypeRef::Number`].
    pub of: TypeRef,
    pub bounds: Vec<Bound>,
}

/// A keyword that bounds numbers.
#[derive(Debug)]
pub(crate) struct Bound {
    pub keyword: &'static str,
    pub limit: Limit,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Text {
    pub format: Option<Format>,
    pub min_length: u64,
    pub max_length: Option<u64>,
    pub pattern: Option<String>,
    pub truncated_length: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Items {
    pub of: TypeRef,
    pub min_items: u64,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub contains: Option<Contains>,
}

#[derive(Debug)]
pub(crate) struct Contains {
    pub of: TypeRef,
    pub min_contains: u64,
    pub max_contains: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Union {
    pub exclusive: bool,
    pub alternatives: Vec<Alternative>,
    /// The statuses of the replies that the alternatives are bodies of, where that is what
    /// they are.
    pub statuses: Vec<Status>,
}

impl Union {
    /// A union that is not told apart by the status of a reply.
    pub fn of(exclusive: bool, alternatives: Vec<Alternative>) -> Self {
        Self {
            exclusive,
            alternatives,
            statuses: Vec::new(),
        }
    }
}

/// The statuses that a reply may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    One(u16),
    /// All of a hundred that have no reply of their own, by the first of them.
    Hundred(u16),
    /// All that have no reply of their own.
    Others,
}

#[derive(Debug)]
pub(crate) struct Alternative {
    pub ident: String,
    pub of: TypeRef,
}

/// A type where it is used.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TypeRef {
    Declared(TypeId),
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    Any,
    Object,
    /// A file in a form, or as a body.
    File,
    /// A string of a format.
    Format(Format),
    /// An integer that a type of Rust holds, and that takes every value of it.
    Int(IntType),
    /// A number in single precision.
    Float,
    /// A number in double precision.
    Double,
    Array(Box<TypeRef>),
    Map(Box<TypeRef>),
    /// `null`, or a value of a type that does not accept that.
    Nullable(Box<TypeRef>),
}

/// An integer type of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IntType {
    pub name: &'static str,
    pub minimum: i64,
    pub maximum: u64,
}

impl IntType {
    const fn new(name: &'static str, minimum: i64, maximum: u64) -> Self {
        Self {
            name,
            minimum,
            maximum,
        }
    }

    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::new("i8", i8::MIN as i64, i8::MAX as u64),
        Self::new("i16", i16::MIN as i64, i16::MAX as u64),
        Self::new("i32", i32::MIN as i64, i32::MAX as u64),
        Self::new("i64", i64::MIN, i64::MAX as u64),
        Self::new("u8", 0, u8::MAX as u64),
        Self::new("u16", 0, u16::MAX as u64),
        Self::new("u32", 0, u32::MAX as u64),
        Self::new("u64", 0, u64::MAX),
    ];

    /// The type that holds just what is within these limits.
    pub fn within(minimum: i64, maximum: u64) -> Option<Self> {
        let is_this = |one: &Self| (one.minimum, one.maximum) == (minimum, maximum);
        Self::ALL.into_iter().find(is_this)
    }
}

/// The types that a shape is made of, borrowed in one of two ways.
macro_rules! parts {
    ($name:ident, $iter:ident, $as_ref:ident $(, $mut:tt)?) => {
        /// The types that it is made of.
        pub fn $name(&$($mut)? self) -> Vec<&$($mut)? TypeRef> {
            match self {
                Self::Struct(shape) => {
                    let additional = match &$($mut)? shape.additional {
                        Additional::Allowed(of) => Some(of),
                        Additional::Denied => None,
                    };
                    let fields = shape.fields.$iter().map(|field| &$($mut)? field.of);
                    fields.chain(additional).collect()
                }
                Self::Union(union) => {
                    let alternatives = union.alternatives.$iter();
                    alternatives.map(|one| &$($mut)? one.of).collect()
                }
                Self::Tuple(items) => items.$iter().collect(),
                Self::Items(Items { of, contains, .. }) => {
                    let contained = contains.$as_ref().map(|contains| &$($mut)? contains.of);
                    std::iter::once(of).chain(contained).collect()
                }
                Self::Suggestions(Suggestions { of, .. })
                | Self::Guarded(Guarded { of, .. })
                | Self::Transparent(of) => vec![of],
                Self::Constants(_)
                | Self::BoundedInt(_)
                | Self::BoundedNumber(_)
                | Self::Text(_)
                | Self::Size(_)
                | Self::Foreign(_) => Vec::new(),
            }
        }
    };
}

impl Shape {
    parts!(parts, iter, as_ref);
    parts!(parts_mut, iter_mut, as_mut, mut);
}

/// The type for a format of strings.
pub(crate) fn format_type(format: Format) -> &'static str {
    match format {
        Format::DateTime => "rt::DateTime",
        Format::Date => "rt::Date",
        Format::Time => "rt::Time",
        Format::Duration => "rt::Duration",
        Format::Uuid => "rt::Uuid",
        Format::Uri => "rt::Uri",
        Format::Email => "rt::Email",
        Format::Ipv4 => "rt::Ipv4",
        Format::Ipv6 => "rt::Ipv6",
        Format::Byte => "rt::Bytes",
    }
}

impl TypeRef {
    /// The path of a type that exists already, and that nothing else is made of.
    pub fn existing(&self) -> Option<&'static str> {
        Some(match self {
            Self::Null => "rt::Null",
            Self::Integer => "rt::Integer",
            Self::Number => "::serde_json::Number",
            Self::File => "rt::File",
            Self::Float => "rt::Float",
            Self::Double => "rt::Double",
            Self::Format(format) => format_type(*format),
            Self::Int(of) => of.name,
            _ => return None,
        })
    }

    /// The declared type in it, if there is one.
    pub fn id(&self) -> Option<TypeId> {
        match self {
            Self::Declared(id) => Some(*id),
            Self::Array(of) | Self::Map(of) | Self::Nullable(of) => of.id(),
            _ => None,
        }
    }

    /// Gives the declared type in it another place.
    pub fn map_types(&mut self, map: &impl Fn(TypeId) -> TypeId) {
        match self {
            Self::Declared(id) => *id = map(*id),
            Self::Array(of) | Self::Map(of) | Self::Nullable(of) => of.map_types(map),
            _ => {}
        }
    }
}

impl Operation {
    /// All that names a type in it, but for the places of its request and headers.
    fn parts_mut(&mut self) -> impl Iterator<Item = &mut TypeRef> {
        let error = match &mut self.error {
            ErrorBody::Described(of) => Some(of),
            ErrorBody::Unknown | ErrorBody::Elsewhere(_) => None,
        };
        let replies = self.responses.iter_mut().map(|reply| &mut reply.of);
        let headers = self.reply_headers.iter_mut();
        let headers = headers.flat_map(|reply| reply.headers.iter_mut().map(|(_, of)| of));
        std::iter::once(&mut self.response)
            .chain(&mut self.event)
            .chain(error)
            .chain(replies)
            .chain(headers)
    }

    /// The types that it names.
    pub fn types(&mut self) -> Vec<TypeId> {
        let headers = self.reply_headers.iter().map(|reply| reply.id);
        let own: Vec<TypeId> = headers.chain([self.request]).collect();
        own.into_iter()
            .chain(self.parts_mut().filter_map(|of| of.id()))
            .collect()
    }

    /// Gives the types that it names other places.
    pub fn map_types(&mut self, map: &impl Fn(TypeId) -> TypeId) {
        self.request = map(self.request);
        for reply in &mut self.reply_headers {
            reply.id = map(reply.id);
        }
        self.parts_mut().for_each(|of| of.map_types(map));
    }
}

impl Module {
    /// Whether the generated module holds the corrected document, for operations in it.
    pub fn has_document(&self) -> bool {
        self.has_endpoints && self.operations.iter().any(|own| !own.is_incoming)
    }

    pub fn get(&self, id: TypeId) -> &Type {
        &self.types[id.0]
    }

    /// A type as it is written in the module `from`.
    pub fn path_to(&self, id: TypeId, from: ModuleScope) -> TokenStream {
        let declared = self.get(id);
        let name = Ident::new(&declared.name, Span::call_site());
        let up = match from {
            ModuleScope::Operation(_) if from != declared.scope => Some(quote!(super::)),
            _ => None,
        };
        let down = match declared.scope {
            ModuleScope::Operation(index) if from != declared.scope => {
                let module = Ident::new(&self.operations[index].module, Span::call_site());
                Some(quote!(#module::))
            }
            _ => None,
        };
        quote!(#up #down #name)
    }
}
