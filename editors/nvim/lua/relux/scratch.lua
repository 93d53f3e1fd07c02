-- A window with text that nobody edits: output, the effect graph.

local M = {}

---Shows lines in a split; a window that shows the same buffer already is used again.
---@param name string
---@param lines string[]
---@param split? string the command that makes the window
---@return integer buffer
function M.open(name, lines, split)
  local buffer = vim.fn.bufadd(name)
  vim.fn.bufload(buffer)
  for option, value in pairs({ buftype = 'nofile', bufhidden = 'hide', swapfile = false, modifiable = true }) do
    vim.bo[buffer][option] = value
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd(split or 'botright split')
    vim.api.nvim_win_set_buf(0, buffer)
  else
    vim.api.nvim_set_current_win(window)
  end
  return buffer
end

return M
