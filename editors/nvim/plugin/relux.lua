-- The commands, and what a buffer gets when the Relux server attaches: lenses that stay fresh, and a key that runs one.
--
-- `vim.g.relux_no_mappings = true` leaves the keys alone. Neovim 0.12 refreshes lenses and maps `grx` by itself.

local group = vim.api.nvim_create_augroup('relux', {})

---Whether client `id` is the Relux server.
local function is_relux(id)
  local client = vim.lsp.get_client_by_id(id)
  return client ~= nil and client.name == 'relux'
end

local function refresh(bufnr)
  if vim.api.nvim_buf_is_loaded(bufnr) then
    vim.lsp.codelens.refresh({ bufnr = bufnr })
  end
end

local function keep_lenses_fresh(bufnr)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  refresh(bufnr)
  vim.api.nvim_clear_autocmds({ group = group, buffer = bufnr })
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged' }, {
    group = group,
    buffer = bufnr,
    callback = function()
      refresh(bufnr)
    end,
  })
end

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    if not is_relux(event.data.client_id) then
      return
    end
    keep_lenses_fresh(event.buf)
    if not vim.g.relux_no_mappings then
      vim.keymap.set('n', 'grx', vim.lsp.codelens.run, { buffer = event.buf, desc = 'Run the lens of this line' })
    end
  end,
})

-- A run that ends may change what the lenses say.
vim.api.nvim_create_autocmd('LspProgress', {
  group = group,
  pattern = 'end',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client == nil or client.name ~= 'relux' or vim.lsp.codelens.enable then
      return
    end
    for bufnr in pairs(client.attached_buffers) do
      refresh(bufnr)
    end
  end,
})

-- Commands ---------------------------------------------------------------------------------------------------------

vim.api.nvim_create_user_command('ReluxRun', function(options)
  require('relux.run').run(unpack(options.fargs))
end, {
  nargs = '*',
  desc = 'Run tests: nearest, file, all or last; a second argument is the number of jobs',
  complete = function(lead, line)
    local words = line:match('^%s*%S+%s+%S*$') and { 'nearest', 'file', 'all', 'last' } or { 'num-cpus', 'all' }
    return vim.iter(words):filter(function(word)
      return vim.startswith(word, lead)
    end):totable()
  end,
})

vim.api.nvim_create_user_command('ReluxGraph', function(options)
  require('relux.graph').open(options.args)
end, { nargs = '?', desc = 'Show the effect graph of the suite, or of a test or effect' })

vim.api.nvim_create_user_command('ReluxExplain', function(options)
  require('relux.explain').open(options.args)
end, {
  nargs = '?',
  desc = 'Show what a finding means: that at the cursor, or the one with this code',
  complete = function(lead)
    return vim.iter(require('relux.explain').codes()):filter(function(code)
      return vim.startswith(code, lead)
    end):totable()
  end,
})

for name, action in pairs({
  ReluxStop = { 'Stop all runs', function() require('relux.run').stop() end },
  ReluxTests = { 'List the tests and how they ended', function() require('relux.tests').open() end },
  ReluxOutput = { 'Show what the last run said', function() require('relux.run').show_output() end },
}) do
  vim.api.nvim_create_user_command(name, action[2], { desc = action[1] })
end
