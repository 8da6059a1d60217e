//! A folder of its own for each test, and the binary run in it without the caller's environment.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What a command printed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

/// A folder that goes away at the end of the test.
#[derive(Debug)]
pub struct Sandbox {
    folder: TempDir,
    /// The folder below the root that commands run in and files are written to.
    pub inside: String,
    /// Bytes of address space that commands may use.
    pub memory: Option<u64>,
    /// Whether commands run without the rights of root, where the test has them: root reads files of any mode.
    pub unprivileged: bool,
}

impl Sandbox {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::create_dir(folder.path().join("work")).expect("a folder for the test");
        Sandbox { folder, inside: String::new(), memory: None, unprivileged: false }
    }

    /// Where commands run at first. Its parent belongs to the test too, for links that lead out.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(&self.inside).join(relative)
    }

    /// Writes a file, with its folders.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.with_parent(path);
        fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Writes `line` until the file has `size` bytes or a little more. `{n}` in it counts from 0.
    pub fn write_repeated(&self, path: &str, size: u64, line: &str) {
        let file = fs::File::create(self.with_parent(path)).expect("a file for the test");
        let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
        let (mut written, mut n) = (0, 0u64);
        while written < size {
            let text = line.replace("{n}", &n.to_string());
            out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).expect("room for the test's file");
            written += text.len() as u64 + 1;
            n += 1;
        }
    }

    /// Makes a symbolic link to `target`, which is relative to the link.
    #[cfg(unix)]
    pub fn link(&self, path: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.with_parent(path)).expect("a link for the test");
    }

    /// Takes the right to read `path` from everyone.
    #[cfg(unix)]
    pub fn forbid(&mut self, path: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(0o0)).expect("permissions for the test");
        fs::set_permissions(self.folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions for the test");
        self.unprivileged = true;
    }

    /// Copies a folder of the checkout.
    pub fn copy_folder(&self, from: &Path, to: &str) {
        for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())).flatten() {
            let to = format!("{to}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.copy_folder(&entry.path(), &to);
            } else {
                self.write(&to, fs::read(entry.path()).expect("a file of the checkout"));
            }
        }
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs `lawbook` with these arguments; the sandbox's own path is shown as `[ROOT]`.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, None)
    }

    /// The same with a file of the sandbox as its input, as `< FILE` does.
    pub fn run_with(&self, arguments: &[&str], input: Option<&str>) -> Ran {
        let binary = self.binary();
        let mut command = match self.memory {
            Some(bytes) => {
                let mut shell = Command::new("/bin/sh");
                let limit = format!("ulimit -v {} && exec \"$@\"", bytes / 1024);
                shell.args(["-c", &limit, "sh"]).arg(&binary).env("MALLOC_ARENA_MAX", "2");
                shell
            }
            None => {
                let mut command = Command::new(&binary);
                command.env_clear();
                command
            }
        };
        #[cfg(unix)]
        if binary.starts_with(self.folder.path()) {
            use std::os::unix::process::CommandExt;
            command.uid(65534).gid(65534);
        }
        command.stdin(match input {
            Some(path) => fs::File::open(self.path(path)).expect("the input of the command").into(),
            None => std::process::Stdio::null(),
        });
        let output = command.args(arguments).current_dir(self.path("")).output().expect("the binary runs");
        self.ran(&output)
    }

    fn ran(&self, output: &Output) -> Ran {
        let canonical = self.root().canonicalize().expect("the test's folder");
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
            text.replace(&*canonical.to_string_lossy(), "[ROOT]").replace(&*self.root().to_string_lossy(), "[ROOT]")
        };
        // No status means that a signal ended it.
        Ran { stdout: text(&output.stdout), stderr: text(&output.stderr), status: output.status.code().unwrap_or(-1) }
    }

    /// The binary; a copy in reach of everyone where commands run without the rights of root.
    fn binary(&self) -> PathBuf {
        let built = PathBuf::from(env!("CARGO_BIN_EXE_lawbook"));
        let copy = self.folder.path().join("lawbook");
        if !self.unprivileged || !reads_everything(self.folder.path()) {
            return built;
        }
        if !copy.exists() {
            fs::copy(&built, &copy).expect("a copy of the binary");
        }
        copy
    }

    fn with_parent(&self, path: &str) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a path inside the sandbox")).expect("a folder for the test");
        path
    }
}

/// Whether this process reads files whose mode forbids it, as root does.
#[cfg(unix)]
fn reads_everything(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let probe = folder.join("probe");
    fs::write(&probe, "").expect("a file for the test");
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o0)).expect("permissions for the test");
    fs::read(&probe).is_ok()
}

#[cfg(not(unix))]
fn reads_everything(_: &Path) -> bool {
    false
}
