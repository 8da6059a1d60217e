//! Writing what tools mend: a policy file is replaced whole or not at all.

use std::io::Write;
use std::path::Path;

/// Puts a text in the place of a file that still holds `old`; the reason otherwise.
pub fn replace_file(path: &Path, old: &str, new: &str) -> Result<(), String> {
    // A link stays a link: what it leads to is written.
    let path = path.canonicalize().map_err(|error| error.to_string())?;
    if std::fs::read(&path).map_err(|error| error.to_string())? != old.as_bytes() {
        return Err("it was changed meanwhile".to_owned());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        file.write_all(new.as_bytes())?;
        file.set_permissions(std::fs::metadata(&path)?.permissions())?;
        file.sync_all()?;
        std::fs::rename(&beside, &path)
    };
    written().map_err(|error| {
        // What was begun is of no use to anybody.
        let _ = std::fs::remove_file(&beside);
        error.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.law");
        std::fs::write(&path, "new").unwrap();
        assert_eq!(replace_file(&path, "old", "mended"), Err("it was changed meanwhile".to_owned()));
        assert_eq!(replace_file(&path, "new", "mended"), Ok(()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mended");
    }
}
