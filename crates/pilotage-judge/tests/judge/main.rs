//! The judge from outside: panels, error rates, what Kayenta does and does not see, properties.

#[cfg(test)]
mod error_rates;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod kayenta;
#[cfg(test)]
mod panels;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod sequential;
#[cfg(test)]
mod threshold;
