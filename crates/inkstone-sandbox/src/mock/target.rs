//! What requests store, and what of that their replies show.

use hyper::StatusCode;
use serde_json::{Map, Value};

use crate::documents::schema::Schema;
use crate::mock::document::Mock;
use crate::mock::error::MockError;
use crate::mock::operation::Found;
use crate::mock::overlay;
use crate::mock::states::{self, Resource, Stored};
use crate::mock::template;

/// What a request is about: a collection, or a resource in one.
pub struct Target<'m> {
    mock: &'m Mock,
    path: String,
    /// The collection and the id, where the last part of the path is a parameter.
    resource: Option<(String, String)>,
    /// The parameter that is the last part of the path.
    parameter: Option<&'m str>,
    /// The parameter of the path below this one at which single resources are read.
    id_parameter: Option<&'m str>,
    /// Whether this path has a list of what is posted to it.
    is_listed: bool,
}

impl<'m> Target<'m> {
    pub fn new(mock: &'m Mock, found: &Found<'m>) -> Self {
        let path = found.path.trim_end_matches('/').to_owned();
        let parameter = found.operation.template.last_parameter();
        let split = path.rsplit_once('/').filter(|_| parameter.is_some());
        let resource = split.map(|(collection, id)| (collection.to_owned(), template::decoded(id)));
        let own = found.operation.endpoint.path.trim_end_matches('/');
        let below = mock.operations.iter().find_map(|other| {
            let name = other.template.last_parameter()?;
            let rest = other.endpoint.path.strip_prefix(own)?;
            let is_read = other.endpoint.method == "GET";
            (is_read && rest == format!("/{{{name}}}")).then_some(name)
        });
        Self {
            mock,
            path,
            resource,
            parameter,
            id_parameter: below,
            is_listed: mock.operations.iter().any(|other| {
                other.endpoint.method == "GET" && other.endpoint.path.trim_end_matches('/') == own
            }),
        }
    }

    /// A POST to a collection, or to a list, makes a resource.
    pub fn is_new(&self, method: &str) -> bool {
        method == "POST" && self.resource.is_none() && self.has_resources()
    }

    fn has_resources(&self) -> bool {
        self.id_parameter.is_some() || self.is_listed
    }

    pub fn matters(&self, method: &str) -> bool {
        method == "POST" || self.resource.is_some() || self.has_resources()
    }

    /// Whether it was not deleted.
    pub fn is_there(&self, method: &str) -> Result<(), MockError> {
        let Some((collection, id)) = &self.resource else {
            return Ok(());
        };
        let is_deleted = self.mock.states.get(collection, id) == Some(Stored::Deleted);
        match is_deleted && method != "PUT" {
            true => Err(MockError::new(
                StatusCode::NOT_FOUND,
                format!("{id} was deleted"),
            )),
            false => Ok(()),
        }
    }

    /// Stores what a request says, and puts into its reply what is stored.
    pub fn apply(
        &self,
        method: &str,
        sent: Option<&Map<String, Value>>,
        mut reply: Option<(&Schema, &mut Value)>,
    ) {
        let states = &self.mock.states;
        match (method, &self.resource) {
            ("DELETE", Some((collection, id))) => states.set(collection, id, Stored::Deleted),
            ("PUT" | "PATCH" | "POST", Some((collection, id))) => {
                let Some(sent) = sent else { return };
                let mut resource = match states.get(collection, id) {
                    Some(Stored::There(resource)) => resource,
                    _ => Resource::default(),
                };
                if method == "PUT" {
                    resource.forget_sent();
                }
                resource.take(sent);
                // What the reply tells of it is what later replies tell.
                let told = self.show(&resource.members, reply.as_mut());
                resource.members.extend(told.into_iter().flatten());
                states.set(collection, id, Stored::There(resource));
            }
            ("GET" | "HEAD", Some((collection, id))) => {
                if let Some(Stored::There(resource)) = states.get(collection, id) {
                    self.show(&resource.members, reply.as_mut());
                }
            }
            ("POST", None) => self.store(sent, reply),
            ("GET" | "HEAD", None) => {
                if let (Some(all), Some((schema, reply))) = (states.list(&self.path), reply) {
                    self.list(&all, schema, reply);
                }
            }
            _ => {}
        }
    }

    fn store(&self, sent: Option<&Map<String, Value>>, mut reply: Option<(&Schema, &mut Value)>) {
        let Some(sent) = sent else { return };
        let mut resource = Resource::default();
        resource.take(sent);
        if let Some((schema, reply)) = reply.as_mut() {
            let place = overlay::likest(reply, sent);
            if let Some(place) = &place {
                overlay::put(schema, reply, place, sent);
            }
            let place = place.unwrap_or_default();
            let own = reply.pointer(&place).and_then(Value::as_object);
            resource.members.extend(own.cloned().into_iter().flatten());
        }
        if !self.has_resources() {
            return;
        }
        let id_of = |value: &Value| states::id(value, self.id_parameter?, &self.path);
        let id = reply.and_then(|(_, reply)| id_of(reply));
        let id = id.or_else(|| id_of(&sent.clone().into()));
        // What no path leads to is only listed.
        let numbered = || {
            self.id_parameter
                .is_none()
                .then(|| self.mock.states.next().to_string())
        };
        if let Some(id) = id.or_else(numbered) {
            self.mock
                .states
                .set(&self.path, &id, Stored::There(resource));
        }
    }

    /// Puts what is stored of a resource into a reply about it, under the id of the path; what
    /// the reply tells of it then.
    fn show(
        &self,
        members: &Map<String, Value>,
        reply: Option<&mut (&Schema, &mut Value)>,
    ) -> Option<Map<String, Value>> {
        let ((schema, reply), (collection, id)) = (reply?, self.resource.as_ref()?);
        let own = |place: &String| {
            let object = reply.pointer(place)?.as_object()?;
            id_as_in(object, self.parameter?, collection, id)
        };
        let has_id = || {
            let mut places = overlay::places(reply).into_iter();
            places.find(|place| own(place).is_some())
        };
        let place = overlay::likest(reply, members).or_else(has_id)?;
        let told: Map<_, _> = own(&place).into_iter().chain(members.clone()).collect();
        overlay::put(schema, reply, &place, &told);
        reply.pointer(&place)?.as_object().cloned()
    }

    /// Puts what a collection has into the first array of a reply, each as its items are.
    fn list(&self, all: &[(String, Map<String, Value>)], schema: &Schema, reply: &mut Value) {
        const MOST_LISTED: usize = 100;
        let mut places = overlay::places(reply).into_iter();
        let array = places.find(|place| reply.pointer(place).is_some_and(Value::is_array));
        let Some(place) = array else { return };
        let sample = reply
            .pointer(&place)
            .and_then(|array| array.get(0))
            .cloned();
        let own = |(id, members): &(String, Map<String, Value>)| match &sample {
            Some(Value::Object(sample)) => {
                let known = members
                    .iter()
                    .filter(|(name, _)| sample.contains_key(*name));
                let known = known.map(|(name, value)| (name.clone(), value.clone()));
                let mut item = sample.clone();
                let parameter = self.id_parameter;
                item.extend(parameter.and_then(|name| id_as_in(sample, name, &self.path, id)));
                item.extend(known);
                Value::Object(item)
            }
            _ => Value::Object(members.clone()),
        };
        let items: Value = all.iter().take(MOST_LISTED).map(own).collect();
        overlay::replace(schema, reply, &place, items);
    }
}

/// The member of an object that is its id, with another id of the same type.
fn id_as_in(
    object: &Map<String, Value>,
    parameter: &str,
    collection: &str,
    id: &str,
) -> Option<(String, Value)> {
    let (_, name, _) = states::id_member(object, parameter, collection)?;
    let value = match object[name].is_number() {
        true => serde_json::from_str(id).ok().filter(Value::is_number)?,
        false => id.into(),
    };
    Some((name.to_owned(), value))
}
