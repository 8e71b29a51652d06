//! How a value is written as the text of a parameter or of a form's field.

/// How a value is written, as in OpenAPI's `style`, `explode` and `allowReserved`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serialization {
    /// What stands between its parts.
    pub style: Style,
    /// Whether each item of an array, and each member of an object, is written for itself.
    pub explode: bool,
    /// Whether the reserved characters of URLs, and what is percent-encoded already, are
    /// written as they are. Those that would end the value are still encoded. In a cookie, all
    /// that may stand in one is written as it is.
    pub allow_reserved: bool,
}

/// How the parts of a value are joined, as in the
/// [style values](https://spec.openapis.org/oas/v3.1.1.html#style-values) of OpenAPI, which
/// are expansions of [RFC 6570](https://www.rfc-editor.org/rfc/rfc6570#section-3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `;a=1,2`, exploded `;a=1;a=2`
    Matrix,
    /// `.1,2`, exploded `.1.2`
    Label,
    /// `1,2`; of an object `x,1,y,2`, exploded `x=1,y=2`
    Simple,
    /// `a=1,2`, exploded `a=1&a=2`; of an object `a=x,1,y,2`, exploded `x=1&y=2`
    Form,
    /// `a=1%202`
    SpaceDelimited,
    /// `a=1%7C2`
    PipeDelimited,
    /// `a[x]=1&a[y]=2`
    DeepObject,
    /// As [`Form`](Self::Form), in cookies alone: exploded `a=1; a=2`. Nothing is encoded.
    Cookie,
    /// As JSON.
    Json,
}

impl Style {
    /// This style, not exploded.
    #[must_use]
    pub const fn joined(self) -> Serialization {
        Serialization {
            style: self,
            explode: false,
            allow_reserved: false,
        }
    }

    /// This style, exploded.
    #[must_use]
    pub const fn exploded(self) -> Serialization {
        Serialization {
            explode: true,
            ..self.joined()
        }
    }
}

impl Serialization {
    /// The same, with the reserved characters of URLs as they are.
    #[must_use]
    pub const fn with_reserved(self) -> Self {
        Self {
            allow_reserved: true,
            ..self
        }
    }
}
