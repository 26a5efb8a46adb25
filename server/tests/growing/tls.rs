//! The program speaks TLS itself, by certificates that are renewed while it serves.

use crate::authority::{Authority, Issued};
use crate::process::Served;
use crate::world::World;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::version::{TLS12, TLS13};

/// Longer than a handshake may take, and much shorter than a head.
const HANDSHAKE: Duration = Duration::from_secs(30);
/// How a client greets (RFC 5246, section 7.4.1.2) whose newest version is 3.`minor`, which is 3.2 for TLS 1.1: 32 random
/// bytes, no session, one cipher suite, no compression; and the curve P-256, plain points, ECDSA with SHA-256.
fn hello(minor: u8) -> Vec<u8> {
    let extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3];
    let mut hello = vec![22, 3, 1, 0, 69, 1, 0, 0, 65, 3, minor];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0xc0, 0x2b, 1, 0, 0, 22]);
    hello.extend(extensions);
    hello
}

/// A program that is reached as `localhost`.
fn serve(world: &World, shown: &Issued, more: &str) -> Served {
    show(world, shown);
    let tls = "[server.tls]\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n\n[store]";
    let text = world.text.replace("http://127.0.0.1:8700", "https://localhost:8700");
    world.serve(&text.replace("[store]", &format!("{more}\n{tls}")))
}

fn show(world: &World, shown: &Issued) {
    world.write("tls.key", &shown.key);
    world.write("tls.pem", &shown.certificate);
}

async fn connect(
    to: SocketAddr,
    client: ClientConfig,
    name: &'static str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(to).await?;
    TlsConnector::from(Arc::new(client)).connect(name.try_into().unwrap(), stream).await
}

/// Asks again on the same connection.
async fn get(sender: &mut SendRequest<Empty<Bytes>>, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header(HOST, "localhost:8700").body(Empty::new()).unwrap();
    let (head, body) = sender.send_request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head.status, head.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn speak(stream: TlsStream<TcpStream>) -> SendRequest<Empty<Bytes>> {
    let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// Whom a new client meets.
async fn shown(to: SocketAddr, authority: &Authority) -> CertificateDer<'static> {
    let stream = connect(to, authority.believer(), "localhost").await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].clone()
}

/// What comes back on a bare connection, until it ends.
async fn said(to: SocketAddr, words: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(words).await.unwrap();
    let mut answer = Vec::new();
    // Whoever is thrown out may find the connection reset.
    let _ = timeout(HANDSHAKE, stream.read_to_end(&mut answer)).await.expect("it ends");
    answer
}

#[tokio::test]
async fn who_knows_the_name_is_answered_over_tls_and_nobody_else() {
    let (world, authority) = (World::new().await, Authority::new("ours"));
    let program = serve(&world, &authority.issue(&["localhost"]), "");
    let to = program.address;
    for version in [&TLS12, &TLS13] {
        let mut client = authority.believer_of(&[version]);
        client.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let stream = connect(to, client, "localhost").await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let (status, headers, page) = get(&mut speak(stream).await, "/sign-in").await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("<form"), "{page}");
        assert!(headers.contains_key(STRICT_TRANSPORT_SECURITY), "{headers:?}");
        for cookie in headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()) {
            assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
        }
    }
    let refused = connect(to, authority.believer(), "db.example.com").await.unwrap_err().to_string();
    assert!(refused.contains("not valid for name"), "{refused}");
    let refused =
        connect(to, Authority::new("theirs").believer(), "localhost").await.unwrap_err().to_string();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
}

#[tokio::test]
async fn what_is_older_than_tls_1_2_or_no_tls_at_all_is_sent_away() {
    let (world, authority) = (World::new().await, Authority::new("ours"));
    let program = serve(&world, &authority.issue(&["localhost"]), "");
    // A fatal alert: protocol_version (RFC 8446, section 6.2).
    let alert = said(program.address, &hello(2)).await;
    assert_eq!((alert.first(), alert.last_chunk()), (Some(&21), Some(&[2, 70])), "{alert:?}");
    let greeting = said(program.address, &hello(3)).await;
    assert_eq!(greeting.first(), Some(&22), "the same in TLS 1.2 is greeted");
    let answer = said(program.address, b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("this port speaks TLS"), "{answer}");
    let answer = said(program.address, b"\0\0\0 nothing that anybody speaks\r\n\r\n").await;
    assert!(!String::from_utf8(answer).unwrap().contains("HTTP/1.1 2"));
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_from_the_next_connection_on() {
    let (world, authority) = (World::new().await, Authority::new("ours"));
    let [first, second, third] = [(); 3].map(|()| authority.issue(&["localhost"]));
    let program = serve(&world, &first, "");
    let to = program.address;
    let mut kept = speak(connect(to, authority.believer(), "localhost").await.unwrap()).await;
    assert_eq!(get(&mut kept, "/robots.txt").await.0, StatusCode::OK);
    assert_eq!(shown(to, &authority).await, first.der());

    // The files change, and nobody says so.
    show(&world, &second);
    program.logs("the certificate was renewed");
    assert_eq!(shown(to, &authority).await, second.der());
    assert_eq!(get(&mut kept, "/robots.txt").await.0, StatusCode::OK, "who was there stays");

    // One file without the other is no pair, whoever asks for it.
    world.write("tls.key", &third.key);
    program.signal("HUP");
    program.logs("the configuration was not reloaded");
    let line = program.logs("server.tls.key");
    assert!(line.contains("is not the key of the certificate"), "{line}");
    program.logs("the certificate was not renewed");
    assert_eq!(shown(to, &authority).await, second.der());

    world.write("tls.pem", &third.certificate);
    program.signal("HUP");
    program.logs("the configuration was reloaded");
    assert_eq!(shown(to, &authority).await, third.der());
    assert_eq!(get(&mut kept, "/robots.txt").await.0, StatusCode::OK);
}

#[tokio::test]
async fn whoever_never_ends_their_handshake_holds_no_seat() {
    let (world, authority) = (World::new().await, Authority::new("ours"));
    let program = serve(&world, &authority.issue(&["localhost"]), "connections = 2");
    let to = program.address;
    let begun = Instant::now();
    let half = async || {
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream.write_all(&hello(3)[..20]).await.unwrap();
        stream
    };
    let (mut first, mut second) = (half().await, half().await);
    // Both seats are taken. The one that waits the longest makes room, and the next is greeted at once.
    let stream =
        timeout(Duration::from_secs(5), connect(to, authority.believer(), "localhost")).await.unwrap();
    let mut third = speak(stream.unwrap()).await;
    assert_eq!(get(&mut third, "/robots.txt").await.0, StatusCode::OK);
    let mut rest = Vec::new();
    let _ = timeout(Duration::from_secs(5), first.read_to_end(&mut rest)).await.expect("it made room");
    // The other is thrown out when its time is over.
    let _ = timeout(HANDSHAKE, second.read_to_end(&mut rest)).await.expect("it is thrown out");
    assert!(begun.elapsed() > Duration::from_secs(5), "a handshake has its time");
}

#[tokio::test]
async fn who_is_greeted_while_the_program_ends_is_answered() {
    let (world, authority) = (World::new().await, Authority::new("ours"));
    let mut program = serve(&world, &authority.issue(&["localhost"]), "");
    // By now it hears signals.
    shown(program.address, &authority).await;
    let connector = TlsConnector::from(Arc::new(authority.believer()));
    let stream = TcpStream::connect(program.address).await.unwrap();
    program.signal("TERM");
    let greeted = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
    assert_eq!(get(&mut speak(greeted).await, "/robots.txt").await.0, StatusCode::OK);
    assert!(program.ends().success(), "{:#?}", program.log());
}
