-- How Neovim 0.11 starts the language server; `vim.lsp.enable('relux')` switches it on.
--
-- A file outside of any suite is served too: without a root the server works on single files.

---@type vim.lsp.Config
return {
  cmd = { 'relux', 'lsp' },
  filetypes = { 'relux' },
  -- The nearest one wins: a suite inside a suite is a suite of its own.
  root_markers = { 'Relux.toml' },
  -- The server tells every step of a run, see `lua/relux/run.lua`.
  init_options = { reluxTests = true },
  handlers = {
    ['relux/testEvent'] = function(_, event, context)
      require('relux.run').take(event, context)
    end,
    -- There is no tree that would have to follow.
    ['relux/testsChanged'] = function() end,
  },
}
