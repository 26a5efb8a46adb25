//! TLS with ourselves: whoever answers must hold the very certificate that our configuration names, whoever signed it.

use super::NotFetched;
use super::wire::unreachable;
use crate::model::certificate::{bare, read_chain};
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

/// Speaks TLS with whoever holds the first certificate of `file`. It is read each time, because it is renewed at times.
pub(super) async fn encrypt(
    stream: TcpStream,
    host: &str,
    file: &Path,
) -> Result<TlsStream<TcpStream>, NotFetched> {
    let pem = tokio::fs::read(file).await.map_err(unreachable)?;
    let own =
        read_chain(&pem).map_err(unreachable)?.into_iter().next().ok_or_else(|| unreachable(NotOurs))?;
    let name = ServerName::try_from(bare(host).to_owned()).map_err(unreachable)?;
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(OwnCertificate { own, algorithms: provider.signature_verification_algorithms });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unreachable)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| {
        match error.get_ref().and_then(|cause| cause.downcast_ref()) {
            Some(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)) => {
                unreachable(NotOurs)
            }
            _ => unreachable(error),
        }
    })
}

#[derive(Debug, thiserror::Error)]
#[error("who answers does not show the certificate of `server.tls.certificate`")]
struct NotOurs;

#[derive(Debug)]
struct OwnCertificate {
    own: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// Stricter than a chain of trust, and content with a certificate that is over: what the self-test asks is whether it speaks
/// with us.
impl ServerCertVerifier for OwnCertificate {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *end_entity == self.own {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
