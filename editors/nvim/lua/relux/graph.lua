-- The effect graph as text, from `relux graph`.
--
-- Must not draw: the text is the program's. Lines end with `path:line`, so Enter (and `gF`) goes there.

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

---Opens the effect graph of the suite, or of what `name` names: a test or an effect.
---@param name? string
function M.open(name)
  local client = require('relux.run').client()
  local program = client and client.config.cmd[1] or 'relux'
  local root = vim.fs.root(0, 'Relux.toml') or vim.fn.getcwd()
  local command = { program, 'graph', '--color', 'never' }
  if name ~= nil and name ~= '' then
    vim.list_extend(command, { '--', name })
  end
  vim.system(command, { cwd = root, text = true }, function(done)
    vim.schedule(function()
      if done.code == 0 then
        show(root, done.stdout)
      else
        vim.notify('relux: ' .. vim.trim(done.stderr), vim.log.levels.ERROR)
      end
    end)
  end)
end

return M
