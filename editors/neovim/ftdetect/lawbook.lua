vim.filetype.add({ extension = { law = 'lawbook' } })
