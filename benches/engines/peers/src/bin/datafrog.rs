//! Four of the six workloads in datafrog: joins of sorted relations, written by hand. It has no negation beside antijoins and
//! no aggregates, and a rule of four atoms takes as many relations of its own; so the two largest programs are left out.

use datafrog::{Iteration, Relation};
use peers::{Facts, tell};

fn closure(edges: Vec<(u32, u32)>) -> usize {
    let mut iteration = Iteration::new();
    // By its end: path(x, y) as (y, x).
    let path = iteration.variable::<(u32, u32)>("path");
    path.extend(edges.iter().map(|&(x, y)| (y, x)));
    let edge: Relation<(u32, u32)> = edges.into_iter().collect();
    while iteration.changed() {
        path.from_join(&path, &edge, |_, &x, &z| (z, x));
    }
    path.complete().len()
}

fn same_generation(parents: Vec<(u32, u32)>) -> usize {
    let by_parent: Relation<(u32, u32)> = parents.iter().map(|&(child, parent)| (parent, child)).collect();
    let mut iteration = Iteration::new();
    let same = iteration.variable::<(u32, u32)>("same");
    // same(p, q) with a child x of p, by q.
    let half = iteration.variable::<(u32, u32)>("half");
    let mut start = 0;
    while let Some(&(parent, _)) = by_parent.get(start) {
        let end = start + by_parent[start..].partition_point(|&(other, _)| other == parent);
        let children = &by_parent[start..end];
        same.extend(children.iter().flat_map(|&(_, x)| children.iter().map(move |&(_, y)| (x, y))));
        start = end;
    }
    while iteration.changed() {
        half.from_join(&same, &by_parent, |_, &q, &x| (q, x));
        same.from_join(&half, &by_parent, |_, &x, &y| (x, y));
    }
    same.complete().len()
}

fn points_to(facts: &Facts) -> usize {
    let flip = |rows: Vec<(u32, u32)>| rows.into_iter().map(|(a, b)| (b, a)).collect::<Relation<(u32, u32)>>();
    let (copy, load, store) = (flip(facts.pairs("copy")), flip(facts.pairs("load")), facts.pairs("store"));
    let store: Relation<(u32, u32)> = store.into_iter().collect();
    let mut iteration = Iteration::new();
    // points(v, o) by v.
    let points = iteration.variable::<(u32, u32)>("points");
    // load(v, w), points(w, p) by p, and store(v, w), points(v, p) by w.
    let loads = iteration.variable::<(u32, u32)>("loads");
    let stores = iteration.variable::<(u32, u32)>("stores");
    points.extend(facts.pairs("address"));
    while iteration.changed() {
        points.from_join(&points, &copy, |_, &o, &v| (v, o));
        loads.from_join(&points, &load, |_, &p, &v| (p, v));
        points.from_join(&loads, &points, |_, &v, &o| (v, o));
        stores.from_join(&points, &store, |_, &p, &w| (w, p));
        points.from_join(&stores, &points, |_, &p, &o| (p, o));
    }
    points.complete().len()
}

fn main() {
    let facts = Facts::from_arguments();
    match facts.workload.as_str() {
        "closure_random" | "closure_chain" => tell(&[("path", closure(facts.pairs("edge")))]),
        "same_generation" => tell(&[("same", same_generation(facts.pairs("parent")))]),
        "points_to" => tell(&[("points", points_to(&facts))]),
        other => panic!("no program for {other}"),
    }
}
