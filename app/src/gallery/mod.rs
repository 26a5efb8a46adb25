//! Every page, as its sample shows it: what all of them must hold, how each looks, and what strangers can do to them.

mod contrast;
mod hostile;
mod pages;
mod rules;
mod snapshots;

use pages::pages;

/// The start tags of one element.
fn tags<'a>(html: &'a str, element: &'a str) -> impl Iterator<Item = &'a str> {
    html.split('<').filter_map(move |rest| {
        let tag = rest.split('>').next()?;
        let name = tag.split([' ', '/']).next()?;
        (name == element).then_some(tag)
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}
