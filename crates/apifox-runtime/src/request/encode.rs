//! From a request's JSON form to the parts of an HTTP request.

use crate::request::body;
use crate::request::encoded::Encoded;
use crate::request::error::Unsendable;
use crate::request::operation::{Location, Operation};
use crate::request::parameters::names::Names;
use crate::request::parameters::{cookie, header, query, template};
use crate::request::parts::Request;
use crate::value::node::Node;

impl Operation {
    /// Writes a request, given in its JSON form, as the parts of an HTTP request.
    ///
    /// The same request is always written as the same bytes. The schema is not checked
    /// here; see [`check_request`](Self::check_request).
    ///
    /// # Errors
    ///
    /// When the request can't be expressed in HTTP: a placeholder of the path gets no
    /// value, or one that would change the path's segments; a value is not allowed in a
    /// header; a file is not a `data:` URI; the operation does not have a parameter.
    pub fn encode(&self, request: &Node<'_>) -> Result<Encoded, Unsendable> {
        let request = Request::split(self, request)?;
        let mut path = template::fill(self.path, &request.given(Location::Path))?;
        let declared = request.declared(Location::Query);
        let names = Names::new(declared.chain(query::fixed_names(self.path)));
        query::append(&mut path, &request.given(Location::Query), names)?;
        let mut headers = header::write(self.headers, &request.given(Location::Header))?;
        let names = Names::new(request.declared(Location::Cookie));
        let cookies = cookie::write(&request.given(Location::Cookie), names)?;
        if cookies.is_some() && self.method == "TRACE" {
            let problem = "TRACE is sent without any, since it is sent back as it came";
            return Err(Unsendable::new("the cookies", problem));
        }
        headers.extend(cookies);
        let mut body = match (self.body, request.body) {
            (Some(media), Some(body)) => Some(body::write(self, media, body)?),
            _ => None,
        };
        // `Content-Type` belongs to the body, and the document's words for it win.
        headers.retain(|(name, value)| {
            let is_of_body = name.eq_ignore_ascii_case("content-type");
            if let Some(body) = body.as_mut().filter(|_| is_of_body) {
                body.media_type.clone_from(value);
            }
            !is_of_body
        });
        Ok(Encoded {
            path,
            headers,
            body,
        })
    }
}
