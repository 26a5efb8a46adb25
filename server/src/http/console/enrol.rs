//! A person without a second factor gets one before anything else.

use super::step;
use super::too_fast::too_fast;
use crate::flow::enrol_factor::{Offer, enrol, offer};
use crate::flow::prove::NotProven;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::Form;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use crate::model::caller::Caller;
use crate::model::local_path::LocalPath;
use crate::model::recovery_code::RecoveryCode;
use app::enrolment::{Enrolment, EnrolmentPage, Qr};
use app::recovery_codes::{RecoveryCodes, RecoveryCodesPage};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use std::fmt::Write;

pub(in crate::http) async fn show(State(site): State<Site>, browser: Browser) -> Response {
    shown(&site, browser, StatusCode::OK, None).await
}

async fn shown(site: &Site, browser: Browser, status: StatusCode, problem: Option<String>) -> Response {
    let Some(session) = browser.state.filter(|session| !session.is_signed_in()) else {
        return step(None);
    };
    let offer = match offer(&site.portcullis, session).await {
        Ok(Some(offer)) => offer,
        Ok(None) => return Redirect::to("/sign-in/code").into_response(),
        Err(failure) => return problem::failed(&failure),
    };
    let Offer { secret, url, session, issuer, account } = offer;
    if let Err(error) = sessions::write(&browser.session, &session).await {
        return problem::unavailable(&error);
    }
    let qr = match qr(&url) {
        Ok(qr) => qr,
        Err(error) => return problem::broken(&error),
    };
    let csrf = browser.csrf.to_string();
    let shown = Enrolment { csrf, qr, secret: secret.groups(), issuer, account, problem };
    page(status, "Second factor", || EnrolmentPage(shown))
}

#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    code: String,
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    browser: Browser,
    Form(fields): Form<Fields>,
) -> Response {
    let Some(session) = browser.state.clone().filter(|session| !session.is_signed_in()) else {
        return step(None);
    };
    match enrol(&site.portcullis, &caller, session, &fields.code).await {
        Ok((session, codes)) => match sessions::rotate(&browser.session, &session).await {
            Ok(()) => handed_out(&codes, session.next.as_ref()),
            Err(error) => problem::unavailable(&error),
        },
        Err(NotProven::Wrong | NotProven::Used) => {
            let problem = Some("This is not the code that the app shows now. Is its clock right?".to_owned());
            shown(&site, browser, StatusCode::UNPROCESSABLE_ENTITY, problem).await
        }
        Err(NotProven::TooFast(wait)) => too_fast(wait),
        Err(NotProven::NotEnrolled | NotProven::Ended) => step(browser.state.as_ref()),
        Err(NotProven::Failure(failure)) => problem::failed(&failure),
    }
}

/// The answer that shows recovery codes. It is no redirect, so that they need not be kept anywhere to be shown.
pub(super) fn handed_out(codes: &[RecoveryCode], next: Option<&LocalPath>) -> Response {
    let codes = codes.iter().map(RecoveryCode::reveal).collect();
    let next = next.map_or(super::HOME, LocalPath::as_str).to_owned();
    page(StatusCode::OK, "Recovery codes", || RecoveryCodesPage(RecoveryCodes { codes, next }))
}

/// The dark modules of a QR code, each row's runs as one rectangle, with the quiet zone that scanners want.
fn qr(text: &str) -> Result<Qr, qrcode::types::QrError> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let mut dark = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a string cannot fail.
                let _ = write!(dark, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Ok(Qr { side: width + 2 * QUIET, dark })
}

#[cfg(test)]
mod tests {
    use super::qr;

    #[test]
    fn a_code_has_its_three_corners() {
        let qr = qr("otpauth://totp/a:b?secret=AAAA").unwrap();
        let last = qr.side - 4 - 7;
        for corner in ["M4 4h7v1h-7z".to_owned(), format!("M{last} 4h7v1h-7z"), format!("M4 {last}h7v1h-7z")]
        {
            assert!(qr.dark.contains(&corner), "{corner}");
        }
    }
}
