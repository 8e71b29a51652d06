//! Marks functions `#[inline]`, so that those that nobody calls are not compiled.
//!
//! Most programs use a few of an API's many operations.

use syn::{Attribute, File, ImplItem, ImplItemFn, Item, parse_quote};

/// Marks the functions of all implementations. Generic ones need no mark: they are
/// compiled where they are called anyway.
pub(crate) fn functions(file: &mut File) {
    for item in &mut file.items {
        let Item::Impl(it) = item else {
            continue;
        };
        for item in &mut it.items {
            if let ImplItem::Fn(function) = item
                && !is_marked(function)
            {
                function.attrs.push(parse_quote!(#[inline]));
            }
        }
    }
}

fn is_marked(function: &ImplItemFn) -> bool {
    let is_inline = |attribute: &Attribute| attribute.path().is_ident("inline");
    let has_types = function.sig.generics.type_params().next().is_some();
    has_types || function.attrs.iter().any(is_inline)
}
