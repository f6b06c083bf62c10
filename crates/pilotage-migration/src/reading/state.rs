//! What earlier statements established.

use std::collections::{BTreeMap, BTreeSet};

use crate::sql::ObjectName;

/// Something that a statement establishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// It created this, which certainly did not exist before.
    Created(ObjectName),
    /// It dropped this; what has the name now, if anything has, is something else.
    Dropped(ObjectName),
    /// Names mean other things from now on, or what was created is gone again.
    NothingIsNew,
    /// It created a domain with a constraint, whose columns are proven one by one.
    StrictDomain(ObjectName),
    /// It added a constraint to a table.
    Constraint {
        /// Which table.
        table: ObjectName,
        /// Its name.
        name: ObjectName,
        /// The column of which it says that it is not NULL, if that is what it says.
        not_null: Option<String>,
        /// Whether the rows that there were are proven.
        valid: bool,
    },
    /// It proved a constraint for all rows.
    Validated {
        /// Of which table.
        table: ObjectName,
        /// Its name.
        name: ObjectName,
    },
    /// The table now has this name.
    Renamed {
        /// The old one.
        from: ObjectName,
        /// The new one.
        to: ObjectName,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Constraint {
    not_null: Option<String>,
    valid: bool,
    in_this_file: bool,
}

/// What is known from the statements before.
///
/// What was created counts as new only within the files that are applied together; what was proven
/// stays proven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    new: BTreeSet<ObjectName>,
    strict_domains: BTreeSet<ObjectName>,
    constraints: BTreeMap<(ObjectName, ObjectName), Constraint>,
}

impl State {
    /// Whether nobody can use it yet.
    pub fn is_new(&self, name: &ObjectName) -> bool {
        self.new.contains(name)
    }

    /// Whether it is a domain with a constraint.
    pub fn is_strict_domain(&self, name: &ObjectName) -> bool {
        self.strict_domains.contains(name)
    }

    /// Whether a proven constraint says that the column is not NULL.
    pub fn is_proven_not_null(&self, table: &ObjectName, column: &str) -> bool {
        self.constraints.iter().any(|((of, _), constraint)| {
            of == table && constraint.valid && constraint.not_null.as_deref() == Some(column)
        })
    }

    /// Whether the constraint was added in the file that is being read.
    pub fn is_constraint_of_this_file(&self, table: &ObjectName, name: &ObjectName) -> bool {
        let found = self.constraints.get(&(table.clone(), name.clone()));
        found.is_some_and(|constraint| constraint.in_this_file)
    }

    /// Learns what a statement established.
    pub fn learn(&mut self, fact: Fact) {
        match fact {
            Fact::Created(name) => drop(self.new.insert(name)),
            Fact::Dropped(name) => drop(self.new.remove(&name)),
            Fact::NothingIsNew => self.new.clear(),
            Fact::StrictDomain(name) => drop(self.strict_domains.insert(name)),
            Fact::Constraint { table, name, not_null, valid } => {
                let constraint = Constraint { not_null, valid, in_this_file: true };
                self.constraints.insert((table, name), constraint);
            }
            Fact::Validated { table, name } => {
                if let Some(constraint) = self.constraints.get_mut(&(table, name)) {
                    constraint.valid = true;
                }
            }
            Fact::Renamed { from, to } => {
                if self.new.remove(&from) {
                    self.new.insert(to);
                }
            }
        }
    }

    /// Goes to the next file; what was created stays new if both are applied together.
    pub fn next_file(&mut self, applied_together: bool) {
        if !applied_together {
            self.new.clear();
        }
        for constraint in self.constraints.values_mut() {
            constraint.in_this_file = false;
        }
    }
}
