//! The corpus goes over HTTP to a listening program, and to the roles without the gate.

use crate::authority::Authority;
use crate::support::House;
use axum::http::StatusCode;
use server::embedded::shop;
use server::fetch::OwnDoor;
use server::flow::self_test::{last, self_test};
use server::http::{Sites, serve};
use server::model::self_test::SelfTested;
use server::wiring;
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tokio::net::TcpListener;

async fn house() -> House {
    House::with(|text| text + "\n[self_test]\nperson = \"demo\"\ndisable_on_red = true\n").await
}

/// Lets the house answer on a port of its own.
async fn open(house: &House) -> OwnDoor {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listen = listener.local_addr().unwrap();
    let site = wiring::site(&house.config, house.portcullis.clone());
    tokio::spawn(serve(Sites::new(site), listener, std::future::pending(), Duration::from_secs(1)));
    OwnDoor { listen, host: "127.0.0.1".to_owned(), certificate: None }
}

fn of<'t>(tested: &'t [SelfTested], profile: &str) -> &'t SelfTested {
    tested.iter().find(|tested| tested.profile == profile).unwrap()
}

#[tokio::test]
async fn the_program_knows_its_own_certificate_from_others() {
    let folder = std::env::temp_dir().join(format!("portcullis-own-certificate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let authority = Authority::new("ours");
    for name in ["ours", "theirs"] {
        let issued = authority.issue(&["127.0.0.1"]);
        std::fs::write(folder.join(format!("{name}.pem")), issued.certificate).unwrap();
        std::fs::write(folder.join(format!("{name}.key")), issued.key).unwrap();
    }
    let (ours, key) = (folder.join("ours.pem"), folder.join("ours.key"));
    let house = House::with(|text| {
        let tls =
            format!("[server.tls]\ncertificate = \"{}\"\nkey = \"{}\"\n", ours.display(), key.display());
        let text = text.replace("public_url = \"http:", "public_url = \"https:");
        format!("{text}\n[self_test]\nperson = \"demo\"\n{tls}")
    })
    .await;
    let door = open(&house).await;
    let unanswered = async |certificate| {
        let door = OwnDoor { certificate, ..door.clone() };
        let tested = self_test(&house.portcullis, &door).await.unwrap();
        let faults = tested.into_iter().flat_map(|tested| tested.faults);
        faults.filter(|fault| fault.contains("does not answer")).collect::<Vec<_>>()
    };
    assert_eq!(unanswered(Some(ours.clone())).await, Vec::<String>::new());
    for (certificate, why) in
        [(Some(folder.join("theirs.pem")), "does not show the certificate"), (None, "400")]
    {
        let faults = unanswered(certificate).await;
        assert!(faults.len() == 2 && faults[0].contains(why), "{faults:?}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

/// One test, one after the other: what is granted here is granted in the warehouse that both halves look at.
#[tokio::test]
async fn what_gets_through_is_red_and_what_is_red_is_held() {
    let house = house().await;
    let door = open(&house).await;
    let tested = self_test(&house.portcullis, &door).await.unwrap();
    for tested in &tested {
        assert!(tested.is_green(), "{tested:?}");
        assert!(tested.tried > 60, "{tested:?}");
    }
    assert_eq!(last(&house.portcullis).await.unwrap().len(), tested.len());
    assert_eq!(house.count("events where kind = 'self_tested' and actor = 'self-test'").await, 2);
    let marked = house.count("attempts where user_agent like 'portcullis-self-test/%'").await;
    assert!(marked > 60, "{marked}");
    assert_eq!(house.count("outcomes where decision = 'refused'").await, marked);
    assert_eq!(house.count("alerts where kind = 'self_test'").await, 0);

    let mut root = PgConnection::connect(&house.cluster.superuser_url(shop::WAREHOUSE)).await.unwrap();
    let open = "grant select on pg_catalog.pg_authid to portcullis_analyst";
    sqlx::raw_sql(open).execute(&mut root).await.unwrap();
    let tested = self_test(&house.portcullis, &door).await.unwrap();
    let close = "revoke select on pg_catalog.pg_authid from portcullis_analyst";
    sqlx::raw_sql(close).execute(&mut root).await.unwrap();
    let analyst = of(&tested, "analyst");
    assert!(analyst.faults.iter().any(|fault| fault.contains("read passwords")), "{analyst:?}");
    assert!(of(&tested, "support").is_green(), "{tested:?}");
    assert_eq!(house.count("alerts where kind = 'self_test' and subject = 'analyst'").await, 1);
    assert_eq!(house.count("pauses where key = 'analyst' and began_by = 'self-test'").await, 1);
    let turned_away = house.post(&house.token().await, "{}").await;
    assert_eq!(turned_away.status, StatusCode::UNAUTHORIZED, "{}", turned_away.body);
}

#[tokio::test]
async fn a_door_that_nobody_answers_at_is_red() {
    let house = House::with(|text| text + "\n[self_test]\nperson = \"demo\"\n").await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let door =
        OwnDoor { listen: silent.local_addr().unwrap(), host: "127.0.0.1".to_owned(), certificate: None };
    drop(silent);
    let tested = self_test(&house.portcullis, &door).await.unwrap();
    for tested in &tested {
        assert!(tested.faults.iter().any(|fault| fault.contains("does not answer")), "{tested:?}");
    }
    assert_eq!(house.count("pauses").await, 0, "nobody asked for that");
}
