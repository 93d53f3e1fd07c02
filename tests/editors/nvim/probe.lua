-- Runs inside the Neovim under test: answers what the driver asks about it.
--
-- Must not change anything that a user would not change; typing is the driver's, through the keyboard.

local probe = { messages = {}, progress = {} }

-- What a person would see pop up, kept so that the driver can ask for it.
local notify = vim.notify
vim.notify = function(message, ...)
  table.insert(probe.messages, message)
  return notify(message, ...)
end

vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local value = event.data.params.value
    table.insert(probe.progress, { kind = value.kind, title = value.title, message = value.message })
  end,
})

-- A lens is chosen by its title where a line has several, as a person would in the menu.
vim.ui.select = function(items, options, done)
  for index, item in ipairs(items) do
    local label = options.format_item and options.format_item(item) or tostring(item)
    if label:find(probe.wanted, 1, true) then
      return done(item, index)
    end
  end
  error('no lens says ' .. probe.wanted)
end

---The text between two positions in bytes; an end beyond its line is clipped.
local function text_between(diagnostic)
  local last = vim.api.nvim_buf_get_lines(0, diagnostic.end_lnum, diagnostic.end_lnum + 1, false)[1]
  local end_lnum, end_col = diagnostic.end_lnum, diagnostic.end_col
  if last == nil then
    end_lnum, end_col = vim.api.nvim_buf_line_count(0) - 1, -1
  else
    end_col = math.min(end_col, #last)
  end
  return table.concat(vim.api.nvim_buf_get_text(0, diagnostic.lnum, diagnostic.col, end_lnum, end_col, {}), '\n')
end

---The diagnostics of the buffer: code, line from 1, severity, message and the text they are about.
function probe.diagnostics()
  return vim.tbl_map(function(diagnostic)
    return {
      code = tostring(diagnostic.code),
      line = diagnostic.lnum + 1,
      severity = diagnostic.severity,
      message = diagnostic.message,
      span = text_between(diagnostic),
    }
  end, vim.diagnostic.get(0))
end

---Whether a diagnostic with the given code (and span and text in its message) comes (or, with `gone`, goes) within `timeout` ms.
function probe.wait_diagnostic(want, timeout)
  return (
    vim.wait(timeout, function()
      local found = vim.iter(probe.diagnostics()):any(function(diagnostic)
        return diagnostic.code == want.code
          and (want.span == nil or diagnostic.span == want.span)
          and (want.message == nil or diagnostic.message:find(want.message, 1, true) ~= nil)
      end)
      return found ~= (want.gone == true)
    end, 10)
  )
end

---The titles of the lenses that the buffer shows, as `line: title`.
function probe.lenses()
  return vim.tbl_map(function(lens)
    return ('%d: %s'):format(lens.range.start.line + 1, lens.command and lens.command.title or '')
  end, vim.lsp.codelens.get(0))
end

---Whether a lens with `title` in it is shown at `line` within `timeout` ms.
function probe.wait_lens(line, title, timeout)
  return (
    vim.wait(timeout, function()
      return vim.iter(vim.lsp.codelens.get(0)):any(function(lens)
        return lens.range.start.line + 1 == line and lens.command and lens.command.title:find(title, 1, true)
      end)
    end, 10)
  )
end

---Whether a run has ended, judging by its progress, within `timeout` ms.
function probe.wait_run(timeout)
  return (vim.wait(timeout, function()
    return vim.iter(probe.progress):any(function(progress)
      return progress.kind == 'end'
    end)
  end, 10))
end

vim.api.nvim_create_autocmd('User', {
  pattern = 'ReluxRunFinished',
  callback = function(event)
    probe.finished = event.data.outcome
  end,
})

---The outcome of the run that ends within `timeout` ms.
function probe.wait_finished(timeout)
  vim.wait(timeout, function()
    return probe.finished ~= nil
  end, 10)
  return probe.finished
end

local function float_windows()
  return vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_config(window).relative ~= ''
  end, vim.api.nvim_list_wins())
end

---The texts of all floating windows.
function probe.floats()
  return vim.tbl_map(function(window)
    return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  end, float_windows())
end

---Whether a floating window with `text` in it comes within `timeout` ms.
function probe.wait_float(text, timeout)
  return (vim.wait(timeout, function()
    return vim.iter(probe.floats()):any(function(float)
      return float:find(text, 1, true) ~= nil
    end)
  end, 10))
end

function probe.close_floats()
  for _, window in ipairs(float_windows()) do
    vim.api.nvim_win_close(window, true)
  end
end

_G.probe = probe
