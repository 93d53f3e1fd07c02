-- Indentation by blocks.
--
-- Lines with a payload do not count: the brace in `> main() {` is the shell's, not ours. Docstrings and comments
-- between blocks keep to the block they stand in.

if vim.b.did_indent then
  return
end
vim.b.did_indent = 1

local PAYLOAD = vim.regex([[^\s*\%(//\|>\|=>\|<[?=]\|<[~@][^ \t?={]*[?=]\|![?=]\|[?=#]\)]])

local function opens(line)
  return not PAYLOAD:match_str(line) and line:find('[{]%s*$') ~= nil
end

---Columns of indentation for line `lnum` (from 1), or -1 to leave it as it is.
function _G.relux_indent(lnum)
  local previous = vim.fn.prevnonblank(lnum - 1)
  if previous == 0 then
    return 0
  end
  local indent = vim.fn.indent(previous)
  if opens(vim.fn.getline(previous)) then
    indent = indent + vim.fn.shiftwidth()
  end
  if vim.fn.getline(lnum):find('^%s*}') then
    indent = indent - vim.fn.shiftwidth()
  end
  return math.max(indent, 0)
end

vim.bo.indentexpr = 'v:lua.relux_indent(v:lnum)'
vim.bo.indentkeys = '0{,0},!^F,o,O'
vim.b.undo_indent = 'setlocal indentexpr< indentkeys<'
