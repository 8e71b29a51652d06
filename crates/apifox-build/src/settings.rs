//! What a caller of the generator can set.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};

use crate::annotate::formats::FORMATS;
use crate::named_places::{missing_schema, no_file};
use crate::names;
use crate::pages::Pages;
use apifox_document::Document;
use apifox_document::api::Endpoint;
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};

/// What a caller has set; see the methods of [`Builder`](crate::Builder).
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub strict: bool,
    /// The beginnings of the paths to make operations for; all, if there are none.
    pub paths: Vec<String>,
    /// The tags to make operations for; all, if there are none.
    pub tags: Vec<String>,
    /// The operations to make, each by a name or as `GET /path`; all, if there are none.
    pub only_operations: Vec<String>,
    /// How the pages of operations follow each other, by what the operations are called.
    pub pages: BTreeMap<String, Pages>,
    pub derives: Vec<String>,
    /// The types for schemas, by file and pointer.
    pub types: BTreeMap<String, String>,
    /// The modules of documents, by file.
    pub modules: BTreeMap<String, String>,
    /// Whether no requests can be sent.
    pub types_only: bool,
    /// The names of types, variants and modules, by place or by what the document calls them.
    pub names: BTreeMap<String, String>,
    /// The formats that are asserted, by name.
    pub formats: Vec<String>,
}

impl Settings {
    /// Whether an operation is to be made.
    pub fn wants(&self, endpoint: &Endpoint) -> bool {
        let by_path = self
            .paths
            .iter()
            .any(|path| endpoint.path.starts_with(path));
        let by_tag = self.tags.iter().any(|tag| endpoint.tags.contains(tag));
        let by_name = self
            .only_operations
            .iter()
            .any(|name| is_called(endpoint, name));
        (self.paths.is_empty() || by_path)
            && (self.tags.is_empty() || by_tag)
            && (self.only_operations.is_empty() || by_name)
    }

    /// The settings that operations are chosen by, if any are.
    pub fn chosen_by(&self) -> String {
        let all = [
            ("only_path", self.paths.is_empty()),
            ("only_tag", self.tags.is_empty()),
            ("only_operations", self.only_operations.is_empty()),
        ];
        let set = all.iter().filter(|(_, is_empty)| !is_empty);
        set.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// What operations are named by.
    pub fn named_operations(&self) -> Vec<&String> {
        self.only_operations
            .iter()
            .chain(self.pages.keys())
            .collect()
    }

    /// How the pages of an operation follow each other, if it has any.
    pub fn pages_of(&self, endpoint: &Endpoint) -> Option<&Pages> {
        let mut pages = self.pages.iter();
        let (_, found) = pages.find(|(name, _)| is_called(endpoint, name))?;
        Some(found)
    }

    /// The module of a document, as Rust identifiers.
    pub fn module_of(&self, document: &Document) -> Vec<String> {
        match self.modules.get(&document.file) {
            Some(path) => path.split("::").map(names::module_name).collect(),
            None => document
                .folders
                .iter()
                .chain([&document.name])
                .map(|name| names::module_name(name))
                .collect(),
        }
    }

    /// # Errors
    ///
    /// Every setting that can't be followed: what is not Rust, or names what a document
    /// does not have.
    pub fn check(&self, documents: &[Document]) -> Result<(), Diagnostics> {
        let paths = self.derives.iter().chain(self.types.values());
        let invalid = paths.filter_map(|path| invalid_path(path));
        let types = self.types.keys();
        let schemas = types.filter_map(|place| missing_schema(place, documents));
        let files = self.modules.keys();
        let missing = schemas.chain(files.filter_map(|file| missing_file(file, documents)));
        let formats = self.formats.iter().filter_map(|name| unknown_format(name));
        let names = self
            .names
            .iter()
            .filter_map(|(key, name)| invalid_name(key, name));
        let invalid = invalid.chain(names);
        Diagnostics(invalid.chain(missing).chain(formats).collect()).into_result()
    }

    /// Adds the caller's derives to every struct and enum of a file.
    pub fn derive_more(&self, file: &mut syn::File) {
        let paths: Vec<syn::Path> = self
            .derives
            .iter()
            .filter_map(|path| syn::parse_str(path).ok())
            .collect();
        if !paths.is_empty() {
            DeriveMore(&paths).visit_file_mut(file);
        }
    }
}

/// Whether an operation is meant by a name: one that its document gives it, that of its module,
/// or its method and path.
pub(crate) fn is_called(endpoint: &Endpoint, name: &str) -> bool {
    let is_at = |(method, path): (&str, &str)| {
        endpoint.method.eq_ignore_ascii_case(method) && endpoint.path == path.trim_start()
    };
    let is_name = |known: &String| known == name || names::module_name(known) == name;
    endpoint.names.iter().any(is_name) || name.split_once(' ').is_some_and(is_at)
}

fn invalid_path(path: &str) -> Option<Diagnostic> {
    let error = syn::parse_str::<syn::Path>(path).err();
    let help = "write a path such as ::my_crate::Name";
    error.map(|_| Diagnostic::new(path, "", "is not a Rust path", help))
}

fn invalid_name(key: &str, name: &str) -> Option<Diagnostic> {
    let message = format!("can't be called {name}");
    let help = "give a Rust identifier that is no keyword and no name of the standard library";
    (!names::is_free(name)).then(|| Diagnostic::new(key, "", message, help))
}

fn unknown_format(name: &str) -> Option<Diagnostic> {
    let help = match closest(name, FORMATS.iter().copied()) {
        Some(closest) => format!("a format is called {closest}"),
        None => format!("there are types for {}", FORMATS.join(", ")),
    };
    let message = "is not a format that there is a type for";
    (!FORMATS.contains(&name)).then(|| Diagnostic::new(name, "", message, help))
}

fn missing_file(file: &str, documents: &[Document]) -> Option<Diagnostic> {
    let is_there = documents.iter().any(|document| document.file == file);
    (!is_there).then(|| no_file(file, file, documents.iter().map(|it| it.file.as_str())))
}

struct DeriveMore<'p>(&'p [syn::Path]);

impl DeriveMore<'_> {
    fn derive(&self, attributes: &mut [syn::Attribute]) {
        let derive = attributes
            .iter_mut()
            .find(|attribute| attribute.path().is_ident("derive"));
        let Some(syn::Meta::List(list)) = derive.map(|derive| &mut derive.meta) else {
            return;
        };
        // Some types derive more than others.
        let derived = list.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        );
        let text = |path: &syn::Path| quote::quote!(#path).to_string();
        let derived: Vec<String> = derived.iter().flatten().map(text).collect();
        let is_new = |path: &&syn::Path| !derived.contains(&text(path));
        let paths = self.0.iter().filter(is_new);
        list.tokens.extend(quote::quote!(#(, #paths)*));
    }
}

impl VisitMut for DeriveMore<'_> {
    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        self.derive(&mut item.attrs);
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        self.derive(&mut item.attrs);
        visit_mut::visit_item_enum_mut(self, item);
    }
}
