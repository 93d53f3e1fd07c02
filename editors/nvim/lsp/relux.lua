-- How Neovim 0.11 starts the language server; `vim.lsp.enable('relux')` switches it on.
--
-- A file outside of any suite is served too: without a root the server works on single files.

---@type vim.lsp.Config
return {
  cmd = { 'relux', 'lsp' },
  filetypes = { 'relux' },
  -- The nearest one wins: a suite inside a suite is a suite of its own.
  root_markers = { 'Relux.toml' },
}
