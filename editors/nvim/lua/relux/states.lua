-- How each test ended last, and signs beside the tests of loaded buffers that show it.
--
-- Must not know windows: the list of tests is told through `M.changed`.

local M = {}

---@class relux.State
---@field outcome string `running`, `passed`, `failed`, `skipped`, `invalid` or `cancelled`
---@field message? string
---@field duration? integer in milliseconds
---@field flaky? boolean

local namespace = vim.api.nvim_create_namespace('relux.tests')
---States by file and id.
---@type table<string, table<string, relux.State>>
local states = {}
---Is called when a state has changed.
M.changed = function() end

---What is shown: sign and highlight group, by outcome.
M.looks = {
  running = { '…', 'DiagnosticInfo' },
  passed = { '✔', 'DiagnosticOk' },
  failed = { '✘', 'DiagnosticError' },
  invalid = { '✘', 'DiagnosticError' },
  skipped = { '»', 'DiagnosticWarn' },
  cancelled = { '■', 'DiagnosticWarn' },
}
---What is shown of a test that was not run.
M.unknown = { '○', 'Comment' }

---@param uri string
---@param id string
---@return relux.State?
function M.get(uri, id)
  return states[uri] and states[uri][id]
end

---The line of a test in a buffer, from 0. Signs move with the text, so it is only asked for when a test has ended.
local function place(buffer, client, uri, id, use)
  client:request('relux/tests', { files = { uri } }, function(err, tree)
    if err or not vim.api.nvim_buf_is_loaded(buffer) then
      return
    end
    for _, suite in ipairs(tree.suites) do
      for _, file in ipairs(suite.files) do
        for _, test in ipairs(file.tests) do
          if test.id == id then
            use(test.selectionRange.start.line)
          end
        end
      end
    end
  end)
end

---Sign numbers by file and id: one test has one sign.
local marks = {}
local function mark_of(uri, id)
  local key = uri .. '\n' .. id
  if marks[key] == nil then
    marks.last = (marks.last or 0) + 1
    marks[key] = marks.last
  end
  return marks[key]
end

local function sign(client, uri, id, outcome)
  local buffer = vim.fn.bufnr(vim.uri_to_fname(uri))
  if vim.g.relux_no_signs or buffer == -1 or not vim.api.nvim_buf_is_loaded(buffer) then
    return
  end
  place(buffer, client, uri, id, function(line)
    local look = M.looks[outcome]
    if look and line < vim.api.nvim_buf_line_count(buffer) then
      vim.api.nvim_buf_set_extmark(buffer, namespace, line, 0, {
        id = mark_of(uri, id),
        sign_text = look[1],
        sign_hl_group = look[2],
        -- Below findings, which are at 10 and more.
        priority = 9,
      })
    end
  end)
end

---Takes in a `relux/testEvent` of the server.
function M.take(event, client)
  if event.kind == 'testStarted' then
    states[event.uri] = states[event.uri] or {}
    states[event.uri][event.id] = { outcome = 'running' }
  elseif event.kind == 'testFinished' then
    states[event.uri] = states[event.uri] or {}
    states[event.uri][event.id] = {
      outcome = event.outcome,
      message = event.message and vim.split(event.message, '\n')[1],
      duration = event.durationMs,
      flaky = event.flaky,
    }
  elseif event.kind == 'finished' then
    -- What was asked to stop before it began says nothing any more.
    for _, tests in pairs(states) do
      for id, state in pairs(tests) do
        tests[id] = not (state.outcome == 'running' and event.outcome == 'cancelled') and state or nil
      end
    end
  else
    return
  end
  if event.id and client then
    sign(client, event.uri, event.id, states[event.uri][event.id].outcome)
  end
  M.changed()
end

return M
