//! Random stratified programs with facts, in the text form of `ir`: small domains, so that everything meets everything.

use std::fmt::Write;

/// Numbers from a seed (SplitMix64): the same on every machine.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.number() % n.max(1) as u64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Int,
    Text,
    Float,
    Bool,
    Time,
    Duration,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Int => "int",
            Kind::Text => "string",
            Kind::Float => "float",
            Kind::Bool => "bool",
            Kind::Time => "time",
            Kind::Duration => "duration",
        }
    }
}

#[derive(Debug, Clone)]
struct Relation {
    name: String,
    columns: Vec<(Kind, bool)>,
    /// Relations of one group may read each other.
    group: usize,
}

/// In which text form a program is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// That of `ir`.
    Ir,
    /// A policy file, inputs as relations of facts.
    Policy,
}

/// A program with its facts, made from a seed: the same one in either form.
pub fn generate(seed: u64, form: Form) -> String {
    let random = Random::new(seed);
    let mut generator =
        Generator { form, random, relations: Vec::new(), out: String::new(), fresh: 0, bound: Vec::new() };
    generator.program();
    generator.out
}

struct Generator {
    form: Form,
    random: Random,
    relations: Vec<Relation>,
    out: String,
    fresh: usize,
    /// Variables of the clause at hand that are bound, by kind.
    bound: Vec<(String, Kind)>,
}

const TEXTS: [&str; 5] = ["a", "b", "ab", "1", "0"];

impl Generator {
    fn program(&mut self) {
        let inputs = 2 + self.random.below(2);
        for number in 0..inputs {
            self.relation(format!("in{number}"), 0, if self.form == Form::Ir { "input" } else { "rel" });
        }
        let mut group = 0;
        let derived = 2 + self.random.below(4);
        for number in 0..derived {
            group += usize::from(self.random.chance(60) || group == 0);
            let word = if self.random.chance(20) { "open rel" } else { "rel" };
            self.relation(format!("r{number}"), group, word);
        }
        for number in 0..self.relations.len() {
            let facts = if number < inputs { self.random.below(9) } else { self.random.below(8).saturating_sub(5) };
            self.facts(number, facts);
        }
        for number in inputs..self.relations.len() {
            for _ in 0..1 + self.random.below(3) {
                self.rule(number);
            }
        }
    }

    fn relation(&mut self, name: String, group: usize, word: &str) {
        let width = match self.random.below(100) {
            0..8 => 5,
            8..11 => 9 + self.random.below(5),
            _ => *self.random.pick(&[0, 1, 1, 2, 2, 2, 3]),
        };
        let width = if group == 0 { width.max(1) } else { width };
        let mut columns = Vec::new();
        for _ in 0..width {
            let kind = match self.random.below(20) {
                0..10 => Kind::Int,
                10..15 => Kind::Text,
                15..17 => Kind::Float,
                17 => Kind::Bool,
                18 => Kind::Time,
                _ => Kind::Duration,
            };
            columns.push((kind, self.random.chance(15)));
        }
        let shown: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, (kind, optional))| format!("c{at}: {}{}", kind.name(), if *optional { "?" } else { "" }))
            .collect();
        writeln!(self.out, "{word} {name}({})", shown.join(", ")).expect("writing to a string");
        self.relations.push(Relation { name, columns, group });
    }

    fn facts(&mut self, number: usize, count: usize) {
        let Relation { name, columns, .. } = self.relations[number].clone();
        for _ in 0..count {
            let row: Vec<String> = columns
                .iter()
                .map(
                    |&(kind, optional)| {
                        if optional && self.random.chance(30) { "none".into() } else { self.constant(kind) }
                    },
                )
                .collect();
            writeln!(self.out, "{name}({}).", row.join(", ")).expect("writing to a string");
        }
    }

    fn constant(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Int if self.random.chance(2) => "9223372036854775807".to_owned(),
            Kind::Int => (self.random.below(5) as i64 - 1).to_string(),
            Kind::Text => format!("\"{}\"", self.random.pick(&TEXTS)),
            Kind::Float => self.random.pick(&["0.0", "0.5", "-1.5", "2.0"]).to_string(),
            Kind::Bool => self.random.pick(&["true", "false"]).to_string(),
            Kind::Time => self.random.pick(&["2026-11-20", "2026-11-21", "2026-11-20T12:00:00Z"]).to_string(),
            Kind::Duration => self.random.pick(&["1d", "12h", "2w", "30s"]).to_string(),
        }
    }

    fn fresh(&mut self, kind: Kind) -> String {
        self.fresh += 1;
        let letter = match kind {
            Kind::Int => "i",
            Kind::Text => "s",
            Kind::Float => "f",
            Kind::Bool => "b",
            Kind::Time => "t",
            Kind::Duration => "d",
        };
        format!("{letter}{}", self.fresh)
    }

    fn known(&mut self, kind: Kind) -> Option<String> {
        let known: Vec<&String> = self.bound.iter().filter(|(_, k)| *k == kind).map(|(name, _)| name).collect();
        if known.is_empty() { None } else { Some(known[self.random.below(known.len())].clone()) }
    }

    fn rule(&mut self, head: usize) {
        self.bound.clear();
        self.fresh = 0;
        let Relation { name, columns, group } = self.relations[head].clone();
        let readable: Vec<usize> = (0..self.relations.len()).filter(|&r| self.relations[r].group <= group).collect();
        let lower: Vec<usize> = (0..self.relations.len()).filter(|&r| self.relations[r].group < group).collect();
        let mut body = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let relation = *self.random.pick(&readable);
            let (atom, further) = self.atom(relation, true);
            body.push(atom);
            body.extend(further);
        }
        let recursive_bound = self.bound.clone();
        for _ in 0..self.random.below(4) {
            let literal = self.literal(&lower, &readable, 0);
            body.push(literal);
        }
        // Computed values in the heads of recursive rules are kept within bounds by their guards.
        if self.random.chance(70) {
            self.bound = recursive_bound;
        }
        let mut args = Vec::new();
        for (kind, optional) in columns {
            args.push(if optional && self.random.chance(20) {
                "none".to_owned()
            } else if self.random.chance(12) {
                let operand = self.operand(kind, 1);
                if kind == Kind::Int {
                    let guard = self.fresh(Kind::Int);
                    body.push(format!("{guard} = {operand}"));
                    body.push(format!("{guard} < 6"));
                    body.push(format!("{guard} > -4"));
                    guard
                } else if !matches!(kind, Kind::Text | Kind::Bool)
                    || operand.starts_with("concat")
                    || operand.starts_with("\"{")
                {
                    self.known(kind).unwrap_or_else(|| self.constant(kind))
                } else {
                    operand
                }
            } else {
                self.known(kind).unwrap_or_else(|| self.constant(kind))
            });
        }
        for at in (1..body.len()).rev() {
            let other = self.random.below(at + 1);
            body.swap(at, other);
        }
        writeln!(self.out, "{name}({}) :- {}.", args.join(", "), body.join(", ")).expect("writing to a string");
    }

    /// An atom, and literals that its optional columns call for. Variables that it binds are added if `binding`; otherwise
    /// they are its own.
    fn atom(&mut self, relation: usize, binding: bool) -> (String, Vec<String>) {
        let Relation { name, columns, .. } = self.relations[relation].clone();
        let mut further = Vec::new();
        let mut args = Vec::new();
        let mut new = Vec::new();
        for (kind, optional) in columns {
            let arg = match self.random.below(100) {
                0..15 => "_".to_owned(),
                15..25 => self.constant(kind),
                25..32 if optional => "none".to_owned(),
                32..45 if optional => {
                    let variable = self.fresh(kind);
                    match self.random.below(3) {
                        0 => further.push(format!("{variable} != none")),
                        1 => {
                            let other = self.fresh(kind);
                            further.push(format!("{other} = ({variable} else {})", self.constant(kind)));
                            if binding {
                                new.push((other, kind));
                            }
                        }
                        _ => {}
                    }
                    format!("{variable}?")
                }
                45..53 => self.operand(kind, 1),
                53..80 => self.known(kind).unwrap_or_else(|| "_".to_owned()),
                _ => {
                    let variable = self.fresh(kind);
                    new.push((variable.clone(), kind));
                    variable
                }
            };
            args.push(arg);
        }
        if binding {
            self.bound.extend(new);
        }
        (format!("{name}({})", args.join(", ")), further)
    }

    fn operand(&mut self, kind: Kind, depth: usize) -> String {
        if depth > 2 || self.random.chance(30) {
            return self.known(kind).unwrap_or_else(|| self.constant(kind));
        }
        match kind {
            Kind::Int => match self.random.below(8) {
                0 if self.random.chance(30) => format!("days({})", self.operand(Kind::Duration, depth + 1)),
                0 => format!("length({})", self.operand(Kind::Text, depth + 1)),
                1 => format!("parse_int({})", self.operand(Kind::Text, depth + 1)),
                2 => format!("-({})", self.operand(kind, depth + 1)),
                3 => format!("min2({}, {})", self.operand(kind, depth + 1), self.operand(kind, depth + 1)),
                _ => {
                    let sign = *self.random.pick(&["+", "-", "*", "/", "/"]);
                    format!("({} {sign} {})", self.operand(kind, depth + 1), self.operand(kind, depth + 1))
                }
            },
            Kind::Text => match self.random.below(4) {
                0 => format!("upper({})", self.operand(kind, depth + 1)),
                1 => format!("split({}, \"b\", {})", self.operand(kind, depth + 1), self.operand(Kind::Int, depth + 1)),
                2 => {
                    let (text, number) = (self.operand(kind, depth + 1), self.operand(Kind::Int, depth + 1));
                    match self.form {
                        Form::Ir => format!("concat({text}, {number})"),
                        Form::Policy => format!("\"{{{text}}}{{{number}}}\""),
                    }
                }
                _ => format!("trim({})", self.operand(kind, depth + 1)),
            },
            Kind::Bool => self.known(kind).unwrap_or_else(|| self.constant(kind)),
            Kind::Time => {
                let sign = *self.random.pick(&["+", "-"]);
                format!("({} {sign} {})", self.operand(kind, depth + 1), self.operand(Kind::Duration, depth + 1))
            }
            Kind::Duration => match self.random.below(4) {
                0 => format!("({} - {})", self.operand(Kind::Time, depth + 1), self.operand(Kind::Time, depth + 1)),
                1 => format!("({} * {})", self.operand(kind, depth + 1), self.operand(Kind::Int, depth + 1)),
                2 => format!("({} / {})", self.operand(kind, depth + 1), self.operand(Kind::Int, depth + 1)),
                _ => format!("({} - {})", self.operand(kind, depth + 1), self.operand(kind, depth + 1)),
            },
            Kind::Float => {
                let other = *self.random.pick(&[Kind::Float, Kind::Int]);
                let sign = *self.random.pick(&["+", "-", "/"]);
                format!("({} {sign} {})", self.operand(kind, depth + 1), self.operand(other, depth + 1))
            }
        }
    }

    /// A literal beside the first atoms: it may bind variables.
    fn literal(&mut self, lower: &[usize], readable: &[usize], depth: usize) -> String {
        match self.random.below(if depth > 1 { 5 } else { 10 }) {
            0 => {
                let kind = *self.random.pick(&[Kind::Int, Kind::Text, Kind::Float, Kind::Time, Kind::Duration]);
                let op = *self.random.pick(&["=", "!=", "<", "<=", ">", ">="]);
                format!("{} {op} {}", self.operand(kind, 1), self.operand(kind, 1))
            }
            1 => {
                let kind =
                    *self.random.pick(&[Kind::Int, Kind::Int, Kind::Text, Kind::Text, Kind::Time, Kind::Duration]);
                let operand = self.operand(kind, 0);
                let variable = self.fresh(kind);
                self.bound.push((variable.clone(), kind));
                format!("{variable} = {operand}")
            }
            2 => {
                let values = format!("[{}, {}]", self.constant(Kind::Int), self.constant(Kind::Int));
                match self.random.below(3) {
                    0 => format!("{} not in {values}", self.operand(Kind::Int, 1)),
                    1 => format!("{} in {values}", self.operand(Kind::Int, 1)),
                    _ => {
                        let variable = self.fresh(Kind::Int);
                        self.bound.push((variable.clone(), Kind::Int));
                        format!("{variable} in {values}")
                    }
                }
            }
            3 => {
                let not = if self.random.chance(40) { "not " } else { "" };
                let regex = if self.form == Form::Ir { "matches \"^[a1]\"" } else { "matches /^[a1]/" };
                let test = *self.random.pick(&["contains \"a\"", "starts_with \"b\"", regex, "like \"a*\""]);
                format!("{} {not}{test}", self.operand(Kind::Text, 1))
            }
            4 | 5 => {
                let bound = self.bound.clone();
                let inner = self.inner(lower, depth);
                self.bound = bound;
                format!("not ({inner})")
            }
            6 | 7 => self.or(lower, readable, depth),
            _ => {
                let bound = self.bound.clone();
                let inner = self.inner(lower, depth);
                let function = *self.random.pick(&["count", "sum", "min", "max", "sum"]);
                let listed = self.operand(Kind::Int, 1);
                let more = self.known(Kind::Text).map_or_else(String::new, |name| format!(", {name}"));
                self.bound = bound;
                let aggregate = format!("{function} {{ {listed}{more} : {inner} }}");
                if self.random.chance(60) {
                    let variable = self.fresh(Kind::Int);
                    self.bound.push((variable.clone(), Kind::Int));
                    format!("{variable} = {aggregate}")
                } else {
                    format!("{aggregate} > {}", self.operand(Kind::Int, 1))
                }
            }
        }
    }

    /// A body under `not` or in an aggregate. What it binds is added to what is bound; the caller takes it back.
    fn inner(&mut self, lower: &[usize], depth: usize) -> String {
        let mut body = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let relation = *self.random.pick(lower);
            let (atom, further) = self.atom(relation, true);
            body.push(atom);
            body.extend(further);
        }
        if self.random.chance(50) {
            body.push(self.literal(lower, lower, depth + 1));
        }
        body.join(", ")
    }

    fn or(&mut self, lower: &[usize], readable: &[usize], depth: usize) -> String {
        let before = self.bound.clone();
        let variable = self.random.chance(50).then(|| self.fresh(Kind::Int));
        let mut branches = Vec::new();
        for _ in 0..2 {
            self.bound = before.clone();
            let mut branch = Vec::new();
            if self.random.chance(60) {
                let relation = *self.random.pick(readable);
                let (atom, further) = self.atom(relation, true);
                branch.push(atom);
                branch.extend(further);
            }
            if let Some(variable) = &variable {
                let operand = self.operand(Kind::Int, 1);
                branch.push(format!("{variable} = {operand}"));
            }
            if branch.is_empty() || self.random.chance(40) {
                branch.push(self.literal(lower, lower, depth + 2));
            }
            branches.push(branch.join(", "));
        }
        self.bound = before;
        self.bound.extend(variable.map(|variable| (variable, Kind::Int)));
        format!("({})", branches.join(" or "))
    }
}
