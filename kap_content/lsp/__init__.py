"""The language server: what `kap check` says, in the editor, while somebody writes. Needs `kap-content[lsp]`."""
