//! What AWS answers with, in the two forms that it speaks.

/// An answer.
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

    /// A refusal, in the form of the question.
    pub(crate) fn refused(is_json: bool, status: u16, code: &str) -> Self {
        if is_json {
            let body = format!(r#"{{"__type":"{code}","message":"the fake refuses"}}"#);
            return Self { status, media: "application/x-amz-json-1.1", body };
        }
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
             <Message>the fake refuses</Message></Error></ErrorResponse>"
        );
        Self { status, media: "text/xml", body }
    }
}
