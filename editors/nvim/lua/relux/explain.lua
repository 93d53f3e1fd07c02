-- What a finding means: the page of its code, in a floating window.
--
-- Must not know any page: the server has them.

local M = {}

---The codes of the findings at the cursor, or of the whole buffer if there are none.
---@return string[]
function M.codes()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local function of(options)
    local found = {}
    for _, finding in ipairs(vim.diagnostic.get(0, options)) do
      if finding.source == 'relux' and finding.code and not vim.list_contains(found, finding.code) then
        table.insert(found, finding.code)
      end
    end
    return found
  end
  local here = of({ lnum = line })
  return #here > 0 and here or of()
end

local function show(client, code)
  client:request('relux/explain', { code = code }, function(err, page)
    if err ~= nil then
      vim.notify('relux: ' .. err.message, vim.log.levels.ERROR)
    elseif page == nil or page == vim.NIL then
      vim.notify(('relux: there is no page about `%s`'):format(code), vim.log.levels.WARN)
    else
      local lines = vim.split(vim.trim(page.markdown), '\n')
      local width = math.min(100, vim.o.columns - 4)
      local options = { focus_id = 'relux-explain', border = 'rounded', max_width = width, wrap_at = width }
      local _, window = vim.lsp.util.open_floating_preview(lines, 'markdown', options)
      vim.api.nvim_set_current_win(window)
    end
  end)
end

---Shows the page of a code; without one, that of the finding at the cursor.
---@param code? string
function M.open(code)
  local client = require('relux.run').client()
  if client == nil then
    vim.notify('relux: the language server does not run', vim.log.levels.WARN)
    return
  end
  if code ~= nil and code ~= '' then
    show(client, code)
    return
  end
  local codes = M.codes()
  if #codes == 0 then
    vim.notify('relux: this buffer has no findings', vim.log.levels.INFO)
  elseif #codes == 1 then
    show(client, codes[1])
  else
    vim.ui.select(codes, { prompt = 'Explain' }, function(chosen)
      if chosen ~= nil then
        show(client, chosen)
      end
    end)
  end
end

return M
