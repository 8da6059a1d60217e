#!/usr/bin/env python3
"""Draws how time and memory grow, from what run.py measured: plot.py MEASURED.json FOLDER.

One SVG a workload: CPU seconds and megabytes over rows, both axes in powers, a line an engine. The same measurements give the
same bytes.
"""

import json
import math
import os
import statistics
import sys

COLORS = {
    "lawbook": "#0b6e4f", "ascent": "#c1440e", "crepe": "#8d6a9f", "datafrog": "#b8860b", "souffle": "#1f5fa8",
    "nemo": "#7a7a7a", "datatoad": "#6b8e23",
}
WIDTH, HEIGHT, LEFT, TOP, GAP = 380, 250, 62, 46, 70


def points(results, name, figure):
    found = []
    for result in results:
        engine = result["engines"].get(name, {})
        if engine.get(figure) and "trouble" not in engine:
            value = statistics.median(engine[figure]) if figure == "cpu" else max(engine[figure])
            found.append((rows(result), max(value, 1e-3)))
    return found


def rows(result):
    counts = [engine["counts"] for engine in result["engines"].values() if engine.get("counts")]
    return max(1, sum(counts[0].values())) if counts else 1


def powers(low, high):
    """The powers of ten that enclose a range: two at least."""
    first = math.floor(math.log10(low))
    return range(first, max(first + 1, math.ceil(math.log10(high))) + 1)


def short(value):
    for limit, unit in [(1e6, "M"), (1e3, "k")]:
        if value >= limit:
            return f"{value / limit:g}{unit}"
    return f"{value:g}"


def panel(out, at, title, lines):
    """One diagram: lines of (rows, figure) by engine."""
    every = [point for line in lines.values() for point in line]
    if not every:
        return
    across = powers(min(x for x, _ in every), max(x for x, _ in every))
    up = powers(min(y for _, y in every), max(y for _, y in every))

    def x(value):
        return at + (math.log10(value) - across[0]) / (across[-1] - across[0]) * WIDTH

    def y(value):
        return TOP + HEIGHT - (math.log10(value) - up[0]) / (up[-1] - up[0]) * HEIGHT

    out.append(f'<text x="{at}" y="{TOP - 12}" class="title">{title}</text>')
    for power in across:
        left, bottom = f"{x(10.0**power):.1f}", TOP + HEIGHT
        out.append(f'<line x1="{left}" x2="{left}" y1="{TOP}" y2="{bottom}" class="grid"/>')
        out.append(f'<text x="{left}" y="{bottom + 16}" class="axis" text-anchor="middle">{short(10.0**power)}</text>')
    for power in up:
        height = y(10.0**power)
        out.append(f'<line x1="{at}" x2="{at + WIDTH}" y1="{height:.1f}" y2="{height:.1f}" class="grid"/>')
        out.append(f'<text x="{at - 6}" y="{height + 4:.1f}" class="axis" text-anchor="end">{short(10.0**power)}</text>')
    middle = f"{at + WIDTH / 2:.1f}"
    out.append(f'<text x="{middle}" y="{TOP + HEIGHT + 34}" class="axis" text-anchor="middle">rows derived</text>')
    for name, line in lines.items():
        color, width = COLORS.get(name, "#444444"), 2.6 if name == "lawbook" else 1.6
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in sorted(line))
        out.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"/>')
        out.extend(f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="2.6" fill="{color}"/>' for a, b in line)


def draw(workload, results, names):
    out = []
    for number, (figure, title) in enumerate([("cpu", "CPU seconds"), ("memory", "peak memory, MB")]):
        lines = {name: points(results, name, figure) for name in names}
        panel(out, LEFT + number * (WIDTH + GAP), title, {name: line for name, line in lines.items() if line})
    legend = TOP + HEIGHT + 58
    used = [name for name in names if points(results, name, "cpu")]
    for number, name in enumerate(used):
        left = LEFT + number * 112
        out.append(f'<rect x="{left}" y="{legend - 9}" width="18" height="4" fill="{COLORS.get(name, "#444444")}"/>')
        out.append(f'<text x="{left + 24}" y="{legend - 3}" class="axis">{name}</text>')
    wide, high = LEFT + 2 * WIDTH + GAP + 20, legend + 14
    style = "text{font-family:sans-serif;fill:#222}.title{font-size:14px}.axis{font-size:11px}.grid{stroke:#e3e3e3}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">'
    name = f"<title>{workload}: CPU seconds and peak memory over rows derived</title><style>{style}</style>"
    return "\n".join([head, name, f'<rect width="{wide}" height="{high}" fill="#ffffff"/>', *out, "</svg>"]) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1]) as text:
        measured = json.load(text)["results"]
    os.makedirs(sys.argv[2], exist_ok=True)
    for workload in dict.fromkeys(result["workload"] for result in measured):
        own = [result for result in measured if result["workload"] == workload]
        names = list(dict.fromkeys(name for result in own for name in result["engines"]))
        with open(os.path.join(sys.argv[2], f"{workload}.svg"), "w") as out:
            out.write(draw(workload, own, names))
