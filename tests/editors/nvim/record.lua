-- A session of somebody who works, typed into a real Neovim so that it can be recorded: `nvim --clean --headless -l
-- record.lua`. A test is written with completion, a library is changed and the change taken back, things are looked up.
--
-- Environment: NVIM, RELUX_CONFIG (editors/nvim), RELUX_SUITE, RELUX_SCRATCH (whose `bin/relux` is the recorder). The
-- pauses are those of a person; here they are the point, nothing else waits for them.

local env = vim.env
local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p'))
local PATIENCE = 30000 -- ms

local packages = env.RELUX_SCRATCH .. '/data/nvim/site/pack/relux/start'
vim.fn.mkdir(packages, 'p')
assert(vim.uv.fs_symlink(env.RELUX_CONFIG, packages .. '/relux'))
vim.fn.mkdir(env.RELUX_SCRATCH .. '/config/nvim', 'p')
vim.fn.writefile({
  "vim.lsp.enable('relux')",
  "vim.o.completeopt = 'menuone,noselect,popup'",
  "vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)",
  '  vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })',
  'end })',
}, env.RELUX_SCRATCH .. '/config/nvim/init.lua')

local channel = vim.fn.jobstart({ env.NVIM, '--embed', '--headless' }, {
  rpc = true,
  cwd = env.RELUX_SUITE,
  env = {
    PATH = env.RELUX_SCRATCH .. '/bin:' .. env.PATH,
    XDG_CONFIG_HOME = env.RELUX_SCRATCH .. '/config',
    XDG_DATA_HOME = env.RELUX_SCRATCH .. '/data',
    XDG_STATE_HOME = env.RELUX_SCRATCH .. '/state',
    XDG_CACHE_HOME = env.RELUX_SCRATCH .. '/cache',
  },
})
local function ask(method, ...)
  return vim.rpcrequest(channel, method, ...)
end
local function lua(code, ...)
  return ask('nvim_exec_lua', code, { ... })
end

-- The same pauses each time: 90 to 250 ms between keys.
local state = 7
local function pause()
  state = (state * 1103515245 + 12345) % 2147483648
  vim.wait(90 + state % 160)
end
local function press(keys)
  ask('nvim_input', keys)
  pause()
end
local function type(text)
  for key in text:gmatch('.') do
    press(key == '<' and '<lt>' or key == '\n' and '<CR>' or key)
  end
end
local function wait_for(what, code)
  assert(vim.wait(PATIENCE, function() return lua(code) end, 50), what .. ' does not come')
end
local function open(path)
  lua('vim.cmd.edit(...)', env.RELUX_SUITE .. '/' .. path)
end

open('relux/lib/api/http.relux')
lua('dofile(...)', here .. '/probe.lua')
wait_for('the server', [[return #vim.lsp.get_clients({ name = 'relux' }) == 1]])
vim.wait(2000)

open('relux/tests/recorded/order.relux')
press('i')
type('import recorded/board { B')
press('<C-x><C-o>')
vim.wait(400)
press('<C-n><C-y>')
type(' }\n\ntest "an order" {\n')
type('start Board { ')
vim.wait(400)
press('<C-n><C-y>')
press('<C-o>u')
type('BOARD_PORT = "80"')
vim.wait(300)
press('<Esc>')
ask('nvim_command', 'write')
press('o')
type('shell a {\n> echo ${PORT}\n<? ^[0-9]+$\nmatch_ok()')
press('<Esc>')
vim.wait(300)
ask('nvim_command', 'write')
ask('nvim_call_function', 'search', { [[start \zsBoard]], 'bw' })
press('K')
vim.wait(600)
lua('probe.close_floats()')
press('<C-]>')
wait_for('the effect', [[return vim.api.nvim_get_current_line():find('^effect Board') ~= nil]])

open('relux/lib/api/http.relux')
ask('nvim_call_function', 'search', { [[fn request\zs(method, url, status)]], 'w' })
press('a')
type('what, ')
vim.wait(400)
press('<Esc>')
press('u')
vim.wait(400)
ask('nvim_call_function', 'search', { [[curl -s -X]], 'w' })
press('A')
type(' --fail')
press('<Esc>')
ask('nvim_command', 'write')
press('u')
ask('nvim_command', 'write')

open('relux/tests/recorded/order.relux')
ask('nvim_command', '$')
press('dd')
vim.wait(400)
press('u')
ask('nvim_call_function', 'search', { [[match_ok]], 'w' })
press('K')
vim.wait(600)
lua('probe.close_floats()')
press('cw')
type('match_')
vim.wait(400)
press('<C-e><Esc>u')
ask('nvim_command', 'write')
vim.wait(1000)
pcall(ask, 'nvim_command', 'qall!')
vim.fn.jobwait({ channel }, PATIENCE)
os.exit(0)
