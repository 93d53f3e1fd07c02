-- How Neovim 0.11 starts the language server; `vim.lsp.enable('relux')` switches it on.
--
-- A file outside of any suite is served too: without a root the server works on single files.

---@type vim.lsp.Config
return {
  cmd = { 'relux', 'lsp' },
  filetypes = { 'relux' },
  -- The nearest one wins: a suite inside a suite is a suite of its own.
  root_markers = { 'Relux.toml' },
  capabilities = {
    experimental = {
      -- The server tells every step of a run, see `lua/relux/run.lua`.
      reluxTests = true,
      -- Lenses that show places need a command of the client.
      commands = { commands = { 'relux.showReferences' } },
    },
  },
  commands = {
    ['relux.showReferences'] = function(command, context)
      local client = vim.lsp.get_client_by_id(context.client_id)
      local items = vim.lsp.util.locations_to_items(command.arguments[3], client and client.offset_encoding or 'utf-16')
      vim.fn.setqflist({}, ' ', { title = command.title, items = items })
      vim.cmd('botright copen')
    end,
  },
  handlers = {
    -- Neovim's own handler ends what it says with a newline, so that every message has to be confirmed with Enter.
    ['window/showMessage'] = function(_, message)
      local levels = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO }
      vim.notify('relux: ' .. vim.trim(message.message), levels[message.type] or vim.log.levels.DEBUG)
    end,
    ['relux/testEvent'] = function(_, event, context)
      require('relux.run').take(event, context)
    end,
    ['relux/testsChanged'] = function()
      require('relux.tests').changed()
    end,
  },
}
