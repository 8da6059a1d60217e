//! Options that several subcommands share.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// What is looked at, and with which policies.
#[derive(Debug, Clone, Args)]
pub struct ProjectArgs {
    /// The folder to look at
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,

    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Which policies, with which values.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// More policies: folders or files, beside those that lawbook.toml names
    #[arg(long, value_name = "DIR|FILE")]
    pub policies: Vec<PathBuf>,

    /// The day that `today()` is, such as 2026-11-20
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,

    /// Override a param of a policy
    #[arg(long = "param", value_name = "MODULE.NAME=VALUE")]
    pub params: Vec<String>,

    /// Settings to use in the place of the folder's lawbook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Do not read the folder's lawbook.toml
    #[arg(long, conflicts_with = "config")]
    pub no_project_config: bool,

    /// How many threads to use; 0 for as many as there are cores
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,

    /// How much memory an evaluation may take [default: three quarters of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_memory: Option<u64>,

    /// How long an evaluation may last, such as 90s or 30m [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,
}

/// `512M`, `4G`, or a number of bytes.
pub fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err("write a size such as 512M or 4G".to_owned()),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    number.filter(|bytes| *bytes > 0).ok_or_else(|| "write a size such as 512M or 4G".to_owned())
}

/// `90s`, `30m`, `2h`, or a number of seconds.
pub fn time(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "ms" => 1e-3,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("write a time such as 90s or 30m".to_owned()),
    };
    let seconds = digits.parse::<f64>().ok().map(|number| number * unit).filter(|seconds| *seconds > 0.0);
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| "write a time such as 90s or 30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_have_units() {
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("4gib"), Ok(4 << 30));
        assert_eq!(time("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(time("1.5m"), Ok(Duration::from_secs(90)));
        for wrong in ["", "M", "0", "-1", "1T", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "s", "0", "-1s", "nan", "1d", "inf"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
