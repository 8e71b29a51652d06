//! The modules of a crate, as its sources declare them: what each defines, and what it
//! brings into scope by `use`. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quote::ToTokens as _;
use syn::{Attribute, Ident, Item, ItemMod, ItemUse, UseTree, Visibility};

use crate::crates::Crate;

/// The modules of one library or program; the first is its root.
pub struct Tree {
    pub modules: Vec<Module>,
    /// Macros that `#[macro_export]` puts at the root, with the modules that define them.
    pub exported_macros: BTreeMap<String, usize>,
}

#[derive(Default)]
pub struct Module {
    /// The file that it stands in, from the root of the repository.
    pub file: String,
    pub parent: Option<usize>,
    /// Whether it can be named by whoever can name its parent.
    pub is_public: bool,
    pub children: BTreeMap<String, usize>,
    /// The names of its items.
    pub defined: BTreeSet<String>,
    pub uses: Vec<Use>,
    /// Its items, but modules and `use`.
    pub code: Vec<proc_macro2::TokenStream>,
}

/// One name that a `use` brings into scope.
pub struct Use {
    pub path: Vec<String>,
    /// None for all names (`*`).
    pub name: Option<String>,
    pub is_reexport: bool,
    /// Whether it is one for other crates as well.
    pub is_public: bool,
}

/// The library and the program of a crate, as far as it has them.
pub fn trees(member: &Crate) -> Vec<Tree> {
    let roots = ["src/lib.rs", "src/main.rs"].map(|root| member.path().join(root));
    let roots = roots.into_iter().filter(|root| root.is_file());
    roots.map(|root| read(&root)).collect()
}

/// The modules from the root's file on.
pub fn read(root: &Path) -> Tree {
    let mut tree = Tree {
        modules: Vec::new(),
        exported_macros: BTreeMap::new(),
    };
    let folder = root.parent().expect("a folder");
    tree.read_file(root, folder, None);
    tree
}

impl Tree {
    /// Reads the module in a file whose child modules lie in `folder`.
    fn read_file(&mut self, path: &Path, folder: &Path, parent: Option<usize>) -> usize {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let shown = path.strip_prefix(crate::crates::root()).unwrap_or(path);
        self.read_module(shown.display().to_string(), file.items, folder, parent)
    }

    fn read_module(
        &mut self,
        file: String,
        items: Vec<Item>,
        folder: &Path,
        parent: Option<usize>,
    ) -> usize {
        let index = self.modules.len();
        self.modules.push(Module {
            file,
            parent,
            ..Module::default()
        });
        for item in items {
            match item {
                Item::Mod(child) if !is_test(&child.attrs) => self.read_child(index, child, folder),
                Item::Mod(_) => {}
                Item::Use(item) if !is_test(&item.attrs) => {
                    self.modules[index].uses.extend(uses(item));
                }
                Item::Use(_) => {}
                item => self.read_item(index, &item),
            }
        }
        index
    }

    fn read_child(&mut self, parent: usize, child: ItemMod, folder: &Path) {
        let name = child.ident.to_string();
        let is_public = matches!(child.vis, Visibility::Public(_)) && !is_hidden(&child.attrs);
        let below = folder.join(&name);
        let index = match child.content {
            Some((_, items)) => {
                let file = self.modules[parent].file.clone();
                self.read_module(file, items, &below, Some(parent))
            }
            None => {
                let path = [folder.join(format!("{name}.rs")), below.join("mod.rs")]
                    .into_iter()
                    .find(|path| path.is_file())
                    .unwrap_or_else(|| panic!("{} is not a module", below.display()));
                self.read_file(&path, &below, Some(parent))
            }
        };
        self.modules[index].is_public = is_public;
        self.modules[parent].children.insert(name, index);
    }

    fn read_item(&mut self, index: usize, item: &Item) {
        let (name, attributes) = head(item);
        if is_test(attributes) {
            return;
        }
        if let (Item::Macro(_), Some(name)) = (item, name)
            && attributes
                .iter()
                .any(|attribute| attribute.path().is_ident("macro_export"))
        {
            self.exported_macros.insert(name.to_string(), index);
        }
        let module = &mut self.modules[index];
        module.defined.extend(name.map(Ident::to_string));
        module.code.push(item.to_token_stream());
    }
}

/// The name of an item, if it has one, and its attributes.
pub fn head(item: &Item) -> (Option<&Ident>, &[Attribute]) {
    match item {
        Item::Const(item) => (Some(&item.ident), &item.attrs),
        Item::Enum(item) => (Some(&item.ident), &item.attrs),
        Item::Fn(item) => (Some(&item.sig.ident), &item.attrs),
        Item::Impl(item) => (None, &item.attrs),
        Item::Macro(item) => (item.ident.as_ref(), &item.attrs),
        Item::Static(item) => (Some(&item.ident), &item.attrs),
        Item::Struct(item) => (Some(&item.ident), &item.attrs),
        Item::Trait(item) => (Some(&item.ident), &item.attrs),
        Item::Type(item) => (Some(&item.ident), &item.attrs),
        Item::Union(item) => (Some(&item.ident), &item.attrs),
        _ => (None, &[]),
    }
}

/// Whether an item is there for tests alone.
fn is_test(attributes: &[Attribute]) -> bool {
    let is_test =
        |attribute: &Attribute| attribute.meta.to_token_stream().to_string() == "cfg (test)";
    attributes.iter().any(is_test)
}

/// Whether documentation leaves an item out.
pub fn is_hidden(attributes: &[Attribute]) -> bool {
    let is_hidden =
        |attribute: &Attribute| attribute.meta.to_token_stream().to_string() == "doc (hidden)";
    attributes.iter().any(is_hidden)
}

/// The names that a `use` brings into scope.
fn uses(item: ItemUse) -> Vec<Use> {
    let is_reexport = !matches!(item.vis, Visibility::Inherited);
    let is_public = matches!(item.vis, Visibility::Public(_)) && !is_hidden(&item.attrs);
    let mut uses = Vec::new();
    if item.leading_colon.is_some() {
        // Another crate's.
        return uses;
    }
    let mut pending = vec![(Vec::new(), item.tree)];
    while let Some((mut path, tree)) = pending.pop() {
        let name = match tree {
            UseTree::Path(inner) => {
                path.push(inner.ident.to_string());
                pending.push((path, *inner.tree));
                continue;
            }
            UseTree::Group(group) => {
                pending.extend(group.items.into_iter().map(|tree| (path.clone(), tree)));
                continue;
            }
            UseTree::Name(name) if name.ident == "self" => path.last().cloned(),
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                path.last().cloned()
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    path.push(rename.ident.to_string());
                }
                Some(rename.rename.to_string())
            }
            UseTree::Glob(_) => None,
        };
        uses.push(Use {
            path,
            name,
            is_reexport,
            is_public,
        });
    }
    uses
}
