//! Tells Zed how Lawbook's language server is started: the `lawbook` of the settings, else the one in `PATH`.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, serde_json, Command, LanguageServerId, Result, Worktree};

struct Lawbook;

impl zed::Extension for Lawbook {
    fn new() -> Self {
        Lawbook
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree).ok();
        let binary = settings.and_then(|settings| settings.binary);
        let path = binary.as_ref().and_then(|binary| binary.path.clone()).or_else(|| worktree.which("lawbook"));
        let Some(command) = path else {
            return Err("`lawbook` is not in PATH: install it, or set `lsp.lawbook.binary.path`".to_owned());
        };
        let args = binary.and_then(|binary| binary.arguments).unwrap_or_else(|| vec!["lsp".to_owned()]);
        Ok(Command { command, args, env: worktree.shell_env() })
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<serde_json::Value>> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?;
        Ok(settings.settings.map(|settings| serde_json::json!({ "lawbook": settings })))
    }
}

zed::register_extension!(Lawbook);
