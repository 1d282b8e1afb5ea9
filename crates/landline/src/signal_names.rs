//! Signals by name, as landline/1 writes them, and by this system's number (signal(7)).

/// Linux's numbers on most machines, from 1 on.
const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];

/// The name of signal `number`, or the number where there is none.
pub fn name(number: i32) -> String {
    let index = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    let name = index.and_then(|index| NAMES.get(index));
    name.map_or_else(|| number.to_string(), |name| (*name).to_owned())
}

/// The number of the signal called `name`; `None` if this system has none of that name.
pub fn number(name: &str) -> Option<i32> {
    let index = NAMES.iter().position(|known| *known == name);
    let number = index.and_then(|index| i32::try_from(index + 1).ok());
    number.or_else(|| name.parse().ok().filter(|number| (1..=64).contains(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_go_both_ways() {
        for number_ in 1..=64 {
            assert_eq!(number(&name(number_)), Some(number_));
        }
        assert_eq!((number("KILL"), number("TERM")), (Some(9), Some(15)));
        for unknown in ["", "NOPE", "0", "65", "-1"] {
            assert_eq!(number(unknown), None, "{unknown}");
        }
    }
}
