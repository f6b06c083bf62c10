//! What AWS answers with, in the two forms that it speaks.

/// An answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub media: &'static str,
    pub body: String,
}

impl Answer {
    pub(crate) fn json(body: &str) -> Self {
        Self { status: 200, media: "application/x-amz-json-1.1", body: body.into() }
    }

    pub(crate) fn xml(action: &str, body: &str) -> Self {
        let body =
            format!("<{action}Response><{action}Result>{body}</{action}Result></{action}Response>");
        Self { status: 200, media: "text/xml", body }
    }

    /// A refusal of a service that speaks JSON, in its own words.
    pub(crate) fn refused_because(status: u16, code: &str, said: &str) -> Self {
        let body = format!(r#"{{"__type":"{code}","message":"{said}"}}"#);
        Self { status, ..Self::json(&body) }
    }

    /// A refusal, in the form of the question.
    pub(crate) fn refused(is_json: bool, status: u16, code: &str) -> Self {
        if is_json {
            return Self::refused_because(status, code, "the fake refuses");
        }
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>the fake refuses</Message></Error></ErrorResponse>"
        );
        Self { status, media: "text/xml", body }
    }
}
