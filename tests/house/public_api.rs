//! What each library shows stands in a file, so that nobody changes it unawares: read from
//! the sources, which needs no toolchain but this one. What macros make is not listed, nor
//! the generated types of the documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use syn::{Attribute, Block, Fields, Ident, ImplItem, Item, ItemImpl, TraitItem, Type, Visibility};

use crate::crates::{self, root};
use crate::imports::{Found, resolve};
use crate::modules::{Tree, is_hidden, trees};

const LIBRARIES: &[&str] = &[
    "apifox-build",
    "apifox-client",
    "apifox-conformance",
    "apifox-document",
    "apifox-review",
    "apifox-runtime",
    "inkstone",
    "inkstone-fleet",
    "inkstone-sandbox",
];

#[test]
fn what_libraries_show_is_listed() {
    let mut stale = Vec::new();
    for member in crates::all() {
        if !LIBRARIES.contains(&member.name.as_str()) {
            continue;
        }
        let listing = listing(&trees(&member)[0], &member.name.replace('-', "_"));
        let name = format!("tests/house/public-api/{}.txt", member.name);
        let path = root().join(&name);
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::write(&path, &listing).expect("a file");
        }
        if fs::read_to_string(&path).ok().as_deref() != Some(listing.as_str()) {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "the public API has changed: look at it, note in CHANGELOG.md what users have to do, \
         and run this test with UPDATE_GOLDENS=1: {stale:#?}"
    );
}

/// An item by the module that defines it, and its name there.
type Place = (usize, String);

/// The public items under their paths, each with what is implemented for it.
fn listing(tree: &Tree, name: &str) -> String {
    let mut exports = Exports::default();
    exports.module(tree, 0, name, 0);
    let implemented = implemented(tree);
    let mut text = String::new();
    let mut sorted: Vec<_> = exports.paths.iter().collect();
    sorted.sort_by_key(|(_, path)| *path);
    for ((module, name), path) in sorted {
        for item in items(tree, *module).filter(|item| ident(item).is_some_and(|it| it == name)) {
            text += &format!("// {path}\n{}", printed(declaration(item)));
        }
        for block in implemented.get(name).into_iter().flatten() {
            text += block;
        }
        text += "\n";
    }
    for path in exports.of_others {
        text += &format!("// {path}\n");
    }
    text
}

/// What can be named from outside.
#[derive(Default)]
struct Exports {
    /// The shortest path of each item.
    paths: BTreeMap<Place, String>,
    /// Names that come from other crates.
    of_others: BTreeSet<String>,
}

impl Exports {
    fn module(&mut self, tree: &Tree, index: usize, path: &str, depth: usize) {
        /// Deeper, re-exports lead around in a circle.
        const DEEPEST: usize = 12;
        if depth > DEEPEST {
            return;
        }
        let module = &tree.modules[index];
        for (name, child) in &module.children {
            if tree.modules[*child].is_public {
                self.module(tree, *child, &format!("{path}::{name}"), depth + 1);
            }
        }
        for name in items(tree, index).filter_map(public_name) {
            self.item((index, name.clone()), format!("{path}::{name}"));
        }
        for import in module.uses.iter().filter(|import| import.is_public) {
            let shown = import.name.as_ref().map(|name| format!("{path}::{name}"));
            let original = import.path.last().cloned().unwrap_or_default();
            match (resolve(tree, index, &import.path), shown) {
                (Some(Found::Item(definer)), Some(shown)) => self.item((definer, original), shown),
                (Some(Found::Module(inner)), shown) => {
                    let path = shown.unwrap_or_else(|| path.to_owned());
                    self.module(tree, inner, &path, depth + 1);
                }
                _ => {
                    let from = import.path.join("::");
                    self.of_others.insert(format!("{path}: pub use {from}"));
                }
            }
        }
        if index == 0 {
            for (name, definer) in &tree.exported_macros {
                self.item((*definer, name.clone()), format!("{path}::{name}"));
            }
        }
    }

    fn item(&mut self, place: Place, path: String) {
        let known = self.paths.entry(place).or_insert_with(|| path.clone());
        if (path.len(), &path) < (known.len(), known) {
            *known = path;
        }
    }
}

fn items(tree: &Tree, module: usize) -> impl Iterator<Item = Item> {
    let code = tree.modules[module].code.iter();
    code.map(|tokens| syn::parse2(tokens.clone()).expect("an item"))
}

/// The name of an item that is public in its module.
fn public_name(item: Item) -> Option<String> {
    let (visibility, attributes) = match &item {
        Item::Const(item) => (&item.vis, &item.attrs),
        Item::Enum(item) => (&item.vis, &item.attrs),
        Item::Fn(item) => (&item.vis, &item.attrs),
        Item::Static(item) => (&item.vis, &item.attrs),
        Item::Struct(item) => (&item.vis, &item.attrs),
        Item::Trait(item) => (&item.vis, &item.attrs),
        Item::Type(item) => (&item.vis, &item.attrs),
        _ => return None,
    };
    let is_public = matches!(visibility, Visibility::Public(_)) && !is_hidden(attributes);
    is_public.then(|| ident(&item).map(Ident::to_string))?
}

fn ident(item: &Item) -> Option<&Ident> {
    crate::modules::head(item).0
}

/// What is implemented, by the name of the type.
fn implemented(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let mut blocks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in 0..tree.modules.len() {
        for item in items(tree, module) {
            let Item::Impl(block) = item else {
                continue;
            };
            let Some(name) = type_name(&block.self_ty) else {
                continue;
            };
            if let Some(block) = public_part(block) {
                let text = printed(Item::Impl(block));
                blocks.entry(name).or_default().insert(text);
            }
        }
    }
    blocks
}

fn type_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Type::Reference(reference) => type_name(&reference.elem),
        _ => None,
    }
}

/// A block with its public functions and constants, or the head of a trait's.
fn public_part(mut block: ItemImpl) -> Option<ItemImpl> {
    if is_hidden(&block.attrs) {
        return None;
    }
    strip(&mut block.attrs);
    let is_of_trait = block.trait_.is_some();
    block.items.retain_mut(|item| match item {
        ImplItem::Fn(function) => {
            let is_public = matches!(function.vis, Visibility::Public(_));
            let is_shown = !is_of_trait && is_public && !is_hidden(&function.attrs);
            strip(&mut function.attrs);
            function.block = empty();
            is_shown
        }
        ImplItem::Const(constant) => {
            let is_public = matches!(constant.vis, Visibility::Public(_));
            let is_shown = !is_of_trait && is_public && !is_hidden(&constant.attrs);
            strip(&mut constant.attrs);
            is_shown
        }
        // The types of a trait are part of what it promises.
        ImplItem::Type(_) => is_of_trait,
        _ => false,
    });
    (is_of_trait || !block.items.is_empty()).then_some(block)
}

/// An item without what users do not see: documentation, bodies, private fields.
fn declaration(mut item: Item) -> Item {
    match &mut item {
        Item::Const(item) => strip(&mut item.attrs),
        Item::Static(item) => strip(&mut item.attrs),
        Item::Type(item) => strip(&mut item.attrs),
        Item::Fn(item) => {
            strip(&mut item.attrs);
            *item.block = empty();
        }
        Item::Struct(item) => {
            strip(&mut item.attrs);
            hide_private(&mut item.fields);
        }
        Item::Enum(item) => {
            strip(&mut item.attrs);
            for variant in &mut item.variants {
                strip(&mut variant.attrs);
                let fields = variant.fields.iter_mut();
                fields.for_each(|field| strip(&mut field.attrs));
            }
        }
        Item::Trait(item) => {
            strip(&mut item.attrs);
            item.items.iter_mut().for_each(strip_trait_item);
        }
        Item::Macro(item) => {
            strip(&mut item.attrs);
            item.mac.tokens = proc_macro2::TokenStream::new();
        }
        _ => {}
    }
    item
}

fn strip_trait_item(item: &mut TraitItem) {
    match item {
        TraitItem::Fn(function) => {
            strip(&mut function.attrs);
            if let Some(body) = &mut function.default {
                *body = empty();
            }
        }
        TraitItem::Const(constant) => strip(&mut constant.attrs),
        TraitItem::Type(of) => strip(&mut of.attrs),
        _ => {}
    }
}

/// Leaves of the private fields that there are some, if they have names, or how many.
fn hide_private(fields: &mut Fields) {
    let is_private = |visibility: &Visibility| !matches!(visibility, Visibility::Public(_));
    let before = fields.len();
    if let Fields::Named(named) = fields {
        let kept = named.named.iter().filter(|field| !is_private(&field.vis));
        named.named = kept.cloned().collect();
    }
    for field in fields.iter_mut() {
        strip(&mut field.attrs);
        if is_private(&field.vis) {
            field.ty = Type::Infer(syn::parse_quote!(_));
        }
    }
    if let (true, Fields::Named(named)) = (fields.len() < before, fields) {
        named.named.push(syn::parse_quote!(_private: _));
    }
}

/// Removes attributes, but those that users of an item depend on.
fn strip(attributes: &mut Vec<Attribute>) {
    const KEPT: &[&str] = &["cfg", "derive", "non_exhaustive", "deprecated", "repr"];
    attributes.retain(|attribute| KEPT.iter().any(|name| attribute.path().is_ident(name)));
}

fn empty() -> Block {
    syn::parse_quote!({})
}

fn printed(item: Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}
