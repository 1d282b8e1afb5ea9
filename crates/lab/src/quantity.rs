//! How a measured number is written: as many digits as say something, and its unit.

/// A number with three digits that say something, and no more.
pub(crate) fn number(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$}")
}

/// A number and its unit.
pub(crate) fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "" => number(value),
        "%" => format!("{} %", number(value)),
        unit => format!("{} {}", number(value), shown_unit(unit)),
    }
}

/// A unit as it is read.
pub(crate) fn shown_unit(unit: &str) -> &str {
    match unit {
        "us" => "µs",
        unit => unit,
    }
}

/// Microseconds, in the unit that fits.
pub(crate) fn time(us: f64) -> String {
    match us.abs() {
        size if size >= 1e6 => with_unit(us / 1e6, "s"),
        size if size >= 1e3 => with_unit(us / 1e3, "ms"),
        _ => with_unit(us, "us"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_digits_that_say_something() {
        let check = |value, expected: &str| assert_eq!(number(value), expected);
        check(0.0, "0");
        check(0.1234, "0.12");
        check(12.34, "12.3");
        check(123.4, "123");
        check(-2.0, "-2");
    }

    #[test]
    fn a_time_has_the_unit_that_fits() {
        let check = |us, expected: &str| assert_eq!(time(us), expected);
        check(12.34, "12.3 µs");
        check(40_120.0, "40.1 ms");
        check(2_500_000.0, "2.50 s");
    }
}
