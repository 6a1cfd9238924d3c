//! Whom to trust: a certificate named in the settings, or those that browsers trust.

use super::target::{Answer, Trouble};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::Arc;

/// The settings of a TLS connection. A pin is `sha256:` and the 64 digits of the certificate itself, as the host sends
/// it first: then neither names, dates nor who signed it matter, which self-made certificates need. Without a pin, the
/// certificates that browsers trust are trusted, and those in the file that `SSL_CERT_FILE` names.
pub(super) fn client_config(pin: &str, tls12_only: bool) -> Answer<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let versions = if tls12_only { &[&rustls::version::TLS12][..] } else { rustls::DEFAULT_VERSIONS };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(versions);
    let builder = builder.map_err(|error| {
        Trouble::lasting("暗号化（TLS）の用意ができません。", format!("TLS cannot be set up: {error}"))
    })?;
    let builder = if pin.is_empty() {
        builder.with_root_certificates(roots()?)
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Pinned { digest: digest_of(pin)?, provider }))
    };
    Ok(Arc::new(builder.with_no_client_auth()))
}

/// The certificates that browsers trust, and the machine's own.
fn roots() -> Answer<RootCertStore> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()) {
        let unreadable = |error: String| {
            Trouble::lasting(
                "環境変数 SSL_CERT_FILE のファイルから、証明書が読めません。ファイルの場所と中身をたしかめてください。",
                format!("no certificates can be read from the file that SSL_CERT_FILE names: {error}"),
            )
        };
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(error.to_string()))? {
            // Some of a machine's certificates are of kinds that are not supported; the others still count.
            let _ = roots.add(certificate.map_err(|error| unreadable(error.to_string()))?);
        }
    }
    Ok(roots)
}

/// The bytes of a pin.
fn digest_of(pin: &str) -> Answer<[u8; 32]> {
    let digits = pin.strip_prefix("sha256:").unwrap_or_default().replace(':', "");
    let mut digest = [0; 32];
    let sound = digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    for (byte, pair) in digest.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
    }
    if sound {
        return Ok(digest);
    }
    Err(Trouble::lasting(
        "tls_pin には、「sha256:」のあとに、証明書の指紋（0〜9 と a〜f で64けた）を書いてください。",
        "`tls_pin` must be `sha256:` and the 64 digits of the certificate's fingerprint",
    ))
}

/// Trusts one certificate.
#[derive(Debug)]
struct Pinned {
    digest: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let digest = ::ring::digest::digest(&::ring::digest::SHA256, certificate);
        if digest.as_ref() == self.digest {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    // The certificate is public: that the host has its key is what the signature shows.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_64_digits() {
        let digits = "0f".repeat(32);
        assert_eq!(digest_of(&format!("sha256:{digits}")), Ok([15; 32]));
        assert_eq!(digest_of(&format!("sha256:{}", ["0F"; 32].join(":"))), Ok([15; 32]), "as openssl prints it");
        for wrong in ["", "sha256:", &digits, &format!("sha256:{digits}00"), &format!("sha256:+f{}", "0f".repeat(31))] {
            assert!(digest_of(wrong).is_err_and(|trouble| !trouble.passing), "{wrong}");
        }
        assert!(client_config("", true).is_ok() && client_config("", false).is_ok());
        assert!(client_config("sha256:0", true).is_err());
    }
}
