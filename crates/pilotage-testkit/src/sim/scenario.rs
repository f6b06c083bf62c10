//! What a simulated run is to do: the matrix of targets, strategies, sizes and releases.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use super::choices::next;

macro_rules! dimension {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name on a tape.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let mut all = Self::ALL.iter().copied();
                all.find(|known| known.text() == text).ok_or_else(|| format!("`{text}` is unknown"))
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str(self.text())
            }
        }
    };
}

dimension! {
    /// A kind of target, with its own consistency, fencing and router.
    Kind {
        /// Processes behind the built-in proxy: everything at once, stale writes refused.
        Local = "local",
        /// Hosts reached through a command channel: slow, and a lost command may still run.
        Hosts = "hosts",
        /// An ECS service behind a load balancer: old answers, no refusal of stale writes.
        Ecs = "ecs",
        /// A Kubernetes workload behind weighted routes: conflicts, an autoscaler.
        Gateway = "gateway",
        /// A Kubernetes workload behind a plain Service: all or nothing.
        Service = "service",
        /// A Kubernetes workload whose traffic follows the number of pods.
        Ratio = "ratio",
    }
}

dimension! {
    /// How the candidate takes over.
    Way {
        /// In batches, or by the platform's own controller.
        Rolling = "rolling",
        /// All beside all, then one switch.
        BlueGreen = "blue-green",
        /// A growing share with a judge.
        Canary = "canary",
        /// Steps of its own, with a person's word and a smoke check.
        Custom = "custom",
    }
}

dimension! {
    /// How the run begins.
    Start {
        /// Nothing serves yet.
        First = "first",
        /// An older release serves.
        Normal = "normal",
        /// Bringing back an earlier release.
        Rollback = "rollback",
        /// An earlier run has left units of the new release behind, without traffic.
        Staged = "staged",
    }
}

dimension! {
    /// Whether the database must change first.
    Schema {
        /// No.
        None = "plain",
        /// Expand migrations come first.
        Expand = "expand",
    }
}

dimension! {
    /// How the new release behaves.
    Behaviour {
        /// It starts and stays healthy.
        Good = "good",
        /// It needs long to start.
        Slow = "slow",
        /// It never becomes healthy.
        Never = "never",
        /// Its image does not exist.
        Hopeless = "hopeless",
        /// It crashes some time after it became healthy, again and again.
        Crashing = "crashing",
        /// Its health comes and goes.
        Flapping = "flapping",
        /// It becomes bad for good after a few minutes.
        Fading = "fading",
        /// It is healthy and fails some of its requests.
        Wrong = "wrong",
    }
}

dimension! {
    /// How the old release behaves.
    Old {
        /// It serves well.
        Good = "good",
        /// It is down when the run begins.
        Down = "down",
    }
}

/// One of these, all alike.
fn draw<T: Copy>(all: &[T], state: &mut u64) -> T {
    let index = usize::try_from(next(state) % all.len() as u64).unwrap_or(0);
    all[index]
}

/// What a simulated run is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scenario {
    /// Where.
    pub kind: Kind,
    /// How.
    pub way: Way,
    /// With how many units.
    pub size: u16,
    /// With or without migrations.
    pub schema: Schema,
    /// From which beginning.
    pub start: Start,
    /// With which new release.
    pub new: Behaviour,
    /// From which old release.
    pub old: Old,
}

/// The sizes that rounding cares about.
const SIZES: [u16; 4] = [1, 2, 3, 8];

impl Scenario {
    /// Any scenario.
    pub fn draw(seed: u64) -> Self {
        let state = &mut seed.wrapping_mul(0xd134_2543_de82_ef95);
        let good = next(state).is_multiple_of(2);
        let size = usize::try_from(next(state) % 4).unwrap_or(0);
        Self {
            kind: draw(Kind::ALL, state),
            way: draw(Way::ALL, state),
            size: SIZES.get(size).copied().unwrap_or(1),
            schema: draw(Schema::ALL, state),
            start: draw(Start::ALL, state),
            new: if good { Behaviour::Good } else { draw(Behaviour::ALL, state) },
            old: if next(state).is_multiple_of(8) { Old::Down } else { Old::Good },
        }
    }

    /// The matrix that is explored exhaustively: every target with every strategy, from several
    /// beginnings and with several new releases for each pair, sizes and behaviours taken in turn.
    pub fn matrix() -> Vec<Self> {
        let pairs = Kind::ALL.iter().flat_map(|kind| Way::ALL.iter().map(move |way| (*kind, *way)));
        pairs.enumerate().flat_map(|(index, (kind, way))| Self::row(index, kind, way)).collect()
    }

    fn row(index: usize, kind: Kind, way: Way) -> Vec<Self> {
        let base = Self {
            kind,
            way,
            size: SIZES.get(1 + index % 2).copied().unwrap_or(2),
            schema: Schema::None,
            start: Start::Normal,
            new: Behaviour::Good,
            old: Old::Good,
        };
        let bad = Behaviour::ALL.get(2 + index % 5).copied().unwrap_or(Behaviour::Never);
        vec![
            base,
            Self { new: bad, ..base },
            Self { schema: Schema::Expand, start: Start::Staged, ..base },
            Self { start: Start::Rollback, old: Old::Down, ..base },
            Self { start: Start::First, ..base },
            Self { new: Behaviour::Wrong, ..base },
            Self { new: Behaviour::Never, schema: Schema::Expand, ..base },
        ]
    }
}

impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { kind, way, size, schema, start, new, old } = self;
        write!(f, "{kind}.{way}.{size}.{schema}.{start}.{new}.{old}")
    }
}

impl FromStr for Scenario {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('.').collect();
        let [kind, way, size, schema, start, new, old] = parts[..] else {
            return Err(format!("a scenario has seven parts, and `{text}` has {}", parts.len()));
        };
        Ok(Self {
            kind: kind.parse()?,
            way: way.parse()?,
            size: size.parse().map_err(|_| format!("`{size}` is no size"))?,
            schema: schema.parse()?,
            start: start.parse()?,
            new: new.parse()?,
            old: old.parse()?,
        })
    }
}
