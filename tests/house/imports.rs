//! Which files of a crate import which: by `use`, and by paths in the code. An import
//! through a re-export is one of the file that defines the name; re-exporting is none.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};

use crate::modules::{Module, Tree};

/// For each file the files that it imports, and what it takes from each.
pub type Imports = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

pub fn between_files(tree: &Tree) -> Imports {
    let mut imports = Imports::new();
    for (index, module) in tree.modules.iter().enumerate() {
        for (target, name) in imported(tree, index, module) {
            let target = &tree.modules[target].file;
            if *target != module.file {
                let files = imports.entry(module.file.clone()).or_default();
                files.entry(target.clone()).or_default().insert(name);
            }
        }
    }
    imports
}

/// The modules that a module imports, with the names that it takes from each.
fn imported(tree: &Tree, index: usize, module: &Module) -> Vec<(usize, String)> {
    let mut code = Vec::new();
    for item in &module.code {
        flatten(item.clone(), &mut code);
    }
    let paths = paths(&code);
    let mentioned: BTreeSet<&str> = paths.iter().map(|path| path[0].as_str()).collect();
    let used = module.uses.iter().filter(|import| match &import.name {
        Some(name) => !import.is_reexport || mentioned.contains(name.as_str()),
        None => !import.is_reexport,
    });
    let used = used.filter_map(|import| match resolve(tree, index, &import.path)? {
        // What is taken from a module shows where the module's name is used.
        Found::Module(_) if import.name.is_some() => None,
        found => Some((found.module(), last(&import.path))),
    });
    let named = paths.iter().filter(|path| path.len() > 1);
    let named = named.filter_map(|path| Some((resolve(tree, index, path)?.module(), last(path))));
    used.chain(named).collect()
}

fn last(path: &[String]) -> String {
    path.last().cloned().unwrap_or_default()
}

pub enum Found {
    /// A module of the crate.
    Module(usize),
    /// An item, in this module.
    Item(usize),
}

impl Found {
    fn module(&self) -> usize {
        match self {
            Self::Module(module) | Self::Item(module) => *module,
        }
    }
}

/// Where a path in a module leads, if it stays in the crate.
pub fn resolve(tree: &Tree, from: usize, path: &[String]) -> Option<Found> {
    let (start, rest) = start(tree, from, path)?;
    lookup(tree, start, rest, 0).or_else(|| {
        // A name that a macro or an `include!` makes is taken for its module's.
        let deepest = deepest(tree, start, rest);
        (rest.len() < path.len() || deepest != start).then_some(Found::Item(deepest))
    })
}

/// The module that a path starts at, and the path from there.
fn start<'a>(tree: &Tree, from: usize, path: &'a [String]) -> Option<(usize, &'a [String])> {
    let mut module = from;
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        module = match first.as_str() {
            "crate" => 0,
            "self" => module,
            "super" => tree.modules[module].parent?,
            _ => break,
        };
        rest = others;
    }
    Some((module, rest))
}

/// The last module on a path.
fn deepest(tree: &Tree, mut module: usize, path: &[String]) -> usize {
    for name in path {
        match tree.modules[module].children.get(name) {
            Some(child) => module = *child,
            None => break,
        }
    }
    module
}

/// What a path names in a module: what it defines, and what it has by `use`.
fn lookup(tree: &Tree, from: usize, path: &[String], depth: usize) -> Option<Found> {
    /// Deeper, re-exports lead around in a circle.
    const DEEPEST: usize = 12;
    let module = &tree.modules[from];
    let Some((first, rest)) = path.split_first() else {
        return Some(Found::Module(from));
    };
    if depth > DEEPEST {
        return None;
    }
    if let Some(child) = module.children.get(first) {
        return lookup(tree, *child, rest, depth + 1);
    }
    if module.defined.contains(first) {
        return Some(Found::Item(from));
    }
    if let (0, Some(definer)) = (from, tree.exported_macros.get(first)) {
        return Some(Found::Item(*definer));
    }
    let mut brought = module.uses.iter().filter_map(|import| match &import.name {
        Some(name) if name == first => Some([&import.path, rest].concat()),
        Some(_) => None,
        None => Some([&import.path, path].concat()),
    });
    brought.find_map(|path| {
        let (start, rest) = start(tree, from, &path)?;
        lookup(tree, start, rest, depth + 1)
    })
}

/// A token of code, as far as paths are concerned.
enum Token {
    Name(String),
    PathSeparator,
    /// What a path can't begin after: `.`, `$`, and `'` of a lifetime.
    Joins,
    Other,
}

/// The tokens of an item, those in brackets among them. What `quote!` holds is code of
/// another crate, and a path in `pub(…)` takes nothing.
fn flatten(tokens: TokenStream, into: &mut Vec<Token>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let next = tokens.peek();
        match token {
            TokenTree::Group(group) => {
                let is_elsewhere = match into.as_slice() {
                    [.., Token::Name(name), Token::Other] => {
                        name.starts_with("quote") || name.starts_with("parse_quote")
                    }
                    // As in `pub(in crate::a)`.
                    [.., Token::Name(name)] => name == "pub",
                    _ => false,
                };
                into.push(Token::Other);
                if !is_elsewhere {
                    flatten(group.stream(), into);
                    into.push(Token::Other);
                }
            }
            TokenTree::Ident(name) => into.push(Token::Name(name.to_string())),
            TokenTree::Punct(punct) => match (punct.as_char(), next) {
                (':', Some(TokenTree::Punct(second))) if second.as_char() == ':' => {
                    tokens.next();
                    into.push(Token::PathSeparator);
                }
                ('.' | '$' | '\'', _) => into.push(Token::Joins),
                _ => into.push(Token::Other),
            },
            TokenTree::Literal(_) => into.push(Token::Other),
        }
    }
}

/// The paths in code, single names among them.
fn paths(code: &[Token]) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    let mut before = &Token::Other;
    let mut is_open = false;
    for token in code {
        match (before, token) {
            (Token::PathSeparator, Token::Name(name)) if is_open => {
                paths.last_mut().expect("an open path").push(name.clone());
            }
            (Token::PathSeparator | Token::Joins, Token::Name(_)) => is_open = false,
            (_, Token::Name(name)) => {
                paths.push(vec![name.clone()]);
                is_open = true;
            }
            (Token::Name(_), Token::PathSeparator) => {}
            _ => is_open = false,
        }
        before = token;
    }
    paths
}

#[test]
fn imports_are_followed_to_where_a_name_is_defined() {
    let files = [
        (
            "lib.rs",
            "mod a; mod b; mod c; pub use b::deep::Deep; pub fn root() {}",
        ),
        (
            "a.rs",
            "use crate::{Deep, c}; fn f(_: Deep) { c::g(); quote! { crate::b::h() } }",
        ),
        (
            "b/mod.rs",
            "pub(crate) mod deep; pub use deep::Other; pub fn h() { super::root() }",
        ),
        (
            "b/deep.rs",
            "pub struct Deep; pub struct Other; #[cfg(test)] mod t { use crate::a; }",
        ),
        (
            "c.rs",
            "use std::fmt::Debug; pub fn g() { crate::b::Other; crate::b::unknown() }",
        ),
    ];
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join("b")).expect("a directory");
    for (name, text) in files {
        std::fs::write(directory.path().join(name), text).expect("a file");
    }
    let tree = crate::modules::read(&directory.path().join("lib.rs"));
    let name = |file: &str| {
        file.rsplit_once("/b/").map_or_else(
            || file.rsplit('/').next().expect("a name").to_owned(),
            |(_, name)| format!("b/{name}"),
        )
    };
    let imports = between_files(&tree);
    let found: Vec<(String, String)> = imports
        .iter()
        .flat_map(|(from, to)| to.keys().map(|to| (name(from), name(to))))
        .collect();
    let expected = [
        ("a.rs", "b/deep.rs"),
        ("a.rs", "c.rs"),
        ("b/mod.rs", "lib.rs"),
        ("c.rs", "b/deep.rs"),
        ("c.rs", "b/mod.rs"),
    ];
    let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
    assert_eq!(found, expected);
}
