-- Drives a real Neovim through its keyboard: `nvim --clean --headless -l drive.lua`.
--
-- Environment: NVIM (executable), RELUX_BIN, RELUX_SUITE (scratch copy of examples/tasks), RELUX_MISTAKES (JSON),
-- RELUX_CONFIG (editors/nvim), RELUX_GRAMMAR (tree-sitter-relux), RELUX_SCRATCH (empty directory), RELUX_SHOTS (where screens
-- go). Exits 1 when an expectation does not hold.
-- The configuration is installed exactly as its README says, so that those lines are tested too.

local env = vim.env
local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p'))
local SERVER_TIMEOUT = 30000 -- ms until the server has answered once
local TYPING_TIMEOUT = 10000 -- ms until a keystroke has its effect; a bound, not an expectation
local RUN_TIMEOUT = 120000 -- ms until a run has ended

local failures = 0
local function check(ok, what, detail)
  io.write(ok and 'ok      ' or 'NOT ok  ', what, '\n')
  if not ok then
    failures = failures + 1
    io.write(detail and ('        ' .. detail:gsub('\n', '\n        ') .. '\n') or '')
  end
  return ok
end

local screen = dofile(here .. '/screen.lua')

---Looks at the screen: it must come to show `holds`, and is kept for people to look at.
local function see(name, holds, what)
  local came, text = screen.shot(env.RELUX_SHOTS, name, holds)
  return check(came, 'on the screen: ' .. what, text)
end

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('a')
  file:close()
  return text
end

local function write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

-- Installation, as in editors/nvim/README.md -------------------------------------------------------------------

local packages = env.RELUX_SCRATCH .. '/data/nvim/site/pack/relux/start'
vim.fn.mkdir(packages, 'p')
assert(vim.uv.fs_symlink(env.RELUX_CONFIG, packages .. '/relux'))
-- The first line is the installation; the others are what the README offers besides, and what a terminal tells.
write(env.RELUX_SCRATCH .. '/config/nvim/init.lua', [[
vim.lsp.enable('relux')
vim.o.termguicolors = true
vim.diagnostic.config({ virtual_text = true })
vim.o.statusline = '%f %m%=%{v:lua.vim.lsp.status()}'
vim.api.nvim_create_autocmd('LspProgress', { command = 'redrawstatus' })
vim.o.completeopt = 'menuone,noselect,popup'
vim.api.nvim_create_autocmd('LspAttach', {
  callback = function(event)
    vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
  end,
})
]])
vim.fn.mkdir(env.RELUX_SCRATCH .. '/bin', 'p')
assert(vim.uv.fs_symlink(env.RELUX_BIN, env.RELUX_SCRATCH .. '/bin/relux'))

local site = env.RELUX_SCRATCH .. '/data/nvim/site'
vim.fn.mkdir(site .. '/parser')
local sources = vim.fn.glob(env.RELUX_GRAMMAR .. '/src/*.c', true, true)
local compiler = { 'cc', '-shared', '-fPIC', '-O0', '-I', env.RELUX_GRAMMAR .. '/src', '-o', site .. '/parser/relux.so' }
local compiled = vim.system(vim.list_extend(compiler, sources)):wait()
assert(compiled.code == 0, compiled.stderr)

-- The editor -----------------------------------------------------------------------------------------------------

local surroundings = {
  PATH = env.RELUX_SCRATCH .. '/bin:' .. env.PATH,
  XDG_CONFIG_HOME = env.RELUX_SCRATCH .. '/config',
  XDG_DATA_HOME = env.RELUX_SCRATCH .. '/data',
  XDG_STATE_HOME = env.RELUX_SCRATCH .. '/state',
  XDG_CACHE_HOME = env.RELUX_SCRATCH .. '/cache',
}
local socket = env.RELUX_SCRATCH .. '/nvim.sock'
local channel = vim.fn.jobstart({ env.NVIM, '--embed', '--headless', '--listen', socket }, {
  rpc = true,
  cwd = env.RELUX_SUITE,
  env = surroundings,
})
assert(channel > 0, 'Neovim does not start')

local function ask(method, ...)
  return vim.rpcrequest(channel, method, ...)
end

local function lua(code, ...)
  return ask('nvim_exec_lua', code, { ... })
end

---Presses keys and waits until they are worked off. A prompt that waits for Enter would block everything behind it.
local function press(keys)
  ask('nvim_input', keys)
  local mode = ask('nvim_get_mode')
  assert(not (mode.blocking and mode.mode:find('^r')), 'Neovim wants to be confirmed:\n' .. screen.text())
  ask('nvim_eval', '1')
end

local function literally(text)
  return (text:gsub('<', '<lt>'):gsub('\n', '<CR>'))
end

local function open(file)
  lua('vim.cmd.edit(...)', vim.fn.fnameescape(env.RELUX_SUITE .. '/' .. file))
end

local function buffer()
  return table.concat(ask('nvim_buf_get_lines', 0, 0, -1, false), '\n') .. '\n'
end

local function modified()
  return ask('nvim_get_option_value', 'modified', {})
end

local function dump(...)
  return vim.inspect(lua(...))
end

-- Edits ----------------------------------------------------------------------------------------------------------

---What has to be typed to turn `find` into `replace`: leading bytes to skip, bytes to remove, text to write.
local function difference(find, replace)
  local shorter = math.min(#find, #replace)
  local head, tail = 0, 0
  while head < shorter and find:byte(head + 1) == replace:byte(head + 1) do
    head = head + 1
  end
  while tail < shorter - head and find:byte(#find - tail) == replace:byte(#replace - tail) do
    tail = tail + 1
  end
  return head, #find - head - tail, replace:sub(head + 1, #replace - tail)
end

---Line from 1 and column from 0 of a byte offset.
local function position(text, offset)
  local before = text:sub(1, offset)
  local _, newlines = before:gsub('\n', '')
  return { newlines + 1, #before:match('[^\n]*$') }
end

---Types the mistake and stays in insert mode.
local function type_mistake(mistake)
  local text = buffer()
  local found = assert(text:find(mistake.find, 1, true), mistake.file .. ' does not have the text to replace')
  assert(not text:find(mistake.find, found + 1, true), mistake.file .. ' has the text to replace twice')
  local head, removed, typed = difference(mistake.find, mistake.replace)
  local start = found - 1 + head
  -- What is typed is meant literally: no indentation is to be added to it.
  ask('nvim_set_option_value', 'paste', true, {})
  ask('nvim_win_set_cursor', 0, position(text, start))
  if removed > 0 then
    press('v')
    ask('nvim_win_set_cursor', 0, position(text, start + removed - 1))
    press('c')
  else
    press(text:sub(start + 1, start + 1) == '\n' and 'a' or 'i')
  end
  press(literally(typed))
  local expected = text:sub(1, found - 1) .. mistake.replace .. text:sub(found + #mistake.find)
  return text, buffer() == expected
end

local function try_mistake(mistake)
  open(mistake.file)
  local label = mistake.name .. ': '
  local before, typed = type_mistake(mistake)
  check(typed, label .. 'typed as meant', buffer())
  local want = { code = mistake.code, span = mistake.span, message = mistake.message }
  local came = lua('return probe.wait_diagnostic(...)', want, TYPING_TIMEOUT)
  check(came, ('%s%s at %q'):format(label, mistake.code, mistake.span), dump('return probe.diagnostics()'))
  check(ask('nvim_get_mode').mode == 'i' and modified(), label .. 'while typing, before saving')
  press('<C-o>zz')
  see('mistake-' .. mistake.name:gsub('%W+', '-'), '■', label .. 'its message beside the line')
  press('<Esc>')
  ask('nvim_set_option_value', 'paste', false, {})
  press('u')
  check(buffer() == before and not modified(), label .. 'undone')
  local gone = lua('return probe.wait_diagnostic(...)', { code = mistake.code, gone = true }, TYPING_TIMEOUT)
  check(gone, label .. 'cleared by undoing', dump('return probe.diagnostics()'))
end

-- Runs -----------------------------------------------------------------------------------------------------------

---Runs the lens called `title` at `line` with the key of the configuration.
local function run_lens(line, title)
  lua('probe.wanted, probe.messages, probe.progress = ..., {}, {}', title)
  ask('nvim_win_set_cursor', 0, { line, 0 })
  press('grx')
  local ended = lua('return probe.wait_run(...)', RUN_TIMEOUT)
  return ended, lua('return { probe.messages, probe.progress }')
end

local function said(report, pattern)
  return vim.inspect(report):find(pattern) ~= nil
end

local PASSING = [[
test "says hello" {
    shell a {
        > echo hello
        <~5s? ^hello$
    }
}
]]
local FAILING = [[
test "waits in vain" {
    shell a {
        > echo hello
        <~1s? ^never-said$
    }
}
]]

local function try_runs()
  local path = env.RELUX_SUITE .. '/relux/tests/editor.relux'
  write(path, PASSING .. '\n' .. FAILING)
  open('relux/tests/editor.relux')
  local failing = select(2, PASSING:gsub('\n', '')) + 2
  local shown = lua('return probe.wait_lens(...)', failing, 'Run test', SERVER_TIMEOUT)
  check(shown, 'lens Run test on both tests', dump('return probe.lenses()'))
  check(lua('return probe.wait_lens(...)', 1, 'Run file', TYPING_TIMEOUT), 'lens Run file', dump('return probe.lenses()'))
  see('lenses', '▶ Run file | ▶ Run test', 'the lenses of the first test')

  local ended, report = run_lens(1, 'Run test')
  check(ended and said(report, '1 passed'), 'the passing test is reported as passed', vim.inspect(report))
  check(not said(report, 'not saved'), 'buffers whose edits were undone count as saved', vim.inspect(report))
  check(#lua('return probe.diagnostics()') == 0, 'and marks nothing', dump('return probe.diagnostics()'))
  see('run-passed', '✔ passed', 'the lens says that it has passed')

  ended, report = run_lens(failing, 'Run test')
  check(ended and said(report, 'failed: waits in vain'), 'the failing test is reported as failed', vim.inspect(report))
  local at_line = failing + 3
  local marked = vim.iter(lua('return probe.diagnostics()')):any(function(diagnostic)
    return diagnostic.line == at_line and diagnostic.severity == vim.diagnostic.severity.ERROR
  end)
  check(marked, 'and shown at its line', dump('return probe.diagnostics()'))
  see('run-failed', function(text)
    return text:find('✘ failed', 1, true) ~= nil and text:find('never%-said%$ +■ match timeout') ~= nil
  end, 'the lens says that it has failed, and the line why')

  ended, report = run_lens(1, 'Run file')
  check(ended and said(report, '1 passed, failed: waits in vain'), 'the file is reported', vim.inspect(report))
  assert(os.remove(path))
end

-- The list of tests ------------------------------------------------------------------------------------------------

---The lines of the list, with what stands behind them, when one of them has `text`.
local function wait_list(text)
  return lua([[
    local text = ...
    local function listed()
      local namespace = vim.api.nvim_create_namespace('relux.list')
      local found = {}
      for number, line in ipairs(vim.api.nvim_buf_get_lines(vim.fn.bufnr('relux://tests'), 0, -1, false)) do
        local behind = ''
        local marks = vim.api.nvim_buf_get_extmarks(vim.fn.bufnr('relux://tests'), namespace, { number - 1, 0 },
          { number - 1, -1 }, { details = true })
        for _, mark in ipairs(marks) do
          behind = behind .. ((mark[4].virt_text or {})[1] or { '' })[1]
        end
        table.insert(found, line .. behind)
      end
      return found
    end
    vim.wait(30000, function()
      return vim.iter(listed()):any(function(line) return line:find(text, 1, true) ~= nil end)
    end, 10)
    return table.concat(listed(), '\n')
  ]], text)
end

local function try_list()
  local path = env.RELUX_SUITE .. '/relux/tests/list.relux'
  write(path, PASSING .. '\n' .. FAILING)
  open('relux/tests/list.relux')
  assert(lua('return probe.wait_lens(...)', 1, 'Run test', SERVER_TIMEOUT))
  press(':ReluxTests<CR>')
  local list = wait_list('○ waits in vain')
  check(list:find('\n  relux/tests/list.relux\n    ○ says hello\n', 1, true), ':ReluxTests lists files and tests', list)
  check(list:find('relux/tests/tasks/smoke.relux', 1, true), 'also of files that are not open', list)
  press('gg/list.relux<CR>/says hello<CR>')
  lua('probe.finished = nil')
  press('r')
  check(lua('return probe.wait_finished(...)', RUN_TIMEOUT) == 'passed', 'r runs the test of the line', '')
  list = wait_list('✔ says hello')
  check(list:find('○ waits in vain', 1, true), 'and only that one', list)
  press('gg/list.relux<CR>')
  lua('probe.finished = nil')
  press('r')
  check(lua('return probe.wait_finished(...)', RUN_TIMEOUT) == 'failed', 'r on a file runs all of it', '')
  list = wait_list('✘ waits in vain')
  check(list:find('✘ waits in vain %d.- s, match timeout'), 'failures say why', list)
  see('tests', function(text)
    return text:find('✘ waits in vain', 1, true) and text:find('✔ test "says hello"', 1, true) ~= nil
  end, 'the list, and signs beside the tests')
  press('gg/list.relux<CR>/waits in vain<CR><CR>')
  local line = ask('nvim_get_current_line')
  check(line:find('^test "waits in vain"'), 'Enter goes to the test', line)
  write(path, PASSING)
  ask('nvim_command', 'edit!')
  list = wait_list('✔ says hello')
  local gone = vim.wait(TYPING_TIMEOUT, function()
    list = wait_list('✔ says hello')
    return list:find('list%.relux\n    ✔ says hello[^\n]*\n  relux') ~= nil
  end, 10)
  check(gone, 'a test that is gone is no longer listed', list)
  press(':only<CR>')
  assert(os.remove(path))
end

-- Commands --------------------------------------------------------------------------------------------------------

---Runs a command that runs tests, and waits for the end of the run.
local function run_command(command)
  lua('probe.finished = nil')
  ask('nvim_command', command)
  return lua('return probe.wait_finished(...)', RUN_TIMEOUT)
end

local function quickfix()
  return lua([[
    return vim.tbl_map(function(item)
      return { line = item.lnum, text = item.text, file = vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr)) }
    end, vim.fn.getqflist())
  ]])
end

local function try_commands()
  local path = env.RELUX_SUITE .. '/relux/tests/commands.relux'
  write(path, PASSING .. '\n' .. FAILING)
  open('relux/tests/commands.relux')
  local failing = select(2, PASSING:gsub('\n', '')) + 2
  assert(lua('return probe.wait_lens(...)', failing, 'Run test', SERVER_TIMEOUT))
  ask('nvim_win_set_cursor', 0, { 3, 0 })
  local outcome = run_command('ReluxRun')
  check(outcome == 'passed', ':ReluxRun runs the test at the cursor', vim.inspect(outcome))
  check(#quickfix() == 0, 'and has nothing to list', vim.inspect(quickfix()))

  ask('nvim_win_set_cursor', 0, { failing + 1, 0 })
  outcome = run_command('ReluxRun nearest')
  local list = quickfix()
  local want = { { line = failing + 3, text = list[1] and list[1].text, file = 'commands.relux' } }
  check(outcome == 'failed' and vim.deep_equal(list, want), 'a failure is in the list, at its line', vim.inspect(list))
  check(ask('nvim_eval', 'win_gettype()') == '', 'the cursor stays in its window')
  ask('nvim_command', 'ReluxOutput')
  local said = table.concat(ask('nvim_buf_get_lines', 0, 0, -1, false), '\n')
  check(said:find('waits in vain\n', 1, true) and said:find('failed: ', 1, true), ':ReluxOutput shows what it said', said)
  ask('nvim_command', 'close')

  outcome = run_command('ReluxRun file num-cpus')
  check(outcome == 'failed' and #quickfix() == 1, ':ReluxRun file', vim.inspect(quickfix()))
  write(path, PASSING)
  ask('nvim_command', 'edit!')
  outcome = run_command('ReluxRun last')
  check(outcome == 'passed' and #quickfix() == 0, ':ReluxRun last runs the same again', vim.inspect(quickfix()))
  ask('nvim_command', 'cclose')

  open('relux/tests/tasks/smoke.relux')
  ask('nvim_command', 'ReluxGraph')
  local there = lua([[
    return vim.wait(..., function() return vim.api.nvim_buf_get_name(0):find('relux://graph', 1, true) ~= nil end, 10)
  ]], SERVER_TIMEOUT)
  local graph = table.concat(ask('nvim_buf_get_lines', 0, 0, -1, false), '\n')
  check(there and graph:find('Tasks', 1, true), ':ReluxGraph shows the graph', graph)
  ask('nvim_call_function', 'search', { [[^effect Tasks\>]] })
  press('<CR>')
  local line = ask('nvim_get_current_line')
  check(line:find('^effect Tasks'), 'and Enter goes to an effect', line)
  ask('nvim_command', 'only')
  assert(os.remove(path))

  path = env.RELUX_SUITE .. '/relux/tests/explained.relux'
  write(path, 'test "t" {\n    start Nothing\n}\n')
  open('relux/tests/explained.relux')
  local found = lua('return probe.wait_diagnostic(...)', { code = 'unresolved-effect', span = 'Nothing' }, SERVER_TIMEOUT)
  assert(found, 'the finding')
  ask('nvim_win_set_cursor', 0, { 2, 12 })
  ask('nvim_command', 'ReluxExplain')
  local page = lua([[
    vim.wait(..., function() return vim.api.nvim_win_get_config(0).relative ~= '' end, 10)
    return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  ]], SERVER_TIMEOUT)
  check(page:find('unresolved-effect', 1, true), ':ReluxExplain explains the finding at the cursor', page)
  see('explain', function(text)
    return text:find('unresolved-effect', 1, true) ~= nil
  end, 'what a finding means')
  press('q')
  assert(os.remove(path))
  ask('nvim_command', 'bwipeout!')

  ask('nvim_command', 'checkhealth relux')
  local report = table.concat(ask('nvim_buf_get_lines', 0, 0, -1, false), '\n')
  check(report:find('running: version', 1, true) and not report:find('ERROR', 1, true), ':checkhealth is content', report)
  ask('nvim_command', 'bwipeout')
  -- As the README says, for those who have no plugin manager.
  ask('nvim_command', 'helptags ALL')
  ask('nvim_command', 'help :ReluxRun')
  check(ask('nvim_get_current_line'):find(':ReluxRun', 1, true), 'there is help', ask('nvim_get_current_line'))
  ask('nvim_command', 'helpclose')
end

-- What a person asks the editor for ----------------------------------------------------------------------------------

---Puts the cursor on `word` of the first line that has `context`.
local function cursor_at(context, word)
  for number, line in ipairs(ask('nvim_buf_get_lines', 0, 0, -1, false)) do
    local at = line:find(context, 1, true)
    if at then
      return ask('nvim_win_set_cursor', 0, { number, line:find(word, at, true) - 1 })
    end
  end
  error('no line has ' .. context)
end

local function try_navigation()
  open('relux/tests/tasks/smoke.relux')
  cursor_at('start Tasks {', 'Tasks')
  press('K')
  local hover = lua('return probe.wait_float(...)', 'STORE_PORT', TYPING_TIMEOUT)
  check(hover, 'the hover of an effect says what it needs', dump('return probe.floats()'))
  see('hover', 'AUTH_PORT from auth_port', 'the hover')
  lua('probe.close_floats()')
  press('<C-]>')
  -- Waited for on this side: the key waits on the other side itself, and would not go on below another wait there.
  local there = vim.wait(SERVER_TIMEOUT, function()
    return ask('nvim_get_current_line'):find('^effect Tasks') ~= nil
  end, 10)
  check(there, 'the definition of an effect is in its module', ask('nvim_get_current_line'))
  see('definition', 'effect Tasks', 'the definition')

  open('relux/tests/tasks/smoke.relux')
  cursor_at(', TASKS_PORT = tasks_port }', ', TASKS_PORT')
  press('ct}, ')
  local offered = lua([[
    local function first()
      return (vim.fn.complete_info({ 'items' }).items[1] or {}).word
    end
    vim.wait(..., function() return first() ~= nil end, 10)
    return first()
  ]], SERVER_TIMEOUT)
  check(offered == 'TASKS_PORT', 'the key that an overlay lacks is offered first', vim.inspect(offered))
  see('completion', function(text) return text:find('TASKS_PORT +%a+ ') ~= nil end, 'the menu of completions')
  press('<C-n><C-y>')
  see('completion-chosen', 'TASKS_PORT = ', 'the key that was chosen')
  press('<Esc><Esc>')
  ask('nvim_command', 'edit!')

  cursor_at('start Tasks {', 'Tasks')
  lua([[vim.lsp.buf.rename('Board')]])
  local renamed = lua([[
    local module = vim.fn.bufadd(...)
    return vim.wait(10000, function()
      local text = table.concat(vim.api.nvim_buf_get_lines(module, 0, -1, false), '\n')
      return text:find('effect Board {', 1, true) ~= nil
    end, 10)
  ]], env.RELUX_SUITE .. '/relux/lib/service/tasks.relux')
  check(renamed, 'a rename changes the file where the effect is')
  check(buffer():find('start Board {', 1, true), 'and the one where it is started', buffer())
  see('rename', 'start Board {', 'the new name')
  ask('nvim_command', 'silent! bufdo edit!')
end

-- Formatting ------------------------------------------------------------------------------------------------------

local OUT_OF_STYLE = 'test "a"\n{\n  shell  x { // c\n> true  \n     match_ok( ) // why\n  }\n}\n\n\n'
local IN_STYLE =
  'test "a" {\n    shell x { // c\n        > true  \n        // why\n        match_ok()\n    }\n}\n'

local function try_formatting()
  local path = env.RELUX_SUITE .. '/relux/tests/format.relux'
  write(path, OUT_OF_STYLE)
  open('relux/tests/format.relux')
  local up = lua('return probe.wait_lens(...)', 1, 'Run test', SERVER_TIMEOUT)
  check(up, 'the server knows the file to format', dump('return probe.lenses()'))
  -- As editors/nvim/README.md tells users to.
  lua([[
    vim.api.nvim_create_autocmd('BufWritePre', {
      pattern = '*.relux',
      callback = function() vim.lsp.buf.format({ name = 'relux' }) end,
    })
  ]])
  -- The line of `> true`, so that the cursor has something to stay at.
  ask('nvim_win_set_cursor', 0, { 4, 3 })
  ask('nvim_command', 'write')
  check(read(path) == IN_STYLE, 'saving formats the file', read(path))
  check(buffer() == IN_STYLE and not modified(), 'and the buffer is what was saved', buffer())
  local line = ask('nvim_get_current_line')
  check(line == '        > true  ', 'the cursor stays with its line', line)
  see('formatted', '// why', 'the formatted file')
  press('u')
  check(buffer() == OUT_OF_STYLE, 'one undo takes it back', buffer())
  ask('nvim_win_set_cursor', 0, { 4, 0 })
  press('gqq')
  local want = OUT_OF_STYLE:gsub('\n> true', '\n        > true')
  local formatted = vim.wait(TYPING_TIMEOUT, function()
    return buffer() == want
  end, 10)
  check(formatted, 'gqq formats one line', buffer())
  lua([[vim.api.nvim_clear_autocmds({ event = 'BufWritePre', pattern = '*.relux' })]])
  ask('nvim_command', 'edit!')
  assert(os.remove(path))
end

-- Colours --------------------------------------------------------------------------------------------------------

local function try_colours()
  open('relux/lib/service/tasks.relux')
  local line = vim.fn.match(ask('nvim_buf_get_lines', 0, 0, -1, false), [[^effect Tasks\>]]) + 1
  check(lua([[return vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()] ~= nil]]), 'the parser is used')
  lua([[vim.treesitter.stop() vim.bo.syntax = 'relux']])
  local group = lua([[return vim.fn.synIDattr(vim.fn.synID(..., 1, 1), 'name')]], line)
  check(group == 'reluxDeclaration', 'the syntax file knows an effect', group)
  local options = lua([[return { vim.bo.commentstring, vim.bo.shiftwidth, vim.bo.indentexpr }]])
  check(vim.deep_equal(options, { '// %s', 4, 'v:lua.relux_indent(v:lnum)' }), 'options are set', vim.inspect(options))
  lua([[vim.treesitter.start()]])
  for _, query in ipairs({ 'highlights', 'injections', 'folds', 'indents', 'locals', 'textobjects' }) do
    check(lua([[return vim.treesitter.query.get('relux', ...) ~= nil]], query), 'the grammar has ' .. query)
  end
  local captures = dump([[
    vim.treesitter.get_parser():parse(true)
    return vim.iter(vim.treesitter.get_captures_at_pos(0, ... - 1, 0)):map(function(it) return it.capture end):totable()
  ]], line)
  check(captures:find('keyword', 1, true), 'the grammar knows an effect', captures)
end

local function try_indentation()
  for _, file in ipairs(vim.fn.glob(env.RELUX_SUITE .. '/relux/{lib,tests}/**/*.relux', true, true)) do
    lua('vim.cmd.edit(...)', vim.fn.fnameescape(file))
    press('gg=G')
    check(not modified() or buffer() == read(file), 'indentation stays in ' .. vim.fs.basename(file))
    ask('nvim_command', 'edit!')
  end
end

-- The test -------------------------------------------------------------------------------------------------------

local mistakes = vim.json.decode(read(env.RELUX_MISTAKES))
assert(#mistakes > 0, 'no mistakes to make')

local finished, problem = xpcall(function()
  lua('dofile(...)', here .. '/probe.lua')
  screen.start(env.NVIM, socket, surroundings)
  open(mistakes[1].file)
  check(ask('nvim_get_option_value', 'filetype', {}) == 'relux', 'the file type is relux')
  -- The first lens says that the server is up and knows the file.
  local first_test = vim.fn.match(ask('nvim_buf_get_lines', 0, 0, -1, false), [[^test\>]]) + 1
  local up = first_test == 0 or lua('return probe.wait_lens(...)', first_test, 'Run test', SERVER_TIMEOUT)
  if not check(up, 'the server is up', dump('return { probe.messages, probe.lenses() }')) then
    return
  end
  local errors = lua('return #vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })')
  check(errors == 0, 'nothing is wrong before the first mistake', dump('return probe.diagnostics()'))
  for _, mistake in ipairs(mistakes) do
    try_mistake(mistake)
  end
  try_runs()
  try_list()
  try_commands()
  try_navigation()
  try_formatting()
  try_colours()
  try_indentation()
end, debug.traceback)
if not finished then
  check(false, 'the test runs to its end', tostring(problem))
end

local servers = lua([[return #vim.lsp.get_clients({ name = 'relux' })]])
check(servers == 1, 'one server for all files', tostring(servers))
pcall(ask, 'nvim_command', 'qall!')
screen.stop()
vim.fn.jobwait({ channel }, TYPING_TIMEOUT)
io.write(failures == 0 and 'nvim: all expectations hold\n' or ('nvim: %d expectations do not hold\n'):format(failures))
os.exit(failures == 0 and 0 or 1)
