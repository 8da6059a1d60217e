//! One mistake, one error: each mutation of a healthy policy costs as many errors as are due, where it was made.

use base::Diagnostic;

use crate::testing::compile_all;

const HEALTHY: &str = include_str!("healthy.law");
const PEOPLE: &str = "/// Who leads whom.\nrel lead(person: string, lead: string)\nlead(\"ada\", \"eve\").\n";

/// The errors of the policy, each with its line.
fn errors(text: &str) -> Vec<(usize, Diagnostic)> {
    let (sources, compilation) = compile_all(&[("lib.people", PEOPLE), ("house", text)]);
    let errors = compilation.diagnostics.into_iter().filter(Diagnostic::is_error);
    let line = |diagnostic: &Diagnostic| {
        let place = diagnostic.primary.as_ref().expect("errors of policies have places").place;
        assert_eq!(&**sources.path(place.file), "house.law", "{diagnostic:?}");
        sources.text(place.file)[..place.span.start as usize].matches('\n').count() + 1
    };
    errors.map(|diagnostic| (line(&diagnostic), diagnostic)).collect()
}

/// Replaces the first `old` by `new`: how many errors are due, and the code of one; behind `~` where it stands at what
/// rests on the changed line and not on it, since either could be meant.
#[rustfmt::skip]
const MUTATIONS: &[(&str, &str, usize, &str)] = &[
    // Names.
    ("use lib.people\n", "use lib.peple\n", 1, "E0202"),
    ("use lib.people\n", "", 1, "~E0203"),
    ("use lib.people as staff\n", "use lib.poeple as staff\n", 1, "E0202"),
    ("param max_age", "param max_ages", 3, "~E0420"),
    ("entity Account\n", "", 1, "~E0207"),
    ("entity Account\n", "entity Acount\n", 1, "~E0207"),
    ("input review", "input reviews", 1, "~E0201"),
    ("rel owns(", "rel own(", 1, "~E0201"),
    ("reviewed(s) :- owns(_, s)", "reviewed(s) :- own(_, s)", 1, "E0201"),
    ("reviewed(s) :- owns(_, s)", "reviewed(x) :- owns(_, s)", 1, "E0420"),
    ("reviewed(s) :-", "revewed(s) :-", 1, "E0201"),
    ("people.lead{person: p", "people.leed{person: p", 1, "E0201"),
    ("people.lead{person: p", "poeple.lead{person: p", 1, "E0202"),
    ("people.lead{person: p", "people.lead{persn: p", 1, "E0204"),
    ("as_of 2026-11-20\n", "as_off 2026-11-20\n", 1, "E0115"),
    ("maps: house/R1", "maps: house/R3", 1, "E0208"),
    ("maps: house/R1", "maps: hose/R1", 1, "E0208"),
    ("severity: high", "severty: high", 1, "E0602"),
    ("severity: high", "severity: hgh", 1, "E0604"),
    ("framework house", "framework hous", 2, "~E0208"),
    ("expect violation HOUSE-1(\"ranker\")", "expect violation HOUSE-3(\"ranker\")", 1, "E0209"),
    ("given review{", "given reviw{", 1, "E0201"),
        ("today() - d,", "tody() - d,", 1, "E0205"),
    ("late(s, age) :-", "lat(s, age) :-", 1, "E0201"),
    ("not answers(o, _)", "not answer(o, _)", 1, "E0201"),
    // Brackets, stops, commas and quotes.
    ("owns(\"search\", \"ranker\").", "owns(\"search\", \"ranker\"", 1, "E0103"),
    ("owns(\"search\", \"ranker\").", "owns(\"search\", \"ranker\")", 1, "E0101"),
    ("owns(\"search\", \"ranker\").", "owns(\"search\" \"ranker\").", 1, "E0102"),
    ("owns(\"search\", \"ranker\").", "owns(\"search, \"ranker\").", 1, "E0104"),
    ("owns(\"search\", \"ranker\").", "owns(\"search\", \"ranker).", 1, "E0104"),
    ("owns(\"search\", \"ranker\").", "owns\"search\", \"ranker\").", 1, "E0103"),
    ("owns(\"search\", \"ranker\").", "owns(search, \"ranker\").", 1, "E0408"),
    ("owns(\"search\", \"ranker\").", "owns('search', \"ranker\").", 1, "E0107"),
    ("rel owns(team: string, system: string)", "rel owns(team: string, system: string", 1, "E0103"),
    ("rel owns(team: string, system: string)", "rel owns(team: string system: string)", 1, "E0102"),
    ("rel owns(team: string, system: string)", "rel owns(team, system: string)", 1, "E0102"),
    ("rel owns(team: string, system: string)", "rel owns(team: string, system: string).", 1, "E0107"),
    ("rel owns(team: string, system: string)", "rel owns", 1, "E0102"),
    ("rel owns(team: string, system: string)", "", 1, "~E0201"),
    ("lead: l}.\nanswers", "lead: l}\nanswers", 1, "E0101"),
    ("lead: l}.\nanswers", "lead: l.\nanswers", 1, "E0103"),
    ("lead: l}.\nanswers", "lead: l)}.\nanswers", 1, "E0103"),
    ("answers(p, l) :- people", "answers(p, l) : - people", 1, "E0102"),
    ("answers(p, l) :- people", "answers(p, l) people", 1, "E0101"),
    ("answers(p, l), people", "answers(p, l) people", 1, "E0102"),
    ("count { t : owns(t, s) }", "count { t : owns(t, s) ", 1, "E0103"),
    ("count { t : owns(t, s) }", "count { owns(t, s) }", 1, "E0118"),
    ("count { t : owns(t, s) }", "count(t : owns(t, s))", 1, "E0118"),
    ("/^(svc|ci)-/ as", "/^(svc|ci)- as", 1, "E0104"),
    ("/^(svc|ci)-/ as", "/^(svc|ci-/ as", 1, "E0410"),
    ("/^(svc|ci)-/ as", "\"^(svc|ci)-\" as", 1, "E0117"),
    ("/^(svc|ci)-/ as (prefix)", "/^(svc|ci)-/", 1, "~E0420"),
    ("( n ends_with \"-prod\" or", "n ends_with \"-prod\" or", 1, "E0103"),
    ("( n ends_with \"-prod\" or not staff.lead{person: n} ).", "n ends_with \"-prod\" or not staff.lead{person: n}.", 1, "E0125"),
    ("control HOUSE-1 \"Systems are reviewed\" {", "control HOUSE-1 \"Systems are reviewed\"", 1, "E0105"),
    ("control HOUSE-1 \"Systems are reviewed\" {", "control HOUSE-1 {", 1, "E0102"),
    ("late(s, age).\n}", "late(s, age).\n", 1, "~E0105"),
    ("late(s, age).\n}", "late(s, age)\n}", 1, "E0101"),
    ("\"{s} was never reviewed\")", "\"{s was never reviewed\")", 1, "E0111"),
    ("\"{s} was never reviewed\")", "\"{} was never reviewed\")", 1, "E0111"),
    ("\"{s} was never reviewed\")", "\"{x} was never reviewed\")", 1, "E0420"),
    ("violation(s, \"{s} was never reviewed\")", "violation(s)", 1, "E0605"),
    ("remedy: \"Ask the team for a review.\"", "remedy: \"Ask the team for a review.", 1, "E0104"),
    ("remedy: \"Ask the team for a review.\"", "remedy: Ask the team", 1, "E0102"),
    ("expect violation HOUSE-1(\"bidder\")", "expect violation HOUSE-1(bidder)", 1, "E0120"),
    ("as_of 2026-11-20\n", "", 1, "~E0702"),
    ("as_of 2026-11-20\n", "as_of \"2026-11-20\"\n", 1, "E0703"),
    ("2026-01-15", "2026-02-30", 1, "E0108"),
    // Types.
    ("param max_age: duration = 180d", "param max_age: duration = 180", 1, "E0226"),
    ("param max_age: duration = 180d", "param max_age: int = 180", 2, "~E0301"),
    ("param max_age: duration = 180d", "param max_age: timespan = 180d", 1, "E0207"),
    ("param max_age: duration = 180d", "param max_age = 180d", 1, "E0102"),
    ("rel shared(system: string, teams: int)", "rel shared(system: string, teams: string)", 1, "~E0301"),
    ("rel shared(system: string, teams: int)", "rel shared(system: string)", 1, "~E0401"),
    ("n > 1", "n > \"1\"", 1, "E0301"),
    ("today() - day < max_age", "today() - day < 180", 1, "E0301"),
    ("today() - day < max_age", "today() - day == max_age", 1, "E0107"),
    ("review{system: s, day}", "review{system: s, day?}", 1, "E0422"),
    ("created: time)", "created: date)", 1, "E0207"),
    ("rel technical(account: Account, prefix: string)", "rel technical(account: Acount, prefix: string)", 1, "E0207"),
    ("rel technical(account: Account, prefix: string)", "rel technical(account: int, prefix: string)", 2, "~E0301"),
    ("review{system: s, day: none}", "review{system: none, day: none}", 1, "E0303"),
    ("day: 2026-01-15, by", "day: \"2026-01-15\", by", 1, "E0301"),
    // Literals and heads.
    ("owns(_, s), n = count", "n = count", 1, "E0420"),
    ("    account{id: a, name: n},\n", "", 2, "E0420"),
    ("account{id: a, owner: o}, not answers", "not answers", 1, "E0420"),
    ("not review{system: s}.", "! review{system: s}.", 1, "E0107"),
    ("not review{system: s}.", "not not review{system: s}.", 1, "E0112"),
    ("owns(_, s), review", "owns(s), review", 1, "E0401"),
    ("scope(s) :- owns(_, s).", "", 1, "~E0601"),
    ("scope(s) :- owns(_, s).", "scope(s, t) :- owns(t, s).", 1, "E0401"),
    ("scope(s) :- owns(_, s).", "scope(s) :- owns(_, s)", 1, "E0101"),
    ("scope(s) :- owns(_, s).", "scope(s) :- owns(_, x).", 1, "E0420"),
    ("scope(a) :- account{id: a}.", "scope(a) :- acount{id: a}.", 1, "E0201"),
    ("scope(a) :- account{id: a}.", "scope(n) :- account{created: n}.", 1, "E0609"),
    ("note(a, \"{a} is technical ({p})\") :- technical(a, p).", "note(a, \"x\") :- violation(a, _).", 1, "E0210"),
    // Things twice, and in a circle.
    ("control HOUSE-2", "control HOUSE-1", 1, "E0220"),
    ("rel shared(", "rel owns(", 2, "E0220"),
    ("param tiers", "param max_age", 1, "E0220"),
    ("answers(p, l), people", "not answers(l, p), people", 1, "E0420"),
    ("reviewed(s) :- owns(_, s),", "reviewed(s) :- owns(_, s), not reviewed(s),", 1, "E0501"),
    ("id: id, name: name,", "id: id,", 1, "E0633"),
    ("from csv", "from cvs", 1, "E0630"),
    ("    severity: high\n", "    severity: high\n    severity: low\n", 1, "E0603"),
];

#[test]
fn the_policy_is_healthy() {
    let errors = errors(HEALTHY);
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn one_mistake_costs_one_error_where_it_was_made() {
    let mut wrong = String::new();
    for (old, new, due, code) in MUTATIONS {
        let at = HEALTHY.find(old).unwrap_or_else(|| panic!("`{old}` is not in the policy"));
        let text = HEALTHY.replacen(old, new, 1);
        let first = HEALTHY[..at].matches('\n').count() + 1;
        let last = first + new.matches('\n').count();
        let found = errors(&text);
        let near = code.starts_with('~') || found.iter().any(|(line, _)| (first..=last).contains(line));
        let told = found.iter().any(|(_, told)| told.code == code.trim_start_matches('~'));
        let fine = found.len() == *due && near && told;
        if !fine {
            wrong += &format!("\n`{old}` as `{new}`: {due} due, {code}, at line {first}\n");
            for (line, found) in &found {
                wrong += &format!("    {line}: {} {}\n", found.code, found.message);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Leaves out, doubles or swaps single tokens anywhere: few errors, one of them near, and never a panic.
#[test]
fn any_token_left_out_doubled_or_swapped_costs_few_errors() {
    let tokens: Vec<_> = syntax::scan::scan(HEALTHY).into_iter().filter(|token| !token.is_comment()).collect();
    let text = |at: usize| tokens[at].text(HEALTHY);
    // How many mutations cost 0, 1, 2 … errors, and how many have none of them within two lines.
    let (mut costs, mut far, mut worst) = ([0; 12], 0, String::new());
    for at in 0..tokens.len() {
        let range = tokens[at].span.range();
        let line = HEALTHY[..range.start].matches('\n').count() + 1;
        let other = text((at * 7 + 3) % tokens.len());
        let doubled = format!("{0} {0}", text(at));
        // One of the three for each token: all of them take three times as long and show the same.
        let new = ["", &doubled, other][at % 3];
        let found = errors(&format!("{}{new}{}", &HEALTHY[..range.start], &HEALTHY[range.end..]));
        costs[found.len().min(11)] += 1;
        far += usize::from(!found.is_empty() && found.iter().all(|(told, _)| told.abs_diff(line) > 2));
        if found.len() > MOST {
            let told: Vec<String> = found.iter().map(|(at, d)| format!("{at}: {} {}", d.code, d.message)).collect();
            worst += &format!("line {line}: `{}` as `{new}`\n    {}\n", text(at), told.join("\n    "));
        }
    }
    let all: usize = costs.iter().sum();
    let several: usize = costs[2..].iter().sum();
    println!("{all} mutations by number of errors: {costs:?}, {far} with none near");
    assert!(worst.is_empty(), "{worst}");
    assert!(several * 10 < all, "{several} of {all} cost more than one error");
    assert!(far * 10 < all, "{far} of {all} show nothing near");
}

/// A block that loses its brace or its head may cost so many; hardly anything else does.
const MOST: usize = 7;
