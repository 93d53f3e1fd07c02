-- The effect graph of a file as text, from the server or, where that is older, from `relux graph`.
--
-- Must not draw: the text is the server's. Lines end with `path:line`, so Enter (and `gF`) goes there.

local M = {}
local scratch = require('relux.scratch')

local function show(root, text)
  local buffer = scratch.open('relux://graph', vim.split(vim.trim(text), '\n'))
  vim.keymap.set('n', '<CR>', function()
    local line = vim.api.nvim_get_current_line()
    local path, number = line:match('(%S+):(%d+)%s*$')
    if path == nil then
      return
    end
    local file = vim.fn.filereadable(path) == 1 and path or vim.fs.joinpath(root, path)
    vim.cmd('wincmd p')
    vim.cmd.edit({ args = { vim.fn.fnameescape(file) }, magic = { file = false } })
    vim.api.nvim_win_set_cursor(0, { tonumber(number), 0 })
  end, { buffer = buffer, desc = 'Go to the effect' })
end

local function from_program(client, root)
  local program = client and client.config.cmd[1] or 'relux'
  vim.system({ program, 'graph', '--color', 'never' }, { cwd = root, text = true }, function(done)
    vim.schedule(function()
      if done.code == 0 then
        show(root, done.stdout)
      else
        vim.notify('relux: ' .. vim.trim(done.stderr), vim.log.levels.ERROR)
      end
    end)
  end)
end

---Opens the effect graph of the current file, or of the suite where the server cannot tell.
function M.open()
  local client = require('relux.run').client()
  local root = vim.fs.root(0, 'Relux.toml') or vim.fn.getcwd()
  local commands = client and vim.tbl_get(client, 'server_capabilities', 'executeCommandProvider', 'commands') or {}
  if client == nil or not vim.list_contains(commands, 'relux.showEffectGraph') then
    return from_program(client, root)
  end
  local arguments = { { uri = vim.uri_from_bufnr(0) } }
  local params = { command = 'relux.showEffectGraph', arguments = arguments }
  client:request('workspace/executeCommand', params, function(err, graph)
    if err then
      return vim.notify('relux: ' .. err.message, vim.log.levels.ERROR)
    end
    show(root, graph.text)
  end)
end

return M
