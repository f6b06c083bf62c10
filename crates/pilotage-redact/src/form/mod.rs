//! The texts in which a value is found again after it went through an encoder.
//!
//! One file for each family of encoders. A form that is the plain text again is dropped by whoever
//! collects them.

mod base64;
mod escape;
mod hex;
mod percent;
mod surface;

use zeroize::Zeroizing;

/// A form: bytes that are wiped.
pub(crate) type Form = Zeroizing<Vec<u8>>;

/// All forms of a part, the plain one among them.
pub(crate) fn forms(plain: &[u8]) -> Vec<Form> {
    let mut forms = vec![Zeroizing::new(plain.to_vec())];
    forms.extend(escape::forms(plain));
    forms.extend(percent::forms(plain));
    forms.extend(base64::forms(plain));
    forms.extend(hex::forms(plain));
    forms.extend(surface::forms(plain));
    forms
}
