//! Identifiers: folded as PostgreSQL folds, and never a reserved word.

use std::borrow::Cow;

use sqlparser::ast::{Ident, ObjectName, ObjectNamePart};

use super::{Lowered, position};
use crate::{Reason, Refusal, name::is_reserved, tree::Name};

/// The name that `ident` means. Its case is folded in ASCII only, as the server does in UTF-8.
pub(super) fn fold(ident: &Ident) -> Lowered<Name> {
    folded(ident).map(Into::into)
}

/// The same for a look at it, without a copy where the case is right already.
pub(super) fn folded(ident: &Ident) -> Lowered<Cow<'_, str>> {
    let Ident { value, quote_style, span } = ident;
    match quote_style {
        None if value.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Ok(Cow::Owned(value.to_ascii_lowercase()))
        }
        None | Some('"') => Ok(Cow::Borrowed(value)),
        Some(_) => Err(Refusal::new(Reason::ParseError, "is a string where a name should stand")
            .about(value.as_str())
            .at(position(*span))
            .advise("write names without quotes or in double quotes; join strings with ||")),
    }
}

/// A name of a table, an alias or a column: unless quoted, it must not be a reserved word.
///
/// The parser takes `FROM only secrets` for a table `only`; PostgreSQL reads the table `secrets`.
pub(super) fn name(ident: &Ident) -> Lowered<Name> {
    let folded = fold(ident)?;
    if ident.quote_style.is_none() && is_reserved(&folded) {
        return Err(Refusal::new(Reason::ParseError, "is a reserved word")
            .about(&*folded)
            .at(position(ident.span))
            .advise("put the name in double quotes, or choose another"));
    }
    Ok(folded)
}

/// The plain identifiers of a dotted name.
pub(super) fn parts(object: &ObjectName) -> Lowered<Vec<&Ident>> {
    object
        .0
        .iter()
        .map(|part| match part {
            ObjectNamePart::Identifier(ident) => Ok(ident),
            ObjectNamePart::Function(_) => {
                Err(Refusal::new(Reason::DisallowedConstruct, "is not a name").about(object.to_string()))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kelvin_sign_is_not_folded() {
        assert_eq!(&*fold(&Ident::new("\u{212a}EY")).unwrap(), "\u{212a}ey");
    }
}
