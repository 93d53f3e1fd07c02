vim.filetype.add({ extension = { relux = 'relux' } })
