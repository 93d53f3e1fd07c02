-- Options of a buffer with a Relux file.
--
-- Must not touch trailing blanks: they are part of what a test sends and expects.

vim.bo.commentstring = '// %s'
vim.bo.comments = '://'
vim.bo.expandtab = true
vim.bo.shiftwidth = 4
vim.bo.softtabstop = 4
-- A payload is one line; a break would change the test.
vim.bo.textwidth = 0
vim.opt_local.formatoptions:remove('t')
vim.opt_local.formatoptions:append('croql')

local undo = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< textwidth< formatoptions<'
vim.b.undo_ftplugin = vim.b.undo_ftplugin and (vim.b.undo_ftplugin .. ' | ' .. undo) or undo

-- Where the parser is installed its colours and folds are finer; `vim.g.relux_no_treesitter = true` leaves them alone.
if not vim.g.relux_no_treesitter and vim.treesitter.language.add('relux') then
  vim.treesitter.start()
  vim.wo[0][0].foldexpr = 'v:lua.vim.treesitter.foldexpr()'
end
