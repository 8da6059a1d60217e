#!/usr/bin/env python3
"""Writes a large workspace: policies of many teams over one register of events. `generate.py FOLDER [FILES] [ROWS]`.

Each policy file has ten rules: derived relations, negation, an aggregate, a condition on texts, a control with a violation and
a note, and a test. All files read a shared vocabulary, so that a name there stands in every file. The same arguments give the
same bytes.
"""

import pathlib
import random
import sys

VOCABULARY = """//! What all teams share.

/// One row for each thing that happened.
input event(key id: string, team: string, user: string, kind: string, minutes: int)
    from csv "data/**/events-*.csv" { id: "id", team: "team", user: "user", kind: "kind", minutes: "minutes" }

/// Things that took place, with who did them.
rel happened(id: string, team: string, user: string)
happened(i, t, u) :- event{id: i, team: t, user: u, minutes: m}, m > limit.

/// How long something may take.
param limit: int = 50
"""

TEAM = """//! Rules of {team}.

use shared.events

/// What {team} does.
rel own(id: string, user: string)
own(i, u) :- events.event{{id: i, team: "{team}", user: u}}.

/// What took too long.
rel late(id: string)
late(i) :- own(i, _), events.event{{id: i, team: "{team}", minutes: m}}, m > events.limit.

/// Logins and reviews.
rel login(id: string, user: string)
login(i, u) :- own(i, u), events.event{{id: i, team: "{team}", kind: "login"}}.
rel review(id: string, user: string)
review(i, u) :- own(i, u), events.event{{id: i, team: "{team}", kind: k}}, k starts_with "rev".

/// People with a review after a login.
rel reviewed(user: string)
reviewed(u) :- login(_, u), review(_, u).

/// How much each person did.
rel done(user: string, n: int)
done(u, n) :- own(_, u), n = count {{ i : own(i, u) }}.

/// {team} reviews what takes long.
control {id} "Late work of {team} is reviewed" {{
    severity: {severity}
    remedy: "Review it."

    scope(i) :- late(i).
    violation(i, "{{i}} by {{u}} took too long and {{u}} reviews nothing") :- own(i, u), not reviewed(u).
    note(i, "{{i}} by {{u}}, who did {{n}} things") :- own(i, u), done(u, n), n > 60.
    violation(i, "{{i}} is unknown") :- own(i, u), u = "nobody {number}".
}}

test "late work of {team}" {{
    given events.event{{id: "a", team: "{team}", user: "u", kind: "login", minutes: 51}}.
    expect violation {id}("a")
}}
"""

KINDS = ["login", "logout", "deploy", "change", "review", "approve"]


def main(folder, files=1000, rows=1_000_000):
    folder = pathlib.Path(folder)
    dice = random.Random(1)
    (folder / "policies/shared").mkdir(parents=True, exist_ok=True)
    (folder / "lawbook.toml").write_text(
        '[policies]\npacks = []\npaths = ["policies"]\n\n[check]\nas_of = 2026-11-20\n'
    )
    (folder / "policies/shared/events.law").write_text(VOCABULARY)
    for number in range(files - 1):
        team = f"team-{number:04}"
        severity = ["low", "medium", "high"][number % 3]
        path = folder / f"policies/d{number // 100:02}/t{number:04}.law"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEAM.format(team=team, id=f"TEAM-{number:04}", severity=severity, number=number))
    (folder / "data").mkdir(exist_ok=True)
    parts = max(1, rows // 10_000)
    for part in range(parts):
        lines = ["id,team,user,kind,minutes"]
        for row in range(part * rows // parts, (part + 1) * rows // parts):
            team = row % (files - 1)
            user = f"user-{team:04}-{dice.randrange(20):02}"
            # Few people review, so that each control has some findings.
            kind = KINDS[dice.randrange(4)] if dice.random() < 0.97 else KINDS[dice.randrange(6)]
            minutes = 51 + dice.randrange(20) if dice.random() < 0.003 else dice.randrange(50)
            lines.append(f"e{row},team-{team:04},{user},{kind},{minutes}")
        (folder / f"data/events-{part:03}.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *(int(value) for value in sys.argv[2:4]))
