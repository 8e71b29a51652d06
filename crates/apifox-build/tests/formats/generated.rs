/// Every document as it was corrected, sorted by file.
pub static DOCUMENTS: &[::apifox_runtime::Document] = &[
    ::apifox_runtime::Document {
        api: "",
        name: "formats",
        json: include_str!("documents/formats.json"),
    },
];
/// Every operation of every document, sorted by file.
pub const OPERATIONS: &[&::apifox_runtime::Operation] = &[];
/// Formats
///
/// Document: `formats.json`
pub mod formats {
    use ::apifox_runtime as rt;
    const SCHEMAS: rt::SchemaText = rt::SchemaText::new(
        r#"{"components":{"schemas":{"Formats":{"properties":{"halves":{"format":"int32","multipleOf":0.5,"minimum":-2147483648,"maximum":2147483647,"allOf":[{"multipleOf":1}]},"no_date":{"type":"string","not":{"format":"date","x-format":"date"}},"period":{"type":"object","properties":{"from":{"type":"string","format":"date","x-format":"date"},"to":{"type":"string","format":"date","x-format":"date"},"zone":{"type":"string"}},"dependentRequired":{"from":["to"]},"additionalProperties":false},"untyped_date":{"format":"date","x-format":"date"},"untyped_int":{"format":"int32","minimum":-2147483648,"maximum":2147483647,"allOf":[{"multipleOf":1}]},"uri_or_uuid":{"anyOf":[{"type":"string","format":"uri","x-format":"uri"},{"type":"string","format":"uuid","x-format":"uuid"}]}}}}}}"#,
    );
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Formats {
        pub date_time: Option<rt::DateTime>,
        pub date: Option<rt::Date>,
        pub time: Option<rt::Time>,
        pub duration: Option<rt::Duration>,
        pub uuid: Option<rt::Uuid>,
        pub uri: Option<rt::Uri>,
        pub email: Option<rt::Email>,
        pub ipv4: Option<rt::Ipv4>,
        pub ipv6: Option<rt::Ipv6>,
        pub byte: Option<rt::Bytes>,
        pub binary: Option<String>,
        pub int8: Option<i8>,
        pub int16: Option<i16>,
        pub int32: Option<i32>,
        pub int64: Option<i64>,
        pub uint8: Option<u8>,
        pub uint16: Option<u16>,
        pub uint32: Option<u32>,
        pub uint64: Option<u64>,
        pub float: Option<rt::Float>,
        pub double: Option<rt::Double>,
        pub whole_number: Option<i32>,
        pub untyped_int: Option<UntypedInt>,
        pub from_zero: Option<FromZero>,
        pub narrow: Option<Narrow>,
        pub half_float: Option<HalfFloat>,
        pub nullable_uuid: Option<rt::Nullable<rt::Uuid>>,
        pub days: Option<Days>,
        pub by_name: Option<::std::collections::BTreeMap<String, rt::Email>>,
        pub long_uri: Option<LongUri>,
        pub date_or_time: Option<DateOrTime>,
        pub uri_or_uuid: Option<UriOrUuid>,
        pub date_or_number: Option<DateOrNumber>,
        pub listed_dates: Option<ListedDates>,
        pub untyped_date: Option<UntypedDate>,
        pub both: Option<Both>,
        pub no_date: Option<NoDate>,
        pub unchosen: Option<String>,
        pub text_int: Option<String>,
        pub period: Option<Period>,
        pub format: Option<String>,
        pub halves: Option<Halves>,
    }
    rt::object! {
        Formats default { optional date_time: try_into rt::DateTime, optional date: try_into
        rt::Date, optional time: try_into rt::Time, optional duration: try_into rt::Duration,
        optional uuid: try_into rt::Uuid, optional uri: try_into rt::Uri, optional email: try_into
        rt::Email, optional ipv4: try_into rt::Ipv4, optional ipv6: try_into rt::Ipv6, optional
        byte: try_into rt::Bytes, optional binary: into String, optional int8: try_into i8, optional
        int16: try_into i16, optional int32: into i32, optional int64: into i64, optional uint8:
        try_into u8, optional uint16: try_into u16, optional uint32: try_into u32, optional uint64:
        try_into u64, optional float: try_into rt::Float, optional double: try_into rt::Double,
        optional whole_number: into i32, optional untyped_int: try_into UntypedInt, optional
        from_zero: try_into FromZero, optional narrow: try_into Narrow, optional half_float:
        try_into HalfFloat, optional nullable_uuid: into rt::Nullable<rt::Uuid>, optional days:
        try_into Days, optional by_name: into::std::collections::BTreeMap<String, rt::Email>,
        optional long_uri: try_into LongUri, optional date_or_time: into DateOrTime, optional
        uri_or_uuid: try_into UriOrUuid, optional date_or_number: into DateOrNumber, optional
        listed_dates: into ListedDates, optional untyped_date: try_into UntypedDate, optional both:
        try_into Both, optional no_date: try_into NoDate, optional unchosen: into String, optional
        text_int: into String, optional period: try_into Period, optional format: into String,
        optional halves: try_into Halves, }
    }
    /// What `{"minimum":-2147483648,"maximum":2147483647,"allOf":[{"multipleOf":1}]}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/untyped_int`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UntypedInt(::serde_json::Value);
    rt::guarded! {
        UntypedInt(::serde_json::Value): new(SCHEMAS,
        "/components/schemas/Formats/properties/untyped_int", rt::Draft::Latest), accepts
    }
    /// An integer from 0 to 9223372036854775807.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/from_zero`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct FromZero(i64);
    rt::bounded_int! { FromZero: minimum: 0, maximum: 9223372036854775807, multiple_of: 1 }
    /// An integer from -5 to 2147483647.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/narrow`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Narrow(i64);
    rt::bounded_int! { Narrow: minimum: -5, maximum: 2147483647, multiple_of: 1 }
    /// A number of at least 0 and at most 340282346638528860000000000000000000000.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/half_float`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct HalfFloat(::serde_json::Number);
    rt::bounded! {
        number HalfFloat: minimum: Integer(0), maximum:
        Float(340282346638528860000000000000000000000.0)
    }
    /// An array.
    ///
    /// No two items are equal.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/days`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Days(Vec<rt::Date>);
    rt::items! { Days(rt::Date) or rt::Date: unique_items: true }
    /// A string of at least 20 characters.
    ///
    /// It is a URI such as https://example.com/.
    ///
    /// A match of `^https:`.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/long_uri`
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct LongUri(String);
    rt::text! {
        checked LongUri: format: Some(rt::Format::Uri), min_length: 20, max_length: None, pattern:
        Some(rt::Pattern::new("^https:")), truncated_length: None
    }
    /// Schema: `formats.json#/components/schemas/Formats/properties/date_or_time`
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum DateOrTime {
        String(rt::Date),
        String2(rt::DateTime),
    }
    rt::alternatives! { one_of DateOrTime { from String(rt::Date), from String2(rt::DateTime) } }
    /// What `{"anyOf":[{"type":"string","format":"uri","x-format":"uri"},{"type":"string","format":"uuid","x-format":"uuid"}]}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/uri_or_uuid`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UriOrUuid(String);
    rt::guarded! {
        UriOrUuid(String): new(SCHEMAS, "/components/schemas/Formats/properties/uri_or_uuid",
        rt::Draft::Latest), accepts
    }
    rt::from_str! { UriOrUuid: |text| Self::try_from(text.to_owned()) }
    rt::display_inner! { UriOrUuid }
    /// Schema: `formats.json#/components/schemas/Formats/properties/date_or_number`
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum DateOrNumber {
        String(rt::Date),
        Integer(rt::Integer),
    }
    rt::alternatives! { any_of DateOrNumber { from String(rt::Date), from Integer(rt::Integer) } }
    /// Schema: `formats.json#/components/schemas/Formats/properties/listed_dates`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ListedDates {
        /// `"2024-02-29"`
        _2024_02_29,
        /// `"2023-03-01"`
        _2023_03_01,
    }
    rt::constants! { ListedDates { _2024_02_29 = "2024-02-29", _2023_03_01 = "2023-03-01" } }
    /// What `{"x-format":"date"}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/untyped_date`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UntypedDate(::serde_json::Value);
    rt::guarded! {
        UntypedDate(::serde_json::Value): new(SCHEMAS,
        "/components/schemas/Formats/properties/untyped_date", rt::Draft::Latest), accepts
    }
    /// A string of at most 30 characters.
    ///
    /// It is a URI such as https://example.com/.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/both`
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Both(String);
    rt::text! {
        checked Both: format: Some(rt::Format::Uri), min_length: 0, max_length: Some(30), pattern:
        None, truncated_length: None
    }
    /// What `{"type":"string","not":{"format":"date","x-format":"date"}}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/no_date`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct NoDate(String);
    rt::guarded! {
        NoDate(String): cross_field_only(SCHEMAS, "/components/schemas/Formats/properties/no_date",
        rt::Draft::Latest), accepts
    }
    rt::from_str! { NoDate: |text| Self::try_from(text.to_owned()) }
    rt::display_inner! { NoDate }
    /// Checked against its whole schema when it is decoded or made.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/period`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Period(PeriodValue);
    rt::guarded! {
        Period(PeriodValue): cross_field_only(SCHEMAS,
        "/components/schemas/Formats/properties/period", rt::Draft::Latest), accepts
    }
    /// Schema: `formats.json#/components/schemas/Formats/properties/period`
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PeriodValue {
        pub from: Option<rt::Date>,
        pub to: Option<rt::Date>,
        pub zone: Option<String>,
    }
    rt::object! {
        PeriodValue default as JsonView { optional from: try_into rt::Date, optional to: try_into
        rt::Date, optional zone: into String, }
    }
    /// What `{"multipleOf":0.5,"minimum":-2147483648,"maximum":2147483647,"allOf":[{"multipleOf":1}]}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/halves`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Halves(::serde_json::Value);
    rt::guarded! {
        Halves(::serde_json::Value): new(SCHEMAS, "/components/schemas/Formats/properties/halves",
        rt::Draft::Latest), accepts
    }
}
