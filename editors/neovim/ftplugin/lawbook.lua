vim.bo.commentstring = '// %s'
vim.bo.comments = ':///,://!,://'
vim.bo.expandtab = true
vim.bo.shiftwidth = 4
vim.bo.tabstop = 4
vim.bo.iskeyword = '@,48-57,_'

-- Colours and folds come from tree-sitter where the parser is built, else from the server's semantic tokens alone.
if require('lawbook').start_treesitter(0) then
  vim.wo[0][0].foldexpr = 'v:lua.vim.treesitter.foldexpr()'
  vim.wo[0][0].foldmethod = 'expr'
  vim.wo[0][0].foldlevel = 99
end

vim.b.undo_ftplugin = (vim.b.undo_ftplugin or 'execute') .. ' | setlocal commentstring< comments< expandtab< shiftwidth< tabstop< iskeyword<'
