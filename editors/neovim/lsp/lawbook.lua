-- How Neovim starts Lawbook's language server; `vim.lsp.config('lawbook', { … })` changes any of it.

---@type vim.lsp.Config
return {
  cmd = { 'lawbook', 'lsp' },
  filetypes = { 'lawbook' },
  root_markers = { 'lawbook.toml', '.git' },
  settings = {
    lawbook = {
      live = true,
      hints = { types = true, columns = true, params = true, rows = true },
    },
  },
}
