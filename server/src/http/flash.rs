//! What was just done, said on the next page that a person sees. It travels in a cookie of its own, because the answer to a
//! form is a redirect.

use super::router::Site;
use super::sessions;
use app::parts::{Flash, FlashKind};
use data_encoding::BASE64URL_NOPAD;
use tower_cookies::cookie::SameSite;
use tower_cookies::cookie::time::Duration;
use tower_cookies::{Cookie, Cookies};

const NAME: &str = "portcullis-flash";
/// Whoever does not come within so long is told nothing.
const LIFE: Duration = Duration::minutes(1);
/// Bytes of a message at most.
const MOST: usize = 500;

/// Leaves a message for the next page.
pub(super) fn leave(site: &Site, cookies: &Cookies, flash: &Flash) {
    let mark = match flash.kind {
        FlashKind::Done => '+',
        FlashKind::Problem => '-',
    };
    let value = BASE64URL_NOPAD.encode(format!("{mark}{}", flash.text).as_bytes());
    let cookie = Cookie::build((sessions::cookie_name(site, NAME), value))
        .path("/")
        .secure(site.is_secure())
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(LIFE);
    cookies.add(cookie.build());
}

/// The message that was left, which is then gone.
pub(super) fn take(site: &Site, cookies: &Cookies) -> Option<Flash> {
    let name = sessions::cookie_name(site, NAME);
    let value = cookies.get(&name)?.value().to_owned();
    let ended =
        Cookie::build((name, "")).path("/").secure(site.is_secure()).http_only(true).same_site(SameSite::Lax);
    cookies.remove(ended.build());
    let message = BASE64URL_NOPAD.decode(value.as_bytes()).ok().filter(|bytes| bytes.len() <= MOST)?;
    let message = String::from_utf8(message).ok()?;
    match message.strip_prefix('+') {
        Some(text) => Some(Flash::done(text)),
        None => message.strip_prefix('-').map(Flash::problem),
    }
}
