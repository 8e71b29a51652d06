//! Marks functions so that only those who call them compile them.
//!
//! Of an API's many operations most programs use a few. What the others need would
//! otherwise be compiled as well, with the crate that the code is generated for.

use syn::{Attribute, File, ImplItem, ImplItemFn, Item, parse_quote};

/// Marks the functions of all implementations. Those with parameters for types are
/// compiled where they are called as it is.
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
    let is_inline = |it: &Attribute| it.path().is_ident("inline");
    let has_types = function.sig.generics.type_params().next().is_some();
    has_types || function.attrs.iter().any(is_inline)
}
