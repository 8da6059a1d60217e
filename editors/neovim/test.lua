-- Tests of the plugin in a real Neovim:
--   nvim --headless --clean --cmd 'set rtp^=editors/neovim' -c 'luafile editors/neovim/test.lua'
-- LAWBOOK names the binary; what needs its language server is left out where it has none, and that is said.

local failed = 0

local function test(name, body)
  local ok, problem = xpcall(body, debug.traceback)
  io.stdout:write((ok and 'ok ' or 'not ok ') .. name .. '\n')
  if not ok then
    failed = failed + 1
    io.stdout:write('# ' .. tostring(problem):gsub('\n', '\n# ') .. '\n')
  end
end

local function eventually(what, look)
  local found
  local done = vim.wait(30000, function()
    found = look()
    return found ~= nil and found ~= false
  end, 50)
  assert(done, 'waited in vain: ' .. what)
  return found
end

local folder = vim.fn.tempname()
vim.fn.mkdir(folder .. '/policies', 'p')
vim.fn.writefile({ '[policies]', 'paths = ["policies"]' }, folder .. '/lawbook.toml')
vim.fn.writefile({ 'Vendor,Owner', 'OpenAI,', 'Anthropic,security' }, folder .. '/vendors.csv')
local policy = folder .. '/policies/house.law'
vim.fn.writefile({
  '//! Rules of the house.',
  '',
  '/// A team that answers for something.',
  'rel team(name: string)',
  'team("platform").',
  '/// Teams with a long name.',
  'rel long(name: string)',
  'long(t) :- team(t), length(t) > 6, t matches /^[a-z]+$/.',
}, policy)

local lawbook = vim.env.LAWBOOK or 'lawbook'
vim.lsp.config('lawbook', { cmd = { lawbook, 'lsp' } })

test('the grammar is compiled and read', function()
  assert(require('lawbook').build_parser())
  vim.cmd.edit(policy)
  assert(vim.bo.filetype == 'lawbook', vim.bo.filetype)
  local buffer = vim.api.nvim_get_current_buf()
  assert(vim.treesitter.highlighter.active[buffer], 'colours')
  local tree = assert(vim.treesitter.get_parser(buffer, 'lawbook')):parse()[1]
  assert(not tree:root():has_error())
end)

test('keywords, relations and regexes are coloured, and documentation', function()
  local function captures(row, column)
    return vim.tbl_map(function(capture)
      return capture.capture
    end, vim.treesitter.get_captures_at_pos(0, row, column))
  end
  assert(vim.tbl_contains(captures(3, 0), 'keyword'))
  assert(vim.tbl_contains(captures(3, 4), 'function'))
  assert(vim.tbl_contains(captures(2, 0), 'comment.documentation'))
  assert(vim.tbl_contains(captures(7, 46), 'string.regexp'))
end)

test('comments are those of the language', function()
  assert(vim.bo.commentstring == '// %s')
end)

if vim.fn.executable(lawbook) == 1 and vim.system({ lawbook, 'lsp', '--help' }):wait().code == 0 then
  local buffer = vim.api.nvim_get_current_buf()
  local client

  local function request(method, more)
    local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(0, client.offset_encoding), more or {})
    local answer = assert(client:request_sync(method, params, 30000, buffer))
    assert(not answer.err, vim.inspect(answer.err))
    return answer.result
  end

  test('the server starts with the file', function()
    client = eventually('the client', function()
      return vim.lsp.get_clients({ bufnr = buffer, name = 'lawbook' })[1]
    end)
    eventually('the start', function()
      return client.initialized
    end)
  end)

  test('a mistake is marked as it is made, and no longer when it is mended', function()
    vim.api.nvim_buf_set_lines(buffer, 7, 8, false, { 'long(t) :- team(t), nowhere(t).' })
    local found = eventually('the mistake', function()
      return vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR })[1]
    end)
    assert(found.message:find('nowhere'), found.message)
    vim.api.nvim_buf_set_lines(buffer, 7, 8, false, { 'long(t) :- team(t), length(t) > 6.' })
    eventually('no mistake', function()
      return #vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR }) == 0
    end)
  end)

  test('hovering tells of the relation', function()
    vim.api.nvim_win_set_cursor(0, { 8, 12 })
    local hover = request('textDocument/hover')
    assert(vim.inspect(hover):find('A team that answers'), vim.inspect(hover))
  end)

  test('relations are completed', function()
    vim.api.nvim_buf_set_lines(buffer, 8, 9, false, { 'long(t) :- te' })
    vim.api.nvim_win_set_cursor(0, { 9, 13 })
    local answer = request('textDocument/completion', { position = { line = 8, character = 13 } })
    assert(vim.inspect(answer):find('team'), vim.inspect(answer))
    vim.api.nvim_buf_set_lines(buffer, 8, 9, false, {})
  end)

  test('what is missing is offered, and taken', function()
    vim.api.nvim_buf_set_lines(buffer, 8, 9, false, { 'long(t) :- vendor.register{name: t}.' })
    eventually('the mistake', function()
      return vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR })[1]
    end)
    vim.api.nvim_win_set_cursor(0, { 9, 13 })
    local taken = false
    vim.lsp.buf.code_action({
      filter = function(action)
        return action.title == 'add `use std.vendor`'
      end,
      apply = true,
      range = { start = { 9, 13 }, ['end'] = { 9, 13 } },
    })
    taken = eventually('the use', function()
      return vim.tbl_contains(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), 'use std.vendor')
    end)
    assert(taken)
    eventually('no mistake', function()
      return #vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR }) == 0
    end)
  end)

  test('a definition leads into the standard library', function()
    local line = vim.fn.search('vendor\\.register')
    vim.api.nvim_win_set_cursor(0, { line, 20 })
    local found = request('textDocument/definition')
    assert(vim.inspect(found):find('std/vendor%.law'), vim.inspect(found))
  end)

  test('arguments are told of as they are typed', function()
    local line = vim.fn.search('vendor\\.register')
    vim.api.nvim_win_set_cursor(0, { line, 27 })
    local help = request('textDocument/signatureHelp')
    assert(help.signatures[1].label:find('vendor%.register{name: string'), vim.inspect(help))
  end)

  test('a policy is laid out', function()
    local line = vim.fn.search('^long(t) :- team')
    vim.api.nvim_buf_set_lines(buffer, line - 1, line, false, { 'long(t):-team( t ),length(t)>6.' })
    vim.lsp.buf.format({ bufnr = buffer, timeout_ms = 30000 })
    assert(vim.api.nvim_buf_get_lines(buffer, line - 1, line, false)[1] == 'long(t) :- team(t), length(t) > 6.')
  end)

  test('hints, symbols and colours are there', function()
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    eventually('a hint', function()
      return #vim.lsp.inlay_hint.get({ bufnr = buffer }) > 0
    end)
    local symbols = request('textDocument/documentSymbol')
    assert(vim.inspect(symbols):find('"long"'), vim.inspect(symbols))
    eventually('semantic tokens', function()
      local row = vim.fn.search('^long(t) :- team') - 1
      return #vim.lsp.semantic_tokens.get_at_pos(buffer, row, 0) > 0
    end)
  end)

  test('a violation shows in the register, and is explained', function()
    vim.api.nvim_buf_set_lines(buffer, -1, -1, false, {
      '',
      'control HOUSE-1 "Vendors have owners" {',
      '    scope(v) :- vendor.register{name: v}.',
      '    violation(v, "{v} has no owner") :- vendor.register{name: v, owner: none}.',
      '}',
    })
    vim.cmd.write()
    vim.cmd.split(folder .. '/vendors.csv')
    local register = vim.api.nvim_get_current_buf()
    local found = eventually('the finding', function()
      return vim.diagnostic.get(register)[1]
    end)
    assert(found.message:find('OpenAI has no owner') and found.lnum == 1, vim.inspect(found))
    vim.cmd.close()
    vim.api.nvim_win_set_cursor(0, { vim.fn.search('control HOUSE-1'), 0 })
    vim.cmd.LawbookExplain()
    local answer = eventually('the explanation', function()
      local name = vim.api.nvim_buf_get_name(0)
      return name:find('explain') and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    end)
    assert(answer:find('OpenAI') and answer:find('vendors%.csv'), answer)
    vim.cmd.buffer(buffer)
  end)

  test('a relation is renamed wherever it stands', function()
    vim.api.nvim_win_set_cursor(0, { vim.fn.search('^rel team'), 5 })
    vim.lsp.buf.rename('crew')
    eventually('the new name', function()
      return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n'):find('long%(t%) :%- crew%(t%)')
    end)
  end)
else
  io.stdout:write('# skipped what needs the language server: ' .. lawbook .. ' has no command `lsp`\n')
end

vim.fn.delete(folder, 'rf')
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
