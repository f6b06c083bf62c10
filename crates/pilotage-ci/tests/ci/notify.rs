//! Messages for chats and programs, and their delivery.

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;
use pilotage_ci::notify::{Announcer, Endpoint, Https, Message, Post, PostError, Receiver};
use pilotage_driver::role::{Note, Notice, Notifier};
use pilotage_rollout::journal::RunId;
use pilotage_rollout::{Cause, Verdict};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::support::HOSTILE;

const RECEIVERS: [Receiver; 3] = [Receiver::Webhook, Receiver::Slack, Receiver::Teams];

fn note(notice: Notice) -> Note {
    Note { run: RunId("run-1".into()), target: "shop".into(), notice }
}

fn paused() -> Note {
    note(Notice::Ended(Verdict::Paused { reason: "go on & <deploy>?".into() }))
}

fn body(receiver: Receiver, note: &Note) -> String {
    let body = receiver.body(&Message::of(note, &"pilotage".into()));
    let value: serde_json::Value = serde_json::from_str(&body).expect("it is JSON");
    serde_json::to_string_pretty(&value).expect("it is JSON")
}

#[test]
fn programs_are_told_in_plain_json() {
    assert_snapshot!(body(Receiver::Webhook, &paused()), @r#"
    {
      "event": "paused",
      "next": "pilotage resume --run run-1",
      "run": "run-1",
      "schema": 1,
      "target": "shop",
      "text": "paused, a person has to decide: go on & <deploy>?",
      "title": "shop: waits for a person"
    }
    "#);
}

#[test]
fn slack_is_told_in_blocks() {
    assert_snapshot!(body(Receiver::Slack, &paused()), @r#"
    {
      "blocks": [
        {
          "text": {
            "emoji": false,
            "text": "⚠️ shop: waits for a person",
            "type": "plain_text"
          },
          "type": "section"
        },
        {
          "text": {
            "emoji": false,
            "text": "paused, a person has to decide: go on & <deploy>?",
            "type": "plain_text"
          },
          "type": "section"
        },
        {
          "elements": [
            {
              "emoji": false,
              "text": "run run-1 · next: pilotage resume --run run-1",
              "type": "plain_text"
            }
          ],
          "type": "context"
        }
      ],
      "text": "⚠️ shop: waits for a person"
    }
    "#);
}

#[test]
fn teams_is_told_in_a_card() {
    assert_snapshot!(body(Receiver::Teams, &paused()), @r#"
    {
      "attachments": [
        {
          "content": {
            "body": [
              {
                "inlines": [
                  {
                    "color": "warning",
                    "size": "medium",
                    "text": "⚠️ shop: waits for a person",
                    "type": "TextRun",
                    "weight": "bolder"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "text": "paused, a person has to decide: go on & <deploy>?",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              },
              {
                "inlines": [
                  {
                    "isSubtle": true,
                    "text": "run run-1 · next: pilotage resume --run run-1",
                    "type": "TextRun"
                  }
                ],
                "type": "RichTextBlock"
              }
            ],
            "type": "AdaptiveCard",
            "version": "1.4"
          },
          "contentType": "application/vnd.microsoft.card.adaptive"
        }
      ],
      "type": "message"
    }
    "#);
}

#[test]
fn every_note_has_an_event_and_what_to_do_next() {
    let cause = Cause::Aborted { by: "ana".into() };
    let seen = [
        Notice::Started,
        Notice::Reverting { cause: cause.clone() },
        Notice::Ended(Verdict::Reverted { cause: cause.clone() }),
        Notice::Ended(Verdict::NotReverted { cause }),
        Notice::Left { reason: "the journal's disk is full".into() },
    ]
    .map(|notice| Message::of(&note(notice), &"pilotage".into()))
    .map(|message| (message.event, message.next));
    assert_eq!(
        seen,
        [
            ("started", None),
            ("reverting", None),
            ("reverted", None),
            ("not_reverted", Some("pilotage abort --run run-1".to_owned())),
            ("left", Some("pilotage resume --run run-1".to_owned())),
        ]
    );
}

#[test]
fn text_from_outside_stays_within_the_limits_and_makes_no_mention() {
    let reason = format!("{HOSTILE}{}", "&".repeat(50_000));
    let note = note(Notice::Ended(Verdict::Unknown { reason }));
    for receiver in RECEIVERS {
        let body = receiver.body(&Message::of(&note, &"pilotage".into()));
        assert!(body.len() < 16_384, "{receiver:?}: {}", body.len());
        assert!(!body.contains("\\u001b"), "{receiver:?}");
        assert!(!body.contains("mrkdwn") && !body.contains("\"TextBlock\""), "{receiver:?}");
    }
}

/// A receiver on this machine that request one request and answers this.
async fn receiver(answer: &'static str) -> (Endpoint, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let request = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        hear(&mut stream, answer).await
    });
    (format!("http://{address}/hook/SECRET?a=b").parse().expect("an endpoint"), request)
}

/// Reads one request and answers this.
async fn hear(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), answer: &str) -> String {
    let (mut heard, mut bytes) = (String::new(), [0; 4_096]);
    while !heard.ends_with('}') {
        let count = stream.read(&mut bytes).await.expect("a request");
        assert!(count > 0, "it ended early: {heard}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    stream.write_all(answer.as_bytes()).await.expect("it is read");
    stream.flush().await.expect("it is read");
    heard
}

const TAKEN: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test]
async fn a_note_is_delivered_once_as_json() {
    let (endpoint, request) = receiver(TAKEN).await;
    let post = Arc::new(Https::default());
    let announcer = Announcer::new("pilotage".into(), vec![(Receiver::Webhook, endpoint)], post);
    announcer.notify(&paused()).await.expect("it is taken");
    let text = request.await.expect("it was heard");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let lines = head.to_lowercase();
    assert!(lines.starts_with("post /hook/secret?a=b http/1.1\r\n"), "{lines}");
    assert!(lines.contains("content-type: application/json"), "{lines}");
    assert!(lines.contains("host: 127.0.0.1:"), "{lines}");
    assert_eq!(body, Receiver::Webhook.body(&Message::of(&paused(), &"pilotage".into())));
}

/// A receiver that speaks TLS as `localhost`, and the root that vouches for it.
async fn secure_receiver() -> (Endpoint, CertificateDer<'static>, JoinHandle<Option<String>>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let (root, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![root.clone()], PrivatePkcs8KeyDer::from(key).into())
        .expect("they belong together");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let request = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        let mut stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await.ok()?;
        Some(hear(&mut stream, TAKEN).await)
    });
    (format!("https://localhost:{port}/SECRET").parse().expect("an endpoint"), root, request)
}

#[tokio::test]
async fn a_note_is_delivered_over_https_to_whom_the_roots_vouch_for() {
    let (endpoint, root, request) = secure_receiver().await;
    Https::trusting(vec![root]).post(&endpoint, "{}".into()).await.expect("it is taken");
    let heard = request.await.expect("it ran").expect("a whole request");
    assert!(heard.starts_with("POST /SECRET HTTP/1.1\r\n") && heard.ends_with("{}"), "{heard}");
}

#[tokio::test]
async fn nothing_is_told_to_one_that_nobody_vouches_for() {
    let (endpoint, _root, request) = secure_receiver().await;
    let error = Https::default().post(&endpoint, "{}".into()).await.expect_err("a stranger");
    assert!(matches!(error, PostError::Insecure { .. }), "{error}");
    assert_eq!(request.await.expect("it ran"), None);
}

#[tokio::test]
async fn an_answer_that_closes_the_connection_is_an_answer() {
    let (endpoint, _request) =
        receiver("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok").await;
    Https::default().post(&endpoint, "{}".into()).await.expect("it is taken");
}

#[tokio::test]
async fn what_is_refused_is_told_without_the_secret() {
    for answer in [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
        "no HTTP at all\r\n\r\n",
        "",
    ] {
        let (endpoint, _request) = receiver(answer).await;
        let error = Https::default().post(&endpoint, "{}".into()).await.expect_err("not taken");
        let text = format!("{error} {error:?} {endpoint:?}");
        assert!(!text.contains("SECRET"), "{text}");
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_there_or_not_secure_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let secure: Endpoint = format!("https://{address}/SECRET").parse().expect("an endpoint");
    let plain: Endpoint = format!("http://{address}/SECRET").parse().expect("an endpoint");
    let answers = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(TAKEN.as_bytes()).await.expect("it is read");
    });
    let error = Https::default().post(&secure, "{}".into()).await.expect_err("it knows no TLS");
    assert!(matches!(error, PostError::Insecure { .. }), "{error}");
    answers.await.expect("it answered");
    let error = Https::default().post(&plain, "{}".into()).await.expect_err("nobody is there");
    assert!(matches!(error, PostError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn one_that_fails_keeps_no_other_from_being_told() {
    let (good, request) = receiver(TAKEN).await;
    let (bad, _bad) = receiver("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n").await;
    let receivers = vec![(Receiver::Slack, bad), (Receiver::Teams, good)];
    let announcer = Announcer::new("pilotage".into(), receivers, Arc::new(Https::default()));
    let failure = announcer.notify(&paused()).await.expect_err("one has failed");
    assert_eq!(failure.reason, "Slack: the receiver answered with status 500");
    assert!(request.await.expect("it was heard").contains("AdaptiveCard"));
    assert!(!format!("{announcer:?}").contains("SECRET"));
}

#[tokio::test]
async fn one_that_hangs_keeps_no_other_from_being_told() {
    let hangs = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = hangs.local_addr().expect("an address");
    let silent: Endpoint = format!("http://{address}/").parse().expect("an endpoint");
    let (good, request) = receiver(TAKEN).await;
    let receivers = vec![(Receiver::Webhook, silent), (Receiver::Webhook, good)];
    let announcer = Announcer::new("pilotage".into(), receivers, Arc::new(Https::default()));
    let note = paused();
    let telling = announcer.notify(&note);
    let heard = tokio::time::timeout(Duration::from_secs(30), request);
    tokio::select! {
        told = telling => panic!("one never answers: {told:?}"),
        heard = heard => assert!(heard.expect("in time").is_ok()),
    }
}
