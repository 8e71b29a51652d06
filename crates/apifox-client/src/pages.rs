//! Replies that are pages of a list, one after the other, as far as somebody asks for them.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use apifox_runtime::{Decode as _, Invalid, NextPage, Node, PagedEndpoint};
use futures_core::Stream;
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::Error;
use crate::excerpt::{excerpt, short_excerpt};
use crate::reply::Reply;
use crate::stage::Stage;

/// A page that is on its way.
type Pending<E> = Pin<
    Box<
        dyn Future<
                Output = Result<
                    Reply<<E as apifox_runtime::Endpoint>::Response>,
                    Error<<E as apifox_runtime::Endpoint>::Error>,
                >,
            > + Send,
    >,
>;

/// The pages of a list: a [`Stream`] of `Result<Page<E>, Error<E::Error>>`.
///
/// A page is asked for when it is polled for, and not before. Each is a call of its own, with
/// the client's deadline and retries. It ends after the last page, and after an error.
///
/// An error is that of the call; or it has [`Stage::Unreadable`] and the reply, where that leads
/// to a page that can't be asked for, or the API goes round in circles.
#[must_use = "no page is asked for unless it is polled"]
pub struct Pages<E: PagedEndpoint> {
    client: Client,
    following: Following<E::Error>,
    pending: Option<Pending<E>>,
    /// How many pages came.
    count: usize,
    /// The cursors that came; where there are none, the items of the last page.
    seen: HashSet<String>,
}

/// What follows the pages that came.
enum Following<E> {
    /// The page that this request asks for, in its JSON form.
    Request(Value),
    /// A page that can't be asked for.
    Error(Error<E>),
    /// Nothing.
    End,
}

/// A page of a list: a reply, and the items in it.
pub struct Page<E: PagedEndpoint> {
    reply: Reply<E::Response>,
    items: Vec<Result<E::Item, Invalid>>,
}

/// The items of a list, page after page: a [`Stream`] of `Result<E::Item, Error<E::Error>>`.
///
/// The next page is asked for once all items of the one before were taken. It ends after the
/// last item, and after an error: one of [`Pages`], or, at [`Stage::Unreadable`] as well, an item
/// that is not as its document says.
#[must_use = "no page is asked for unless it is polled"]
pub struct Items<E: PagedEndpoint> {
    pages: Pages<E>,
    reply: Option<Reply<E::Response>>,
    items: vec::IntoIter<Result<E::Item, Invalid>>,
}

impl Client {
    /// The pages of a list, from the one that `request` asks for on, as far as they are polled
    /// for.
    pub fn pages<E>(&self, request: &E) -> Pages<E>
    where
        E: PagedEndpoint + Send + Sync + 'static,
    {
        Pages {
            client: self.clone(),
            // What has no JSON form is told when it is sent.
            following: Following::Request(serde_json::to_value(request).unwrap_or_default()),
            pending: None,
            count: 0,
            seen: HashSet::new(),
        }
    }
}

impl<E: PagedEndpoint> Page<E> {
    /// The reply that the page came in.
    #[must_use]
    pub fn reply(&self) -> &Reply<E::Response> {
        &self.reply
    }

    /// The items; an error for each that is not as its document says.
    pub fn items(&self) -> &[Result<E::Item, Invalid>] {
        &self.items
    }

    /// The items, if all are as their document says.
    ///
    /// # Errors
    ///
    /// What is wrong with the first one that is not.
    pub fn into_items(self) -> Result<Vec<E::Item>, Invalid> {
        self.items.into_iter().collect()
    }
}

impl<E> Pages<E>
where
    E: PagedEndpoint + Send + Sync + 'static,
{
    /// The next page; `None` where no more come.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; and [`Stage::Unreadable`] where the API gives a cursor that the
    /// request does not take, or one that it gave before, or the page before once more.
    pub async fn next(&mut self) -> Option<Result<Page<E>, Error<E::Error>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The items of all pages, one after the other.
    pub fn items(self) -> Items<E> {
        Items {
            pages: self,
            reply: None,
            items: Vec::new().into_iter(),
        }
    }

    /// Takes in a page, and finds what asks for the one after it.
    fn take(&mut self, reply: Reply<E::Response>, request: Value) -> Result<Page<E>, Error> {
        self.count += 1;
        let none = Vec::new();
        let items = reply.json().pointer(E::PAGES.items);
        let items = items.and_then(Value::as_array).unwrap_or(&none);
        if self.is_repeated(items) {
            let why = "is the same as the one before";
            return Err(self.circle(&reply, why));
        }
        self.following = match self.request_after(&reply, items, request) {
            Ok(Some(request)) => Following::Request(request),
            Ok(None) => Following::End,
            Err(error) => Following::Error(error.with_type_of::<E>()),
        };
        let items = items
            .iter()
            .map(|item| E::Item::decode_root(&Node::from(item)));
        let items = items.collect();
        Ok(Page { reply, items })
    }

    /// Whether a page has the items of the one before, where only they can tell.
    fn is_repeated(&mut self, items: &[Value]) -> bool {
        if items.is_empty() || !matches!(E::PAGES.next, NextPage::Number(_) | NextPage::Offset) {
            return false;
        }
        let items = Value::from(items).to_string();
        let is_repeated = self.seen.contains(&items);
        self.seen = HashSet::from([items]);
        is_repeated
    }

    /// The request for the page after this one, if there is one.
    fn request_after(
        &mut self,
        reply: &Reply<E::Response>,
        items: &[Value],
        request: Value,
    ) -> Result<Option<Value>, Error> {
        let pages = E::PAGES;
        let current = || request.pointer(pages.parameter).and_then(Value::as_i64);
        let is_last = |more| !reply.json().pointer(more).is_some_and(says_yes);
        let next = match pages.next {
            _ if pages.more.is_some_and(is_last) => None,
            NextPage::Cursor(place) => reply.json().pointer(place).cloned(),
            NextPage::LastItem(place) => items.last().and_then(|last| last.pointer(place)).cloned(),
            NextPage::Number(_) | NextPage::Offset if items.is_empty() => None,
            NextPage::Number(first) => Some(current().unwrap_or(first).saturating_add(1).into()),
            NextPage::Offset => {
                let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
                Some(current().unwrap_or(0).saturating_add(count).into())
            }
        };
        let Some(next) = next.filter(says_yes) else {
            return Ok(None);
        };
        let is_cursor = matches!(pages.next, NextPage::Cursor(_) | NextPage::LastItem(_));
        if is_cursor && !self.seen.insert(next.to_string()) {
            let next = short_excerpt(&next.to_string());
            let why = format!("leads to {next}, as one before it did");
            return Err(self.circle(reply, &why));
        }
        let request = asking_for::<E>(request, next).map_err(|invalid| {
            let why = shown(&invalid);
            let message = format!("the reply leads to a page that can't be asked for: {why}");
            self.unreadable(reply, message)
        });
        request.map(Some)
    }

    /// The error of an API that goes round in circles.
    fn circle(&self, reply: &Reply<E::Response>, why: &str) -> Error {
        let count = self.count;
        let message = format!("page {count} {why}: the API goes round in circles");
        self.unreadable(reply, message)
    }

    /// The error of a reply that reports success, and is not what it should be.
    fn unreadable(&self, reply: &Reply<E::Response>, message: String) -> Error {
        let effect = self.client.effect(E::OPERATION);
        Error::new(Stage::Unreadable, message)
            .with_reply(reply.received().clone().into())
            .after_attempts(effect, reply.attempts())
    }
}

/// What deviates in a reply, as an error shows it.
fn shown(invalid: &Invalid) -> String {
    excerpt(invalid.to_string().as_bytes())
}

/// Whether a value says that there are more.
fn says_yes(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

/// A request with what asks for a page, if that is allowed; as a text or as a number, as the
/// request has it.
fn asking_for<E: PagedEndpoint>(mut request: Value, next: Value) -> Result<Value, Invalid> {
    let pointer = E::PAGES.parameter;
    let other = match &next {
        Value::Number(number) => Some(Value::from(number.to_string())),
        Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_number),
        _ => None,
    };
    put(&mut request, pointer, next);
    let refused = match E::decode_root(&Node::from(&request)) {
        Ok(_) => return Ok(request),
        Err(invalid) => invalid,
    };
    let Some(other) = other else {
        return Err(refused);
    };
    put(&mut request, pointer, other);
    match E::decode_root(&Node::from(&request)) {
        Ok(_) => Ok(request),
        Err(_) => Err(refused),
    }
}

/// Puts a value where a JSON pointer leads to, with the objects around it.
fn put(request: &mut Value, pointer: &str, value: Value) {
    let mut place = request;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[step];
    }
    *place = value;
}

impl<E> Stream for Pages<E>
where
    E: PagedEndpoint + Send + Sync + 'static,
{
    type Item = Result<Page<E>, Error<E::Error>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let pages = self.get_mut();
        let request = match std::mem::replace(&mut pages.following, Following::End) {
            Following::Request(request) => request,
            Following::Error(error) => return Poll::Ready(Some(Err(error))),
            Following::End => return Poll::Ready(None),
        };
        let pending = pages.pending.get_or_insert_with(|| {
            let (client, request) = (pages.client.clone(), request.clone());
            Box::pin(async move {
                match E::decode_root(&Node::from(&request)) {
                    Ok(request) => client.send(&request).await,
                    Err(invalid) => {
                        let error = Error::invalid(E::OPERATION, invalid);
                        Err(client.unsent(E::OPERATION, error).with_type_of::<E>())
                    }
                }
            })
        });
        let Poll::Ready(sent) = pending.as_mut().poll(context) else {
            pages.following = Following::Request(request);
            return Poll::Pending;
        };
        pages.pending = None;
        let page =
            sent.and_then(|reply| pages.take(reply, request).map_err(Error::with_type_of::<E>));
        Poll::Ready(Some(page))
    }
}

impl<E> Items<E>
where
    E: PagedEndpoint + Send + Sync + 'static,
{
    /// The next item; `None` where no more come.
    ///
    /// # Errors
    ///
    /// As [`Pages::next`]; and [`Stage::Unreadable`] for an item that is not as its document
    /// says, with the reply that it came in. It ends there.
    pub async fn next(&mut self) -> Option<Result<E::Item, Error<E::Error>>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The error of an item that is not as its document says.
    fn deviating(&mut self, invalid: &Invalid) -> Error<E::Error> {
        let count = self.pages.count;
        let why = shown(invalid);
        let message = format!("an item of page {count} is not as its document says: {why}");
        self.pages.following = Following::End;
        self.items = Vec::new().into_iter();
        let error = match &self.reply {
            Some(reply) => self.pages.unreadable(reply, message),
            None => Error::new(Stage::Unreadable, message),
        };
        error.with_type_of::<E>()
    }
}

impl<E> Stream for Items<E>
where
    E: PagedEndpoint + Send + Sync + 'static,
{
    type Item = Result<E::Item, Error<E::Error>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let items = self.get_mut();
        loop {
            match items.items.next() {
                Some(Ok(item)) => return Poll::Ready(Some(Ok(item))),
                Some(Err(invalid)) => return Poll::Ready(Some(Err(items.deviating(&invalid)))),
                None => {}
            }
            match ready!(Pin::new(&mut items.pages).poll_next(context)) {
                Some(Ok(page)) => {
                    items.reply = Some(page.reply);
                    items.items = page.items.into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<E: PagedEndpoint> Unpin for Pages<E> {}
impl<E: PagedEndpoint> Unpin for Items<E> {}

impl<E: PagedEndpoint> fmt::Debug for Page<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("reply", &self.reply)
            .field("items", &self.items.len())
            .finish()
    }
}

impl<E: PagedEndpoint> fmt::Debug for Pages<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl<E: PagedEndpoint> fmt::Debug for Items<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
