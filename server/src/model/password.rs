//! Passwords that may be chosen (NIST SP 800-63B, section 3.1.1.2): long enough, and none that would be guessed first.
//! There are no rules about which characters they hold, and nothing is ever cut off.

use std::fmt;

/// Characters at least, counted as Unicode scalar values.
pub const SHORTEST: usize = 12;
/// Bytes at most.
pub const LONGEST: usize = 1024;

/// A guesser who begins with the passwords that are common, and with what is known of the person, would have it within
/// this power of ten of tries.
const GUESSED: f64 = 8.0;

/// A password that may be chosen; [`NewPassword::judge`] alone makes one. Never printed by `{:?}`.
pub struct NewPassword(String);

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitPassword {
    #[error("use at least {SHORTEST} characters; several words are easy to remember")]
    TooShort,
    #[error("use at most {LONGEST} bytes")]
    TooLong,
    #[error("this is among the passwords that are guessed first; add another word or two")]
    Common,
    #[error("this is too close to your name, your address, or the name of this program; use other words")]
    Personal,
}

impl NewPassword {
    /// Judges a password of somebody of whom `about` is known: names, an address.
    pub fn judge(password: &str, about: &[&str]) -> Result<Self, UnfitPassword> {
        if password.len() > LONGEST {
            return Err(UnfitPassword::TooLong);
        }
        if password.chars().count() < SHORTEST {
            return Err(UnfitPassword::TooShort);
        }
        let mut known: Vec<&str> = vec!["portcullis", "postgresql"];
        for text in about {
            known.push(text);
            known.extend(text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2));
        }
        if is_guessed(password, &[]) {
            return Err(UnfitPassword::Common);
        }
        if is_guessed(password, &known) || is_made_of(password, &known) {
            return Err(UnfitPassword::Personal);
        }
        Ok(Self(password.to_owned()))
    }

    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(..)")
    }
}

/// The estimate knows some thirty thousand common passwords and names, rows of keys, repeats, runs, dates and the usual
/// substitutions, and looks at the first hundred characters.
fn is_guessed(password: &str, known: &[&str]) -> bool {
    zxcvbn::zxcvbn(password, known).guesses_log10() < GUESSED
}

/// Whether next to nothing is left of it once what is known was taken out.
fn is_made_of(password: &str, known: &[&str]) -> bool {
    let mut rest = password.to_lowercase();
    let mut known: Vec<String> =
        known.iter().map(|word| word.to_lowercase()).filter(|w| w.len() > 2).collect();
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let whole = rest.chars().count();
    for word in known {
        rest = rest.replace(&word, "");
    }
    let left = rest.chars().filter(|c| c.is_alphanumeric()).count();
    rest.chars().count() < whole && left < 5
}

#[cfg(test)]
mod tests {
    use super::{NewPassword, UnfitPassword};

    const ABOUT: [&str; 3] = ["margarete", "margarete.klein@example.com", "Margarete Klein"];

    fn judged(password: &str) -> Option<UnfitPassword> {
        NewPassword::judge(password, &ABOUT).err()
    }

    #[test]
    fn long_enough_is_counted_in_characters() {
        assert_eq!(judged("kurz, 8 + 2"), Some(UnfitPassword::TooShort));
        assert_eq!(judged("ñandú völlig"), None, "twelve characters");
        assert_eq!(judged("🦔🦔🦔🦔🦔🦔🦔🦔🦔🦔🦔"), Some(UnfitPassword::TooShort), "eleven, in 44 bytes");
    }

    #[test]
    fn nothing_is_cut_off() {
        let long = "lighthouse keeper ".repeat(60);
        assert_eq!(judged(&long), Some(UnfitPassword::TooLong));
        let fits = "violet lantern under seven ".repeat(30);
        assert_eq!(NewPassword::judge(&fits, &ABOUT).unwrap().reveal(), fits);
    }

    #[test]
    fn no_kind_of_character_is_asked_for() {
        for good in
            ["lantern violet seven", "correcthorsebatterystaple", "ttqnzvvkjdyx", "   so many spaces   "]
        {
            assert_eq!(judged(good), None, "{good}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for common in [
            "password1234",
            "123456789012",
            "aaaaaaaaaaaa",
            "qwertyuiop12",
            "passwordpassword",
            "P@ssw0rd1234",
            "abcdefghijkl",
            "iloveyou1234",
            "letmeinletmein",
            "administrator",
        ] {
            assert_eq!(judged(common), Some(UnfitPassword::Common), "{common}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_is_refused() {
        for personal in
            ["margarete.klein@example.com", "MargareteKlein1", "portcullis123", "Klein-Portcullis"]
        {
            assert_eq!(judged(personal), Some(UnfitPassword::Personal), "{personal}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(
            format!("{:?}", NewPassword::judge("lantern violet seven", &[]).unwrap()),
            "NewPassword(..)"
        );
    }
}
