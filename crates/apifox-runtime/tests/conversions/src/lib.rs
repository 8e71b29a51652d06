//! What the types of formats convert to and from.

#![cfg(test)]

use apifox_runtime::{Bytes, Date, DateTime, Double, Duration, Float, Ipv4, Ipv6, Time, Uri, Uuid};
use jiff::civil::{date, time};
use jiff::tz::Offset;
use jiff::{Span, Timestamp, ToSpan as _};

#[test]
fn an_instant_is_one_of_jiff() {
    let noon: DateTime = "2024-02-29t12:00:00.5+08:00"
        .parse()
        .expect("a date and time");
    assert_eq!(noon.civil(), date(2024, 2, 29).at(12, 0, 0, 500_000_000));
    assert_eq!(noon.offset(), Offset::constant(8));
    let instant = noon.timestamp().expect("an instant");
    assert_eq!(instant.to_string(), "2024-02-29T04:00:00.5Z");
    let again = DateTime::try_from(instant).expect("a date and time");
    assert_eq!(again.as_str(), "2024-02-29T04:00:00.5Z");
    let zoned = instant.to_zoned(jiff::tz::TimeZone::fixed(Offset::constant(-3)));
    let written = DateTime::try_from(&zoned).expect("a date and time");
    assert_eq!(written.as_str(), "2024-02-29T01:00:00.5-03:00");
}

#[test]
fn what_jiff_does_not_have_is_told() {
    let leap: DateTime = "1990-12-31T23:59:60Z".parse().expect("a leap second");
    assert_eq!(leap.civil(), date(1990, 12, 31).at(23, 59, 59, 0));
    let last: DateTime = "9999-12-31T23:59:59Z".parse().expect("the last second");
    assert_eq!(last.civil(), date(9999, 12, 31).at(23, 59, 59, 0));
    assert!(last.timestamp().is_err());
    let long: Duration = "P99999999999999999999Y".parse().expect("a duration");
    assert!(Span::try_from(long).is_err());
    assert_eq!(
        DateTime::try_from(Timestamp::MIN)
            .expect_err("too early")
            .to_string(),
        "(root): format: expected a date and time such as 2024-02-29T12:00:00Z, found \
         \"-009999-01-02T01:59:59Z\""
    );
    assert!(Date::try_from(date(-1, 1, 1)).is_err());
}

#[test]
fn dates_times_and_durations_are_those_of_jiff() {
    let day: Date = "2024-02-29".parse().expect("a date");
    assert_eq!(day.get(), date(2024, 2, 29));
    assert_eq!(Date::try_from(date(2024, 2, 29)), Ok(day));
    // A leap second is at midnight in UTC.
    let late: Time = "22:29:60.25-01:30".parse().expect("a time");
    assert_eq!(late.civil(), time(22, 29, 59, 250_000_000));
    assert_eq!(late.offset().seconds(), -5400);
    let spans = [
        (0.seconds(), "PT0S"),
        (2.weeks(), "P14D"),
        (1.year().days(3), "P1Y0M3D"),
        (1.hour().seconds(1), "PT1H0M1S"),
        (1.day().hours(12), "P1DT12H"),
    ];
    for (span, text) in spans {
        let written = Duration::try_from(span).expect("a duration");
        assert_eq!(written.as_str(), text);
        let read = written.span().expect("a span");
        let relative = date(2024, 1, 1);
        assert!(
            read.compare((span, relative)).expect("spans").is_eq(),
            "{text}"
        );
    }
    assert!(Duration::try_from(500.milliseconds()).is_err());
    assert!(Duration::try_from(-1.second()).is_err());
}

#[test]
fn others_are_those_of_their_crates() {
    let id: Uuid = "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"
        .parse()
        .expect("a UUID");
    assert_eq!(id.as_str(), "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6");
    assert_eq!(
        Uuid::from(id.get()).as_str(),
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    );
    let home: Uri = "https://example.com".parse().expect("a URI");
    let url = home.url().expect("a URL");
    assert_eq!(
        Uri::try_from(&url).expect("a URI").as_str(),
        "https://example.com/"
    );
    let none: Uri = "http://a:99999/".parse().expect("a URI");
    assert!(none.url().is_err());
    let local = std::net::Ipv4Addr::LOCALHOST;
    assert_eq!(
        (Ipv4::from(local).as_str(), Ipv4::from(local).get()),
        ("127.0.0.1", local)
    );
    let local: Ipv6 = "0:0::1".parse().expect("an address");
    assert_eq!(
        (local.as_str(), local.get()),
        ("0:0::1", std::net::Ipv6Addr::LOCALHOST)
    );
    assert_eq!(Bytes::from(vec![255, 0]).decoded(), [255, 0]);
}

#[test]
fn numbers_compute() {
    let half = Double::try_from(0.5).expect("a number");
    assert_eq!((half.get(), f64::from(Float::from(2))), (0.5, 2.0));
    assert!(half < Double::from(1) && Double::try_from(-0.0) == Ok(Double::from(0)));
    assert!(Double::try_from(f64::INFINITY).is_err());
    let tenth = Float::try_from(0.1_f32).expect("a number");
    assert_eq!(
        (tenth.get(), tenth.to_string()),
        (0.1_f32, "0.1".to_owned())
    );
    assert_eq!(
        Float::try_from(1e39_f64).expect_err("too much").to_string(),
        "(root): maximum: expected at most 3.4028234663852886e+38, found 1e+39"
    );
}
