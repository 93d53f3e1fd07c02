-- What a person sees of the driven Neovim: a second user interface of it runs in a terminal (tmux), whose cells are
-- read, and kept as text and as a page with their colours.
--
-- Must not press keys: the driver does.

local M = {}

local TMUX = { 'tmux', '-L', 'relux-editor-tests-' .. vim.uv.os_getpid(), '-f', '/dev/null' }
local WIDTH, HEIGHT = 120, 36
local PATIENCE = 10000 -- ms until a screen has been painted; a bound, not an expectation

local function tmux(...)
  local done = vim.system(vim.list_extend(vim.list_slice(TMUX), { ... }), { text = true }):wait()
  assert(done.code == 0, done.stderr)
  return done.stdout
end

---Shows the Neovim that listens at `socket`.
function M.start(nvim, socket, environment)
  local command = { 'new-session', '-d', '-x', WIDTH, '-y', HEIGHT, '-e', 'COLORTERM=truecolor' }
  for name, value in pairs(environment) do
    vim.list_extend(command, { '-e', name .. '=' .. value })
  end
  vim.list_extend(command, { nvim, '--server', socket, '--remote-ui' })
  tmux(unpack(vim.tbl_map(tostring, command)))
end

function M.stop()
  vim.system(vim.list_extend(vim.list_slice(TMUX), { 'kill-server' })):wait()
end

---The lines that are to be seen.
function M.text()
  return tmux('capture-pane', '-p')
end

-- Pages -----------------------------------------------------------------------------------------------------------

local PALETTE = { [0] = '#000', '#b00', '#080', '#a60', '#00b', '#a0a', '#088', '#aaa' }
local BRIGHT = { [0] = '#555', '#f66', '#6c6', '#fc6', '#88f', '#f8f', '#6cc', '#fff' }

local function colour(fields)
  if fields[2] == '5' then
    local number = tonumber(fields[3]) or 7
    return (number < 8 and PALETTE or BRIGHT)[number % 8]
  end
  return ('rgb(%s,%s,%s)'):format(fields[#fields - 2], fields[#fields - 1], fields[#fields])
end

---Takes in one parameter of an SGR sequence whose parts are `fields`.
local function take(style, fields)
  local code = tonumber(fields[1]) or 0
  if code == 0 then
    for key in pairs(style) do
      style[key] = nil
    end
  elseif code == 1 then
    style['font-weight'] = 'bold'
  elseif code == 3 then
    style['font-style'] = 'italic'
  elseif code == 4 then
    style['text-decoration-line'] = fields[2] ~= '0' and 'underline' or nil
    style['text-decoration-style'] = fields[2] == '3' and 'wavy' or nil
  elseif code == 7 or code == 27 then
    style.filter = code == 7 and 'invert(1)' or nil
    style.background = code == 7 and (style.background or '#14161b') or style.background
  elseif code == 24 then
    style['text-decoration-line'] = nil
  elseif code == 38 or code == 48 or code == 58 then
    local name = ({ [38] = 'color', [48] = 'background', [58] = 'text-decoration-color' })[code]
    style[name] = colour(fields)
  elseif code == 39 then
    style.color = nil
  elseif code == 49 then
    style.background = nil
  elseif code >= 30 and code <= 37 then
    style.color = PALETTE[code - 30]
  elseif code >= 90 and code <= 97 then
    style.color = BRIGHT[code - 90]
  elseif code >= 40 and code <= 47 then
    style.background = PALETTE[code - 40]
  elseif code >= 100 and code <= 107 then
    style.background = BRIGHT[code - 100]
  end
end

---Parts of each parameter: `38;2;1;2;3` and `38:2::1:2:3` are the same.
local function parameters(sequence)
  local list, parts = {}, vim.split(sequence, ';', { plain = true })
  local at = 1
  while at <= #parts do
    local fields = vim.split(parts[at], ':', { plain = true })
    local extended = vim.list_contains({ '38', '48', '58' }, fields[1]) and #fields == 1
    for _ = 1, extended and (parts[at + 1] == '5' and 2 or 4) or 0 do
      at = at + 1
      table.insert(fields, parts[at])
    end
    table.insert(list, fields)
    at = at + 1
  end
  return list
end

---A page that looks like cells with SGR sequences.
local function page(cells)
  local style, out = {}, {}
  local function add(text)
    local css = vim.iter(style):map(function(key, value) return key .. ':' .. value end):join(';')
    local escaped = text:gsub('&', '&amp;'):gsub('<', '&lt;')
    table.insert(out, css == '' and escaped or ('<span style="%s">%s</span>'):format(css, escaped))
  end
  local rest = cells:gsub('\27%([A-Z0-9]', ''):gsub('\14', ''):gsub('\15', '')
  while rest ~= '' do
    local from, to, sequence = rest:find('\27%[([%d;:]*)m')
    if from ~= 1 then
      add(rest:sub(1, (from or 0) - 1))
    end
    if from == nil then
      break
    end
    for _, fields in ipairs(parameters(sequence)) do
      take(style, fields)
    end
    rest = rest:sub(to + 1)
  end
  return '<!doctype html><meta charset="utf-8"><style>body{background:#14161b;margin:8px}pre{margin:0;color:#e0e2ea;'
    .. 'font:14px/1.3 "DejaVu Sans Mono",monospace}</style><pre>' .. table.concat(out) .. '</pre>'
end

local function write(path, text)
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

---Waits until the screen satisfies `holds` (a function of its text, or a plain string in it) and keeps it as
---`<directory>/nvim-<name>.txt` and `.html`. Gives whether it came to that, and the text.
function M.shot(directory, name, holds)
  if type(holds) == 'string' then
    local wanted = holds
    holds = function(text) return text:find(wanted, 1, true) ~= nil end
  end
  local text
  local came = vim.wait(PATIENCE, function()
    text = M.text()
    return holds(text)
  end, 50)
  vim.fn.mkdir(directory, 'p')
  write(('%s/nvim-%s.txt'):format(directory, name), text)
  write(('%s/nvim-%s.html'):format(directory, name), page(tmux('capture-pane', '-e', '-p')))
  return came, text
end

return M
