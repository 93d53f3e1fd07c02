-- Files that end in .relux are Relux; Neovim has no such rule of its own.
vim.filetype.add({ extension = { relux = 'relux' } })
