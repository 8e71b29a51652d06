//! Puts the modules of all documents together, as one text of Rust.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::emit;
use crate::model::{ErrorBody, Module};
use crate::problem::{Problem, Problems};
use crate::settings::Settings;

/// The text of a file with all modules.
///
/// # Errors
///
/// That typify refuses a type, or what was made is no Rust.
pub(crate) fn code(modules: &[Module], settings: &Settings) -> Result<String, Problems> {
    let mut tree = Tree::default();
    for module in modules {
        tree.insert(&module.path, module)?;
    }
    let tree = tree.tokens();
    let registry = settings.operations.then(|| emit::registry(modules));
    Ok(formatted(&quote! { #registry #tree }, settings)?)
}

/// Two documents whose names differ only in what Rust's names can't show.
pub(crate) fn same_module(modules: &[Module]) -> Option<Problem> {
    let mut seen = BTreeMap::new();
    modules.iter().find_map(|module| {
        let other = seen.insert(&module.path, &module.file)?;
        Some(Problem {
            file: module.file.clone(),
            location: None,
            pointer: String::new(),
            keyword: None,
            message: format!(
                "makes the same module as {other}: {}",
                module.path.join("::")
            ),
            remedy: "rename one of the two files".into(),
        })
    })
}

/// Gives every operation the error body that lies beside its document.
pub(crate) fn link_errors(modules: &mut [Module]) {
    let errors: BTreeMap<Vec<String>, Vec<String>> = modules
        .iter()
        .filter(|module| module.operations.is_empty() && module.name == "error")
        .filter_map(|module| {
            let (_, folder) = module.path.split_last()?;
            let path = module.path.iter().cloned().chain(["Error".to_owned()]);
            Some((folder.to_vec(), path.collect()))
        })
        .collect();
    for module in modules {
        let folder = module.path.split_last().map(|(_, folder)| folder.to_vec());
        let Some(path) = folder.and_then(|folder| errors.get(&folder)) else {
            continue;
        };
        for operation in &mut module.operations {
            if matches!(operation.error, ErrorBody::Unknown) {
                operation.error = ErrorBody::Elsewhere(path.clone());
            }
        }
    }
}

/// Modules within modules.
#[derive(Default)]
struct Tree {
    children: BTreeMap<String, Tree>,
    docs: TokenStream,
    items: TokenStream,
}

impl Tree {
    fn insert(&mut self, path: &[String], module: &Module) -> Result<(), Problems> {
        match path.split_first() {
            Some((first, rest)) => {
                let child = self.children.entry(first.clone()).or_default();
                child.insert(rest, module)
            }
            None => {
                self.docs = emit::module_docs(module);
                self.items = emit::module(module, emit::Documents::Beside)?;
                Ok(())
            }
        }
    }

    fn tokens(&self) -> TokenStream {
        let children = self.children.iter().map(|(name, child)| {
            let ident = Ident::new(name, Span::call_site());
            let docs = if child.docs.is_empty() {
                let text = format!(" The documents in `{name}`.");
                quote! { #[doc = #text] }
            } else {
                child.docs.clone()
            };
            let tokens = child.tokens();
            quote! { #docs pub mod #ident { #tokens } }
        });
        let items = &self.items;
        quote! { #items #(#children)* }
    }
}

/// The text of generated code, with the derives that were asked for.
pub(crate) fn formatted(tokens: &TokenStream, settings: &Settings) -> Result<String, Problems> {
    let mut file = syn::parse2(tokens.clone()).map_err(|error| Problem {
        file: "generated code".into(),
        location: None,
        pointer: String::new(),
        keyword: None,
        message: format!("is not Rust: {error}"),
        remedy: "this is a fault of apifox-build: please report it with the document".into(),
    })?;
    settings.derive_more(&mut file);
    Ok(prettyplease::unparse(&file))
}
