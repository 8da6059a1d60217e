--- What the plugin does beyond the protocol: the grammar that lies beside it, and the server's own commands.
local M = {}

local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
--- The folder of the tree-sitter grammar, which this plugin shares with other editors.
local grammar = vim.fs.normalize(vim.fs.joinpath(here, '../../../tree-sitter-lawbook'))

--- Whether there is a compiled grammar: one that `:LawbookBuildParser` made, or one from elsewhere on the runtime path.
function M.has_parser()
  local built = M.parser_path()
  if vim.uv.fs_stat(built) then
    return pcall(vim.treesitter.language.add, 'lawbook', { path = built })
  end
  local ok, found = pcall(vim.treesitter.language.add, 'lawbook')
  return ok and found == true
end

--- Where the compiled grammar is kept.
function M.parser_path()
  return vim.fs.joinpath(vim.fn.stdpath('data') --[[@as string]], 'lawbook', 'lawbook.so')
end

--- Compiles the grammar. Returns whether that worked; says why where it did not.
function M.build_parser()
  local target = M.parser_path()
  vim.fn.mkdir(vim.fs.dirname(target), 'p')
  local compiler = vim.env.CC or 'cc'
  local source = vim.fs.joinpath(grammar, 'src')
  local ok, result = pcall(function()
    return vim
      .system({ compiler, '-shared', '-fPIC', '-O2', '-std=c11', '-I', source, '-o', target, source .. '/parser.c', source .. '/scanner.c' })
      :wait()
  end)
  if not ok or result.code ~= 0 then
    vim.notify('Lawbook: the grammar cannot be compiled: ' .. (ok and result.stderr or tostring(result)), vim.log.levels.ERROR)
    return false
  end
  return true
end

local queries_set = false

--- Gives Neovim the grammar's queries, which are not copied here. The parser has to be known before.
local function set_queries()
  if queries_set then
    return
  end
  queries_set = true
  for _, name in ipairs({ 'highlights', 'injections', 'locals', 'folds', 'indents' }) do
    local file = io.open(vim.fs.joinpath(grammar, 'queries', name .. '.scm'))
    if file then
      vim.treesitter.query.set('lawbook', name, file:read('a'))
      file:close()
    end
  end
end

--- Colours and folds a buffer by the grammar, where it is compiled. Returns whether it is.
function M.start_treesitter(buffer)
  if not M.has_parser() then
    return false
  end
  set_queries()
  vim.treesitter.start(buffer, 'lawbook')
  return true
end

--- The client of this buffer, or a word about why there is none.
local function client()
  local found = vim.lsp.get_clients({ bufnr = 0, name = 'lawbook' })[1]
  if not found then
    vim.notify('Lawbook: no language server runs for this buffer; see :checkhealth vim.lsp', vim.log.levels.WARN)
  end
  return found
end

--- Asks the server what the nearest of its lenses at or above the cursor asks by that command; `subject` is a member of
--- a control's population. The server shows its answer in a read-only file.
function M.ask(command, subject)
  local server = client()
  if not server then
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  local document = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
  server:request('textDocument/codeLens', document, function(problem, lenses)
    local nearest
    for _, lens in ipairs(lenses or {}) do
      local line = lens.range.start.line
      if lens.command and lens.command.command == command and line <= row and (not nearest or line >= nearest.range.start.line) then
        nearest = lens
      end
    end
    if problem or not nearest then
      vim.notify('Lawbook: ' .. (problem and problem.message or 'nothing at the cursor can be asked that'), vim.log.levels.WARN)
      return
    end
    local question = vim.tbl_extend('force', {}, nearest.command.arguments[1], { subject = subject })
    server:request('workspace/executeCommand', { command = command, arguments = { question } }, function(refused)
      if refused then
        vim.notify('Lawbook: ' .. refused.message, vim.log.levels.ERROR)
      end
    end, buffer)
  end, buffer)
end

return M
