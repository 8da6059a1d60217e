//! The `input` that would read a file of the folder, as text for a policy.

use base::Files;
use extract::{Declare, Extractor, Reading};

/// The largest file that an input is told from.
const LIMIT: u64 = 16 << 20;

/// Whether an input can be told from the file at a path, judged by its name.
pub fn declarable(readers: &[Box<dyn Extractor>], path: &str) -> bool {
    reader(readers, path).is_some()
}

/// The name that an input of the file at a path goes by.
pub fn input_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.trim_start_matches('.').split('.').next().unwrap_or(file);
    extract::policy_name(stem)
}

/// The input that reads the file at a path, under a name; the reason where there is none.
pub fn declared_input(
    readers: &[Box<dyn Extractor>],
    files: &dyn Files,
    path: &str,
    name: &str,
) -> Result<String, String> {
    let (reader, declare) = reader(readers, path).ok_or_else(|| format!("`{path}` is no document or table"))?;
    let text = match reader.transcriber(path) {
        Some(transcribe) => {
            let bytes = files.read(path).map_err(|error| error.reason)?;
            if bytes.len() as u64 > LIMIT {
                return Err(format!("`{path}` is too large to tell an input from"));
            }
            transcribe(&bytes)?
        }
        None => {
            let whole = Reading::open(files, path).and_then(|mut reading| reading.whole(LIMIT));
            whole.map_err(|reason| reason.to_string())?
        }
    };
    let found = declare(path, &text).ok_or_else(|| format!("`{path}` holds no records to tell columns from"))?;
    Ok(format!("/// One row for each record of `{path}`.\n{}", found.write(name)))
}

fn reader<'r>(readers: &'r [Box<dyn Extractor>], path: &str) -> Option<(&'r dyn Extractor, Declare<'r>)> {
    readers.iter().find_map(|reader| Some((reader.as_ref(), reader.declare(path)?)))
}

#[cfg(test)]
mod tests {
    use base::MemoryFiles;

    use super::*;

    #[test]
    fn inputs_are_told_from_files_and_read_them() {
        let readers = extract_data::extractors();
        let files = MemoryFiles::new()
            .with("grc/Vendor-List.csv", "name,report\na,2026-01-01\n")
            .with("a.csv", "")
            .with("b.py", "x = 1");
        assert_eq!(input_name("grc/Vendor-List.csv"), "vendor_list");
        assert_eq!(
            declared_input(&readers, &files, "grc/Vendor-List.csv", "vendor").as_deref(),
            Ok(
                "/// One row for each record of `grc/Vendor-List.csv`.\ninput vendor(key name: string, report: time)\n    from csv \"grc/Vendor-List.csv\"\n"
            )
        );
        assert!(declared_input(&readers, &files, "a.csv", "a").unwrap_err().contains("no records"));
        assert!(declared_input(&readers, &files, "gone.csv", "a").is_err());
        assert!(declarable(&readers, "x.YAML") && !declarable(&readers, "b.py"));
    }
}
