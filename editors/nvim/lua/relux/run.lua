-- Runs of tests: what `:ReluxRun` starts, what the server tells about it, and the list of failures at its end.
--
-- Must not know what a test is: the server has the tests of a file and runs them. Runs that a lens has started are
-- taken in as well.

local M = {}

---@class relux.Wanted
---@field uri string file, or directory of the suite
---@field ids? string[]
---@field jobs? integer|string

---@type relux.Wanted?
local last
---Runs that were started here, and not by a lens, by id.
local ours = {}
---Failures and output of the runs that go on, by id.
local runs = {}
---What the last run that has ended said, line by line.
local output = {}

---The client of the buffer, or of any buffer.
---@return vim.lsp.Client?
function M.client()
  return vim.lsp.get_clients({ name = 'relux', bufnr = 0 })[1] or vim.lsp.get_clients({ name = 'relux' })[1]
end

local function say(text, level)
  vim.notify('relux: ' .. text, level or vim.log.levels.INFO)
end

---What fits on the last line of the screen: more would have to be confirmed with Enter, and the list has it all.
local function brief(text)
  local room = vim.v.echospace - #'relux: '
  return vim.fn.strdisplaywidth(text) <= room and text or vim.fn.strcharpart(text, 0, room - 1) .. '…'
end

---@param client vim.lsp.Client
---@param wanted relux.Wanted
local function start(client, wanted)
  last = wanted
  local arguments = vim.tbl_extend('force', { quiet = true }, wanted)
  client:request('workspace/executeCommand', { command = 'relux.runTests', arguments = { arguments } }, function(err, answer)
    if err then
      return say(err.message, vim.log.levels.ERROR)
    end
    ours[client.id .. '/' .. answer.run] = true
  end)
end

---Runs what is named exactly: for the list of tests.
---@param wanted relux.Wanted
function M.request(wanted)
  local client = M.client()
  if client then
    vim.cmd('silent! wall')
    start(client, wanted)
  end
end

---The test at a line from 0, or the last one above it.
---@param client vim.lsp.Client
---@param uri string
---@param line integer
---@param use fun(id?: string)
local function nearest(client, uri, line, use)
  client:request('relux/tests', { files = { uri } }, function(err, tree)
    local found
    for _, suite in ipairs(err == nil and tree.suites or {}) do
      for _, file in ipairs(suite.files) do
        for _, test in ipairs(file.tests) do
          found = test.range.start.line <= line and test.id or found
        end
      end
    end
    use(found)
  end)
end

---Runs tests: `nearest` (the default), `file`, `all` or `last`.
---@param what? string
---@param jobs? integer|string
function M.run(what, jobs)
  local client = M.client()
  if client == nil then
    return say('no language server is attached, see :checkhealth relux', vim.log.levels.ERROR)
  end
  -- The runner reads the disk.
  vim.cmd('silent! wall')
  local uri = vim.uri_from_bufnr(0)
  if what == 'last' then
    if last == nil then
      return say('nothing was run yet', vim.log.levels.WARN)
    end
    start(client, last)
  elseif what == 'file' then
    start(client, { uri = uri, jobs = jobs })
  elseif what == 'all' then
    local root = vim.fs.root(0, 'Relux.toml')
    start(client, { uri = root and vim.uri_from_fname(root) or uri, jobs = jobs })
  elseif what == nil or what == '' or what == 'nearest' then
    nearest(client, uri, vim.api.nvim_win_get_cursor(0)[1] - 1, function(id)
      if id == nil then
        return say('there is no test at or above the cursor', vim.log.levels.WARN)
      end
      start(client, { uri = uri, ids = { id }, jobs = jobs })
    end)
  else
    say(("':ReluxRun %s' is not known: nearest, file, all or last"):format(what), vim.log.levels.ERROR)
  end
end

---Asks all runs to stop.
function M.stop()
  local client = M.client()
  if client then
    client:request('workspace/executeCommand', { command = 'relux.cancelRun' }, function() end)
  end
end

---Shows what the last run said.
function M.show_output()
  require('relux.scratch').open('relux://output', output)
end

local function entry(event, encoding)
  local location = event.location
  local item = { text = vim.split(event.message or event.outcome, '\n')[1], type = 'E', module = event.test }
  if location == nil then
    item.filename = vim.uri_to_fname(event.uri)
    return item
  end
  local found = vim.lsp.util.locations_to_items({ location }, encoding)[1]
  return vim.tbl_extend('force', found, item)
end

local function finish(run, event, by_us)
  local title = 'relux run: ' .. (event.message or event.outcome)
  output = run.output
  -- A list that somebody else has made meanwhile stays where it is.
  vim.fn.setqflist({}, ' ', { title = title, items = run.failures })
  if not vim.g.relux_no_quickfix_window then
    local window = vim.api.nvim_get_current_win()
    vim.cmd('botright cwindow')
    if vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
    end
  end
  if by_us then
    say(brief(event.message or event.outcome), event.outcome == 'failed' and vim.log.levels.ERROR or vim.log.levels.INFO)
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'ReluxRunFinished', data = event, modeline = false })
end

---Takes in a `relux/testEvent` of the server.
function M.take(event, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local key = context.client_id .. '/' .. event.run
  local run = runs[key] or { failures = {}, output = {} }
  runs[key] = run
  require('relux.states').take(event, client)
  local function add(text)
    vim.list_extend(run.output, vim.split(vim.trim(text), '\n'))
  end
  if event.kind == 'testStarted' then
    add(event.test)
  elseif event.kind == 'output' then
    add('  ' .. event.text)
  elseif event.kind == 'testFinished' then
    add(('  %s%s'):format(event.outcome, event.message and ': ' .. event.message or ''))
    if event.outcome == 'failed' or event.outcome == 'invalid' then
      table.insert(run.failures, entry(event, client and client.offset_encoding or 'utf-16'))
    end
  elseif event.kind == 'finished' then
    finish(run, event, ours[key])
    runs[key], ours[key] = nil, nil
  end
end

return M
