//! The modules of all documents as one text of Rust.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit;
use crate::outline::Outline;
use crate::print::Printer;
use crate::settings::Settings;
use apifox_document::diagnostics::{Diagnostic, Diagnostics};

/// Writes what is in the module of a document, given its place among the outlines.
pub(crate) type Body<'b> = &'b dyn Fn(usize, &mut Printer<'_>) -> Result<(), Diagnostics>;

/// The text of a file with all modules; the corrected documents lie in the directory `documents`
/// beside it.
///
/// # Errors
///
/// typify refuses a type, or what was generated is not Rust.
pub(crate) fn code(
    outlines: &[&Outline],
    documents: &str,
    settings: &Settings,
    body: Body<'_>,
) -> Result<String, Diagnostics> {
    let mut tree = Tree::default();
    for (at, outline) in outlines.iter().enumerate() {
        tree.insert(&outline.path, (at, outline));
    }
    let mut printer = Printer::new("", settings);
    if !settings.types_only {
        printer.items(emit::registry(outlines, documents))?;
    }
    tree.print(&mut printer, body)?;
    printer.finish()
}

/// Two documents whose names differ only in what Rust's names can't show.
pub(crate) fn same_module(outlines: &[&Outline]) -> Option<Diagnostic> {
    let mut seen = BTreeMap::new();
    outlines.iter().find_map(|outline| {
        let other = seen.insert(&outline.path, &outline.file)?;
        Some(Diagnostic::new(
            &outline.file,
            "",
            format!(
                "makes the same module as {other}: {}",
                outline.path.join("::")
            ),
            "rename one of the two files",
        ))
    })
}

/// Modules within modules.
#[derive(Default)]
struct Tree<'m> {
    children: BTreeMap<&'m str, Tree<'m>>,
    /// The document that has this path, and its place among all.
    module: Option<(usize, &'m Outline)>,
}

impl<'m> Tree<'m> {
    fn insert(&mut self, path: &'m [String], module: (usize, &'m Outline)) {
        match path.split_first() {
            Some((first, rest)) => self.children.entry(first).or_default().insert(rest, module),
            None => self.module = Some(module),
        }
    }

    fn print(&self, printer: &mut Printer<'_>, body: Body<'_>) -> Result<(), Diagnostics> {
        if let Some((at, _)) = self.module {
            body(at, printer)?;
        }
        for (name, child) in &self.children {
            let docs = match child.module {
                // They were written as tokens are.
                Some((_, outline)) => outline.docs.parse::<TokenStream>().unwrap_or_default(),
                None => {
                    let text = format!(" The documents in `{name}`.");
                    quote! { #[doc = #text] }
                }
            };
            printer.module(&docs, name, |printer| child.print(printer, body))?;
        }
        Ok(())
    }
}
