//! From a schema's JSON to [`Rules`].

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Number, Value};

use super::length::SameLength;
use super::resolve::{Resources, escaped};
use super::sum::Sum;
use super::{Id, Rule, Rules, Schema, Type};
use crate::dimensions::SizeRules;
use crate::node::Node;
use crate::pattern::{Matcher, Pattern};
use crate::text::Text;

/// The dialect that a schema is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Draft {
    /// Draft 7.
    Seven,
    /// Draft 2020-12.
    #[default]
    Latest,
}

impl Draft {
    /// The draft that `$schema` names; 2020-12 where it is missing, and `None`
    /// for any other.
    #[must_use]
    pub fn of(schema: &Value) -> Option<Self> {
        match schema.get("$schema") {
            None => Some(Self::Latest),
            Some(Value::String(uri)) => match uri.trim_end_matches('#') {
                "https://json-schema.org/draft/2020-12/schema" => Some(Self::Latest),
                "http://json-schema.org/draft-07/schema"
                | "https://json-schema.org/draft-07/schema" => Some(Self::Seven),
                _ => None,
            },
            Some(_) => None,
        }
    }
}

/// Why a schema has no rules that could be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// JSON pointer to the schema.
    pub pointer: String,
    /// The keyword at fault.
    pub keyword: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.pointer, self.keyword, self.message)
    }
}

impl std::error::Error for Unsupported {}

impl Rules {
    /// Compiles the schema at `pointer` of `document`, which references start from.
    ///
    /// # Errors
    ///
    /// A keyword whose value is none that it may have, or a reference that leads
    /// nowhere or round in a circle.
    pub(crate) fn compile(
        document: &Value,
        pointer: &str,
        draft: Draft,
    ) -> Result<Self, Unsupported> {
        let mut compiler = Compiler::new(document, draft);
        let start = compiler.at(pointer, "", "")?;
        compiler.finish(start)
    }

    /// Compiles what the schema says beside its type, an object's fields and an array's
    /// items.
    ///
    /// References to the schema still mean the whole of it.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub(crate) fn compile_beside_parts(
        document: &Value,
        pointer: &str,
        draft: Draft,
    ) -> Result<Self, Unsupported> {
        let mut compiler = Compiler::new(document, draft);
        let whole = compiler.at(pointer, "", "")?;
        let start = compiler.beside_parts(whole)?;
        compiler.finish(start)
    }

    /// Whether a schema is `false`.
    pub(super) fn is_never(&self, id: Id) -> bool {
        matches!(self.schemas[id].rules[..], [Rule::Never])
    }
}

struct Compiler<'s> {
    document: &'s Value,
    draft: Draft,
    resources: Resources,
    schemas: Vec<Schema>,
    ids: HashMap<String, Id>,
    pointers: Vec<String>,
    tracks: bool,
}

/// A schema while it is compiled.
struct Source<'s> {
    keywords: &'s Map<String, Value>,
    pointer: String,
    resource: usize,
}

type Compiled<T> = Result<T, Unsupported>;

/// A keyword and the rule that its value makes.
type Made<T> = (&'static str, fn(T) -> Rule);

impl<'s> Compiler<'s> {
    fn new(document: &'s Value, draft: Draft) -> Self {
        Self {
            document,
            draft,
            resources: Resources::of_document(document, draft),
            schemas: Vec::new(),
            ids: HashMap::new(),
            pointers: Vec::new(),
            tracks: false,
        }
    }

    fn finish(mut self, start: Id) -> Compiled<Rules> {
        let dynamic_anchors = self.dynamic_anchors()?;
        self.no_circle()?;
        if !self.tracks {
            only_warn(&mut self.schemas);
        }
        Ok(Rules {
            plan: OnceLock::new(),
            schemas: self.schemas,
            pointers: self.pointers,
            is_static: dynamic_anchors.iter().all(Vec::is_empty),
            dynamic_anchors,
            start,
            tracks: self.tracks,
        })
    }

    /// A schema without what it says of its type, fields and items.
    fn beside_parts(&mut self, whole: Id) -> Compiled<Id> {
        let (pointer, resource) = (self.pointers[whole].clone(), self.schemas[whole].resource);
        let Some(Value::Object(keywords)) = self.document.pointer(&pointer) else {
            return Ok(whole);
        };
        let mut rules = self.rules(&Source {
            keywords,
            pointer: pointer.clone(),
            resource,
        })?;
        let is_of_parts = |it: &Rule| match it {
            Rule::Type(_) | Rule::Members { .. } | Rule::Required(_) => true,
            Rule::Items { prefix, .. } => prefix.is_empty(),
            _ => false,
        };
        rules.retain(|it| !is_of_parts(it));
        self.pointers.push(pointer);
        self.schemas.push(Schema {
            rules,
            resource,
            only_warns: false,
        });
        Ok(self.schemas.len() - 1)
    }

    /// Compiles the schema at `pointer`, to which `keyword` of `from` refers.
    fn at(&mut self, pointer: &str, from: &str, keyword: &str) -> Compiled<Id> {
        let Some(value) = self.document.pointer(pointer) else {
            return Err(Unsupported {
                pointer: from.to_owned(),
                keyword: keyword.to_owned(),
                message: format!("there is nothing at {pointer}"),
            });
        };
        self.schema(value, pointer.to_owned())
    }

    fn schema(&mut self, value: &'s Value, pointer: String) -> Compiled<Id> {
        if let Some(id) = self.ids.get(&pointer) {
            return Ok(*id);
        }
        let id = self.schemas.len();
        let resource = self.resources.resource(&pointer);
        self.ids.insert(pointer.clone(), id);
        self.pointers.push(pointer.clone());
        self.schemas.push(Schema {
            resource,
            ..Schema::default()
        });
        let rules = match value {
            Value::Bool(true) => Vec::new(),
            Value::Bool(false) => vec![Rule::Never],
            Value::Object(keywords) => self.rules(&Source {
                keywords,
                pointer,
                resource,
            })?,
            _ => {
                return Err(Unsupported {
                    pointer,
                    keyword: String::new(),
                    message: "a schema is an object or a boolean".into(),
                });
            }
        };
        self.schemas[id].rules = rules;
        Ok(id)
    }

    fn rules(&mut self, source: &Source<'s>) -> Compiled<Vec<Rule>> {
        if self.draft == Draft::Seven && source.keywords.contains_key("$ref") {
            return Ok(self.reference(source)?.into_iter().collect());
        }
        let mut rules = Vec::new();
        rules.extend(self.reference(source)?);
        rules.extend(self.dynamic_reference(source)?);
        rules.extend(values(source)?);
        rules.extend(numbers(source)?);
        rules.extend(texts(source)?);
        self.arrays(source, &mut rules)?;
        self.objects(source, &mut rules)?;
        self.logic(source, &mut rules)?;
        rules.extend(own(source)?);
        // What is unevaluated is known only after all the others.
        if self.draft == Draft::Latest {
            self.unevaluated(source, &mut rules)?;
        }
        Ok(rules)
    }

    fn reference(&mut self, source: &Source<'s>) -> Compiled<Option<Rule>> {
        let Some(reference) = source.text("$ref")? else {
            return Ok(None);
        };
        let id = self.referred(source, "$ref", reference)?;
        Ok(Some(Rule::Ref(id)))
    }

    fn referred(&mut self, source: &Source<'s>, keyword: &str, to: &str) -> Compiled<Id> {
        let target = self.resources.target(source.resource, to);
        let target = target.ok_or_else(|| {
            source.fault(
                keyword,
                format!("{to} leads out of the document, or to no anchor in it"),
            )
        })?;
        self.at(&target, &source.pointer, keyword)
    }

    fn dynamic_reference(&mut self, source: &Source<'s>) -> Compiled<Option<Rule>> {
        if self.draft == Draft::Seven {
            return Ok(None);
        }
        let Some(reference) = source.text("$dynamicRef")? else {
            return Ok(None);
        };
        let initial = self.referred(source, "$dynamicRef", reference)?;
        let anchor = reference.split_once('#').map_or("", |(_, anchor)| anchor);
        let pointer = &self.pointers[initial];
        let is_dynamic = self
            .resources
            .dynamic
            .iter()
            .any(|(_, name, at)| name == anchor && at == pointer);
        Ok(Some(if is_dynamic {
            Rule::DynamicRef {
                anchor: anchor.to_owned(),
                initial,
            }
        } else {
            Rule::Ref(initial)
        }))
    }

    fn arrays(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let (tuple, rest) = match self.draft {
            Draft::Latest => ("prefixItems", "items"),
            Draft::Seven if matches!(source.get("items"), Some(Value::Array(_))) => {
                ("items", "additionalItems")
            }
            Draft::Seven => ("", "items"),
        };
        if let (Draft::Latest, Some(Value::Array(_))) = (self.draft, source.get("items")) {
            return Err(source.fault("items", "is an array: draft 2020-12 has prefixItems for it"));
        }
        let prefix = self.list(source, tuple)?;
        let rest = self.child(source, rest)?;
        if !prefix.is_empty() || rest.is_some() {
            rules.push(Rule::Items { prefix, rest });
        }
        let (min_items, max_items) = (source.count("minItems")?, source.count("maxItems")?);
        if min_items.is_some() || max_items.is_some() {
            rules.push(Rule::Count {
                min_items: min_items.unwrap_or(0),
                max_items,
            });
        }
        if source.flag("uniqueItems")? {
            rules.push(Rule::UniqueItems);
        }
        if let Some(schema) = self.child(source, "contains")? {
            let counted = self.draft == Draft::Latest;
            let bound = |name| {
                if counted {
                    source.count(name)
                } else {
                    Ok(None)
                }
            };
            rules.push(Rule::Contains {
                schema,
                min_contains: bound("minContains")?.unwrap_or(1),
                max_contains: bound("maxContains")?,
            });
        }
        Ok(())
    }

    fn objects(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let properties = self.map(source, "properties")?;
        let mut patterns = Vec::new();
        for (pattern, schema) in self.map(source, "patternProperties")? {
            patterns.push((source.regex("patternProperties", &pattern)?, schema));
        }
        let additional = self.child(source, "additionalProperties")?;
        if !properties.is_empty() || !patterns.is_empty() || additional.is_some() {
            rules.push(Rule::Members {
                properties,
                patterns,
                additional,
            });
        }
        if let Some(names) = source.names("required", source.get("required"))? {
            rules.push(Rule::Required(names));
        }
        rules.extend(source.count("minProperties")?.map(Rule::MinProperties));
        rules.extend(source.count("maxProperties")?.map(Rule::MaxProperties));
        rules.extend(
            self.child(source, "propertyNames")?
                .map(Rule::PropertyNames),
        );
        match self.draft {
            Draft::Latest => {
                let required = source.dependent("dependentRequired")?;
                if !required.is_empty() {
                    rules.push(Rule::DependentRequired(required));
                }
                let schemas = self.map(source, "dependentSchemas")?;
                if !schemas.is_empty() {
                    rules.push(Rule::DependentSchemas(schemas));
                }
            }
            Draft::Seven => self.dependencies(source, rules)?,
        }
        Ok(())
    }

    /// Draft 7's `dependencies`: names or a schema for each property.
    fn dependencies(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let Some(value) = source.get("dependencies") else {
            return Ok(());
        };
        let Value::Object(dependencies) = value else {
            return Err(source.fault("dependencies", "is no object"));
        };
        for (name, dependency) in dependencies {
            rules.push(match dependency {
                Value::Array(_) => {
                    let names = source.names("dependencies", Some(dependency))?;
                    Rule::DependentRequired(vec![(name.clone(), names.unwrap_or_default())])
                }
                schema => {
                    let step = format!("dependencies/{}", escaped(name));
                    let schema = self.schema(schema, source.below(&step))?;
                    Rule::DependentSchemas(vec![(name.clone(), schema)])
                }
            });
        }
        Ok(())
    }

    fn logic(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        let lists: [Made<Vec<Id>>; 3] = [
            ("allOf", Rule::AllOf),
            ("anyOf", Rule::AnyOf),
            ("oneOf", Rule::OneOf),
        ];
        for (keyword, rule) in lists {
            if source.get(keyword).is_some() {
                rules.push(rule(self.list(source, keyword)?));
            }
        }
        rules.extend(self.child(source, "not")?.map(Rule::Not));
        if let Some(condition) = self.child(source, "if")? {
            rules.push(Rule::If {
                condition,
                then: self.child(source, "then")?,
                otherwise: self.child(source, "else")?,
                title: source.title_of("if"),
            });
        }
        Ok(())
    }

    fn unevaluated(&mut self, source: &Source<'s>, rules: &mut Vec<Rule>) -> Compiled<()> {
        if let Some(schema) = self.child(source, "unevaluatedItems")? {
            self.tracks = true;
            rules.push(Rule::UnevaluatedItems(schema));
        }
        if let Some(schema) = self.child(source, "unevaluatedProperties")? {
            self.tracks = true;
            rules.push(Rule::UnevaluatedProperties(schema));
        }
        Ok(())
    }

    fn child(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Option<Id>> {
        match source.get(keyword) {
            None => Ok(None),
            Some(value) => self.schema(value, source.below(keyword)).map(Some),
        }
    }

    fn list(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Vec<Id>> {
        match source.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if !items.is_empty() => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.schema(item, source.below(&format!("{keyword}/{index}"))))
                .collect(),
            Some(_) => Err(source.fault(keyword, "is no list of schemas")),
        }
    }

    fn map(&mut self, source: &Source<'s>, keyword: &str) -> Compiled<Vec<(String, Id)>> {
        match source.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| {
                    let pointer = source.below(&format!("{keyword}/{}", escaped(name)));
                    Ok((name.clone(), self.schema(value, pointer)?))
                })
                .collect(),
            Some(_) => Err(source.fault(keyword, "is no object of schemas")),
        }
    }

    /// The dynamic anchors of each resource; none where nothing refers to one.
    fn dynamic_anchors(&mut self) -> Compiled<Vec<Vec<(String, Id)>>> {
        let refers = |it: &Rule| matches!(it, Rule::DynamicRef { .. });
        let mut anchors = vec![Vec::new(); self.resources.list.len()];
        if !self.schemas.iter().flat_map(|it| &it.rules).any(refers) {
            return Ok(anchors);
        }
        for (resource, name, pointer) in self.resources.dynamic.clone() {
            let id = self.at(&pointer, &pointer, "$dynamicAnchor")?;
            anchors[resource].push((name, id));
        }
        Ok(anchors)
    }

    /// That no schema refers back to itself for the same value.
    fn no_circle(&self) -> Compiled<()> {
        let mut done = HashSet::new();
        for id in 0..self.schemas.len() {
            let mut open = Vec::new();
            if let Some(id) = self.circle(id, &mut open, &mut done) {
                return Err(Unsupported {
                    pointer: self.pointers.get(id).cloned().unwrap_or_default(),
                    keyword: "$ref".into(),
                    message: "refers to itself without end".into(),
                });
            }
        }
        Ok(())
    }

    fn circle(&self, id: Id, open: &mut Vec<Id>, done: &mut HashSet<Id>) -> Option<Id> {
        if open.contains(&id) {
            return Some(id);
        }
        if done.contains(&id) {
            return None;
        }
        open.push(id);
        let rules = self.schemas[id].rules.iter();
        let found = rules
            .flat_map(same_place)
            .find_map(|next| self.circle(next, open, done));
        open.pop();
        done.insert(id);
        found
    }
}

/// Marks the schemas that no value breaks. A schema that refers to itself is not
/// looked into far enough to tell.
fn only_warn(schemas: &mut [Schema]) {
    let mut is_settled = false;
    while !is_settled {
        is_settled = true;
        for id in 0..schemas.len() {
            let mut rules = schemas[id].rules.iter();
            if !schemas[id].only_warns && rules.all(|rule| is_never_broken(rule, schemas)) {
                schemas[id].only_warns = true;
                is_settled = false;
            }
        }
    }
}

/// Whether no value breaks a rule, as far as the schemas are known that it applies.
fn is_never_broken(rule: &Rule, schemas: &[Schema]) -> bool {
    let only_warns = |id: &Id| schemas[*id].only_warns;
    match rule {
        Rule::Warning(_) => true,
        Rule::AllOf(ids) => ids.iter().all(only_warns),
        Rule::Ref(id) => only_warns(id),
        Rule::If {
            then, otherwise, ..
        } => [then, otherwise].into_iter().flatten().all(only_warns),
        Rule::Members {
            properties,
            patterns,
            additional,
        } => {
            let named = properties.iter().map(|(_, id)| id);
            let matching = patterns.iter().map(|(_, id)| id);
            named.chain(matching).chain(additional).all(only_warns)
        }
        _ => false,
    }
}

/// The schemas that a rule applies to the same value.
fn same_place(rule: &Rule) -> Vec<Id> {
    match rule {
        Rule::AllOf(ids) | Rule::AnyOf(ids) | Rule::OneOf(ids) => ids.clone(),
        Rule::Not(id) | Rule::Ref(id) => vec![*id],
        Rule::DynamicRef { initial, .. } => vec![*initial],
        Rule::If {
            condition,
            then,
            otherwise,
            ..
        } => [Some(*condition), *then, *otherwise]
            .into_iter()
            .flatten()
            .collect(),
        Rule::DependentSchemas(schemas) => schemas.iter().map(|(_, id)| *id).collect(),
        _ => Vec::new(),
    }
}

fn values(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    if let Some(value) = source.get("type") {
        let names = match value {
            Value::Array(names) => &names[..],
            name => std::slice::from_ref(name),
        };
        let parse = |name: &Value| name.as_str().and_then(Type::parse);
        let types: Option<Vec<Type>> = names.iter().map(parse).collect();
        let types = types.ok_or_else(|| source.fault("type", "names no type of JSON"))?;
        rules.push(Rule::Type(types));
    }
    match source.get("enum") {
        None => {}
        Some(Value::Array(values)) => rules.push(Rule::Enum(values.iter().map(owned).collect())),
        Some(_) => return Err(source.fault("enum", "is not an array")),
    }
    rules.extend(source.get("const").map(|value| Rule::Const(owned(value))));
    Ok(rules)
}

fn owned(value: &Value) -> Node<'static> {
    Node::from(value).into_owned()
}

fn numbers(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let keywords: [Made<Number>; 5] = [
        ("minimum", Rule::Minimum),
        ("maximum", Rule::Maximum),
        ("exclusiveMinimum", Rule::ExclusiveMinimum),
        ("exclusiveMaximum", Rule::ExclusiveMaximum),
        ("multipleOf", Rule::MultipleOf),
    ];
    let mut rules = Vec::new();
    for (keyword, rule) in keywords {
        match source.get(keyword) {
            None => {}
            Some(Value::Number(number)) => {
                if keyword == "multipleOf" && number.as_f64().is_none_or(|it| it <= 0.0) {
                    return Err(source.fault(keyword, "is not above 0"));
                }
                rules.push(rule(number.clone()));
            }
            Some(_) => return Err(source.fault(keyword, "is not a number")),
        }
    }
    Ok(rules)
}

fn texts(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    let text = Text {
        min_length: source.count("minLength")?.unwrap_or(0),
        max_length: source.count("maxLength")?,
        pattern: match source.text("pattern")? {
            None => None,
            Some(pattern) => {
                source.regex("pattern", pattern)?;
                Some(Pattern::owned(pattern.to_owned()))
            }
        },
        truncated_length: None,
    };
    if text.min_length > 0 || text.max_length.is_some() || text.pattern.is_some() {
        rules.push(Rule::Text(text));
    }
    let is_size = ["x-area", "x-aspect-ratio", "x-side"];
    if is_size.iter().any(|name| source.get(name).is_some()) {
        let size = SizeRules::of_keywords(|name| source.get(name));
        let fault = |(keyword, message)| source.fault(keyword, message);
        rules.push(Rule::Size(size.map_err(fault)?));
    }
    Ok(rules)
}

/// Our own keywords, but for those of sizes.
fn own(source: &Source<'_>) -> Compiled<Vec<Rule>> {
    let mut rules = Vec::new();
    if let Some(value) = source.get("x-sum") {
        let sum = Sum::of_keyword(value).ok_or_else(|| source.fault("x-sum", Sum::FORM))?;
        rules.push(Rule::Sum(sum));
    }
    if let Some(value) = source.get("x-same-length") {
        let same = SameLength::of_keyword(value);
        let same = same.ok_or_else(|| source.fault("x-same-length", SameLength::FORM))?;
        rules.push(Rule::SameLength(same));
    }
    let warning = source.text("x-warning")?;
    rules.extend(warning.map(|text| Rule::Warning(text.to_owned())));
    Ok(rules)
}

impl<'s> Source<'s> {
    fn get(&self, keyword: &str) -> Option<&'s Value> {
        self.keywords.get(keyword)
    }

    /// What the schema that is the value of `keyword` is called.
    fn title_of(&self, keyword: &str) -> Option<String> {
        let title = self.get(keyword)?.get("title")?.as_str()?.trim();
        (!title.is_empty()).then(|| title.to_owned())
    }

    fn below(&self, step: &str) -> String {
        format!("{}/{step}", self.pointer)
    }

    fn fault(&self, keyword: &str, message: impl Into<String>) -> Unsupported {
        Unsupported {
            pointer: self.pointer.clone(),
            keyword: keyword.to_owned(),
            message: message.into(),
        }
    }

    fn text(&self, keyword: &str) -> Compiled<Option<&'s str>> {
        match self.get(keyword) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(keyword, "is not a string")),
        }
    }

    fn flag(&self, keyword: &str) -> Compiled<bool> {
        match self.get(keyword) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.fault(keyword, "is not a boolean")),
        }
    }

    /// A count, which may be written `2.0`.
    fn count(&self, keyword: &str) -> Compiled<Option<u64>> {
        let Some(value) = self.get(keyword) else {
            return Ok(None);
        };
        let fault = || self.fault(keyword, "is no whole number from 0");
        let Value::Number(number) = value else {
            return Err(fault());
        };
        let is_count =
            crate::number::is_integer(number) && crate::number::compare(number, &0.into()).is_ge();
        if !is_count {
            return Err(fault());
        }
        // Nothing has more of anything than 64 bits can count.
        let whole = crate::number::whole(number);
        let count = whole.and_then(|it| u64::try_from(it).ok());
        Ok(Some(count.unwrap_or(u64::MAX)))
    }

    fn names(&self, keyword: &str, value: Option<&Value>) -> Compiled<Option<Vec<String>>> {
        let Some(value) = value else {
            return Ok(None);
        };
        let names = value.as_array().and_then(|names| {
            let names = names.iter().map(|name| name.as_str().map(str::to_owned));
            names.collect::<Option<Vec<_>>>()
        });
        let fault = || self.fault(keyword, "is no array of strings");
        names.map(Some).ok_or_else(fault)
    }

    fn dependent(&self, keyword: &str) -> Compiled<Vec<(String, Vec<String>)>> {
        match self.get(keyword) {
            None => Ok(Vec::new()),
            Some(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| {
                    let names = self.names(keyword, Some(value))?;
                    Ok((name.clone(), names.unwrap_or_default()))
                })
                .collect(),
            Some(_) => Err(self.fault(keyword, "is no object")),
        }
    }

    fn regex(&self, keyword: &str, pattern: &str) -> Compiled<Matcher> {
        Matcher::new(pattern).map_err(|error| {
            let message = format!("{pattern:?} is no regular expression of ECMA-262: {error}");
            self.fault(keyword, message)
        })
    }
}
