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
