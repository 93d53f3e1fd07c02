-- `:ReluxTests`: the tests of all suites in a window, by file, with how they ended; each can be run from there.
--
-- Must not keep results: `relux.states` does.

local M = {}
local states = require('relux.states')
local scratch = require('relux.scratch')

local NAME = 'relux://tests'
local namespace = vim.api.nvim_create_namespace('relux.list')
---What the server knows, as it answered last.
local suites = {}
---What each line is about: what is run, and where it is.
---@type { wanted: relux.Wanted, uri?: string, range?: lsp.Range }[]
local lines = {}

local function buffer()
  local found = vim.fn.bufnr('^' .. NAME .. '$')
  return found ~= -1 and vim.api.nvim_buf_is_loaded(found) and found or nil
end

local function seconds(milliseconds)
  return milliseconds < 1000 and ('%d ms'):format(milliseconds) or ('%.1f s'):format(milliseconds / 1000)
end

---The line of a test: text, the mark's highlight group, and what stands behind the name.
local function test_line(uri, test)
  local state = states.get(uri, test.id)
  local look = state and states.looks[state.outcome] or states.unknown
  local behind = ''
  if state and state.outcome ~= 'running' then
    local said = state.outcome == 'passed' and (state.flaky and 'flaky' or nil) or state.message
    behind = table.concat(vim.tbl_filter(function(it) return it ~= '' end, {
      state.duration and seconds(state.duration) or '',
      said or '',
    }), ', ')
  end
  return ('    %s %s'):format(look[1], test.name), look[2], behind
end

---Writes the list anew and keeps the cursor at its line.
local function draw()
  local shown = buffer()
  if shown == nil then
    return
  end
  local text, paint = {}, {}
  lines = {}
  local function add(line, about, group, from, to, behind)
    table.insert(text, line)
    table.insert(lines, about)
    table.insert(paint, { group, from, to or #line, behind })
  end
  for _, suite in ipairs(suites) do
    add(suite.name, { wanted = { uri = suite.uri } }, 'Title', 0)
    for _, file in ipairs(suite.files) do
      add('  ' .. file.path, { wanted = { uri = file.uri }, uri = file.uri }, 'Directory', 2)
      for _, test in ipairs(file.tests) do
        local line, group, behind = test_line(file.uri, test)
        local about = { wanted = { uri = file.uri, ids = { test.id } }, uri = file.uri, range = test.selectionRange }
        local mark = line:find('%S', 5)
        add(line, about, group, 4, line:find(' ', mark, true) - 1, behind)
      end
    end
  end
  if #text == 0 then
    text = { 'no tests' }
  end
  vim.bo[shown].modifiable = true
  vim.api.nvim_buf_set_lines(shown, 0, -1, false, text)
  vim.bo[shown].modifiable = false
  vim.api.nvim_buf_clear_namespace(shown, namespace, 0, -1)
  for number, it in ipairs(paint) do
    vim.api.nvim_buf_set_extmark(shown, namespace, number - 1, it[2], {
      end_col = it[3],
      hl_group = it[1],
      virt_text = it[4] and it[4] ~= '' and { { ' ' .. it[4], 'Comment' } } or nil,
    })
  end
end

---Asks the server for its tests and shows them.
local function refresh()
  local client = require('relux.run').client()
  if client == nil or buffer() == nil then
    return
  end
  client:request('relux/tests', vim.empty_dict(), function(err, tree)
    if err == nil then
      suites = tree.suites
      draw()
    end
  end)
end

local function here()
  return lines[vim.api.nvim_win_get_cursor(0)[1]]
end

---Goes to the test or file in the window that was used before the list.
local function go()
  local about = here()
  if about == nil or about.uri == nil then
    return
  end
  vim.cmd('wincmd p')
  vim.cmd.edit({ args = { vim.fn.fnameescape(vim.uri_to_fname(about.uri)) }, magic = { file = false } })
  if about.range then
    vim.api.nvim_win_set_cursor(0, { about.range.start.line + 1, 0 })
  end
end

local keys = {
  ['<CR>'] = { 'Go to the test', go },
  r = { 'Run the test, the file or the suite', function()
    local about = here()
    if about then
      require('relux.run').request(about.wanted)
    end
  end },
  l = { 'Run the same as before', function() require('relux.run').run('last') end },
  s = { 'Stop all runs', function() require('relux.run').stop() end },
  o = { 'Show what the last run said', function() require('relux.run').show_output() end },
  q = { 'Close the list', '<Cmd>close<CR>' },
}

---Opens the list.
function M.open()
  if require('relux.run').client() == nil then
    return vim.notify('relux: no language server is attached, see :checkhealth relux', vim.log.levels.ERROR)
  end
  local shown = scratch.open(NAME, { 'looking for tests' }, 'topleft 50vsplit')
  for key, action in pairs(keys) do
    vim.keymap.set('n', key, action[2], { buffer = shown, nowait = true, desc = action[1] })
  end
  vim.wo[0][0].cursorline = true
  vim.wo[0][0].wrap = false
  vim.wo[0][0].winfixwidth = true
  refresh()
end

states.changed = draw
---The server says that there are other tests now.
M.changed = refresh

return M
