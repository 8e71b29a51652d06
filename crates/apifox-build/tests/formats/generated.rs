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
    /// An object with no other fields than these.
    ///
    /// Schema: `formats.json#/components/schemas/Formats`
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
    rt::constructor! {
        Formats() date_time, date, time, duration, uuid, uri, email, ipv4, ipv6, byte,
        binary, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float, double,
        whole_number, untyped_int, from_zero, narrow, half_float, nullable_uuid, days,
        by_name, long_uri, date_or_time, uri_or_uuid, date_or_number, listed_dates,
        untyped_date, both, no_date, unchosen, text_int, period, format, halves
    }
    rt::setters! {
        Formats { try_into date_time : date_time = rt::DateTime, try_into date : date =
        rt::Date, try_into time : time = rt::Time, try_into duration : duration =
        rt::Duration, try_into uuid : uuid = rt::Uuid, try_into uri : uri = rt::Uri,
        try_into email : email = rt::Email, try_into ipv4 : ipv4 = rt::Ipv4, try_into
        ipv6 : ipv6 = rt::Ipv6, try_into byte : byte = rt::Bytes, into binary : binary =
        String, try_into int8 : int8 = i8, try_into int16 : int16 = i16, into int32 :
        int32 = i32, into int64 : int64 = i64, try_into uint8 : uint8 = u8, try_into
        uint16 : uint16 = u16, try_into uint32 : uint32 = u32, try_into uint64 : uint64 =
        u64, try_into float : float = rt::Float, try_into double : double = rt::Double,
        into whole_number : whole_number = i32, try_into untyped_int : untyped_int =
        UntypedInt, try_into from_zero : from_zero = FromZero, try_into narrow : narrow =
        Narrow, try_into half_float : half_float = HalfFloat, into nullable_uuid :
        nullable_uuid = rt::Nullable < rt::Uuid >, try_into days : days = Days, into
        by_name : by_name = ::std::collections::BTreeMap < String, rt::Email >, try_into
        long_uri : long_uri = LongUri, into date_or_time : date_or_time = DateOrTime,
        try_into uri_or_uuid : uri_or_uuid = UriOrUuid, into date_or_number :
        date_or_number = DateOrNumber, into listed_dates : listed_dates = ListedDates,
        try_into untyped_date : untyped_date = UntypedDate, try_into both : both = Both,
        try_into no_date : no_date = NoDate, into unchosen : unchosen = String, into
        text_int : text_int = String, try_into period : period = Period, into format :
        format = String, try_into halves : halves = Halves, }
    }
    rt::object! {
        Formats { optional date_time = "date_time", optional date = "date", optional time
        = "time", optional duration = "duration", optional uuid = "uuid", optional uri =
        "uri", optional email = "email", optional ipv4 = "ipv4", optional ipv6 = "ipv6",
        optional byte = "byte", optional binary = "binary", optional int8 = "int8",
        optional int16 = "int16", optional int32 = "int32", optional int64 = "int64",
        optional uint8 = "uint8", optional uint16 = "uint16", optional uint32 = "uint32",
        optional uint64 = "uint64", optional float = "float", optional double = "double",
        optional whole_number = "whole_number", optional untyped_int = "untyped_int",
        optional from_zero = "from_zero", optional narrow = "narrow", optional half_float
        = "half_float", optional nullable_uuid = "nullable_uuid", optional days = "days",
        optional by_name = "by_name", optional long_uri = "long_uri", optional
        date_or_time = "date_or_time", optional uri_or_uuid = "uri_or_uuid", optional
        date_or_number = "date_or_number", optional listed_dates = "listed_dates",
        optional untyped_date = "untyped_date", optional both = "both", optional no_date
        = "no_date", optional unchosen = "unchosen", optional text_int = "text_int",
        optional period = "period", optional format = "format", optional halves =
        "halves", }
    }
    /// What `{"minimum":-2147483648,"maximum":2147483647,"allOf":[{"multipleOf":1}]}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/untyped_int`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UntypedInt(::serde_json::Value);
    rt::guarded! {
        UntypedInt(::serde_json::Value) : new(SCHEMAS,
        "/components/schemas/Formats/properties/untyped_int", rt::Draft::Latest), accepts
    }
    /// An integer from 0 to 9223372036854775807.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/from_zero`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct FromZero(i64);
    rt::bounded_int! {
        FromZero : minimum : 0i64, maximum : 9223372036854775807i64, multiple_of : 1u64
    }
    /// An integer from -5 to 2147483647.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/narrow`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Narrow(i64);
    rt::bounded_int! {
        Narrow : minimum : - 5i64, maximum : 2147483647i64, multiple_of : 1u64
    }
    /// A number of at least 0 and at most 340282346638528860000000000000000000000.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/half_float`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct HalfFloat(::serde_json::Number);
    rt::bounded! {
        HalfFloat(::serde_json::Number) : minimum : Integer(0i64), maximum :
        Float(340282346638528860000000000000000000000f64)
    }
    rt::try_from! {
        HalfFloat : i32, i64, u32, u64, f64
    }
    rt::display_inner! {
        HalfFloat
    }
    /// An array.
    ///
    /// No two items are equal.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/days`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Days(Vec<rt::Date>);
    rt::items! {
        Days(rt::Date) : min_items : 0u64, max_items : None, unique_items : true,
        contains : None
    }
    impl From<rt::Date> for Days {
        #[inline]
        fn from(value: rt::Date) -> Self {
            Self(vec![value])
        }
    }
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
        LongUri : format : Some(rt::Format::Uri), min_length : 20u64, max_length : None,
        pattern : Some(rt::Pattern::new("^https:")), truncated_length : None
    }
    rt::from_text! {
        LongUri : | text | Self::rules().check_built(text).map(| () | Self(text
        .to_owned()))
    }
    /// Schema: `formats.json#/components/schemas/Formats/properties/date_or_time`
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum DateOrTime {
        String(rt::Date),
        String2(rt::DateTime),
    }
    rt::alternatives! {
        one_of DateOrTime { from String(rt::Date), from String2(rt::DateTime) }
    }
    /// What `{"anyOf":[{"type":"string","format":"uri","x-format":"uri"},{"type":"string","format":"uuid","x-format":"uuid"}]}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/uri_or_uuid`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UriOrUuid(String);
    rt::guarded! {
        UriOrUuid(String) : new(SCHEMAS,
        "/components/schemas/Formats/properties/uri_or_uuid", rt::Draft::Latest), accepts
    }
    rt::from_str! {
        UriOrUuid : | text | Self::try_from(text.to_owned())
    }
    rt::display_inner! {
        UriOrUuid
    }
    /// Schema: `formats.json#/components/schemas/Formats/properties/date_or_number`
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum DateOrNumber {
        String(rt::Date),
        Integer(rt::Integer),
    }
    rt::alternatives! {
        any_of DateOrNumber { from String(rt::Date), from Integer(rt::Integer) }
    }
    /// Schema: `formats.json#/components/schemas/Formats/properties/listed_dates`
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ListedDates {
        /// `"2024-02-29"`
        _2024_02_29,
        /// `"2023-03-01"`
        _2023_03_01,
    }
    rt::constants! {
        ListedDates : _2024_02_29 = Text("2024-02-29"), _2023_03_01 = Text("2023-03-01")
    }
    rt::from_text! {
        ListedDates : | text | rt::parse_constant(Self::ALL, Self::CONSTANTS, text)
    }
    /// What `{"x-format":"date"}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/untyped_date`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UntypedDate(::serde_json::Value);
    rt::guarded! {
        UntypedDate(::serde_json::Value) : new(SCHEMAS,
        "/components/schemas/Formats/properties/untyped_date", rt::Draft::Latest),
        accepts
    }
    /// A string of at most 30 characters.
    ///
    /// It is a URI such as https://example.com/.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/both`
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Both(String);
    rt::text! {
        Both : format : Some(rt::Format::Uri), min_length : 0u64, max_length :
        Some(30u64), pattern : None, truncated_length : None
    }
    rt::from_text! {
        Both : | text | Self::rules().check_built(text).map(| () | Self(text.to_owned()))
    }
    /// What `{"type":"string","not":{"format":"date","x-format":"date"}}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/no_date`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct NoDate(String);
    rt::guarded! {
        NoDate(String) : cross_field_only(SCHEMAS,
        "/components/schemas/Formats/properties/no_date", rt::Draft::Latest), accepts
    }
    rt::from_str! {
        NoDate : | text | Self::try_from(text.to_owned())
    }
    rt::display_inner! {
        NoDate
    }
    /// Checked against its whole schema when it is decoded or made.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/period`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Period(PeriodValue);
    rt::guarded! {
        Period(PeriodValue) : cross_field_only(SCHEMAS,
        "/components/schemas/Formats/properties/period", rt::Draft::Latest), accepts
    }
    /// An object with no other fields than these.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/period`
    #[allow(missing_docs)]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PeriodValue {
        pub from: Option<rt::Date>,
        pub to: Option<rt::Date>,
        pub zone: Option<String>,
    }
    rt::constructor! {
        PeriodValue() from, to, zone
    }
    rt::setters! {
        PeriodValue { try_into from : from = rt::Date, try_into to : to = rt::Date, into
        zone : zone = String, }
    }
    rt::object! {
        PeriodValue as JsonView { optional from = "from", optional to = "to", optional
        zone = "zone", }
    }
    /// What `{"multipleOf":0.5,"minimum":-2147483648,"maximum":2147483647,"allOf":[{"multipleOf":1}]}` accepts.
    ///
    /// Schema: `formats.json#/components/schemas/Formats/properties/halves`
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Halves(::serde_json::Value);
    rt::guarded! {
        Halves(::serde_json::Value) : new(SCHEMAS,
        "/components/schemas/Formats/properties/halves", rt::Draft::Latest), accepts
    }
}
