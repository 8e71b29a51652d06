//! What a caller of the generator wants otherwise.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};

use crate::names;
use apifox_document::Document;
use apifox_document::api::Endpoint;
use apifox_document::diagnostics::{Diagnostic, Diagnostics, closest};

/// The wishes of a caller; see the methods of [`Builder`](crate::Builder).
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub strict: bool,
    /// The beginnings of the paths to make operations for; all, if there are none.
    pub paths: Vec<String>,
    /// The tags to make operations for; all, if there are none.
    pub tags: Vec<String>,
    pub derives: Vec<String>,
    /// The types for schemas, by file and pointer.
    pub types: BTreeMap<String, String>,
    /// The modules of documents, by file.
    pub modules: BTreeMap<String, String>,
    pub operations: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict: false,
            paths: Vec::new(),
            tags: Vec::new(),
            derives: Vec::new(),
            types: BTreeMap::new(),
            modules: BTreeMap::new(),
            operations: true,
        }
    }
}

impl Settings {
    /// Whether an operation is to be made.
    pub fn wants(&self, endpoint: &Endpoint) -> bool {
        let by_path = self.paths.iter().any(|it| endpoint.path.starts_with(it));
        let by_tag = self.tags.iter().any(|it| endpoint.tags.contains(it));
        (self.paths.is_empty() || by_path) && (self.tags.is_empty() || by_tag)
    }

    /// The type for the schema at `pointer` of `file`, where another is wanted.
    pub fn type_for(&self, file: &str, pointer: &str) -> Option<&str> {
        if self.types.is_empty() {
            return None;
        }
        self.types
            .get(&format!("{file}#{pointer}"))
            .map(String::as_str)
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
    /// Wishes that can't be granted: no Rust, or about what is not there.
    pub fn check(&self, documents: &[Document]) -> Result<(), Diagnostics> {
        let mut problems = Diagnostics::default();
        for path in self.derives.iter().chain(self.types.values()) {
            if syn::parse_str::<syn::Path>(path).is_err() {
                problems.0.push(wish(
                    path,
                    "is no path of Rust",
                    "write one such as ::my_crate::Name",
                ));
            }
        }
        let files = || documents.iter().map(|it| it.file.as_str());
        for (place, file) in self
            .types
            .keys()
            .map(|it| (it, it.split('#').next().unwrap_or(it)))
            .chain(self.modules.keys().map(|it| (it, it.as_str())))
        {
            let pointer = place.strip_prefix(file).and_then(|it| it.strip_prefix('#'));
            let document = documents.iter().find(|it| it.file == file);
            let is_there = match (document, pointer) {
                (Some(document), Some(pointer)) => document.json.pointer(pointer).is_some(),
                (document, _) => document.is_some(),
            };
            if !is_there {
                let help = match closest(file, files()) {
                    Some(closest) => format!("a document is called {closest}"),
                    None => "name a file below the directory, and a JSON pointer in it".to_owned(),
                };
                problems.0.push(wish(place, "is not there", &help));
            }
        }
        problems.into_result()
    }

    /// Derives for every struct and enum of a file what was asked for.
    pub fn derive_more(&self, file: &mut syn::File) {
        let paths: Vec<syn::Path> = self
            .derives
            .iter()
            .filter_map(|it| syn::parse_str(it).ok())
            .collect();
        if !paths.is_empty() {
            DeriveMore(&paths).visit_file_mut(file);
        }
    }
}

fn wish(place: &str, message: &str, help: &str) -> Diagnostic {
    Diagnostic::new(place, "", message, help)
}

struct DeriveMore<'p>(&'p [syn::Path]);

impl DeriveMore<'_> {
    fn derive(&self, attributes: &mut [syn::Attribute]) {
        let derive = attributes
            .iter_mut()
            .find(|it| it.path().is_ident("derive"));
        let Some(syn::Meta::List(list)) = derive.map(|it| &mut it.meta) else {
            return;
        };
        // Some types derive it anyway.
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
