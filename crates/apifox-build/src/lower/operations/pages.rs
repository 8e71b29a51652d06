//! Operations whose replies are pages of a list: are the parameter and the places there that a
//! caller of the generator names, and of what type are the items?

use apifox_document::diagnostics::{Diagnostic, closest};
use apifox_document::pointer::{JsonPointerExt as _, steps};

use crate::model::{Additional, Module, Operation, Paged, Shape, TypeRef};
use crate::pages::{NextPage, Pages};

/// Finds out of what type the items of paged operations are; what is not there is reported.
pub(super) fn resolve(module: &mut Module) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for at in 0..module.operations.len() {
        let operation = &module.operations[at];
        let Some(pages) = &operation.pages else {
            continue;
        };
        let found = match operation.is_incoming {
            true => Err(incoming()),
            false => paged(module, operation, pages),
        };
        match found {
            Ok(paged) => module.operations[at].paged = Some(paged),
            Err((message, help)) => {
                let pointer = &operation.pointer;
                problems.push(Diagnostic::new(&module.file, pointer, message, help));
            }
        }
    }
    problems
}

/// What is wrong, and what to do.
type Problem = (String, String);

fn incoming() -> Problem {
    let message = "is a webhook or a callback, which the API calls: nobody asks for its pages";
    let help = "name an operation below paths";
    (message.to_owned(), help.to_owned())
}

fn paged(module: &Module, operation: &Operation, pages: &Pages) -> Result<Paged, Problem> {
    let parameter = parameter(module, operation, &pages.parameter)?;
    let reply = &operation.response;
    let list = at(module, reply, &pages.items);
    let item = list.as_ref().and_then(|list| item_of(module, list));
    let item = item.ok_or_else(|| no_list(module, reply, &pages.items))?;
    let next = match &pages.next {
        NextPage::Cursor(place) => Some((reply, place)),
        NextPage::LastItem(place) => Some((&item, place)),
        NextPage::Number(_) | NextPage::Offset => None,
    };
    let more = pages.more.as_ref().map(|place| (reply, place));
    for (of, place) in next.into_iter().chain(more) {
        if at(module, of, place).is_none() {
            let message = format!("nothing is at {place} in what pages are told by");
            let help = "name a JSON pointer into the body of the reply, or, for what the last item \
                        has, into an item";
            return Err((message, help.to_owned()));
        }
    }
    Ok(Paged {
        pages: Pages {
            parameter,
            ..pages.clone()
        },
        item,
    })
}

/// A parameter as a JSON pointer into the JSON form of the request.
fn parameter(module: &Module, operation: &Operation, name: &str) -> Result<String, Problem> {
    if name.starts_with('/') {
        let pointer = match operation.parameters {
            Some(_) => format!("/body{name}"),
            None => name.to_owned(),
        };
        let request = TypeRef::Declared(operation.request);
        return match at(module, &request, &pointer) {
            Some(_) => Ok(pointer),
            None => {
                let message = format!("the body of the request has no {name} that asks for a page");
                let help = "name a JSON pointer into the body, or a parameter";
                Err((message, help.to_owned()))
            }
        };
    }
    let parameters = || operation.parameters.iter().flatten();
    let found = parameters().find(|own| own.name == name);
    let found = found.map(|own| "".child(own.location.name()).child(name));
    found.ok_or_else(|| {
        let message = format!("there is no parameter {name} that asks for a page");
        let help = match closest(name, parameters().map(|own| own.name.as_str())) {
            Some(closest) => format!("a parameter is called {closest}"),
            None => "name a parameter of the operation, or a JSON pointer into its body".to_owned(),
        };
        (message, help)
    })
}

fn no_list(module: &Module, reply: &TypeRef, place: &str) -> Problem {
    let message = match place {
        "" => "the body of the reply is no list, of which there could be pages".to_owned(),
        place => {
            format!("at {place} in the body of the reply is no list, of which there could be pages")
        }
    };
    let lists: Vec<String> = fields(module, reply)
        .into_iter()
        .filter(|(_, of)| item_of(module, of).is_some())
        .map(|(name, _)| "".child(name))
        .collect();
    let help = match lists.is_empty() {
        true => "name a JSON pointer to the items".to_owned(),
        false => format!("there are lists at {}", lists.join(", ")),
    };
    (message, help)
}

/// The type of what a JSON pointer leads to.
fn at(module: &Module, of: &TypeRef, pointer: &str) -> Option<TypeRef> {
    let mut found = of.clone();
    for step in steps(pointer) {
        found = member(module, &found, &step)?;
    }
    Some(found)
}

/// The type of the member of a type's values.
fn member(module: &Module, of: &TypeRef, name: &str) -> Option<TypeRef> {
    match of {
        TypeRef::Any | TypeRef::Object => Some(TypeRef::Any),
        TypeRef::Map(value) => Some((**value).clone()),
        TypeRef::Nullable(value) => member(module, value, name),
        TypeRef::Declared(id) => match &module.get(*id).shape {
            Shape::Struct(shape) => {
                let field = shape.fields.iter().find(|field| field.name == name);
                match (field, &shape.additional) {
                    (Some(field), _) => Some(field.of.clone()),
                    // Among named ones, another is more likely a slip.
                    (None, Additional::Allowed(value)) if shape.fields.is_empty() => {
                        Some(value.clone())
                    }
                    _ => None,
                }
            }
            Shape::Guarded(guarded) => member(module, &guarded.of, name),
            Shape::Transparent(inner) => member(module, inner, name),
            Shape::Union(union) => {
                let mut alternatives = union.alternatives.iter();
                alternatives.find_map(|one| member(module, &one.of, name))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The type of the items of a list.
fn item_of(module: &Module, of: &TypeRef) -> Option<TypeRef> {
    match of {
        TypeRef::Array(item) => Some((**item).clone()),
        TypeRef::Nullable(list) => item_of(module, list),
        TypeRef::Declared(id) => match &module.get(*id).shape {
            Shape::Items(items) => Some(items.of.clone()),
            Shape::Guarded(guarded) => item_of(module, &guarded.of),
            Shape::Transparent(inner) => item_of(module, inner),
            Shape::Union(union) => {
                let mut alternatives = union.alternatives.iter();
                alternatives.find_map(|one| item_of(module, &one.of))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The fields of a type that is an object.
fn fields(module: &Module, of: &TypeRef) -> Vec<(String, TypeRef)> {
    match of {
        TypeRef::Nullable(value) => fields(module, value),
        TypeRef::Declared(id) => match &module.get(*id).shape {
            Shape::Struct(shape) => {
                let each = shape.fields.iter();
                each.map(|field| (field.name.clone(), field.of.clone()))
                    .collect()
            }
            Shape::Guarded(guarded) => fields(module, &guarded.of),
            Shape::Transparent(inner) => fields(module, inner),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
