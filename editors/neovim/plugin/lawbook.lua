-- Starts the server for policies and defines the commands. `let g:lawbook_no_server = 1` leaves the starting to you.

if vim.g.loaded_lawbook then
  return
end
vim.g.loaded_lawbook = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('Lawbook needs Neovim 0.11 or newer', vim.log.levels.WARN)
  return
end

local lawbook = require('lawbook')

if not vim.g.lawbook_no_server then
  vim.lsp.enable('lawbook')
end

for name, command in pairs({
  LawbookExplain = { 'lawbook.explain', 'Explain a finding of the control at the cursor' },
  LawbookWhyNot = { 'lawbook.whyNot', 'Say why a member of the control at the cursor passes' },
  LawbookDebugRule = { 'lawbook.debugRule', 'Show where a rule loses its rows' },
  LawbookRun = { 'lawbook.run', 'Run the control at the cursor' },
  LawbookTest = { 'lawbook.test', 'Run the test at the cursor' },
}) do
  vim.api.nvim_create_user_command(name, function(call)
    lawbook.ask(command[1], call.args ~= '' and call.args or nil)
  end, { nargs = '?', desc = command[2] })
end

vim.api.nvim_create_user_command('LawbookBuildParser', function()
  lawbook.build_parser()
end, { desc = 'Compile the tree-sitter grammar with a C compiler' })
