-- `:checkhealth relux`: whether the program, the server, the parser and the queries are there.

local M = {}
local health = vim.health

local function program()
  local config = vim.lsp.config.relux
  local cmd = config and config.cmd
  local name = type(cmd) == 'table' and cmd[1] or 'relux'
  if vim.fn.executable(name) ~= 1 then
    return health.error(("'%s' cannot be executed"):format(name), {
      'Install relux so that it is in PATH',
      "or say where it is: vim.lsp.config('relux', { cmd = { '/path/to/relux', 'lsp' } })",
    })
  end
  local version = vim.system({ name, '--version' }, { text = true }):wait()
  local serves = vim.system({ name, 'lsp', '--help' }, { text = true }):wait()
  if serves.code ~= 0 then
    return health.error(("'%s' has no language server: another relux comes first in PATH"):format(vim.fn.exepath(name)))
  end
  health.ok(('%s (%s)'):format(vim.fn.exepath(name), vim.trim(version.stdout)))
end

local function server()
  if not vim.lsp.is_enabled or vim.lsp.is_enabled('relux') then
    health.ok('the language server is enabled')
  else
    health.warn('the language server is not enabled', { "vim.lsp.enable('relux')" })
  end
  local clients = vim.lsp.get_clients({ name = 'relux' })
  for _, client in ipairs(clients) do
    local info = client.server_info or {}
    health.ok(('running: version %s, root %s'):format(info.version or '?', client.root_dir or '(single file)'))
  end
  if #clients == 0 then
    health.info('no server runs; it starts with the first Relux file')
  end
end

local function grammar()
  if not vim.treesitter.language.add('relux') then
    return health.info('no tree-sitter parser for relux: colours come from syntax/relux.vim, see :help relux-treesitter')
  end
  for _, name in ipairs({ 'highlights', 'injections', 'folds', 'indents', 'locals' }) do
    local ok, query = pcall(vim.treesitter.query.get, 'relux', name)
    if ok and query then
      health.ok('query ' .. name)
    else
      health.error(('query %s: %s'):format(name, ok and 'missing' or query), { 'parser and queries are of different versions' })
    end
  end
end

function M.check()
  health.start('relux')
  if vim.fn.has('nvim-0.11') ~= 1 then
    health.error('Neovim 0.11 or newer is needed')
    return
  end
  program()
  server()
  grammar()
end

return M
