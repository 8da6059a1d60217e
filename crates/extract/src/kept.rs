//! What each file gave beside rows, kept so that a file that changes is read alone.
//!
//! An extraction of all files is the sum of what is known of each of them, in the order of their paths. So after a change the
//! files that changed are read, and the sum is made anew; rows come and go as a [`Change`] of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use base::{Cancel, FileEntry, FileError, Files};
use facts::{Batch, Change, Database, RelationDecl};

use crate::run::{Chosen, Fate, Readers, Seen, choose, pool, tell_first};
use crate::{Extraction, Extractor, FileProblem, Options, Problem, Request, SecretScanner, Unread};

/// What is known of a file, without its rows.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    size: u64,
    fate: Fate,
    bytes: u64,
    problems: Vec<Problem>,
    parts: Vec<PartRecord>,
}

#[derive(Debug, Clone)]
struct PartRecord {
    name: &'static str,
    time: Duration,
    rows: u64,
    problems: Vec<Problem>,
    evidence: Vec<usize>,
    incomplete: Vec<usize>,
}

impl Record {
    /// What is known of a file, and its rows.
    pub fn of(entry: &FileEntry, seen: Seen<'_>) -> (Record, Vec<Batch>) {
        let mut batches = Vec::new();
        let parts = seen.parts.into_iter().map(|part| {
            let output = part.output;
            let rows = output.sink.rows() as u64;
            batches.push(output.sink.finish());
            PartRecord {
                name: part.name,
                time: part.time,
                rows,
                problems: output.problems,
                evidence: output.evidence,
                incomplete: output.incomplete,
            }
        });
        let parts = parts.collect();
        (Record { size: entry.size, fate: seen.fate, bytes: seen.bytes, problems: seen.problems, parts }, batches)
    }

    /// Adds it to what is known of files before it.
    pub fn note(&self, path: &Arc<str>, request: &Request, extraction: &mut Extraction) {
        let counts = &mut extraction.counts;
        counts.bytes += self.bytes;
        match &self.fate {
            Fate::Read => counts.read += 1,
            Fate::Unwanted => counts.unwanted += 1,
            Fate::Unread(Unread::Binary) => counts.binary += 1,
            Fate::Unread(reason) => {
                counts.skipped += 1;
                extraction.skipped.push((path.clone(), reason.to_string()));
            }
        }
        let problem = |problem: &Problem| FileProblem { path: path.clone(), problem: problem.clone() };
        extraction.problems.extend(self.problems.iter().map(problem));
        for part in &self.parts {
            let stats = extraction.stats.entry(part.name).or_default();
            stats.files += 1;
            stats.rows += part.rows;
            stats.time += part.time;
            extraction.problems.extend(part.problems.iter().map(problem));
            for &relation in &part.evidence {
                let known = extraction.evidence.entry(request.schema[relation].name.clone()).or_default();
                if known.files.last() != Some(path) {
                    known.files.push(path.clone());
                }
            }
            for &relation in &part.incomplete {
                let known = extraction.evidence.entry(request.schema[relation].name.clone()).or_default();
                if known.incomplete.last() != Some(path) {
                    known.incomplete.push(path.clone());
                }
            }
        }
    }
}

/// What is read, and who reads it: files, extractors, and what finds secrets.
pub type Sources<'a> = (&'a dyn Files, &'a [Box<dyn Extractor>], Option<&'a dyn SecretScanner>);

/// What is known of all files of a folder, for one request.
pub struct Kept {
    request: Request,
    schema: Arc<[Arc<RelationDecl>]>,
    records: BTreeMap<Arc<str>, Record>,
}

impl Kept {
    /// Reads all files, as [`crate::run`] does, and remembers what came of each.
    pub fn start(
        (files, extractors, secrets): Sources<'_>,
        request: &Request,
        options: &Options,
        cancel: &Cancel,
    ) -> Result<(Kept, Extraction), FileError> {
        let schema: Arc<[Arc<RelationDecl>]> = request.schema.as_slice().into();
        let mut kept = Kept { request: request.clone(), schema, records: BTreeMap::new() };
        let mut database = Database::tracked();
        request.schema.iter().for_each(|decl| database.declare(decl));
        let chosen = choose(files, options)?;
        let reading = Readers { files, request, extractors, secrets };
        let problems = reading.read(&chosen.entries, &pool(options), cancel, &mut |entry, seen| {
            let (record, batches) = Record::of(entry, seen);
            batches.iter().for_each(|batch| database.absorb(&request.schema, batch));
            kept.records.insert(entry.path.clone(), record);
        });
        let mut extraction = kept.sum(chosen, problems);
        extraction.database = database;
        extraction.cancelled = cancel.is_cancelled();
        Ok((kept, extraction))
    }

    /// The request that the files were read for.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Reads those files anew that changed, and those that were not there before; files that are there no more go. Returns how
    /// the rows change, and what is known of all files now: an extraction whose database is left empty. If it is cancelled,
    /// nothing is remembered of it.
    pub fn update(
        &mut self,
        (files, extractors, secrets): Sources<'_>,
        changed: &BTreeSet<Arc<str>>,
        options: &Options,
        cancel: &Cancel,
    ) -> Result<(Change, Extraction), FileError> {
        let chosen = choose(files, options)?;
        let is_new = |entry: &&FileEntry| {
            let known = self.records.get(&entry.path);
            known.is_none_or(|record| record.size != entry.size) || changed.contains(&entry.path)
        };
        let entries: Vec<FileEntry> = chosen.entries.iter().filter(is_new).cloned().collect();
        let threads = (entries.len() > 1).then(|| pool(options)).flatten();
        let mut came = Vec::new();
        let reading = Readers { files, request: &self.request, extractors, secrets };
        let problems = reading.read(&entries, &threads, cancel, &mut |entry, seen| {
            let (record, batches) = Record::of(entry, seen);
            came.push((entry.path.clone(), record, batches));
        });
        let mut change = Change::new();
        if cancel.is_cancelled() {
            return Ok((change, Extraction { cancelled: true, ..Extraction::default() }));
        }
        let there: BTreeSet<&Arc<str>> = chosen.entries.iter().map(|entry| &entry.path).collect();
        self.records.retain(|path, _| {
            let stays = there.contains(path);
            if !stays {
                change.withdraw_file(path.clone());
            }
            stays
        });
        // What was to be read before and never became rows may have left rows of its own.
        let lost = changed.iter().filter(|path| !there.contains(path) && !self.records.contains_key(*path));
        lost.for_each(|path| change.withdraw_file(path.clone()));
        for (path, record, batches) in came {
            change.withdraw_file(path.clone());
            batches.into_iter().for_each(|batch| change.add_batch(&self.schema, batch));
            self.records.insert(path, record);
        }
        let extraction = self.sum(chosen, problems);
        Ok((change, extraction))
    }

    /// What is known of all files.
    fn sum(&self, chosen: Chosen, problems: Vec<Problem>) -> Extraction {
        let mut extraction = Extraction::default();
        self.records.iter().for_each(|(path, record)| record.note(path, &self.request, &mut extraction));
        chosen.note(&mut extraction);
        tell_first(problems.into_iter().chain(chosen.problems), &mut extraction);
        extraction
    }
}
